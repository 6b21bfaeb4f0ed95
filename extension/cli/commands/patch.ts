// `fuse-review patch FILE…`: the tree before and after each patch of a series.
import { Option, type Command } from 'commander';
import type { Finding } from '../../model/finding.js';
import type { InputProblem } from '../../model/problem.js';
import { failed, ok, type Result } from '../../model/result.js';
import type { Counterexample } from '../../model/simulation.js';
import type { SourceTree } from '../../model/source.js';
import { readCommits } from '../../patch/commits.js';
import { errorAt } from '../../patch/problems.js';
import { readSeries, type Patch, type SeriesInput } from '../../patch/series.js';
import { threadOf } from '../../patch/thread/read-thread.js';
import { SuggestionBase, suggestedPatch } from '../../patch/thread/suggested.js';
import { attribution } from '../../review/attribution.js';
import { baselineProblems } from '../../review/baseline.js';
import { behaviourToJson } from '../../review/report/json/behaviour-json.js';
import { reviewToJson } from '../../review/report/json/json.js';
import { allProblems } from '../../review/review-problems.js';
import type { ReviewOptions, SeriesReview } from '../../review/reviewer.js';
import { formatReview } from '../../review/report/text/review-text.js';
import { reviewToSarif } from '../../review/report/sarif/sarif.js';
import { Sources } from '../../review/sources.js';
import { verdictOf, type NotSimulated, type Verdict } from '../../review/verdict.js';
import { seriesCauses, type SeriesSimulation } from '../../review/series-causes.js';
import { readInputs, readReviewFiles } from '../named-files.js';
import { findInstallation } from '../installation.js';
import { exitCodes, refused, type CommandResult, type Io } from '../io.js';
import {
  addArchiveOption,
  addCacheOption,
  addReviewFiles,
  addSharedOptions,
  paintFor,
  placeOptions,
  upTo,
  type ArchiveOption,
  type CacheOption,
  type ReviewFiles,
  type SharedOptions,
} from '../options.js';
import { loadReviewer, type OpenedTree } from '../opened-tree.js';
import { ProgressLine } from '../progress-line.js';
import { writeReport } from '../write-report.js';
import { replayCommand } from '../simulate/replay-command.js';
import { SimulatedSeries } from '../simulate/simulated-series.js';
import type { HelpWords } from '../help-words.js';

interface PatchOptions extends SharedOptions, ReviewFiles, CacheOption, ArchiveOption {
  readonly commits?: string;
  readonly withSuggestion?: number;
  readonly all?: boolean;
  readonly simulate: boolean;
  readonly failOn: 'error' | 'behaviour';
}

/** A series with the tree that it applies to. */
interface Given {
  readonly tree: SourceTree;
  readonly patches: readonly Patch[];
  readonly problems: readonly InputProblem[];
}

export function addPatchCommand(program: Command, io: Io, done: (outcome: CommandResult) => void, words: HelpWords): Command {
  const command = program
    .command('patch')
    .description('review patches against the tree: what they introduce, fix and leave')
    .argument('[file...]', 'mailboxes, mails, patches or diffs in order of the series; - reads standard input')
    .action(async (files: readonly string[], options: PatchOptions) => done(await review(files, options, io)));
  addSharedOptions(command, ['text', 'json', 'sarif'], words).option(
    '--commits <range>',
    'review the commits A..B of the tree, against the tree at A',
  );
  command.option(
    '--with-suggestion <number>',
    'review on top of the series the diff that a reply suggests, by its number in `fuse-review threads`',
    upTo(6, 'the number of a suggestion'),
  );
  return addArchiveOption(addCacheOption(addReviewFiles(command)))
    .addOption(
      new Option('--fail-on <what>', 'exit with 1 for errors and findings only, or for every change of behaviour too')
        .choices(['error', 'behaviour'])
        .default('error'),
    )
    .option('--no-simulate', 'leave out what running scenarios before and after shows')
    .option('--all', 'print unchanged findings too, and whole traces');
}

