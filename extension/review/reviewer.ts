// Checks a tree, and reviews a series against it: the tree is checked before and after each patch and the findings are
// compared. Everything below this room is pure; so is this, but for what the analyst remembers between calls.
import type { CheckResult, CheckStats, Finding } from '../model/finding.js';
import type { Ladder } from '../model/ladder.js';
import { fitting, type InputProblem } from '../model/problem.js';
import type { OnStage } from '../model/progress.js';
import { failed, ok, type Result } from '../model/result.js';
import type { Review, ReviewedPatch } from '../model/review.js';
import type { SourceTree } from '../model/source.js';
import type { Subsystem, SubsystemPlace } from '../model/subsystem.js';
import { applyPatches, type Applied } from '../patch/apply.js';
import type { Patch } from '../patch/series.js';
import { headersRead } from '../program/headers.js';
import type { SyntaxParser } from '../syntax/parser.js';
import { applyAllows, type AllowResult } from './allow.js';
import type { Analysis, AnalysisStore, Analyst, Configuration, Contracts } from './analyst.js';
import { knownOf, type Baseline, type BaselineEntry } from './baseline.js';
import { compareFindings, sortFindings, unreadIn } from './compare-findings.js';
import { ProgramAnalyst } from './program-analyst.js';

export interface ReviewOptions {
  readonly config: Configuration;
  /** Where the subsystem is, for whoever knows it; without it the tree is searched. */
  readonly at?: SubsystemPlace;
  /** The subsystem by name, where one is wanted; without it the first that the tree holds. */
  readonly subsystem?: string;
  /** Its folder, relative to the tree's root, where one is wanted. */
  readonly folder?: string;
  /** What the user says of kernel functions, before what the table says. */
  readonly contracts?: Contracts;
  /** Findings that it knows are hidden and counted as suppressed. */
  readonly baseline?: Baseline;
  /** Files and folders relative to the root; only what lies in them is reported. Empty or absent: everything. */
  readonly paths?: readonly string[];
  /** Told how far it is, of each tree of a series. */
  readonly onProgress?: OnStage;
}

export interface Checked extends CheckResult {
  readonly problems: readonly InputProblem[];
  /** Baseline entries that no finding answers to. */
  readonly stale: readonly BaselineEntry[];
}

export interface SeriesReview extends Review {
  /** Where the subsystem is; null where it is nowhere. */
  readonly place: SubsystemPlace | null;
  /** The base, then the tree with each patch applied, in order: `trees[i]` is what patch `i` (0-based) applies to. */
  readonly trees: readonly SourceTree[];
  readonly stale: readonly BaselineEntry[];
}

/** A series that is applied, before any of its trees is checked. */
export interface AppliedSeries {
  /** What is known of the review by then: it has found nothing yet. */
  readonly known: SeriesReview;
  readonly applied: readonly Applied[];
  /** Where to check it; null where there is nothing to check, so that all is known. */
  readonly at: SubsystemPlace | null;
}

/** Where the subsystem is in a tree. */
export interface LocatedSubsystem extends SubsystemPlace {
  /** A warning where the choice was not obvious. */
  readonly problems: readonly InputProblem[];
}

type WantedPlace = Pick<ReviewOptions, 'at' | 'subsystem' | 'folder'>;

/** A tree as one run sees it. */
interface State {
  readonly tree: SourceTree;
  readonly analysis: Analysis;
  readonly allowed: AllowResult;
}

export class Reviewer {
  private readonly analyst: Analyst;

  /** `subsystems`: those that there are, the one that goes before others first. `store`: where the first tree may be known. */
  constructor(
    parser: SyntaxParser | Analyst,
    readonly subsystems: readonly Subsystem[],
    store: AnalysisStore | null = null,
  ) {
    this.analyst = 'analyse' in parser ? parser : new ProgramAnalyst(parser, store);
  }

  /** Where the subsystem is, with a warning where the choice was not obvious; or the problem that it is nowhere. */
  locate(tree: SourceTree, { at, subsystem: name, folder }: WantedPlace = {}): Result<LocatedSubsystem> {
    if (at !== undefined) return ok({ ...at, problems: [] });
    const wanted = this.subsystems.filter((each) => name === undefined || each.name === name);
    if (wanted.length === 0) {
      const known = this.subsystems.map((each) => each.name).join(', ');
      return failed({ where: '--subsystem', message: `there is no ${name ?? 'subsystem'}; expected one of ${known}`, severity: 'error' });
    }
    const found = wanted.flatMap((subsystem) => this.analyst.find(tree, subsystem).map((there) => ({ subsystem, folder: there })));
    if (folder !== undefined) return named(tree, folder, found, wanted);
    const [first, ...others] = found;
    if (first === undefined) return failed({ where: tree.label, message: nowhere(wanted), severity: 'error' });
    const problems = others.length === 0 ? [] : [several(tree, first, others)];
    return ok({ ...first, problems });
  }

