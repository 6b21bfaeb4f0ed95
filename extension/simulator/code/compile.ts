// A control-flow graph as a function of JavaScript that goes on from any of its steps, up to where it is told to stop.
import { isPlain } from '../../kernel/intrinsics/index.js';
import type { IntrinsicCall, Value } from '../../kernel/intrinsics/machine.js';
import type { BasicBlock, CallArgument, FunctionGraph, Instruction, PureExpression, Terminator } from '../../program/graph.js';
import { addressTaken } from '../../program/accesses.js';
import { liveBeforeEach, readForResult } from '../../program/liveness.js';
import { secondHalf, withSingleAccesses } from '../../program/single-accesses.js';
import type { Span } from '../../model/source.js';
import type { CType } from '../../syntax/ast.js';
import { convert, long, type IntegerType } from './arithmetic.js';
import { CallSite, type Mutable } from './call-site.js';
import type { CompiledFunction, Generated, Linker, RestArguments, SlotsOfStep, StepInfo } from './compiled-function.js';
import type { ExpressionTypes, FunctionScope, MemoryScalar } from './expression-types.js';
import { literal } from './expressions.js';
import { FunctionText } from './function-text.js';
import { isModel } from './model-files.js';

/** Compiles a graph. What it calls is compiled when it is first called. */
export function compileFunction(graph: FunctionGraph, linker: Linker): CompiledFunction {
  return new FunctionCompiler(graph, linker).compile();
}

/** How a step is run: after so many others that are not counted yet, and whether alone. */
interface Way {
  readonly uncounted: number;
  readonly alone: boolean;
}

/** How a step ends: with the next one; at a place, by statements that go there; or it leaves the function by itself, and has counted. */
type StepEnd =
  | { readonly kind: 'next' }
  /** `pc` is an expression for the place. `back`: it may be before this one. */
  | { readonly kind: 'elsewhere'; readonly pc: string; readonly go: string; readonly back: boolean }
  | { readonly kind: 'out' };

interface StepText {
  /** Statements, by how it is run; of a call they leave a block open, for what is done where no function was entered. */
  readonly code: (way: Way) => string;
  readonly end: StepEnd;
  /** It uses more than the frame's slots, or may say something. */
  readonly usesMachine: boolean;
  /** It may tell what is assumed. */
  readonly assumes: boolean;
  /** It has one access, and leaves where others go first. */
  readonly asks: boolean;
  /** What the thread may do though others care is done with it. */
  readonly grants: boolean;
  readonly calls: boolean;
  /** It is a branch, on `v`. */
  readonly branches: boolean;
}

class FunctionCompiler {
  private readonly text = new FunctionText();
  private readonly steps: StepText[] = [];
  private readonly info: StepInfo[] = [];
  /** Functions of `m` and `f` that steps call, by name. */
  private readonly parts: string[] = [];
  private readonly results = new Map<number, string>();
  /** Where blocks begin. */
  private readonly labels = new Map<number, number>();
  private readonly live: SlotsOfStep[] = [];
  private readonly graph: FunctionGraph;
  private readonly scope: FunctionScope;
  private readonly model: boolean;
  /** The block that is laid out. */
  private current = 0;

  constructor(
    graph: FunctionGraph,
    private readonly linker: Linker,
  ) {
    this.model = isModel(graph.file);
    // Functions of the model do as one what the kernel does as one; in those of the tree other threads may come between.
    this.graph = this.model ? graph : withSingleAccesses(graph, linker.types.accessTypes(graph));
    this.scope = { graph: this.graph, memory: memoryVariables(this.graph, linker.types) };
  }

