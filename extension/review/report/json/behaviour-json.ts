// What a patch changes of the behaviour, as JSON: fields of a review's result.
import { z } from 'zod';
import type { Result } from '../../../model/result.js';
import { heldText, underText } from '../../../model/simulation.js';
import type { Answered, BehaviourReview, ChangedBehaviour } from '../../behaviour.js';
import type { Cause } from '../../causes.js';
import { dataRaceSchema, dataRaceToJson } from './data-race-json.js';
import { counterexampleSchema, counterexampleToJson } from './simulation-json.js';
import type { ShortestError } from '../../shortest.js';
import type { NotSimulated } from '../../verdict.js';

const sideSchema = z.object({ answer: z.string(), held: z.array(z.string()) }).nullable();
const errorSchema = z.object({
  /** Of an introduced one: the `id` of one of the review's `causes`. */
  cause: z.string().optional(),
  foundIn: z.string(),
  scenarios: z.int().positive(),
  counterexample: counterexampleSchema,
});
const reasonSchema = z.object({ scenario: z.string(), reason: z.string() });

const knownSchema = z.object({ run: z.int().nonnegative(), known: z.int().nonnegative(), unreached: z.int().nonnegative() });

export const behaviourSchema = z.object({
  /** Steps that answer otherwise, or leave other references behind. */
  behaviours: z.array(
    z.object({
      scenario: z.string(),
      alsoIn: z.array(z.string()),
      operation: z.string(),
      /** The fault on the way; empty for none. */
      under: z.string(),
      before: sideSchema,
      after: sideSchema,
      /** It only goes on from an earlier change on its path; and how many go on from this one. */
      follows: z.boolean(),
      consequences: z.int().nonnegative(),
      /** The `id` of one of the review's `causes`; absent for what only follows. */
      cause: z.string().optional(),
    }),
  ),
  simulation: z.object({
    /** Why nothing was simulated; null where it was. */
    reason: z.string().nullable(),
    /** Holders that are called otherwise after the patch, and hold the same. */
    respelt: z.array(z.object({ before: z.string(), after: z.string() })),
    /** Calls that fail on paths of one tree only; nothing is compared under their failures. */
    uncompared: z.object({ before: z.array(z.string()), after: z.array(z.string()) }),
    introduced: z.array(errorSchema),
    fixed: z.array(errorSchema),
    /** Of the patched tree alone, no errors by themselves; absent before. */
    dataRaces: z.array(dataRaceSchema).optional(),
    scenarios: z.int().nonnegative(),
    executions: z.int().nonnegative(),
    /** Scenarios of either tree that were run this time, that are known from before, and that reach nothing of what changed; absent before. */
    known: z.object({ base: knownSchema, patched: knownSchema }).optional(),
    notRun: z.array(reasonSchema),
    notExhaustive: z.array(reasonSchema),
  }),
});

export type JsonBehaviour = z.infer<typeof behaviourSchema>;

/** `causes` are those of the whole review. */
export function behaviourToJson(
  behaviour: Result<BehaviourReview, NotSimulated>,
  causes: readonly Cause[],
  options: { readonly all: boolean },
): JsonBehaviour {
  if (!behaviour.ok) {
    const none = { respelt: [], uncompared: { before: [], after: [] } };
    const simulation = { ...none, introduced: [], fixed: [], dataRaces: [], scenarios: 0, executions: 0, notRun: [], notExhaustive: [] };
    return { behaviours: [], simulation: { reason: behaviour.failure.reason, ...simulation } };
  }
  const review = behaviour.value;
  const causeOf = (what: ShortestError | ChangedBehaviour): { readonly cause?: string } => {
    const cause = causes.find(({ errors, changes }) => ('counterexample' in what ? errors.includes(what) : changes.includes(what)));
    return cause === undefined ? {} : { cause: cause.id };
  };
  const error = (shortest: ShortestError): z.infer<typeof errorSchema> => ({ ...causeOf(shortest), ...plainError(shortest) });
  const plainError = ({ counterexample, scenario, times }: ShortestError): z.infer<typeof errorSchema> => ({
    foundIn: scenario,
    scenarios: times,
    counterexample: counterexampleToJson(counterexample, options),
  });
  const side = (each: Answered): z.infer<typeof sideSchema> => ({ answer: each.answer, held: each.held.map(heldText) });
  return {
    behaviours: review.changes.map((change) => {
      const { scenario, alsoIn, operation, faults, before, after, follows, consequences } = change;
      return {
        scenario,
        alsoIn: [...alsoIn],
        operation,
        under: underText(faults),
        before: side(before),
        after: side(after),
        follows,
        consequences,
        ...causeOf(change),
      };
    }),
    simulation: {
      reason: null,
      respelt: review.respelt.map((each) => ({ ...each })),
      uncompared: { before: [...review.uncompared.before], after: [...review.uncompared.after] },
      introduced: review.introduced.map(error),
      fixed: review.fixed.map(error),
      dataRaces: review.dataRaces.map(dataRaceToJson),
      scenarios: review.compared,
      executions: review.executions,
      known: { base: { ...review.known.base }, patched: { ...review.known.patched } },
      notRun: review.notRun.map(({ scenario, reason }) => ({ scenario, reason })),
      notExhaustive: review.stopped.map((each) => ({ ...each })),
    },
  };
}
