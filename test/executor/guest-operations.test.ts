// The guests beside the vocabularies: each has the words of its subsystem, with as many arguments, and can be compiled.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { guestProgram } from '../../extension/executor/guest-program.js';
import { runtimes } from '../support/fuse.js';
import { valueOf } from '../support/result.js';

const guest = join(import.meta.dirname, '../../guest');
const cache = mkdtempSync(join(tmpdir(), 'fuse-review-guest-'));
afterAll(() => {
  rmSync(cache, { recursive: true, force: true });
});

const gcc = existsSync('/usr/bin/gcc');

describe.each(
  valueOf(runtimes).all.flatMap(({ subsystem: { name }, vocabulary }) =>
    existsSync(join(guest, name)) ? [[name, vocabulary] as const] : [],
  ),
)('the guest of %s', (name, vocabulary) => {
  const text = readdirSync(join(guest, name))
    .filter((file) => file.endsWith('.c'))
    .map((file) => readFileSync(join(guest, name, file), 'utf8'))
    .join('\n');

  test('does what the vocabulary has words for, in its order', () => {
    const rows = [...text.matchAll(/^\t\{ "([\w-]+)", (\d+), \w+, (?:true|false) \},$/gm)];
    expect(rows.map(([, word, count]) => `${word} of ${count}`)).toEqual(
      vocabulary.operations.map((each) => `${each.name} of ${each.parameters.length}`),
    );
  });

  test('takes what the setup has', () => {
    expect(/\.setup_arguments = (\d+)/.exec(text)?.[1]).toBe(`${vocabulary.setup.length}`);
  });

  test.skipIf(!gcc)(`is compiled${gcc ? '' : ' (there is no gcc)'}`, { timeout: 60_000 }, async () => {
    expect(existsSync(valueOf(await guestProgram({ guest, cache }, name)))).toBe(true);
  });
});
