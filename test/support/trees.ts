// Kernel trees that tests read: `.cache/trees/linux-X`, unpacked by `npm run trees`.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe } from 'vitest';
import type { SourceTree } from '../../extension/model/source.js';

const root = resolve(import.meta.dirname, '../..');

/** The folder of a kernel tree, such as `linux-7.2`, or undefined where it was not unpacked. */
export function treeFolder(name: string): string | undefined {
  const folder = join(root, '.cache/trees', name);
  return existsSync(join(folder, 'fs/fuse')) ? folder : undefined;
}

/**
 * Whether tests over a tree have to be skipped because it was not unpacked, for `describe.skipIf`. Throws on CI
 * (`CI=true`), so that nobody takes skipped tests for passed ones.
 */
export function skipWithoutTree(name: string): boolean {
  if (treeFolder(name) !== undefined) return false;
  if (process.env.CI === 'true') throw new Error(`.cache/trees/${name} is missing: run npm run trees`);
  return true;
}

/** Tests over a real kernel tree; where it is missing they are skipped under a name that says so. */
export function describeWithTree(name: string, title: string, tests: (tree: SourceTree) => void): void {
  const missing = skipWithoutTree(name);
  const reason = missing ? ': not unpacked, run npm run trees' : '';
  describe.skipIf(missing)(`${title} (${name}${reason})`, () => {
    tests(folderTree(treeFolder(name) ?? ''));
  });
}

/** A folder as a tree; every file is read when asked for. */
export function folderTree(folder: string): SourceTree {
  return {
    label: folder,
    read(path) {
      try {
        return readFileSync(join(folder, path), 'utf8');
      } catch {
        return undefined;
      }
    },
    list(path) {
      try {
        return readdirSync(join(folder, path), { withFileTypes: true })
          .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
          .sort();
      } catch {
        return [];
      }
    },
    problems: () => [],
  };
}

/** The C files and headers right in a folder of a tree, with their texts. */
export function sourcesIn(tree: SourceTree, folder: string): readonly { readonly path: string; readonly text: string }[] {
  return tree
    .list(folder)
    .filter((name) => /\.[ch]$/.test(name))
    .map((name) => ({ path: `${folder}/${name}`, text: tree.read(`${folder}/${name}`) ?? '' }));
}
