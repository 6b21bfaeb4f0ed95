// Where members of records lie, against what gcc says of records made up at random.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Layout } from '../../extension/simulator/layout.js';
import type { CType } from '../../extension/syntax/ast.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
import { programOf } from './function-calls.js';
import { gccMissing, linesOfGcc } from './gcc.js';

const missing = gccMissing();

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => {
  parser.dispose();
});

interface Part {
  readonly text: string;
  /** Paths to its members, as offsetof() takes them. */
  readonly paths: readonly string[];
}

const scalars = ['char', 'u8', 's16', 'unsigned int', 'long', 'u64', 'bool', 'void *', 'enum kind', 'long (*)(int)', 'char *'];

/** What may stand behind a member or a record. */
const attribute = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  fc.constantFrom(
    ' __attribute__((packed))',
    ' __attribute__((aligned(16)))',
    ' __attribute__((packed, aligned(2)))',
    ' __attribute__((aligned))',
  ),
);

/** The members of a record, with names that begin with `prefix`. */
function parts(prefix: string, depth: number): fc.Arbitrary<Part> {
  const scalar = fc
    .tuple(fc.constantFrom(...scalars), fc.option(fc.integer({ min: 1, max: 5 })), attribute)
    .map(([type, length, also]): Part => {
      const array = length === null ? '' : `[${length} + 1]`;
      const text = type.includes('(*)') ? type.replace('(*)', `(*${prefix}${array})`) : `${type} ${prefix}${array}`;
      return { text: `${text}${also};`, paths: length === null ? [prefix] : [prefix, `${prefix}[1]`] };
    });
  if (depth === 0) return scalar;
  const nested = fc
    .tuple(fc.constantFrom('struct', 'union'), members(prefix, depth - 1), fc.constantFrom('named', 'anonymous', 'array'), attribute)
    .map(([keyword, inner, kind, also]): Part => {
      const body = `${keyword} { ${inner.map((each) => each.text).join(' ')} }${also}`;
      const paths = inner.flatMap((each) => each.paths);
      if (kind === 'anonymous') return { text: `${body};`, paths };
      const array = kind === 'array' ? '[3]' : '';
      return { text: `${body} ${prefix}${array};`, paths: [prefix, ...paths.map((path) => `${prefix}${array && '[2]'}.${path}`)] };
    });
  return fc.oneof({ weight: 3, arbitrary: scalar }, nested);
}

function members(prefix: string, depth: number): fc.Arbitrary<Part[]> {
  return fc
    .integer({ min: 1, max: 5 })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, at) => parts(`${prefix}${at}`, depth))));
}

describe.skipIf(missing !== null)(`records made up at random${missing === null ? '' : ` (${missing})`}`, () => {
  test('have the size, the alignment and the offsets that gcc gives them', () => {
    const seed = Number(process.env.FC_SEED ?? Math.floor(Math.random() * 0x7fffffff));
    const records = fc.sample(members('m', 2), { numRuns: 100, seed });
    const text = `enum kind { NONE, SOME };\n${records.map((each, at) => `struct r${at} { ${each.map((part) => part.text).join(' ')} };`).join('\n')}\n`;
    const paths = records.map((each) => each.flatMap((part) => part.paths));
    const asked = paths.flatMap((list, at) => [
      `printf("r${at} %zu %zu\\n", sizeof(struct r${at}), _Alignof(struct r${at}));`,
      ...list.map((path) => `printf("r${at}.${path} %zu\\n", offsetof(struct r${at}, ${path}));`),
    ]);
    const expected = linesOfGcc(text, asked.join('\n'));
    const layout = new Layout(programOf(parser, text), (name) => expect.fail(name));
    const ours = paths.flatMap((list, at) => {
      const type: CType = { kind: 'record', union: false, tag: `r${at}`, record: null };
      return [
        `r${at} ${layout.sizeOf(type)} ${layout.alignOf(type)}`,
        ...list.map((path) => `r${at}.${path} ${layout.offsetOf(type, path) ?? 'nowhere'}`),
      ];
    });
    const wrong = ours.flatMap((line, at) => (line === expected[at] ? [] : [`${line}, with gcc ${expected[at] ?? ''}`]));
    expect(wrong, `FC_SEED=${seed}\n${text}`).toEqual([]);
    // What lies at an offset has the name of a path that leads there, or to a scalar around it.
    for (const [at, list] of paths.entries())
      for (const path of list) {
        const type: CType = { kind: 'record', union: false, tag: `r${at}`, record: null };
        const offset = layout.offsetOf(type, path);
        expect(offset).toBeDefined();
        const name = layout.nameAt(type, offset ?? 0);
        if (!name.includes('+')) expect(layout.offsetOf(type, name)).toBeLessThanOrEqual(offset ?? 0);
      }
  });
});
