// The tree of a commit, read from git's objects as it is asked for; the work tree plays no part.
import { posix } from 'node:path';
import type { InputProblem } from '../model/problem.js';
import type { SourceTree } from '../model/source.js';
import { largestFile } from './disk-tree.js';
import { gitSync } from './git.js';
import { insideTree, splitPath } from './paths.js';
import { errorAt, warningAt } from './problems.js';
import { decodeText } from './decode-text.js';

interface Entry {
  readonly mode: string;
  readonly object: string;
  readonly size: number;
}

/**
 * The tree of a commit. `treeish` must be resolved already (a hash, or `hash:folder`). Symbolic links are followed
 * inside the tree; `list` leaves out those to folders, and submodules.
 */
export function gitTree(cwd: string, treeish: string, label: string): SourceTree {
  return new CommitTree(cwd, treeish, label);
}

class CommitTree implements SourceTree {
  private readonly folders = new Map<string, ReadonlyMap<string, Entry>>();
  private readonly texts = new Map<string, string | undefined>();
  private readonly found = new Map<string, InputProblem>();

  constructor(
    private readonly cwd: string,
    private readonly treeish: string,
    readonly label: string,
  ) {}

  read(path: string): string | undefined {
    const inside = insideTree(path);
    if (inside === undefined) {
      this.found.set(path, errorAt(path, `is outside the tree ${this.label}; not read`));
      return undefined;
    }
    const known = this.texts.get(inside);
    if (known !== undefined || this.texts.has(inside)) return known;
    const text = this.readEntry(inside);
    this.texts.set(inside, text);
    return text;
  }

  list(folder: string): readonly string[] {
    const inside = insideTree(folder);
    if (inside === undefined) return [];
    const names = [...this.entries(inside)].map(([name, { mode }]) => {
      if (mode === '040000') return `${name}/`;
      if (mode.startsWith('100')) return name;
      return mode === '120000' && this.entry(posix.join(inside, name)) ? name : undefined;
    });
    return names.filter((name) => name !== undefined).sort();
  }

  problems(): readonly InputProblem[] {
    return [...this.found.values()].sort((a, b) => (a.where < b.where ? -1 : 1));
  }

  /** The file that a path names, symbolic links in its last part followed. */
  private entry(path: string, links = 0): Entry | undefined {
    const { folder, name } = splitPath(path);
    const entry = this.entries(folder).get(name);
    if (entry?.mode !== '120000') return entry?.mode.startsWith('100') === true ? entry : undefined;
    const target = this.blob(path, entry);
    if (target === undefined || links >= 8) return undefined;
    const inside = insideTree(posix.normalize(posix.join(folder, target.toString('utf8'))));
    return inside === undefined || target.toString('utf8').startsWith('/') ? undefined : this.entry(inside, links + 1);
  }

  private readEntry(path: string): string | undefined {
    const entry = this.entry(path);
    if (entry === undefined) return undefined;
    if (entry.size > largestFile) {
      this.found.set(path, errorAt(path, `has ${Math.ceil(entry.size / 1024 / 1024)} MB; files over 20 MB are not read`));
      return undefined;
    }
    const blob = this.blob(path, entry);
    if (blob === undefined) return undefined;
    const { text, latin1 } = decodeText(blob);
    if (latin1 !== undefined) this.found.set(path, warningAt(path, 'is not valid UTF-8; such lines are read as Latin-1', latin1));
    return text;
  }

  private blob(path: string, { object }: Entry): Buffer | undefined {
    const bytes = gitSync(this.cwd, ['cat-file', 'blob', object], path);
    if (bytes.ok) return bytes.value;
    this.found.set(path, bytes.failure);
    return undefined;
  }

  private entries(folder: string): ReadonlyMap<string, Entry> {
    const known = this.folders.get(folder);
    if (known) return known;
    const entries = new Map<string, Entry>();
    const path = folder === '' ? [] : [`${folder}/`];
    const listing = gitSync(
      this.cwd,
      ['--literal-pathspecs', 'ls-tree', '-z', '-l', '--full-tree', this.treeish, '--', ...path],
      folder || '.',
    );
    if (!listing.ok) this.found.set(folder, listing.failure);
    else {
      for (const line of listing.value.toString('utf8').split('\0')) {
        const match = /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(line);
        if (!match) continue;
        const [, mode = '', object = '', size = '', full = ''] = match;
        entries.set(splitPath(full).name, { mode, object, size: Number(size) || 0 });
      }
    }
    this.folders.set(folder, entries);
    return entries;
  }
}
