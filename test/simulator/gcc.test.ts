// The interpreter against gcc: functions made up at random return the same.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createParser } from '../support/parser.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { arbitraryFunction, commonC } from './arbitrary-c.js';
import { Calls, programOf } from './function-calls.js';
import { gccMissing, linesOfGcc } from './gcc.js';

const missing = gccMissing();
const functions = 200;

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => {
  parser.dispose();
});

const inputs = [
  [0, 0, 0],
  [1, -1, 2],
  [-5, 300, -70000],
  [2147483647, -2147483648, 4294967296],
] as const;

test('arms of ?: have one type before they are widened', () => {
  const calls = new Calls(programOf(parser, 'long into(int x)\n{\n\tlong v = x ? -1 : 2u;\n\treturn v;\n}\n'));
  expect([calls.call('into', [1]), calls.call('into', [0])].map(String)).toEqual(['4294967295', '2']);
  const level = 'enum level { LOW = -3, HIGH = 70000 };\nlong into(int x)\n{\n\tlong v = x ? (enum level)-3 : 2u;\n\treturn v;\n}\n';
  expect(String(new Calls(programOf(parser, level)).call('into', [1]))).toBe('4294967293');
  const within = 'unsigned long into(int x, int y)\n{\n\treturn x ? (y ? -1 : 1u) : 1ul;\n}\n';
  expect(String(new Calls(programOf(parser, within)).call('into', [1, 1]))).toBe('4294967295');
});

describe.skipIf(missing !== null)(`functions made up at random${missing === null ? '' : ` (${missing})`}`, () => {
  test('return what they return when gcc compiles them', () => {
    // The same ones each time, so that what fails was broken by a change; FC_SEED tries others.
    const seed = Number(process.env.FC_SEED ?? 1471265532);
    const made = fc.sample(arbitraryFunction, { numRuns: functions, seed });
    const texts = made.map((each, at) => each(`f${at}`));
    const calls = made.flatMap((_, at) => inputs.map((given) => ({ name: `f${at}`, text: texts[at] ?? '', given })));
    const text = `${commonC}\n${texts.join('\n\n')}\n`;
    const main = calls.map(({ name, given }) => `printf("%ld\\n", ${name}(${given.map((each) => `${each}L`).join(', ')}));`).join('\n');
    const expected = linesOfGcc(text, main);
    const ours = new Calls(programOf(parser, text));
    const wrong = calls.flatMap(({ name, text: source, given }, at) => {
      const result = String(ours.call(name, given));
      return result === expected[at]
        ? []
        : [{ source, said: `${name}(${given.join(', ')}) is ${expected[at] ?? ''} with gcc and ${result} here` }];
    });
    const [shortest] = wrong.sort((x, y) => x.source.length - y.source.length);
    if (shortest) expect.fail(`FC_SEED=${seed}: ${wrong.length} of ${calls.length} differ; ${shortest.said}:\n${shortest.source}`);
  });
});