  compile(): CompiledFunction {
    const { graph, linker, scope, model } = this;
    const { expressions, types } = linker;
    types.takeUncomputed();
    const live = liveBeforeEach(graph);
    for (const block of graph.blocks) {
      this.labels.set(block.id, this.step);
      this.current = block.id;
      this.block(block, live[block.id] ?? []);
    }
    const memoryLocals = graph.variables
      .filter((variable) => variable.kind !== 'static' && scope.memory.has(variable.id))
      .map(({ id, name, type }) => ({ variable: id, name, type, bytes: Math.max(1, expressions.layout.sizeOf(type)) }));
    const bind = graph.variables.slice(0, graph.parameterCount).map((variable, at) => {
      const place = expressions.place({ kind: 'variable', variable: variable.id, span: variable.span }, scope, this.text);
      return `if (g.length > ${at}) { r = g[${at}]; ${expressions.store(place, { text: 'r', in: anything }, this.text)} }`;
    });
    const uncomputed = types.takeUncomputed();
    if (uncomputed !== null) this.refuse(uncomputed);
    const rest = graph.variadic ? graph.variables.length : null;
    let one: CompiledFunction['step'] | undefined;
    return {
      graph,
      name: graph.name,
      file: graph.file,
      model,
      id: linker.numberOf(graph),
      info: this.info,
      memoryLocals:
        rest === null
          ? memoryLocals
          : [...memoryLocals, { variable: rest, name: `the arguments of ${graph.name}()`, type: null, bytes: 0 }],
      rest,
      empty: new Array<Value>(graph.variables.length + (rest === null ? 0 : 1)).fill(NaN),
      returnsAggregate: types.aggregateSize(graph.returns) ?? 0,
      live: this.live,
      ...this.generated(bind),
      step: (m, f) => (one ??= this.oneByOne())(m, f),
    };
  }

  private generated(bind: readonly string[]): Generated {
    const results = [...this.results].map(([step, store]) => `case ${step}: ${store} break;`);
    const text = [
      'run(m, f) { const c = m.core, a = m.accesses, s = f.slots; let v, r, pc = f.pc; run: for (;;) switch (pc) {',
      ...this.inOneGo(),
      'default: throw new Error(`step ${pc} is not there`); } },',
      `bind(m, s, g) { const a = m.accesses; let v, r; ${bind.join(' ')} },`,
      'take(m, f, step, r) { const a = m.accesses, s = f.slots; let v; switch (step) {',
      ...results,
      '} },',
    ];
    return this.built(text) as Generated;
  }

  /** An object with these methods. */
  private built(methods: readonly string[]): unknown {
    const text = ['(() => {', ...this.parts, 'return {', ...methods, '}; })()'].map((line) => this.placed(line)).join('\n');
    return this.text.built(text, this.graph.name);
  }

  /** The cases of all steps, for running through them: what uses slots alone is counted together, and begun at only where blocks begin. */
  private inOneGo(): string[] {
    const begins = new Set([...this.labels.values()]);
    // Steps that were made and are not counted.
    let made = 0;
    const counted = (more: number): string => {
      const count = made + more;
      made = 0;
      return count === 0 ? '' : `c.left -= ${count};`;
    };
    return this.steps.map((step, at) => {
      const { end } = step;
      const labelled = begins.has(at) || this.steps[at - 1]?.usesMachine === true || step.usesMachine;
      const label = labelled ? `${counted(0)} case ${at}:` : '';
      const granted = step.grants && (step.usesMachine || labelled) ? 'c.granted = false;' : '';
      if (step.usesMachine) {
        const begin = `f.pc = ${at}; c.${step.asks ? 'beginAccess' : 'beginStep'}();${step.assumes ? ' m.beginCall();' : ''}`;
        const way = { uncounted: 0, alone: false };
        if (end.kind === 'out') return `${label} ${begin} ${step.code(way)}`;
        const called = step.calls ? 'm.endCall();' : '';
        const stop = (next: string): string => `if (--c.left <= 0) { f.pc = ${next}; return false; }`;
        const next = end.kind === 'next' ? stop(String(at + 1)) : `${stop(end.pc)} ${end.go}`;
        return `${label} ${begin} ${step.code(way)} ${called} ${granted} ${next} ${step.calls ? '}' : ''}`;
      }
      const code = `${label} ${step.code({ uncounted: made, alone: false })} ${granted}`;
      if (end.kind === 'next') {
        made++;
        return code;
      }
      const count = counted(1);
      return end.kind === 'out'
        ? code
        : `${code} ${count} ${end.back ? `if (c.left <= 0) { f.pc = ${end.pc}; return false; }` : ''} ${end.go}`;
    });
  }

