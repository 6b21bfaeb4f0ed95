// A control-flow graph as a list of steps that the machine runs one after the other; each is one closure.
import { blocked, type Intrinsic, type IntrinsicCall, type Value } from '../kernel/intrinsics/machine.js';
import type { BasicBlock, FunctionGraph, Instruction, PlaceExpression, PureExpression, Terminator } from '../program/graph.js';
import { printInstruction } from '../program/print.js';
import type { Span } from '../model/source.js';
import type { CType } from '../syntax/ast.js';
import { convert, truth, isIndeterminate } from './arithmetic.js';
import { isShared, memoryVariables, readsShared } from './accesses.js';
import type { Expressions, Evaluate, Locals, PlaceCode, FunctionScope } from './expressions.js';
import type { SimulatedMachine } from './simulated-machine.js';
import { isModel } from './symbolizer.js';
import type { Frame } from './thread.js';

/** Runs one step: moves the frame's `pc`, or pushes or pops a frame. */
export type Step = (m: SimulatedMachine, f: Frame) => void;

/** Gives a call's result to its target, in the caller's frame. An aggregate's value is its address. */
export type TakeResult = (m: SimulatedMachine, f: Locals, value: Value) => void;

export interface StepInfo {
  readonly span: Span;
  readonly kind: 'assign' | 'call' | 'branch' | 'return' | 'other';
  /** The next step belongs to the same atomic operation (the two halves of an xchg). */
  readonly joined: boolean;
}

/** A local that lives in memory: its address is taken, or it is no scalar. */
export interface MemoryLocal {
  readonly variable: number;
  readonly name: string;
  readonly type: CType;
  readonly bytes: number;
}

export interface CompiledFunction {
  readonly graph: FunctionGraph;
  readonly name: string;
  readonly file: string;
  /** It is the model's own, not the tree's. */
  readonly model: boolean;
  /** Unique number, for hashes. */
  readonly id: number;
  readonly code: readonly Step[];
  readonly info: readonly StepInfo[];
  /** By index of a call's step. */
  readonly results: ReadonlyMap<number, TakeResult>;
  readonly memoryLocals: readonly MemoryLocal[];
  /** How an argument becomes a parameter: converted to its type, or copied into the local's memory. */
  readonly parameters: readonly ((m: SimulatedMachine, slots: Value[], value: Value) => void)[];
  readonly slotCount: number;
  readonly returnsAggregate: number;
}

/** What compiling asks of the machine's owner. */
export interface Linker {
  readonly expressions: Expressions;
  /** The tree's or the model's function of that name as seen from a file; undefined where neither has one. */
  find(name: string, file: string): FunctionGraph | undefined;
  intrinsic(name: string): Intrinsic | undefined;
  compiled(graph: FunctionGraph): CompiledFunction;
  /** Answers for a callee of which nothing runs. */
  unknown(name: string, file: string): CalleeStub;
}

/** What stands for a callee without a body: an intrinsic, or an answer that is assumed. */
export type CalleeStub = (m: SimulatedMachine, call: IntrinsicCall) => ReturnType<Intrinsic>;

let numbered = 0;

/** Compiles a graph. What it calls is compiled when it is first called. */
export function compileFunction(graph: FunctionGraph, linker: Linker): CompiledFunction {
  return new FunctionCompiler(graph, linker).compile();
}

class FunctionCompiler {
  private readonly code: Step[] = [];
  private readonly info: StepInfo[] = [];
  private readonly results = new Map<number, TakeResult>();
  private readonly starts: number[] = [];
  private readonly memory: ReadonlySet<number>;
  /** Slots in use, those of values between two steps of one statement among them. */
  private slotCount: number;
  /** Functions of the model do as one what the kernel does as one; in those of the tree other threads may come between. */
  private readonly mayMeet: boolean;

  constructor(
    private readonly graph: FunctionGraph,
    private readonly linker: Linker,
  ) {
    this.memory = memoryVariables(graph, linker.expressions);
    this.slotCount = graph.variables.length;
    this.mayMeet = !isModel(graph.file);
  }

