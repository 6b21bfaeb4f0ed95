// Where near a workspace folder are kernel trees? The folder may be the tree, lie in it, or hold it.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

const depthLimit = 3;
const folderLimit = 2000;
const skipped = new Set(['node_modules', 'target', 'build', 'out']);

/** Whether a folder looks like the root of a kernel tree, or of an extract of one that has a subsystem's usual folder. */
function looksLikeTree(folder: string, subsystems: readonly string[]): boolean {
  if (subsystems.some((each) => existsSync(join(folder, each)))) return true;
  return existsSync(join(folder, 'fs')) && existsSync(join(folder, 'include', 'linux')) && existsSync(join(folder, 'Kconfig'));
}

/**
 * Candidates for the root of a tree, best first: the folder itself, the nearest folder around it, those within it down
 * to three levels; where there is none, the folder itself, which may hold a subsystem's files alone. `subsystems` are the folders that they are in
 * where nobody moved them.
 */
export function candidateRoots(folder: string, subsystems: readonly string[]): readonly string[] {
  if (looksLikeTree(folder, subsystems)) return [folder];
  for (let at = dirname(folder), last = folder; at !== last; last = at, at = dirname(at)) {
    if (looksLikeTree(at, subsystems) && `${folder}${sep}`.startsWith(join(at, 'fs') + sep)) return [at];
  }
  const within: string[] = [];
  let level = [folder];
  let seen = 0;
  for (let depth = 0; depth < depthLimit && level.length > 0 && seen < folderLimit; depth++) {
    const next: string[] = [];
    for (const parent of level) {
      for (const child of subfolders(parent)) {
        if (++seen > folderLimit) break;
        if (looksLikeTree(child, subsystems)) within.push(child);
        else next.push(child);
      }
    }
    level = next;
  }
  return within.length > 0 ? within : [folder];
}

/** Real subfolders, sorted. Links are not followed: they may lead in circles. */
function subfolders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !skipped.has(entry.name))
      .map((entry) => join(folder, entry.name))
      .sort();
  } catch {
    return [];
  }
}
