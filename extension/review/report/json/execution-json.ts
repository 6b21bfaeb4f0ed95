// The results of runs in a real kernel as JSON, and the schema of it. Fields may be added, none is taken away.
import { z } from 'zod';
import { kernelProfiles, kernelReportKinds, type ExecutionResult, type KernelFrame, type KernelReport } from '../../../model/execution.js';
import { scenarioSchema, scenarioToJson, traceSchema, traceToJson } from './simulation-json.js';

const count = z.int().nonnegative();

const frameSchema = z.object({
  function: z.string(),
  offset: count.nullable(),
  size: count.nullable(),
  module: z.string().nullable(),
  inlined: z.boolean(),
  sure: z.boolean(),
  /** Below the tree's root; 1-based line. */
  at: z.object({ file: z.string(), line: count }).nullable(),
});

const reportSchema = z.object({
  kind: z.enum(kernelReportKinds),
  title: z.string(),
  id: z.string().min(1),
  frames: z.array(frameSchema),
  related: z.array(z.object({ title: z.string(), frames: z.array(frameSchema) })),
  text: z.string(),
  /** Since boot. */
  seconds: z.number().nullable(),
  /** 0-based, in the log. */
  line: count,
  /** Index into `operations`, or -1. */
  operation: z.int().min(-1),
});

const resultSchema = z.object({
  scenario: scenarioSchema,
  tree: z.string(),
  profile: z.enum(kernelProfiles),
  verdict: z.enum(['no error', 'errors', 'unknown', 'not run']),
  reason: z.string().nullable(),
  fault: z.object({ operation: count, nth: count, name: z.string(), frames: z.array(frameSchema) }).nullable(),
  repeated: count,
  operations: z.array(
    z.object({
      text: z.string(),
      actor: z.string(),
      thread: count,
      line: count,
      answer: z.int().nullable(),
      answerText: z.string(),
      events: z.array(z.object({ seconds: z.number(), name: z.string(), fields: z.record(z.string(), z.string()) })),
    }),
  ),
  /** Answers of other rounds, by operation; each different combination once. */
  variants: z.array(z.array(z.int().nullable())),
  reports: z.array(reportSchema),
  canaries: z.array(z.object({ name: z.string(), expected: z.enum(kernelReportKinds), seen: z.boolean() })),
  agreement: z.object({
    verdict: z.enum(['agrees', 'disagrees', 'not compared']),
    reason: z.string().nullable(),
    /** `compared` is false where the simulated path ended before the operation. */
    rows: z.array(
      z.object({ operation: z.string(), simulated: z.array(z.string()), executed: z.string(), agrees: z.boolean(), compared: z.boolean() }),
    ),
    /** The simulator's path that comes closest, where the two disagree. */
    trace: traceSchema.nullable(),
  }),
  log: z.string().nullable(),
  milliseconds: z.number().nonnegative(),
  /** What was assumed, could not be had or is to be known. */
  notes: z.array(z.string()),
});

export const executionSchema = z.object({
  /** Of this format. */
  version: z.literal(1),
  tree: z.string(),
  results: z.array(resultSchema),
  /** The user ended it: how many scenarios were run, of how many; null where all were. */
  interrupted: z.object({ run: count, of: count }).nullable().optional(),
});

export type JsonExecution = z.infer<typeof executionSchema>;

/** All of the results; `all` adds the steps of the simulator's paths, which are long. */
export function executionToJson(tree: string, results: readonly ExecutionResult[], options: { readonly all: boolean }): JsonExecution {
  return { version: 1, tree, results: results.map((result) => resultToJson(result, options)) };
}

function resultToJson(result: ExecutionResult, options: { readonly all: boolean }): JsonExecution['results'][number] {
  const {
    scenario,
    tree,
    profile,
    verdict,
    reason,
    fault,
    repeated,
    operations,
    variants = [],
    reports,
    canaries,
    agreement,
    log,
    milliseconds,
    notes = [],
  } = result;
  return {
    scenario: scenarioToJson(scenario),
    tree,
    profile,
    verdict,
    reason,
    fault: fault && { operation: fault.operation, nth: fault.nth, name: fault.name, frames: fault.frames.map(frameToJson) },
    repeated,
    operations: operations.map(({ text, actor, thread, line, answer, answerText, events }) => ({
      text,
      actor,
      thread,
      line,
      answer,
      answerText,
      events: events.map(({ seconds, name, fields }) => ({ seconds, name, fields: { ...fields } })),
    })),
    variants: variants.map((answers) => [...answers]),
    reports: reports.map(reportToJson),
    canaries: canaries.map(({ name, expected, seen }) => ({ name, expected, seen })),
    agreement: {
      verdict: agreement.verdict,
      reason: agreement.reason,
      rows: agreement.rows.map(({ operation, simulated, executed, agrees, compared = true }) => ({
        operation,
        simulated: [...simulated],
        executed,
        agrees,
        compared,
      })),
      trace: agreement.trace && traceToJson(agreement.trace, options),
    },
    log,
    milliseconds,
    notes: [...notes],
  };
}

function reportToJson({ kind, title, id, frames, related, text, seconds, line, operation }: KernelReport): z.infer<typeof reportSchema> {
  return {
    kind,
    title,
    id,
    frames: frames.map(frameToJson),
    related: related.map((each) => ({ title: each.title, frames: each.frames.map(frameToJson) })),
    text,
    seconds,
    line,
    operation,
  };
}

function frameToJson({ function: name, offset, size, module, inlined, sure, at }: KernelFrame): z.infer<typeof frameSchema> {
  return { function: name, offset, size, module, inlined, sure, at: at && { file: at.file, line: at.line } };
}
