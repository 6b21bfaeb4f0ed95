// A check or a review as JSON, and the schema of it: the face for scripts. Fields may be added, none is taken away.
import { z } from 'zod';
import { ruleIds, type CheckResult, type Finding } from '../model/finding.js';
import type { InputProblem } from '../model/problem.js';
import type { Review } from '../model/review.js';
import { allProblems } from './problems.js';
import { sideOf, type Sources } from './sources.js';

const place = {
  file: z.string(),
  /** 1-based; columns count UTF-16 code units. Absent where the text is not at hand. */
  line: z.int().positive(),
  column: z.int().positive().optional(),
  endLine: z.int().positive().optional(),
  endColumn: z.int().positive().optional(),
};

const findingSchema = z.object({
  id: z.string().min(1),
  rule: z.enum(ruleIds),
  status: z.enum(['introduced', 'fixed', 'unchanged']),
  function: z.string(),
  message: z.string(),
  ...place,
  trace: z.array(z.object({ message: z.string(), ...place })),
});

const problemSchema = z.object({
  where: z.string(),
  line: z.int().positive().optional(),
  message: z.string(),
  severity: z.enum(['error', 'warning']),
});

export const resultSchema = z.object({
  findings: z.array(findingSchema),
  notAnalysed: z.array(z.object({ file: z.string(), function: z.string(), reason: z.string() })),
  stats: z.object({
    files: z.int().nonnegative(),
    functions: z.int().nonnegative(),
    notAnalysed: z.int().nonnegative(),
    states: z.int().nonnegative(),
    merged: z.int().nonnegative(),
    assumedCallees: z.array(z.object({ name: z.string(), calls: z.int() })),
    assumedOptions: z.array(z.object({ name: z.string(), value: z.boolean() })),
    suppressed: z.int().nonnegative(),
    milliseconds: z.number().nonnegative(),
  }),
  problems: z.array(problemSchema),
  /** False where a part of the input was left out, as `problems` says. */
  complete: z.boolean(),
  /** Of a review only: the series in order; a patch's findings compare with the patch before it. */
  patches: z
    .array(
      z.object({
        source: z.string(),
        subject: z.string(),
        author: z.string(),
        date: z.string(),
        messageId: z.string(),
        files: z.array(z.object({ path: z.string(), oldPath: z.string(), change: z.string(), hunks: z.int(), hunksApplied: z.int() })),
        findings: z.array(findingSchema),
      }),
    )
    .optional(),
});

export type JsonResult = z.infer<typeof resultSchema>;
type JsonFinding = JsonResult['findings'][number];

export function checkToJson(result: CheckResult & { readonly problems?: readonly InputProblem[] }, sources: Sources): JsonResult {
  return common(result, result.problems ?? [], sources);
}

export function reviewToJson(review: Review, sources: Sources): JsonResult {
  return {
    ...common(review, allProblems(review), sources),
    patches: review.patches.map((patch) => ({
      source: patch.source,
      subject: patch.subject,
      author: patch.author,
      date: patch.date,
      messageId: patch.messageId,
      files: patch.files.map(({ path, oldPath, change, hunks, hunksApplied }) => ({ path, oldPath, change, hunks, hunksApplied })),
      // The text between two patches is not at hand here, so these have lines but no columns.
      findings: patch.findings.filter((finding) => finding.status !== 'unchanged').map((finding) => toJson(finding, undefined)),
    })),
  };
}

function common(result: CheckResult, problems: readonly InputProblem[], sources: Sources): JsonResult {
  return {
    findings: result.findings.map((finding) => toJson(finding, sources)),
    notAnalysed: result.notAnalysed.map(({ file, function: name, reason }) => ({ file, function: name, reason })),
    stats: {
      ...result.stats,
      assumedCallees: result.stats.assumedCallees.map(({ name, calls }) => ({ name, calls })),
      assumedOptions: result.stats.assumedOptions.map(({ name, value }) => ({ name, value })),
    },
    problems: problems.map((problem) => ({ ...problem })),
    complete: !problems.some((problem) => problem.severity === 'error'),
  };
}

function toJson(finding: Finding, sources: Sources | undefined): JsonFinding {
  const { id, rule, status, file, function: name, line, message } = finding;
  const side = sideOf(status);
  return {
    id,
    rule,
    status,
    file,
    function: name,
    line,
    ...columns(sources?.region(file, finding.span, side)),
    message,
    trace: finding.trace.map((step) => ({
      file: step.file,
      line: step.line,
      ...columns(sources?.region(step.file, step.span, side)),
      message: step.message,
    })),
  };
}

function columns(region: ReturnType<Sources['region']>): { column?: number; endLine?: number; endColumn?: number } {
  return region === undefined ? {} : { column: region.column, endLine: region.endLine, endColumn: region.endColumn };
}
