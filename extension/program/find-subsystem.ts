// Where in a tree a subsystem is.
import type { SourceTree } from '../model/source.js';
import type { Subsystem } from '../model/subsystem.js';

/** Files read at most before a tree is taken to hold no subsystem. */
const searchBound = 3000;

/**
 * Folders (relative to the tree's root) in which the subsystem's marker is defined, whatever the file is called: its usual one
 * where it is there, else what a search of the folders near the root finds. Empty where there is none.
 */
export function findSubsystem(tree: SourceTree, { marker, folder: usual }: Pick<Subsystem, 'marker' | 'folder'>): string[] {
  const defines = new RegExp(`^[A-Za-z_][^;{}=#]*?\\b${marker}\\s*\\([^;{}]*\\)\\s*\\{`, 'm');
  const budget = { left: searchBound };
  const holds = (folder: string): boolean => {
    for (const name of tree.list(folder)) {
      if (!name.endsWith('.c')) continue;
      if (budget.left-- <= 0) return false;
      const text = tree.read(join(folder, name));
      if (text?.includes(marker) && defines.test(text)) return true;
    }
    return false;
  };
  if (holds(usual)) return [usual];
  budget.left = searchBound;
  const isKernel = tree.list('').includes('fs/');
  const found: string[] = [];
  let level = isKernel ? ['fs'] : [''];
  for (let depth = 0; depth < 3; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      if (folder !== usual && holds(folder)) found.push(folder);
      for (const name of tree.list(folder))
        if (name.endsWith('/') && !name.startsWith('.') && name !== 'node_modules/') next.push(join(folder, name.slice(0, -1)));
    }
    level = next;
  }
  return found;
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
