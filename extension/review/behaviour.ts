// What a patch changes of what is seen from outside: answers, references held, errors that a simulation shows.
import type { Scenario } from '../model/scenario.js';
import {
  errorsIn,
  type Behaviour,
  type BehaviourFault,
  type DataRace,
  type HeldObject,
  type SimulationResult,
} from '../model/simulation.js';
import { newDataRaces } from './data-race-hints.js';
import { changedRace } from './changed-race.js';
import { shortestById, type ShortestError } from './shortest.js';
import { heldChanges, type HeldChange } from './held.js';
import { respelled, respellingOf, type HeldPair } from './spelling.js';

/** What a step answered, and the references that it left. */
export interface Answered {
  readonly answer: string;
  readonly held: readonly HeldObject[];
}

/** A step of a scenario that answers otherwise, or leaves other references, before and after a patch. */
export interface ChangedBehaviour {
  readonly scenario: string;
  /** Other scenarios in which the same operation changes from the same to the same. */
  readonly alsoIn: readonly string[];
  readonly operation: string;
  readonly line: number;
  /** The privileges that the step or its scenario states; null for the usual ones. */
  readonly capabilities: readonly string[] | null;
  readonly faults: readonly BehaviourFault[];
  /** `held` in the names after the patch. */
  readonly before: Answered;
  readonly after: Answered;
  /** What is held otherwise since this step; where the answers are the same, of that what no other change tells. */
  readonly held: readonly HeldChange[];
  /** It only goes on from an earlier step of its path that changed: other references to begin with, or another id to work on. */
  readonly follows: boolean;
  /** Steps that change because this one does, in all scenarios. */
  readonly consequences: number;
  /** The path after the patch. */
  readonly schedule: string;
}

/** A name of a record or of a field that only the patch's spelling tells from the one before. */
export interface Respelt {
  readonly before: string;
  readonly after: string;
}

/** Scenarios by why there is a result of one of the trees. */
export interface KnownCounts {
  readonly run: number;
  /** As they were run before. */
  readonly known: number;
  /** As they were run before, and nothing that they enter is another than on the base. */
  readonly unreached: number;
}

export interface BehaviourReview {
  readonly changes: readonly ChangedBehaviour[];
  /** What is held otherwise when scenarios begin. */
  readonly start: readonly HeldChange[];
  /** Holders that are called otherwise, and hold the same. */
  readonly respelt: readonly Respelt[];
  /** Calls that fail on paths of one tree only, so that nothing can be compared there. */
  readonly uncompared: { readonly before: readonly string[]; readonly after: readonly string[] };
  /** Errors of the patched tree that the base does not show, and the other way round. An unexpected answer is a change, no error. */
  readonly introduced: readonly ShortestError[];
  readonly fixed: readonly ShortestError[];
  /** No errors by themselves: two accesses that nothing orders, on the patched tree alone. */
  readonly dataRaces: readonly DataRace[];
  /** Scenarios that ran on both trees, and that did not: `silent` where that is no gap, as neither tree has the words for it. */
  readonly compared: number;
  readonly notRun: readonly { readonly scenario: string; readonly reason: string; readonly silent: boolean }[];
  /** Those that were ended before everything within the bounds had run. */
  readonly stopped: readonly { readonly scenario: string; readonly reason: string }[];
  readonly executions: number;
  readonly known: { readonly base: KnownCounts; readonly patched: KnownCounts };
  /** Of the same scenarios, in the same order. */
  readonly base: readonly SimulationResult[];
  readonly results: readonly SimulationResult[];
}

/** A scenario that ran on both trees. */
interface Run {
  readonly before: SimulationResult;
  readonly after: SimulationResult;
  readonly pairs: readonly Pair[];
  readonly start: HeldPair;
}

/** The step of one path on both trees. */
interface Pair {
  readonly scenario: Scenario;
  readonly before: Behaviour;
  readonly after: Behaviour;
}

