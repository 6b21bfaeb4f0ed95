// A control-flow graph as a list of steps that the machine runs one after the other; each is one closure.
import { isPlain } from '../../kernel/intrinsics/index.js';
import { blocked, type Intrinsic, type IntrinsicCall, type Value } from '../../kernel/intrinsics/machine.js';
import type {
  BasicBlock,
  CallArgument,
  FunctionGraph,
  Instruction,
  PlaceExpression,
  PureExpression,
  Terminator,
} from '../../program/graph.js';
import { printInstruction } from '../../program/print.js';
import { addressTaken } from '../../program/accesses.js';
import { liveBeforeEach, readForResult } from '../../program/liveness.js';
import { secondHalf, withSingleAccesses } from '../../program/single-accesses.js';
import type { Span } from '../../model/source.js';
import type { CType } from '../../syntax/ast.js';
import { convert, truth, isIndeterminate, type IntegerType } from './arithmetic.js';
import { addressIn, type Expressions, type Evaluate, type Locals, type MemoryScalar, type PlaceCode } from './expressions.js';
import type { SimulatedMachine } from '../machine/simulated-machine.js';
import { isModel } from './model-files.js';
import type { Frame } from '../machine/thread.js';

/** Runs one step: moves the frame's `pc`, or pushes or pops a frame. */
export type Step = (m: SimulatedMachine, f: Frame) => void;

/** Gives a call's result to its target, in the caller's frame. An aggregate's value is its address. */
export type TakeResult = (m: SimulatedMachine, f: Locals, value: Value) => void;

export interface StepInfo {
  readonly span: Span;
  readonly kind: 'assign' | 'call' | 'branch' | 'return' | 'other';
  /** The next step belongs to the same atomic operation (the two halves of an xchg). */
  readonly joined: boolean;
  /** Set where it is but a part of the statement at `span`: the place that it reads. */
  readonly part: Span | null;
  /** It uses no memory but the frame's slots, so that no other thread can see it. */
  readonly local: boolean;
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

export interface CompiledFunction {
  readonly graph: FunctionGraph;
  readonly name: string;
  readonly file: string;
  /** It is the model's own, not the tree's. */
  readonly model: boolean;
  /** Its number in the program, for hashes. */
  readonly id: number;
  readonly code: readonly Step[];
  readonly info: readonly StepInfo[];
  /** By index of a call's step. */
  readonly results: ReadonlyMap<number, TakeResult>;
  readonly memoryLocals: readonly MemoryLocal[];
  /** The slot with the address of what it is given beyond its parameters, for va_start(); null where it takes no more than those. */
  readonly rest: number | null;
  /** How an argument becomes a parameter: converted to its type, or copied into the local's memory. */
  readonly parameters: readonly ((m: SimulatedMachine, slots: Value[], value: Value) => void)[];
  readonly slotCount: number;
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

/** Compiles a graph. What it calls is compiled when it is first called. */
export function compileFunction(graph: FunctionGraph, linker: Linker): CompiledFunction {
  return new FunctionCompiler(graph, linker).compile();
}

interface Label {
  /** Index into the code; -1 as long as it is not known. */
  pc: number;
}

class FunctionCompiler {
  private readonly code: Step[] = [];
  private readonly info: StepInfo[] = [];
  private readonly results = new Map<number, TakeResult>();
  private readonly labels = new Map<number, Label>();
  private readonly live: SlotsOfStep[] = [];
  private readonly graph: FunctionGraph;
  private readonly memory: ReadonlySet<number>;

  constructor(
    graph: FunctionGraph,
    private readonly linker: Linker,
  ) {
    // Functions of the model do as one what the kernel does as one; in those of the tree other threads may come between.
    this.graph = isModel(graph.file) ? graph : withSingleAccesses(graph, linker.expressions.accessTypes(graph));
    this.memory = memoryVariables(this.graph, linker.expressions);
  }

