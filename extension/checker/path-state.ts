// What is known at one point of one path: values in memory, sets of integers, references and who holds them.
import { any, positive, type Effect, type EffectSite, type IntegerSet, type Resource } from '../kernel/contract.js';
import type { Span } from '../model/source.js';
import type { VariableId } from '../program/graph.js';
import type { PathEvent } from './event.js';
import { formatSet, intersect, isEmpty, mirrored, negated, only, satisfying, single, union } from './integer-set.js';
import type { LocationId, ValueId, SymbolicValues } from './symbolic-values.js';

/** The way here, latest step first. */
export interface TraceNode {
  readonly previous: TraceNode | null;
  readonly event: PathEvent;
  /** The statement of a callee that had the effect which decided. */
  readonly inside: EffectSite | null;
  readonly span: Span;
  readonly length: number;
}

/** One reference that this function has to account for. */
export interface Token {
  /** Names the place of acquisition, so that the same reference on two paths is equal. */
  readonly id: string;
  readonly resource: Resource;
  readonly value: ValueId;
  /** `local`: this function must give it up; `stored`: an object, an index or a list that outlives the call holds it. */
  readonly holder: 'local' | 'stored';
  /** The private object in one of whose fields the pointer stands; its fate decides. */
  readonly within: ValueId | null;
  /** A callee that nothing is known of was given the pointer. */
  readonly doubtful: boolean;
  /** Made by setting the count of an object allocated here, not by a get. */
  readonly initial: boolean;
  /** Got by a get on an object that was at hand, not handed out by the call. */
  readonly taken: boolean;
  /** The tag of the record that it is to, or empty where that is not known. */
  readonly tag: string;
  readonly callee: string;
  readonly trace: TraceNode;
}

export interface Release {
  readonly resource: Resource;
  readonly value: ValueId;
  readonly callee: string;
  readonly tokenId: string | null;
  readonly acquired: TraceNode | null;
  readonly trace: TraceNode;
  /** Nothing that this function knows of keeps the object alive any more. */
  readonly last: boolean;
  readonly doubtful: boolean;
  /** By a function of the kernel, called here, that gives up this one thing. */
  readonly direct: boolean;
}

/** What happened since a variable was given an error code. */
export interface ErrnoNote {
  readonly assigned: Span;
  readonly value: number;
  /** The latest fallible call since, and its result. */
  readonly call: { readonly name: string; readonly result: ValueId; readonly pointer: boolean } | null;
  /**
   * `armed`: no check decided yet; `passed`: the latest decision was that `call` succeeded; `exit`: a check took the way
   * out; `unclear`: something else was decided since.
   */
  readonly phase: 'armed' | 'passed' | 'exit' | 'unclear';
  readonly decidedBy: number | null;
  /** A check that could have taken the way out did not: the code has served its purpose. */
  readonly checked: boolean;
  readonly trace: TraceNode;
}

export interface Untested {
  readonly callee: string;
  /** The call hands a reference out when it succeeds, so that using its failure is a flaw. */
  readonly acquires: boolean;
  /** To keep the failure in an object is one, too. */
  readonly allocates: boolean;
  readonly trace: TraceNode;
  readonly stored: boolean;
}

export interface Observation {
  readonly count: ValueId;
  readonly object: ValueId;
  readonly known: readonly string[];
}

export interface RecordedEffect {
  readonly key: string;
  readonly effect: Effect;
}

export class PathState {
  store = new Map<LocationId, ValueId>();
  facts = new Map<ValueId, IntegerSet>();
  tokens: readonly Token[] = [];
  released = new Map<string, Release>();
  untested = new Map<ValueId, Untested>();
  errno = new Map<VariableId, ErrnoNote>();
  observations: readonly Observation[] = [];
  /** Objects allocated here that nobody else can reach yet. */
  privateObjects = new Set<ValueId>();
  /** Objects of which this path dropped the last reference: what follows is their destructor. */
  dying = new Set<ValueId>();
  effects: readonly RecordedEffect[] = [];
  /** Calls that would have taken a reference over and failed, so that it stays here. */
  refused = new Map<ValueId, { readonly callee: string; readonly trace: TraceNode }>();
  /** The latest releases, in order. */
  unwound: readonly { readonly token: Token; readonly span: Span }[] = [];
  /** Which values a finding was already reported about, by kind. */
  reported = new Set<string>();
  /** The allocation whose failure decided the way out. */
  failed: { readonly callee: string; readonly trace: TraceNode } | null = null;
  epoch = '';
  epochs = new Map<string, string>();
  trace: TraceNode;