  /** Checks the tree as it is; every finding is `unchanged`. */
  check(tree: SourceTree, options: ReviewOptions): Checked {
    const located = this.locate(tree, options);
    if (!located.ok) return { ...nothing, problems: [located.failure], stale: [] };
    const { folder, problems } = located.value;
    const state = this.look(tree, located.value, options);
    const hidden = hiddenIds(state, options);
    const findings = sortFindings(state.analysis.findings.filter((finding) => !hidden.has(finding.id)));
    return {
      findings,
      notAnalysed: state.analysis.notAnalysed,
      stats: { ...state.analysis.stats, suppressed: state.analysis.stats.suppressed + state.analysis.findings.length - findings.length },
      problems: [...problems, ...pathProblems([state], folder, options), ...tree.problems(), ...state.allowed.problems],
      stale: staleEntries([state], options),
    };
  }

  /** Reviews a series against the tree. */
  review(tree: SourceTree, patches: readonly Patch[], options: ReviewOptions): SeriesReview {
    return this.reviewApplied(this.apply(tree, patches, options), options);
  }

  /** The same of a series that `apply` has applied, with the same options. */
  reviewApplied(series: AppliedSeries, options: ReviewOptions): SeriesReview {
    const steps = this.reviewing(series, options);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  }

  /** Applies a series to the tree and finds the subsystem in it, which takes far less time than to check it. */
  apply(tree: SourceTree, patches: readonly Patch[], options: ReviewOptions): AppliedSeries {
    return this.appliedOn(tree, applyPatches(tree, patches), options);
  }

  /** The same of what is applied to the tree already. */
  appliedOn(tree: SourceTree, applied: readonly Applied[], options: ReviewOptions): AppliedSeries {
    const trees = [tree, ...applied.map((each) => each.tree)];
    const last = trees[trees.length - 1] ?? tree;
    const files = touchedFiles(tree, last, applied);
    const reviewed = applied.map((each) => reviewedPatch(each, [], []));
    // A series may well bring the subsystem into the tree.
    const atBase = this.locate(tree, options);
    const located = atBase.ok ? atBase : this.locate(last, options);
    const known = { ...nothing, patches: reviewed, files, trees, stale: [] };
    if (!located.ok) return { known: { ...known, problems: [located.failure], place: null }, applied, at: null };
    const { problems, ...place } = located.value;
    const { subsystem, folder } = place;
    if (files.some(({ path }) => path.startsWith(`${folder}/`) || headersRead(subsystem).includes(path)))
      return { known: { ...known, problems, place }, applied, at: place };
    return { known: { ...known, problems: [...problems, ...outsideProblem(folder)], place, outside: folder }, applied, at: null };
  }

  /** The review in steps, each before a tree is checked, so that a caller can stop between them. */
  *reviewing({ known, applied, at: place }: AppliedSeries, options: ReviewOptions): Generator<void, SeriesReview, void> {
    const { trees, files, problems: doubts } = known;
    const [tree] = trees;
    if (place === null || tree === undefined) return known;
    const { folder } = place;

    yield;
    const base = this.look(tree, place, withPatchNumber(0, applied.length, options));
    let end = base;
    const states: State[] = [base];
    const reviewed: ReviewedPatch[] = [];
    for (const [index, each] of applied.entries()) {
      yield;
      const before = end;
      const changed = each.files.some((file) => [file.path, file.oldPath].some((path) => before.tree.read(path) !== each.tree.read(path)));
      end = changed ? this.look(each.tree, place, withPatchNumber(index + 1, applied.length, options)) : { ...before, tree: each.tree };
      states.push(end);
      const comparison = compareStates(before, end, movesOf([each]), options);
      reviewed.push(reviewedPatch(each, comparison.findings, comparison.problems));
    }
    const whole = compareStates(base, end, movesOf(applied), options);
    return {
      findings: whole.findings,
      notAnalysed: end.analysis.notAnalysed,
      stats: {
        ...end.analysis.stats,
        suppressed: end.analysis.stats.suppressed + whole.suppressed,
        milliseconds: states.reduce((sum, state) => sum + state.analysis.stats.milliseconds, 0),
      },
      patches: reviewed,
      problems: [
        ...doubts,
        ...pathProblems(states, folder, options),
        ...tree.problems(),
        ...(applied.length > 1 ? [] : whole.problems),
        ...addedAllows(base, end),
        ...end.allowed.problems,
      ],
      files,
      place,
      trees,
      stale: staleEntries(states, options),
    };
  }

