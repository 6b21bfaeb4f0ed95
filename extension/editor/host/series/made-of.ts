// Which files an open series is made of: what is typed in them is reviewed as it is typed.
import type { SeriesSource, Tree } from '../../protocol/messages.js';
import { isSource, pathInTree } from '../trees/trees.js';

/** By its absolute path. */
export function isMadeOf({ source, ...tree }: Tree & { readonly source: SeriesSource }, path: string): boolean {
  if (source.kind === 'files') return source.paths.includes(path);
  if (source.kind === 'commits') return false;
  const inside = pathInTree(tree.root, path);
  return inside !== undefined && isSource(tree, inside);
}

/** Whether its review is of another tree once the file is saved, or is another file on disk. */
export function isBasedOn({ source, ...tree }: Tree & { readonly source: SeriesSource }, path: string): boolean {
  const inside = pathInTree(tree.root, path);
  return source.kind === 'files' && inside !== undefined && isSource(tree, inside);
}
