// The results of a simulation as JSON, and the schema of it. Fields may be added, none is taken away.
import { z } from 'zod';
import type { MissingAnswer } from '../../../model/missing.js';
import type { Scenario } from '../../../model/scenario.js';
import {
  heldText,
  simulationErrorKinds,
  underText,
  type CodePlace,
  type Counterexample,
  type SimulationResult,
  type SimulationTrace,
} from '../../../model/simulation.js';
import { scenarioLine } from '../../../scenario/line.js';
import { dataRaceSchema, dataRaceToJson } from './data-race-json.js';
import { replayLine } from '../../replay-line.js';

const count = z.int().nonnegative();

const placeSchema = z.object({ file: z.string(), /** 1-based. */ line: count, function: z.string() });

const errorSchema = z.object({
  id: z.string().min(1),
  kind: z.enum(simulationErrorKinds),
  message: z.string(),
  at: placeSchema.nullable(),
  related: z.array(placeSchema.extend({ message: z.string() })),
  /** Answers that were assumed on the path to it; absent for none. */
  assumed: z.array(z.string()).optional(),
});

/** A step that refers to what an earlier one did not give. */
const missingSchema = z.object({
  operation: z.string(),
  line: count,
  refersTo: z.string(),
  /** null: that one was left out itself. */
  answered: z.string().nullable(),
  /** The number that stood in for the answer; null: the step was left out. */
  instead: z.int().nullable(),
});

const stepSchema = z.object({
  thread: count,
  kind: z.string(),
  /** Index into `operations`; -1 in setup and teardown. */
  operation: z.int(),
  depth: count,
  at: placeSchema.nullable(),
  text: z.string(),
  changes: z.array(z.object({ object: z.string(), field: z.string(), before: z.string(), after: z.string() })),
});

export const traceSchema = z.object({
  threads: z.array(z.string()),
  operations: z.array(z.object({ text: z.string(), actor: z.string(), thread: count, line: count, answer: z.string().nullable() })),
  missing: z.array(missingSchema),
  /** The whole trace and the references over time, with --all only: they are long. */
  steps: z.array(stepSchema).optional(),
  objects: z
    .array(
      z.object({
        name: z.string(),
        type: z.string(),
        moments: z.array(z.object({ step: count, state: z.string(), count: z.int().nullable(), holders: z.array(z.string()) })),
      }),
    )
    .optional(),
});

export const counterexampleSchema = z.object({
  error: errorSchema,
  /** The scenario on one line, shrunk to what the error takes. */
  scenario: z.string(),
  faults: count,
  preemptions: count,
  schedule: z.string(),
  /** What `--replay` takes. */
  replay: z.string(),
  ...traceSchema.shape,
});

export const scenarioSchema = z.object({
  name: z.string(),
  title: z.string(),
  source: z.string(),
  /** The scenario itself. */ line: z.string(),
});

export function scenarioToJson(scenario: Scenario): z.infer<typeof scenarioSchema> {
  return { name: scenario.name, title: scenario.title, source: scenario.source, line: scenarioLine(scenario) };
}

const scenarioResultSchema = z.object({
  scenario: scenarioSchema,
  tree: z.string(),
  verdict: z.enum(['no error', 'errors', 'not run']),
  reason: z.string().nullable(),
  /** Functions of the tree that paths came to and that are not analysed. */
  unread: z.array(z.string()).optional(),
  counterexamples: z.array(counterexampleSchema),
  behaviours: z.array(z.object({ operation: z.string(), line: count, under: z.string(), answer: z.string(), held: z.array(z.string()) })),
  /** On paths without faults; `always`: on all of them. */
  missing: z.array(missingSchema.extend({ always: z.boolean() })),
  /** What operations answered together without faults; null for a scenario without parallel steps. */
  combinations: z
    .object({
      operations: z.array(z.object({ text: z.string(), thread: count })),
      /** Indices of the operations that answer otherwise in another order. */
      differing: z.array(count),
      /** All orders within the bound of preemptions were run. */
      exhaustive: z.boolean(),
      each: z.array(
        z.object({
          /** By operation: `0`, `-EBUSY`, `ok`, `left out`; null where the path ended before. */
          answers: z.array(z.string().nullable()),
          ended: z.string().nullable(),
          schedule: z.string(),
          /** What `--replay` takes. */
          replay: z.string(),
        }),
      ),
    })
    .nullable(),
  assumed: z.array(z.object({ kind: z.string(), name: z.string(), assumed: z.string(), times: count })),
  /** No errors by themselves; absent before. */
  dataRaces: z.array(dataRaceSchema).optional(),
  stats: z.object({
    executions: count,
    states: count,
    transitions: count,
    pruned: count,
    workers: count.optional(),
    milliseconds: z.number().nonnegative(),
  }),
  bounds: z.object({
    faults: count,
    preemptions: count.nullable(),
    executions: count,
    milliseconds: z.number().nonnegative(),
    exhaustive: z.boolean(),
    stopped: z.string().nullable(),
  }),
  /** It was not run this time, but before: on that very tree, or on one where all that it enters is the same. null where it was run; absent before. */
  known: z.enum(['same tree', 'same code']).nullable().optional(),
});

