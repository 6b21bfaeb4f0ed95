// Constant expressions made up at random, where C asks for them, against what gcc makes of them.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
import { arbitraryCondition, arbitraryConstant, commonConstants } from './arbitrary-constants.js';
import { Calls, programOf } from './function-calls.js';
import { gccMissing, linesOfGcc } from './gcc.js';

const missing = gccMissing();

/** `CONSTANTS=5000` tries more, `FC_SEED` others. */
const count = Number(process.env.CONSTANTS ?? 100);
const together = 250;
const seed = Number(process.env.FC_SEED ?? 20260102);

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => {
  parser.dispose();
});

/** Declarations that use an expression, and what to ask of them. */
interface Uses {
  readonly text: string;
  readonly asked: readonly string[];
}

/** A choice that hangs on how types are laid out is no case that can be worked out, which is said. */
function isCase(e: string): boolean {
  return !/[?]|&&|\|\||LARGER|ORDERED/.test(e) || !/sizeof|SIZED|known|_Alignof|__alignof__|offsetof|->/.test(e);
}

function usesOf(e: string, at: number): Uses {
  const label = isCase(e) ? e : '3';
  const text = [
    `unsigned long v${at} = ${e};`,
    `enum { E${at} = (int)(${e}) };`,
    `char a${at}[(${e}) ? 3 : 5];`,
    `struct b${at} { unsigned long x : ((${e}) & 31) + 1; };`,
    `struct b${at} o${at} = { -1 };`,
    `int c${at}(long v) { switch (v) { case (${label}): return 1; } return 0; }`,
    `int d${at}(char v) { switch (v) { case (char)(${label}): return 1; } return 0; }`,
    `long l${at}(void) { char a[(${e}) ? 3 : 5]; static long s = ${e}; return sizeof(a) * 1000 + (s & 0xff); }`,
    `long t${at}(void) { return sizeof(${e}) * 10 + (((__typeof__(+(${e})))-1) < 0); }`,
  ];
  const asked = [
    `v${at}`,
    `E${at}`,
    `sizeof(a${at})`,
    `o${at}.x`,
    `c${at}((long)(${label}))`,
    `d${at}((char)(${label}))`,
    `l${at}()`,
    `t${at}()`,
    e,
  ];
  return { text: text.join('\n'), asked };
}

function conditionOf(e: string, at: number): Uses {
  const branch = (name: string, condition: string): string => `#if ${condition}\n#define ${name} 1\n#else\n#define ${name} 0\n#endif`;
  const names = ['P', 'Q', 'R', 'S'].map((name) => `${name}${at}`);
  const conditions = [e, `(${e}) < 0`, `((${e}) >> 3) & 1`, `(${e}) / 3 > 1000`];
  return { text: names.map((name, which) => branch(name, conditions[which] ?? '0')).join('\n'), asked: names };
}

/** The shortest expression of which something differs, with what does; null where nothing does. */
function differing(all: readonly string[], usesIn: (e: string, at: number) => Uses): string | null {
  const wrong: { readonly e: string; readonly said: string }[] = [];
  for (let from = 0; from < all.length; from += together) {
    const some = all.slice(from, from + together);
    const uses = some.map(usesIn);
    const text = `${commonConstants}${uses.map((each) => each.text).join('\n')}`;
    const asked = uses.flatMap((each, at) => each.asked.map((what, which) => ({ what, at, name: `q${at}_${which}` })));
    const expected = linesOfGcc(text, asked.map(({ what }) => `printf("%lu\\n", (unsigned long)(${what}));`).join('\n'));
    const calls = new Calls(
      programOf(parser, `${text}\n${asked.map(({ what, name }) => `unsigned long ${name}(void) { return ${what}; }`).join('\n')}\n`),
    );
    for (const [index, { what, at, name }] of asked.entries()) {
      const value = calls.call(name, []);
      const said = typeof value === 'string' ? value : String(BigInt.asUintN(64, BigInt(value)));
      if (said !== expected[index])
        wrong.push({ e: some[at] ?? '', said: `${what} is ${expected[index] ?? ''} with gcc and ${said} here` });
    }
  }
  const [shortest] = wrong.sort((a, b) => a.e.length - b.e.length);
  return shortest ? `FC_SEED=${seed}: ${wrong.length} differ; of ${shortest.e}\n${shortest.said}` : null;
}

describe.skipIf(missing !== null)(`constants made up at random${missing === null ? '' : ` (${missing})`}`, () => {
  test('have the value and the type that gcc gives them, wherever they stand', { timeout: 600_000 }, () => {
    expect(differing(fc.sample(arbitraryConstant, { numRuns: count, seed }), usesOf)).toBeNull();
  });

  test('decide conditions as they do with gcc', { timeout: 600_000 }, () => {
    expect(differing(fc.sample(arbitraryCondition, { numRuns: count, seed }), conditionOf)).toBeNull();
  });
});
