// A check or a review as JSON, and the schema of it: the face for scripts. Fields may be added, none is taken away.
import { z } from 'zod';
import { ruleIds, type CheckResult, type Finding } from '../../../model/finding.js';
import type { InputProblem } from '../../../model/problem.js';
import type { Review } from '../../../model/review.js';
import { causeKind, causePlace, causeText } from '../text/cause-text.js';
import { allProblems } from '../../review-problems.js';
import { sideOf, type Sources } from '../../sources.js';
import type { Gap, Verdict } from '../../verdict.js';
import { gapText, verdictWords } from '../text/verdict-text.js';

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
  /** Of an introduced one: the `id` of one of `causes`. */
  cause: z.string().optional(),
  trace: z.array(z.object({ message: z.string(), ...place })),
});

const gapSchema = z.object({ kind: z.string(), /** In words. */ message: z.string() });

/** What belongs together, worst first; findings, simulated errors and behaviours name theirs in `cause`. */
const causeSchema = z.object({
  id: z.string().min(1),
  severity: z.enum(['error', 'finding', 'behaviour']),
  /** In a word or two, and in a sentence. */
  kind: z.string(),
  message: z.string(),
  /** `file:line` */
  place: z.string().nullable(),
  /** 1-based; null where no single patch is known to bring it. */
  patch: z.int().positive().nullable(),
  findings: z.array(z.string()),
  errors: z.array(z.string()),
  behaviours: z.int().nonnegative(),
});

export const problemSchema = z.object({
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
        /** On one line, as the text report begins; and what of the patch was not looked at. */
        verdict: z.string(),
        gaps: z.array(gapSchema),
      }),
    )
    .optional(),
  /** Of a review only. `incomplete`: nothing found, but not all was looked at, as `gaps` say here and of each patch. */
  verdict: z.object({ kind: z.enum(['clean', 'behaviour', 'found', 'incomplete']), gaps: z.array(gapSchema) }).optional(),
  causes: z.array(causeSchema).optional(),
});

export type JsonResult = z.infer<typeof resultSchema>;
type JsonFinding = JsonResult['findings'][number];

export function checkToJson(result: CheckResult & { readonly problems?: readonly InputProblem[] }, sources: Sources): JsonResult {
  return common(result, result.problems ?? [], sources);
}

export function reviewToJson(review: Review, verdict: Verdict, sources: Sources): JsonResult {
  const all = common(review, allProblems(review), sources);
  const causes = verdict.patches.flatMap((patch) => patch.causes);
  const causeOf = new Map(causes.flatMap(({ id, findings }) => findings.map((finding) => [finding.id, id] as const)));
  const gapToJson = (gap: Gap): z.infer<typeof gapSchema> => ({ kind: gap.kind, message: gapText(gap) });
  const withCause = (finding: JsonFinding): JsonFinding => {
    const cause = finding.status === 'introduced' ? causeOf.get(finding.id) : undefined;
    return cause === undefined ? finding : { ...finding, cause };
  };
  return {
    ...all,
    findings: all.findings.map(withCause),
    patches: review.patches.map((patch, index) => {
      const own = verdict.patches[index];
      return {
        source: patch.source,
        subject: patch.subject,
        author: patch.author,
        date: patch.date,
        messageId: patch.messageId,
        files: patch.files.map(({ path, oldPath, change, hunks, hunksApplied }) => ({ path, oldPath, change, hunks, hunksApplied })),
        // The text between two patches is not at hand here, so these have lines but no columns.
        findings: patch.findings
          .filter((finding) => finding.status !== 'unchanged')
          .map((finding) => withCause(toJson(finding, undefined))),
        verdict: own === undefined ? '' : verdictWords(own, verdict.gaps, []),
        gaps: own?.gaps.map(gapToJson) ?? [],
      };
    }),
    verdict: { kind: verdict.kind, gaps: verdict.gaps.map(gapToJson) },
    causes: causes.map((cause) => ({
      id: cause.id,
      severity: cause.severity,
      kind: causeKind(cause),
      message: causeText(cause),
      place: causePlace(cause),
      patch: cause.patch === null ? null : cause.patch + 1,
      findings: cause.findings.map(({ id }) => id),
      errors: cause.errors.map(({ counterexample }) => counterexample.error.id),
      behaviours: cause.changes.length,
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
