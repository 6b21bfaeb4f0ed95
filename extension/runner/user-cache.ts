// Where builds of kernels, logs and results are cached when nobody says where.
import { isAbsolute, join } from 'node:path';

/** Below the user's own cache, which XDG_CACHE_HOME may name (https://specifications.freedesktop.org/basedir-spec/latest/). */
export function userCache(home: string, xdgCache: string | undefined): string {
  return join(xdgCache !== undefined && isAbsolute(xdgCache) ? xdgCache : join(home, '.cache'), 'fuse-review');
}