export const simulationSchema = z.object({
  /** Of this format. */
  version: z.literal(1),
  tree: z.string(),
  /** How many were run; `results` of generated scenarios are only those with an error, and those that were not run. */
  scenarios: count,
  results: z.array(scenarioResultSchema),
  /** The user ended it: how many ran to their end, of how many, and whether there were more. null where all were run; absent before. */
  interrupted: z.object({ run: count, of: count, more: z.boolean() }).nullable().optional(),
});

export type JsonSimulation = z.infer<typeof simulationSchema>;
export type JsonCounterexample = z.infer<typeof counterexampleSchema>;

export function simulationToJson(
  tree: string,
  scenarios: number,
  results: readonly SimulationResult[],
  options: { readonly all: boolean },
): JsonSimulation {
  return { version: 1, tree, scenarios, results: results.map((result) => resultToJson(result, options)) };
}

function resultToJson(result: SimulationResult, options: { readonly all: boolean }): JsonSimulation['results'][number] {
  const { scenario, tree, verdict, reason, counterexamples, behaviours, missing = [], assumed, stats, bounds } = result;
  return {
    scenario: scenarioToJson(scenario),
    tree,
    verdict,
    reason,
    unread: [...(result.unread ?? [])],
    counterexamples: counterexamples.map((each) => counterexampleToJson(each, options)),
    behaviours: behaviours.map(({ operation, line, faults, answer, held }) => ({
      operation,
      line,
      under: underText(faults),
      answer,
      held: held.map(heldText),
    })),
    missing: missing.map((each) => ({ ...missingToJson(each), always: each.always })),
    combinations: combinationsToJson(result),
    assumed: assumed.map(({ kind, name, assumed: what, times }) => ({ kind, name, assumed: what, times })),
    dataRaces: (result.dataRaces ?? []).map(dataRaceToJson),
    stats: { ...stats },
    bounds: { ...bounds },
    known: result.known ?? null,
  };
}

function combinationsToJson({ scenario, combinations }: SimulationResult): JsonSimulation['results'][number]['combinations'] {
  if (combinations === undefined) return null;
  const { operations, differing, exhaustive, each } = combinations;
  return {
    operations: operations.map(({ text, thread }) => ({ text, thread })),
    differing: [...differing],
    exhaustive,
    each: each.map(({ answers, ended, schedule }) => ({
      answers: [...answers],
      ended,
      schedule,
      replay: replayLine({ scenario, schedule }),
    })),
  };
}

function missingToJson({ operation, line, refersTo, answered, instead }: MissingAnswer): z.infer<typeof missingSchema> {
  return { operation, line, refersTo, answered, instead };
}

export function counterexampleToJson(counterexample: Counterexample, { all }: { readonly all: boolean }): JsonCounterexample {
  const { error, scenario, faults, preemptions, schedule, trace } = counterexample;
  return {
    error: {
      id: error.id,
      kind: error.kind,
      message: error.message,
      at: error.at && placeToJson(error.at),
      related: error.related.map(({ at, message }) => ({ ...placeToJson(at), message })),
      ...(error.assumed ? { assumed: [...error.assumed] } : {}),
    },
    scenario: scenarioLine(scenario),
    faults,
    preemptions,
    schedule,
    replay: replayLine(counterexample),
    ...traceToJson(trace, { all }),
  };
}

/** A path; its steps and objects with `all` only. */
export function traceToJson(trace: SimulationTrace, { all }: { readonly all: boolean }): z.infer<typeof traceSchema> {
  const names = new Map(trace.objects.map(({ id, name }) => [id, name]));
  return {
    threads: [...trace.threads],
    operations: trace.operations.map(({ text, actor, thread, line, answer }) => ({ text, actor, thread, line, answer })),
    missing: (trace.missing ?? []).map(missingToJson),
    ...(all
      ? {
          steps: trace.steps.map(({ thread, kind, operation, depth, at, text, changes }) => ({
            thread,
            kind,
            operation,
            depth,
            at: at && placeToJson(at),
            text,
            changes: changes.map(({ object, field, before, after }) => ({ object: names.get(object) ?? '', field, before, after })),
          })),
          objects: trace.objects.map(({ name, type, moments }) => ({
            name,
            type,
            moments: moments.map(({ step, state, count: value, holders }) => ({ step, state, count: value, holders: [...holders] })),
          })),
        }
      : {}),
  };
}

function placeToJson({ file, line, function: name }: CodePlace): z.infer<typeof placeSchema> {
  return { file, line, function: name };
}