/** Compares the runs of the same scenarios, in the same order, before and after a patch. */
export function compareBehaviour(base: readonly SimulationResult[], patched: readonly SimulationResult[]): BehaviourReview {
  const notRun: { scenario: string; reason: string; silent: boolean }[] = [];
  const stopped: { scenario: string; reason: string }[] = [];
  const runs: Run[] = [];
  let executions = 0;
  patched.forEach((after, at) => {
    const before = base[at];
    if (!before) return;
    const scenario = after.scenario.name;
    const reason = after.reason ?? before.reason;
    if (before.verdict === 'not run' || after.verdict === 'not run') {
      const cut = before.unread !== undefined || after.unread !== undefined || reason === 'cancelled';
      notRun.push({ scenario, reason: reason ?? '', silent: before.verdict === after.verdict && !cut });
      return;
    }
    executions += before.stats.executions + after.stats.executions;
    const why = before.bounds.stopped ?? after.bounds.stopped;
    if (why !== null) stopped.push({ scenario, reason: why });
    runs.push({ before, after, pairs: pairsOf(before, after), start: [before.start ?? [], after.start ?? []] });
  });
  const respelling = respellingOf(runs.flatMap(({ pairs, start }) => [start, ...pairs.map(heldPair)]));
  const named = ([old, now]: HeldPair): readonly HeldChange[] => heldChanges(respelled(old, respelling), now);
  const start = new Map(runs.flatMap((run) => named(run.start)).map((change) => [JSON.stringify(change), change]));
  const changes = merged(
    runs.flatMap((run) => {
      const ambient = new Set(named(run.start).map((change) => JSON.stringify(change)));
      return changesOf(run.pairs, (pair) => named(heldPair(pair)).filter((change) => !ambient.has(JSON.stringify(change))));
    }),
  ).map((change) => ({ ...change, before: { ...change.before, held: respelled(change.before.held, respelling) } }));
  const changed = new Set(
    changes.filter((change) => !change.follows && change.before.answer !== change.after.answer).map(({ operation }) => operation),
  );
  const races = runs.flatMap((run) => changedRace(run.before, run.after, changed) ?? []);
  const { introduced, fixed } = differingErrors(base, patched);
  const among = (ids: ReadonlySet<string>) => (each: ShortestError) => ids.has(each.counterexample.error.id);
  return {
    changes: [...changes, ...races],
    start: [...start.values()],
    respelt: [...respelling.types, ...respelling.fields].map(([old, now]) => ({ before: old, after: now })),
    uncompared: uncomparedIn(runs),
    introduced: shortestById(patched).filter(among(introduced)),
    fixed: shortestById(base).filter(among(fixed)),
    dataRaces: newDataRaces(base, patched),
    compared: runs.length,
    notRun,
    stopped,
    executions,
    known: { base: knownCounts(base, []), patched: knownCounts(patched, base) },
    base,
    results: patched,
  };
}

function knownCounts(results: readonly SimulationResult[], base: readonly SimulationResult[]): KnownCounts {
  const known = results.filter((each) => each.known !== undefined);
  const rests = new Map(base.map(({ scenario, restsOn }) => [scenario.name, restsOn]));
  const unreached = known.filter(({ scenario, restsOn }) => restsOn !== undefined && rests.get(scenario.name) === restsOn).length;
  const run = results.filter((each) => each.known === undefined && each.verdict !== 'not run').length;
  return { run, known: known.length - unreached, unreached };
}

/** Ids of the errors that the runs before and after a patch do not share. An unexpected answer is a change, no error. */
export function differingErrors(
  base: readonly SimulationResult[],
  patched: readonly SimulationResult[],
): { readonly introduced: ReadonlySet<string>; readonly fixed: ReadonlySet<string> } {
  const [before, after] = [errorIds(base), errorIds(patched)];
  const less = (ids: ReadonlySet<string>, others: ReadonlySet<string>): Set<string> => new Set([...ids].filter((id) => !others.has(id)));
  return { introduced: less(after, before), fixed: less(before, after) };
}

/** Ids of all errors but unexpected answers. */
export function errorIds(results: readonly SimulationResult[]): ReadonlySet<string> {
  const errors = results.flatMap(errorsIn).filter(({ error }) => error.kind !== 'wrong-result');
  return new Set(errors.map(({ error }) => error.id));
}

function keyOf(index: number, faults: readonly BehaviourFault[]): string {
  return JSON.stringify([index, faults.map(({ operation, name }) => [operation, name])]);
}