  compile(): CompiledFunction {
    const { graph, linker } = this;
    const { expressions } = linker;
    expressions.takeUncomputed();
    const scope = { graph, memory: this.memory };
    const live = liveBeforeEach(graph);
    for (const block of graph.blocks) {
      this.label(block.id).pc = this.code.length;
      this.block(block, live[block.id] ?? []);
    }
    for (const [block, { pc }] of this.labels)
      if (pc < 0) throw new Error(`${graph.name}() jumps to block ${block}, which it does not have`);
    const memoryLocals = graph.variables
      .filter((variable) => variable.kind !== 'static' && this.memory.has(variable.id))
      .map(({ id, name, type }) => ({ variable: id, name, type, bytes: Math.max(1, expressions.layout.sizeOf(type)) }));
    const parameters = graph.variables.slice(0, graph.parameterCount).map((variable) => {
      const place = expressions.place({ kind: 'variable', variable: variable.id, span: variable.span }, scope);
      const store = expressions.store(place);
      return (m: SimulatedMachine, slots: Value[], value: Value): void => store(m, { slots }, value);
    });
    const uncomputed = expressions.takeUncomputed();
    if (uncomputed !== null) this.refuse(uncomputed);
    const rest = graph.variadic ? graph.variables.length : null;
    return {
      graph,
      name: graph.name,
      file: graph.file,
      model: isModel(graph.file),
      id: linker.numberOf(graph),
      code: this.code,
      info: this.info,
      results: this.results,
      memoryLocals:
        rest === null
          ? memoryLocals
          : [...memoryLocals, { variable: rest, name: `the arguments of ${graph.name}()`, type: null, bytes: 0 }],
      rest,
      parameters,
      slotCount: graph.variables.length + (rest === null ? 0 : 1),
      returnsAggregate: expressions.aggregateSize(graph.returns) ?? 0,
      live: this.live,
    };
  }

  /** Whoever calls the function comes to an end of what is known. */
  private refuse(what: string): void {
    const { name, span } = this.graph;
    this.linker.refuse(this.graph, `${what}: not computed by the simulator`);
    this.code.splice(0, this.code.length, (m) => m.meetUnread(name));
    this.info.splice(0, this.info.length, { span, kind: 'other', joined: false, part: null, local: false, plain: false });
    this.live.splice(1);
    this.results.clear();
  }

  private block(block: BasicBlock, live: readonly ReadonlySet<number>[]): void {
    const { graph } = this;
    const slots = (variables: Iterable<number>): number[] => [...variables].filter((variable) => !this.memory.has(variable));
    const note = (at: number): void => {
      const i = block.instructions[at];
      const result = i?.kind === 'call' && i.target ? i.target : null;
      const after = [...(live[at + 1] ?? [])].filter((variable) => result?.kind !== 'variable' || variable !== result.variable);
      const during = i?.kind === 'call' ? slots(new Set([...after, ...(result ? readForResult(result) : [])])) : [];
      while (this.live.length < this.code.length) this.live.push({ before: slots(live[at] ?? []), during });
    };
    const joined = block.instructions.map((_, at) => secondHalf(graph, block, at) !== undefined);
    block.instructions.forEach((instruction, at) => {
      this.instruction(instruction, joined[at] === true);
      note(at);
    });
    // What is compared between the two halves of a cmpxchg() belongs to them.
    this.terminator(block.terminator, joined.at(-1) === true && block.terminator.kind === 'branch');
    note(block.instructions.length);
  }

  /** Where a block begins, which is known when all are laid out. */
  private label(block: number): Label {
    let known = this.labels.get(block);
    if (!known) this.labels.set(block, (known = { pc: -1 }));
    return known;
  }

  /** Whether working a value out uses nothing but the frame's slots. */
  private isLocal(e: PureExpression): boolean {
    switch (e.kind) {
      case 'variable':
        return !this.memory.has(e.variable);
      case 'constant':
      case 'sizeof':
        return true;
      case 'unary':
      case 'cast':
        return this.isLocal(e.operand);
      case 'binary':
        return this.isLocal(e.left) && this.isLocal(e.right);
      case 'container-of':
        return this.isLocal(e.pointer);
      case 'address':
        return this.isLocalAddress(e.place);
      default:
        return false;
    }
  }

  private isLocalAddress(place: PlaceExpression): boolean {
    switch (place.kind) {
      case 'variable':
        return this.graph.variables[place.variable]?.kind !== 'static';
      case 'deref':
        return this.isLocal(place.pointer);
      case 'field':
        return this.isLocalAddress(place.base);
      case 'index':
        return this.isLocalAddress(place.base) && this.isLocal(place.index);
      case 'global':
        return false;
    }
  }

