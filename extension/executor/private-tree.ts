// A copy of the user's tree to build in, which nothing is ever written through: hard links where the file system has them, and
// copies of what is patched or edited.
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { ok, type Result, type Success } from '../model/result.js';
import { runProcess } from './processes.js';
import { notExecutable, type ExecutionFailure } from './request.js';

/** What a tree consists of at a moment. */
export interface TreeContents {
  /** Absolute. */
  readonly root: string;
  /** By path: size in bytes, milliseconds of the last change, inode; as text, since it is only compared. */
  readonly stamps: ReadonlyMap<string, string>;
  /** Texts that go before those on disk; null for a deleted file. */
  readonly files: Readonly<Record<string, string | null>>;
  /** The same for trees from which the same is built. */
  readonly key: string;
}

/** Files that are looked at between two moments for others. */
const slice = 1000;

/** Products of a build inside the tree, which a build elsewhere must not see; only asked where git can't say. */
const products =
  /^(vmlinux(\.\w+)?|Module\.symvers|System\.map|include\/(config|generated)|arch\/[^/]+\/include\/generated)$|(^|\/)(\.git|\.config(\.old)?|\.version|modules\.order|\.tmp_[^/]*|\.[^/]+\.(cmd|d)|[^/]+\.(o|ko|a|mod|mod\.c))$/;

