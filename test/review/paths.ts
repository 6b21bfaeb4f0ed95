// Simulated paths made by hand: calls and statements of the tree, and what the counts and holders of objects are after them.
import type { CodePlace, Counterexample, ObjectMoment, SimulationErrorKind, SimulationTrace } from '../../extension/model/simulation.js';
import type { Scenario } from '../../extension/model/scenario.js';

const file = 'fs/fuse/backing.c';

const scenario: Scenario = {
  name: 'made',
  title: '',
  description: '',
  subsystem: 'fuse',
  config: {},
  setup: {},
  capabilities: null,
  steps: [],
  source: 'bundled',
};

type Step = SimulationTrace['steps'][number];
type Operation = SimulationTrace['operations'][number];

export class Path {
  private readonly operations: Operation[] = [];
  private readonly steps: Step[] = [];
  private readonly objects: { readonly id: number; readonly type: string; readonly from: number; readonly moments: ObjectMoment[] }[] = [];
  private readonly stacks = new Map<number, string[]>();
  private readonly within = new Map<number, number>();
  private thread = 0;

  constructor(private readonly threads: readonly string[] = ['main']) {}

  /** Goes on in another thread. */
  on(thread: number): this {
    this.thread = thread;
    return this;
  }

  /** A step of the scenario begins. */
  operation(text: string): this {
    this.operations.push({ text, actor: 'server', thread: this.thread, line: this.operations.length + 1, answer: '0' });
    this.within.set(this.thread, this.operations.length - 1);
    this.stacks.set(this.thread, []);
    return this.add('operation', null, text);
  }

  /** All operations are done: what follows is of none. */
  end(): this {
    this.within.clear();
    this.stacks.clear();
    return this;
  }

  /** Enters a function, from the line on which it is called; the operation's own is called from none. */
  call(name: string, line: number | null = null): this {
    if (line !== null) this.add('call', line, `${name}()`);
    this.stack.push(name);
    return this;
  }

  back(): this {
    this.stack.pop();
    return this;
  }

  /** A statement of the function that runs. */
  at(line: number, text = ''): this {
    return this.add('statement', line, text);
  }

  /** What is told of the statement before. */
  fails(): this {
    const at = this.steps.at(-1)?.at ?? null;
    this.steps.push({ ...this.step('error', null, 'it fails'), at });
    return this;
  }

  /** What happens behind code of the tree: in a driver, in the model. */
  behind(text: string): this {
    return this.add('statement', null, text);
  }

  /** A new object; the newest step made it. */
  make(type: string): number {
    this.objects.push({ id: this.objects.length + 1, type, from: this.now, moments: [] });
    return this.objects.length;
  }

  /** The newest step left the object with this count (null: none is known) and these who point to it. */
  is(id: number, count: number | null, ...holders: readonly string[]): this {
    return this.moment(id, { step: this.now, state: 'live', count, holders });
  }

  /** The same by a driver's doing. */
  isOutside(id: number, count: number, ...holders: readonly string[]): this {
    return this.moment(id, { step: this.now, state: 'live', count, holders, outside: true });
  }

  /** The newest step gave the object to RCU, with this count in it. */
  waits(id: number, count: number): this {
    return this.moment(id, { step: this.now, state: 'waiting for a grace period', count, holders: [] });
  }

  /** The newest step freed the object, with this count in it. */
  freed(id: number, count: number): this {
    return this.moment(id, { step: this.now, state: 'freed', count, holders: [] });
  }

  get trace(): SimulationTrace {
    const { threads, operations, steps, objects } = this;
    return { threads, operations, steps, objects: objects.map((each) => ({ ...each, name: `${each.type} ${each.id}` })) };
  }

  /** The path as one that ends in an error about an object; `made` is where that came from. */
  ends(kind: SimulationErrorKind, object: number | null, made: CodePlace | null = null): Counterexample {
    const last = this.steps.at(-1);
    return {
      error: {
        kind,
        id: kind,
        message: kind,
        at: last?.kind === 'error' ? last.at : null,
        related: made === null ? [] : [{ at: made, message: 'allocated here' }],
        ...(object === null ? {} : { object }),
      },
      scenario,
      faults: 0,
      preemptions: this.threads.length - 1,
      schedule: 'straight',
      trace: this.trace,
    };
  }

  private get stack(): string[] {
    const stack = this.stacks.get(this.thread) ?? [];
    this.stacks.set(this.thread, stack);
    return stack;
  }

  private get now(): number {
    return this.steps.length - 1;
  }

  private moment(id: number, moment: ObjectMoment): this {
    this.objects[id - 1]?.moments.push(moment);
    return this;
  }

  private add(kind: Step['kind'], line: number | null, text: string): this {
    this.steps.push(this.step(kind, line, text));
    return this;
  }

  private step(kind: Step['kind'], line: number | null, text: string): Step {
    const name = this.stack.at(-1) ?? '';
    return {
      thread: this.thread,
      kind,
      operation: this.within.get(this.thread) ?? -1,
      depth: this.stack.length,
      at: line === null ? null : place(name, line),
      text,
      changes: [],
    };
  }
}

export function place(name: string, line: number): CodePlace {
  return { file, line, span: { start: line, end: line + 1 }, function: name };
}