  /** A function that makes one step. */
  private oneByOne(): CompiledFunction['step'] {
    const cases = this.steps.map((step, at) => {
      const { end } = step;
      const begin = step.usesMachine
        ? `f.pc = ${at}; c.${step.asks ? 'beginAccess' : 'beginStep'}();${step.assumes ? ' m.beginCall();' : ''}`
        : '';
      const granted = step.grants ? 'c.granted = false;' : '';
      const next = end.kind === 'next' ? String(at + 1) : end.kind === 'out' ? '' : end.pc;
      const way = { uncounted: 0, alone: true };
      const called = step.calls ? 'm.endCall();' : '';
      const told = step.branches ? 'if (c.recorder !== null) c.recorder.branched(v !== 0);' : '';
      const go = end.kind === 'out' ? '' : `f.pc = ${next}; c.left--; return false;`;
      return `case ${at}: ${begin} ${step.code(way)} ${called} ${granted} ${told} ${go} ${step.calls ? '}' : ''}`;
    });
    const text = [
      'step(m, f) { const c = m.core, a = m.accesses, s = f.slots; let v, r, pc; switch (f.pc) {',
      ...cases,
      'default: throw new Error(`step ${f.pc} is not there`); } },',
    ];
    return (this.built(text) as Pick<CompiledFunction, 'step'>).step;
  }

  /** With the places of blocks, which are known when all are laid out. */
  private placed(code: string): string {
    return code.replace(/@(\d+)@/g, (_, block: string) => {
      const at = this.labels.get(Number(block));
      if (at === undefined) throw new Error(`${this.graph.name}() jumps to block ${block}, which it does not have`);
      return String(at);
    });
  }

  /** Whoever calls the function comes to an end of what is known. */
  private refuse(what: string): void {
    const { name, span } = this.graph;
    this.linker.refuse(this.graph, `${what}: not computed by the simulator`);
    const code = (): string => `m.meetUnread(${JSON.stringify(name)}); c.left--; return false;`;
    this.steps.splice(0, this.steps.length, { ...nothing, code, end: { kind: 'out' }, usesMachine: true });
    this.labels.clear();
    this.parts.length = 0;
    this.info.splice(0, this.info.length, { span, kind: 'other', joined: false, part: null, plain: false });
    this.live.splice(1);
    this.results.clear();
  }

  private block(block: BasicBlock, live: readonly ReadonlySet<number>[]): void {
    const { graph } = this;
    const slots = (variables: Iterable<number>): number[] => [...variables].filter((variable) => !this.scope.memory.has(variable));
    const note = (at: number): void => {
      const i = block.instructions[at];
      const result = i?.kind === 'call' && i.target ? i.target : null;
      const after = [...(live[at + 1] ?? [])].filter((variable) => result?.kind !== 'variable' || variable !== result.variable);
      const during = i?.kind === 'call' ? slots(new Set([...after, ...(result ? readForResult(result) : [])])) : [];
      while (this.live.length < this.step) this.live.push({ before: slots(live[at] ?? []), during });
    };
    const joined = block.instructions.map((_, at) => secondHalf(graph, block, at) !== undefined);
    block.instructions.forEach((instruction, at) => {
      this.text.beginStep();
      this.instruction(instruction, joined[at] === true);
      note(at);
    });
    this.text.beginStep();
    // What is compared between the two halves of a cmpxchg() belongs to them.
    this.terminator(block.terminator, joined.at(-1) === true && block.terminator.kind === 'branch');
    note(block.instructions.length);
  }

  // ---- steps -----------------------------------------------------------------------------------------------------

  /** Number of the step that is next to be written. */
  private get step(): number {
    return this.steps.length;
  }

  private emit(span: Span, kind: StepInfo['kind'], step: Partial<StepText> & Pick<StepText, 'code'>, about: Partial<StepInfo> = {}): void {
    const { usesMachine, assumes } = this.text;
    // The model is no code under review: what it does at once is one step to others.
    this.steps.push({ ...nothing, usesMachine, assumes, grants: !this.model && about.joined !== true, ...step });
    this.info.push({ span, kind, joined: false, part: null, plain: kind !== 'call' && !this.model, ...about });
  }