  compile(): CompiledFunction {
    const { graph, linker } = this;
    const { expressions } = linker;
    const scope = { graph, memory: this.memory };
    // Where each block begins is known only when all are laid out; jumps look it up when they run.
    for (const block of graph.blocks) {
      this.starts[block.id] = this.code.length;
      this.block(block);
    }
    const memoryLocals = graph.variables
      .filter((variable) => variable.kind !== 'static' && this.memory.has(variable.id))
      .map(({ id, name, type }) => ({ variable: id, name, type, bytes: Math.max(1, expressions.layout.sizeOf(type)) }));
    const parameters = graph.variables.slice(0, graph.parameterCount).map((variable) => {
      const place = expressions.place({ kind: 'variable', variable: variable.id, span: variable.span }, scope);
      const store = expressions.store(place);
      return (m: SimulatedMachine, slots: Value[], value: Value): void => store(m, { slots }, value);
    });
    return {
      graph,
      name: graph.name,
      file: graph.file,
      model: isModel(graph.file),
      id: ++numbered,
      code: this.code,
      info: this.info,
      results: this.results,
      memoryLocals,
      parameters,
      slotCount: this.slotCount,
      returnsAggregate: expressions.aggregateSize(graph.returns) ?? 0,
    };
  }

  private block(block: BasicBlock): void {
    block.instructions.forEach((instruction, at) => {
      const next = block.instructions[at + 1] ?? this.branchedTo(block);
      this.instruction(instruction, this.isExchange(instruction, next));
    });
    const last = block.instructions.at(-1);
    this.terminator(block.terminator, last !== undefined && this.isExchange(last, this.branchedTo(block)));
  }

  /** What a comparison at the end of the block leads to where it holds, as in a cmpxchg(). */
  private branchedTo(block: BasicBlock): Instruction | undefined {
    const { terminator } = block;
    return terminator.kind === 'branch' ? this.graph.blocks[terminator.then]?.instructions[0] : undefined;
  }

  /** The two halves of an xchg() or cmpxchg(): what is read at once is written in the same expression. */
  private isExchange(first: Instruction, second: Instruction | undefined): boolean {
    if (first.kind !== 'assign' || second?.kind !== 'assign' || !first.once || !second.once) return false;
    if (first.span.start !== second.span.start || first.span.end !== second.span.end) return false;
    const { expressions } = this.linker;
    return expressions.text(first.value, this.graph) === expressions.text(second.target, this.graph);
  }

  private emit(span: Span, kind: StepInfo['kind'], step: Step, joined = false): void {
    this.code.push(step);
    this.info.push({ span, kind, joined });
  }

  private instruction(i: Instruction, joined: boolean): void {
    const { graph } = this;
    const { expressions } = this.linker;
    const scope = { graph: this.graph, memory: this.memory };
    switch (i.kind) {
      case 'assign': {
        if (!i.once && !joined && this.mayMeet && isShared(i.target, graph) && readsShared(i.value, graph) && this.assignTwice(i, scope))
          break;
        const assign = expressions.assign(i.target, i.value, scope);
        this.emit(
          i.span,
          'assign',
          (m, f) => {
            assign(m, f);
            f.pc++;
          },
          joined,
        );
        break;
      }
      case 'call':
        this.call(i);
        break;
      case 'declare': {
        const variable = this.graph.variables[i.variable];
        if (!variable) break;
        if (this.memory.has(i.variable)) {
          const bytes = Math.max(1, expressions.layout.sizeOf(variable.type));
          this.emit(i.span, 'other', (m, f) => {
            m.forget(f.slots[i.variable] ?? 0, bytes);
            f.pc++;
          });
        } else
          this.emit(i.span, 'other', (_m, f) => {
            f.slots[i.variable] = NaN;
            f.pc++;
          });
        break;
      }
      case 'end':
        // What is dead must not tell two states apart.
        if (!this.memory.has(i.variable))
          this.emit(i.span, 'other', (_m, f) => {
            f.slots[i.variable] = NaN;
            f.pc++;
          });
        break;
      case 'iterate': {
        const store = expressions.store(expressions.place(i.target, scope));
        this.emit(i.span, 'other', (m, f) => {
          m.assumeUnknown('construct', i.macro, 'a loop that has no elements', `${i.macro}() taken to have no elements`);
          store(m, f, 0);
          f.pc++;
        });
        break;
      }
      case 'opaque': {
        const text = i.text;
        this.emit(i.span, 'other', (m, f) => {
          m.assumeUnknown('construct', text, 'nothing happens', `'${text}' taken to do nothing`);
          f.pc++;
        });
        break;
      }
    }
  }

