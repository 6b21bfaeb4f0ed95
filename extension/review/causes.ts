// One flaw, one story: what the checker, the simulator and the comparison of answers say of the same mistake stands together.
import type { Finding, RuleId } from '../model/finding.js';
import type { SimulationErrorKind, SimulationTrace } from '../model/simulation.js';
import type { ChangedBehaviour } from './behaviour.js';
import { blameOf, firstUnbalanced, type Blame } from './blame.js';
import { isUnbalanced } from './held.js';
import { rules } from './rules.js';
import type { ShortestError } from './shortest.js';

/** What a cause shows as, worst first: memory that is used or freed wrongly, what else goes wrong when run, what only looks wrong, other answers. */
export type Severity = 'error' | 'finding' | 'behaviour';

export interface Cause {
  /** Made of what it is about; the same while lines shift. */
  readonly id: string;
  readonly severity: Severity;
  /** 0-based patch of the series that brings it; null where no single one is known to. */
  readonly patch: number | null;
  /** The best of each first. One of the three lists is not empty. */
  readonly findings: readonly Finding[];
  readonly errors: readonly ShortestError[];
  /** Other answers and references that show it, or that are all there is to it. */
  readonly changes: readonly ChangedBehaviour[];
  /** Where the references of an error go wrong; null without one. */
  readonly blame: Blame | null;
}

/** What ran on the patched tree in the step that changed: functions, and `file:line` of each statement. */
export interface ChangePath {
  readonly functions: ReadonlySet<string>;
  readonly lines: ReadonlySet<string>;
}

/** All that a review introduces. */
export interface Introduced {
  readonly findings: readonly Finding[];
  readonly errors: readonly ShortestError[];
  readonly changes: readonly ChangedBehaviour[];
  /** By change, where its path is known. */
  readonly paths: ReadonlyMap<ChangedBehaviour, ChangePath>;
  /** The 0-based patch that brings something; null where no single one is known to. */
  patchOf(what: Finding | ShortestError | ChangedBehaviour): number | null;
}

/** Worst first; a kind that is not in it comes last. */
export const worst: readonly (SimulationErrorKind | RuleId)[] = [
  'use-after-free',
  'double-free',
  'dangling-reference',
  'double-put',
  'use-after-put',
  'direct-free',
  'transfer-mismatch',
  'put-not-owned',
  'refcount',
  'wild-dereference',
  'null-dereference',
  'null-deref',
  'unchecked-acquire',
  'bug',
  'deadlock',
  'live-lock',
  'index-without-lock',
  'list-without-lock',
  'lock-imbalance',
  'sleep-in-atomic',
  'rcu-outside',
  'leak',
  'ladder-label',
  'ladder-return',
  'uninitialised',
  'warning',
  'wrong-result',
  'stale-errno',
  'dead-default',
  'refcount-as-state',
  'ladder-order',
];

const isOfValues = (rule: RuleId): boolean => rules[rule].about !== 'references';

/** The causes of what a review introduces, worst first. Everything introduced belongs to exactly one. */
export function causesOf(introduced: Introduced): readonly Cause[] {
  const groups = new Groups(introduced);
  groups.joinErrors();
  groups.joinFindings();
  groups.joinChanges();
  const causes = numbered(groups.all().map((members) => causeOf(members, introduced)));
  return causes.sort((a, b) => rank(a) - rank(b) || (a.patch ?? 0) - (b.patch ?? 0) || (a.id < b.id ? -1 : 1));
}

/** What ran in the step of a change, told by the trace of its path. */
export function changePath(trace: SimulationTrace, { operation, line }: ChangedBehaviour): ChangePath {
  const at = trace.operations.findLastIndex((each) => each.text === operation && each.line === line);
  const steps = trace.steps.filter((step) => step.operation === at && step.at !== null);
  return {
    functions: new Set(steps.map((step) => step.at?.function ?? '')),
    lines: new Set(steps.map((step) => `${step.at?.file ?? ''}:${step.at?.line ?? 0}`)),
  };
}

/** Ids that several causes would have get numbers, in the order of the causes. */
function numbered(causes: readonly Cause[]): Cause[] {
  const times = new Map<string, number>();
  return causes.map((cause) => {
    const count = (times.get(cause.id) ?? 0) + 1;
    times.set(cause.id, count);
    return count === 1 ? cause : { ...cause, id: `${cause.id} ${count}` };
  });
}

type Member =
  | { readonly kind: 'error'; readonly error: ShortestError; readonly blame: Blame | null }
  | { readonly kind: 'finding'; readonly finding: Finding }
  | { readonly kind: 'change'; readonly change: ChangedBehaviour };

/** Members that belong together, found by joining two at a time. */
class Groups {
  private readonly errors: readonly Extract<Member, { kind: 'error' }>[];
  private readonly findings: readonly Extract<Member, { kind: 'finding' }>[];
  private readonly changes: readonly Extract<Member, { kind: 'change' }>[];
  private readonly parents = new Map<Member, Member>();

