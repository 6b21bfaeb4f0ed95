import { describe, expect, test } from 'vitest';
import { lines, lowering } from './lowering.js';

const c = lowering();

describe('if', () => {
  test('branches once for each operand, and says which side leaves by a jump', () => {
    expect(c.print('int f(int a, int b) { if (a && !b) goto out; g(); out: return a; }')).toBe(
      lines(`
        0:
          if (a) 1 else 3
        1:
          if (b) 3 else 2!
        2:
          goto out, 4
        3:
          g()
          to 4
        4: out:
          return a
      `),
    );
  });

  test('marks both sides where both jump', () => {
    const { blocks } = c.graph('int f(int a) { if (a) { g(); return 1; } else { if (h()) return 2; else return 3; } }');
    expect(blocks[0]?.terminator).toMatchObject({ kind: 'branch', source: 'if', thenJumps: true, elseJumps: true });
  });

  test('is no branch where an option or a literal decides', () => {
    expect(c.print('int f(int a) { if (IS_ENABLED(CONFIG_X) && a) return 1; if (0) g(); return 2; }', { X: false })).toBe('0:\n  return 2');
    expect(c.print('int f(int a) { if (!IS_ENABLED(CONFIG_X) || a) return 1; return 2; }', { X: false })).toBe('0:\n  return 1');
  });

  test('is no branch on likely itself', () => {
    expect(c.print('int f(int a) { if (unlikely(a < 0)) return a; return 0; }')).toContain('if (a < 0) 1! else 2');
  });
});

describe('loops', () => {
  test('continue where their macro, condition or step stands, and break behind it', () => {
    expect(c.print('void f(int n) { for (int i = 0; i < n; i++) { if (a(i)) continue; if (b(i)) break; w(); } z(); }')).toBe(
      lines(`
        0:
          declare i
          i = 0
          to 1
        1:
          loop (i < n) 2 else 6
        2:
          %1 = a(i)
          if (%1) 5! else 3
        3:
          %2 = b(i)
          if (%2) 6! else 4
        4:
          w()
          to 5
        5:
          i = i + 1
          to 1
        6:
          end i
          z()
          return
      `),
    );
  });

  test('evaluate the condition of do after the body, and of do while (0) not at all', () => {
    expect(c.print('void f(int n) { do { n = g(n); } while (n); do { h(); } while (0); }')).toBe(
      lines(`
        0:
          to 1
        1:
          n = g(n)
          loop (n) 1 else 2
        2:
          h()
          return
      `),
    );
  });

  test('that never end leave what follows out', () => {
    expect(c.print('void f(void) { while (1) g(); h(); }')).not.toContain('h()');
  });

  test('of macros ask for the next element of their cursors', () => {
    expect(
      c.print(
        'void f(struct list_head *head) { struct r *r, *n; list_for_each_entry_safe(r, n, head, list) { if (r->x) break; list_del(&r->list); } }',
      ),
    ).toBe(
      lines(`
        0:
          declare r
          declare n
          to 1
        1:
          %1 = iterate list_for_each_entry_safe(r, n, head, ?{list}) -> r, n
          loop (%1) 2 else 4
        2:
          if (r->x) 4! else 3
        3:
          list_del(&r->list)
          to 1
        4:
          return
      `),
    );
    expect(c.print('void f(struct c *c) { unsigned long i; void *e; xa_for_each(&c->xa, i, e) g(e); }')).toContain('-> i, e');
    expect(c.print('void f(struct c *c) { int id; void *e; idr_for_each_entry(&c->idr, e, id) g(e); }')).toContain('-> e, id');
    expect(c.print('void f(void) { int cpu; for_each_possible_cpu(cpu) g(cpu); }')).toContain('-> cpu');
  });

  test('of macros that the units define are expanded around the body as written', () => {
    expect(
      c.print(
        '#define for_each_queue(r, q, i) for (i = 0; i < (r)->n && (q = (r)->q[i], 1); i++)\nint f(struct ring *r) { struct q *q; int i; for_each_queue(r, q, i) { if (q->dead) continue; if (q->full) break; g(q); } return i; }',
      ),
    ).toBe(
      lines(`
        0:
          declare q
          declare i
          i = 0
          to 1
        1:
          loop (i < r->n) 2 else 6
        2:
          q = r->q[i]
          if (q->dead) 5! else 3
        3:
          if (q->full) 6! else 4
        4:
          g(q)
          to 5
        5:
          i = i + 1
          to 1
        6:
          return i
      `),
    );
  });
});

