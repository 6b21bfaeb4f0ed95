// `fuse-review patch FILE…`: the tree before and after each patch of a series.
import type { Command } from 'commander';
import { formatProblem, type InputProblem } from '../../model/problem.js';
import type { Counterexample } from '../../model/simulation.js';
import type { SourceTree } from '../../model/source.js';
import { readCommits } from '../../patch/commits.js';
import { readSeries, type Patch } from '../../patch/series.js';
import { staleProblems } from '../../review/baseline.js';
import type { BehaviourReview } from '../../review/behaviour.js';
import { behaviourToJson } from '../../review/behaviour-json.js';
import { formatBehaviour } from '../../review/behaviour-text.js';
import { reviewToJson } from '../../review/json.js';
import { allProblems } from '../../review/problems.js';
import type { Reviewer, ReviewOptions, SeriesReview } from '../../review/reviewer.js';
import { reviewToSarif } from '../../review/sarif.js';
import { Sources } from '../../review/sources.js';
import { printable } from '../../review/terminal.js';
import { formatReview } from '../../review/text.js';
import { readInputs } from '../inputs.js';
import { findInstallation } from '../installation.js';
import { exitCodes, type Io } from '../io.js';
import { addSharedOptions, contractsOption, paintFor, readBaseline, readContracts, type SharedOptions } from '../options.js';
import { isProblem, openTree } from '../places.js';
import { report } from '../report.js';
import type { Outcome } from '../run.js';
import { simulateSeries } from '../simulate/compare.js';
import { replayCommand } from '../simulate/replay-command.js';

interface PatchOptions extends SharedOptions {
  readonly commits?: string;
  readonly contracts?: string;
  readonly baseline?: string;
  readonly all?: boolean;
  readonly simulate: boolean;
}

/** A series with the tree that it applies to. */
interface Given {
  readonly tree: SourceTree;
  readonly patches: readonly Patch[];
  readonly problems: readonly InputProblem[];
}

export function addPatchCommand(program: Command, io: Io, done: (outcome: Outcome) => void): Command {
  const command = program
    .command('patch')
    .description('review patches against the tree: what they introduce, fix and leave')
    .argument('[file...]', 'mailboxes, mails, patches or diffs in order of the series; - reads standard input')
    .action(async (files: readonly string[], options: PatchOptions) => done(await review(files, options, io)));
  return addSharedOptions(command, ['text', 'json', 'sarif'])
    .option('--commits <range>', 'review the commits A..B of the tree, against the tree at A')
    .option(...contractsOption)
    .option('--baseline <file>', 'hide the findings listed in this file')
    .option('--no-simulate', 'leave out what running scenarios before and after shows')
    .option('--all', 'print unchanged findings too, and whole traces');
}

async function review(files: readonly string[], options: PatchOptions, io: Io): Promise<Outcome> {
  if (files.length === 0 && options.commits === undefined) {
    return problem('patch', 'no patch given; name files, - for standard input, or --commits A..B');
  }
  if (files.length > 0 && options.commits !== undefined) {
    return problem('--commits', 'and files of patches cannot be reviewed together; give one of them');
  }
  const read = options.baseline === undefined ? undefined : readBaseline(options.baseline, io.cwd);
  if (read !== undefined && 'problem' in read) return read.problem;
  const rows = readContracts(options.contracts, io.cwd);
  if ('problem' in rows) return rows.problem;
  const inputs = await readInputs(files, io);
  if (isProblem(inputs)) return inputs;

  const reviewer = await io.reviewer();
  const disk = openTree(options.tree, options.folder, io.cwd, reviewer);
  if (isProblem(disk)) return disk;
  const given = options.commits === undefined ? { tree: disk, ...(await readSeries(inputs)) } : await commits(disk.root, options.commits);
  if (isProblem(given)) return given;
  if (given.patches.length === 0) {
    return given.problems.find((each) => each.severity === 'error') ?? problem(files.join(', '), 'holds no patch');
  }

  const wanted: ReviewOptions = {
    config: options.config,
    ...(options.folder === undefined ? {} : { folder: options.folder }),
    ...(read === undefined ? {} : { baseline: read.baseline }),
    ...(rows.contracts === undefined ? {} : { contracts: rows.contracts }),
  };
  const reviewed = reviewer.review(given.tree, given.patches, wanted);
  const result: SeriesReview = {
    ...reviewed,
    problems: [
      ...rows.warnings,
      ...given.problems,
      ...reviewed.problems,
      ...staleProblems(reviewed.stale, options.baseline ?? '--baseline'),
    ],
  };
  const problems = allProblems(result);
  const fatal = whyNothing(result, problems);
  if (fatal !== undefined) {
    // One line is the rule; with several hunks that do not apply, each is needed to put the patch right.
    const rest = problems.filter((each) => each.severity === 'error' && each !== fatal);
    for (const each of rest) io.err(`fuse-review: ${printable(formatProblem(each))}\n`);
    return fatal;
  }

  const sources = Sources.ofReview(given.tree, result);
  const behaviour = await simulated(given, options, reviewer, io);
  const replay = (each: Counterexample): string =>
    replayCommand(each, {
      tree: options.tree ?? '.',
      config: options.config,
      patch: files,
      ...(options.folder === undefined ? {} : { folder: options.folder }),
    });
  const failed = report(problems, options, disk.root, io, {
    text: () => {
      const paint = paintFor(io, options);
      const all = options.all === true;
      const shown =
        typeof behaviour === 'string' ? `not simulated: ${printable(behaviour)}\n` : formatBehaviour(behaviour, { paint, all, replay });
      return `${formatReview(result, { sources, paint, all })}\n${shown}`;
    },
    json: () => ({ ...reviewToJson(result, sources), ...behaviourToJson(behaviour, { all: options.all === true }) }),
    sarif: () => {
      const { version, rulePages } = findInstallation();
      return reviewToSarif(result, { sources, version, rulePages, root: disk.root });
    },
  });
  const broken = typeof behaviour === 'object' && behaviour.introduced.length > 0;
  return failed ?? (broken || result.findings.some((each) => each.status === 'introduced') ? exitCodes.findings : exitCodes.clean);
}

/** What running scenarios shows, or why they were not run. SARIF has no place for it. */
async function simulated({ tree, patches }: Given, options: PatchOptions, reviewer: Reviewer, io: Io): Promise<BehaviourReview | string> {
  if (!options.simulate) return 'left out by --no-simulate';
  if (options.format === 'sarif') return 'SARIF tells findings only';
  const located = reviewer.locate(tree, options.folder === undefined ? {} : { folder: options.folder });
  if (!('folder' in located)) return located.message;
  return simulateSeries(tree, located.folder, patches, options.config, io);
}

async function commits(root: string, range: string): Promise<Given | InputProblem> {
  const read = await readCommits(root, range);
  return isProblem(read) ? read : { tree: read.baseTree, patches: read.patches, problems: read.problems };
}

/** The problem to answer with where nothing of the series could be applied, or there was nothing to review. */
function whyNothing(review: SeriesReview, problems: readonly InputProblem[]): InputProblem | undefined {
  const errors = problems.filter((each) => each.severity === 'error');
  const applied = review.patches.some((patch) =>
    patch.files.some((file) => file.hunksApplied > 0 || !file.problems.some((each) => each.severity === 'error')),
  );
  return applied && review.stats.files > 0 ? undefined : errors[0];
}

function problem(where: string, message: string): InputProblem {
  return { where, message, severity: 'error' };
}
