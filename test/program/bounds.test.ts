// What is nested too deeply or stands for too much is said of its function, at once, and the others are analysed.
import { describe, expect, test } from 'vitest';
import { lines, lowering } from './lowering.js';

const c = lowering();
const other = 'int other(int b)\n{\n\treturn b;\n}\n';

/** Why `hostile` is not analysed, where `other` is. */
function reasonBeside(text: string): string | undefined {
  const program = c.load({ 'x.c': `${text}\n${other}` });
  expect(program.functions.map(({ name }) => name)).toContain('other');
  const [first] = program.notAnalysed.filter(({ function: name }) => name === 'hostile');
  return first?.reason;
}

const returning = (expression: string): string => `int hostile(struct s *a)\n{\n\treturn ${expression};\n}\n`;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

describe('nesting', () => {
  test('of 450 levels is lowered', () => {
    expect(reasonBeside(returning(`a${'->next'.repeat(450)} != 0`))).toBeUndefined();
    expect(reasonBeside(returning(`${'('.repeat(450)}1${')'.repeat(450)}`))).toBeUndefined();
    expect(reasonBeside(returning(`${'a && '.repeat(450)}a`))).toBeUndefined();
  });

  test.each([
    ['members', returning(`a${'->next'.repeat(5000)}`)],
    ['parentheses', returning(`${'('.repeat(5000)}1${')'.repeat(5000)}`)],
    ['operators', returning(`${'a && '.repeat(5000)}a`)],
    ['blocks', `int hostile(int a)\n{\n${'\tif (a) {\n'.repeat(5000)}\tg();\n${'\t}\n'.repeat(5000)}\treturn a;\n}\n`],
    ['alternatives', `int hostile(int a)\n{\n\tif (a)\n\t\tg();\n${'\telse if (h())\n\t\tg();\n'.repeat(5000)}\treturn a;\n}\n`],
  ])('of 5000 %s is said', (_, text) => {
    expect(reasonBeside(text)).toMatch(/^line \d+: nested too deeply: more than 500 levels$/);
  });

  test('that only macros make is said', () => {
    const text = numbers(2000)
      .map((at) => `#define M${at}(x) (M${at + 1}(x) + 1)\n`)
      .join('');
    expect(reasonBeside(text + returning('M0(a)'))).toMatch(/nested too deeply$/);
  });

  test('of a record in itself ends', () => {
    expect(reasonBeside('struct s { struct s; };\nint hostile(void)\n{\n\tstruct s v = { 1, 2 };\n\treturn v.none;\n}\n')).toMatch(
      /nested too deeply/,
    );
    expect(reasonBeside('typedef t t;\nint hostile(t *p)\n{\n\treturn *p;\n}\n')).toBeUndefined();
  });
});

describe('what a text stands for', () => {
  test('is bounded where macros double it', () => {
    const text = numbers(40)
      .map((at) => `#define M${at + 1}(x) (M${at}(x) + M${at}(x))\n`)
      .join('');
    expect(reasonBeside(text + returning('M40(a)'))).toBe("line 43: macro 'M40' expands to too much: more than 200000 characters");
  });

  test('is bounded where an operand is looked at twice', () => {
    expect(reasonBeside(returning(`${'sizeof '.repeat(60)}a`))).toMatch(/takes more than 200000 steps to lower/);
  });

  test('is bounded where each way out ends all scopes', () => {
    const body = numbers(2000).map((at) => `\tguard(mutex)(&m${at});\n\tif (a == ${at})\n\t\treturn ${at};\n`);
    expect(reasonBeside(`int hostile(int a)\n{\n${body.join('')}\treturn a;\n}\n`)).toMatch(/takes more than 200000 steps to lower/);
  });
});

describe('numbers that a text names', () => {
  test('make no constant that a long does not hold', () => {
    const squares = numbers(60)
      .map((at) => `#define S${at + 1} (S${at} * S${at})\n`)
      .join('');
    expect(reasonBeside(`#define S0 0x7fffffffffffLL\n${squares}${returning('S60')}`)).toBeUndefined();
    const program = c.load({
      'x.c': '#define A BIT(4000000000000)\n#define B GENMASK(4000000000000, 0)\n#define C BIT(-1)\n#define D BIT(63)\n',
    });
    expect(['A', 'B', 'C', 'D'].map((name) => program.constant(name))).toEqual([undefined, undefined, undefined, 1n << 63n]);
  });

  test('are reached however long an enumeration is', () => {
    const program = c.load({
      'x.c': `enum { ${numbers(30_000)
        .map((at) => `E${at}`)
        .join(', ')} };`,
    });
    expect(program.constant('E29999')).toBe(29_999n);
  });
});

describe('an initialiser', () => {
  const types = 'struct counter { int value; };\nstruct object { int id; struct counter count; int reserved[2]; };\n';

  test('gives a designated part the value of its first scalar', () => {
    expect(c.print(`${types}void f(void) { struct object o = { .id = 2, .count = 1, .reserved = 3, 4 }; }`)).toBe(
      lines(`
        0:
          declare o
          o = 0
          o.id = 2
          o.count.value = 1
          o.reserved[0] = 3
          o.reserved[1] = 4
          return
      `),
    );
  });

  test('of what holds nothing is said', () => {
    expect(reasonBeside('int hostile(void)\n{\n\tint a[2][0] = { 1, 2 };\n\treturn a[0];\n}\n')).toMatch(/has a value for what holds none/);
  });
});
