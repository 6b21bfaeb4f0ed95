// The copy that kernels are built in: it holds what the tree holds, make notices every change, and the tree is never touched.
import { failureOf, valueOf } from '../support/result.js';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bringInStep, readTreeState, type TreeContents } from '../../extension/executor/private-tree.js';

/** Longer than a time stamp of a file may be behind. */
const tick = 12;

let folder: string;
let user: string;
let target: string;
let manifest: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'private-tree-'));
  user = join(folder, 'user');
  target = join(folder, 'home/source');
  manifest = join(folder, 'home/manifest');
  fs.mkdirSync(user);
  fs.mkdirSync(dirname(manifest));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Seconds; no two changes of the user have the same. */
let years = 1e9;

/** As old as a tree that was unpacked years ago. */
function put(path: string, text: string): void {
  const at = join(user, path);
  fs.mkdirSync(dirname(at), { recursive: true });
  fs.rmSync(at, { force: true });
  fs.writeFileSync(at, text);
  fs.utimesSync(at, ++years, years);
}

async function read(files: TreeContents['files'] = {}): Promise<TreeContents> {
  return valueOf(await readTreeState(user, files));
}

async function sync(files: TreeContents['files'] = {}): Promise<TreeContents> {
  const state = await read(files);
  valueOf(await bringInStep(state, target, manifest));
  return state;
}

/** By path: a text, or where a symbolic link leads. */
function contents(root: string, at = ''): Record<string, string> {
  const entries = fs.readdirSync(join(root, at), { withFileTypes: true });
  return Object.assign(
    {},
    ...entries.map((entry): Record<string, string> => {
      const path = join(at, entry.name);
      if (entry.isDirectory()) return contents(root, path);
      return { [path]: entry.isSymbolicLink() ? `-> ${fs.readlinkSync(join(root, path))}` : fs.readFileSync(join(root, path), 'utf8') };
    }),
  ) as Record<string, string>;
}

/** What must not change about the user's tree, but that links to its files come and go. */
function fingerprint(root: string, at = ''): string[] {
  return fs.readdirSync(join(root, at), { withFileTypes: true }).flatMap((entry) => {
    const path = join(at, entry.name);
    const { mtimeMs, mode, ino, size } = fs.lstatSync(join(root, path));
    if (entry.isDirectory()) return [`${path} ${mtimeMs} ${mode} ${ino}`, ...fingerprint(root, path)];
    const text = entry.isSymbolicLink() ? fs.readlinkSync(join(root, path)) : fs.readFileSync(join(root, path), 'utf8');
    return [`${path} ${mtimeMs} ${mode} ${ino} ${size} ${text}`];
  });
}

const modified = (path: string): number => fs.statSync(join(target, path)).mtimeMs;

