// Baseline files: findings that a team knows of and does not want to hear about again.
import { z } from 'zod';
import { ruleIds, type Finding } from '../model/finding.js';
import { fitting, type InputProblem } from '../model/problem.js';
import { failed, ok, type Result } from '../model/result.js';
import { lineOfPath, parseJson } from './json-path.js';

const entrySchema = z.object({
  id: z.string().min(1),
  /** The rest is for people who read the file; only `id` is matched. */
  rule: z.enum(ruleIds),
  file: z.string(),
  function: z.string(),
});

export const baselineSchema = z.object({
  version: z.literal(1),
  findings: z.array(entrySchema),
});

export type Baseline = z.infer<typeof baselineSchema>;
export type BaselineEntry = z.infer<typeof entrySchema>;

/** The baseline that a text holds, or the one problem that keeps it from being one. `name` is the file as the user named it. */
export function parseBaseline(text: string, name: string): Result<Baseline> {
  const read = parseJson(text);
  if ('line' in read) {
    const message = 'not a baseline: not JSON from here on; `check --write-baseline` writes a good one';
    return failed({ where: name, line: read.line, message, severity: 'error' });
  }
  const parsed = baselineSchema.safeParse(read.value);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const path = issue?.path ?? [];
  const at = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return failed({
    where: name,
    line: lineOfPath(text, path),
    message: fitting(
      `not a baseline: ${at === '' ? 'the file' : at.replace(/^\./, '')}: ${issue?.message ?? 'unknown form'}; \`check --write-baseline\` writes a good one`,
    ),
    severity: 'error',
  });
}

/** The text of a baseline of these findings, in an order that makes small diffs. */
export function formatBaseline(findings: readonly Finding[]): string {
  const entries = [...new Map(findings.map((finding) => [finding.id, finding])).values()]
    .map(({ id, rule, file, function: name }): BaselineEntry => ({ id, rule, file, function: name }))
    .sort((a, b) => compare(a.file, b.file) || compare(a.function, b.function) || compare(a.id, b.id));
  const baseline: Baseline = { version: 1, findings: entries };
  return `${JSON.stringify(baseline, null, 2)}\n`;
}

/** The entries that no finding answers to any more, as one warning; empty where there are none. */
export function staleProblems(stale: readonly BaselineEntry[], name: string): InputProblem[] {
  if (stale.length === 0) return [];
  const shown = stale.slice(0, 3).map((entry) => `${entry.rule} in ${entry.function} (${entry.file})`);
  const more = stale.length > shown.length ? ` and ${stale.length - shown.length} more` : '';
  const what = stale.length === 1 ? 'entry answers' : 'entries answer';
  return [
    {
      where: name,
      message: `${stale.length} ${what} to no finding any more and can go: ${shown.join(', ')}${more}`,
      severity: 'warning',
    },
  ];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
