// What people said of a series, at its lines; and what they suggest, made a patch of the tree.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MailThread, Remark } from '../../../extension/model/mail-thread.js';
import type { SourceTree } from '../../../extension/model/source.js';
import { applyPatches } from '../../../extension/patch/apply.js';
import { readSeries, type Patch, type Series } from '../../../extension/patch/series.js';
import { alignLines, saysSomething } from '../../../extension/patch/thread/align.js';
import { contentKey } from '../../../extension/patch/thread/patch-places.js';
import { attribution, quotedLines } from '../../../extension/patch/thread/quotes.js';
import { threadOf } from '../../../extension/patch/thread/read-thread.js';
import { SuggestionBase, suggestedPatch } from '../../../extension/patch/thread/suggested.js';
import { memoryTree } from '../../support/memory-tree.js';
import { seed } from '../../support/thread.js';
import { describeWithTree } from '../../support/trees.js';
import { file, mailboxOf, mails, path, type WrittenMail } from './written-thread.js';

const tree = memoryTree({ [path]: file });

async function read(text: string, base: SourceTree = tree): Promise<{ readonly series: Series; readonly thread: MailThread }> {
  const series = await readSeries([{ name: 'thread.mbox', bytes: Buffer.from(text) }]);
  return { series, thread: threadOf(series, base) };
}

function patchOf(result: ReturnType<typeof suggestedPatch>): Patch {
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

const told = ({ voice, text, place, reason }: Remark): string =>
  `${voice}: ${text.split('\n')[0] ?? ''} @ ${place === null ? `- (${reason ?? ''})` : `${place.line} ${place.side}${reason === null ? '' : ' near'}`}`;

describe('a line that says who wrote what follows', () => {
  test.each([
    ['On Thu, Aug 21, 2025 at 11:05:28AM +0200, Amir Goldstein wrote:', 'Amir Goldstein'],
    ['On Thu, Aug 21, 2025 at 2:53 AM Darrick J. Wong <djwong@kernel.org> wrote:', 'Darrick J. Wong'],
    ['On 8/21/25 11:05, Some Body wrote:', 'Some Body'],
    ['On Wed, 20 Aug 2025 17:53:00 -0700 "Wren Writer" <w@example.com> wrote:', 'Wren Writer'],
    ['* Ingo Example <mingo@example.com> wrote:', 'Ingo Example'],
    ['Wren Writer <wren@example.com> writes:', 'Wren Writer'],
  ])('%s', (line, voice) => {
    expect(attribution(line, '')).toEqual({ voice, lines: 1 });
  });

  test('may be wrapped', () => {
    expect(attribution('On Thu, Aug 21, 2025 at 2:53 AM A Very Long Name', '<name@example.com> wrote:')).toEqual({
      voice: 'A Very Long Name',
      lines: 2,
    });
  });

  test.each(['+	/* what he wrote: */', 'I agree with what you', '> quoted wrote:', ''])('is not %j', (line) => {
    expect(attribution(line, '')).toBe(null);
  });
});

test('lines are told by how deep they are quoted', () => {
  const body = 'own\n> one\n> > two\n>> two\n>>> three\n> +	tab\n>\n';
  expect(quotedLines(body).map(({ depth, text }) => `${depth}${text}`)).toEqual(['0own', '1one', '2two', '2two', '3three', '1+	tab', '1']);
});

describe('lines that are aligned', () => {
  const lines = fc.array(fc.constantFrom('alpha beta', 'gamma delta', '}', '', 'epsilon', 'zeta eta'), { maxLength: 30 });

  test('are equal, in order, and each taken once', () => {
    fc.assert(
      fc.property(lines, lines, (quoted, original) => {
        const aligned = alignLines(quoted, original);
        const places = aligned.flatMap((place, at) => (place === null ? [] : [{ place, at }]));
        for (const { place, at } of places) expect(original[place]).toBe(quoted[at]);
        for (const [nth, { place }] of places.entries()) if (nth > 0) expect(place).toBeGreaterThan(places[nth - 1]?.place ?? -1);
      }),
    );
  });

  test('are all that say something, of a text of which lines are left out', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 4 }).filter(saysSomething), { maxLength: 40 }),
        fc.func(fc.boolean()),
        (original, keeps) => {
          const quoted = original.filter((line) => keeps(line));
          expect(alignLines(quoted, original)).toEqual(quoted.map((line) => original.indexOf(line)));
        },
      ),
    );
  });
});

