// The tree of the sidebar as plain data: series, patch, file, finding, step. Free of the editor, so that it can be tested.
import { basename } from 'node:path';
import type { FindingStatus, NotAnalysed } from '../../model/finding.js';
import { formatProblem, type InputProblem } from '../../model/problem.js';
import type { ReviewedFile } from '../../model/review.js';
import type { SeriesSource, ShownFinding, ShownPatch, ShownReview, ShownStep, ShownText } from '../messages.js';

/** Which two trees a node compares: those around a patch (0-based), or the base and the whole series. */
export type Scope = number | 'series';

interface Common {
  /** Unique among all nodes, and the same after a refresh. */
  readonly id: string;
  readonly series: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly open: boolean;
  readonly children: readonly SeriesNode[];
}

export type SeriesNode = Common &
  (
    | { readonly kind: 'series'; readonly running: boolean; readonly failed: boolean }
    | { readonly kind: 'patch'; readonly scope: Scope; readonly worst: FindingStatus | undefined; readonly partial: boolean }
    | { readonly kind: 'file'; readonly scope: Scope; readonly path: string; readonly worst: FindingStatus | undefined }
    | { readonly kind: 'finding'; readonly scope: Scope; readonly finding: ShownFinding }
    | { readonly kind: 'step'; readonly scope: Scope; readonly finding: ShownFinding; readonly step: ShownStep }
    | { readonly kind: 'unchanged'; readonly scope: Scope }
    | { readonly kind: 'problem'; readonly problem: InputProblem }
    | { readonly kind: 'not-analysed' }
    | { readonly kind: 'note' }
  );

export interface SeriesState {
  readonly id: string;
  readonly source: SeriesSource;
  readonly root: string;
  readonly running: boolean;
  /** The last review; it stays while the next one is worked out. */
  readonly review: ShownReview | undefined;
  readonly failure: string | undefined;
}

export function seriesNode(state: SeriesState): SeriesNode {
  const { id, review, failure, running } = state;
  const counts = review === undefined ? '' : review.patches.length === 0 ? 'nothing reviewed' : verdictOf(review.findings, review.patches);
  return {
    kind: 'series',
    id,
    series: id,
    label: titleOf(state.source, review),
    description: failure !== undefined ? 'not reviewed' : review === undefined ? 'reviewing…' : counts,
    tooltip: [namesOf(state.source), `Against the tree ${state.root}`, counts].filter((line) => line !== '').join('\n'),
    running,
    failed: failure !== undefined,
    open: true,
    children: [
      ...(failure === undefined
        ? []
        : [problemNode(id, `${id} failure`, { where: namesOf(state.source), message: failure, severity: 'error' })]),
      ...(review === undefined ? [] : reviewNodes(id, review)),
    ],
  };
}

function reviewNodes(series: string, review: ShownReview): SeriesNode[] {
  const problems = review.problems.map((problem, index) => problemNode(series, `${series} problem ${index}`, problem));
  const patches = review.patches.map((patch, index) => patchNode(series, patch, index, review.patches.length));
  const whole: SeriesNode[] = review.patches.length > 1 ? [wholeNode(series, review)] : [];
  const left = review.notAnalysed.length === 0 ? [] : [notAnalysedNode(series, review.notAnalysed)];
  const empty = patches.length === 0 && problems.length === 0 ? [noteNode(series, `${series} empty`, 'No patch in it')] : [];
  return [...problems, ...patches, ...whole, ...left, ...empty];
}

function patchNode(series: string, patch: ShownPatch, index: number, total: number): SeriesNode {
  const id = `${series} ${index}`;
  const subject = shortSubject(patch.subject) || basename(patch.source);
  return {
    kind: 'patch',
    id,
    series,
    scope: index,
    label: total > 1 ? `${index + 1}/${total} ${subject}` : subject,
    description: verdictOf(patch.findings, [patch]),
    tooltip: [patch.subject, patch.author, patch.date, patch.source].filter((line) => line !== '').join('\n'),
    worst: worstOf(patch.findings),
    partial: leftOut([patch]) > 0,
    open: true,
    children: [
      ...patch.problems.map((problem, at) => problemNode(series, `${id} problem ${at}`, problem)),
      ...fileNodes(series, id, index, patch.findings, patch.files),
      ...unchangedNodes(series, id, index, patch.findings),
    ],
  };
}

