// Whole C programs on the simulator's machine: one text with a main() is run to its end, each in a worker that is given up where it
// takes too long. What libc has and the kernel has not is defined here, as little as the programs need.
import { argumentsFrom } from '../../extension/kernel/intrinsics/variable-arguments.js';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import type { Intrinsic, IntrinsicCall, Machine, Value } from '../../extension/kernel/intrinsics/machine.js';
import { intrinsicNamed } from '../../extension/kernel/intrinsics/index.js';
import type { ProgramLoader } from '../../extension/program/load.js';
import type { Program } from '../../extension/program/program.js';
import { kernelLoader } from '../../extension/kernel/loader.js';
import { Image } from '../../extension/simulator/machine/image.js';
import { SimulatedMachine } from '../../extension/simulator/machine/simulated-machine.js';
import { SimulatedMemory } from '../../extension/simulator/machine/simulated-memory.js';
import { Thread } from '../../extension/simulator/machine/thread.js';
import { memoryTree } from '../support/memory-tree.js';
import { createParser } from '../support/parser.js';

export interface CProgram {
  readonly name: string;
  readonly text: string;
}

/** How a program ended on the simulator. */
export type Ended =
  /** main() returned, or exit() was called. */
  | { readonly kind: 'exited'; readonly status: number; readonly printed: string }
  /** abort(), or an error that the simulator reports. */
  | { readonly kind: 'stopped'; readonly what: string }
  /** The simulator said that it can't run it, or what it took to be so. */
  | { readonly kind: 'said'; readonly reasons: readonly string[] }
  | { readonly kind: 'hangs' };

/** What came of a program. */
export interface Ran {
  readonly ended: Ended;
  /** Why functions of it, or parts of them, are not understood when they are read, as the checker reads them. */
  readonly unread: readonly string[];
}

/** What the programs have from gcc itself and from headers; what has no body here is an intrinsic, or the kernel's. */
const libc = `
#define __SIZE_TYPE__ unsigned long
#define __PTRDIFF_TYPE__ long
#define __WCHAR_TYPE__ int
#define __INTPTR_TYPE__ long
#define __UINTPTR_TYPE__ unsigned long
#define __INT8_TYPE__ signed char
#define __INT16_TYPE__ short
#define __INT32_TYPE__ int
#define __INT64_TYPE__ long
#define __UINT8_TYPE__ unsigned char
#define __UINT16_TYPE__ unsigned short
#define __UINT32_TYPE__ unsigned int
#define __UINT64_TYPE__ unsigned long
#define CHAR_BIT 8
#define SCHAR_MAX 127
#define SCHAR_MIN (-128)
#define UCHAR_MAX 255
#define CHAR_MAX 255
#define CHAR_MIN 0
#define SHRT_MAX 32767
#define SHRT_MIN (-32768)
#define USHRT_MAX 65535
#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1
void abort(void);
void exit(int status);
void __builtin_abort(void);
void __builtin_exit(int status);
void *malloc(size_t bytes);
void *calloc(size_t count, size_t bytes);
void *realloc(void *from, size_t bytes);
void free(void *from);
void *__builtin_malloc(size_t bytes);
void *__builtin_calloc(size_t count, size_t bytes);
void __builtin_free(void *from);
int printf(const char *format, ...);
int __builtin_printf(const char *format, ...);
int puts(const char *text);
int __builtin_puts(const char *text);
int putchar(int c);
int __builtin_putchar(int c);
void *memcpy(void *to, const void *from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int byte, size_t bytes);
int memcmp(const void *a, const void *b, size_t bytes);
void *memchr(const void *in, int byte, size_t bytes);
size_t strlen(const char *text);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t bytes);
char *strcpy(char *to, const char *from);
char *strncpy(char *to, const char *from, size_t bytes);
char *strcat(char *to, const char *from);
char *strncat(char *to, const char *from, size_t bytes);
char *strchr(const char *text, int c);
char *strrchr(const char *text, int c);
char *strstr(const char *text, const char *wanted);
int sprintf(char *to, const char *format, ...);
int snprintf(char *to, size_t bytes, const char *format, ...);
int abs(int n) { return n < 0 ? -n : n; }
long labs(long n) { return n < 0 ? -n : n; }
long long llabs(long long n) { return n < 0 ? -n : n; }
int isprint(int c) { return c >= 32 && c < 127; }
int isdigit(int c) { return c >= 48 && c <= 57; }
`;

