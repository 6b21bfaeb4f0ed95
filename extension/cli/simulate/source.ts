// The tree that is simulated: the one on disk, with patches applied in memory where some are given.
import type { InputProblem } from '../../model/problem.js';
import type { SourceTree, TreeSource } from '../../model/source.js';
import { applyPatches } from '../../patch/apply.js';
import type { Patch } from '../../patch/series.js';
import { readSeries } from '../../patch/series.js';
import { sourceOf, withFiles } from '../../runner/tree.js';
import { readInputs } from '../inputs.js';
import type { Io } from '../io.js';
import type { SharedOptions } from '../options.js';
import { isProblem, openTree } from '../places.js';

/** The source with patches applied, or all that did not apply. */
export function patched(
  source: TreeSource,
  tree: SourceTree,
  patches: readonly Patch[],
): TreeSource | { readonly problems: InputProblem[] } {
  const applied = applyPatches(tree, patches);
  const files = applied.flatMap((each) => each.files);
  const problems = [...applied.flatMap((each) => each.patch.problems), ...files.flatMap((file) => file.problems)].filter(
    ({ severity }) => severity === 'error',
  );
  if (problems.length > 0) return { problems };
  const last = applied.at(-1);
  return last === undefined
    ? source
    : withFiles(
        source,
        last.tree,
        files.flatMap((file) => [file.oldPath, file.path]),
      );
}

/** The tree that a command was given, with the patches of `--patch` applied, and its folder; or all that is wrong with them. */
export async function openSource(
  options: SharedOptions & { readonly patch?: readonly string[] },
  io: Io,
): Promise<{ readonly source: TreeSource; readonly root: string } | { readonly problems: readonly InputProblem[] }> {
  const inputs = await readInputs(options.patch ?? [], io);
  if (isProblem(inputs)) return { problems: [inputs] };
  const reviewer = await io.reviewer();
  const tree = openTree(options.tree, options.folder, io.cwd, reviewer);
  if (isProblem(tree)) return { problems: [tree] };
  const located = reviewer.locate(tree, options.folder === undefined ? {} : { folder: options.folder });
  if (!('folder' in located)) return { problems: [located] };
  const series = await readSeries(inputs);
  if (inputs.length > 0 && series.patches.length === 0) {
    return { problems: [series.problems[0] ?? { where: '--patch', message: 'holds no patch', severity: 'error' }] };
  }
  const source = patched(sourceOf(tree, located.folder, options.config), tree, series.patches);
  return 'problems' in source ? source : { source, root: tree.root };
}
