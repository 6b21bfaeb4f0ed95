// The kernel tree that lies in a folder on disk. Reads only, and only inside that folder.
import { readdirSync, readFileSync, realpathSync, statSync, type Dirent } from 'node:fs';
import { basename, join, resolve, sep } from 'node:path';
import type { InputProblem } from '../model/problem.js';
import { failed, ok, type Result } from '../model/result.js';
import type { SourceTree } from '../model/source.js';
import { insideTree } from './paths.js';
import { errorAt, errorCode, warningAt } from './problems.js';
import { decodeText } from './decode-text.js';

/** Larger files are not read: no C file of a kernel comes near. */
export const largestFile = 20 * 1024 * 1024;

export interface DiskTree extends SourceTree {
  /** The folder's real path. */
  readonly root: string;
}

/**
 * The tree in a folder, or a problem where there is no such folder. A file is read again when its time or size changed.
 * `read` answers undefined for what is not a readable file inside the folder: paths that climb out, symbolic
 * links that lead out or in a circle, devices, files over 20 MB (these are said by `problems()`), and files that
 * are not there. `list` leaves out symbolic links to folders, so that walking the tree always ends; one
 * that can't be read as a file is listed, so that whoever reads it learns why.
 */
export function diskTree(root: string): Result<DiskTree> {
  try {
    const real = realpathSync(resolve(root));
    if (!statSync(real).isDirectory()) return failed(errorAt(root, 'is not a folder; name the root of a kernel tree'));
    return ok(new FolderTree(real));
  } catch (error) {
    return failed(errorAt(root, `cannot be opened (${errorCode(error)}); name the root of a kernel tree`));
  }
}

interface Cached {
  readonly mtimeMs: number;
  readonly size: number;
  readonly text: string;
  readonly problem?: InputProblem;
}

class FolderTree implements DiskTree {
  readonly label: string;
  private readonly texts = new Map<string, Cached>();
  private readonly found = new Map<string, InputProblem>();

  constructor(readonly root: string) {
    this.label = basename(root) || root;
  }

  read(path: string): string | undefined {
    this.found.delete(path);
    try {
      const real = this.realPath(path);
      return real === undefined ? undefined : this.readReal(path, real);
    } catch (error) {
      this.texts.delete(path);
      const code = errorCode(error);
      if (code === 'ELOOP') this.note(path, errorAt(path, 'is a symbolic link that leads back to itself; not read'));
      else if (code !== 'ENOENT' && code !== 'ENOTDIR') {
        this.note(path, errorAt(path, `cannot be read (${code || String(error)})`));
      }
      return undefined;
    }
  }

  list(folder: string): readonly string[] {
    try {
      const real = this.realPath(folder);
      if (real === undefined) return [];
      const names = readdirSync(real, { withFileTypes: true }).map((entry) => this.entryName(real, entry));
      return names.filter((name) => name !== undefined).sort();
    } catch {
      return [];
    }
  }

  problems(): readonly InputProblem[] {
    return [...this.found.values()].sort((a, b) => (a.where < b.where ? -1 : 1));
  }

  /** The real path of a path inside the tree; undefined, and a problem, where it is outside. */
  private realPath(path: string): string | undefined {
    const inside = insideTree(path);
    if (inside === undefined) {
      this.note(path, errorAt(path, `is outside the tree ${this.root}; not read`));
      return undefined;
    }
    const real = realpathSync(join(this.root, inside));
    if (this.holds(real)) return real;
    this.note(path, errorAt(path, `leads to ${real}, outside the tree ${this.root}; not read`));
    return undefined;
  }

  private holds(real: string): boolean {
    return real === this.root || real.startsWith(this.root.endsWith(sep) ? this.root : this.root + sep);
  }

  private readReal(path: string, real: string): string | undefined {
    const { mtimeMs, size, isFile } = fileState(real);
    if (!isFile) return undefined;
    const cached = this.texts.get(path);
    if (cached?.mtimeMs === mtimeMs && cached.size === size) {
      if (cached.problem) this.note(path, cached.problem);
      return cached.text;
    }
    if (size > largestFile) {
      this.note(path, errorAt(path, `has ${Math.ceil(size / 1024 / 1024)} MB; files over 20 MB are not read`));
      return undefined;
    }
    const { text, latin1 } = decodeText(readFileSync(real));
    if (latin1 === undefined) this.texts.set(path, { mtimeMs, size, text });
    else {
      const problem = warningAt(path, 'is not valid UTF-8; such lines are read as Latin-1', latin1);
      this.texts.set(path, { mtimeMs, size, text, problem });
      this.note(path, problem);
    }
    return text;
  }

  private entryName(folder: string, entry: Dirent): string | undefined {
    if (entry.isDirectory()) return `${entry.name}/`;
    if (entry.isFile()) return entry.name;
    if (!entry.isSymbolicLink()) return undefined;
    try {
      // A file that is named by a link out of the tree, or in a circle, is told by whoever reads it.
      return statSync(join(folder, entry.name)).isDirectory() ? undefined : entry.name;
    } catch (error) {
      return errorCode(error) === 'ENOENT' ? undefined : entry.name;
    }
  }

  private note(path: string, problem: InputProblem): void {
    this.found.set(path, problem);
  }
}

function fileState(real: string): { mtimeMs: number; size: number; isFile: boolean } {
  const state = statSync(real);
  return { mtimeMs: state.mtimeMs, size: state.size, isFile: state.isFile() };
}
