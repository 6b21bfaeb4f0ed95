// Trees on their way to a worker and in it.
import { createHash } from 'node:crypto';
import type { InputProblem } from '../model/problem.js';
import { ok, type Result } from '../model/result.js';
import { emptyTree, type SourceTree, type TreeSource } from '../model/source.js';
import type { SubsystemPlace } from '../model/subsystem.js';
import { diskTree, type DiskTree } from '../patch/disk-tree.js';
import { overlayTree } from '../patch/overlay-tree.js';
import { headersRead } from '../program/headers.js';
import type { FileDigests } from './jobs.js';

/** All that a load of the subsystem reads of a tree which is in memory or in git. */
export function treeFiles(tree: SourceTree, { subsystem, folder }: SubsystemPlace): Readonly<Record<string, string | null>> {
  const files: Record<string, string | null> = {};
  const add = (path: string): void => {
    const text = tree.read(path);
    if (text !== undefined) files[path] = text;
  };
  for (const name of tree.list(folder)) if (!name.endsWith('/')) add(`${folder}/${name}`);
  for (const path of headersRead(subsystem)) add(path);
  return files;
}

/** A tree for the runner: `tree` itself where it lies on disk, else all of it that a simulation reads. */
export function sourceOf(tree: SourceTree, place: SubsystemPlace, config: ReadonlyMap<string, boolean>): TreeSource {
  const onDisk = 'root' in tree && typeof tree.root === 'string';
  return {
    root: onDisk ? (tree as DiskTree).root : null,
    subsystem: place.subsystem,
    folder: place.folder,
    label: tree.label,
    files: onDisk ? {} : treeFiles(tree, place),
    config: Object.fromEntries(config),
  };
}

/** The source with some of its files as they are in another tree. */
export function withFiles(source: TreeSource, tree: SourceTree, paths: Iterable<string>): TreeSource {
  const files = { ...source.files };
  for (const path of paths) files[path] = tree.read(path) ?? null;
  return { ...source, label: tree.label, files };
}

/** The trees of a series: the one before it, then with each patch; `touched` are the files that differ in any of them. */
export function sourcesOf(
  trees: readonly SourceTree[],
  touched: readonly { readonly path: string }[],
  place: SubsystemPlace,
  config: ReadonlyMap<string, boolean>,
): readonly [TreeSource, ...TreeSource[]] {
  const [base, ...later] = trees;
  if (base === undefined) throw new Error('a series has a tree before it');
  const source = sourceOf(base, place, config);
  return [
    source,
    ...later.map((tree) =>
      withFiles(
        source,
        tree,
        touched.map(({ path }) => path),
      ),
    ),
  ];
}

/** The tree of a source. `disks` keeps trees on disk by root, with what was read of them. */
export function openSource(source: TreeSource, disks: Map<string, DiskTree>): Result<SourceTree> {
  let base = emptyTree('');
  if (source.root !== null) {
    const known = disks.get(source.root);
    const opened = known === undefined ? diskTree(source.root) : ok(known);
    if (!opened.ok) return opened;
    disks.set(source.root, opened.value);
    base = opened.value;
  }
  return ok(overlayTree(base, new Map(Object.entries(source.files)), source.label));
}

/** Digests of all that a load of the subsystem reads of a tree. */
export function fileDigests(tree: SourceTree, place: SubsystemPlace): FileDigests {
  const files = Object.entries(treeFiles(tree, place)).flatMap(([path, text]) => (text === null ? [] : [[path, digestOf(text)] as const]));
  return Object.fromEntries(files);
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A tree that notes what is asked of it, so that it can be told later whether another one answers the same. */
export class NotedTree implements SourceTree {
  private readonly reads = new Map<string, string | undefined>();
  private readonly lists = new Map<string, string>();

  constructor(private readonly tree: SourceTree) {}

  get label(): string {
    return this.tree.label;
  }

  read(path: string): string | undefined {
    const text = this.tree.read(path);
    this.reads.set(path, text);
    return text;
  }

  list(folder: string): readonly string[] {
    const names = this.tree.list(folder);
    this.lists.set(folder, names.join('\n'));
    return names;
  }

  problems(): readonly InputProblem[] {
    return this.tree.problems();
  }

  /** Whether all files that were read had these digests. */
  hasRead(files: FileDigests): boolean {
    for (const [path, text] of this.reads) if ((text === undefined ? undefined : digestOf(text)) !== files[path]) return false;
    return true;
  }

  /** Whether a tree answers all that was asked as this one did. */
  isLike(tree: SourceTree): boolean {
    for (const [folder, names] of this.lists) if (tree.list(folder).join('\n') !== names) return false;
    for (const [path, text] of this.reads) if (tree.read(path) !== text) return false;
    return true;
  }
}