/** What the series does as a whole: a flaw that patch 1 brings and patch 2 mends is not in it. */
function wholeNode(series: string, review: ShownReview): SeriesNode {
  const id = `${series} series`;
  return {
    kind: 'patch',
    id,
    series,
    scope: 'series',
    label: 'Whole series',
    description: verdictOf(review.findings, review.patches),
    tooltip: 'The tree before the first patch, compared with the tree after the last',
    worst: worstOf(review.findings),
    partial: leftOut(review.patches) > 0,
    open: false,
    children: [
      ...fileNodes(series, id, 'series', review.findings, review.texts.map(fileOfText)),
      ...unchangedNodes(series, id, 'series', review.findings),
    ],
  };
}

type FileOfPatch = Pick<ReviewedFile, 'path' | 'oldPath' | 'change' | 'hunks' | 'hunksApplied' | 'problems'>;

function fileOfText({ path, oldPath, before, after }: ShownText): FileOfPatch {
  const change = before === null ? 'added' : after === null ? 'deleted' : 'modified';
  return { path, oldPath, change, hunks: 0, hunksApplied: 0, problems: [] };
}

function fileNodes(
  series: string,
  parent: string,
  scope: Scope,
  findings: readonly ShownFinding[],
  files: readonly FileOfPatch[],
): SeriesNode[] {
  const changed = findings.filter((finding) => finding.status !== 'unchanged');
  const touched = new Set(files.flatMap((file) => [file.path, file.oldPath]));
  // A change in one file can bring a finding to another one.
  const others = [...new Set(changed.map((finding) => finding.file))].filter((path) => !touched.has(path));
  const all: FileOfPatch[] = [
    ...files,
    ...others.map((path) => ({ path, oldPath: path, change: 'modified' as const, hunks: 0, hunksApplied: 0, problems: [] })),
  ];
  const nodes = all.map((file, index) =>
    fileNode(
      series,
      `${parent} ${index}`,
      scope,
      file,
      changed.filter((each) => each.file === file.path || each.file === file.oldPath),
    ),
  );
  return [...nodes].sort((a, b) => Number(b.children.length > 0) - Number(a.children.length > 0) || compare(a.tooltip, b.tooltip));
}

function fileNode(series: string, parent: string, scope: Scope, file: FileOfPatch, findings: readonly ShownFinding[]): SeriesNode {
  const id = `${parent} ${file.path}`;
  const folder = file.path.includes('/') ? file.path.slice(0, file.path.lastIndexOf('/')) : '';
  const partial = file.hunksApplied < file.hunks ? `${file.hunksApplied} of ${file.hunks} hunks applied` : '';
  const change = file.change === 'modified' ? '' : file.change === 'renamed' ? `renamed from ${file.oldPath}` : file.change;
  return {
    kind: 'file',
    id,
    series,
    scope,
    path: file.path,
    label: basename(file.path),
    description: [partial, change, findings.length > 0 ? countsOf(findings) : folder].filter((part) => part !== '').join(', '),
    tooltip: file.path,
    worst: worstOf(findings),
    open: true,
    children: [
      ...file.problems.map((problem, at) => problemNode(series, `${id} problem ${at}`, problem)),
      ...sortByStatus(findings).map((finding) => findingNode(series, id, scope, finding)),
    ],
  };
}

function unchangedNodes(series: string, parent: string, scope: Scope, findings: readonly ShownFinding[]): SeriesNode[] {
  const unchanged = findings.filter((finding) => finding.status === 'unchanged');
  if (unchanged.length === 0) return [];
  const id = `${parent} unchanged`;
  return [
    {
      kind: 'unchanged',
      id,
      series,
      scope,
      label: 'Unchanged',
      description: `${unchanged.length}`,
      tooltip: 'Found before and after alike',
      open: false,
      children: unchanged.map((finding) => findingNode(series, id, scope, finding)),
    },
  ];
}

function findingNode(series: string, parent: string, scope: Scope, finding: ShownFinding): SeriesNode {
  const id = `${parent} ${finding.status} ${finding.id}`;
  return {
    kind: 'finding',
    id,
    series,
    scope,
    finding,
    label: finding.rule,
    description: `${finding.line} ${finding.function}: ${finding.message}`,
    tooltip: `${finding.status}: ${finding.message}\n${finding.file}:${finding.line} in ${finding.function}`,
    open: false,
    children: finding.steps.map((step, index) => ({
      kind: 'step',
      id: `${id} ${index}`,
      series,
      scope,
      finding,
      step,
      label: step.message,
      description: `${basename(step.file)}:${step.range.startLine + 1}`,
      tooltip: `${step.file}:${step.range.startLine + 1}: ${step.message}`,
      open: false,
      children: [],
    })),
  };
}

function problemNode(series: string, id: string, problem: InputProblem): SeriesNode {
  return {
    kind: 'problem',
    id,
    series,
    problem,
    label: problem.message,
    description: `${basename(problem.where)}${problem.line === undefined ? '' : `:${problem.line}`}`,
    tooltip: formatProblem(problem),
    open: false,
    children: [],
  };
}

