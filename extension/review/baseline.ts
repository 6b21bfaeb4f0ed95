// Baseline files: findings that a team knows of and does not want to hear about again.
import { z } from 'zod';
import { ruleIds, type Finding } from '../model/finding.js';
import { fitting, type InputProblem } from '../model/problem.js';
import { failed, ok, type Result } from '../model/result.js';
import { lineOfPath, parseJson } from './json-path.js';

const entrySchema = z.object({
  id: z.string().min(1),
  /** The rest is for people who read the file. */
  rule: z.enum(ruleIds),
  file: z.string(),
  function: z.string(),
});

/** Ids of version 1 were made of the words of the rules, and are of no use now: its findings are known by the rest of their entries. */
const baselineSchema = z.object({
  version: z.literal([1, 2]),
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
  const baseline: Baseline = { version: 2, findings: entries };
  return `${JSON.stringify(baseline, null, 2)}\n`;
}

/** What a baseline knows of some findings. */
export interface KnownFindings {
  /** Of the findings that it knows. */
  readonly ids: ReadonlySet<string>;
  /** Entries that none of the findings answers to. */
  readonly unmet: readonly BaselineEntry[];
}

/**
 * What a baseline knows of the findings of one tree, each entry one finding at most. By id; one of version 1 by rule, file and function,
 * the findings `before` first, which it was known to know.
 */
export function knownOf(baseline: Baseline, findings: readonly Finding[], before: ReadonlySet<string> = new Set()): KnownFindings {
  const byId = baseline.version === 2;
  const keyOf = (each: BaselineEntry): string => (byId ? each.id : JSON.stringify([each.rule, each.file, each.function]));
  const entries = new Map<string, BaselineEntry[]>();
  for (const entry of baseline.findings) entries.set(keyOf(entry), [...(entries.get(keyOf(entry)) ?? []), entry]);
  const ids = new Set<string>();
  const unmet = new Set(baseline.findings);
  for (const finding of [...findings].sort((a, b) => Number(before.has(b.id)) - Number(before.has(a.id)))) {
    const [entry, ...rest] = entries.get(keyOf(finding)) ?? [];
    if (entry === undefined) continue;
    ids.add(finding.id);
    unmet.delete(entry);
    entries.set(keyOf(finding), rest);
  }
  return { ids, unmet: [...unmet] };
}

/** What is to be said of a baseline that was used: that it is of an older form, and which entries no finding answered to. */
export function baselineProblems(baseline: Baseline | undefined, stale: readonly BaselineEntry[], name: string): InputProblem[] {
  const message = 'is of an older form: its findings are known by rule and function; `check --write-baseline` renews it';
  const old: InputProblem[] = baseline?.version === 1 ? [{ where: name, message, severity: 'warning' }] : [];
  return [...old, ...staleProblems(stale, name)];
}

function staleProblems(stale: readonly BaselineEntry[], name: string): InputProblem[] {
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
