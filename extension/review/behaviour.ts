// What a patch changes of what is seen from outside: answers, references held, errors that a simulation shows.
import type { Behaviour, BehaviourChange, Counterexample, SimulationResult } from '../model/simulation.js';
import { shortestById, type ShortestError } from './simulation-text.js';

/** A change that several scenarios show is told once. */
export interface ChangedBehaviour extends BehaviourChange {
  /** Other scenarios in which the same operation changes from the same to the same. */
  readonly alsoIn: readonly string[];
}

export interface BehaviourReview {
  readonly changes: readonly ChangedBehaviour[];
  /** Errors of the patched tree that the base does not show, and the other way round. An unexpected answer is a change, no error. */
  readonly introduced: readonly ShortestError[];
  readonly fixed: readonly ShortestError[];
  /** Scenarios that ran on both trees, and that did not, with the reason. */
  readonly compared: number;
  readonly notRun: readonly { readonly scenario: string; readonly reason: string }[];
  /** Those that were ended before everything within the bounds had run. */
  readonly stopped: readonly { readonly scenario: string; readonly reason: string }[];
  readonly executions: number;
  /** Of the patched tree's runs. */
  readonly results: readonly SimulationResult[];
}

/** Compares the runs of the same scenarios, in the same order, before and after a patch. */
export function compareBehaviour(base: readonly SimulationResult[], patched: readonly SimulationResult[]): BehaviourReview {
  const changes = new Map<string, ChangedBehaviour>();
  const notRun: { scenario: string; reason: string }[] = [];
  const stopped: { scenario: string; reason: string }[] = [];
  let compared = 0;
  let executions = 0;
  patched.forEach((after, at) => {
    const before = base[at];
    if (!before) return;
    const scenario = after.scenario.name;
    const reason = before.reason ?? after.reason;
    if (before.verdict === 'not run' || after.verdict === 'not run') {
      notRun.push({ scenario, reason: reason ?? '' });
      return;
    }
    compared++;
    executions += before.stats.executions + after.stats.executions;
    const why = before.bounds.stopped ?? after.bounds.stopped;
    if (why !== null) stopped.push({ scenario, reason: why });
    for (const change of changesOf(scenario, before.behaviours, after.behaviours)) {
      const key = JSON.stringify([change.operation, change.under === '', change.before?.answer, change.after?.answer, heldKey(change)]);
      const known = changes.get(key);
      if (!known) changes.set(key, { ...change, alsoIn: [] });
      else if (known.scenario !== scenario && !known.alsoIn.includes(scenario))
        changes.set(key, { ...known, alsoIn: [...known.alsoIn, scenario] });
    }
  });
  const errorsOf = (results: readonly SimulationResult[]): SimulationResult[] =>
    results.map((result) => ({ ...result, counterexamples: result.counterexamples.filter(({ error }) => error.kind !== 'wrong-result') }));
  const before = shortestById(errorsOf(base));
  const after = shortestById(errorsOf(patched));
  const lacks = (others: readonly ShortestError[]) => (each: ShortestError) => !others.some((other) => idOf(other) === idOf(each));
  return {
    changes: [...changes.values()],
    introduced: after.filter(lacks(before)),
    fixed: before.filter(lacks(after)),
    compared,
    notRun,
    stopped,
    executions,
    results: patched,
  };
}

function idOf({ counterexample }: { readonly counterexample: Counterexample }): string {
  return counterexample.error.id;
}

/** Only where the answers are the same does it matter what is held: another answer leaves other things behind. */
function heldKey({ before, after }: BehaviourChange): unknown {
  return before?.answer === after?.answer ? [before?.held, after?.held] : null;
}

/**
 * Steps with the same faults on both sides that answer otherwise, or leave other references behind. What only goes on from
 * an earlier step, or is the same without the fault, is not told again.
 */
function changesOf(scenario: string, base: readonly Behaviour[], patched: readonly Behaviour[]): BehaviourChange[] {
  const keyOf = ({ line, operation, under }: Behaviour): string => JSON.stringify([line, operation, under]);
  const before = new Map(base.map((each) => [keyOf(each), each]));
  const last = new Map<string, string>();
  const withoutFault = new Map<string, string>();
  const changes: BehaviourChange[] = [];
  for (const after of [...patched].sort((a, b) => Number(a.under !== '') - Number(b.under !== ''))) {
    const known = before.get(keyOf(after));
    // A fault that the other tree has no call for is no change of what a step does without it.
    if (!known) continue;
    const { operation, under, line } = after;
    const difference = JSON.stringify([without(known.held, after.held), without(after.held, known.held)]);
    const whole = `${known.answer} ${after.answer} ${difference}`;
    const goesOn = known.answer === after.answer && [nothing, last.get(under)].includes(difference);
    last.set(under, difference);
    if (under === '') withoutFault.set(`${line} ${operation}`, whole);
    else if (withoutFault.get(`${line} ${operation}`) === whole) continue;
    if (!goesOn) changes.push({ scenario, operation, under, before: side(known), after: side(after) });
  }
  return changes;
}

const nothing = JSON.stringify([[], []]);

function without(list: readonly string[], others: readonly string[]): string[] {
  return list.filter((each) => !others.includes(each));
}

function side({ answer, held }: Behaviour): { readonly answer: string; readonly held: readonly string[] } {
  return { answer, held };
}