describe('a private tree', () => {
  test('is made of links to the files of the user, which take no space', async () => {
    put('fs/fuse/dev.c', 'dev');
    await sync();
    const [mine, theirs] = [join(target, 'fs/fuse/dev.c'), join(user, 'fs/fuse/dev.c')].map((path) => fs.statSync(path));
    expect(mine?.ino).toBe(theirs?.ino);
  });

  test('writes texts that go before those on disk beside the links, never through them', async () => {
    put('a.c', 'theirs');
    fs.chmodSync(join(user, 'a.c'), 0o755);
    await sync();
    const before = fingerprint(user);
    await sync({ 'a.c': 'patched', 'new/b.c': 'new' });
    expect(contents(target)).toEqual({ 'a.c': 'patched', 'new/b.c': 'new' });
    expect(fs.statSync(join(target, 'a.c')).mode & 0o777).toBe(0o755);
    expect(fingerprint(user)).toEqual(before);
  });

  test('gives a file that goes back to its old text a new time of change, so that make builds it again', async () => {
    put('a.c', 'theirs');
    await sync({ 'a.c': 'patched' });
    const built = Date.now();
    await setTimeout(tick);
    await sync();
    expect(contents(target)).toEqual({ 'a.c': 'theirs' });
    expect(modified('a.c')).toBeGreaterThan(built);
  });

  test('gives a file that was away a new time of change: what was built of another text may still be there', async () => {
    put('a.c', 'theirs');
    await sync({ 'a.c': 'patched' });
    await sync({ 'a.c': null });
    expect(contents(target)).toEqual({});
    const built = Date.now();
    await setTimeout(tick);
    await sync();
    expect(modified('a.c')).toBeGreaterThan(built);
  });

  test('leaves what did not change as it was, to the time of change', async () => {
    put('a.c', 'theirs');
    await sync({ 'b.c': 'patched' });
    const before = [modified('a.c'), modified('b.c')];
    await setTimeout(tick);
    put('c.c', 'other');
    await sync({ 'b.c': 'patched' });
    expect([modified('a.c'), modified('b.c')]).toEqual(before);
  });

  test('removes what is gone, with folders that it leaves empty, and takes a folder for a file and back', async () => {
    put('x/y/z.c', 'deep');
    put('w', 'a file');
    await sync();
    fs.rmSync(join(user, 'x'), { recursive: true });
    fs.rmSync(join(user, 'w'));
    put('x', 'a file now');
    put('w/v', 'a folder now');
    await sync();
    expect(contents(target)).toEqual({ x: 'a file now', 'w/v': 'a folder now' });
  });

  test('keeps symbolic links, and does nothing through one that leads out of it', async () => {
    put('real/a.c', 'theirs');
    fs.symlinkSync(join(user, 'real'), join(user, 'link'));
    await sync();
    expect(contents(target)).toEqual({ 'real/a.c': 'theirs', link: `-> ${join(user, 'real')}` });
    const before = fingerprint(user);
    const patched = await bringInStep(await read({ 'link/a.c': 'patched' }), target, manifest);
    expect(failureOf(patched).message).toBe("link/a.c can't be put into the copy of the tree: link is no folder");
    await sync({ 'link/a.c': null });
    await sync();
    expect(fingerprint(user)).toEqual(before);
  });

  test('is put right after a call that did not get to its end', async () => {
    for (const name of ['a.c', 'b.c', 'c.c']) put(name, `their ${name}`);
    fs.symlinkSync(user, join(user, 'link'));
    await sync();
    const state = await read({ 'a.c': 'patched a' });
    // Fails after the first.
    const entries = [...state.stamps];
    entries.splice(1, 0, ['link/x', 'new']);
    const broken = { ...state, stamps: new Map(entries) };
    expect(failureOf(await bringInStep(broken, target, manifest)).message).toContain('link is no folder');
    expect(contents(target)['a.c']).toBe('patched a');
    const built = Date.now();
    await setTimeout(tick);
    await sync();
    expect(contents(target)).toEqual(contents(user));
    expect(modified('a.c')).toBeGreaterThan(built);
  });

  test('is not begun where the signal says so', async () => {
    for (let index = 0; index < 1001; index++) put(`many/${index}`, '');
    await expect(readTreeState(user, {}, AbortSignal.abort(new Error('no more')))).rejects.toThrow('no more');
    const state = await read();
    await expect(bringInStep(state, target, manifest, AbortSignal.abort(new Error('no more')))).rejects.toThrow('no more');
    await sync();
    expect(contents(target)).toEqual(contents(user));
    expect(fs.statSync(join(target, 'many/0')).ino).toBe(fs.statSync(join(user, 'many/0')).ino);
  });

  test('leaves out what was built in the tree: by git where it is a repository, by name elsewhere', async () => {
    put('a.c', 'theirs');
    for (const product of ['a.o', '.config', 'vmlinux', '.a.o.cmd', 'include/generated/x.h', 'scripts/tool']) put(product, 'product');
    await sync();
    expect(Object.keys(contents(target)).sort()).toEqual(['a.c', 'scripts/tool']);
    put('.gitignore', '*.o\n.*.cmd\n.config\nvmlinux\ngenerated/\n/scripts/tool\n');
    execFileSync('git', ['init', '-q', user]);
    execFileSync('git', ['-C', user, 'add', '.']);
    put('untracked.c', 'new');
    await sync();
    expect(Object.keys(contents(target)).sort()).toEqual(['.gitignore', 'a.c', 'untracked.c']);
  });

  test('has the same key for the same tree, and another for another', async () => {
    put('a.c', 'theirs');
    const key = async (files: TreeContents['files'] = {}): Promise<string> => (await read(files)).key;
    const keys = [await key(), await key({ 'a.c': 'x' }), await key({ 'a.c': null }), await key({ 'b.c': 'x' })];
    expect(new Set(keys).size).toBe(4);
    expect(await key()).toBe(keys[0]);
    put('b.c', '');
    expect(keys).not.toContain(await key());
  });

  test('that can not be read is told of', async () => {
    expect(failureOf(await readTreeState(join(folder, 'nowhere'), {})).message).toMatch(/nowhere can't be read: ENOENT/);
  });
});

interface Edit {
  readonly do: 'put' | 'in place' | 'remove' | 'link' | 'folder';
  readonly path: string;
  readonly text: string;
}

const path = fc.constantFrom('a', 'b/c', 'b/d', 'e/f/g', 'h');
const text = fc.constantFrom('one', 'two', 'three');
const edit: fc.Arbitrary<Edit> = fc.record({ do: fc.constantFrom('put', 'in place', 'remove', 'link', 'folder'), path, text });
const step = fc.record({
  edits: fc.array(edit, { maxLength: 3 }),
  files: fc.dictionary(path, fc.option(text), { maxKeys: 3 }),
  /** The call fails before that entry of the tree. */
  interrupted: fc.option(fc.nat(6), { freq: 2 }),
});

function perform(each: Edit): void {
  const at = join(user, each.path);
  if (each.do === 'remove') return fs.rmSync(at, { recursive: true, force: true });
  if (each.do === 'in place') {
    if (fs.lstatSync(at, { throwIfNoEntry: false })?.isFile() !== true) return;
    fs.writeFileSync(at, each.text);
    return fs.utimesSync(at, ++years, years);
  }
  fs.rmSync(at, { recursive: true, force: true });
  if (fs.lstatSync(dirname(at), { throwIfNoEntry: false })?.isDirectory() !== true) fs.rmSync(dirname(at), { force: true });
  if (each.do === 'put') return put(each.path, each.text);
  if (each.do === 'folder') return put(`${each.path}/inside`, each.text);
  fs.mkdirSync(dirname(at), { recursive: true });
  fs.symlinkSync(join(user, 'h'), at);
}

/** Objects that make would have built, by path, each with the text that it was built of and when. */
class Objects {
  private readonly built = new Map<string, { readonly text: string; readonly at: number }>();

  make(): void {
    for (const [name, now] of Object.entries(contents(target))) {
      if (now.startsWith('-> ')) continue;
      const object = this.built.get(name);
      if (object && modified(name) <= object.at) expect(`${name}: ${object.text}`).toBe(`${name}: ${now}`);
      else this.built.set(name, { text: now, at: Date.now() });
    }
  }
}

test(
  'any edits: the copy is the tree with the texts, make builds what changed, and the tree stays as it was',
  { timeout: 60_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 6 }), async (steps) => {
        fs.rmSync(user, { recursive: true, force: true });
        fs.rmSync(dirname(manifest), { recursive: true, force: true });
        fs.mkdirSync(dirname(manifest), { recursive: true });
        put('e/kept', 'always there');
        fs.symlinkSync('kept', join(user, 'e/link'));
        const objects = new Objects();
        for (const { edits, files, interrupted } of steps) {
          for (const each of edits) perform(each);
          const before = fingerprint(user);
          const state = await read(files);
          // Texts where a folder is, or below what is no folder, are no tree.
          const all = new Set([...state.stamps.keys(), ...Object.keys(files).filter((name) => files[name] !== null)]);
          if ([...all].some((name) => [...all].some((other) => other.startsWith(`${name}/`)))) continue;
          if (interrupted !== null) {
            const entries = [...state.stamps];
            entries.splice(interrupted, 0, ['e/link/x', 'new']);
            const call = bringInStep({ ...state, stamps: new Map(entries) }, target, manifest);
            expect(await call.then(({ ok }) => ok).catch(() => false)).toBe(false);
          } else {
            valueOf(await bringInStep(state, target, manifest));
            const wanted = new Map(Object.entries(contents(user)));
            for (const [name, value] of Object.entries(files)) {
              if (value === null) wanted.delete(name);
              else wanted.set(name, value);
            }
            expect(contents(target)).toEqual(Object.fromEntries(wanted));
            objects.make();
            await setTimeout(tick);
          }
          expect(fingerprint(user)).toEqual(before);
        }
      }),
      { numRuns: 60 },
    );
  },
);
