// The tree that is simulated: the one on disk, with patches applied in memory where some are given.
import type { InputProblem } from '../../model/problem.js';
import type { SourceTree, TreeSource } from '../../model/source.js';
import { applyPatches } from '../../patch/apply.js';
import type { DiskTree } from '../../patch/disk-tree.js';
import type { Patch } from '../../patch/series.js';
import { snapshot } from '../../runner/tree.js';

/** A tree for the runner: `tree` itself where it lies on disk, else all of it that a simulation reads. */
export function sourceOf(tree: SourceTree, folder: string, config: ReadonlyMap<string, boolean>): TreeSource {
  const onDisk = 'root' in tree && typeof tree.root === 'string';
  return {
    root: onDisk ? (tree as DiskTree).root : null,
    folder,
    label: tree.label,
    files: onDisk ? {} : snapshot(tree, folder),
    config: Object.fromEntries(config),
  };
}

/** The source with some of its files as they are in another tree. */
export function withFiles(source: TreeSource, tree: SourceTree, paths: Iterable<string>): TreeSource {
  const files = { ...source.files };
  for (const path of paths) files[path] = tree.read(path) ?? null;
  return { ...source, label: tree.label, files };
}

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
