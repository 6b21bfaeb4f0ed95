// A finding is known by its facts: other words for them leave its id as it is.
import { kernelLoader } from '../../extension/kernel/loader.js';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Identities } from '../../extension/checker/identity.js';
import type { Finding } from '../../extension/model/finding.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { helpers } from '../support/check.js';
import { memoryTree } from '../support/memory-tree.js';
import { createParser } from '../support/parser.js';

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => {
  parser.dispose();
  vi.doUnmock('../../extension/checker/rules/display-names.js');
});

const text = `${helpers}
int lose(int fd)
{
	struct file *file = fget(fd);

	if (!file)
		return -EBADF;
	return 0;
}

int lose_one_way(int fd, int bad)
{
	struct file *file = fget(fd);

	if (!file)
		return -EBADF;
	if (bad)
		goto out;
	fput(file);
	return 0;
out:
	return -EINVAL;
}
`;

async function findings(): Promise<readonly Finding[]> {
  const { Checker } = await import('../../extension/checker/check.js');
  const program = kernelLoader(parser).load(memoryTree({ 'fs/fuse/test.c': text }), { folder: 'fs/fuse', config: new Map() });
  return new Checker().check(program).findings;
}

test('ids stay where the rules say the same in other words', async () => {
  const before = await findings();
  vi.resetModules();
  vi.doMock('../../extension/checker/rules/display-names.js', () => ({
    resourceName: () => 'thing that counts',
    errnoName: () => 'a number',
  }));
  const after = await findings();
  expect(before.length).toBeGreaterThan(1);
  expect(after.map(({ message }) => message)).not.toEqual(before.map(({ message }) => message));
  expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
});

test('facts are compared by their names, in any order; the second finding of the same is another', () => {
  const ids = new Identities();
  const first = ids.next('leak', 'f', { resource: 'file', from: 'fget()' });
  expect(new Identities().next('leak', 'f', { from: 'fget()', resource: 'file' })).toBe(first);
  expect(ids.next('leak', 'f', { from: 'fget()', resource: 'file' })).toBe(`${first}-2`);
  expect(ids.next('leak', 'f', { from: 'file', resource: 'fget()' })).not.toContain(first);
  expect(ids.next('leak', 'g', { resource: 'file', from: 'fget()' })).not.toContain(first);
});