  constructor(private readonly introduced: Introduced) {
    this.errors = introduced.errors.map((error) => ({ kind: 'error', error, blame: blameOf(error.counterexample) }));
    this.findings = introduced.findings.map((finding) => ({ kind: 'finding', finding }));
    this.changes = introduced.changes.map((change) => ({ kind: 'change', change }));
  }

  /** Errors whose references go wrong in one function; and those of a path on which that happened before. */
  joinErrors(): void {
    this.joinAlike(this.errors, ({ error, blame }) =>
      typeof blame?.object === 'string' ? `${blame.object} ${blame.function}` : error.counterexample.error.id,
    );
    for (const each of this.errors) {
      if (typeof each.blame?.object === 'string') continue;
      const earlier = firstUnbalanced(each.error.counterexample.trace);
      const known = this.errors.find(({ blame }) => typeof blame?.object === 'string' && isAt(blame, earlier));
      if (known !== undefined) this.join(known, each);
    }
  }

  /** Findings with the errors that they explain, and with each other where they are about one reference. */
  joinFindings(): void {
    for (const each of this.errors) for (const finding of this.explaining(each)) this.join(each, finding);
    for (const [index, a] of this.findings.entries())
      for (const b of this.findings.slice(index + 1)) if (isSameReference(a.finding, b.finding)) this.join(a, b);
    const alone = this.findings.filter((each) => isOfValues(each.finding.rule) && this.membersOf(each).length === 1);
    this.joinAlike(alone, ({ finding }) => `${finding.rule} ${this.introduced.patchOf(finding) ?? ''}`);
  }

  /** Changes with what explains them, and all others by how the answer changes. */
  joinChanges(): void {
    const left: Extract<Member, { kind: 'change' }>[] = [];
    for (const each of this.changes) {
      const found = this.explanationOf(each.change);
      if (found === undefined) left.push(each);
      else this.join(found, each);
    }
    this.joinAlike(left, ({ change }) => `${kindOf(change)} ${this.introduced.patchOf(change) ?? ''}`);
  }

  all(): readonly (readonly Member[])[] {
    const groups = new Map<Member, Member[]>();
    for (const each of [...this.errors, ...this.findings, ...this.changes])
      groups.set(this.rootOf(each), [...(groups.get(this.rootOf(each)) ?? []), each]);
    return [...groups.values()];
  }

  /**
   * The findings that say the same as an error: on the object whose references go wrong, by a path that goes through the
   * very statement. Where no path does, a finding that is alone on that object in the function to blame.
   */
  private explaining({ error, blame }: Extract<Member, { kind: 'error' }>): readonly Extract<Member, { kind: 'finding' }>[] {
    if (blame === null) return [];
    const at = [blame.at, error.counterexample.error.at].flatMap((place) => place ?? []);
    const about = this.findings.filter(
      ({ finding }) => blame.object !== null && finding.object === blame.object && finding.function === blame.function,
    );
    const counting = about.filter(({ finding }) => finding.rule === 'refcount-as-state');
    const ofReferences = about.filter(({ finding }) => !isOfValues(finding.rule));
    const alike = this.findings.filter(({ finding }) => finding.object === blame.object && !isOfValues(finding.rule));
    const through = alike.filter(({ finding }) =>
      [finding, ...finding.trace].some(({ file, line }) => file === blame.at.file && line === blame.at.line),
    );
    const here = this.findings.filter(
      ({ finding }) => !isOfValues(finding.rule) && at.some(({ file, line }) => file === finding.file && line === finding.line),
    );
    const found = new Set([...through, ...here]);
    return [...(found.size > 0 ? found : ofReferences.length === 1 ? ofReferences : []), ...counting];
  }

  private explanationOf(change: ChangedBehaviour): Member | undefined {
    const path = this.introduced.paths.get(change);
    const types = new Set(change.held.filter(isUnbalanced).map(({ type }) => type));
    const lost = new Set(change.held.map(({ type }) => type));
    const answers = change.before.answer !== change.after.answer;
    const value = this.findings.find(
      ({ finding }) => rules[finding.rule].about === 'answers' && path?.lines.has(`${finding.file}:${finding.line}`) === true,
    );
    if (answers && value !== undefined) return value;
    const wrong = this.errors.filter(({ blame }) => blame !== null && (path === undefined || path.functions.has(blame.function)));
    const about = (wanted: ReadonlySet<string>): Member | undefined =>
      wrong.find(({ blame }) => typeof blame?.object === 'string' && wanted.has(blame.object));
    const inPath = this.findings.find(({ finding }) => !answers && path?.lines.has(`${finding.file}:${finding.line}`) === true);
    return about(types) ?? about(lost) ?? inPath;
  }

  private joinAlike<T extends Member>(members: readonly T[], keyOf: (member: T) => string): void {
    const first = new Map<string, T>();
    for (const each of members) {
      const key = keyOf(each);
      const known = first.get(key);
      if (known === undefined) first.set(key, each);
      else this.join(known, each);
    }
  }

  private join(a: Member, b: Member): void {
    const [x, y] = [this.rootOf(a), this.rootOf(b)];
    if (x !== y) this.parents.set(y, x);
  }