  /** The error ladder of a function, or why there is none to show. */
  ladder(
    tree: SourceTree,
    wanted: { readonly file: string; readonly function: string },
    options: Pick<ReviewOptions, 'config'> & WantedPlace,
  ): Result<Ladder> {
    const located = this.locate(tree, options);
    if (!located.ok) return located;
    const { subsystem, folder } = located.value;
    return this.analyst.ladder(tree, { ...wanted, folder, headers: subsystem.headers, config: options.config });
  }

  private look(tree: SourceTree, { subsystem, folder }: SubsystemPlace, options: ReviewOptions): State {
    const wanted = wantedFiles(options.paths);
    const raw = this.analyst.analyse(tree, {
      folder,
      headers: subsystem.headers,
      config: options.config,
      ...(options.contracts === undefined ? {} : { contracts: options.contracts }),
      ...(wanted === undefined ? {} : { wanted }),
      ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    });
    const analysis: Analysis =
      wanted === undefined
        ? raw
        : {
            ...raw,
            findings: raw.findings.filter((finding) => wanted(finding.file)),
            notAnalysed: raw.notAnalysed.filter((each) => wanted(each.file)),
            stats: statsWithin(raw, wanted),
          };
    const units = wanted === undefined ? analysis.units : analysis.units.filter((unit) => wanted(unit.file));
    return { tree, analysis, allowed: applyAllows(analysis.findings, units, analysis.functions, analysis.notAnalysed) };
  }
}

/** Options for one tree of a series, whose stages say which. */
function withPatchNumber(number: number, of: number, options: ReviewOptions): ReviewOptions {
  const { onProgress } = options;
  return onProgress === undefined ? options : { ...options, onProgress: (stage) => onProgress({ ...stage, patch: { number, of } }) };
}

/** The subsystem in the folder that the user named. */
function named(tree: SourceTree, folder: string, found: readonly SubsystemPlace[], wanted: readonly Subsystem[]): Result<LocatedSubsystem> {
  const there = found.find((each) => each.folder === folder);
  if (there !== undefined) return ok({ ...there, problems: [] });
  if (tree.list(folder).length === 0) {
    return failed({ where: folder, message: `there is no such folder in ${tree.label}`, severity: 'error' });
  }
  const subsystem = wanted.find((each) => each.folder === folder) ?? wanted[0];
  return subsystem === undefined
    ? failed({ where: folder, message: nowhere(wanted), severity: 'error' })
    : ok({ subsystem, folder, problems: [] });
}

function nowhere(wanted: readonly Subsystem[]): string {
  const markers = wanted.map(({ marker }) => `${marker}()`).join(' or ');
  const codes = wanted.map(({ title, folder }) => `${title} in ${folder}`).join(' and ');
  const since = [...new Set(wanted.map((each) => each.since))].join(' or ');
  return fitting(
    `no file in it defines ${markers}, by which ${codes} is found; name the root of a kernel tree that has it (${since} or newer)`,
  );
}

function several(tree: SourceTree, taken: SubsystemPlace, others: readonly SubsystemPlace[]): InputProblem {
  const { subsystem, folder } = taken;
  const same = others.filter((each) => each.subsystem === subsystem);
  const left = others.map((each) => each.folder).join(', ');
  const message =
    same.length > 0
      ? `several folders define ${subsystem.marker}(); ${folder} was taken, ${left} left out (--folder takes another)`
      : `it holds several subsystems; ${subsystem.name} was taken, ${others.map((each) => each.subsystem.name).join(', ')} left out (--subsystem takes another)`;
  return { where: tree.label, message: fitting(message), severity: 'warning' };
}

/** The figures where nothing was looked at. */
export const noStats: CheckStats = {
  files: 0,
  functions: 0,
  notAnalysed: 0,
  states: 0,
  merged: 0,
  assumedCallees: [],
  assumedOptions: [],
  suppressed: 0,
  milliseconds: 0,
};

const nothing: CheckResult = { findings: [], notAnalysed: [], stats: noStats };

/** The figures of what was asked for; the states and assumptions stay those of the whole, on which it rests. */
function statsWithin({ units, functions, notAnalysed, stats }: Analysis, wanted: (file: string) => boolean): CheckStats {
  const unread = notAnalysed.filter((each) => wanted(each.file));
  const analysed = new Set(functions.filter((each) => wanted(each.file)).map((each) => `${each.file}:${each.name}`));
  for (const each of unread) if (each.function !== '') analysed.add(`${each.file}:${each.function}`);
  return { ...stats, files: units.filter((unit) => wanted(unit.file)).length, functions: analysed.size, notAnalysed: unread.length };
}

/**
 * Compares raw findings and hides the silenced ones afterwards, so that a comment that comes or goes with a patch never
 * makes a finding look fixed or introduced.
 */