  constructor(trace: TraceNode) {
    this.trace = trace;
  }

  clone(): PathState {
    const copy = new PathState(this.trace);
    copy.store = new Map(this.store);
    copy.facts = new Map(this.facts);
    copy.tokens = this.tokens;
    copy.released = new Map(this.released);
    copy.untested = new Map(this.untested);
    copy.errno = new Map(this.errno);
    copy.observations = this.observations;
    copy.privateObjects = new Set(this.privateObjects);
    copy.dying = new Set(this.dying);
    copy.effects = this.effects;
    copy.unwound = this.unwound;
    copy.refused = new Map(this.refused);
    copy.reported = new Set(this.reported);
    copy.failed = this.failed;
    copy.epoch = this.epoch;
    copy.epochs = new Map(this.epochs);
    return copy;
  }

  /** `null` is no step of its own for others, so that no path is longer for it. */
  step(event: PathEvent, span: Span, inside: EffectSite | null = null): void {
    this.trace = { previous: this.trace, event, inside, span, length: this.trace.length + (event.kind === 'null' ? 0 : 1) };
  }

  /** Where a variable was given NULL last. */
  givenNull(variable: VariableId): TraceNode | null {
    let node: TraceNode | null = this.trace;
    while (node !== null && (node.event.kind !== 'null' || node.event.variable !== variable)) node = node.previous;
    return node;
  }

  // ---- sets ----

  setOf(values: SymbolicValues, id: ValueId): IntegerSet {
    const node = values.node(id);
    if (node.kind === 'constant') return only(node.value);
    const fact = this.facts.get(id);
    if (fact !== undefined) return fact;
    switch (node.kind) {
      case 'symbol':
        return any;
      case 'address':
        return positive;
      case 'compare': {
        const left = this.setOf(values, node.left);
        const right = this.setOf(values, node.right);
        if (this.distinct(values, node.left, node.right) && (node.operator === '==' || node.operator === '!='))
          return only(node.operator === '==' ? 0 : 1);
        if (node.left === node.right) return only(node.operator === '==' || node.operator === '<=' || node.operator === '>=' ? 1 : 0);
        if (isEmpty(intersect(left, satisfying(node.operator, right)))) return only(0);
        if (isEmpty(intersect(left, satisfying(negated[node.operator], right)))) return only(1);
        return [[0, 1]];
      }
      case 'operation':
        return operationSet(
          node.operator,
          node.operands.map((operand) => this.setOf(values, operand)),
        );
    }
  }

  /** A new object is at no other's address. */
  private distinct(values: SymbolicValues, left: ValueId, right: ValueId): boolean {
    if (left === right) return false;
    const [first, second] = this.privateObjects.has(left) ? [left, right] : [right, left];
    if (!this.privateObjects.has(first)) return false;
    return this.privateObjects.has(second) || values.node(second).kind === 'address';
  }

  constantOf(values: SymbolicValues, id: ValueId): number | undefined {
    return single(this.setOf(values, id));
  }

  /** Restricts a value to a set; false where nothing is left, so that the path can't be. */
  restrict(values: SymbolicValues, id: ValueId, set: IntegerSet): boolean {
    const before = this.setOf(values, id);
    const after = intersect(before, set);
    if (isEmpty(after)) return false;
    const node = values.node(id);
    if (node.kind !== 'constant') this.facts.set(id, after);
    if (node.kind === 'compare') {
      const truth = single(after);
      if (truth !== undefined) return this.relate(values, truth === 0 ? negated[node.operator] : node.operator, node.left, node.right);
    }
    return this.observationsHold(values);
  }