  /** A step after which the next one comes; `several`: each of its accesses may be seen by itself (`machine/step-pieces.ts`). */
  private emitPlain(span: Span, kind: StepInfo['kind'], code: string, about: Partial<StepInfo> = {}, several = false): void {
    const whole = several ? this.inPieces(`${code} f.pc = ${this.step + 1};`) : code;
    this.emit(span, kind, { code: () => whole, asks: code.includes(leavesIfYielding) }, about);
  }

  private goTo(pc: string, go: string, ...blocks: readonly number[]): StepEnd {
    return { kind: 'elsewhere', pc, go, back: blocks.some((block) => block <= this.current) };
  }

  /** Statements that go to a block, unless that is laid out next. */
  private jump(block: number): string {
    return block === this.current + 1 ? '' : `pc = @${block}@; continue run;`;
  }

  /** Runs text in pieces. It moves the frame's `pc` where it has come to its end. */
  private inPieces(code: string): string {
    const name = `p${this.step}`;
    this.parts.push(`const ${name} = (m, f, r) => { const c = m.core, a = m.accesses, s = f.slots; let v; ${code} };`);
    return `m.inPieces(${name}, f, r); if (f.pc === ${this.step}) return false;`;
  }

  private instruction(i: Instruction, joined: boolean): void {
    const { graph, scope, text } = this;
    const { expressions, types } = this.linker;
    switch (i.kind) {
      case 'assign': {
        const takesSeveral = types.takesSeveral(i.target, scope);
        const several = !i.once && !this.model && takesSeveral;
        // Where a slot is written, memory is only read.
        const asks = !this.model && !takesSeveral;
        const code = expressions.assign(i.target, i.value, scope, text, asks ? leavesIfYielding : '');
        this.emitPlain(i.span, 'assign', code, { joined, part: i.part ?? null, ...(i.once ? { plain: false } : {}) }, several);
        break;
      }
      case 'call':
        this.call(i);
        break;
      case 'declare': {
        const variable = graph.variables[i.variable];
        if (!variable) break;
        if (scope.memory.has(i.variable)) {
          const bytes = Math.max(1, expressions.layout.sizeOf(variable.type));
          text.usesMachine = true;
          this.emitPlain(i.span, 'other', `a.forget(s[${i.variable}], ${bytes});`);
        } else this.emitPlain(i.span, 'other', `s[${i.variable}] = NaN;`);
        break;
      }
      case 'end':
        // What is dead must not tell two states apart.
        if (!scope.memory.has(i.variable)) this.emitPlain(i.span, 'other', `s[${i.variable}] = NaN;`);
        break;
      case 'iterate': {
        const told = text.tells((m) => {
          m.meetUnreadPart(graph, i.span, `the loop ${i.macro}()`);
          m.core.assumeUnknown('construct', i.macro, 'a loop that has no elements', `${i.macro}() taken to have no elements`);
        });
        const store = expressions.store(expressions.place(i.target, scope, text), { text: '0', in: long }, text);
        this.emitPlain(i.span, 'other', `${told}; ${store}`);
        break;
      }
      case 'opaque': {
        const what = i.text;
        const told = text.tells((m) => {
          m.meetUnreadPart(graph, i.span, what);
          m.core.assumeUnknown('construct', what, 'nothing happens', `'${what}' taken to do nothing`);
        });
        this.emitPlain(i.span, 'other', `${told};`);
        break;
      }
    }
  }

  // ---- calls -----------------------------------------------------------------------------------------------------