function heldPair({ before, after }: Pair): HeldPair {
  return [before.held, after.held];
}

// ---- the same path on both trees ------------------------------------------------------------------------------------

/** Steps with the same faults on both sides: another call's failure is another event. */
function pairsOf(base: SimulationResult, patched: SimulationResult): readonly Pair[] {
  const before = new Map(base.behaviours.map((each) => [keyOf(each.index, each.faults), each]));
  return patched.behaviours.flatMap((after): Pair[] => {
    const known = before.get(keyOf(after.index, after.faults));
    return known ? [{ scenario: patched.scenario, before: known, after }] : [];
  });
}

/** The calls of either side that fail in no scenario of the other. */
function uncomparedIn(runs: readonly Run[]): BehaviourReview['uncompared'] {
  const own = failing(runs.map(({ before }) => before));
  const others = failing(runs.map(({ after }) => after));
  const only = (names: ReadonlySet<string>, rest: ReadonlySet<string>): string[] => [...names].filter((name) => !rest.has(name)).sort();
  return { before: only(own, others), after: only(others, own) };
}

function failing(results: readonly SimulationResult[]): ReadonlySet<string> {
  return new Set(results.flatMap(({ behaviours }) => behaviours.flatMap(({ faults }) => faults.map(({ name }) => name))));
}

// ---- what changes, and what only follows ----------------------------------------------------------------------------

interface Change {
  readonly pair: Pair;
  readonly answers: boolean;
  readonly held: readonly HeldChange[];
  /** Of it, what was not so after the step before. */
  readonly news: readonly HeldChange[];
  /** The step of the same path that it follows from. */
  readonly from: Change | null;
}

/** Of one scenario. Without faults first, so that what a fault does not change is known. */
function changesOf(pairs: readonly Pair[], heldOf: (pair: Pair) => readonly HeldChange[]): readonly Change[] {
  const found = new Map<string, Change>();
  const changed: Change[] = [];
  const order = [...pairs].sort((a, b) => a.after.faults.length - b.after.faults.length || a.after.index - b.after.index);
  const uses = usesOf(pairs[0]?.scenario.steps ?? []);
  const known = new Set(pairs.map(({ after }) => keyOf(after.index, after.faults)));
  for (const pair of order) {
    const { before, after } = pair;
    const answers = before.answer !== after.answer;
    const held = heldOf(pair);
    if (!answers && held.length === 0) continue;
    const at = (index: number): Change | undefined => found.get(keyOf(index, faultsUntil(index, after.faults)));
    const input = (uses[after.index] ?? []).map(at).find((each) => each?.answers === true);
    // A step that one of the trees left out says nothing; what was so before it still is.
    const last = at(lastBefore(after.index, after.faults, known));
    // References that are held otherwise explain another answer only where they come from another answer.
    const state = last !== undefined && last.held.length > 0 && (!answers || rootOf(last).answers) ? last : undefined;
    const plain = after.faults.length > 0 ? found.get(keyOf(after.index, [])) : undefined;
    const from = input ?? state ?? (plain !== undefined && isSame(plain, { pair, held }) ? plain : null);
    const old = new Set(last?.held.map((each) => JSON.stringify(each)));
    const news = held.filter((each) => !old.has(JSON.stringify(each)));
    const change: Change = { pair, answers, held, news, from };
    found.set(keyOf(after.index, after.faults), change);
    // What merely is still so is no news.
    if (answers || from === null || JSON.stringify(from.held) !== JSON.stringify(held)) changed.push(change);
  }
  return changed;
}

/** The last step before one that was compared on its path; -1 where there is none. */
function lastBefore(index: number, faults: readonly BehaviourFault[], known: ReadonlySet<string>): number {
  let last = index - 1;
  while (last >= 0 && !known.has(keyOf(last, faultsUntil(last, faults)))) last--;
  return last;
}

function faultsUntil(index: number, faults: readonly BehaviourFault[]): readonly BehaviourFault[] {
  return faults.filter(({ operation }) => operation <= index);
}

function rootOf(change: Change): Change {
  return change.from === null ? change : rootOf(change.from);
}

