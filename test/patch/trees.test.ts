// Trees on disk and over other trees: only what is inside, whatever lies there.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diskTree, type DiskTree } from '../../extension/patch/disk-tree.js';
import { overlayTree } from '../../extension/patch/overlay-tree.js';
import { memoryTree } from '../support/memory-tree.js';
import { valueOf } from '../support/result.js';

let outer: string;
let root: string;

beforeEach(() => {
  outer = mkdtempSync(join(tmpdir(), 'disk-tree-'));
  root = join(outer, 'linux');
  mkdirSync(join(root, 'fs/fuse'), { recursive: true });
  writeFileSync(join(root, 'fs/fuse/dev.c'), 'int dev;\n');
  writeFileSync(join(outer, 'secret'), 'secret\n');
});

afterEach(() => {
  rmSync(outer, { recursive: true });
});

function open(): DiskTree {
  return valueOf(diskTree(root));
}

describe('a tree on disk', () => {
  test('reads files and lists folders, folders with a slash', () => {
    const tree = open();
    expect(tree.label).toBe('linux');
    expect(tree.read('fs/fuse/dev.c')).toBe('int dev;\n');
    expect([tree.list(''), tree.list('fs'), tree.list('fs/fuse/')]).toEqual([['fs/'], ['fuse/'], ['dev.c']]);
    expect(tree.problems()).toEqual([]);
  });

  test('that is not there, or is a file, is a problem', () => {
    expect(diskTree(join(outer, 'nothing'))).toMatchObject({
      failure: { severity: 'error', message: 'cannot be opened (ENOENT); name the root of a kernel tree' },
    });
    expect(diskTree(join(outer, 'secret'))).toMatchObject({ failure: { message: 'is not a folder; name the root of a kernel tree' } });
  });

  test.each(['../secret', 'fs/../../secret', '/etc/passwd', 'fs/fuse/\0dev.c'])('refuses %j', (path) => {
    const tree = open();
    expect(tree.read(path)).toBeUndefined();
    expect(tree.list(path)).toEqual([]);
    expect(tree.problems()).toEqual([{ where: path, severity: 'error', message: `is outside the tree ${tree.root}; not read` }]);
  });

  test('refuses a symbolic link that leads out, of a file or of a folder', () => {
    symlinkSync(join(outer, 'secret'), join(root, 'leak.c'));
    symlinkSync(outer, join(root, 'up'));
    const tree = open();
    expect([tree.read('leak.c'), tree.read('up/secret')]).toEqual([undefined, undefined]);
    expect(tree.list('')).toEqual(['fs/', 'leak.c']);
    expect(tree.list('up')).toEqual([]);
    expect(tree.problems().map(({ where }) => where)).toEqual(['leak.c', 'up', 'up/secret']);
  });

  test('follows a symbolic link inside, and lists it where it is a file', () => {
    symlinkSync('fuse/dev.c', join(root, 'fs/alias.c'));
    symlinkSync('fuse', join(root, 'fs/again'));
    const tree = open();
    expect([tree.read('fs/alias.c'), tree.read('fs/again/dev.c')]).toEqual(['int dev;\n', 'int dev;\n']);
    expect(tree.list('fs')).toEqual(['alias.c', 'fuse/']);
  });

  test('survives links in a circle, and walking it ends', () => {
    symlinkSync('self.c', join(root, 'self.c'));
    symlinkSync('..', join(root, 'fs/parent'));
    const tree = open();
    expect(tree.read('self.c')).toBeUndefined();
    expect(tree.problems()).toEqual([
      { where: 'self.c', severity: 'error', message: 'is a symbolic link that leads back to itself; not read' },
    ]);
    expect([tree.list(''), tree.list('fs')]).toEqual([['fs/', 'self.c'], ['fuse/']]);
  });

  test('answers nothing for a file that vanished, a folder, or a file taken for a folder', () => {
    const tree = open();
    expect(tree.read('fs/fuse/dev.c')).toBeDefined();
    rmSync(join(root, 'fs/fuse/dev.c'));
    expect([tree.read('fs/fuse/dev.c'), tree.read('fs'), tree.read('fs/fuse/dev.c/x')]).toEqual([undefined, undefined, undefined]);
    expect(tree.problems()).toEqual([]);
  });

  test('reads lines that are not UTF-8 as Latin-1, the others as UTF-8, and says where', () => {
    writeFileSync(join(root, 'old.c'), Buffer.concat([Buffer.from('/* Grüße */\n'), Buffer.from('/* M\xfcller */\n', 'latin1')]));
    const tree = open();
    for (let time = 0; time < 2; time++) expect(tree.read('old.c')).toBe('/* Grüße */\n/* Müller */\n');
    expect(tree.problems()).toEqual([
      { where: 'old.c', line: 2, severity: 'warning', message: 'is not valid UTF-8; such lines are read as Latin-1' },
    ]);
  });

  test('keeps CRLF and a byte-order mark as they are', () => {
    writeFileSync(join(root, 'win.c'), '\uFEFFint a;\r\nint b;\r\n');
    expect(open().read('win.c')).toBe('\uFEFFint a;\r\nint b;\r\n');
  });

  test('does not read a file over 20 MB, and says so', () => {
    writeFileSync(join(root, 'big.c'), '');
    truncateSync(join(root, 'big.c'), 20 * 1024 * 1024 + 1);
    const tree = open();
    expect(tree.read('big.c')).toBeUndefined();
    expect(tree.problems()).toEqual([{ where: 'big.c', severity: 'error', message: 'has 21 MB; files over 20 MB are not read' }]);
  });

  test('says which file could not be read, and why', () => {
    const path = `fs/fuse/${'x'.repeat(300)}.c`;
    const tree = open();
    expect(tree.read(path)).toBeUndefined();
    expect(tree.problems()).toEqual([{ where: path, severity: 'error', message: 'cannot be read (ENAMETOOLONG)' }]);
    // Root may read whatever its mode says.
    if (process.getuid?.() === 0) return;
    chmodSync(join(root, 'fs/fuse/dev.c'), 0);
    expect(tree.read('fs/fuse/dev.c')).toBeUndefined();
    expect(tree.problems()[0]?.message).toBe('cannot be read (EACCES)');
  });

  test('reads a file again when its size or time changed', () => {
    const tree = open();
    const path = join(root, 'fs/fuse/dev.c');
    const time = new Date(1_700_000_000_000);
    utimesSync(path, time, time);
    tree.read('fs/fuse/dev.c');
    writeFileSync(path, 'int ved;\n');
    utimesSync(path, time, time);
    expect(tree.read('fs/fuse/dev.c')).toBe('int dev;\n');
    writeFileSync(path, 'int longer;\n');
    expect(tree.read('fs/fuse/dev.c')).toBe('int longer;\n');
  });
});