/** Reads a program and runs its main() to its end, or for so many seconds; reading it may take longer. */
export function runMain(loader: ProgramLoader, { name, text }: CProgram, seconds: number): Ran {
  const file = 'program/main.c';
  const program = loader.load(memoryTree({ [file]: text }), {
    folder: 'program',
    config: new Map(),
    prelude: [{ file: 'runtime/libc.h', text: libc }],
  });
  return { ended: endOf(program, name, file, seconds), unread: unreadIn(program, file) };
}

function endOf(program: Program, name: string, file: string, seconds: number): Ended {
  const broken = program.notAnalysed.filter((each) => each.file === file && each.function === '');
  if (broken.length > 0) return { kind: 'said', reasons: broken.map(({ reason }) => `does not parse: ${reason}`) };
  const unread = program.notAnalysed.find((each) => each.function === 'main');
  if (unread) return { kind: 'said', reasons: [unread.reason] };
  if (!program.functions.some((each) => each.name === 'main')) return { kind: 'said', reasons: [`${name} defines no main()`] };
  return new Process(program).run(seconds);
}

function unreadIn(program: Program, file: string): readonly string[] {
  const whole = program.notAnalysed
    .filter((each) => each.file === file)
    .map((each) => (each.function === '' ? `does not parse: ${each.reason}` : each.reason));
  const parts = program.functions.filter((each) => each.file === file).flatMap(({ blocks }) => textsNotUnderstood(blocks));
  return [...new Set([...whole, ...parts.map((text) => `this is not understood: ${text}`)])];
}

/** Expressions and statements of a graph that stand for what was not understood. */
function textsNotUnderstood(part: unknown): readonly string[] {
  if (typeof part !== 'object' || part === null) return [];
  if ('kind' in part && (part.kind === 'unknown' || part.kind === 'opaque') && 'span' in part && 'text' in part) return [String(part.text)];
  return Object.values(part).flatMap(textsNotUnderstood);
}

/** A program at work, with the state that exit() and printf() have. */
class Process {
  private readonly machine: SimulatedMachine;
  private readonly image: Image;
  private status: number | null = null;
  private aborted = false;
  private printed = '';

  constructor(program: Program) {
    const memory = new SimulatedMemory();
    this.image = new Image(program, memory, (name) => this.intrinsic(name), {});
    this.machine = new SimulatedMachine(memory, this.image);
  }

  run(seconds: number): Ended {
    const { machine, image } = this;
    const main = image.named('main');
    if (!main) return { kind: 'said', reasons: ['there is no main()'] };
    const thread = new Thread(0, 'main');
    machine.core.threads = [thread];
    machine.core.current = 0;
    machine.enter(
      main,
      main.graph.variables.slice(0, main.graph.parameterCount).map(() => 0),
      -1,
    );
    const until = performance.now() + seconds * 1000;
    let late = false;
    while (thread.frames.length > 0 && !machine.core.isOver() && !late) {
      // Nobody looks at what was, so that nothing of it need be kept.
      machine.core.memory.permanently(() => {
        machine.run(100_000);
      });
      late = performance.now() > until;
    }
    const [error] = machine.core.errors;
    const reasons = [
      ...[...machine.unread].map(([name, { why }]) => `${name}() could not be read: ${why}`),
      ...image.takeAssumptions().map((each) => `assumed ${each.kind} ${each.name}: ${each.assumed}`),
      ...(error !== undefined && /^more than \d+ nested calls/.test(error.message) ? [error.message] : []),
    ];
    if (reasons.length > 0) return { kind: 'said', reasons };
    if (late) return { kind: 'hangs' };
    if (error) return { kind: 'stopped', what: `${error.kind}: ${error.message}` };
    if (this.aborted) return { kind: 'stopped', what: 'abort()' };
    // Only main() returns 0 where it ends without a return (C11 5.1.2.2.3).
    const end = main.graph.blocks.some(({ terminator }) => terminator.kind === 'return' && terminator.value === null);
    const returned = end && Number.isNaN(thread.result) ? 0 : Number(thread.result);
    const { status, printed } = this;
    return { kind: 'exited', status: status ?? returned, printed };
  }

  private intrinsic(name: string): Intrinsic | undefined {
    const plain = name.replace(/^__builtin_/, '');
    return this.ofLibc(plain) ?? intrinsicNamed(name) ?? intrinsicNamed(plain);
  }