  private relate(values: SymbolicValues, operator: keyof typeof negated, left: ValueId, right: ValueId): boolean {
    const leftSet = this.setOf(values, left);
    const rightSet = this.setOf(values, right);
    const newLeft = intersect(leftSet, satisfying(operator, rightSet));
    const newRight = intersect(rightSet, satisfying(mirrored[operator], leftSet));
    if (isEmpty(newLeft) || isEmpty(newRight)) return false;
    const leftNode = values.node(left);
    const rightNode = values.node(right);
    if (leftNode.kind !== 'constant') this.facts.set(left, newLeft);
    if (rightNode.kind !== 'constant') this.facts.set(right, newRight);
    for (const [node, set] of [
      [leftNode, newLeft],
      [rightNode, newRight],
    ] as const) {
      if (node.kind === 'compare') {
        const truth = single(set);
        if (truth !== undefined && !this.relate(values, truth === 0 ? negated[node.operator] : node.operator, node.left, node.right))
          return false;
      }
    }
    if (operator === '==' && left !== right && leftNode.kind !== 'constant' && rightNode.kind !== 'constant') {
      // a parameter keeps its name: that is what callers know the value by
      const parameter = rightNode.kind === 'symbol' && rightNode.origin.kind === 'parameter';
      if (parameter && leftNode.kind === 'symbol' && !values.mentions(right, left)) this.substitute(values, left, right);
      else if (rightNode.kind === 'symbol' && !values.mentions(left, right)) this.substitute(values, right, left);
      else if (leftNode.kind === 'symbol' && !values.mentions(right, left)) this.substitute(values, left, right);
    }
    return this.observationsHold(values);
  }

  /**
   * A count that was read can't have been smaller than the references that are now known to have existed then: those held
   * here, and those moved out of an index or a field since.
   */
  private observationsHold(values: SymbolicValues): boolean {
    for (const { count, object, known } of this.observations) {
      const now = this.tokens.filter(
        (token) => token.value === object && token.resource === 'reference' && !known.includes(token.id),
      ).length;
      if (isEmpty(intersect(this.setOf(values, count), [[known.length + now, Number.MAX_SAFE_INTEGER]]))) return false;
    }
    return true;
  }

  /** Replaces a value by another everywhere: they were found to be equal, or the name is needed for a new value. */
  substitute(values: SymbolicValues, from: ValueId, to: ValueId): void {
    const value = (id: ValueId): ValueId => values.replace(id, from, to);
    const store = new Map<LocationId, ValueId>();
    for (const [at, what] of this.store) store.set(values.replaceInLocation(at, from, to), value(what));
    this.store = store;
    const facts = new Map<ValueId, IntegerSet>();
    for (const [id, set] of this.facts) {
      const replaced = value(id);
      const known = facts.get(replaced);
      const next = known === undefined ? set : intersect(known, set);
      if (values.node(replaced).kind !== 'constant') facts.set(replaced, isEmpty(next) ? set : next);
    }
    this.facts = facts;
    this.tokens = this.tokens.map((token) => {
      const next = value(token.value);
      const within = token.within === null ? null : value(token.within);
      return next === token.value && within === token.within ? token : { ...token, value: next, within };
    });
    const released = new Map<string, Release>();
    for (const release of this.released.values()) {
      const next = { ...release, value: value(release.value) };
      released.set(releaseKey(next.resource, next.value), next);
    }
    this.released = released;
    const untested = new Map<ValueId, Untested>();
    for (const [id, what] of this.untested) untested.set(value(id), what);
    this.untested = untested;
    for (const [variable, note] of this.errno) {
      if (note.call !== null) this.errno.set(variable, { ...note, call: { ...note.call, result: value(note.call.result) } });
    }
    this.observations = this.observations.map((one) => ({ ...one, count: value(one.count), object: value(one.object) }));
    this.privateObjects = new Set([...this.privateObjects].map(value));
    this.dying = new Set([...this.dying].map(value));
  }

  /** Whether anything here is made of a value. */
  mentions(values: SymbolicValues, id: ValueId): boolean {
    for (const [at, what] of this.store) if (values.locationMentions(at, id) || values.mentions(what, id)) return true;
    for (const known of this.facts.keys()) if (values.mentions(known, id)) return true;
    return (
      this.tokens.some((token) => values.mentions(token.value, id)) ||
      [...this.released.values()].some((release) => values.mentions(release.value, id)) ||
      [...this.untested.keys()].some((value) => values.mentions(value, id))
    );
  }

