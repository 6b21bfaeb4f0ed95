// Frames of a call trace to places in the source, by the symbols and the debugging information of the kernel that ran.
import type { KernelFrame } from '../model/execution.js';
import { plainName, type LogFrame } from './call-trace.js';
import { runProcess } from './processes.js';
import { treePath, type BuiltFrom } from './source-paths.js';

/** Runs a program with a text on its standard input and gives its standard output; rejects where it can't be started or fails. */
export type Tool = (program: string, args: readonly string[], input: string) => Promise<string>;

/** A tool as a process of this machine. */
export const runTool: Tool = async (program, args, input) => {
  const lines: string[] = [];
  const { code, failure, tail } = await runProcess(program, args, { input, onLine: (line) => lines.push(line) });
  if (failure) throw new Error(failure.code === 'ENOENT' ? 'not found' : failure.message);
  if (code !== 0) throw new Error(tail.at(-1) ?? `ended with ${code ?? 'a signal'}`);
  // What it complains of comes on the other stream, in between.
  return lines.filter((line) => !line.startsWith(`${program}: `)).join('\n');
};

interface KernelSymbol {
  readonly address: bigint;
  /** Bytes to the next symbol, as kallsyms counts. */
  readonly size: bigint;
}

/** Where functions are: all of a name, since static ones of different files may share it. */
export type SymbolTable = ReadonlyMap<string, readonly KernelSymbol[]>;

/** Reads `System.map`, or what `nm` prints. Only functions; lines that are no symbols are left out. */
export function readSymbols(text: string): SymbolTable {
  const lines = [...text.matchAll(/^([0-9a-f]{8,16}) ([A-Za-z]) (\S+)$/gm)];
  const all = lines.map(([, address = '0', type = '', name = '']) => ({ address: BigInt(`0x${address}`), type, name }));
  all.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  const table = new Map<string, KernelSymbol[]>();
  let next = all.at(-1)?.address ?? 0n;
  let current = next;
  for (const { address, type, name } of all.reverse()) {
    if (address !== current) [next, current] = [current, address];
    if (!/[tTwW]/.test(type)) continue;
    const others = table.get(name);
    const symbol = { address, size: next - address };
    if (others) others.unshift(symbol);
    else table.set(name, [symbol]);
  }
  return table;
}

/** The address to look up, in hexadecimal: of the call rather than of where it returns to; null where the symbol isn't told apart. */
function addressOf(frame: LogFrame, symbols: SymbolTable): string | null {
  if (frame.offset === null || frame.module !== null) return null;
  const named = symbols.get(frame.function) ?? [];
  const sized = named.filter(({ size }) => frame.size === null || size === BigInt(frame.size));
  const [symbol, other] = named.length === 1 ? named : sized;
  if (!symbol || other) return null;
  // At offset 0 nothing was called before: it is the beginning that is meant, as in a frame that an interrupt left.
  const back = frame.exact || frame.offset === 0 ? 0n : 1n;
  return (symbol.address + BigInt(frame.offset) - back).toString(16);
}

export interface SymboliserInput {
  /** The kernel with its debugging information (`-g1` will do), absolute. */
  readonly vmlinux: string;
  readonly symbols: SymbolTable;
  readonly from: BuiltFrom;
  readonly run: Tool;
  /** Names of programs that do it, in the order in which they are tried: `addr2line`, `llvm-addr2line`. */
  readonly programs: readonly string[];
}

export interface Symbolised {
  /** For each list of frames that was asked for, the same with places, and a frame of its own for each inlined call. */
  readonly traces: readonly (readonly KernelFrame[])[];
  /** Why frames have no places, for people; null where they do. */
  readonly warning: string | null;
}

/**
 * Looks up all frames of all traces at once. Frames of modules, and of functions whose name and size two share, stay without place. Where no
 * program can be run, all do, and the warning says so.
 */
export async function symbolise(traces: readonly (readonly LogFrame[])[], input: SymboliserInput): Promise<Symbolised> {
  const addresses = new Set<string>();
  for (const frame of traces.flat()) {
    const address = addressOf(frame, input.symbols);
    if (address !== null) addresses.add(address);
  }
  const failures: string[] = [];
  let places = new Map<string, Inlining[]>();
  for (const program of addresses.size > 0 ? input.programs : []) {
    try {
      const text = await input.run(program, ['-e', input.vmlinux, '-f', '-i', '-a'], [...addresses].map((each) => `0x${each}\n`).join(''));
      places = readPlaces(text, input.from);
      break;
    } catch (error) {
      failures.push(`${program}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return {
    traces: traces.map((frames) => frames.flatMap((frame) => placed(frame, places.get(addressOf(frame, input.symbols) ?? '')))),
    warning: warningOf(addresses.size, places.size, failures, input),
  };
}

function warningOf(asked: number, found: number, failures: readonly string[], { programs, vmlinux }: SymboliserInput): string | null {
  if (asked === 0 || found > 0) return null;
  if (failures.length === programs.length) return `call traces have no lines of source: install binutils (${failures.join('; ')})`;
  return `call traces have no lines of source: ${vmlinux} tells none`;
}

/** One level of an address: the function that the code was written in, and where. */
interface Inlining {
  readonly function: string;
  readonly at: KernelFrame['at'];
}

/** What `addr2line -f -i -a` prints: an address, then pairs of function and `file:line`, innermost first. By address without leading zeros. */
function readPlaces(text: string, from: BuiltFrom): Map<string, Inlining[]> {
  const places = new Map<string, Inlining[]>();
  let levels: Inlining[] = [];
  let name: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const address = /^0x0*([0-9a-f]+)$/.exec(line)?.[1];
    if (address !== undefined) {
      levels = [];
      name = undefined;
      places.set(address, levels);
    } else if (name === undefined) name = line;
    else {
      levels.push({ function: name, at: placeOf(line, from) });
      name = undefined;
    }
  }
  for (const [address, found] of places) if (found.every(({ at }) => at === null)) places.delete(address);
  return places;
}

function placeOf(line: string, from: BuiltFrom): KernelFrame['at'] {
  const [, path, number] = /^(.*?):(\d+)(?: \(discriminator \d+\))?$/.exec(line) ?? [];
  const file = path === undefined || path.startsWith('?') ? null : treePath(path, from);
  return file === null || number === '0' ? null : { file, line: Number(number) };
}

/** The frame as the kernel named it, below those of what was inlined at its address. */
function placed({ exact: _exact, ...frame }: LogFrame, levels: readonly Inlining[] | undefined): KernelFrame[] {
  const outermost = levels?.at(-1);
  if (!levels || !outermost) return [frame];
  const inlined = levels.slice(0, -1).map((level): KernelFrame => ({
    ...frame,
    function: plainName(level.function),
    offset: null,
    size: null,
    inlined: true,
    at: level.at,
  }));
  return [...inlined, { ...frame, at: outermost.at }];
}
