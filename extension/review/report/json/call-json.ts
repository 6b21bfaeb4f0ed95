// What called functions answered as JSON, and the schema of it. Fields may be added, none is taken away.
import { z } from 'zod';
import type { CallAnswer, Called } from '../../../model/called.js';
import { dataRaceSchema, dataRaceToJson } from './data-race-json.js';
import { simulationErrorKinds, type Counterexample, type SimulatedFault } from '../../../model/simulation.js';

const count = z.int().nonnegative();

/** A number where that holds it, else its digits; null where there is none. */
const answerSchema = z.union([z.int(), z.string()]).nullable();

const faultSchema = z.object({ call: z.string(), file: z.string(), /** 1-based. */ line: count, function: z.string() });

export const calledSchema = z.object({
  /** Of this format. */
  version: z.literal(1),
  file: z.string(),
  /** One that is called by itself, or those that run at the same time. */
  functions: z.array(z.string()),
  /** In decimal. */
  arguments: z.array(z.string()),
  /** Of a single function, without faults; null where it answers nothing, several numbers or none. */
  answer: answerSchema,
  /** Of a single function: each different one by the calls that failed. */
  answers: z.array(z.object({ answer: answerSchema, faults: z.array(faultSchema) })),
  /** Each once, with a shortest path to it. */
  errors: z.array(
    z.object({
      kind: z.enum(simulationErrorKinds),
      message: z.string(),
      /** null at the end, when all is torn down. */
      file: z.string().nullable(),
      line: count.nullable(),
      function: z.string().nullable(),
      /** Calls that fail on the path, and switches away from a thread that could go on. */
      faults: count,
      preemptions: count,
      /** In one line: the steps that each thread makes in turn. */
      schedule: z.string(),
      threads: z.array(z.string()),
      steps: z.array(
        z.object({
          /** Index into `threads`. */
          thread: count,
          kind: z.string(),
          file: z.string().nullable(),
          line: count.nullable(),
          function: z.string().nullable(),
          text: z.string(),
        }),
      ),
      /** Answers of unknown functions that were assumed on the path. */
      assumed: z.array(z.string()),
    }),
  ),
  exhaustive: z.boolean(),
  /** What ended the run before everything was looked at; null where nothing did. */
  stopped: z.string().nullable(),
  assumed: z.array(z.object({ kind: z.string(), name: z.string(), assumed: z.string(), times: count })),
  /** No errors by themselves. */
  dataRaces: z.array(dataRaceSchema),
  stats: z.object({ states: count, transitions: count, executions: count, milliseconds: z.number().nonnegative() }),
});

export type JsonCalled = z.infer<typeof calledSchema>;

export function calledToJson({ request, result, answers }: Called): JsonCalled {
  const { bounds, stats, assumed, counterexamples } = result;
  const plain = [...new Set(answers.filter(({ faults }) => faults.length === 0).map(numberOf))];
  return {
    version: 1,
    file: request.file,
    functions: [...request.functions],
    arguments: [...request.arguments],
    answer: plain.length === 1 ? (plain[0] ?? null) : null,
    answers: answers.map((each) => ({ answer: numberOf(each), faults: each.faults.map(faultToJson) })),
    errors: counterexamples.map(errorToJson),
    exhaustive: bounds.exhaustive,
    stopped: bounds.stopped,
    assumed: assumed.map(({ kind, name, assumed: what, times }) => ({ kind, name, assumed: what, times })),
    dataRaces: (result.dataRaces ?? []).map(dataRaceToJson),
    stats: { states: stats.states, transitions: stats.transitions, executions: stats.executions, milliseconds: stats.milliseconds },
  };
}

function numberOf({ value }: CallAnswer): number | string | null {
  if (value === null) return null;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function faultToJson({ name, at }: SimulatedFault): z.infer<typeof faultSchema> {
  return { call: name, file: at.file, line: at.line, function: at.function };
}

function errorToJson({ error, trace, faults, preemptions, schedule }: Counterexample): JsonCalled['errors'][number] {
  const { at } = error;
  return {
    kind: error.kind,
    message: error.message,
    file: at?.file ?? null,
    line: at?.line ?? null,
    function: at?.function ?? null,
    faults,
    preemptions,
    schedule,
    threads: [...trace.threads],
    steps: trace.steps.map((step) => ({
      thread: step.thread,
      kind: step.kind,
      file: step.at?.file ?? null,
      line: step.at?.line ?? null,
      function: step.at?.function ?? null,
      text: step.text,
    })),
    assumed: [...(error.assumed ?? [])],
  };
}