  /** Everything that matters for what follows, as text: two states with equal keys have the same future. */
  key(): string {
    const parts: string[] = [];
    for (const [at, what] of [...this.store].sort((a, b) => a[0] - b[0])) parts.push(`${at}=${what}`);
    parts.push('|');
    for (const [id, set] of [...this.facts].sort((a, b) => a[0] - b[0])) parts.push(`${id}:${formatSet(set)}`);
    parts.push('|');
    for (const token of this.tokens) parts.push(tokenKey(token));
    parts.push(
      '|',
      ...[...this.released.keys()].sort(),
      '|',
      ...[...this.untested].map(([id, what]) => `${id}${what.stored ? 's' : ''}`).sort(),
    );
    parts.push('|');
    for (const [variable, note] of this.errno)
      parts.push(`${variable}@${note.assigned.start}${note.phase}${note.checked ? 'c' : ''}${note.call?.name ?? ''}`);
    parts.push('|', ...this.effects.map((one) => one.key), '|', [...this.privateObjects].join(','), [...this.dying].join(','));
    parts.push(
      '|',
      this.failed?.callee ?? '',
      this.epoch,
      ...[...this.epochs].map(([at, epoch]) => `${at}>${epoch}`).sort(),
      ...[...this.reported].sort(),
    );
    return parts.join(' ');
  }

  /** The part of the key that a join must not blur: references and what was done with them. */
  ownershipKey(): string {
    return [
      ...this.tokens.map(tokenKey),
      '|',
      ...[...this.released]
        .filter(([, release]) => release.tokenId !== null)
        .map(([key]) => key)
        .sort(),
      '|',
      ...this.effects.map((one) => one.key),
      '|',
      [...this.privateObjects].join(','),
      [...this.dying].join(','),
      '|',
      ...[...this.untested.keys()],
    ].join(' ');
  }
}

export function releaseKey(resource: Resource, value: ValueId): string {
  return `${resource}#${value}`;
}

function tokenKey(token: Token): string {
  return `${token.id}~${token.value}${token.holder === 'local' ? 'L' : 'S'}${token.within ?? ''}${token.doubtful ? '?' : ''}`;
}

/** What an arithmetic operation can give. Unknown operations give anything. */
function operationSet(operator: string, operands: readonly IntegerSet[]): IntegerSet {
  const [left, right] = operands;
  if (left === undefined) return operator === 'nonzero' ? positive : any;
  const constants = operands.map(single);
  const [a, b] = constants;
  if (right === undefined) {
    if (a !== undefined && operator === '-') return only(-a);
    if (a !== undefined && operator === '~') return only(-a - 1);
    return any;
  }
  if (a !== undefined && b !== undefined) {
    const folded = fold(operator, a, b);
    if (folded !== undefined) return only(folded);
  }
  if (operator === '&' && b !== undefined && b >= 0) return [[0, b]];
  if (operator === '&' && a !== undefined && a >= 0) return [[0, a]];
  if (operator === '+' && b !== undefined && left.every(([low, high]) => Number.isSafeInteger(low + b) && Number.isSafeInteger(high + b))) {
    return left.map(([low, high]) => [low + b, high + b] as const);
  }
  return any;
}

function fold(operator: string, a: number, b: number): number | undefined {
  const big = (result: bigint): number | undefined => {
    const number = Number(result);
    return Number.isSafeInteger(number) ? number : undefined;
  };
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? undefined : Math.trunc(a / b);
    case '%':
      return b === 0 ? undefined : a % b;
    case '&':
      return big(BigInt(a) & BigInt(b));
    case '|':
      return big(BigInt(a) | BigInt(b));
    case '^':
      return big(BigInt(a) ^ BigInt(b));
    case '<<':
      return b >= 0 && b < 53 ? big(BigInt(a) << BigInt(b)) : undefined;
    case '>>':
      return b >= 0 && b < 64 ? big(BigInt(a) >> BigInt(b)) : undefined;
    default:
      return undefined;
  }
}

/** The facts that hold in both. */
export function joinFacts(a: ReadonlyMap<ValueId, IntegerSet>, b: ReadonlyMap<ValueId, IntegerSet>): Map<ValueId, IntegerSet> {
  const result = new Map<ValueId, IntegerSet>();
  for (const [id, set] of a) {
    const other = b.get(id);
    if (other !== undefined) result.set(id, union(set, other));
  }
  return result;
}
