// Results on disk, below the user's cache. Whatever is wrong with a file, or with the disk, is as if it had not been there.
import { createHash, randomBytes, type Hash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SimulationResult } from '../model/simulation.js';
import type { RestsOn } from './rests-on.js';

export interface StoredResult<T = SimulationResult> {
  readonly result: T;
  /** null for what is known of that very tree alone. */
  readonly restsOn: RestsOn | null;
}

/** Results of one question, of different trees; the oldest make room for others. */
const trees = 8;
/** Versions of the tool whose results stay. */
const versions = 2;

/** What is cached: what scenarios came to, and what the checker's walks did. A folder each. */
export type CachedKind = 'results' | 'checks';
const cachedKinds: readonly CachedKind[] = ['results', 'checks'];

/** Files of one version of the tool: `KIND/VERSION/QUESTION/TREE`, a checksum and JSON each. */
export class ResultCache {
  private readonly folder: string;
  private readonly all: string;
  private ready = false;

  /** `version` names all that makes results but what was asked and the tree. */
  constructor(cache: string, version: string, kind: CachedKind = 'results') {
    this.all = join(cache, kind);
    this.folder = join(this.all, version);
  }

  /** What was answered to a question on that very tree. */
  get<T>(question: string, tree: string): StoredResult<T> | undefined {
    const path = join(this.folder, question, tree);
    const stored = read<T>(path);
    if (stored === undefined) return undefined;
    attempt(() => utimesSync(path, new Date(), new Date()));
    return stored;
  }

  /** What was answered to it on other trees, the newest first; read as it is asked for. */
  *others<T>(question: string): Generator<{ readonly tree: string; readonly stored: StoredResult<T> }, void, undefined> {
    const folder = join(this.folder, question);
    for (const tree of newestFirst(folder)) {
      const stored = read<T>(join(folder, tree));
      if (stored !== undefined) yield { tree, stored };
    }
  }

  put(question: string, tree: string, stored: StoredResult<unknown>): void {
    attempt(() => {
      if (!this.ready) {
        makeFolder(this.folder);
        const now = new Date();
        utimesSync(this.folder, now, now);
        leave(this.all, versions);
        this.ready = true;
      }
      const folder = join(this.folder, question);
      makeFolder(folder);
      const text = JSON.stringify(stored);
      const written = join(folder, `.${randomBytes(8).toString('hex')}`);
      try {
        writeFileSync(written, `${checksum(text)}\n${text}`);
        renameSync(written, join(folder, tree));
      } finally {
        rmSync(written, { force: true });
      }
      leave(folder, trees);
    });
  }
}

/** The name of what was hashed, for questions, trees and versions: 32 hexadecimal digits. */
export function nameOf(hash: Hash): string {
  return hash.digest('hex').slice(0, 32);
}

/** Bytes that cached results take, of all versions; 0 where there are none. */
export function cachedBytes(cache: string): number {
  const sizes = (folder: string): number => {
    let sum = 0;
    for (const entry of attempt(() => readdirSync(folder, { withFileTypes: true })) ?? []) {
      const path = join(folder, entry.name);
      sum += entry.isDirectory() ? sizes(path) : (attempt(() => statSync(path).size) ?? 0);
    }
    return sum;
  };
  return cachedKinds.reduce((sum, kind) => sum + sizes(join(cache, kind)), 0);
}

/** Removes all cached results. Throws where the disk does not let it. */
export function clearResults(cache: string): void {
  for (const kind of cachedKinds) rmSync(join(cache, kind), { recursive: true, force: true });
}

function read<T>(path: string): StoredResult<T> | undefined {
  return attempt(() => {
    const whole = readFileSync(path, 'utf8');
    const end = whole.indexOf('\n');
    const text = whole.slice(end + 1);
    // Only what was written here has the sum, so that its shape is known.
    return whole.slice(0, end) === checksum(text) ? (JSON.parse(text) as StoredResult<T>) : undefined;
  });
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function newestFirst(folder: string): readonly string[] {
  const names = attempt(() => readdirSync(folder)) ?? [];
  const dated = names.flatMap((name) => {
    const changed = attempt(() => statSync(join(folder, name)).mtimeMs);
    return changed === undefined ? [] : [{ name, changed }];
  });
  return dated.sort((a, b) => b.changed - a.changed).map(({ name }) => name);
}

/** Throws where it can't be made. Not `recursive`: Node's own goes round for ever where a file system says ENOENT, as /proc does. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have made it just now.
    if (!existsSync(folder)) throw error;
  }
}

/** Leaves the newest so many. */
function leave(folder: string, most: number): void {
  for (const name of newestFirst(folder).slice(most)) attempt(() => rmSync(join(folder, name), { recursive: true, force: true }));
}

/** What is done with a disk that may be full, read-only or shared with others who do the same; undefined where that fails. */
function attempt<T>(what: () => T): T | undefined {
  try {
    return what();
  } catch {
    return undefined;
  }
}