/** Reads what a tree consists of; a failure where a folder of it can't be read. Rejects with what the signal aborts with. */
export async function readTreeState(
  root: string,
  files: Readonly<Record<string, string | null>>,
  signal?: AbortSignal,
): Promise<Result<TreeContents, ExecutionFailure>> {
  const stamps = new Map<string, string>();
  const hash = createHash('sha256');
  let count = 0;
  const paths = (await listed(root)) ?? walked(root);
  if (!paths.ok) return paths;
  for (const path of paths.value) {
    if (++count % slice === 0) {
      await setImmediate();
      signal?.throwIfAborted();
    }
    const stat = fs.lstatSync(join(root, path), { throwIfNoEntry: false });
    // Listed by git but removed, or a repository within this one.
    if (!stat || stat.isDirectory()) continue;
    const stamp = `${stat.size} ${stat.mtimeMs} ${stat.ino}`;
    stamps.set(path, stamp);
    hash.update(`${path}\0${stamp}\0`);
  }
  for (const [path, text] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(`${path}\0${text ?? '\0'}\0`);
  return ok({ root, stamps, files, key: hash.digest('hex').slice(0, 24) });
}

/** The files of a git repository that are not ignored, or undefined where it is none. */
async function listed(root: string): Promise<Success<readonly string[]> | undefined> {
  if (!fs.existsSync(join(root, '.git'))) return undefined;
  const paths: string[] = [];
  const list = ['-C', root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const { code } = await runProcess('git', list, { onLine: (line) => paths.push(...line.split('\0').filter((path) => path !== '')) });
  return code === 0 ? ok(paths) : undefined;
}

/** All files below the root but products of a build. */
function walked(root: string): Result<readonly string[], ExecutionFailure> {
  const paths: string[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    let entries: fs.Dirent[];
    try {
      entries = fs.readdirSync(join(root, folder), { withFileTypes: true });
    } catch (error) {
      return notExecutable(`${join(root, folder)} can't be read: ${(error as Error).message}`);
    }
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (products.test(path)) continue;
      (entry.isDirectory() ? folders : paths).push(path);
    }
  }
  return ok(paths);
}

/** Stamps of what is about to change, written down before it does: put there for the first time, or anything. */
const marks = { first: 'first', changing: 'changing' } as const;

/**
 * Makes the folder `target` hold exactly that tree. A file whose content changed gets a new time of change, so that make
 * builds it again also where an older text comes back. What an interrupted call left is put right by the next.
 * `manifest` is a file beside `target` that says what it holds. Fails where a text of the state lies below a symbolic link;
 * rejects with what the signal aborts with.
 */
export async function bringInStep(
  state: TreeContents,
  target: string,
  manifest: string,
  signal?: AbortSignal,
): Promise<Result<null, ExecutionFailure>> {
  const known = readManifest(manifest);
  if (known === undefined) fs.rmSync(target, { recursive: true, force: true });
  fs.mkdirSync(target, { recursive: true });
  const before = known ?? new Map<string, string>();
  const after = wantedStamps(state);
  const gone = [...before.keys()].filter((path) => !after.has(path));
  const changed = [...after.keys()].filter((path) => before.get(path) !== after.get(path));
  // Nothing was built from what never was there whole, so it may be older than what was built.
  const first = (path: string): boolean => before.get(path) === marks.first || known === undefined;
  const meanwhile = new Map(before);
  for (const path of gone) meanwhile.set(path, marks.changing);
  for (const path of changed) meanwhile.set(path, first(path) ? marks.first : marks.changing);
  if (changed.length + gone.length > 0) writeManifest(manifest, meanwhile);
  const folders = new Folders(target);
  let count = 0;
  const breathe = async (): Promise<void> => {
    if (++count % slice !== 0) return;
    await setImmediate();
    signal?.throwIfAborted();
  };
  for (const path of gone) {
    await breathe();
    folders.remove(path);
  }
  for (const path of changed) {
    await breathe();
    const made = folders.make(path);
    if (!made.ok) return made;
    const text = state.files[path];
    const from = join(state.root, path);
    if (text !== undefined && text !== null) write(from, join(target, path), text);
    else place(from, join(target, path), first(path));
  }
  if (changed.length + gone.length > 0 || known === undefined) writeManifest(manifest, after);
  return ok(null);
}

/** By path, what the target has to hold. */
function wantedStamps({ stamps, files }: TreeContents): ReadonlyMap<string, string> {
  const wanted = new Map(stamps);
  for (const [path, text] of Object.entries(files)) {
    if (text === null) wanted.delete(path);
    else wanted.set(path, `text ${createHash('sha256').update(text).digest('hex')}`);
  }
  return wanted;
}

function readManifest(path: string): Map<string, string> | undefined {
  if (!fs.existsSync(path)) return undefined;
  const entries = fs.readFileSync(path, 'utf8').split('\n');
  return new Map(entries.filter((line) => line !== '').map((line) => line.split('\0') as [string, string]));
}

/** There at once or not at all. */
function writeManifest(path: string, entries: ReadonlyMap<string, string>): void {
  fs.writeFileSync(`${path}.new`, [...entries].map(([name, stamp]) => `${name}\0${stamp}`).join('\n'));
  fs.renameSync(`${path}.new`, path);
}

/** Puts the file there: a link to it the first time, a copy that is new to make where something may have been built of another. */
function place(from: string, to: string, first: boolean): void {
  const there = fs.lstatSync(to, { throwIfNoEntry: false });
  const stat = fs.lstatSync(from, { throwIfNoEntry: false });
  // Removed since the tree was looked at: make will miss it, if anyone does.
  if (!stat) return fs.rmSync(to, { force: true });
  if (stat.isSymbolicLink()) {
    if (there) fs.rmSync(to);
    fs.symlinkSync(fs.readlinkSync(from), to);
    return;
  }
  if (!first) return copy(from, to, stat);
  if (there?.ino === stat.ino && there.dev === stat.dev) return;
  fs.rmSync(to, { force: true });
  try {
    fs.linkSync(from, to);
  } catch {
    // Another file system, or one without links.
    fs.copyFileSync(from, to, fs.constants.COPYFILE_FICLONE);
    fs.utimesSync(to, stat.atime, stat.mtime);
  }
}

function copy(from: string, to: string, { mode }: fs.Stats): void {
  const content = fs.readFileSync(from);
  const there = fs.lstatSync(to, { throwIfNoEntry: false });
  // A link shows what the file says now, which tells nothing about what was built.
  if (there?.isFile() === true && there.nlink === 1 && there.mode === mode && fs.readFileSync(to).equals(content)) return;
  replace(to, content, mode);
}

function write(from: string, to: string, text: string): void {
  const there = fs.lstatSync(to, { throwIfNoEntry: false });
  // The same text may be a link to a file that changes later.
  if (there?.isFile() === true && there.nlink === 1 && fs.readFileSync(to, 'utf8') === text) return;
  const original = fs.lstatSync(from, { throwIfNoEntry: false });
  replace(to, text, original?.isFile() === true ? original.mode : 0o644);
}

/** Never writes through what is there, and leaves it or the new content, whole. */
function replace(to: string, content: string | Uint8Array, mode: number): void {
  const partial = `${to}.partial`;
  fs.rmSync(partial, { force: true });
  fs.writeFileSync(partial, content);
  fs.chmodSync(partial, mode & 0o777);
  fs.renameSync(partial, to);
}

/** Folders of the target; nothing is done through a symbolic link, which may lead out of it. */
class Folders {
  private readonly made = new Set(['.']);

  constructor(private readonly target: string) {}

  /** Makes the folder that the path is in. */
  make(path: string): Result<null, ExecutionFailure> {
    const folder = dirname(path);
    if (this.made.has(folder)) return ok(null);
    const above = this.make(folder);
    if (!above.ok) return above;
    const at = join(this.target, folder);
    const there = fs.lstatSync(at, { throwIfNoEntry: false });
    if (there && !there.isDirectory()) return notExecutable(`${path} can't be put into the copy of the tree: ${folder} is no folder`);
    if (!there) fs.mkdirSync(at);
    this.made.add(folder);
    return ok(null);
  }

  /** Removes a file, and the folders that it leaves empty. */
  remove(path: string): void {
    const parts = path.split('/');
    const isFolder = (length: number): boolean =>
      fs.lstatSync(join(this.target, ...parts.slice(0, length)), { throwIfNoEntry: false })?.isDirectory() === true;
    for (let length = 1; length < parts.length; length++) if (!isFolder(length)) return;
    // Files below it are removed by themselves.
    if (isFolder(parts.length)) return;
    fs.rmSync(join(this.target, path), { force: true });
    for (let length = parts.length - 1; length > 0; length--) {
      const folder = join(this.target, ...parts.slice(0, length));
      if (fs.readdirSync(folder).length > 0) return;
      fs.rmdirSync(folder);
    }
  }
}
