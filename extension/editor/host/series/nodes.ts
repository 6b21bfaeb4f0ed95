// The tree of the sidebar as plain data: series, patch, cause, what shows it, files. Free of the editor, so that it can be tested.
import { failed, ok } from '../../../model/result.js';
import { basename } from 'node:path';
import type { NotAnalysed } from '../../../model/finding.js';
import { attribution } from '../../../review/attribution.js';
import type { Cause, Severity } from '../../../review/causes.js';
import { counted } from '../../../model/plural.js';
import { phaseText, progressText } from '../../../review/report/text/progress-text.js';
import { verdictOf, type Gap, type PatchVerdict, type Verdict } from '../../../review/verdict.js';
import { gapText, verdictWords } from '../../../review/report/text/verdict-text.js';
import { seriesCauses } from '../../../review/series-causes.js';
import type { SeriesSource, ShownFinding, ShownPatch, ShownReview } from '../../protocol/messages.js';
import { causeNode } from './cause-nodes.js';
import { fileNodes, filesNode, fixedNodes, passingNodes, unchangedNodes } from './file-nodes.js';
import { lineNode, problemNode, type ComparedTrees, type SeriesNode } from './node.js';
import type { SeriesState, SimulationState } from './series-state.js';
import { threadNodes } from './thread-nodes.js';

const verdicts = new WeakMap<ShownReview, { readonly simulation: SimulationState; readonly verdict: Verdict }>();

/** What a series comes to as far as is known: the verdict of each patch, with the causes of what it introduces. */
function seriesVerdict(review: ShownReview, simulation: SimulationState): Verdict {
  const known = verdicts.get(review);
  if (known !== undefined && isAlike(known.simulation, simulation)) return known.verdict;
  const verdict = newVerdict(review, simulation);
  verdicts.set(review, { simulation, verdict });
  return verdict;
}

/** How far it is makes no difference. */
function isAlike(one: SimulationState, other: SimulationState): boolean {
  return one === other || (one.kind === 'running' && other.kind === 'running' && one.soFar === other.soFar);
}

function newVerdict(review: ShownReview, simulation: SimulationState): Verdict {
  const whole = review.review;
  const introduced = whole.findings.filter(({ status }) => status === 'introduced');
  const done = simulation.kind === 'done' ? simulation.simulation : null;
  const told = done ?? (simulation.kind === 'running' ? (simulation.soFar ?? null) : null);
  const causes = seriesCauses(introduced, (finding) => attribution(whole, finding) ?? null, told);
  const behaviour = done !== null ? ok(done.behaviour) : simulation.kind === 'none' ? failed(simulation) : null;
  return verdictOf(whole, causes, behaviour);
}

export function seriesNode(state: SeriesState): SeriesNode {
  const { id, review, failure, running, simulation, behind, source } = state;
  const verdict = review === undefined || review.patches.length === 0 ? undefined : seriesVerdict(review, simulation);
  const counts =
    review === undefined
      ? ''
      : verdict === undefined
        ? source.kind === 'changes'
          ? 'nothing changed'
          : 'nothing reviewed'
        : wholeWords(verdict);
  return {
    kind: 'series',
    id,
    series: id,
    label: titleOf(state.source, review),
    description:
      failure !== undefined ? 'not reviewed' : review === undefined ? 'reviewing…' : behind ? `before the last edits: ${counts}` : counts,
    tooltip: [namesOf(state.source), `Against the tree ${state.root}`, counts].filter((line) => line !== '').join('\n'),
    running: running || behind || (verdict !== undefined && simulation.kind === 'running'),
    failed: failure !== undefined,
    open: true,
    children: [
      ...(failure === undefined
        ? []
        : [problemNode(id, `${id} failure`, { where: namesOf(state.source), message: failure, severity: 'error' })]),
      ...(review === undefined ? [] : reviewNodes(state, review, verdict)),
    ],
  };
}

/** One patch's verdict is that of the series; of several, what all of them come to. */
function wholeWords({ patches, gaps }: Verdict): string {
  const [only] = patches;
  if (only !== undefined && patches.length === 1) return verdictWords(only, gaps);
  const causes = patches.flatMap((patch) => patch.causes);
  const all: PatchVerdict = {
    patch: null,
    causes,
    passing: 0,
    fixed: patches.reduce((sum, { fixed }) => sum + fixed, 0),
    gaps: patches.flatMap((patch) => patch.gaps),
  };
  return verdictWords(all, gaps);
}

const emptyText = {
  files: 'No patch in it',
  commits: 'No patch in it',
  changes: 'What you type in its files is reviewed here',
} as const;

