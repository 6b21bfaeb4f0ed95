// A tree that is nowhere but in memory.
import { emptyTree, type SourceTree } from '../../extension/model/source.js';
import { overlayTree } from '../../extension/patch/overlay-tree.js';

/** Texts by path as a tree. */
export function memoryTree(files: Readonly<Record<string, string>>, label = 'linux'): SourceTree {
  return overlayTree(emptyTree(label), new Map(Object.entries(files)), label);
}
