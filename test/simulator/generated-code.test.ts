// A function's code is made twice, to run in one go and step by step: both do the same.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Value } from '../../extension/kernel/intrinsics/machine.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
import { arbitraryFunction, commonC } from './arbitrary-c.js';
import { Calls, programOf } from './function-calls.js';

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => {
  parser.dispose();
});

/** What a call returns or says, and in how many steps. */
function called(text: string, name: string, given: readonly Value[], most: number): string {
  const calls = new Calls(programOf(parser, text));
  const result = String(calls.call(name, given, most));
  return `${result} in ${calls.machine.core.running.steps} steps, memory ${String(calls.machine.core.memory.hash)}`;
}

test('gives the same in the same number of steps', () => {
  const seed = Number(process.env.FC_SEED ?? 20261128);
  for (const [at, make] of fc.sample(arbitraryFunction, { numRuns: 60, seed }).entries()) {
    const text = `${commonC}\n${make('f')}\n`;
    const given = [at - 30, 3 * at, -at];
    expect(called(text, 'f', given, 1), `FC_SEED=${seed}:\n${text}`).toBe(called(text, 'f', given, 1_000_000));
  }
});

test('stops at loops, and goes on from there', () => {
  const text = `
    static long sum;
    static int odd(int n) { if (n > 1000) return -1; return n % 2; }
    long f(int n) { int i; for (i = 0; i < n; i++) { if (odd(i) < 0) break; sum += odd(i) ? i : 1; } return sum; }`;
  const results = [1, 2, 7, 50, 1_000_000].map((most) => called(text, 'f', [300], most));
  expect(new Set(results).size).toBe(1);
  expect(results[0]).toMatch(/^22650 in /);
});

test('ends where an error is met, at its step', () => {
  const text = 'long f(int n) { int unset; int i = n + 1; if (i > unset) return 1; return 2; }';
  const results = [1, 1000].map((most) => called(text, 'f', [3], most));
  expect(results[0]).toContain('uninitialised');
  expect(results[1]).toBe(results[0]);
});
