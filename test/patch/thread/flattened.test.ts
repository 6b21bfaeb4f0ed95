// Replies whose line breaks were lost.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSeries } from '../../../extension/patch/series.js';
import { isFlattened, restoredLines } from '../../../extension/patch/thread/flattened.js';
import { contentKey } from '../../../extension/patch/thread/patch-places.js';
import { threadOf } from '../../../extension/patch/thread/read-thread.js';
import { seed } from '../../support/thread.js';
import { describeWithTree } from '../../support/trees.js';
import { file, mails } from './written-thread.js';

const bare = (text: string): string[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim());
const flat = (text: string): string =>
  bare(text.replace(/^>>/gm, '> >'))
    .filter((line) => line !== '')
    .join(' ');

/** The lines of the code that is talked about. */
const known = new Set(
  [file, ...mails.filter(({ subject }) => subject.startsWith('[PATCH')).map(({ body }) => body.replace(/^[ +-]/gm, ''))].flatMap((text) =>
    text.split('\n').map(contentKey),
  ),
);

describe('a reply without line breaks', () => {
  // An unquoted diff has no marks that tell its lines.
  const quoting = mails.filter(({ id, body }) => id !== 'v1-1-grace' && (body.match(/^> /gm)?.length ?? 0) > 8);
  test.each(quoting)('gets back the lines of $id that say something', ({ body }) => {
    expect(isFlattened(flat(body))).toBe(true);
    const restored = bare(restoredLines(flat(body), (key) => known.has(key))).filter((line) => /\w/.test(line));
    const wanted = bare(body.replace(/^>>/gm, '> >')).filter((line) => /\w/.test(line));
    const found = new Set(restored);
    const missing = wanted.filter((line) => !found.has(line));
    expect(missing.length / wanted.length, missing.join('\n')).toBeLessThan(0.15);
  });

  test('is none that has lines', () => {
    for (const { body } of mails) expect(isFlattened(body)).toBe(false);
  });

  test('loses no word, whatever it says', () => {
    const word = fc.oneof(
      fc.constantFrom('>', '> >', '> > >', 'wrote:', '+', '-', '@@', '}', 'if (a > b) {'),
      fc.stringMatching(/^[A-Za-z.;]{1,8}$/),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), (words) => {
        const text = words.join(' ');
        const letters = (some: string): string => some.replace(/[>\s]/g, '');
        expect(letters(restoredLines(text, () => false))).toBe(letters(text));
      }),
    );
  });
});

const [text, patch, reply] = ['thread.txt', '1-shared-backing.patch', '1-shared-backing.reply.mbox'].map((name) => join(seed, name));
const missing = !existsSync(text ?? '');
describeWithTree('linux-7.2', `the thread as it reached us${missing ? ' (skipped: ../shared/seed is not here)' : ''}`, (linux) => {
  test.skipIf(missing)('gets back all of its lines, and says what its mailbox says', async () => {
    const read = async (...names: readonly (string | undefined)[]) =>
      threadOf(await readSeries(names.map((name = '') => ({ name, bytes: readFileSync(name) }))), linux);
    const [flattened, whole] = [await read(text, patch), await read(reply, patch)];
    const bodies = [flattened, whole].map(({ messages }) => bare(messages.find(({ isPatch }) => !isPatch)?.body ?? ''));
    expect(bodies[0]?.slice(0, bodies[1]?.length)).toEqual(bodies[1]);
    const places = ({ remarks }: typeof whole) => remarks.map(({ place, text: said }) => [place?.file, place?.line, bare(said)]);
    expect(places(flattened)).toEqual(places(whole));
    expect(flattened.suggestions.map(({ hunks }) => hunks.length)).toEqual(whole.suggestions.map(({ hunks }) => hunks.length));
    // Without the patch the lines are those of the tree, and what is quoted tells where they are.
    const alone = await read(text);
    expect(alone.remarks.length).toBeGreaterThan(0);
  });
});