  private emit(span: Span, kind: StepInfo['kind'], step: Step, about: Partial<StepInfo> = {}): void {
    this.code.push(step);
    const plain = kind !== 'call' && !isModel(this.graph.file);
    this.info.push({ span, kind, joined: false, part: null, local: false, plain, ...about });
  }

  private instruction(i: Instruction, joined: boolean): void {
    const { graph } = this;
    const { expressions } = this.linker;
    const scope = { graph, memory: this.memory };
    switch (i.kind) {
      case 'assign': {
        const assign = expressions.assign(i.target, i.value, scope);
        const step: Step = (m, f) => {
          assign(m, f);
          f.pc++;
        };
        const several = !i.once && !isModel(this.graph.file) && expressions.takesSeveral(i.target, scope);
        const local = i.target.kind === 'variable' && !this.memory.has(i.target.variable) && this.isLocal(i.value);
        const about = { joined, local: local && !joined, part: i.part ?? null, ...(i.once ? { plain: false } : {}) };
        this.emit(i.span, 'assign', several ? inPieces(step) : step, about);
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
            m.forget(addressIn(f, i.variable), bytes);
            f.pc++;
          });
        } else this.emptied(i.variable, i.span);
        break;
      }
      case 'end':
        // What is dead must not tell two states apart.
        if (!this.memory.has(i.variable)) this.emptied(i.variable, i.span);
        break;
      case 'iterate': {
        const store = expressions.store(expressions.place(i.target, scope));
        this.emit(i.span, 'other', (m, f) => {
          m.meetUnreadPart(graph, i.span, `the loop ${i.macro}()`);
          m.core.assumeUnknown('construct', i.macro, 'a loop that has no elements', `${i.macro}() taken to have no elements`);
          store(m, f, 0);
          f.pc++;
        });
        break;
      }
      case 'opaque': {
        const text = i.text;
        this.emit(i.span, 'other', (m, f) => {
          m.meetUnreadPart(graph, i.span, text);
          m.core.assumeUnknown('construct', text, 'nothing happens', `'${text}' taken to do nothing`);
          f.pc++;
        });
        break;
      }
    }
  }

  /** A local in a slot has no value from here on. */
  private emptied(variable: number, span: Span): void {
    this.emit(
      span,
      'other',
      (_m, f) => {
        f.slots[variable] = NaN;
        f.pc++;
      },
      { local: true },
    );
  }

  private call(i: Extract<Instruction, { kind: 'call' }>): void {
    const { linker, graph } = this;
    const { expressions } = linker;
    const scope = { graph, memory: this.memory };
    const values = i.arguments.map((argument): Evaluate =>
      argument.kind === 'type' ? (): Value => 0 : expressions.argument(argument.value, scope),
    );
    const types = i.arguments.map((argument): CType | null =>
      argument.kind === 'type' ? argument.type : expressions.aboutArgument(argument.value, scope),
    );
    const texts = i.arguments.map((argument) => (argument.kind === 'type' ? argument.text : expressions.written(argument.value, graph)));
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
            for (const name of undefinedNames) if (!m.core.image.isMember(name)) m.core.hangsOn(`${name} taken to be 0`);
            step(m, f);
          };
    const layout = expressions.layout;
    const about = {
      types,
      texts,
      sizeOf: (type: CType): number | undefined => layout.sizeOf(type),
      integerOf: (type: CType): IntegerType | undefined => expressions.integerType(type),
      scalarOf: (type: CType): MemoryScalar | undefined => expressions.scalarOf(type),
      offsetOf: (type: CType, member: string): number | undefined => layout.offsetOf(type, member),
    };
    const runIntrinsic = (intrinsic: CalleeStub): Step => {
      // One object for all runs of the step, which no intrinsic keeps.
      const call: Mutable<IntrinsicCall> = { ...about, values: [] };
      return (m, f) => {
        call.values = evaluated(values, m, f);
        const result = intrinsic(m, call);
        if (result === blocked) return m.blockedHere();
        if (take && !m.core.halted) take(m, f, result ?? NaN);
        f.pc++;
      };
    };
    const runFunction = (callee: CompiledFunction): Step => {
      const rest = callee.rest === null ? undefined : this.restArguments(i.arguments, callee.graph.parameterCount);
      return (m, f) => m.enter(callee, evaluated(values, m, f), at, rest);
    };
    const runNamed = (name: string): Step => {
      const intrinsic = linker.intrinsic(name);
      if (!intrinsic) return runIntrinsic(linker.unknown(name, graph.file));
      const step = known(runIntrinsic(intrinsic));
      return isPlain(name) && !isModel(graph.file) ? inPieces(step) : step;
    };
    if (i.callee.kind === 'direct') {
      const { name } = i.callee;
      let step: Step | undefined;
      const run: Step = (m, f) => {
        if (!step) {
          const callee = linker.find(name, graph.file);
          step = callee ? known(runFunction(linker.compiled(callee))) : runNamed(name);
        }
        step(m, f);
      };
      this.emit(i.span, 'call', run, { plain: isPlain(name) && !isModel(graph.file) });
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

  /** As the ABI lays out those that no register has room for: one after the other, in words of 8 bytes (System V, x86-64, 3.2.3). */
  private restArguments(all: readonly CallArgument[], parameters: number): RestArguments {
    const scope = { graph: this.graph, memory: this.memory };
    let bytes = 0;
    const stores = all.slice(parameters).map((argument, at): RestArguments['store'] => {
      const offset = bytes;
      const passed = argument.kind === 'value' ? this.linker.expressions.passed(argument.value, scope) : null;
      bytes += passed === null ? 8 : Math.ceil(passed.bytes / 8) * 8;
      return (m, address, values) => passed?.store(m, address + offset, values[parameters + at] ?? NaN);
    });
    return { bytes, store: (m, address, values) => stores.forEach((store) => store(m, address, values)) };
  }

  private taker(target: PlaceExpression | null, scope: { graph: FunctionGraph; memory: ReadonlySet<number> }): TakeResult | undefined {
    if (!target) return undefined;
    const { expressions } = this.linker;
    const place: PlaceCode = expressions.place(target, scope);
    return expressions.store(place);
  }

  private terminator(t: Terminator, joined: boolean): void {
    const { expressions } = this.linker;
    const scope = { graph: this.graph, memory: this.memory };
    switch (t.kind) {
      case 'goto': {
        const to = this.label(t.to);
        this.emit(
          t.span,
          'other',
          (_m, f) => {
            f.pc = to.pc;
          },
          { local: true },
        );
        break;
      }
      case 'branch': {
        const condition = expressions.value(t.condition, scope);
        const text = expressions.written(t.condition, this.graph);
        const [then, otherwise] = [this.label(t.then), this.label(t.else)];
        const step: Step = (m, f) => {
          const value = condition(m, f);
          if (isIndeterminate(value)) return m.report('uninitialised', `a branch depends on '${text}', which has no value yet`);
          const taken = truth(value);
          m.core.recorder?.branched(taken);
          f.pc = (taken ? then : otherwise).pc;
        };
        this.emit(t.span, 'branch', step, { joined, local: !joined && this.isLocal(t.condition) });
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
        const cases = t.cases.map((each) => ({
          low: bound(each.low, each.lowest),
          high: bound(each.high, each.highest),
          to: this.label(each.to),
        }));
        const others = this.label(t.default);
        this.emit(t.span, 'branch', (m, f) => {
          const now = convert(value(m, f), type);
          if (isIndeterminate(now)) return m.report('uninitialised', `a switch depends on '${text}', which has no value yet`);
          const to = cases.find((each) => now >= each.low(m, f) && now <= each.high(m, f))?.to ?? others;
          f.pc = to.pc;
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

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function evaluated(all: readonly Evaluate[], m: SimulatedMachine, f: Frame): Value[] {
  const values = new Array<Value>(all.length);
  for (let at = 0; at < all.length; at++) values[at] = all[at]?.(m, f) ?? NaN;
  return values;
}

/** A step that is several to others: it goes on where it stopped (`machine/step-pieces.ts`). */
function inPieces(step: Step): Step {
  return (m, f) => m.inPieces(() => step(m, f));
}

/** Variables that can't be in a slot: no scalars, or their address is taken. */
function memoryVariables(graph: FunctionGraph, expressions: Expressions): ReadonlySet<number> {
  const found = new Set(addressTaken(graph));
  for (const { id, kind, type } of graph.variables) if (kind === 'static' || expressions.aggregateSize(type) !== undefined) found.add(id);
  return found;
}

/** Instructions as text, for debugging and for steps without a source line. */
export function textOf(graph: FunctionGraph, i: Instruction): string {
  return printInstruction(i, graph.variables);
}
