// Builds traces as the simulator gives them, out of what a path does: calls, statements, counts and holders.
import type {
  Change,
  ObjectMoment,
  PerformedOperation,
  SimulatedObject,
  SimulationStep,
  SimulationStepKind,
  SimulationTrace,
} from '../../extension/model/simulation.js';

interface Building {
  readonly id: number;
  readonly type: string;
  readonly name: string;
  readonly from: number;
  readonly moments: ObjectMoment[];
}

export class TraceBuilder {
  private readonly operations: PerformedOperation[] = [];
  private readonly steps: SimulationStep[] = [];
  private readonly objects: Building[] = [];
  private readonly functions: { readonly name: string; readonly file: string }[][];
  private thread = 0;
  /** The operation that each thread is in. */
  private readonly within: number[];

  constructor(private readonly threads: readonly string[]) {
    this.functions = threads.map(() => []);
    this.within = threads.map(() => -1);
  }

  /** Goes on in another thread. */
  in(thread: number): this {
    if (thread !== this.thread) {
      this.thread = thread;
      this.add('switch', `${this.threads[thread]} goes on`, null);
    }
    return this;
  }

  operation(text: string, actor: PerformedOperation['actor'] = 'server'): this {
    this.operations.push({ text, actor, thread: this.thread, line: 10 + this.operations.length, answer: null });
    this.within[this.thread] = this.operations.length - 1;
    this.functions[this.thread] = [];
    return this.add('operation', text, null);
  }

  answer(answer: string): this {
    const index = this.within[this.thread]!;
    this.operations[index] = { ...this.operations[index]!, answer };
    this.add('answer', `= ${answer}`, null);
    this.within[this.thread] = -1;
    return this;
  }

  /** Enters a function; `text` is the call as written, `line` where it is called from. */
  call(name: string, file: string, line: number, text = `${name}()`): this {
    this.add('call', text, line);
    this.functions[this.thread]!.push({ name, file });
    return this;
  }

  back(line: number, text: string): this {
    this.add('return', text, line);
    this.functions[this.thread]!.pop();
    return this;
  }

  do(line: number, text: string, ...changes: Change[]): this {
    return this.add('statement', text, line, changes);
  }

  branch(line: number, text: string): this {
    return this.add('branch', text, line);
  }

  say(kind: SimulationStepKind, line: number | null, text: string): this {
    return this.add(kind, text, line);
  }

  /** A new object, alive from the newest step on. */
  make(type: string, name: string, count: number | null, ...holders: string[]): number {
    const id = this.objects.length + 1;
    this.objects.push({ id, type, name, from: this.now, moments: [] });
    this.be(id, 'live', count, ...holders);
    return id;
  }

  /** What an object is after the newest step. */
  be(id: number, state: ObjectMoment['state'], count: number | null, ...holders: string[]): this {
    const { moments } = this.objects[id - 1]!;
    if (moments.at(-1)?.step === this.now) moments.pop();
    moments.push({ step: this.now, state, count, holders });
    return this;
  }

  /** The newest step changed the object's count. */
  count(id: number, before: number, after: number, ...holders: string[]): this {
    const step = this.steps[this.now]!;
    const change = { object: id, field: 'count.refs', before: String(before), after: String(after) };
    this.steps[this.now] = { ...step, changes: [...step.changes, change] };
    return this.be(id, 'live', after, ...holders);
  }

  build(): SimulationTrace {
    const objects: readonly SimulatedObject[] = this.objects;
    return { threads: this.threads, operations: this.operations, steps: this.steps, objects };
  }

  private get now(): number {
    return Math.max(0, this.steps.length - 1);
  }

  private add(kind: SimulationStepKind, text: string, line: number | null, changes: readonly Change[] = []): this {
    const stack = this.functions[this.thread]!;
    const inside = stack.at(-1) ?? { name: 'fuse_dev_ioctl', file: 'fs/fuse/dev.c' };
    const at =
      line === null ? null : { file: inside.file, line, span: { start: line * 30, end: line * 30 + text.length }, function: inside.name };
    this.steps.push({ thread: this.thread, kind, operation: this.within[this.thread]!, depth: stack.length, at, text, changes });
    return this;
  }
}
