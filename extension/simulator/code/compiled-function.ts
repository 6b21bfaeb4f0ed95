// What a function of C is made into, and what making it takes of its program.
import type { Intrinsic, IntrinsicCall, Value } from '../../kernel/intrinsics/machine.js';
import type { Span } from '../../model/source.js';
import type { FunctionGraph } from '../../program/graph.js';
import type { CType } from '../../syntax/ast.js';
import type { SimulatedMachine } from '../machine/simulated-machine.js';
import type { Frame } from '../machine/thread.js';
import type { ExpressionTypes } from './expression-types.js';
import type { Expressions } from './expressions.js';

/** What is made of the text of a function. */
export interface Generated {
  /**
   * Goes on from the frame's `pc`, and with what it calls: true where it has returned and more steps may be made; false where `left` steps
   * of the core are made or a few more, or the step of the top frame waits or is not made as a whole. What is thrown comes from that step.
   */
  readonly run: (m: SimulatedMachine, f: Frame) => boolean;
  /** Makes parameters of arguments: converted to their types, or copied into the locals' memory. */
  readonly bind: (m: SimulatedMachine, s: Value[], given: readonly Value[]) => void;
  /** Gives the result of the call at a step to its target, in the caller's frame. An aggregate's value is its address. */
  readonly take: (m: SimulatedMachine, f: Frame, step: number, result: Value) => void;
}

export interface StepInfo {
  readonly span: Span;
  readonly kind: 'assign' | 'call' | 'branch' | 'return' | 'other';
  /** The next step belongs to the same atomic operation (the two halves of an xchg). */
  readonly joined: boolean;
  /** Set where it is but a part of the statement at `span`: the place that it reads. */
  readonly part: Span | null;
  /** Its accesses are those of the source as they stand, and no compiler is told to leave them whole (as by READ_ONCE()). */
  readonly plain: boolean;
}

/** A local that lives in memory: its address is taken, or it is no scalar. */
export interface MemoryLocal {
  readonly variable: number;
  readonly name: string;
  /** Null for arguments beyond the parameters, of which each call has its own. */
  readonly type: CType | null;
  readonly bytes: number;
}

/** What a call gives beyond the callee's parameters, in memory. */
export interface RestArguments {
  readonly bytes: number;
  /** Writes them from an address on; `values` are all arguments of the call. */
  readonly store: (m: SimulatedMachine, address: number, values: readonly Value[]) => void;
}

export interface CompiledFunction extends Generated {
  /** Makes one step at the frame's `pc`, or begins a call. What it did is told to the core's recorder. */
  readonly step: (m: SimulatedMachine, f: Frame) => void;
  readonly graph: FunctionGraph;
  readonly name: string;
  readonly file: string;
  /** It is the model's own, not the tree's. */
  readonly model: boolean;
  /** Its number in the program, for hashes. */
  readonly id: number;
  readonly info: readonly StepInfo[];
  readonly memoryLocals: readonly MemoryLocal[];
  /** The slot with the address of what it is given beyond its parameters, for va_start(); null where it takes no more than those. */
  readonly rest: number | null;
  /** Slots of a frame before anything is given. */
  readonly empty: readonly Value[];
  readonly returnsAggregate: number;
  /** Slots whose values may still be read: by step, before it; and while it is a call that has not returned. */
  readonly live: readonly SlotsOfStep[];
}

export interface SlotsOfStep {
  readonly before: readonly number[];
  readonly during: readonly number[];
}

/** What compiling asks of the machine's owner. */
export interface Linker {
  readonly expressions: Expressions;
  readonly types: ExpressionTypes;
  /** The tree's or the model's function of that name as seen from a file; undefined where neither has one. */
  find(name: string, file: string): FunctionGraph | undefined;
  intrinsic(name: string): Intrinsic | undefined;
  compiled(graph: FunctionGraph): CompiledFunction;
  /** A number that no other function of the program has, whatever was compiled before. */
  numberOf(graph: FunctionGraph): number;
  /** The function is called and can't be run, for that reason. */
  refuse(graph: FunctionGraph, reason: string): void;
  /** Answers for a callee of which nothing runs. */
  unknown(name: string, file: string): CalleeStub;
}

/** What stands for a callee without a body: an intrinsic, or an answer that is assumed. */
export type CalleeStub = (m: SimulatedMachine, call: IntrinsicCall) => ReturnType<Intrinsic>;