describe('a thread of ten mails, two versions and five voices', () => {
  test('stands in the order in which its mails answer each other, whatever order they come in', async () => {
    const order = ['v1-0', 'v1-1', 'v1-1-ada', 'v1-1-wren', 'v1-1-grace', 'v1-2', 'v1-2-pat', 'v2-0', 'v2-1', 'v1-0-tess'];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...mails], { minLength: mails.length }), async (shuffled) => {
        const dated = [...mails].map((mail) => mailboxOf(mails).split(/(?=^From mboxrd)/m)[mails.indexOf(mail)] ?? '');
        const { thread } = await read(shuffled.map((mail) => dated[mails.indexOf(mail)] ?? '').join(''));
        expect(new Set(thread.messages.map(({ id }) => id))).toEqual(new Set(order));
        const depth = new Map(thread.messages.map(({ id, depth: deep }) => [id, deep]));
        expect([depth.get('v1-0'), depth.get('v1-1'), depth.get('v1-1-ada'), depth.get('v1-1-wren')]).toEqual([0, 1, 2, 3]);
        expect(thread.messages.find(({ id }) => id === 'v1-2-pat')?.parent).toBe('v1-2');
        expect(thread.remarks.map(told)).toHaveLength(6);
      }),
      { numRuns: 5 },
    );
  });

  test('has each remark once, at the line that it answers', async () => {
    const { thread } = await read(mailboxOf(mails));
    expect(thread.messages.filter(({ isPatch }) => isPatch).map(({ id, version, patch }) => [id, version, patch])).toEqual([
      ['v1-1', 1, 1],
      ['v1-2', 1, 2],
      ['v2-1', 2, 1],
    ]);
    expect(thread.remarks.map(told).sort()).toEqual(
      [
        'Ada Reviewer: The box is lost here, is it not? @ 31 new',
        'Wren Writer: Right. I will put it. @ 31 new',
        'Grace Maintainer: Rather so: @ 31 new',
        'Grace Maintainer: and all is well. @ 31 new',
        'Pat Passer-By: Who frees it now? @ 22 old',
        'Tess Tester: Tested-by: Tess Tester <tess@example.com> @ - (no patch is here that it could answer)',
      ].sort(),
    );
  });

  test('has a suggestion, which applies to the tree with the series', async () => {
    const { series, thread } = await read(mailboxOf(mails.filter(({ id }) => id.startsWith('v1'))));
    const base = new SuggestionBase(tree, series.patches, 'fs/box');
    const patch = patchOf(suggestedPatch(thread, 1, base));
    expect(patch.problems).toEqual([]);
    const applied = applyPatches(tree, [...series.patches, patch]);
    expect(applied.at(-1)?.files.map(({ hunks, hunksApplied, problems }) => [hunks, hunksApplied, problems])).toEqual([[1, 1, []]]);
    expect(applied.at(-1)?.tree.read(path)).toContain('	if (lid < 0) {\n		box_put(box);\n		return -EINVAL;\n	}\n\n	box->count = 2;');
  });

  test('says of a number that no suggestion has how many there are', async () => {
    const { series, thread } = await read(mailboxOf(mails));
    const none = suggestedPatch(thread, 2, new SuggestionBase(tree, series.patches, 'fs/box'));
    expect(none.ok ? [] : none.failure.map(({ message }) => message)).toEqual(['is not there; there are 1, from 1']);
  });
});

describe('mails that lie', () => {
  const reply = (more: Partial<WrittenMail>): WrittenMail => ({
    id: 'r',
    from: 'R <r@example.com>',
    subject: 'Re: x',
    body: 'words\n',
    ...more,
  });

  test('answer each other in a circle, and none is lost', async () => {
    const circle = [reply({ id: 'a', answers: 'b' }), reply({ id: 'b', answers: 'c' }), reply({ id: 'c', answers: 'a' })];
    const { thread } = await read(mailboxOf(circle));
    expect(thread.messages.map(({ id }) => id).sort()).toEqual(['a', 'b', 'c']);
    expect(thread.remarks.length).toBe(3);
  });

  test('have no ids', async () => {
    const text = mailboxOf([reply({ id: 'a' }), reply({ id: 'b' })]).replace(/^Message-ID: .*\n/gm, '');
    const { thread } = await read(text);
    expect(thread.messages.length).toBe(2);
    expect(new Set(thread.messages.map(({ id }) => id)).size).toBe(2);
  });

  test('have one id twice: the same words are one mail, others are two, and that is said', async () => {
    const twice = [reply({ id: 'a', body: 'one\n' }), reply({ id: 'a', body: 'one\n' }), reply({ id: 'a', body: 'two\n' })];
    const { thread } = await read(mailboxOf(twice));
    expect(thread.remarks.map(({ text }) => text)).toEqual(['one', 'two']);
    expect(thread.messages.flatMap(({ problems }) => problems.map(({ message }) => message))).toEqual([
      'has the message id of another one: a',
    ]);
  });

  test('are HTML alone', async () => {
    const html =
      '<html><head><style>p{}</style></head><body><p>Ada wrote:</p><blockquote><p>a &lt; b &amp;&amp;<br>c</p></blockquote><p>Why&#63;</p></body></html>';
    const text = mailboxOf([reply({ body: html })]).replace(
      '\n\n<html>',
      '\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<html>',
    );
    const { thread } = await read(text);
    expect(thread.messages[0]?.body).toBe('Ada wrote:\n> a < b &&\n> c\nWhy?\n');
    expect(thread.remarks.map(({ voice, text: said }) => `${voice}: ${said}`)).toEqual(['Ada: a < b &&\nc', 'R: Why?']);
  });

  test('are text that nobody expects, and none of it is lost without a word', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.string(), fc.constantFrom('> x', '>> +y', '@@ -1,3 +1,3 @@', '+a', 'On x wrote:', 'diff --git a/a b/b'))),
        async (lines) => {
          const { thread } = await read(mailboxOf([reply({ body: `${lines.join('\n')}\n` })]));
          expect(thread.messages.length).toBeGreaterThan(0);
        },
      ),
    );
  });

  test('are many: 500 mails that quote each other', async () => {
    const many = Array.from({ length: 500 }, (_, at) =>
      reply({
        id: `m${at}`,
        ...(at === 0 ? {} : { answers: `m${at - 1}` }),
        body: `${at === 0 ? '' : `> said ${at - 1}\n\n`}said ${at}\n`,
      }),
    );
    const { thread } = await read(mailboxOf(many));
    expect(thread.messages.length).toBe(500);
    expect(thread.remarks.length).toBe(500);
  });
});

