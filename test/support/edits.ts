// Edits of a tree's sources that say where by a word or two of a line, so that no text of the kernel is needed to make them.
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import type { SourceTree } from '../../extension/model/source.js';
import { overlayTree } from '../../extension/patch/overlay-tree.js';

/** A change of one file of a tree. */
export interface Edit {
  readonly path: string;
  /** The file's text with the change made. Throws where there is no such place. */
  readonly apply: (text: string) => string;
}

/** The only line that holds a text; or all from that one to the next that holds another, and so on; '' is the line after. */
export type Lines = string | readonly [from: string, ...through: string[]];

/** Where a function is defined in a text, from its first line to its closing brace. Throws where it is not, or twice. */
export function extentOf(text: string, name: string): { readonly start: number; readonly end: number } {
  const found = [...text.matchAll(new RegExp(`^[a-z][^\\n;{}]*\\b${name}\\([^;{}]*\\)\\n\\{[^]*?^\\}`, 'gm'))];
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`${name} is defined ${found.length} times`);
  return { start: first.index, end: first.index + first[0].length };
}

/** A file, or one function of it, to be edited by whole lines. Texts end with a line end. */
export class Place {
  constructor(
    private readonly path: string,
    private readonly name?: string,
  ) {}

  before(lines: Lines, added: string): Edit {
    return this.edit(lines, (found) => added + found);
  }

  after(lines: Lines, added: string): Edit {
    return this.edit(lines, (found) => found + added);
  }

  instead(lines: Lines, text: string): Edit {
    return this.edit(lines, () => text);
  }

  /** Puts other words for some that stand once in the lines. */
  reword(lines: Lines, old: string, words: string): Edit {
    return this.edit(lines, (found) => {
      const times = found.split(old).length - 1;
      if (times !== 1) throw new Error(`${this.label}, in the lines of '${[lines].flat().join("', '")}': ${times} times: ${old}`);
      return found.replace(old, () => words);
    });
  }

  atEnd(added: string): Edit {
    return { path: this.path, apply: (text) => text + added };
  }

  private get label(): string {
    return this.name === undefined ? this.path : `${this.path}, ${this.name}()`;
  }

  private edit(lines: Lines, change: (found: string) => string): Edit {
    return {
      path: this.path,
      apply: (text) => {
        const { start, end } = this.name === undefined ? { start: 0, end: text.length } : this.function(text, this.name);
        const all = text.slice(start, end).split(/(?<=\n)/);
        const { first, after } = this.range(all, lines);
        const found = all.slice(first, after).join('');
        return text.slice(0, start) + [...all.slice(0, first), change(found), ...all.slice(after)].join('') + text.slice(end);
      },
    };
  }

  private function(text: string, name: string): { readonly start: number; readonly end: number } {
    try {
      return extentOf(text, name);
    } catch (error) {
      throw new Error(`${this.path}: ${(error as Error).message}`, { cause: error });
    }
  }

  private range(all: readonly string[], lines: Lines): { readonly first: number; readonly after: number } {
    const [from, ...through] = typeof lines === 'string' ? [lines] : lines;
    const times = all.filter((line) => line.includes(from)).length;
    if (times !== 1) throw new Error(`${this.label}: ${times} lines hold: ${from}`);
    const first = all.findIndex((line) => line.includes(from));
    let last = first;
    for (const [index, next] of through.entries()) {
      const found = all.findIndex((line, at) => at > last && line.includes(next));
      if (found < 0) throw new Error(`${this.label}, after the line of '${lines[index]}': no line holds: ${next}`);
      last = found;
    }
    return { first, after: last + 1 };
  }
}

/** The tree with all edits made, in order. */
export function editedTree(tree: SourceTree, edits: readonly Edit[], label: string): SourceTree {
  const texts = new Map<string, string>();
  for (const { path, apply } of edits) {
    const text = texts.get(path) ?? tree.read(path);
    if (text === undefined) throw new Error(`${tree.label} has no ${path}`);
    texts.set(path, apply(text));
  }
  return overlayTree(tree, texts, label);
}

/** A mail with the patch that makes the edits, as `git am` takes it. */
export function mailOf(tree: SourceTree, edits: readonly Edit[], subject: string): string {
  const edited = editedTree(tree, edits, subject);
  const diffs = [...new Set(edits.map(({ path }) => path))].sort().map((path) => {
    const [before, after] = [tree.read(path) ?? '', edited.read(path) ?? ''];
    const options = { context: 3, headerOptions: FILE_HEADERS_ONLY };
    return `diff --git a/${path} b/${path}\n${createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, undefined, undefined, options)}`;
  });
  const headers = [
    'From mboxrd@z Thu Jan  1 00:00:00 1970',
    'From: Edits <edits@fuse-review.example>',
    'Date: Thu, 1 Jan 2026 00:00:00 +0000',
    `Subject: [PATCH] ${subject}`,
    `Message-ID: <${subject.replace(/\W+/g, '-')}@fuse-review.example>`,
  ];
  return `${headers.join('\n')}\n\nMade from the tree that it is for.\n---\n${diffs.join('')}`;
}
