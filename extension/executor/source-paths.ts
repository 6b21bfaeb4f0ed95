// Paths as compilers write them, as paths of the tree.
import { posix } from 'node:path';

export interface BuiltFrom {
  /** The tree's folder, absolute, as the build was told it. */
  readonly root: string;
  /** The folder of the build (`O=`), absolute; the root where the tree is built in place. */
  readonly build: string;
}

/**
 * A path below the tree's root, `/` between folders; null for a file of the build's own, such as a generated header, and for what is outside.
 * Relative paths that don't lead upward are the tree's: kbuild strips its root where it can (`-fmacro-prefix-map`).
 */
export function treePath(path: string, { root, build }: BuiltFrom): string | null {
  const upward = /^(?:\.\/)*\.\.\//.test(path);
  const absolute = posix.isAbsolute(path) ? posix.normalize(path) : posix.resolve(upward ? build : root, path);
  const inside = posix.relative(posix.resolve(root), absolute);
  if (inside === '' || inside.startsWith('..')) return null;
  const built = posix.relative(posix.resolve(build), absolute);
  if (posix.resolve(build) !== posix.resolve(root) && !built.startsWith('..')) return null;
  return /(?:^|\/)generated\/|\.mod\.c$/.test(inside) ? null : inside;
}
