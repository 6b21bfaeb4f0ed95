// Edits of one function of a real tree, in memory: what a careless patch would make of it.
import { overlayTree } from '../../extension/patch/overlay-tree.js';
import type { SourceTree } from '../../extension/model/source.js';
import { extentOf } from '../support/edits.js';

/** Text of the function and what stands there instead; it has to be there exactly once. */
export type Edit = readonly [old: string, replacement: string];

export interface Mutation {
  readonly title: string;
  /** Relative to `fs/fuse`. */
  readonly file: string;
  readonly function: string;
  readonly edits: readonly Edit[];
  /** A file's text before the function, for a helper that the edit calls. */
  readonly before?: string;
  /** `rule` in the function edited, or `rule@function`; every finding that the edit brings, in order of file and place. */
  readonly findings: readonly string[];
}

/** The text with the edits made in one function. Throws where a text to replace is not there exactly once. */
export function mutate(text: string, { function: name, edits, before = '' }: Pick<Mutation, 'function' | 'edits' | 'before'>): string {
  const { start, end } = extentOf(text, name);
  let body = text.slice(start, end);
  for (const [old, replacement] of edits) {
    const times = body.split(old).length - 1;
    if (times !== 1) throw new Error(`${name} has ${times} times: ${old}`);
    body = body.replace(old, () => replacement);
  }
  return text.slice(0, start) + before + body + text.slice(end);
}

/** The tree with one function edited. */
export function mutatedTree(tree: SourceTree, mutation: Mutation): SourceTree {
  const path = `fs/fuse/${mutation.file}`;
  const text = tree.read(path);
  if (text === undefined) throw new Error(`${tree.label} has no ${path}`);
  return overlayTree(tree, new Map([[path, mutate(text, mutation)]]), `${tree.label}, ${mutation.title}`);
}