function compareStates(
  before: State,
  after: State,
  moves: ReadonlyMap<string, string>,
  options: ReviewOptions,
): { readonly findings: readonly Finding[]; readonly problems: readonly InputProblem[]; readonly suppressed: number } {
  const { findings, problems } = compareFindings(before.analysis, after.analysis, moves);
  const hiddenBefore = hiddenIds(before, options);
  const hiddenAfter = hiddenIds(after, options, hiddenBefore);
  const shown = findings.filter((finding) => !(finding.status === 'fixed' ? hiddenBefore : hiddenAfter).has(finding.id));
  const suppressed = after.analysis.findings.filter((finding) => hiddenAfter.has(finding.id)).length;
  return { findings: shown, problems, suppressed };
}

/** `before`: what was hidden in the state before. */
function hiddenIds({ allowed, analysis }: State, { baseline }: ReviewOptions, before?: ReadonlySet<string>): ReadonlySet<string> {
  const known = baseline === undefined ? [] : knownOf(baseline, analysis.findings, before).ids;
  return new Set([...allowed.suppressed.map((finding) => finding.id), ...known]);
}

/** Entries that no state has a finding for, among those whose function was looked at. */
function staleEntries(states: readonly State[], { baseline, paths }: ReviewOptions): BaselineEntry[] {
  if (baseline === undefined) return [];
  const unmet = states.map(({ analysis }) => new Set(knownOf(baseline, analysis.findings).unmet));
  const unread = states.map((state) => unreadIn(state.analysis));
  const wanted = wantedFiles(paths);
  return baseline.findings.filter(
    (entry) =>
      unmet.every((entries) => entries.has(entry)) &&
      (wanted?.(entry.file) ?? true) &&
      !unread.some((isUnread) => isUnread(entry.file, entry.function)),
  );
}

/** Whoever reads a patch should hear of it when the patch silences the reviewer. */
function addedAllows(before: State, after: State): InputProblem[] {
  const known = new Set(before.allowed.allows.map((allow) => JSON.stringify([allow.file, allow.rule, allow.reason, allow.function])));
  return after.allowed.allows
    .filter((allow) => !known.has(JSON.stringify([allow.file, allow.rule, allow.reason, allow.function])))
    .map((allow) => ({
      where: allow.file,
      line: allow.line,
      message: `the series itself allows ${allow.rule} here, giving as reason: ${allow.reason}`,
      severity: 'warning',
    }));
}

function wantedFiles(paths: readonly string[] | undefined): ((file: string) => boolean) | undefined {
  if (paths === undefined || paths.length === 0) return undefined;
  const roots = paths.map((path) =>
    path
      .split('/')
      .filter((part) => part !== '' && part !== '.')
      .join('/'),
  );
  if (roots.includes('')) return undefined;
  return (file) => roots.some((root) => file === root || file.startsWith(`${root}/`));
}

/** Paths under which there is nothing of the subsystem: checking them would say "nothing found" of nothing. */
function pathProblems(states: readonly State[], folder: string, { paths }: ReviewOptions): InputProblem[] {
  return (paths ?? [])
    .filter((path) => {
      const wanted = wantedFiles([path]);
      return wanted !== undefined && !states.some((state) => state.analysis.units.some((unit) => wanted(unit.file)));
    })
    .map((path) => ({ where: path, message: `holds no file that belongs to ${folder}, so nothing was checked there`, severity: 'error' }));
}

function reviewedPatch({ patch, files }: Applied, findings: readonly Finding[], problems: readonly InputProblem[]): ReviewedPatch {
  const { source, subject, author, date, messageId } = patch;
  return { source, subject, author, date, messageId, files, findings, problems: [...patch.problems, ...problems] };
}

/** From each file's path before to its path after, for files that a series renames, through all of its patches. */
function movesOf(applied: readonly Applied[]): ReadonlyMap<string, string> {
  const moves = new Map<string, string>();
  for (const { files } of applied) {
    for (const file of files) {
      if (file.change !== 'renamed') continue;
      const origin = [...moves].find(([, to]) => to === file.oldPath)?.[0] ?? file.oldPath;
      moves.set(origin, file.path);
    }
  }
  return moves;
}

/** A series for another part of the kernel introduces nothing here, which is not the same as being fine. */
function outsideProblem(folder: string): InputProblem[] {
  return [{ where: folder, message: 'the series touches no file of it, so there was nothing to review', severity: 'warning' }];
}

function touchedFiles(before: SourceTree, after: SourceTree, applied: readonly Applied[]): Review['files'] {
  const paths = new Set(applied.flatMap(({ files }) => files.flatMap((file) => [file.oldPath, file.path])));
  return [...paths].sort().map((path) => ({ path, before: before.read(path) ?? null, after: after.read(path) ?? null }));
}