  /** Another thread may come between reading what is assigned and writing it. False for what is no scalar. */
  private assignTwice(i: Extract<Instruction, { kind: 'assign' }>, scope: FunctionScope): boolean {
    const { expressions } = this.linker;
    const place = expressions.place(i.target, scope);
    if (expressions.aggregateSize(place.type) !== undefined) return false;
    const store = expressions.store(place);
    const slot = this.slotCount;
    this.evaluatedBefore(i.span, 'assign', [expressions.value(i.value, scope)]);
    this.emit(i.span, 'assign', (m, f) => {
      store(m, f, f.slots[slot] ?? NaN);
      f.slots[slot] = NaN;
      f.pc++;
    });
    return true;
  }

  /** A step of its own that evaluates these; gives what reads the results. They are kept in slots from `first` on. */
  private evaluatedBefore(span: Span, kind: StepInfo['kind'], values: readonly Evaluate[], first = this.slotCount): Evaluate[] {
    this.slotCount = first + values.length;
    this.emit(span, kind, (m, f) => {
      const results = values.map((evaluate) => evaluate(m, f));
      results.forEach((value, at) => (f.slots[first + at] = value));
      f.pc++;
    });
    return values.map(
      (_, at): Evaluate =>
        (_m, f) =>
          f.slots[first + at] ?? NaN,
    );
  }

  private call(i: Extract<Instruction, { kind: 'call' }>): void {
    const { linker, graph } = this;
    const { expressions } = linker;
    const scope = { graph, memory: this.memory };
    const given = i.arguments.map((argument): Evaluate =>
      argument.kind === 'type' ? (): Value => 0 : expressions.argument(argument.value, scope),
    );
    const types = i.arguments.map((argument): CType | null =>
      argument.kind === 'type' ? argument.type : expressions.aboutArgument(argument.value, scope),
    );
    const texts = i.arguments.map((argument) => (argument.kind === 'type' ? argument.text : expressions.written(argument.value, graph)));
    // Another thread may come between reading what is handed over and what an intrinsic does with it.
    const apart = i.arguments.some((argument) => this.mayMeet && argument.kind === 'value' && readsShared(argument.value, graph));
    const kept = this.slotCount;
    const values = apart ? this.evaluatedBefore(i.span, 'call', given) : given;
    // What is dead must not tell two states apart.
    const forget = (f: Frame): void => {
      if (apart) f.slots.fill(NaN, kept, kept + given.length);
    };
    const at = this.code.length;
    const take = this.taker(i.target, scope);
    if (take) this.results.set(at, take);
    // Of a callee that is not known either, its own answer is what things hang on.
    const undefinedNames = i.arguments.flatMap((argument) =>
      argument.kind === 'value' ? (expressions.undefinedName(argument.value, scope) ?? []) : [],
    );
    const known = (step: Step): Step =>
      undefinedNames.length === 0
        ? step
        : (m, f) => {
            for (const name of undefinedNames) if (!m.image.isMember(name)) m.hangsOn(`${name} taken to be 0`);
            step(m, f);
          };
    const layout = expressions.layout;
    const about = {
      types,
      texts,
      sizeOf: (type: CType): number | undefined => layout.sizeOf(type),
      offsetOf: (type: CType, member: string): number | undefined => layout.offsetOf(type, member),
    };
    const runIntrinsic = (intrinsic: CalleeStub): Step => {
      return (m, f) => {
        const call: IntrinsicCall = { ...about, values: values.map((evaluate) => evaluate(m, f)) };
        const result = intrinsic(m, call);
        if (result === blocked) return m.blockedHere();
        if (take && !m.halted) take(m, f, result ?? NaN);
        forget(f);
        f.pc++;
      };
    };
    const runFunction = (callee: CompiledFunction): Step => {
      return (m, f) => {
        m.enter(
          callee,
          values.map((evaluate) => evaluate(m, f)),
          at,
        );
        forget(f);
      };
    };
    const runNamed = (name: string): Step => {
      const intrinsic = linker.intrinsic(name);
      return intrinsic ? known(runIntrinsic(intrinsic)) : runIntrinsic(linker.unknown(name, graph.file));
    };
    if (i.callee.kind === 'direct') {
      const { name } = i.callee;
      let step: Step | undefined;
      this.emit(i.span, 'call', (m, f) => {
        if (!step) {
          const callee = linker.find(name, graph.file);
          step = callee ? known(runFunction(linker.compiled(callee))) : runNamed(name);
        }
        step(m, f);
      });
      return;
    }
    const pointer = expressions.value(i.callee.pointer, scope);
    const text = expressions.written(i.callee.pointer, graph);
    this.emit(i.span, 'call', (m, f) => {
      const called = m.functionAt(pointer(m, f), text);
      if (!called) return;
      if (typeof called === 'string') runNamed(called)(m, f);
      else runFunction(called)(m, f);
    });
  }

