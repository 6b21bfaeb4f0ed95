// Macros that are more or less than a whole expression or statement, and what GNU C adds to blocks.
import { describe, expect, test } from 'vitest';
import { lines, lowering } from './lowering.js';

const c = lowering();

describe('labels of a block', () => {
  test('are its own: a macro with one may be used twice', () => {
    const macro = '#define TRY(x) do { __label__ out; if (x) goto out; g(x); out: ; } while (0)\n';
    expect(c.reason(`${macro}void f(int a, int b) { TRY(a); TRY(b); }`)).toBeUndefined();
  });

  test('hide those of the function', () => {
    const text = 'int f(int a) { { __label__ out; if (a) goto out; a = 2; out: a++; } if (a > 5) goto out; return a; out: return 0; }';
    expect(c.print(text)).toBe(
      lines(`
        0:
          if (a) 1! else 2
        1:
          goto out, 3
        2:
          a = 2
          to 3
        3: out:
          a = a + 1
          if (a > 5) 4! else 5
        4:
          goto out, 6
        5:
          return a
        6: out:
          return 0
      `),
    );
  });

  test('are no labels elsewhere', () => {
    expect(c.reason('int f(int a) { { __label__ out; out: a++; } goto out; }')).toContain("'out'");
  });
});

describe('a macro within its own arguments', () => {
  test('is replaced there first', () => {
    const macro = '#define LARGER(a, b) ((a) > (b) ? (a) : (b))\n';
    expect(c.print(`${macro}int f(int a, int b, int c) { return LARGER(LARGER(a, b), c); }`)).not.toContain('LARGER');
  });
});

describe('an argument beside an operator', () => {
  test('does not make another one of it', () => {
    const { blocks } = c.graph('#define NEG(x) -x\nint f(int a) { return NEG(-a); }');
    expect(blocks[0]?.instructions).toEqual([]);
    expect(blocks[0]?.terminator).toMatchObject({ value: { operator: '-', operand: { operator: '-' } } });
  });
});

describe('macros that are no whole statements', () => {
  test('are read together', () => {
    const macros = '#define ONE(n) { g(n); }\n#define TWO(n) ONE(n) ONE((n) + 1)\n';
    expect(c.print(`${macros}void f(int n) { TWO(n); }`)).toBe('0:\n  g(n)\n  g(n + 1)\n  return');
  });
});

describe('a macro that declares, with a value', () => {
  test('gives it to what it declares', () => {
    const printed = c.print('#define PAIR(name) int name[2]\nint f(void) { PAIR(p) = { 1, 2 }; return p[1]; }');
    expect(printed).toContain('p[0] = 1');
    expect(printed).toContain('p[1] = 2');
  });

  test('is read for one of headers that are not', () => {
    expect(c.reason('int f(void) { DECLARE_BITMAP(seen, 8) = { 0 }; return g(seen); }')).toBeUndefined();
  });

  test('is said where nothing is known to be declared', () => {
    expect(c.reason('int f(void) { PAIR(p) = { 1, 2 }; return 0; }')).toContain('PAIR is given a value');
  });
});

describe('macros that spell out entries of an initialiser', () => {
  const record = 'struct s { int a, b, c; };\n';

  test('stand for them', () => {
    const macros = '#define BOTH(x, y) .a = x, .b = y,\n';
    const printed = c.print(`${record}${macros}int f(void) { struct s v = { BOTH(1, 2) .c = 3 }; return v.b; }`);
    expect(printed).toContain('v.a = 1');
    expect(printed).toContain('v.b = 2');
    expect(printed).toContain('v.c = 3');
  });

  test('may stand alone, or side by side', () => {
    const macros = '#define A(x) .a = x,\n#define B(x) .b = x,\n';
    const printed = c.print(`${record}${macros}int f(void) { struct s v = { A(1) B(2) }, w = { A(3) }; return v.b + w.a; }`);
    expect(printed).toContain('v.b = 2');
    expect(printed).toContain('w.a = 3');
  });

  test('tell the length of an array', () => {
    const macros = '#define PAIR(x) x, x,\n#define FOUR PAIR(1) PAIR(2)\n';
    const text = `${macros}int v[] = { FOUR PAIR(3) 7 };\nint w[] = { PAIR(1) };\nint f(void) { return v[0] + w[0]; }`;
    const program = c.load({ 'x.c': text });
    expect(['v', 'w'].map((name) => program.global(name, 'fs/fuse/x.c')?.type)).toMatchObject([
      { kind: 'array', length: { value: 7n } },
      { kind: 'array', length: { value: 2n } },
    ]);
  });

  test('are said where they are not known', () => {
    expect(c.reason(`${record}int f(void) { struct s v = { BOTH(1, 2) .c = 3 }; return v.b; }`)).toContain('BOTH(1, 2)');
  });

  test('are told from members and calls', () => {
    const printed = c.print(`${record}int f(struct s *p, struct s q) { int v[] = { q.a, p->b, g(q) - 1, g(q) }; return v[0]; }`);
    expect(printed).toContain('v[0] = q.a');
    expect(printed).toContain('v[1] = p->b');
  });
});

describe('an annotation in front of a declaration', () => {
  test('is about what is declared', () => {
    const { variables } = c.graph('int f(void) { __attribute__((mode(DI))) int wide = 1; return wide; }');
    expect(variables.find(({ name }) => name === 'wide')?.type).toEqual({ kind: 'integer', bits: 64, signed: true });
  });
});
