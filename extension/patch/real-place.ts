// Where on the disk a path leads, also where nothing is there yet.
import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';

/** As many links in a row as Linux follows (path_resolution(7)). */
const mostLinks = 40;

/**
 * The real path of what would be read or written at an absolute path: symbolic links are followed, those too that lead to
 * nothing yet. undefined where that can't be said: a circle of links, a folder that may not be looked into.
 */
export function realPlace(path: string, links = mostLinks): string | undefined {
  try {
    return realpathSync(path);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== 'ENOENT' || dirname(path) === path) return undefined;
  }
  const folder = realPlace(dirname(path), links);
  if (folder === undefined) return undefined;
  const place = join(folder, basename(path));
  if (!isLink(place)) return place;
  return links > 0 ? realPlace(resolve(folder, readlinkSync(place)), links - 1) : undefined;
}

export function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

/** Whether a path is a folder or lies in it; both are real. */
export function inside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