  private rootOf(member: Member): Member {
    const parent = this.parents.get(member);
    return parent === undefined ? member : this.rootOf(parent);
  }

  private membersOf(member: Member): readonly Member[] {
    const root = this.rootOf(member);
    return [...this.errors, ...this.findings, ...this.changes].filter((each) => this.rootOf(each) === root);
  }
}

function isAt(blame: Blame, other: Blame | null): boolean {
  return other !== null && blame.object === other.object && blame.function === other.function;
}

/** Two findings on one object in one function, acquired at the same place where both say where that is. */
function isSameReference(a: Finding, b: Finding): boolean {
  if (a.function !== b.function || a.file !== b.file || a.object === undefined || a.object !== b.object) return false;
  if (a.rule === 'refcount-as-state' || b.rule === 'refcount-as-state') return true;
  const [from, to] = [a.trace[0], b.trace[0]];
  return from === undefined || to === undefined || (from.file === to.file && from.line === to.line);
}

/** What answered an error code, and answers none after the patch. */
export function isAllowed({ before, after }: ChangedBehaviour): boolean {
  return before.answer.startsWith('-') && !after.answer.startsWith('-');
}

/** How an answer changes: an error code that is no longer answered, one that is now; another value; or what is held otherwise. */
export function kindOf({ operation, before, after }: ChangedBehaviour): string {
  if (before.answer === after.answer) return 'held';
  const name = operation.split('(', 1)[0] ?? operation;
  const [was, is] = [before.answer.startsWith('-'), after.answer.startsWith('-')];
  // Which check comes first, and whether one is lost, is one matter.
  if (was) return `error ${before.answer}`;
  return is ? `refused ${name} ${after.answer}` : `value ${name}`;
}

function causeOf(members: readonly Member[], introduced: Introduced): Cause {
  const errors = members.flatMap((each) => (each.kind === 'error' ? [each] : [])).sort((a, b) => compareErrors(a.error, b.error));
  const findings = members
    .flatMap((each) => (each.kind === 'finding' ? [each.finding] : []))
    .sort((a, b) => worst.indexOf(a.rule) - worst.indexOf(b.rule));
  const changes = members.flatMap((each) => (each.kind === 'change' ? [each.change] : []));
  const first = errors[0]?.error ?? findings[0] ?? changes[0];
  const known = [...findings, ...errors.map(({ error }) => error), ...changes].map((each) => introduced.patchOf(each));
  return {
    id: idOf(errors[0], findings[0], changes[0]),
    severity: errors.length > 0 ? 'error' : findings.length > 0 ? 'finding' : 'behaviour',
    patch: first === undefined ? null : (introduced.patchOf(first) ?? known.find((patch) => patch !== null) ?? null),
    findings,
    errors: errors.map(({ error }) => error),
    changes,
    blame: errors[0]?.blame ?? null,
  };
}

function idOf(
  error: { readonly error: ShortestError; readonly blame: Blame | null } | undefined,
  finding: Finding | undefined,
  change: ChangedBehaviour | undefined,
): string {
  if (typeof error?.blame?.object === 'string') return `reference ${error.blame.object} ${error.blame.function}`;
  if (error !== undefined) return `error ${error.error.counterexample.error.id}`;
  // The same id where a simulation confirms it later.
  if (finding?.object !== undefined) return `reference ${finding.object} ${finding.function}`;
  if (finding !== undefined) return `finding ${finding.id}`;
  return change === undefined
    ? ''
    : `behaviour ${kindOf(change)}${change.held.length > 0 && change.before.answer === change.after.answer ? ` ${change.held[0]?.type ?? ''}` : ''}`;
}

/** Worst first; of the same kind that which shows in a step and not when all is torn down, without threads and faults, soonest. */
function compareErrors(a: ShortestError, b: ShortestError): number {
  const of = ({ counterexample: { error, trace, faults, preemptions } }: ShortestError): readonly number[] => {
    const failing = trace.steps.findLast(({ kind }) => kind === 'error' || kind === 'warning');
    return [worst.indexOf(error.kind), preemptions, faults, Number((failing?.operation ?? -1) < 0), trace.operations.length];
  };
  const [x, y] = [of(a), of(b)];
  const at = x.findIndex((value, index) => value !== y[index]);
  return at < 0 ? 0 : (x[at] ?? 0) - (y[at] ?? 0);
}

/** Errors that were run before findings of the same weight, findings of values and habits after all errors, answers last. */
function rank({ errors, findings, changes, severity }: Cause): number {
  const kinds = [...errors.map(({ counterexample }) => counterexample.error.kind), ...findings.map(({ rule }) => rule)];
  const least = Math.min(worst.length, ...kinds.map((kind) => worst.indexOf(kind)));
  if (severity !== 'behaviour') return 2 * least + Number(severity === 'finding');
  // What was refused and is allowed now is the worst that an answer can tell.
  return 2 * worst.length + (changes.some(isAllowed) ? 0 : changes.some((change) => kindOf(change) !== 'held') ? 1 : 2);
}
