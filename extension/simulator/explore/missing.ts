// Operations that refer to what earlier ones did not give: which, and whether on all paths.
import type { MissingAnswer } from '../../model/missing.js';
import type { SimulationResult } from '../../model/simulation.js';
import { errnoText } from '../../scenario/errno.js';
import { isLeftOut, type Lacking } from '../../scenario/resolve.js';
import type { SimulatedMachine } from '../machine/simulated-machine.js';
import type { Operation, Script } from './script.js';

/** Why an operation is left out, or what stands in; null where it lacks nothing. */
export function missingAnswer(
  operation: Operation,
  lacking: readonly Lacking[],
  script: Script,
  { core, choices }: SimulatedMachine,
): MissingAnswer | null {
  const told = lacking.find(({ otherwise }) => otherwise === undefined) ?? lacking[0];
  if (told === undefined) return null;
  const answer = Number(core.answers[told.answerOf] ?? NaN);
  return {
    operation: operation.text,
    line: operation.line,
    refersTo: script.operations[told.answerOf]?.text ?? '',
    answered: Number.isNaN(answer) ? null : errnoText(answer),
    instead: isLeftOut(lacking, choices.faults > 0) ? null : (told.otherwise ?? null),
  };
}

/** Over many paths. */
export class Missing {
  private readonly found = new Map<number, MissingAnswer>();
  /** Operations that lacked nothing on some path. */
  private readonly whole = new Set<number>();

  /** Whether that is new. */
  note(index: number, missing: MissingAnswer | null): boolean {
    if (missing === null ? this.whole.has(index) : this.found.has(index)) return false;
    if (missing === null) this.whole.add(index);
    else this.found.set(index, missing);
    return true;
  }

  /** In the order of the scenario. */
  all(): NonNullable<SimulationResult['missing']> {
    return [...this.found].sort(([a], [b]) => a - b).map(([index, missing]) => ({ ...missing, always: !this.whole.has(index) }));
  }
}