describe('a tree over another', () => {
  const base = memoryTree({ 'fs/fuse/dev.c': 'dev\n', 'fs/fuse/dir.c': 'dir\n', 'fs/ext4/inode.c': 'inode\n' });

  test('shows what is replaced, added and deleted', () => {
    const tree = overlayTree(
      base,
      new Map([
        ['fs/fuse/dev.c', 'new\n'],
        ['fs/fuse/backing.c', 'b\n'],
        ['fs/fuse/dir.c', null],
        ['io/x/y.c', 'y\n'],
      ]),
      'after',
    );
    expect(tree.label).toBe('after');
    expect([tree.read('fs/fuse/dev.c'), tree.read('fs/fuse/dir.c'), tree.read('fs/fuse/backing.c')]).toEqual(['new\n', undefined, 'b\n']);
    expect(tree.list('fs/fuse')).toEqual(['backing.c', 'dev.c']);
    expect([tree.list(''), tree.list('io'), tree.list('io/x')]).toEqual([['fs/', 'io/'], ['x/'], ['y.c']]);
    expect(base.read('fs/fuse/dir.c')).toBe('dir\n');
  });

  test('hides a folder whose last file is deleted', () => {
    expect(overlayTree(base, new Map([['fs/ext4/inode.c', null]]), 'after').list('fs')).toEqual(['fuse/']);
  });

  test('holds nothing outside its root', () => {
    const tree = overlayTree(base, new Map([['../x', 'x']]), 'after');
    expect([tree.read('../x'), tree.list('..')]).toEqual([undefined, []]);
  });

  test('keeps an empty file', () => {
    expect(overlayTree(base, new Map([['empty.c', '']]), 'after').read('empty.c')).toBe('');
  });
});
