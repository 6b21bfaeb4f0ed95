// Labels that head a loop are no rungs of a ladder, and one leak is told once, wherever the path went before.
import { kernelLoader } from '../../extension/kernel/loader.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeLadder } from '../../extension/checker/ladder.js';
import type { Ladder } from '../../extension/model/ladder.js';
import { formatLadder } from '../../extension/review/report/text/ladder-text.js';
import { plainPaint } from '../../extension/review/report/text/terminal.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { checkSource } from '../support/check.js';
import { fuse } from '../support/fuse.js';
import { memoryTree } from '../support/memory-tree.js';
import { createParser } from '../support/parser.js';

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => parser.dispose());

const types = 'struct holder { int strict; int busy; };\n';

/** `line: rule: message` of each finding. */
function findings(text: string): string[] {
  return checkSource(parser, types + text).findings.map(({ line, rule, message }) => `${line}: ${rule}: ${message}`);
}

function ladderOf(text: string): Ladder {
  const tree = memoryTree({ 'fs/fuse/test.c': types + text });
  const program = kernelLoader(parser).load(tree, { folder: 'fs/fuse', headers: fuse.headers, config: new Map() });
  return describeLadder(program, program.functions.at(-1)!);
}

const lost = 'the file reference from fget() is not released on this path';

const again = `int f(struct holder *h, int fd)
{
	struct file *file;
retry:
	file = fget(fd);
	if (!file)
		return -EBADF;
	if (h->busy) {
		fput(file);
		goto retry;
	}
	if (h->strict)
		return -EINVAL;
	fput(file);
	return 0;
}
`;

describe('the head of a loop', () => {
  test('is no label that other ways out go through', () => {
    expect(findings(again)).toEqual([`14: leak: ${lost}`]);
  });

  test('releases nothing in the view, and the returns after it are shown', () => {
    const ladder = ladderOf(again);
    expect(ladder.labels).toMatchObject([{ name: 'retry', loop: true, releases: [], fallsInto: null, returns: null }]);
    expect(ladder.returns.map(({ text, held }) => [text, held])).toEqual([
      ['return -EBADF;', []],
      ['return -EINVAL;', ['fget()']],
      ['return 0;', []],
    ]);
    expect(formatLadder(ladder, plainPaint)).toMatch(/^ +5 {2}retry: {2}head of a loop$/m);
  });

  test('is told apart from the labels of the ladder beside it', () => {
    const both = again
      .replace('\t\treturn -EINVAL;', '\t\tgoto out;')
      .replace('\tfput(file);\n\treturn 0;', '\th->busy = 1;\nout:\n\tfput(file);\n\treturn 0;');
    expect(findings(both)).toEqual([]);
    const { labels, gotos } = ladderOf(both);
    expect(labels.map(({ name, loop, releases, returns }) => [name, loop, releases.map(({ text }) => text), returns])).toEqual([
      ['retry', true, [], null],
      ['out', undefined, ['fput(file)'], '0'],
    ]);
    expect(gotos.map(({ label, held }) => [label, held])).toEqual([
      ['retry', []],
      ['out', ['file']],
    ]);
    // A jump past the rung is one to the wrong label all the same.
    const past = both.replace('goto out;', 'goto end;').replace('\treturn 0;', 'end:\n\treturn 0;');
    expect(findings(past)).toEqual([`14: ladder-label: goto end skips the release under 'out': the file reference from fget() is lost`]);
  });

  test('loses what is acquired anew behind it, at the jump back', () => {
    const loses = again.replace('{\n\t\tfput(file);\n\t\tgoto retry;\n\t}', '\n\t\tgoto retry;').replace(/\tif \(h->strict\)\n.*\n/, '');
    expect(findings(loses)).toEqual([`10: leak: ${lost}`]);
  });

  test('is nothing to what was acquired before it', () => {
    expect(
      findings(`int f(struct holder *h, int fd)
{
	struct file *file = fget(fd);
	if (!file)
		return -EBADF;
again:
	if (h->busy)
		goto again;
	if (h->strict)
		return -EINVAL;
	fput(file);
	return 0;
}
`),
    ).toEqual([`11: leak: ${lost}`]);
  });
});

describe('one return', () => {
  test('tells a leak once, whatever jumps the path made before it acquired', () => {
    expect(
      findings(`int f(struct holder *h, int fd)
{
	struct file *file;
	int i;

	for (i = 0; i < 3; i++) {
next:
		file = fget(fd);
		if (!file)
			continue;
		if (h->busy) {
			fput(file);
			goto next;
		}
		if (h->strict)
			return -EINVAL;
		fput(file);
	}
	return 0;
}
`),
    ).toEqual([`17: leak: ${lost}`]);
  });

  test('tells several that are lost there by the calls as they are written', () => {
    const several = `int f(int a, int b)
{
	struct file *one = fget(a), *two = fget(b);

	if (!one || !two)
		return -EBADF;
	fput(one);
	fput(two);
	return 0;
}
`;
    expect(findings(several)).toEqual([
      '7: leak: the file reference from fget(b) is not released on this path',
      '7: leak: the file reference from fget(a) is not released on this path',
    ]);
    // Ids are of what a finding is about, not of how it is told apart.
    expect(checkSource(parser, several).findings[0]?.id).toBe(checkSource(parser, again).findings[0]?.id);
  });

  test('tells those that read alike once', () => {
    expect(
      findings(`int f(int a, int b)
{
	struct file *file;

	if (a == 1)
		file = fget(b);
	else if (a == 2)
		file = fget(b);
	else
		file = fget(b);
	if (!file)
		return -EBADF;
	return 0;
}
`),
    ).toEqual(['14: leak: the file reference from fget(b) is not released on this path']);
  });
});