function reviewNodes({ id: series, source }: SeriesState, review: ShownReview, verdict: Verdict | undefined): SeriesNode[] {
  const problems = review.problems.map((problem, index) => problemNode(series, `${series} problem ${index}`, problem));
  const patches = review.patches.map((patch, index) =>
    patchNode(series, review, patch, index, verdict?.patches[index], verdict?.gaps ?? []),
  );
  const others = verdict?.patches.filter(({ patch }) => patch === null).flatMap(({ causes }) => causes) ?? [];
  const whole: SeriesNode[] = review.patches.length > 1 ? [wholeNode(series, review, others)] : [];
  // A row that comes and goes with each keystroke would move all others; the row of the series says it too.
  const lasting = verdict?.gaps.filter(({ kind }) => kind !== 'simulating' || source.kind !== 'changes') ?? [];
  const gaps = lasting.map((gap, index) => lineNode('gap', series, `${series} gap ${index}`, gapText(gap)));
  const left = review.notAnalysed.length === 0 ? [] : [notAnalysedNode(series, review.notAnalysed)];
  const empty = patches.length === 0 && problems.length === 0 ? [lineNode('note', series, `${series} empty`, emptyText[source.kind])] : [];
  const applied = source.kind === 'files' ? (source.suggestions ?? []) : [];
  return [...problems, ...gaps, ...patches, ...whole, ...threadNodes(series, review.thread, applied), ...left, ...empty];
}

function patchNode(
  series: string,
  review: ShownReview,
  patch: ShownPatch,
  index: number,
  verdict: PatchVerdict | undefined,
  gaps: readonly Gap[],
): SeriesNode {
  const id = `${series} ${index}`;
  const subject = shortSubject(patch.subject) || basename(patch.source);
  const total = review.patches.length;
  const causes = verdict?.causes ?? [];
  return {
    kind: 'patch',
    id,
    series,
    scope: index,
    label: total > 1 ? `${index + 1}/${total} ${subject}` : subject,
    description: verdict === undefined ? '' : verdictWords(verdict, gaps, []),
    tooltip: [patch.subject, patch.author, patch.date, patch.source].filter((line) => line !== '').join('\n'),
    worst: worstOf(causes, verdict?.fixed ?? 0),
    partial: (verdict?.gaps.length ?? 0) > 0,
    open: true,
    children: [
      ...patch.problems.map((problem, at) => problemNode(series, `${id} problem ${at}`, problem)),
      ...causes.map((cause) => causeNode(series, id, cause, introducedIn(review, index))),
      ...passingNodes(series, id, index, patch.findings, review.findings),
      ...fixedNodes(series, id, index, patch.findings, review.findings),
      ...filesNode(series, id, index, patch.files),
      ...unchangedNodes(series, id, index, patch.findings),
    ],
  };
}

/** The finding of a cause as the patch shows it, or as the whole series does where a later patch moved it. */
function introducedIn({ patches, findings }: ShownReview, patch: number | null) {
  const among = (shown: readonly ShownFinding[], id: string): ShownFinding | undefined =>
    shown.find((finding) => finding.id === id && finding.status === 'introduced');
  return (id: string): { readonly finding: ShownFinding; readonly scope: ComparedTrees } | undefined => {
    const own = patch === null ? undefined : among(patches[patch]?.findings ?? [], id);
    if (patch !== null && own !== undefined) return { finding: own, scope: patch };
    const whole = among(findings, id);
    return whole === undefined ? undefined : { finding: whole, scope: 'series' };
  };
}

/** What belongs to no single patch, and the files of all of them. */
function wholeNode(series: string, review: ShownReview, causes: readonly Cause[]): SeriesNode {
  const id = `${series} series`;
  const files = review.texts.map(({ path, oldPath, before, after }) => ({
    path,
    oldPath,
    change: before === null ? ('added' as const) : after === null ? ('deleted' as const) : ('modified' as const),
    hunks: 0,
    hunksApplied: 0,
    problems: [],
  }));
  return {
    kind: 'patch',
    id,
    series,
    scope: 'series',
    label: 'Whole series',
    description: causes.length === 0 ? '' : verdictWords({ patch: null, causes, passing: 0, fixed: 0, gaps: [] }, []),
    tooltip: 'The tree before the first patch, compared with the tree after the last',
    worst: worstOf(causes, 0),
    partial: false,
    open: causes.length > 0,
    children: [
      ...causes.map((cause) => causeNode(series, id, cause, introducedIn(review, null))),
      ...fileNodes(series, id, 'series', files),
      ...unchangedNodes(series, id, 'series', review.findings),
    ],
  };
}