async function review(names: readonly string[], options: PatchOptions, io: Io): Promise<CommandResult> {
  if (names.length === 0 && options.commits === undefined) {
    return refused(errorAt('patch', 'no patch given; name files, - for standard input, or --commits A..B'));
  }
  if (names.length > 0 && options.commits !== undefined) {
    return refused(errorAt('--commits', 'and files of patches cannot be reviewed together; give one of them'));
  }
  const files = readReviewFiles(options, io.cwd);
  if (!files.ok) return refused(files.failure);
  const inputs = await readInputs(names, io, options.archive);
  if (!inputs.ok) return refused(inputs.failure);

  const progress = new ProgressLine(io);
  const opened = await loadReviewer(options, io, progress);
  if (!opened.ok) return refused(opened.failure);
  const { reviewer, runtimes, tree: disk, place } = opened.value;
  const read =
    options.commits === undefined ? await fromMails(inputs.value, options, opened.value) : await commits(disk.root, options.commits);
  if (!read.ok) return refused(...read.failure);
  const given: Given = read.value;
  if (given.patches.length === 0) {
    return refused(given.problems.find((each) => each.severity === 'error') ?? errorAt(names.join(', '), 'holds no patch'));
  }

  const { baseline, contracts, warnings = [] } = files.value;
  const wanted: ReviewOptions = {
    config: options.config,
    onProgress: progress.report,
    // The tree at the older end of a range is another one.
    ...(options.commits === undefined ? { at: place } : {}),
    ...placeOptions(options),
    ...(baseline === undefined ? {} : { baseline }),
    ...(contracts === undefined ? {} : { contracts }),
  };
  const series = reviewer.apply(given.tree, given.patches, wanted);
  const simulation = new SimulatedSeries(runtimes, options, io);
  await simulation.begin(series.known);
  const reviewed = reviewer.reviewApplied(series, wanted);
  progress.clear();
  const result: SeriesReview = {
    ...reviewed,
    problems: [
      ...warnings,
      ...(options.commits === undefined ? place.problems : []),
      ...given.problems,
      ...reviewed.problems,
      ...baselineProblems(baseline, reviewed.stale, options.baseline ?? '--baseline'),
    ],
  };
  const problems = allProblems(result);
  const fatal = whyNothing(result, problems);
  if (fatal !== undefined) {
    // One line is the rule; with several hunks that do not apply, each is needed to put the patch right.
    const rest = problems.filter((each) => each.severity === 'error' && each !== fatal);
    await simulation.end();
    return refused(...rest, fatal);
  }
  const simulated = await simulation.of(result);
  if (io.interrupted?.aborted === true) io.err('fuse-review: interrupted; the result is what was found until then\n');
  return report({ result, problems, simulation: simulated, names, root: disk.root, base: given.tree }, options, io);
}

/** A review that is to be told. */
interface Reviewed {
  readonly result: SeriesReview;
  readonly problems: readonly InputProblem[];
  readonly simulation: Result<SeriesSimulation, NotSimulated>;
  /** The files of patches, as they were named. */
  readonly names: readonly string[];
  /** The tree's folder. */
  readonly root: string;
  readonly base: SourceTree;
}

/** Writes a review down, with its verdict. */
function report({ result, problems, simulation, names, root, base }: Reviewed, options: PatchOptions, io: Io): CommandResult {
  const sources = Sources.ofReview(base, result);
  const behaviour = simulation.ok ? ok(simulation.value.behaviour) : simulation;
  const introduced = result.findings.filter((each) => each.status === 'introduced');
  const patchOf = (finding: Finding): number | null => attribution(result, finding) ?? null;
  const causes = seriesCauses(introduced, patchOf, simulation.ok ? simulation.value : null);
  const verdict = verdictOf(result, causes, behaviour);
  const all = options.all === true;
  const replayed = { command: io.command, tree: options.tree ?? '.', config: options.config, patch: names, ...placeOptions(options) };
  const replay = (each: Counterexample): string => replayCommand(each, replayed);
  const unwritten = writeReport(problems, options, root, io, {
    text: () => formatReview(result, verdict, behaviour, { sources, paint: paintFor(io, options), all, replay }),
    json: () => ({ ...reviewToJson(result, verdict, sources), ...behaviourToJson(behaviour, causes, { all }) }),
    sarif: () => {
      const { version, rulePages } = findInstallation();
      return reviewToSarif(result, verdict, { sources, version, rulePages, root });
    },
  });
  return unwritten === undefined ? ok(exitCodeOf(verdict, options, io)) : refused(unwritten);
}

function exitCodeOf({ kind, patches, gaps }: Verdict, { failOn }: PatchOptions, io: Io): number {
  if (io.interrupted?.aborted === true) return exitCodes.interrupted;
  const incomplete = gaps.length > 0 || patches.some((each) => each.gaps.length > 0);
  const changed = patches.some(({ causes }) => causes.length > 0);
  if (kind === 'found' || (changed && failOn === 'behaviour')) return exitCodes.findings;
  return incomplete ? exitCodes.incomplete : exitCodes.clean;
}

async function fromMails(
  inputs: readonly SeriesInput[],
  { withSuggestion: number }: PatchOptions,
  { tree, place }: OpenedTree,
): Promise<Result<Given, readonly InputProblem[]>> {
  const read = await readSeries(inputs);
  const { patches, problems } = read;
  if (number === undefined || patches.length === 0) return ok({ tree, patches, problems });
  const patch = suggestedPatch(threadOf(read, tree), number, new SuggestionBase(tree, patches, place.folder));
  if (patch.ok) return ok({ tree, patches: [...patches, patch.value], problems });
  return patch;
}

async function commits(root: string, range: string): Promise<Result<Given, readonly InputProblem[]>> {
  const read = await readCommits(root, range);
  if (!read.ok) return failed([read.failure]);
  const { baseTree, patches, problems } = read.value;
  return ok({ tree: baseTree, patches, problems });
}

/** The problem to answer with where nothing of the series could be applied, or there was nothing to review. */
function whyNothing(review: SeriesReview, problems: readonly InputProblem[]): InputProblem | undefined {
  const errors = problems.filter((each) => each.severity === 'error');
  const applied = review.patches.some((patch) =>
    patch.files.some((file) => file.hunksApplied > 0 || !file.problems.some((each) => each.severity === 'error')),
  );
  return applied && review.stats.files > 0 ? undefined : errors[0];
}