  private call(i: Extract<Instruction, { kind: 'call' }>): void {
    const { linker, graph, scope, text } = this;
    const { expressions } = linker;
    const site = text.constant(this.callSite(i));
    const values = i.arguments.map((argument) => (argument.kind === 'type' ? '0' : expressions.argument(argument.value, scope, text)));
    const given = `[${values.join(', ')}]`;
    const at = this.step;
    const take = i.target ? expressions.store(expressions.place(i.target, scope, text), { text: 'r', in: anything }, text) : '';
    if (take !== '') this.results.set(at, take);
    const answered = [
      `r = ${site}.answer(m, r, ${given});`,
      'if (r === blocked) { m.blockedHere(); return false; }',
      take === '' ? '' : `if (!c.halted) { ${take} }`,
    ].join(' ');
    const hang = this.undefinedNames(i).length > 0 ? `${site}.hang(m, r); ` : '';
    const early = text.assumes || hang !== '';
    const entered = ({ alone }: Way): string => {
      const go = alone ? 'c.left--; return false;' : 'if (--c.left <= 0 || !r.run(m, v)) return false;';
      return `if (typeof r !== 'function') { v = ${site}.enter(m, r, ${given}, ${at}); ${go} } else { ${early ? '' : 'm.beginCall(); '}`;
    };
    const step = { usesMachine: true, assumes: early, calls: true };
    if (i.callee.kind === 'direct') {
      const { name } = i.callee;
      const plain = isPlain(name) && !this.model;
      const answer = plain ? this.inPieces(`${answered} f.pc = ${at + 1};`) : answered;
      const code = (way: Way): string => `r = ${site}.direct ?? ${site}.named(${JSON.stringify(name)}); ${hang}${entered(way)}${answer}`;
      this.emit(i.span, 'call', { ...step, code }, { plain });
      return;
    }
    const pointer = expressions.value(i.callee.pointer, scope, text).text;
    const written = text.constant(expressions.written(i.callee.pointer, graph));
    const found = `v = m.functionAt(${pointer}, ${written}); if (v === null) { c.left--; return false; } r = ${site}.at(v);`;
    const answer = this.model
      ? answered
      : `if (${text.constant(isPlain)}(v)) { ${this.inPieces(`${answered} f.pc = ${at + 1};`)} } else { ${answered} }`;
    this.emit(i.span, 'call', { ...step, code: (way) => `${found} ${entered(way)}${hang}${answer}` });
  }

  private undefinedNames(i: Extract<Instruction, { kind: 'call' }>): string[] {
    const { expressions } = this.linker;
    return i.arguments.flatMap((argument) =>
      argument.kind === 'value' ? (expressions.undefinedName(argument.value, this.scope) ?? []) : [],
    );
  }

  private callSite(i: Extract<Instruction, { kind: 'call' }>): CallSite {
    const { linker, graph, scope } = this;
    const { expressions, types } = linker;
    const { layout } = expressions;
    const call: Mutable<IntrinsicCall> = {
      types: i.arguments.map((argument): CType | null =>
        argument.kind === 'type' ? argument.type : expressions.aboutArgument(argument.value, scope),
      ),
      texts: i.arguments.map((argument) => (argument.kind === 'type' ? argument.text : expressions.written(argument.value, graph))),
      sizeOf: (type: CType): number | undefined => layout.sizeOf(type),
      integerOf: (type: CType): IntegerType | undefined => types.integerType(type),
      scalarOf: (type: CType): MemoryScalar | undefined => types.scalarOf(type),
      offsetOf: (type: CType, member: string): number | undefined => layout.offsetOf(type, member),
      values: [],
    };
    const rests = new Map<CompiledFunction, RestArguments>();
    const restFor = (callee: CompiledFunction): RestArguments => {
      let known = rests.get(callee);
      if (!known) rests.set(callee, (known = this.restArguments(i.arguments, callee.graph.parameterCount)));
      return known;
    };
    return new CallSite(linker, graph.file, call, this.undefinedNames(i), restFor);
  }

  /** As the ABI lays out those that no register has room for: one after the other, in words of 8 bytes (System V, x86-64, 3.2.3). */
  private restArguments(all: readonly CallArgument[], parameters: number): RestArguments {
    let bytes = 0;
    const stores = all.slice(parameters).map((argument, at): RestArguments['store'] => {
      const offset = bytes;
      const passed = argument.kind === 'value' ? this.linker.expressions.passed(argument.value, this.scope) : null;
      bytes += passed === null ? 8 : Math.ceil(passed.bytes / 8) * 8;
      return (m, address, values) => passed?.store(m, address + offset, values[parameters + at] ?? NaN);
    });
    return { bytes, store: (m, address, values) => stores.forEach((store) => store(m, address, values)) };
  }