describe('a suggestion from which a mailer took blanks', () => {
  /** One to three lines taken out, changed or put in, somewhere in the file. */
  const edit = fc
    .record({ at: fc.integer({ min: 10, max: 28 }), removed: fc.integer({ min: 0, max: 2 }), added: fc.integer({ min: 0, max: 2 }) })
    .filter(({ removed, added }) => removed + added > 0);

  test('changes what it changed, blanks left aside', async () => {
    await fc.assert(
      fc.asyncProperty(edit, fc.boolean(), async ({ at, removed, added }, flattens) => {
        const lines = file.split('\n');
        const changed = [
          ...lines.slice(0, at),
          ...Array.from({ length: added }, (_, nth) => `	added_line(${nth}, box);`),
          ...lines.slice(at + removed),
        ].join('\n');
        if (changed === file) return;
        const diff = createTwoFilesPatch(`a/${path}`, `b/${path}`, file, changed, '', '', { context: 3 }).split('\n').slice(1);
        const written = (
          flattens
            ? diff.map((line) =>
                line
                  .replace(/[ \t]+/g, ' ')
                  .replace(/^ /, '')
                  .trimEnd(),
              )
            : diff
        ).join('\n');
        const body = `${written}\nand these are words about it, as people write them.\n`;
        const { thread } = await read(mailboxOf([{ id: 'p', from: 'A <a@b>', subject: 'Re: [PATCH] box', body }]));
        const patch = suggestedPatch(thread, 1, new SuggestionBase(tree, [], 'fs/box'));
        if (!patch.ok) expect.fail(JSON.stringify(patch.failure));
        const now = applyPatches(tree, [patch.value]).at(-1)?.tree.read(path) ?? '';
        const bare = (text: string): string[] => text.split('\n').map(contentKey);
        expect(bare(now)).toEqual(bare(changed));
        if (!flattens) expect(now).toBe(changed);
      }),
      { numRuns: 150 },
    );
  });
});

const mailbox = join(seed, 'thread.mbox');
describeWithTree(
  'linux-7.2',
  `the thread that the project comes from${existsSync(mailbox) ? '' : ' (skipped: ../shared/seed is not here)'}`,
  (linux) => {
    test.skipIf(!existsSync(mailbox))('has every remark of both at its line, and two suggestions', async () => {
      const { series, thread } = await read(readFileSync(mailbox, 'latin1'), linux);
      const at = thread.remarks.map(
        ({ voice, place, reason }) =>
          `${voice.split(' ')[0] ?? ''} ${place?.file.slice('fs/fuse/'.length) ?? ''}:${place?.line ?? 0}${reason === null ? '' : ' near'}`,
      );
      const close = ['Amir', 'Darrick', 'Amir', 'Darrick', 'Amir', 'Darrick', 'Darrick'].map((voice) => `${voice} backing.c:188`);
      const rest = [
        'Amir passthrough.c:206',
        'Darrick passthrough.c:206',
        'Amir passthrough.c:226',
        'Darrick passthrough.c:226',
        'Amir passthrough.c:226',
        'Darrick passthrough.c:226',
      ];
      expect(at).toEqual([...close, ...rest]);
      const base = new SuggestionBase(linux, series.patches, 'fs/fuse');
      const files = thread.suggestions.map(({ number }) =>
        patchOf(suggestedPatch(thread, number, base)).diff.map(({ path: changed, hunks }) => `${changed} ${hunks.length}`),
      );
      expect(files).toEqual([['fs/fuse/backing.c 3', 'include/uapi/linux/fuse.h 1'], ['fs/fuse/backing.c 1']]);
    });
  },
);
