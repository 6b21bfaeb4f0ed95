// Trees on their way to a worker and in it.
import type { InputProblem } from '../model/problem.js';
import type { SourceTree, TreeSource } from '../model/source.js';
import { diskTree, type DiskTree } from '../patch/disk-tree.js';
import { overlayTree } from '../patch/overlay-tree.js';
import { headersRead } from '../program/load.js';

/** All that a load of `folder` reads of a tree which is in memory or in git. */
export function snapshot(tree: SourceTree, folder: string): Readonly<Record<string, string | null>> {
  const files: Record<string, string | null> = {};
  const add = (path: string): void => {
    const text = tree.read(path);
    if (text !== undefined) files[path] = text;
  };
  for (const name of tree.list(folder)) if (!name.endsWith('/')) add(`${folder}/${name}`);
  for (const path of headersRead) add(path);
  return files;
}

const nothing: SourceTree = { label: '', read: () => undefined, list: () => [] };

/** The tree of a source. `disks` keeps trees on disk by root, with what was read of them. */
export function openSource(source: TreeSource, disks: Map<string, DiskTree>): SourceTree | InputProblem {
  let base = nothing;
  if (source.root !== null) {
    const known = disks.get(source.root) ?? diskTree(source.root);
    if (!('read' in known)) return known;
    disks.set(source.root, known);
    base = known;
  }
  return overlayTree(base, new Map(Object.entries(source.files)), source.label);
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

  /** Whether a tree answers all that was asked as this one did. */
  isLike(tree: SourceTree): boolean {
    for (const [folder, names] of this.lists) if (tree.list(folder).join('\n') !== names) return false;
    for (const [path, text] of this.reads) if (tree.read(path) !== text) return false;
    return true;
  }
}
