// A tree with some files replaced, added or deleted, in memory.
import type { InputProblem } from '../model/problem.js';
import type { SourceTree } from '../model/source.js';
import { insideTree } from './paths.js';

/**
 * The base tree as it would be with these files: a text replaces or adds, null deletes.
 * `list` shows added files and the folders they need, and hides folders that deletions emptied.
 */
export function overlayTree(base: SourceTree, files: ReadonlyMap<string, string | null>, label: string): SourceTree {
  const held = new Map<string, string | null>();
  for (const [path, text] of files) {
    const inside = insideTree(path);
    if (inside !== undefined && inside !== '') held.set(inside, text);
  }
  return new OverlayTree(base, held, label);
}

class OverlayTree implements SourceTree {
  constructor(
    private readonly base: SourceTree,
    private readonly files: ReadonlyMap<string, string | null>,
    readonly label: string,
  ) {}

  read(path: string): string | undefined {
    const inside = insideTree(path);
    const held = inside === undefined ? undefined : this.files.get(inside);
    if (held === null) return undefined;
    return held ?? this.base.read(path);
  }

  list(folder: string): readonly string[] {
    const inside = insideTree(folder);
    if (inside === undefined) return [];
    const prefix = inside === '' ? '' : `${inside}/`;
    const names = new Set(this.base.list(inside));
    const thinned = new Set<string>();
    for (const [path, text] of this.files) {
      if (!path.startsWith(prefix)) continue;
      const rest = path.slice(prefix.length);
      const slash = rest.indexOf('/');
      const name = slash < 0 ? rest : rest.slice(0, slash + 1);
      if (text !== null) names.add(name);
      else if (slash < 0) names.delete(name);
      else thinned.add(name);
    }
    for (const name of thinned) {
      if (names.has(name) && this.list(prefix + name).length === 0) names.delete(name);
    }
    return [...names].sort();
  }

  /** Those of the base, but for files that are not its own here. */
  problems(): readonly InputProblem[] {
    return this.base.problems().filter(({ where }) => !this.files.has(insideTree(where) ?? where));
  }
}
