// The simulator beside the kernel: whether some simulated path answers what the kernel did, step by step.
import type { Agreement, AgreementRow, ExecutedOperation, ExecutionResult } from '../model/execution.js';
import type { OperationDefinition, Vocabulary } from '../model/scenario.js';
import type { SimulatedOutcome, SimulationResult } from '../model/simulation.js';
import { errnoText } from '../scenario/errno.js';
import { resolveScenario } from '../scenario/resolve.js';
import { faultPlace, hasFailed, outcomesUnder } from './agreement-faults.js';

/** What of a result is compared. */
export type Executed = Pick<ExecutionResult, 'scenario' | 'verdict' | 'reason' | 'fault' | 'operations' | 'reports'>;

export interface AgreementContext {
  readonly vocabulary: Vocabulary;
  /** The subsystem's folder in the tree: `fs/fuse`. */
  readonly folder: string;
}

/**
 * Holds a run in the kernel against the simulator's of the same scenario, which was asked for `outcomes` and, where something
 * failed in the kernel, for a fault. They agree where one simulated path with that fault gives all the kernel's answers. `trace`
 * is null: it is that of `closestOutcome()`.
 */
export function compareExecution(executed: Executed, simulated: SimulationResult, context: AgreementContext): Agreement {
  const compared = compare(executed, simulated, context);
  if (typeof compared === 'string') return { verdict: 'not compared', reason: compared, rows: [], trace: null };
  const { best, rows } = compared;
  const agrees = best.complaint === null && rows.every((row) => row.agrees);
  if (agrees) return { verdict: 'agrees', reason: best.note, rows, trace: null };
  return { verdict: 'disagrees', reason: best.complaint ?? combination(rows), rows, trace: null };
}

/** The simulator's outcome that comes closest where the two disagree, whose schedule can be told; null where they don't. */
export function closestOutcome(executed: Executed, simulated: SimulationResult, context: AgreementContext): SimulatedOutcome | null {
  const compared = compare(executed, simulated, context);
  if (typeof compared === 'string' || (compared.best.complaint === null && compared.rows.every((row) => row.agrees))) return null;
  return compared.best.outcome;
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
  readonly best: Candidate;
  readonly rows: readonly AgreementRow[];
}

/** What comes of it, or why the two can't be compared. */
function compare(executed: Executed, simulated: SimulationResult, { vocabulary, folder }: AgreementContext): Compared | string {
  if (executed.verdict === 'not run') return `the kernel did not run it: ${executed.reason ?? 'no reason is known'}`;
  if (simulated.verdict === 'not run') return `the simulator did not run it: ${simulated.reason ?? 'no reason is known'}`;
  if (simulated.outcomes === undefined) return 'the simulator was not asked what all steps answer together';
  const resolved = resolveScenario(executed.scenario, vocabulary);
  if (typeof resolved === 'string') return resolved;
  const definitions = resolved.operations.map(({ definition }) => definition);
  const { operations, fault } = executed;
  if (operations.length !== definitions.length)
    return `the kernel was given ${operations.length} operations of the scenario's ${definitions.length}`;
  const stopped = simulated.bounds.stopped === null ? null : `the simulator did not go through everything: ${simulated.bounds.stopped}`;
  const sides = candidates(executed, simulated.outcomes, definitions, folder);
  const best = closest(sides);
  if (best === undefined)
    return hasFailed(fault) ? (stopped ?? withoutFault(executed, simulated, definitions, folder)) : noOutcome(stopped);
  const rows = operations.map((operation, at): AgreementRow => {
    const definition = definitions[at];
    return {
      operation: operation.text,
      simulated: distinct(sides.map(({ outcome }) => simulatedWords(outcome, at, definition))),
      executed: executedWords(operation, definition),
      agrees: best.agrees[at] !== false,
    };
  });
  const agrees = best.complaint === null && rows.every((row) => row.agrees);
  return !agrees && stopped !== null ? stopped : { best, rows };
}

function candidates(
  { fault, operations, reports }: Executed,
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
  const rank = ({ agrees, complaint }: Candidate): number =>
    agrees.filter((each) => each === true).length + (agrees.includes(false) || complaint !== null ? 0 : agrees.length + 1);
  let best: Candidate | undefined;
  for (const side of sides) if (best === undefined || rank(side) > rank(best)) best = side;
  return best;
}

/** What to say of a fault at a place where the simulator has none. */
function withoutFault(
  executed: Executed,
  simulated: SimulationResult,
  definitions: readonly OperationDefinition[],
  folder: string,
): string {
  const { fault } = executed;
  if (simulated.bounds.faults === 0 || fault === null) return 'the simulator was run without faults';
  const plain = candidates({ ...executed, fault: null }, simulated.outcomes ?? [], definitions, folder);
  const same = plain.some(({ agrees, complaint }) => complaint === null && agrees.every((each) => each !== false));
  const answers = same ? 'the answers are those without a fault' : 'the answers are not those without a fault';
  return `the simulator has no such failure in operation ${fault.operation + 1}: ${faultPlace(fault, folder)}; ${answers}`;
}

function noOutcome(stopped: string | null): string {
  return stopped ?? 'the simulator has no path to its end';
}

function combination(rows: readonly AgreementRow[]): string | null {
  return rows.every(({ simulated, executed }) => simulated.includes(executed))
    ? 'each answer is given on some simulated path, but no path gives all of them'
    : null;
}

const leftOut = 'left out';

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

function distinct(words: readonly string[]): readonly string[] {
  return [...new Set(words)];
}