describe('switch', () => {
  test('has cases with their names, ranges and what falls through', () => {
    const text =
      'enum { A = 1, B };\nint f(int x) { switch (x) { case A: g(); fallthrough; case B: h(); break; case 5 ... 7: return 1; } return 0; }';
    expect(c.print(text)).toBe(
      lines(`
        0:
          switch (x) A: 1, B: 2, 5 ... 7: 3, default: 4
        1:
          g()
          to 2
        2:
          h()
          to 4
        3:
          return 1
        4:
          return 0
      `),
    );
    expect(c.graph(text).blocks[0]?.terminator).toMatchObject({
      cases: [
        { low: 1n, high: 1n },
        { low: 2n, high: 2n },
        { low: 5n, high: 7n },
      ],
    });
  });

  test('leaves values that are not known open', () => {
    expect(c.graph('int f(int x) { switch (x) { case UNKNOWN_VALUE: return 1; default: return 2; } }').blocks[0]?.terminator).toMatchObject(
      {
        cases: [{ low: null, high: null, text: 'UNKNOWN_VALUE' }],
      },
    );
  });

  test('passes continue on to the loop around it', () => {
    expect(c.print('void f(int x) { while (a()) { switch (x) { case 1: continue; case 2: break; } b(); } }')).toContain(
      'switch (x) 1: 1, 2: 3, default: 3',
    );
  });
});

describe('goto', () => {
  test('ends the scopes that it leaves', () => {
    expect(c.print('void f(void) { { int x = 1; { int y = 2; if (x) goto out; } } g(); out: return; }')).toContain(
      lines(`
        1:
          end y
          end x
          goto out, 3
      `),
    );
  });

  test('back before a declaration of its block ends that variable', () => {
    expect(c.print('void f(void) { again: g(); int x = h(); if (x) goto again; }')).toContain('  end x\n  goto again, 1');
  });

  test('to a label that is missing is not analysed', () => {
    expect(c.reason('void f(void)\n{\n\tgoto nowhere;\n}')).toBe("line 3: goto to 'nowhere', a label that 'f' doesn't have");
  });

  test('that is computed is not analysed', () => {
    expect(c.reason('void f(void *p)\n{\n\tgoto *p;\n}')).toBe('line 3: a computed goto is not followed');
  });

  test('lists labels in source order with their blocks', () => {
    const graph = c.graph('int f(int a) { if (a) goto second; first: g(); second: return a; }');
    expect(graph.labels.map((label) => label.name)).toEqual(['first', 'second']);
    for (const label of graph.labels) expect(graph.blocks[label.block]?.labels).toContain(label.name);
  });
});

describe('locals', () => {
  test('that shadow another are other variables', () => {
    expect(c.graph('int f(int x) { { int x = 2; g(x); } return x; }').variables.map((v) => [v.name, v.kind])).toEqual([
      ['x', 'parameter'],
      ['x', 'local'],
    ]);
  });

  test('that are static are neither declared nor initialised by a call', () => {
    expect(c.print('int f(void) { static int n = 5; return n; }')).toBe('0:\n  return n');
  });

  test('take initialiser lists as zero and the stated fields', () => {
    expect(
      c.print(
        'struct in { int a, b; }; struct args { int n; struct in in; };\nvoid f(int x) { struct args s = { .n = x, .in = { .b = g() } }; struct in p = { 1, 2 }; int a[] = { 1, [4] = 2, 3 }; struct args z = {}; }',
      ),
    ).toBe(
      lines(`
        0:
          declare s
          s = 0
          s.n = x
          s.in.b = g()
          declare p
          p = 0
          p.a = 1
          p.b = 2
          declare a
          a = 0
          a[0] = 1
          a[4] = 2
          a[5] = 3
          declare z
          z = 0
          return
      `),
    );
  });

  test('that a macro of the kernel declares are handed to it', () => {
    expect(c.print('void f(void) { LIST_HEAD(todo); g(&todo); }')).toBe('0:\n  declare todo\n  LIST_HEAD(&todo)\n  g(&todo)\n  return');
  });
});

describe('assembly', () => {
  test('is opaque where it has an instruction, or gives what nobody states', () => {
    expect(c.print('void f(void) { asm volatile("nop"); }')).toContain('opaque asm volatile("nop")');
    expect(c.print('int f(int x) { asm("" : "=r"(x)); return x; }')).toContain('opaque');
  });

  test('without an instruction does nothing but give what it ties together', () => {
    expect(c.print('int f(int x) { asm volatile("" ::: "memory"); asm("" : "+r"(x), "=m"(x) : "r"(x + 1)); return x; }')).not.toContain(
      'opaque',
    );
    expect(c.print('int f(int x) { int y; asm("" : "=r"(y) : "0"(x + 1)); return y; }')).toContain('y = x + 1');
  });
});