  private ofLibc(name: string): Intrinsic | undefined {
    switch (name) {
      case 'abort':
      case 'trap':
        return () => {
          this.aborted = true;
          this.machine.end();
          return undefined;
        };
      case 'exit':
        return (_m, call) => {
          this.status = Number(call.values[0]);
          this.machine.end();
          return undefined;
        };
      case 'malloc':
        return (m, call) => allocated(m, Number(call.values[0]), false);
      case 'calloc':
        return (m, call) => allocated(m, Number(call.values[0]) * Number(call.values[1]), true);
      case 'realloc':
        return (m, call) => reallocated(m, call);
      case 'free':
        return (m, call) => {
          m.free(call.values[0] ?? 0, { by: 'malloc' });
          return undefined;
        };
      case 'printf':
        return (m, call) => this.print(m.format(m.text(call.values[0] ?? 0), argumentsFrom(m, call, 1, false)));
      case 'puts':
        return (m, call) => this.print(`${m.text(call.values[0] ?? 0)}\n`);
      case 'putchar':
        return (_m, call) => this.print(String.fromCharCode(Number(call.values[0])));
      default:
        return undefined;
    }
  }

  private print(text: string): number {
    this.printed += text;
    return text.length;
  }
}

function allocated(m: Machine, bytes: number, zeroed: boolean): Value {
  return m.allocate({ bytes: Math.max(1, bytes), type: null, name: 'malloc', zeroed, by: 'malloc' });
}

function reallocated(m: Machine, { values: [from = 0, bytes = 0] }: IntrinsicCall): Value {
  const made = allocated(m, Number(bytes), false);
  const old = from === 0 ? undefined : m.bytesAt(from);
  if (old === undefined) return made;
  m.copy(made, from, Math.min(old, Number(bytes)));
  m.free(from, { by: 'malloc' });
  return made;
}

// ---- workers -------------------------------------------------------------------------------------------------------

interface Limits {
  /** Workers at the same time. */
  readonly jobs: number;
  /** For each program. */
  readonly seconds: number;
}

/** Whether this is a worker's side, which `serve` is for: a bench is one file that both sides load. */
export const inWorker = !isMainThread;

/** Runs what the other side sends, one after the other. */
export async function serve(): Promise<void> {
  const loader = kernelLoader(await createParser());
  parentPort?.on('message', ({ seconds, ...program }: CProgram & { readonly seconds: number }) => {
    let ran: Ran;
    try {
      ran = runMain(loader, program, seconds);
    } catch (error) {
      ran = { ended: { kind: 'stopped', what: `throws: ${error instanceof Error ? error.message : String(error)}` }, unread: [] };
    }
    parentPort?.postMessage(ran);
  });
  parentPort?.postMessage('ready');
}

/** Runs programs in workers that load `bench`, a module that calls `serve`; a hang costs its own worker only. */
export async function runAll<T extends CProgram>(
  bench: string,
  programs: Iterable<T>,
  { jobs, seconds }: Limits,
  done: (program: T, ran: Ran) => void,
): Promise<void> {
  const waiting = programs[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    let worker: Worker | null = null;
    for (let next = waiting.next(); next.done !== true; next = waiting.next()) {
      worker ??= await started(bench);
      const { name, text } = next.value;
      const ran = await answered(worker, { name, text }, seconds);
      if (ran.ended.kind === 'hangs') {
        await worker.terminate();
        worker = null;
      }
      done(next.value, ran);
    }
    await worker?.terminate();
  };
  await Promise.all(Array.from({ length: jobs }, lane));
}

function started(bench: string): Promise<Worker> {
  const worker = new Worker(fileURLToPath(bench));
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', () => {
      worker.off('error', reject);
      resolve(worker);
    });
  });
}

function answered(worker: Worker, program: CProgram, seconds: number): Promise<Ran> {
  return new Promise((resolve) => {
    const end = (ran: Ran): void => {
      clearTimeout(late);
      worker.off('message', end);
      worker.off('error', gone);
      resolve(ran);
    };
    // Out of memory, most likely: the worker is gone, and with it what it knew.
    const gone = (): void => end({ ended: { kind: 'hangs' }, unread: [] });
    const late = setTimeout(gone, seconds * 1000);
    worker.on('message', end);
    worker.on('error', gone);
    worker.postMessage({ ...program, seconds: seconds * 0.8 });
  });
}

/** Rows of cells under each other, the first to the left. */
export function tableOf(rows: readonly (readonly (string | number)[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => String(row[at] ?? '').length)));
  return rows
    .map((row) =>
      row.map((cell, at) => (at === 0 ? String(cell).padEnd(widths[0] ?? 0) : String(cell).padStart(widths[at] ?? 0))).join('  '),
    )
    .join('\n');
}
