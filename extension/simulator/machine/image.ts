// What is there before anything runs: the program's functions, variables of file scope and strings, each at an address.
import { contractOf } from '../../kernel/contracts.js';
import type { Contract, Outcome } from '../../kernel/contract.js';
import type { Intrinsic, Value } from '../../kernel/intrinsics/machine.js';
import type { Assumption } from '../../model/simulation.js';
import { LineTable, type Span } from '../../model/source.js';
import type { FunctionGraph } from '../../program/graph.js';
import { memberNames } from '../../program/member-names.js';
import type { GlobalVariable, Program } from '../../program/program.js';
import { printType } from '../../program/types.js';
import type { CType } from '../../syntax/ast.js';
import { stringUnit, stringValue } from '../../syntax/literals.js';
import { compileFunction } from '../code/compile.js';
import type { CalleeStub, CompiledFunction, Linker } from '../code/compiled-function.js';
import { ExpressionTypes } from '../code/expression-types.js';
import { Expressions } from '../code/expressions.js';
import { Layout } from '../code/layout.js';
import type { SimulatedMachine } from './simulated-machine.js';
import { staticIdCount, staticIds } from './machine-state.js';
import { MemoryBlock, blockSpacing, type BlockKind } from './memory-block.js';
import { type SimulatedMemory } from './simulated-memory.js';
import { hashOf } from './text-hash.js';

/** Bytes of an array whose length is only in its initialiser, and of what nothing declares. */
const unknownSize = 4096;

/** What a pointer to a function leads to: a function of the program, or the name of one that only an intrinsic has. */
export type CalleeTarget = CompiledFunction | string;

export class Image implements Linker {
  readonly layout: Layout;
  readonly expressions: Expressions;
  readonly types: ExpressionTypes;
  private readonly functions = new Map<FunctionGraph, CompiledFunction>();
  private readonly numbers = new Map<string, number>();
  private readonly counts = new WeakMap<CType, number | null>();
  private readonly addresses = new Map<string, number>();
  private readonly code = new Map<MemoryBlock, { readonly name: string; readonly file: string }>();
  private readonly assumed = new Map<string, { kind: Assumption['kind']; name: string; assumed: string; times: number }>();
  /** Functions that can't be run, with where and why. */
  private readonly refused = new Map<string, string>();
  private members: ReadonlySet<string> | undefined;
  /** Numbers of blocks that are taken. */
  private readonly ids = new Set<number>();
  private ambiguous = false;

  /** `boundary`: calls to a function of the tree that go to one of the model. */
  constructor(
    readonly program: Program,
    private readonly memory: SimulatedMemory,
    private readonly intrinsicOf: (name: string) => Intrinsic | undefined,
    private readonly boundary: Readonly<Record<string, string>>,
  ) {
    this.layout = new Layout(program, (name) => this.assume('type', name, 'its size and members are not known'));
    this.types = new ExpressionTypes(program, this.layout);
    this.expressions = new Expressions(program, this.layout, this.types);
  }

  // ---- functions -------------------------------------------------------------------------------------------------

  find(name: string, file: string): FunctionGraph | undefined {
    const instead = Object.hasOwn(this.boundary, name) ? this.boundary[name] : undefined;
    return this.program.resolve(instead ?? name, file);
  }

  intrinsic(name: string): Intrinsic | undefined {
    return this.intrinsicOf(name);
  }

  compiled(graph: FunctionGraph): CompiledFunction {
    let known = this.functions.get(graph);
    if (!known) this.functions.set(graph, (known = compileFunction(graph, this)));
    return known;
  }

  numberOf(graph: FunctionGraph): number {
    if (this.numbers.size === 0)
      for (const unit of this.program.units)
        for (const each of unit.declarations) if (each.kind === 'function') this.numbers.set(keyOf(unit.file, each), this.numbers.size + 1);
    const key = keyOf(graph.file, graph);
    let known = this.numbers.get(key);
    // What works out initial values is no function of the program.
    if (known === undefined) this.numbers.set(key, (known = this.numbers.size + 1));
    return known;
  }

  /** A function by name, as the model's drivers are called; undefined where nobody defines it. */
  named(name: string): CompiledFunction | undefined {
    const graph = this.program.resolve(name, '') ?? this.program.functionsNamed(name)[0];
    return graph && this.compiled(graph);
  }

  functionAddress(name: string, file: string): number {
    const graph = this.find(name, file);
    const home = graph?.file ?? file;
    return this.addressOf(`function ${graph ? home : ''} ${name}`, (key) => {
      const block = this.block(key, 'function', 1, name);
      this.code.set(block, { name, file: home });
      return block;
    });
  }

  /** The function at a block. */
  functionOf(block: MemoryBlock): CalleeTarget {
    const { name, file } = this.code.get(block) ?? { name: block.name, file: '' };
    const graph = this.find(name, file);
    return graph ? this.compiled(graph) : name;
  }

