// Folders of a cache hold what was made or used last.
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Leaves the newest `most` files or folders of a folder; `current` is one of them, however old it is. */
export function prune(folder: string, most: number, current?: string): void {
  const others = readdirSync(folder)
    .filter((name) => name !== current)
    .map((name) => ({ path: join(folder, name), changed: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.changed - a.changed);
  for (const { path } of others.slice(current === undefined ? most : most - 1)) rmSync(path, { recursive: true, force: true });
}
