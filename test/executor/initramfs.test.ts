// The archive that a kernel unpacks first, read back by cpio's own rules.
import { expect, test } from 'vitest';
import { initramfs } from '../../extension/executor/initramfs.js';

interface Entry {
  readonly path: string;
  readonly mode: number;
  readonly links: number;
  readonly device: string;
  readonly content: string;
}

/** Reads a `newc` archive as buffer-format.rst defines it. */
function entriesOf(archive: Buffer): Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at < archive.length;) {
    const header = archive.subarray(at, at + 110).toString('latin1');
    expect(header.slice(0, 6)).toBe('070701');
    const field = (index: number): number => parseInt(header.slice(6 + 8 * index, 14 + 8 * index), 16);
    const [size, nameSize] = [field(6), field(11)];
    const path = archive.subarray(at + 110, at + 110 + nameSize - 1).toString();
    expect(archive[at + 110 + nameSize - 1]).toBe(0);
    const data = (at + 110 + nameSize + 3) & ~3;
    const content = archive.subarray(data, data + size).toString();
    entries.push({ path, mode: field(1), links: field(4), device: `${field(9)}:${field(10)}`, content });
    at = (data + size + 3) & ~3;
  }
  return entries;
}

test('holds folders, files and devices, and an end', () => {
  const archive = initramfs([
    { path: 'dev', content: 'folder' },
    { path: 'dev/console', content: { major: 5, minor: 1 } },
    { path: 'init', content: Buffer.from('a program') },
    { path: 'empty', content: new Uint8Array() },
  ]);
  expect(archive.length % 4).toBe(0);
  expect(entriesOf(archive)).toEqual([
    { path: 'dev', mode: 0o040755, links: 1, device: '0:0', content: '' },
    { path: 'dev/console', mode: 0o020600, links: 1, device: '5:1', content: '' },
    { path: 'init', mode: 0o100755, links: 1, device: '0:0', content: 'a program' },
    { path: 'empty', mode: 0o100755, links: 1, device: '0:0', content: '' },
    { path: 'TRAILER!!!', mode: 0, links: 1, device: '0:0', content: '' },
  ]);
});

test('has the same bytes for the same entries', () => {
  const make = (): Buffer => initramfs([{ path: 'init', content: Buffer.from('x') }]);
  expect(make().equals(make())).toBe(true);
});