  // ---- variables and strings -------------------------------------------------------------------------------------

  globalAddress(m: SimulatedMachine, name: string, file: string): number {
    const variable = this.program.global(name, file);
    return this.addressOf(
      `global ${variable?.file ?? ''} ${name}`,
      (key) => {
        const size = variable ? this.sizeOfVariable(variable) : unknownSize;
        return this.block(key, 'global', size === 0 ? unknownSize : size, name, variable?.type);
      },
      () => {
        if (variable?.initialiser) m.runApart(this.compiled(variable.initialiser));
      },
    );
  }

  /** What is taken to be 0 of a variable that nothing declares, or whose initial value was not understood. */
  assumeZero(name: string, file: string): void {
    const variable = this.program.global(name, file);
    if (!variable) this.assume('constant', name, 'a variable that is 0');
    else if (variable.notLowered) this.assume('construct', `the initial value of ${name}: ${variable.notLowered}`, 'is 0');
  }

  /** With the elements that its initialiser gives to a flexible array at its end. */
  private sizeOfVariable({ type, flexible }: GlobalVariable): number {
    const size = this.layout.sizeOf(type);
    const begins = flexible === null ? undefined : this.layout.offsetOf(type, flexible.name);
    return flexible === null || begins === undefined ? size : Math.max(size, begins + this.layout.sizeOf(flexible.type));
  }

  staticAddress(m: SimulatedMachine, graph: FunctionGraph, id: number): number {
    const variable = graph.variables[id];
    return this.addressOf(
      // A function's static locals are those of their initialisers' graphs too; a literal has but its place.
      `static ${graph.file} ${graph.name} ${id} ${variable?.name ?? ''} ${variable?.span.start ?? 0}`,
      (key) => {
        const type = variable?.type ?? { kind: 'unknown' as const, text: '' };
        return this.block(key, 'global', Math.max(1, this.layout.sizeOf(type)), variable?.name ?? '', type);
      },
      () => {
        if (variable?.initialiser) m.runApart(this.compiled(variable.initialiser));
      },
    );
  }

  stringAddress(text: string): number {
    return this.addressOf(`string ${text}`, (key) => {
      const value = stringValue(text);
      return this.block(key, 'string', value.length + stringUnit(text).bits / 8, text, null, value);
    });
  }

  private addressOf(key: string, make: (key: string) => MemoryBlock, made?: () => void): number {
    const known = this.addresses.get(key);
    if (known !== undefined) return known;
    const block = make(key);
    // Before its initial value is worked out, which may name it.
    this.addresses.set(key, block.base);
    made?.();
    return block.base;
  }

  /** Every image of the program has the same blocks at the same addresses, whatever came first. */
  get isAlikeEverywhere(): boolean {
    return !this.ambiguous;
  }

  /** The number of a block, which hangs on nothing but its key, but where the numbers of two keys are the same. */
  private idOf(key: string): number {
    let id = staticIds + (hashOf(key) >>> 4);
    while (this.ids.has(id)) {
      this.ambiguous = true;
      id = id + 1 < staticIds + staticIdCount ? id + 1 : staticIds;
    }
    this.ids.add(id);
    return id;
  }

  private block(
    key: string,
    kind: BlockKind,
    bytes: number,
    name: string,
    type: MemoryBlock['type'] = null,
    text: string | null = null,
  ): MemoryBlock {
    const size = Math.min(bytes, blockSpacing - 4096);
    if (bytes > size) this.assume('construct', `${bytes} bytes of ${name}`, `${size} bytes are enough`);
    const block = new MemoryBlock(this.idOf(key), kind, size, name, type, true, '', text, null);
    this.memory.addStatic(block);
    return block;
  }

  recordNamed(tag: string): CType | null {
    const record = this.program.record(tag);
    return record ? { kind: 'record', union: record.union, tag, record } : null;
  }

  /** Bytes to a record's reference count (`refcount_t`, `struct kref`); undefined for other types. */
  countOffset(type: CType | null): number | undefined {
    if (!type) return undefined;
    let known = this.counts.get(type);
    if (known === undefined) {
      const members = [...this.layout.membersOf(type).values()];
      this.counts.set(type, (known = members.find((member) => isCount(member.type))?.offset ?? null));
    }
    return known ?? undefined;
  }

  /** Some record has a member of that name. */
  isMember(name: string): boolean {
    this.members ??= memberNames(this.program);
    return this.members.has(name);
  }

  refuse({ name, file, span }: FunctionGraph, reason: string): void {
    this.refused.set(name, this.placed(file, span, reason));
  }

  /** Where a part of a function is that was not understood, and how it is written. */
  whyUnreadPart(file: string, span: Span, text: string): string {
    return this.placed(file, span, `not understood: ${text.replace(/\s+/g, ' ').trim()}`);
  }