function isSame(a: Pick<Change, 'pair' | 'held'>, b: Pick<Change, 'pair' | 'held'>): boolean {
  const saying = ({ pair, held }: Pick<Change, 'pair' | 'held'>): string => JSON.stringify([pair.before.answer, pair.after.answer, held]);
  return saying(a) === saying(b);
}

/** Of a step by its index among the scenario's operations. */
function capabilitiesOf({ steps, capabilities }: Scenario, index: number): readonly string[] | null {
  const all = steps.flatMap((step) => (step.kind === 'operation' ? [step] : step.branches.flat()));
  return all[index]?.capabilities ?? capabilities;
}

/** By operation, the operations whose answers its arguments name. */
function usesOf(steps: Scenario['steps']): readonly (readonly number[])[] {
  const named = new Map<string, number>();
  return steps
    .flatMap((step) => (step.kind === 'operation' ? [step] : step.branches.flat()))
    .map((step, index) => {
      const used = Object.values(step.arguments).flatMap((value) => (typeof value === 'string' ? (named.get(value) ?? []) : []));
      if (step.as !== null) named.set(step.as, index);
      return used;
    });
}

/**
 * An answer that changes by itself where a call fails, and just so where none does, has nothing to do with the failure: what the
 * step without it seemed to follow from is no reason.
 */
function withPlainTwins(changes: readonly Change[]): readonly Change[] {
  const key = ({ pair: { before, after } }: Change): string => JSON.stringify([after.operation, before.answer, after.answer]);
  const alone = new Set(changes.filter(({ answers, from, pair }) => answers && from === null && pair.after.faults.length > 0).map(key));
  const plain = new Set(changes.filter(({ answers, pair }) => answers && pair.after.faults.length === 0).map(key));
  return changes.flatMap((change): readonly Change[] => {
    const both = change.answers && alone.has(key(change)) && plain.has(key(change));
    if (!both) return [change];
    return change.pair.after.faults.length > 0 ? [] : [{ ...change, from: null }];
  });
}

/**
 * Each different change once: where one comes about by itself it is told as such, whatever it follows from elsewhere. Where
 * the answers are the same, what is held otherwise is told with the first step that shows it.
 */
function merged(changes: readonly Change[]): readonly ChangedBehaviour[] {
  const entries = new Map<string, { change: Change; held: readonly HeldChange[]; scenarios: Set<string>; consequences: number }>();
  const known = new Map<string, string>();
  const keys = new Map<Change, string>();
  const roots = withPlainTwins(changes);
  // Those that follow come last, so that each finds what it follows from.
  for (const change of [...roots.filter(({ from }) => from === null), ...roots.filter(({ from }) => from !== null)]) {
    const { before, after } = change.pair;
    const fresh = change.held.filter((each) => !known.has(JSON.stringify(each)));
    const repeated = !change.answers && fresh.length === 0 ? known.get(JSON.stringify(change.held[0])) : undefined;
    const key =
      repeated ?? JSON.stringify([after.operation, after.faults.length > 0, before.answer, after.answer, change.answers || fresh]);
    for (const each of fresh) if (!change.answers) known.set(JSON.stringify(each), key);
    keys.set(change, key);
    const entry = entries.get(key) ?? { change, held: change.answers ? change.news : fresh, scenarios: new Set(), consequences: 0 };
    entry.scenarios.add(change.pair.scenario.name);
    entries.set(key, entry);
    const root = change.from === null ? undefined : entries.get(keys.get(rootOf(change)) ?? '');
    if (root !== undefined && root !== entry) root.consequences++;
  }
  return [...entries.values()].map(({ change, held, scenarios, consequences }) => {
    const { scenario, before, after } = change.pair;
    return {
      scenario: scenario.name,
      alsoIn: [...scenarios].filter((name) => name !== scenario.name),
      operation: after.operation,
      line: after.line,
      capabilities: capabilitiesOf(scenario, after.index),
      faults: after.faults,
      before: { answer: before.answer, held: before.held },
      after: { answer: after.answer, held: after.held },
      held,
      follows: change.from !== null,
      consequences,
      schedule: after.schedule,
    };
  });
}
