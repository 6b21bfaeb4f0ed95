// A call in the source: what it goes to, found when it is first made.
import type { IntrinsicCall, Value, blocked } from '../../kernel/intrinsics/machine.js';
import type { CalleeTarget } from '../machine/image.js';
import type { SimulatedMachine } from '../machine/simulated-machine.js';
import type { Frame } from '../machine/thread.js';
import type { CalleeStub, CompiledFunction, Linker, RestArguments } from './compiled-function.js';

/** A function that a call goes to, or what stands for one. */
type LinkedCallee = CompiledFunction | CalleeStub;

/** As a call's step has it. */
export class CallSite {
  /** What the name in the source is linked to; undefined before it is first called. */
  direct: LinkedCallee | undefined = undefined;
  private readonly linked = new Map<string, LinkedCallee>();
  /** Callees of which nothing is known. */
  private readonly unknown = new Set<LinkedCallee>();

  constructor(
    private readonly linker: Linker,
    private readonly file: string,
    /** One object for all runs of the step, which no intrinsic keeps. */
    private readonly call: Mutable<IntrinsicCall>,
    /** What its arguments name and nothing defines. */
    private readonly undefinedNames: readonly string[],
    private readonly restFor: (callee: CompiledFunction) => RestArguments | undefined,
  ) {}

  /** Links the name in the source, which is called for the first time. */
  named(name: string): LinkedCallee {
    const graph = this.linker.find(name, this.file);
    return (this.direct = graph ? this.linker.compiled(graph) : this.stub(name));
  }

  /** The same of what a pointer leads to. */
  at(target: CalleeTarget): LinkedCallee {
    if (typeof target !== 'string') return target;
    let known = this.linked.get(target);
    if (!known) this.linked.set(target, (known = this.stub(target)));
    return known;
  }

  private stub(name: string): CalleeStub {
    const intrinsic = this.linker.intrinsic(name);
    if (intrinsic) return intrinsic;
    const unknown = this.linker.unknown(name, this.file);
    this.unknown.add(unknown);
    return unknown;
  }

  /** Of a callee that is not known either, its own answer is what things hang on. */
  hang(m: SimulatedMachine, callee: LinkedCallee): void {
    if (this.unknown.has(callee)) return;
    for (const name of this.undefinedNames) if (!m.core.image.isMember(name)) m.core.hangsOn(`${name} taken to be 0`);
  }

  enter(m: SimulatedMachine, callee: CompiledFunction, values: readonly Value[], step: number): Frame | null {
    return m.enter(callee, values, step, callee.rest === null ? undefined : this.restFor(callee));
  }

  answer(m: SimulatedMachine, stub: CalleeStub, values: readonly Value[]): Value | typeof blocked {
    this.call.values = values;
    return stub(m, this.call) ?? NaN;
  }
}

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };
