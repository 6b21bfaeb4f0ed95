// The simulator beside the kernel: whether some simulated path answers what the kernel did, step by step.
import type { Agreement, AgreementRow, ExecutedOperation, ExecutionResult } from '../model/execution.js';
import { leftOut } from '../model/missing.js';
import { failed, ok, type Result } from '../model/result.js';
import type { OperationDefinition, Vocabulary } from '../model/scenario.js';
import type { SimulatedOutcome, SimulationResult } from '../model/simulation.js';
import { errnoText } from '../scenario/errno.js';
import { isLeftOut, lacking, resolveScenario, type ResolvedOperation, type ResolvedScenario } from '../scenario/resolve.js';
import { faultPlace, hasFailed, outcomesUnder } from './agreement-faults.js';

/** What of a result is compared. */
export type ComparedExecution = Pick<ExecutionResult, 'scenario' | 'verdict' | 'reason' | 'fault' | 'operations' | 'variants' | 'reports'>;

export interface AgreementContext {
  readonly vocabulary: Vocabulary;
  /** The subsystem's folder in the tree: `fs/fuse`. */
  readonly folder: string;
}

/**
 * Holds a run in the kernel against the simulator's of the same scenario, which was asked for `outcomes` and, where something
 * failed in the kernel, for a fault. They agree where for each round in the kernel one simulated path with that fault gives all its
 * answers. The rows are those of the first round that disagrees, else of the first. `trace` is null: it is that of
 * `closestOutcome()`.
 */
export function compareExecution(executed: ComparedExecution, simulated: SimulationResult, context: AgreementContext): Agreement {
  const compared = compare(executed, simulated, context);
  if (!compared.ok) return { verdict: 'not compared', reason: compared.failure, rows: [], trace: null };
  const { best, rows, round } = compared.value;
  if (isWhole(best)) return { verdict: 'agrees', reason: best.note, rows, trace: null };
  const reasons = [...(round === 0 ? [] : ['in another round than the first']), best.complaint ?? combination(rows) ?? []].flat();
  return { verdict: 'disagrees', reason: reasons.length === 0 ? null : reasons.join('; '), rows, trace: null };
}

/** The simulator's outcome that comes closest where the two disagree, whose schedule can be told; null where they don't. */
export function closestOutcome(
  executed: ComparedExecution,
  simulated: SimulationResult,
  context: AgreementContext,
): SimulatedOutcome | null {
  const compared = compare(executed, simulated, context);
  return !compared.ok || isWhole(compared.value.best) ? null : compared.value.best.outcome;
}

/** An outcome beside what the kernel answered. */
interface Candidate {
  readonly outcome: SimulatedOutcome;
  /** By operation. null: the simulator's path ended before it. */
  readonly agrees: readonly (boolean | null)[];
  /** What disagrees though no answer does. */
  readonly complaint: string | null;
  /** What was not compared. */
  readonly note: string | null;
}

interface Compared {
  /** 0 is the first. */
  readonly round: number;
  readonly best: Candidate;
  readonly rows: readonly AgreementRow[];
}

/** The first round that disagrees or can't be compared, else the first: what comes of it, or why it can't be compared. */
function compare(executed: ComparedExecution, simulated: SimulationResult, context: AgreementContext): Result<Compared, string> {
  if (executed.verdict === 'not run') return failed(`the kernel did not run it: ${executed.reason ?? 'no reason is known'}`);
  if (simulated.verdict === 'not run') return failed(`the simulator did not run it: ${simulated.reason ?? 'no reason is known'}`);
  if (simulated.outcomes === undefined) return failed('the simulator was not asked what all steps answer together');
  const resolved = resolveScenario(executed.scenario, context.vocabulary);
  if (!resolved.ok) return resolved;
  const definitions = resolved.value.operations.map(({ definition }) => definition);
  if (executed.operations.length !== definitions.length)
    return failed(`the kernel was given ${executed.operations.length} operations of the scenario's ${definitions.length}`);
  const [first, ...others] = roundsOf(executed, resolved.value).map((operations, round): Result<Compared, string> => {
    const compared = compareRound({ ...executed, operations }, simulated, definitions, context.folder);
    return compared.ok ? ok({ ...compared.value, round }) : compared;
  });
  if (first === undefined) return failed('nothing was run');
  return [first, ...others].find((each) => !each.ok || !isWhole(each.value.best)) ?? first;
}

/** The operations as the first round answered them, then as each other round that answered otherwise did. */
function roundsOf(
  { operations, variants = [], fault }: Pick<ExecutionResult, 'operations' | 'variants' | 'fault'>,
  resolved: ResolvedScenario,
): readonly (readonly ExecutedOperation[])[] {
  const others = variants.map((answers) =>
    operations.map((operation, at): ExecutedOperation => {
      const answer = answers[at] ?? null;
      return {
        ...operation,
        answer,
        answerText: answer === null ? unanswered(answers, resolved.operations[at], hasFailed(fault)) : errnoText(answer),
      };
    }),
  );
  return [operations, ...others];
}

function unanswered(answers: readonly (number | null)[], operation: ResolvedOperation | undefined, injected: boolean): string {
  const missing = operation === undefined ? [] : lacking(operation, (index) => (answers[index] ?? -1) >= 0);
  return isLeftOut(missing, injected) ? leftOut : 'did not end';
}

function compareRound(
  executed: ComparedExecution,
  simulated: SimulationResult,
  definitions: readonly OperationDefinition[],
  folder: string,
): Result<Omit<Compared, 'round'>, string> {
  const { operations, fault } = executed;
  const outcomes = simulated.outcomes ?? [];
  const { stopped, faults } = simulated.bounds;
  const unfinished = stopped === null ? null : `the simulator did not go through everything: ${stopped}`;
  const sides = candidates(executed, outcomes, definitions, folder);
  const best = closest(sides);
  if (best !== undefined && isWhole(best)) return ok({ best, rows: rowsOf(operations, definitions, sides, best) });
  if (hasFailed(fault)) {
    const plain = closest(candidates({ ...executed, fault: null }, outcomes, definitions, folder));
    const place = `in operation ${fault.operation + 1}: ${faultPlace(fault, folder)}`;
    const without = plain !== undefined && isWhole(plain);
    // The tree's code is the same on both sides: what it called has made up for the failure.
    if (best !== undefined && without) return failed(`the kernel gets over the failure ${place}; the answers are those without a fault`);
    if (faults === 0) return failed('the simulator was run without faults');
    if (best === undefined && unfinished === null)
      return failed(`the simulator has no such failure ${place}; the answers are ${without ? '' : 'not '}those without a fault`);
  }
  if (unfinished !== null) return failed(unfinished);
  if (best === undefined) return failed('the simulator has no path to its end');
  return ok({ best, rows: rowsOf(operations, definitions, sides, best) });
}

function rowsOf(
  operations: readonly ExecutedOperation[],
  definitions: readonly OperationDefinition[],
  sides: readonly Candidate[],
  best: Candidate,
): readonly AgreementRow[] {
  return operations.map((operation, at): AgreementRow => {
    const definition = definitions[at];
    return {
      operation: operation.text,
      simulated: [...new Set(sides.map(({ outcome }) => simulatedWords(outcome, at, definition)))],
      executed: executedWords(operation, definition),
      agrees: best.agrees[at] !== false,
      ...(best.agrees[at] === null ? { compared: false } : {}),
    };
  });
}

/** Nothing of it disagrees. */
function isWhole({ agrees, complaint }: Candidate): boolean {
  return complaint === null && !agrees.includes(false);
}

function candidates(
  { fault, operations, reports }: ComparedExecution,
  outcomes: readonly SimulatedOutcome[],
  definitions: readonly OperationDefinition[],
  folder: string,
): readonly Candidate[] {
  return outcomesUnder(fault, outcomes, folder).map((outcome): Candidate => {
    const { ended } = outcome;
    const agrees = operations.map((operation, at) =>
      ended !== null && outcome.answers[at] === null
        ? null
        : simulatedWords(outcome, at, definitions[at]) === executedWords(operation, definitions[at]),
    );
    const end = ended !== null && agrees.includes(null) ? `the simulator's path ends in an error: ${ended}` : null;
    return {
      outcome,
      agrees,
      complaint: end !== null && reports.length === 0 ? `${end}; the kernel reports none` : null,
      note: end === null ? null : `${end}; what comes after it is not compared`,
    };
  });
}

/** Whole agreement before all, and with most answers compared; of equals the first, which has the fewest preemptions. */
function closest(sides: readonly Candidate[]): Candidate | undefined {
  const rank = (side: Candidate): number =>
    side.agrees.filter((each) => each === true).length + (isWhole(side) ? side.agrees.length + 1 : 0);
  let best: Candidate | undefined;
  for (const side of sides) if (best === undefined || rank(side) > rank(best)) best = side;
  return best;
}

function combination(rows: readonly AgreementRow[]): string | null {
  return rows.every(({ simulated, executed }) => simulated.includes(executed))
    ? 'each answer is given on some simulated path, but no path gives all of them'
    : null;
}

function simulatedWords({ answers, ended }: SimulatedOutcome, at: number, definition: OperationDefinition | undefined): string {
  const answer = answers[at] ?? null;
  if (answer === null) return ended === null ? leftOut : 'not reached';
  return answerWords(answer, definition);
}

function executedWords({ answer, answerText }: ExecutedOperation, definition: OperationDefinition | undefined): string {
  return answer === null ? answerText : answerWords(answer, definition);
}

/** A reference whose number says nothing is told by its kind. */
function answerWords(answer: number, definition: OperationDefinition | undefined): string {
  return definition?.opaque === true && answer >= 0 ? (definition.answers ?? 'ok') : errnoText(answer);
}
