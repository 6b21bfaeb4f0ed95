// Where something is: positions, spans and the trees of files they point into.
import type { InputProblem } from './problem.js';
import type { SubsystemPlace } from './subsystem.js';

/** Distance from the start of a file's text, in UTF-16 code units (as JavaScript strings and VS Code count). */
export type Offset = number;

/** 0-based line, as VS Code counts. */
export type Line = number & { readonly __line?: 'Line' };

/** 1-based line, as compilers print and as `Finding` carries. */
export type LineNumber = number & { readonly __lineNumber?: 'LineNumber' };

/** A half-open range of one file's text. Which file is said by whoever holds the span. */
export interface Span {
  readonly start: Offset;
  readonly end: Offset;
}

/**
 * The files of a kernel tree, or of a tree with patches applied. Paths are relative to the tree's root, with `/`.
 * Reading is synchronous; an implementation caches what it must. Nothing can be written through it.
 */
export interface SourceTree {
  /** A name for people: a folder, or a folder with a patch. */
  readonly label: string;
  /** The file's text, or undefined where there is no such readable file inside the tree. */
  read(path: string): string | undefined;
  /** Names of the entries of a folder, sorted; empty where there is no such folder. Folders end with `/`. */
  list(folder: string): readonly string[];
  /** What it could not read, or read only with a loss: one problem a path at most, as of its latest reading; sorted by path. */
  problems(): readonly InputProblem[];
}

/** A tree in which there is nothing. */
export function emptyTree(label: string): SourceTree {
  return { label, read: () => undefined, list: () => [], problems: () => [] };
}

/** Where the lines of a text begin; answers in O(log n). */
export class LineTable {
  private readonly starts: number[] = [0];

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.starts.push(at + 1);
  }

  /** The 0-based line that holds an offset. */
  line(offset: Offset): Line {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The 1-based line that holds an offset. */
  lineNumber(offset: Offset): LineNumber {
    return this.line(offset) + 1;
  }

  /** The 0-based UTF-16 column of an offset within its line. */
  column(offset: Offset): number {
    return offset - (this.starts[this.line(offset)] ?? 0);
  }

  /** The offset at which a 0-based line begins. */
  start(line: Line): Offset {
    return this.starts[line] ?? this.starts[this.starts.length - 1] ?? 0;
  }

  get lineCount(): number {
    return this.starts.length;
  }
}

/** A tree to run, told so that another thread or a build can read it. */
export interface TreeSource extends SubsystemPlace {
  /** The tree's folder, absolute; null where `files` hold all that a simulation reads. */
  readonly root: string | null;
  /** The tree's name in results. */
  readonly label: string;
  /** Texts by path in the tree that go before those on disk: patched or edited files; null for a deleted one. */
  readonly files: Readonly<Record<string, string | null>>;
  /** Options by name, with or without `CONFIG_`. Those of a scenario go before them. */
  readonly config: Readonly<Record<string, boolean>>;
}