function notAnalysedNode(series: string, notAnalysed: readonly NotAnalysed[]): SeriesNode {
  const id = `${series} not analysed`;
  return {
    kind: 'not-analysed',
    id,
    series,
    label: 'Not analysed',
    description: count(notAnalysed.length, 'function'),
    tooltip: 'Nothing is said of these functions, neither good nor bad',
    open: false,
    children: notAnalysed.map((each, index) => ({
      ...noteNode(series, `${id} ${index}`, each.function === '' ? each.file : each.function),
      description: each.reason,
      tooltip: `${each.file}: ${each.function === '' ? '' : `${each.function}: `}${each.reason}`,
    })),
  };
}

function noteNode(series: string, id: string, label: string): SeriesNode {
  return { kind: 'note', id, series, label, description: '', tooltip: label, open: false, children: [] };
}

/** `2 introduced, 1 fixed`; what did not change is left to its own node. */
export function countsOf(findings: readonly ShownFinding[]): string {
  const introduced = findings.filter((finding) => finding.status === 'introduced').length;
  const fixed = findings.filter((finding) => finding.status === 'fixed').length;
  const parts = [introduced > 0 ? `${introduced} introduced` : 'nothing introduced', ...(fixed > 0 ? [`${fixed} fixed`] : [])];
  return parts.join(', ');
}

/** Hunks that are not in the tree that was checked: what they would bring is not known. */
function leftOut(patches: readonly Pick<ShownPatch, 'files'>[]): number {
  return patches.reduce((sum, { files }) => sum + files.reduce((all, file) => all + file.hunks - file.hunksApplied, 0), 0);
}

/** The counts, after what was left out: a patch that did not apply must not read as clean. */
function verdictOf(findings: readonly ShownFinding[], patches: readonly Pick<ShownPatch, 'files'>[]): string {
  const left = leftOut(patches);
  return left === 0 ? countsOf(findings) : `${count(left, 'hunk')} left out, ${countsOf(findings)}`;
}

function worstOf(findings: readonly ShownFinding[]): FindingStatus | undefined {
  return (['introduced', 'fixed'] as const).find((status) => findings.some((finding) => finding.status === status));
}

const rank: Readonly<Record<FindingStatus, number>> = { introduced: 0, fixed: 1, unchanged: 2 };

function sortByStatus(findings: readonly ShownFinding[]): ShownFinding[] {
  return [...findings].sort((a, b) => rank[a.status] - rank[b.status] || a.line - b.line);
}

export function titleOf(source: SeriesSource, review: ShownReview | undefined): string {
  if (source.kind === 'commits') return source.range;
  const [first = ''] = source.paths;
  const more = source.paths.length > 1 ? ` and ${source.paths.length - 1} more` : '';
  const patches = review === undefined || review.patches.length < 2 ? '' : ` (${review.patches.length} patches)`;
  return `${basename(first)}${more}${patches}`;
}

function namesOf(source: SeriesSource): string {
  return source.kind === 'commits' ? source.range : source.paths.join('\n');
}

/** Without the `[PATCH v4 1/3]` that mail puts before it. */
function shortSubject(subject: string): string {
  return subject.replace(/^(?:\s*\[[^\]]*\])+\s*/, '').trim();
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The findings that a reviewer walks through by key: introduced and fixed ones, in the order of the tree. */
export function walkable(nodes: readonly SeriesNode[]): (SeriesNode & { readonly kind: 'finding' })[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'finding') return [node];
    if (node.kind === 'unchanged' || (node.kind === 'patch' && node.scope === 'series')) return [];
    return walkable(node.children);
  });
}

/** The stop after (or before) the one with `current` as id; from the first (or last) one where there is none, and round. */
export function nextStop<T extends { readonly id: string }>(stops: readonly T[], current: string | undefined, step: 1 | -1): T | undefined {
  const at = stops.findIndex((stop) => stop.id === current);
  if (at < 0) return step === 1 ? stops[0] : stops[stops.length - 1];
  return stops[(at + step + stops.length) % stops.length];
}

/** A finding as a reply or a note would quote it. */
export function findingText(finding: ShownFinding): string {
  const lines = [
    `${finding.file}:${finding.line}: ${finding.message} [${finding.rule}, ${finding.status}]`,
    ...finding.steps.map((step) => `  ${step.file}:${step.range.startLine + 1}: ${step.message}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** Paths in the order in which `git format-patch` numbers them. */
export function inSeriesOrder(paths: readonly string[]): string[] {
  return [...paths].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}
