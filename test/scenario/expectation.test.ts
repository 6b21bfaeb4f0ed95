// What an expectation takes for an answer that was expected.
import { describe, expect, test } from 'vitest';
import type { Expectation } from '../../extension/model/scenario.js';
import { expectationText, isExpected } from '../../extension/scenario/expectation.js';

const ok: Expectation = { kind: 'ok' };
const page: Expectation = { kind: 'value', value: 4096 };
const io: Expectation = { kind: 'errno', names: ['EIO', 'EBUSY'] };
const race: Expectation = { kind: 'any', of: [ok, { kind: 'errno', names: ['EIO'] }] };

describe('an expectation', () => {
  test.each([
    ['ok', ok, [0, 7], [-5, null]],
    ['4096', page, [4096], [0, -5, null]],
    ['-EIO or -EBUSY', io, [-5, -16, null], [0, -2]],
    ['ok or -EIO', race, [0, 3, -5, null], [-16]],
    ['-5', { kind: 'value', value: -5 } as const, [-5, null], [5, 0]],
  ])('of %s', (words, expectation, fits, doesNot) => {
    expect(expectationText(expectation)).toBe(words);
    for (const answer of fits) expect(isExpected(expectation, answer), String(answer)).toBe(true);
    for (const answer of doesNot) expect(isExpected(expectation, answer), String(answer)).toBe(false);
  });
});
