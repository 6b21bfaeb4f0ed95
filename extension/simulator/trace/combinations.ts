// Which answers the operations of a scenario give together, over all orders of threads: what a race decides.
import type { Combination, Combinations } from '../../model/combinations.js';
import { leftOut } from '../../model/missing.js';
import type { SimulatedOutcome } from '../../model/simulation.js';
import type { Scenario, Vocabulary } from '../../model/scenario.js';
import { errnoText } from '../../scenario/errno.js';
import { resolveScenario, type ResolvedOperation, type ResolvedScenario } from '../../scenario/resolve.js';

/** Those of outcomes without faults; undefined where nothing runs beside anything. `exhaustive`: the outcomes are of all orders. */
export function combinationsOf(
  scenario: Scenario,
  vocabulary: Vocabulary,
  outcomes: readonly SimulatedOutcome[],
  exhaustive: boolean,
): Combinations | undefined {
  const read = resolveScenario(scenario, vocabulary);
  if (!read.ok || read.value.concurrent.size === 0) return undefined;
  const resolved = read.value;
  const { operations } = resolved;
  const named = numbersNamed(operations);
  const found = new Map<string, { readonly tokens: readonly (string | null)[]; readonly combination: Combination }>();
  for (const outcome of outcomes) {
    if (outcome.faults.length > 0) continue;
    const tokens = tokensOf(outcome, operations, named);
    const key = JSON.stringify([tokens, outcome.ended]);
    if (!found.has(key)) found.set(key, { tokens, combination: combinationOf(outcome, operations) });
  }
  const all = [...found.values()];
  const differing = operations.flatMap(({ index }) => {
    // What is left out follows from another answer, which is told.
    const given = new Set(all.map(({ tokens }) => tokens[index] ?? leftOut).filter((token) => token !== leftOut));
    return given.size > 1 ? [index] : [];
  });
  return {
    operations: operations.map(({ index, text }) => ({ text, thread: threadOf(index, resolved) })),
    differing,
    each: all.map(({ combination }) => combination),
    exhaustive,
  };
}

function combinationOf({ answers, ended, schedule }: SimulatedOutcome, operations: readonly ResolvedOperation[]): Combination {
  const words = operations.map((operation, at) => {
    const answer = answers[at] ?? null;
    if (answer === null) return ended === null ? leftOut : null;
    return isOpaque(operation, answer) ? 'ok' : errnoText(answer);
  });
  return { answers: words, ended, schedule };
}

/** Equal for answers that say the same: ids count in the order in which the scenario's operations were given them. */
function tokensOf(
  { answers, ended }: SimulatedOutcome,
  operations: readonly ResolvedOperation[],
  named: ReadonlyMap<string, ReadonlySet<number>>,
): readonly (string | null)[] {
  const ids = new Map<string, number[]>();
  return operations.map((operation, at) => {
    const answer = answers[at] ?? null;
    if (answer === null) return ended === null ? leftOut : null;
    if (isOpaque(operation, answer)) return 'ok';
    const kind = operation.definition.answers;
    if (kind === null || answer < 0 || named.get(kind)?.has(answer) === true) return errnoText(answer);
    const given = ids.get(kind) ?? [];
    ids.set(kind, given);
    if (!given.includes(answer)) given.push(answer);
    return `${kind} ${given.indexOf(answer)}`;
  });
}

function isOpaque({ definition }: ResolvedOperation, answer: number): boolean {
  return definition.opaque === true && answer >= 0;
}

/** Numbers that the scenario itself writes for references, by what they refer to: who was given one of those matters. */
function numbersNamed(operations: readonly ResolvedOperation[]): ReadonlyMap<string, ReadonlySet<number>> {
  const named = new Map<string, Set<number>>();
  for (const { definition, arguments: given } of operations) {
    definition.parameters.forEach((parameter, at) => {
      const argument = given[at];
      if (parameter.kind !== 'reference' || argument === undefined || !('value' in argument)) return;
      named.set(parameter.to, (named.get(parameter.to) ?? new Set()).add(argument.value));
    });
  }
  return named;
}

function threadOf(index: number, { threads }: ResolvedScenario): number {
  return threads.findIndex(({ tasks }) => tasks.some((task) => task.kind === 'operation' && task.operation.index === index));
}