  private placed(file: string, span: Span, what: string): string {
    const text = this.program.units.find((unit) => unit.file === file)?.text;
    const line = text === undefined ? '' : `line ${new LineTable(text).lineNumber(span.start)}: `;
    return `${file}, ${line}${what}`;
  }

  /** Where and why a function of the tree could not be read, lowered or compiled; null for any other name. */
  whyUnread(name: string): string | null {
    const refused = this.refused.get(name);
    if (refused !== undefined) return refused;
    const found = this.program.notAnalysedNamed(name);
    return found ? `${found.file}, ${found.reason}` : null;
  }

  // ---- what is not known -----------------------------------------------------------------------------------------

  unknown(name: string, file: string): CalleeStub {
    if (this.whyUnread(name) !== null) {
      return (m) => {
        m.meetUnread(name);
        return undefined;
      };
    }
    if (name.startsWith('__builtin_')) {
      // gcc's own: no header will tell more of it.
      this.refused.set(name, "one of gcc's own functions that is not computed by the simulator");
      return (m) => {
        m.meetUnread(name);
        return undefined;
      };
    }
    const contract = contractOf(name);
    const type = this.program.returns(name, file);
    if (!contract) {
      const nothing = type?.kind === 'void';
      return (m) => {
        const what = `${name}() taken to ${nothing ? 'do nothing' : 'return 0'}`;
        m.core.assumeUnknown('callee', name, 'does nothing and returns 0', what);
        return nothing ? undefined : 0;
      };
    }
    const outcomes = contract.outcomes.map((outcome) => ({ outcome, answer: representative(outcome) }));
    const [usual, ...others] = outcomes;
    const failure = others.find(({ answer }) => answer <= 0);
    const object = usual !== undefined && usual.answer > 0 && isObject(contract, usual.outcome, type);
    const assumed = `returns what its contract allows${type ? ` (${printType(type)})` : ''} and does nothing else`;
    return (m) => {
      const tell = (answer: string): void => m.core.assumeUnknown('callee', name, assumed, `${name}() taken to ${answer}`);
      if (contract.noReturn || usual === undefined || usual.outcome.returns === null) {
        tell('do nothing');
        return contract.noReturn ? undefined : 0;
      }
      if (failure && contract.allocates && m.fails(name)) {
        tell(`fail with ${failure.answer}`);
        return failure.answer;
      }
      tell(`return ${object ? 'something of which nothing is known' : usual.answer}`);
      return object ? this.objectOf(name, type) : usual.answer;
    };
  }

  /** What an unknown callee's pointer points to: the same object for all its calls, all 0. */
  private objectOf(callee: string, type: CType | undefined): number {
    const to = type?.kind === 'pointer' ? type.to : null;
    const size = Math.max(unknownSize, to ? this.layout.sizeOf(to) : 0);
    return this.addressOf(`object ${callee}`, (key) => this.block(key, 'global', size, `what ${callee}() returns`, to));
  }

  assume(kind: Assumption['kind'], name: string, assumed: string): void {
    const key = `${kind} ${name}`;
    const known = this.assumed.get(key);
    if (known) known.times++;
    else this.assumed.set(key, { kind, name, assumed, times: 1 });
  }

  /** Adds what was assumed before, where it was not since. */
  assumeAgain(all: readonly Assumption[]): void {
    for (const each of all) {
      const key = `${each.kind} ${each.name}`;
      const known = this.assumed.get(key);
      if (known) known.times += each.times;
      else this.assumed.set(key, { ...each });
    }
  }

  /** What was assumed since the last call, most often met first. */
  takeAssumptions(): Assumption[] {
    const all = [...this.assumed.values()].sort((a, b) => b.times - a.times || (a.name < b.name ? -1 : 1));
    this.assumed.clear();
    return all;
  }
}

function keyOf(file: string, { name, span }: { readonly name: string; readonly span: Span }): string {
  return `${file} ${span.start} ${name}`;
}

function isCount(type: CType): boolean {
  if (type.kind === 'named') return type.name === 'refcount_t';
  return type.kind === 'record' && (type.tag === 'kref' || type.tag === 'refcount_struct');
}

/** Whether that is a pointer which its caller may follow, rather than a number. */
function isObject(contract: Contract, { effects }: Outcome, type: CType | undefined): boolean {
  if (type?.kind === 'pointer' || contract.borrows === true || contract.allocates === true) return true;
  return effects.some((effect) => effect.kind === 'acquire' && effect.subject.root === 'result');
}

/** One value of those that an outcome may return: 0 where it is one, else the nearest to it. */
function representative(outcome: Outcome): Value {
  if (outcome.returns?.kind !== 'set') return 0;
  let best: number | undefined;
  for (const [low, high] of outcome.returns.set) {
    const nearest = low <= 0 && high >= 0 ? 0 : low > 0 ? low : high;
    if (best === undefined || Math.abs(nearest) < Math.abs(best)) best = nearest;
  }
  return best ?? 0;
}