function worstOf(causes: readonly Cause[], fixed: number): Severity | 'fixed' | undefined {
  const found = (['error', 'finding', 'behaviour'] as const).find((severity) => causes.some((cause) => cause.severity === severity));
  return found ?? (fixed > 0 ? 'fixed' : undefined);
}

function notAnalysedNode(series: string, notAnalysed: readonly NotAnalysed[]): SeriesNode {
  const id = `${series} not analysed`;
  return {
    kind: 'not-analysed',
    id,
    series,
    label: 'Not analysed',
    description: counted(notAnalysed.length, 'function'),
    tooltip: 'Nothing is said of these functions, neither good nor bad',
    open: false,
    children: notAnalysed.map((each, index) => ({
      ...lineNode('note', series, `${id} ${index}`, each.function === '' ? each.file : each.function),
      description: each.reason,
      tooltip: `${each.file}: ${each.function === '' ? '' : `${each.function}: `}${each.reason}`,
    })),
  };
}

/** The verdict of each patch of a series on a line, as the terminal begins; empty while there is none, and for what is being typed. */
export function verdictLines({ source, review, simulation }: SeriesState): readonly string[] {
  if (review === undefined || review.patches.length === 0 || source.kind === 'changes') return [];
  const { patches, gaps } = seriesVerdict(review, simulation);
  const only = review.patches.length === 1;
  const title = (patch: number | null): string => (patch === null ? 'series' : `patch ${patch + 1}/${review.patches.length}`);
  const lines = patches.map((each) => `${title(each.patch)}: ${verdictWords(each, gaps, only ? gaps : [])}`);
  return only ? lines : [...lines, ...gaps.map((gap) => `series: ${gapText(gap)}`)];
}

/** How far reviews and simulations of series are at a time of `Date.now()`; empty where none runs. */
export function seriesProgress(states: readonly SeriesState[], now: number): string {
  return states
    .flatMap(({ running, progress, simulation }) => {
      if (running) return progress === undefined ? [] : [`${progressText({ ...progress, text: '' }, now)}…`];
      return simulation.kind === 'running' && simulation.total > 0 ? [`${phaseText({ phase: 'simulate', ...simulation, text: '' })}…`] : [];
    })
    .join(' ');
}

/** Flaws of all open series, for the badge. */
export function flawsOf(states: readonly SeriesState[]): number {
  return states.reduce((sum, { review, simulation }) => {
    if (review === undefined || review.patches.length === 0) return sum;
    const causes = seriesVerdict(review, simulation).patches.flatMap((patch) => patch.causes);
    return sum + causes.filter(({ severity }) => severity !== 'behaviour').length;
  }, 0);
}

export function titleOf(source: SeriesSource, review: ShownReview | undefined): string {
  if (source.kind === 'commits') return source.range;
  if (source.kind === 'changes') return 'Uncommitted changes';
  const [first = ''] = source.paths;
  const more = source.paths.length > 1 ? ` and ${source.paths.length - 1} more` : '';
  const patches = review === undefined || review.patches.length < 2 ? '' : ` (${review.patches.length} patches)`;
  return `${basename(first)}${more}${patches}`;
}

function namesOf(source: SeriesSource): string {
  if (source.kind === 'changes') return 'What the tree has that its last commit has not, as it is typed';
  return source.kind === 'commits' ? source.range : source.paths.join('\n');
}

/** Without the `[PATCH v4 1/3]` that mail puts before it. */
function shortSubject(subject: string): string {
  return subject.replace(/^(?:\s*\[[^\]]*\])+\s*/, '').trim();
}

/** What a reviewer walks through by key: what each patch introduces, comes and goes with, and fixes, in the order of the tree. */
export function walkable(nodes: readonly SeriesNode[]): (SeriesNode & { readonly kind: 'cause' | 'finding' })[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'cause' || node.kind === 'finding') return [node];
    if (node.kind === 'unchanged') return [];
    return walkable(node.children);
  });
}

/** The run that a click on a row opens: its own or, of a cause that no statement is to blame for, the first that shows it. */
export function runOf(node: SeriesNode): (SeriesNode & { readonly kind: 'run' }) | undefined {
  if (node.kind === 'run') return node;
  if (node.kind !== 'cause' || node.place !== null) return undefined;
  return node.children.find((child): child is SeriesNode & { readonly kind: 'run' } => child.kind === 'run');
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

/** What people said, in the order of the thread. */
export function remarksIn(
  nodes: readonly SeriesNode[],
): (SeriesNode & { readonly kind: 'remark' | 'suggestion' | 'applied-suggestion' })[] {
  return nodes.flatMap((node) =>
    node.kind === 'remark' || node.kind === 'suggestion' || node.kind === 'applied-suggestion' ? [node] : remarksIn(node.children),
  );
}
