// The folder of the user's cache, for all commands.
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { userCache } from '../runner/user-cache.js';
import type { Io } from './io.js';

/** `--cache`, or FUSE_REVIEW_CACHE, or a folder in the user's own cache. */
export function cacheFolder(named: string | undefined, io: Pick<Io, 'cwd' | 'env'>): string {
  const given = named ?? io.env.FUSE_REVIEW_CACHE;
  return given === undefined || given === '' ? userCache(homedir(), io.env.XDG_CACHE_HOME) : resolve(io.cwd, given);
}
