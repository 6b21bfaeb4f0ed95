// Where types lie in memory, against what gcc says of declarations made up at random: sizes, alignments, offsets, and bytes.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Layout } from '../../extension/simulator/code/layout.js';
import { MemoryBlock } from '../../extension/simulator/machine/memory-block.js';
import type { CType } from '../../extension/syntax/ast.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
import { arbitraryRecord, commonTypes, type MadeRecord } from './arbitrary-records.js';
import { answerOf, Calls, programOf } from './function-calls.js';
import { gccMissing, linesOfGcc } from './gcc.js';

const missing = gccMissing();

/** `LAYOUT_RECORDS=5000` tries more, `FC_SEED` others. */
const records = Number(process.env.LAYOUT_RECORDS ?? 100);
const together = 250;

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => {
  parser.dispose();
});

const dump = `
static void bytes_of(const void *p, unsigned long n) { for (unsigned long i = 0; i < n; i++) printf("%02x", ((const unsigned char *)p)[i]); puts(""); }
static void numbers_of(const unsigned long *q, int n) { for (int i = 0; i < n; i++) printf("%lu ", q[i]); puts(""); }
`;

/** What gcc has of each record: numbers, bytes, sum, and bytes and sum after the writes. */
function withGcc(made: readonly MadeRecord[]): readonly string[] {
  const main = made.map(({ asked, bytes }, at) => {
    const look = `bytes_of(&o${at}, ${bytes}); printf("%lu\\n", g${at}());`;
    return `numbers_of(q${at}, ${asked}); ${look} w${at}(); ${look}`;
  });
  return linesOfGcc(`${dump}${commonTypes}${made.map((each) => each.text).join('\n')}`, main.join('\n'));
}

function here(made: readonly MadeRecord[]): readonly string[] {
  const sizes = made.map(({ bytes }, at) => `unsigned long b${at}(void) { return ${bytes}; }`);
  const calls = new Calls(programOf(parser, `${commonTypes}${made.map((each) => each.text).join('\n')}\n${sizes.join('\n')}\n`));
  const bytesOf = (name: string, count: number): number[] | string => {
    const { machine } = calls;
    const base = machine.globalAddress(name, 'fs/test/test.c');
    const block = machine.core.memory.find(base, count);
    if (!(block instanceof MemoryBlock)) return `${name} has no ${count} bytes`;
    return Array.from({ length: count }, (_, at) => Number(machine.core.memory.read(block, base - block.base + at, 1, false)));
  };
  const hex = (bytes: number[] | string): string => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('hex'));
  const numbers = (bytes: number[] | string): string =>
    typeof bytes === 'string' ? bytes : [...new BigUint64Array(Uint8Array.from(bytes).buffer)].map((each) => `${each} `).join('');
  return made.flatMap(({ asked }, at) => {
    const size = Number(calls.call(`b${at}`, []));
    const sum = (): string => {
      const value = calls.call(`g${at}`, []);
      return typeof value === 'string' ? value : String(BigInt.asUintN(64, BigInt(value)));
    };
    const first = [numbers(bytesOf(`q${at}`, 8 * asked)), hex(bytesOf(`o${at}`, size)), sum()];
    const said = calls.call(`w${at}`, []);
    return [...first, typeof said === 'string' ? said : hex(bytesOf(`o${at}`, size)), sum()];
  });
}

describe('the most that members are aligned to', () => {
  const sizes = (text: string, ...tags: string[]): string =>
    answerOf(parser, text, `return ${tags.map((tag, at) => `sizeof(struct ${tag}) * ${100 ** at}`).join(' + ')};`);
  const members = '{ char c; long l; };\n';

  test('is what #pragma pack says where a record ends', () => {
    const text = `struct a ${members}#pragma pack(2)\nstruct b ${members}#pragma pack()\nstruct c {\n#pragma pack(1)\nchar c; long l; };\n`;
    expect(sizes(text, 'a', 'b', 'c')).toBe('91016');
  });

  test('is what was saved last', () => {
    const text = `#pragma pack(push, 1)\n#pragma pack(push, outer, 4)\nstruct a ${members}#pragma pack(push)\n#pragma pack(2)\nstruct b ${members}#pragma pack(pop, outer)\nstruct c ${members}_Pragma("pack(pop)")\nstruct d ${members}`;
    expect(sizes(text, 'a', 'b', 'c', 'd')).toBe('16091012');
  });

  test('stays as it is where the pragma is malformed', () => {
    const text = `#pragma pack(3)\n#pragma pack 1\n#pragma pack(pop)\n#pragma pack(push, NAME + 1)\nstruct a ${members}`;
    expect(sizes(text, 'a')).toBe('16');
  });

  test('is read again where only the pragma changes', () => {
    const read = (pragma: string): number => {
      const program = programOf(parser, `${pragma}\nstruct a ${members}`);
      return new Layout(program, (name) => expect.fail(name)).sizeOf({ kind: 'record', union: false, tag: 'a', record: null });
    };
    expect([read(''), read('#pragma pack(1)'), read('#pragma pack(4)'), read('')]).toEqual([16, 9, 12, 16]);
  });
});

describe('an attribute that changes where bytes lie', () => {
  test('and is not followed is told', () => {
    const text = 'struct __attribute__((scalar_storage_order("big-endian"))) a { int x; };\nstatic struct a a = { 1 };\n';
    expect(answerOf(parser, text, 'return a.x;')).toContain('struct a with the attribute scalar_storage_order, which is not followed');
  });
});

describe.skipIf(missing !== null)(`records made up at random${missing === null ? '' : ` (${missing})`}`, () => {
  test('have the sizes, alignments, offsets and bytes that gcc gives them', { timeout: 600_000 }, () => {
    // The same ones each time, so that what fails was broken by a change.
    const seed = Number(process.env.FC_SEED ?? 20260101);
    const all = fc.sample(arbitraryRecord, { numRuns: records, seed });
    const wrong: { readonly text: string; readonly said: string }[] = [];
    for (let from = 0; from < all.length; from += together) {
      const made = all.slice(from, from + together).map((each, at) => each(at));
      const expected = withGcc(made);
      here(made).forEach((line, at) => {
        if (line.trim() !== expected[at]?.trim())
          wrong.push({
            text: made[Math.floor(at / 5)]?.text ?? '',
            said: `${['numbers', 'bytes', 'sum', 'bytes then', 'sum then'][at % 5]}: ${line}\n  gcc: ${expected[at] ?? ''}`,
          });
      });
    }
    const [shortest] = wrong.sort((a, b) => a.text.length - b.text.length);

    if (shortest) expect.fail(`FC_SEED=${seed}: ${wrong.length} lines differ; ${shortest.said}\n${shortest.text}`);
  });

  test('have names for what lies at an offset', () => {
    const made = fc.sample(arbitraryRecord, { numRuns: 50, seed: 7 }).map((each, at) => each(at));
    const layout = new Layout(programOf(parser, `${commonTypes}${made.map((each) => each.text).join('\n')}\n`), (name) =>
      expect.fail(name),
    );
    made.forEach(({ text }, at) => {
      const type: CType = { kind: 'record', union: text.includes(`union r${at}`), tag: `r${at}`, record: null };
      for (const [, path = ''] of text.matchAll(/offsetof\(\w+ \w+, ([^)]+)\)/g)) {
        const offset = layout.offsetOf(type, path);
        expect(offset).toBeDefined();
        const name = layout.nameAt(type, offset ?? 0);
        if (!name.includes('+')) expect(layout.offsetOf(type, name)).toBeLessThanOrEqual(offset ?? 0);
      }
    });
  });
});