  // ---- where blocks end ------------------------------------------------------------------------------------------------

  private terminator(t: Terminator, joined: boolean): void {
    const { scope, text } = this;
    const { expressions } = this.linker;
    switch (t.kind) {
      case 'goto':
        this.emit(t.span, 'other', { code: () => '', end: this.goTo(`@${t.to}@`, this.jump(t.to), t.to) });
        break;
      case 'branch': {
        const condition = expressions.value(t.condition, scope, text).text;
        const unset = this.unset(`a branch depends on '${expressions.written(t.condition, this.graph)}', which has no value yet`);
        const go =
          t.then === this.current + 1
            ? `if (v === 0) { ${this.jump(t.else)} }`
            : `if (v !== 0) { ${this.jump(t.then)} } ${this.jump(t.else)}`;
        const end = this.goTo(`v === 0 ? @${t.else}@ : @${t.then}@`, go, t.then, t.else);
        const asks = text.usesMachine && !text.assumes && !this.model;
        const leaves = asks ? leavesIfYielding : '';
        this.emit(t.span, 'branch', { code: (way) => `v = ${condition}; ${leaves} ${unset(way)}`, end, asks, branches: true }, { joined });
        break;
      }
      case 'switch':
        this.switchStep(t);
        break;
      case 'return': {
        const value = t.value ? expressions.returned(t.value, this.graph.returns, scope, text) : 'NaN';
        const code = (): string => `m.leave(${value}); return --c.left > 0;`;
        this.emit(t.span, 'return', { code, end: { kind: 'out' }, usesMachine: true });
        break;
      }
      case 'unreachable':
        this.emit(t.span, 'other', { code: () => 'm.end(); c.left--; return false;', end: { kind: 'out' }, usesMachine: true });
        break;
    }
  }

  /** Where `v` has no value, that is reported and the path ends. */
  private unset(message: string): StepText['code'] {
    const { step } = this;
    const told = `f.pc = ${step}; m.report('uninitialised', ${this.text.constant(message)});`;
    return ({ uncounted }) => `if (v !== v) { ${told} c.left -= ${uncounted + 1}; return false; }`;
  }

  private switchStep(t: Extract<Terminator, { kind: 'switch' }>): void {
    const { scope, text } = this;
    const { expressions, types } = this.linker;
    const type = types.switchedAs(t.value, scope);
    const value = expressions.in(expressions.value(t.value, scope, text), type, text).text;
    const bound = (known: bigint | null, e: PureExpression): string => {
      const given = known === null ? expressions.value(e, scope, text) : { text: literal(convert(known, type)), in: type };
      return expressions.in(given, type, text).text;
    };
    const cases = t.cases.map((each) => {
      const [low, high] = [bound(each.low, each.lowest), bound(each.high, each.highest)];
      const test = low === high && each.low !== null ? `v === ${low}` : `v >= ${low} && v <= ${high}`;
      return `if (${test}) { pc = @${each.to}@; break to; }`;
    });
    const unset = this.unset(`a switch depends on '${expressions.written(t.value, this.graph)}', which has no value yet`);
    const to = `to: { ${cases.join(' ')} pc = @${t.default}@; }`;
    const end = this.goTo('pc', 'continue run;', t.default, ...t.cases.map((each) => each.to));
    this.emit(t.span, 'branch', { code: (way) => `v = ${value}; ${unset(way)} ${to}`, end });
  }
}

/** Behind an access of a step that asks. */
const leavesIfYielding = 'if (c.yields) return false;';

const nothing: Omit<StepText, 'code'> = {
  end: { kind: 'next' },
  usesMachine: false,
  assumes: false,
  asks: false,
  grants: false,
  calls: false,
  branches: false,
};

/** Of a value that comes from anywhere. */
const anything: IntegerType = { bits: 65, signed: true };

/** Variables that can't be in a slot: no scalars, or their address is taken. */
function memoryVariables(graph: FunctionGraph, types: ExpressionTypes): ReadonlySet<number> {
  const found = new Set(addressTaken(graph));
  for (const { id, kind, type } of graph.variables) if (kind === 'static' || types.aggregateSize(type) !== undefined) found.add(id);
  return found;
}
