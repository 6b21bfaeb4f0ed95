// `fuse-review check [PATH…]`: the tree as it is.
import type { Command } from 'commander';
import type { InputProblem } from '../../model/problem.js';
import { ok } from '../../model/result.js';
import { baselineProblems, formatBaseline, type Baseline } from '../../review/baseline.js';
import { checkToJson } from '../../review/report/json/json.js';
import type { Checked, ReviewOptions } from '../../review/reviewer.js';
import { checkToSarif } from '../../review/report/sarif/sarif.js';
import { Sources } from '../../review/sources.js';
import { formatCheck } from '../../review/report/text/check-text.js';
import { findInstallation } from '../installation.js';
import { exitCodes, refused, type CommandResult, type Io } from '../io.js';
import { readReviewFiles, writeRequested } from '../named-files.js';
import {
  addCacheOption,
  addReviewFiles,
  addSharedOptions,
  paintFor,
  type CacheOption,
  type ReviewFiles,
  type SharedOptions,
} from '../options.js';
import { loadReviewer, pathInTree, refusedPlace } from '../opened-tree.js';
import { ProgressLine } from '../progress-line.js';
import { writeReport } from '../write-report.js';
import type { HelpWords } from '../help-words.js';

interface CheckOptions extends SharedOptions, ReviewFiles, CacheOption {
  readonly writeBaseline?: string;
}

export function addCheckCommand(program: Command, io: Io, done: (outcome: CommandResult) => void, words: HelpWords): Command {
  const command = program
    .command('check')
    .description('check files or folders of the tree (default: the whole subsystem)')
    .argument('[path...]', 'a file or folder, relative to the current folder or to the tree')
    .action(async (paths: readonly string[], options: CheckOptions) => done(await check(paths, options, io)));
  return addCacheOption(addReviewFiles(addSharedOptions(command, ['text', 'json', 'sarif'], words))).option(
    '--write-baseline <file>',
    'write the findings to this file, to be hidden from then on',
  );
}

async function check(named: readonly string[], options: CheckOptions, io: Io): Promise<CommandResult> {
  const files = readReviewFiles(options, io.cwd);
  if (!files.ok) return refused(files.failure);
  const { baseline: known, contracts, warnings = [] } = files.value;

  const progress = new ProgressLine(io);
  const opened = await loadReviewer(options, io, progress);
  if (!opened.ok) return refused(opened.failure);
  const { reviewer, tree, place } = opened.value;
  const paths: string[] = [];
  for (const name of named) {
    const path = pathInTree(name, tree, io.cwd);
    if (!path.ok) return refused(path.failure);
    paths.push(path.value);
  }

  const wanted: ReviewOptions = {
    config: options.config,
    paths,
    onProgress: progress.report,
    at: place,
    ...(contracts === undefined ? {} : { contracts }),
  };
  const using = (baseline: Baseline | undefined): Checked =>
    reviewer.check(tree, baseline === undefined ? wanted : { ...wanted, baseline });
  let result = using(options.writeBaseline === undefined ? known : undefined);
  progress.clear();
  const fatal = whyNothing(result, paths);
  if (fatal !== undefined) return refused(fatal);

  if (options.writeBaseline !== undefined) {
    const written = writeBaseline(options.writeBaseline, result, tree.root, io);
    if (written !== undefined) return refused(written);
    // From here on it is in force: the findings in it are known now.
    result = using({
      version: 2,
      findings: result.findings.map(({ id, rule, file, function: name }) => ({ id, rule, file, function: name })),
    });
  }
  const complete: Checked = {
    ...result,
    problems: [
      ...warnings,
      ...place.problems,
      ...result.problems,
      ...baselineProblems(known, result.stale, options.baseline ?? '--baseline'),
    ],
  };
  const sources = Sources.ofTree(tree);
  const failed = writeReport(complete.problems, options, tree.root, io, {
    text: () => formatCheck(complete, { sources, paint: paintFor(io, options) }),
    json: () => checkToJson(complete, sources),
    sarif: () => {
      const { version, rulePages } = findInstallation();
      return checkToSarif(complete, { sources, version, rulePages, root: tree.root });
    },
  });
  const whole = complete.notAnalysed.length === 0 && !complete.problems.some(({ severity }) => severity === 'error');
  if (failed !== undefined) return refused(failed);
  return ok(complete.findings.length > 0 ? exitCodes.findings : whole ? exitCodes.clean : exitCodes.incomplete);
}

/** The problem to answer with where a path that the user named, or everything, came to nothing. */
function whyNothing(result: Checked, paths: readonly string[]): InputProblem | undefined {
  const errors = result.problems.filter((problem) => problem.severity === 'error');
  const empty = errors.filter((problem) => paths.includes(problem.where));
  // A file that could not be read says more than that nothing was found in it; both name it, the reason comes later.
  return empty[empty.length - 1] ?? (result.stats.files === 0 ? errors[0] : undefined);
}

function writeBaseline(named: string, result: Checked, root: string, io: Io): InputProblem | undefined {
  const failed = refusedPlace(named, io.cwd, root) ?? writeRequested(named, formatBaseline(result.findings), io.cwd);
  if (failed === undefined) io.err(`fuse-review: ${named}: ${result.findings.length} findings written\n`);
  return failed;
}
