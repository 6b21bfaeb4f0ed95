// The tree that is simulated: the one on disk, with patches applied in memory where some are given.
import type { InputProblem } from '../../model/problem.js';
import { failed, ok, type Result } from '../../model/result.js';
import type { SourceTree, TreeSource } from '../../model/source.js';
import { applyPatches } from '../../patch/apply.js';
import { errorAt } from '../../patch/problems.js';
import { readSeries, type Patch } from '../../patch/series.js';
import { sourceOf, withFiles } from '../../runner/tree-source.js';
import type { Runtime } from '../../scenario/runtime.js';
import { readInputs } from '../named-files.js';
import type { Io } from '../io.js';
import type { SharedOptions } from '../options.js';
import { loadReviewer } from '../opened-tree.js';
import { ProgressLine } from '../progress-line.js';

/** The source with patches applied, or all that did not apply. */
function patched(source: TreeSource, tree: SourceTree, patches: readonly Patch[]): Result<TreeSource, readonly InputProblem[]> {
  const applied = applyPatches(tree, patches);
  const files = applied.flatMap((each) => each.files);
  const problems = [...applied.flatMap((each) => each.patch.problems), ...files.flatMap((file) => file.problems)].filter(
    ({ severity }) => severity === 'error',
  );
  if (problems.length > 0) return failed(problems);
  const last = applied.at(-1);
  if (last === undefined) return ok(source);
  const touched = files.flatMap((file) => [file.oldPath, file.path]);
  return ok(withFiles(source, last.tree, touched));
}

export interface OpenedSource {
  readonly source: TreeSource;
  /** The tree's folder. */
  readonly root: string;
  /** Of the subsystem that is in it. */
  readonly runtime: Runtime;
}

/** The tree that a command was given, with the patches of `--patch` applied, and its folder; or all that is wrong with them. */
export async function openSource(
  options: SharedOptions & { readonly patch?: readonly string[] },
  io: Io,
): Promise<Result<OpenedSource, readonly InputProblem[]>> {
  const inputs = await readInputs(options.patch ?? [], io);
  if (!inputs.ok) return failed([inputs.failure]);
  const progress = new ProgressLine(io);
  const opened = await loadReviewer(options, io, progress);
  progress.clear();
  if (!opened.ok) return failed([opened.failure]);
  const { runtimes, tree, place } = opened.value;
  const runtime = runtimes.of(place.subsystem);
  const broken = runtime.problems.find(({ severity }) => severity === 'error');
  if (broken !== undefined) return failed([broken]);
  const series = await readSeries(inputs.value);
  if (inputs.value.length > 0 && series.patches.length === 0) {
    return failed([series.problems[0] ?? errorAt('--patch', 'holds no patch')]);
  }
  const source = patched(sourceOf(tree, place, options.config), tree, series.patches);
  return source.ok ? ok({ source: source.value, root: tree.root, runtime }) : source;
}
