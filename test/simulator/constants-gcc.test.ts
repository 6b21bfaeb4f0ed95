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

/** What programs of gcc print of each use, and `null` for one that gcc does not take, such as a constant that overflows within `?:`. */
function answersOfGcc(uses: readonly Uses[]): readonly (readonly string[] | null)[] {
  const taken = new Set(uses.keys());
  for (;;) {
    const kept = [...taken].map((at) => ({ at, ...(uses[at] ?? { text: '', asked: [] }) }));
    const text = kept.map((each) => `#line 1 "use-${each.at}"\n${each.text}`).join('\n');
    const main = kept.map(({ at, asked }) => `#line 1 "use-${at}"\n${asked.map(printed).join('\n')}`).join('\n');
    try {
      const lines = linesOfGcc(`${commonConstants}${text}`, main).values();
      return uses.map(({ asked }, at) => (taken.has(at) ? asked.map(() => lines.next().value ?? '') : null));
    } catch (error) {
      const refused = [...String(error).matchAll(/^use-(\d+):\d+:\d+: error:/gm)].map(([, at]) => Number(at));
      if (refused.length === 0) throw error;
      for (const at of refused) taken.delete(at);
    }
  }
}

function printed(what: string): string {
  return `printf("%lu\\n", (unsigned long)(${what}));`;
}

/** The shortest expression of which something differs, with what does; null where nothing does. */
function differing(all: readonly string[], usesIn: (e: string, at: number) => Uses): string | null {
  const wrong: { readonly e: string; readonly said: string }[] = [];
  let refused = 0;
  for (let from = 0; from < all.length; from += together) {
    const some = all.slice(from, from + together);
    const uses = some.map(usesIn);
    const answers = answersOfGcc(uses);
    const taken = uses.filter((_, at) => answers[at]);
    refused += uses.length - taken.length;
    const text = `${commonConstants}${taken.map((each) => each.text).join('\n')}`;
    const asked = uses.flatMap((each, at) =>
      (answers[at] ?? []).map((expected, which) => ({ what: each.asked[which] ?? '', at, expected, name: `q${at}_${which}` })),
    );
    const calls = new Calls(
      programOf(parser, `${text}\n${asked.map(({ what, name }) => `unsigned long ${name}(void) { return ${what}; }`).join('\n')}\n`),
    );
    for (const { what, at, expected, name } of asked) {
      const value = calls.call(name, []);
      const said = typeof value === 'string' ? value : String(BigInt.asUintN(64, BigInt(value)));
      if (said !== expected) wrong.push({ e: some[at] ?? '', said: `${what} is ${expected} with gcc and ${said} here` });
    }
  }
  if (refused * 20 > all.length) return `FC_SEED=${seed}: gcc takes ${refused} of ${all.length} for no constants`;
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
