// A copy of the user's tree to build in, which nothing is ever written through: hard links where the file system has them, and
// copies of what is patched or edited.
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { run } from './processes.js';
import { ExecutionFailure } from './request.js';

/** What a tree consists of at a moment. */
export interface TreeState {
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

/** Reads what a tree consists of. Throws an ExecutionFailure where it can't be read. */
export async function readTreeState(
  root: string,
  files: Readonly<Record<string, string | null>>,
  signal?: AbortSignal,
): Promise<TreeState> {
  const stamps = new Map<string, string>();
  const hash = createHash('sha256');
  let count = 0;
  for (const path of (await listed(root)) ?? walked(root)) {
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
  return { root, stamps, files, key: hash.digest('hex').slice(0, 24) };
}

/** The files of a git repository that are not ignored, or undefined where it is none. */
async function listed(root: string): Promise<readonly string[] | undefined> {
  if (!fs.existsSync(join(root, '.git'))) return undefined;
  const paths: string[] = [];
  const list = ['-C', root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const { code } = await run('git', list, { onLine: (line) => paths.push(...line.split('\0').filter((path) => path !== '')) });
  return code === 0 ? paths : undefined;
}

function* walked(root: string, folder = ''): Generator<string> {
  let entries: fs.Dirent[];
  try {
    entries = fs.readdirSync(join(root, folder), { withFileTypes: true });
  } catch (error) {
    throw new ExecutionFailure(`${join(root, folder)} can't be read: ${(error as Error).message}`);
  }
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (products.test(path)) continue;
    if (entry.isDirectory()) yield* walked(root, path);
    else yield path;
  }
}

/**
 * Makes the folder `target` hold exactly that tree. A file whose content changed gets a new time of change, so that make
 * builds it again also where an older text comes back. What an interrupted call left is put right by the next.
 * `manifest` is a file beside `target` that says what it holds.
 */
export async function bringInStep(state: TreeState, target: string, manifest: string, signal?: AbortSignal): Promise<void> {
  const before = readManifest(manifest);
  // Until it is written anew at the end, the folder is in no known state.
  fs.rmSync(manifest, { force: true });
  if (before === undefined) fs.rmSync(target, { recursive: true, force: true });
  fs.mkdirSync(target, { recursive: true });
  const after = new Map<string, string>();
  let count = 0;
  const made = new Set<string>();
  const breathe = async (): Promise<void> => {
    if (++count % slice !== 0) return;
    await setImmediate();
    signal?.throwIfAborted();
  };
  for (const [path, stamp] of state.stamps) {
    await breathe();
    if (Object.hasOwn(state.files, path)) continue;
    after.set(path, stamp);
    if (before?.get(path) === stamp) continue;
    place(join(state.root, path), join(target, path), made);
  }
  for (const [path, text] of Object.entries(state.files)) {
    if (text === null) continue;
    const stamp = `text ${createHash('sha256').update(text).digest('hex')}`;
    after.set(path, stamp);
    if (before?.get(path) !== stamp) write(join(target, path), text, made);
  }
  for (const path of before?.keys() ?? []) {
    await breathe();
    if (!after.has(path)) fs.rmSync(join(target, path), { force: true });
  }
  fs.writeFileSync(manifest, [...after].map(([path, stamp]) => `${path}\0${stamp}`).join('\n'));
}

function readManifest(path: string): Map<string, string> | undefined {
  if (!fs.existsSync(path)) return undefined;
  const entries = fs.readFileSync(path, 'utf8').split('\n');
  return new Map(entries.filter((line) => line !== '').map((line) => line.split('\0') as [string, string]));
}

/** Puts the file there: a link to it the first time, a copy that is new to make where something else was there. */
function place(from: string, to: string, made: Set<string>): void {
  const there = fs.lstatSync(to, { throwIfNoEntry: false });
  const from0 = fs.lstatSync(from);
  if (from0.isSymbolicLink()) {
    if (there) fs.rmSync(to);
    else folderOf(to, made);
    fs.symlinkSync(fs.readlinkSync(from), to);
    return;
  }
  if (there === undefined) {
    folderOf(to, made);
    try {
      fs.linkSync(from, to);
    } catch {
      // Another file system, or one without links.
      fs.copyFileSync(from, to, fs.constants.COPYFILE_FICLONE);
      fs.utimesSync(to, from0.atime, from0.mtime);
    }
    return;
  }
  // Changed in place through the link that it is: its time is new already.
  if (there.ino === from0.ino && there.dev === from0.dev) return;
  const content = fs.readFileSync(from);
  if (there.size === content.length && fs.readFileSync(to).equals(content)) return;
  fs.rmSync(to);
  fs.writeFileSync(to, content, { mode: from0.mode });
}

function write(to: string, text: string, made: Set<string>): void {
  const there = fs.lstatSync(to, { throwIfNoEntry: false });
  if (there?.isFile() === true && fs.readFileSync(to, 'utf8') === text) {
    // The same text may be a link to a file that changes later.
    if (there.nlink === 1) return;
  }
  // Never through the link.
  fs.rmSync(to, { force: true });
  folderOf(to, made);
  fs.writeFileSync(to, text);
}

function folderOf(path: string, made: Set<string>): void {
  const folder = dirname(path);
  if (made.has(folder)) return;
  fs.mkdirSync(folder, { recursive: true });
  made.add(folder);
}