  private taker(target: PlaceExpression | null, scope: { graph: FunctionGraph; memory: ReadonlySet<number> }): TakeResult | undefined {
    if (!target) return undefined;
    const { expressions } = this.linker;
    const place: PlaceCode = expressions.place(target, scope);
    return expressions.store(place);
  }

  private terminator(t: Terminator, joined = false): void {
    const { expressions } = this.linker;
    const scope = { graph: this.graph, memory: this.memory };
    const { starts } = this;
    switch (t.kind) {
      case 'goto':
        this.emit(t.span, 'other', (_m, f) => {
          f.pc = starts[t.to] ?? 0;
        });
        break;
      case 'branch': {
        const condition = expressions.value(t.condition, scope);
        const text = expressions.written(t.condition, this.graph);
        const step: Step = (m, f) => {
          const value = condition(m, f);
          if (isIndeterminate(value)) return m.report('uninitialised', `a branch depends on '${text}', which has no value yet`);
          const taken = truth(value);
          m.recorder?.branched(taken);
          f.pc = (taken ? starts[t.then] : starts[t.else]) ?? 0;
        };
        this.emit(t.span, 'branch', step, joined);
        break;
      }
      case 'switch': {
        const value = expressions.value(t.value, scope);
        const text = expressions.written(t.value, this.graph);
        const type = expressions.switchedAs(t.value, scope);
        const bound = (known: bigint | null, e: PureExpression): Evaluate => {
          if (known === null) {
            const given = expressions.value(e, scope);
            return (m, f) => convert(given(m, f), type);
          }
          const constant = convert(known, type);
          return () => constant;
        };
        const cases = t.cases.map((each) => ({ low: bound(each.low, each.lowest), high: bound(each.high, each.highest), to: each.to }));
        this.emit(t.span, 'branch', (m, f) => {
          const now = convert(value(m, f), type);
          if (isIndeterminate(now)) return m.report('uninitialised', `a switch depends on '${text}', which has no value yet`);
          const to = cases.find((each) => now >= each.low(m, f) && now <= each.high(m, f))?.to ?? t.default;
          f.pc = starts[to] ?? 0;
        });
        break;
      }
      case 'return': {
        const value = t.value && expressions.returned(t.value, this.graph.returns, scope);
        this.emit(t.span, 'return', (m, f) => m.leave(value ? value(m, f) : NaN));
        break;
      }
      case 'unreachable':
        this.emit(t.span, 'other', (m) => m.end());
        break;
    }
  }
}

/** Instructions as text, for debugging and for steps without a source line. */
export function textOf(graph: FunctionGraph, i: Instruction): string {
  return printInstruction(i, graph.variables);
}
