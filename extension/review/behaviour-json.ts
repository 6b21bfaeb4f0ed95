// What a patch changes of the behaviour, as JSON: fields of a review's result.
import { z } from 'zod';
import type { BehaviourReview } from './behaviour.js';
import { counterexampleSchema, counterexampleToJson } from './simulation-json.js';
import type { ShortestError } from './simulation-text.js';

const sideSchema = z.object({ answer: z.string(), held: z.array(z.string()) }).nullable();
const errorSchema = z.object({ foundIn: z.string(), scenarios: z.int().positive(), counterexample: counterexampleSchema });
const reasonSchema = z.object({ scenario: z.string(), reason: z.string() });

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
    }),
  ),
  simulation: z.object({
    /** Why nothing was simulated; null where it was. */
    reason: z.string().nullable(),
    introduced: z.array(errorSchema),
    fixed: z.array(errorSchema),
    scenarios: z.int().nonnegative(),
    executions: z.int().nonnegative(),
    notRun: z.array(reasonSchema),
    notExhaustive: z.array(reasonSchema),
  }),
});

export type JsonBehaviour = z.infer<typeof behaviourSchema>;

/** `review` is the reason where nothing was simulated. */
export function behaviourToJson(review: BehaviourReview | string, options: { readonly all: boolean }): JsonBehaviour {
  if (typeof review === 'string') {
    const simulation = { introduced: [], fixed: [], scenarios: 0, executions: 0, notRun: [], notExhaustive: [] };
    return { behaviours: [], simulation: { reason: review, ...simulation } };
  }
  const error = ({ counterexample, scenario, times }: ShortestError): z.infer<typeof errorSchema> => ({
    foundIn: scenario,
    scenarios: times,
    counterexample: counterexampleToJson(counterexample, options),
  });
  const side = (each: { readonly answer: string; readonly held: readonly string[] } | null): z.infer<typeof sideSchema> =>
    each && { answer: each.answer, held: [...each.held] };
  return {
    behaviours: review.changes.map(({ scenario, alsoIn, operation, under, before, after }) => ({
      scenario,
      alsoIn: [...alsoIn],
      operation,
      under,
      before: side(before),
      after: side(after),
    })),
    simulation: {
      reason: null,
      introduced: review.introduced.map(error),
      fixed: review.fixed.map(error),
      scenarios: review.compared,
      executions: review.executions,
      notRun: review.notRun.map((each) => ({ ...each })),
      notExhaustive: review.stopped.map((each) => ({ ...each })),
    },
  };
}
