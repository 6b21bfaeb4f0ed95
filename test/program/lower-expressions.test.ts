import { describe, expect, test } from 'vitest';
import { lines, lowering } from './lowering.js';

const c = lowering();

/** Instructions of a function with parameters a and p that is one block. */
function body(statements: string): string {
  return c.print(`int f(int a, struct s *p) { ${statements} }`);
}

describe('calls', () => {
  test('come out in the order of evaluation', () => {
    expect(body('return g(h(a), p->x) + k();')).toBe(
      lines(`
        0:
          %1 = h(a)
          %2 = g(%1, p->x)
          %3 = k()
          return %2 + %3
      `),
    );
  });

  test('write where the assignment says', () => {
    expect(body('p->f = g(a); return 0;')).toContain('p->f = g(a)');
  });

  test('through pointers keep what is called', () => {
    const graph = c.graph('void f(struct s *p) { p->ops->put(p); (*p->fn)(1); }');
    expect(graph.blocks[0]?.instructions).toMatchObject([
      { kind: 'call', target: null, callee: { kind: 'indirect', text: 'p->ops->put' } },
      { kind: 'call', callee: { kind: 'indirect', text: 'p->fn' } },
    ]);
  });

  test('take types as arguments', () => {
    const graph = c.graph('void f(void) { struct b *b = kmalloc_obj(struct b); }');
    expect(graph.blocks[0]?.instructions[1]).toMatchObject({ kind: 'call', arguments: [{ kind: 'type', text: 'struct b' }] });
  });

  test('name functions handed on as functions', () => {
    expect(c.graph('static void cb(void);\nvoid f(void) { run(cb, &cb); }').blocks[0]?.instructions[0]).toMatchObject({
      arguments: [{ value: { kind: 'function', name: 'cb' } }, { value: { kind: 'function', name: 'cb' } }],
    });
  });
});

describe('values that branch', () => {
  test('are assigned on each side', () => {
    expect(body('a = p->x ? -EISDIR : g(); return a;')).toBe(
      lines(`
        0:
          conditional (p->x) 1 else 2
        1:
          a = -EISDIR
          to 3
        2:
          a = g()
          to 3
        3:
          return a
      `),
    );
  });

  test('of && and || are 1 or 0', () => {
    expect(body('return a && g();')).toBe(
      lines(`
        0:
          logical (a) 1 else 3
        1:
          %2 = g()
          logical (%2) 2 else 3
        2:
          %1 = 1
          to 4
        3:
          %1 = 0
          to 4
        4:
          return %1
      `),
    );
  });

  test('of ?: without a middle are evaluated once', () => {
    expect(body('return g() ?: h();')).toBe(
      lines(`
        0:
          %1 = g()
          %2 = %1
          conditional (%2) 2 else 1
        1:
          %2 = h()
          to 2
        2:
          return %2
      `),
    );
  });
});

describe('effects in expressions', () => {
  test('of ++ and -- come before or after the read', () => {
    expect(body('return a++ + --p->n;')).toBe(
      lines(`
        0:
          %1 = a
          a = a + 1
          %2 = p->n - 1
          p->n = %2
          return %1 + %2
      `),
    );
  });

  test('of assignments, commas and compound assignments are statements', () => {
    expect(body('int b; b = a = 2; a = (g(), 3); p->n |= 4; return b;')).toBe(
      lines(`
        0:
          declare b
          a = 2
          b = a
          g()
          a = 3
          p->n = p->n | 4
          return b
      `),
    );
  });

  test('of statement expressions keep the value behind the end of their scope', () => {
    expect(body('return ({ int t = g(); t + 1; });')).toBe(
      lines(`
        0:
          declare t
          t = g()
          %1 = t + 1
          end t
          return %1
      `),
    );
  });

  test('of compound literals are a temporary', () => {
    expect(c.print('void f(void) { g(&(struct s){ .a = 1 }); }')).toBe('0:\n  declare %1\n  %1 = 0\n  %1.a = 1\n  g(&%1)\n  return');
  });

  test('in conditions come before the branch', () => {
    expect(body('while ((a = g(a)) != 0) h(); return a;')).toBe(
      lines(`
        0:
          to 1
        1:
          a = g(a)
          loop (a != 0) 2 else 3
        2:
          h()
          to 1
        3:
          return a
      `),
    );
  });
});

describe('macros of the kernel', () => {
  test('that read or write once say so', () => {
    expect(body('WRITE_ONCE(p->x, READ_ONCE(p->y)); smp_store_release(&p->x, smp_load_acquire(&p->y)); return 0;')).toBe(
      lines(`
        0:
          %1 = once p->y
          p->x = once %1
          %2 = once p->y
          p->x = once %2
          return 0
      `),
    );
  });

  test('that exchange leave the old value', () => {
    expect(body('return xchg(&p->x, a);')).toBe('0:\n  %1 = once p->x\n  p->x = once a\n  return %1');
    expect(body('return cmpxchg(&p->x, 0, a);')).toContain('conditional (%1 == 0) 1 else 2');
    expect(body('swap(a, p->x); return a;')).toBe('0:\n  %1 = a\n  a = p->x\n  p->x = %1\n  return a');
  });

  test('that go from a member to its object are one expression', () => {
    expect(
      body('return g(container_of(p, struct t, m), list_first_entry(&p->list, struct t, link), rb_entry(p->n, struct t, node));'),
    ).toContain('g(container_of(p, struct t, m), container_of(p->list.next, struct t, link), container_of(p->n, struct t, node))');
  });

  test('of an empty list yield NULL', () => {
    expect(body('struct t *t = list_first_entry_or_null(&p->list, struct t, link); return !t;')).toContain(
      'conditional (%1 != &p->list) 1 else 2',
    );
  });

  test('min and max choose', () => {
    expect(body('return min(a, p->x);')).toBe(
      lines(`
        0:
          %1 = a
          conditional (p->x < %1) 1 else 2
        1:
          %1 = p->x
          to 2
        2:
          return %1
      `),
    );
    expect(body('return max_t(u32, a, 3);')).toContain('%1 = (u32)a');
  });

  test('that wait evaluate the condition again after each wait, and leave the queue', () => {
    expect(c.print('int f(struct c *c) { wait_event(c->wq, c->n > g(c)); return wait_event_killable(c->wq, c->done); }')).toBe(
      lines(`
        0:
          to 1
        1:
          %2 = g(c)
          loop (c->n > %2) 3 else 2
        2:
          wait_event(c->wq)
          to 1
        3:
          finish_wait(c->wq)
          to 4
        4:
          loop (c->done) 6 else 5
        5:
          %3 = wait_event_killable(c->wq)
          loop (%3) 7 else 4
        6:
          %3 = 0
          to 7
        7:
          finish_wait(c->wq)
          return %3
      `),
    );
  });

  test('that do not return end the path', () => {
    expect(body('BUG_ON(a); if (!p) panic("x"); return 0;')).toBe(
      lines(`
        0:
          if (a) 1 else 2
        1:
          BUG()
          unreachable
        2:
          if (p) 4 else 3
        3:
          panic("x")
          unreachable
        4:
          return 0
      `),
    );
  });

  test('that warn are calls with the condition evaluated', () => {
    expect(body('if (WARN_ON(a < 0 || g())) return 1; return 0;')).toContain('%3 = WARN_ON(%1)');
  });

  test('that only check at build time are gone', () => {
    expect(body('BUILD_BUG_ON(sizeof(*p) > 8); return 0;')).toBe('0:\n  return 0');
  });
});

describe('constants and sizes', () => {
  test('keep the name that they came from', () => {
    const graph = c.graph('#define LIMIT (4 << 2)\nint f(void) { return -ENOMEM + LIMIT; }');
    expect(graph.blocks[0]?.terminator).toMatchObject({
      value: {
        left: { kind: 'unary', operator: '-', operand: { kind: 'constant', value: 12n, name: 'ENOMEM' } },
        right: { kind: 'constant', value: 16n, name: 'LIMIT' },
      },
    });
  });

  test('of sizeof are equal where the type is', () => {
    expect(body('return sizeof(*p) + sizeof(struct s) + sizeof(u64);')).toBe(
      '0:\n  return sizeof(struct s) + sizeof(struct s) + sizeof(u64)',
    );
  });
});

describe('macros of the units', () => {
  test('are expanded as text: #, ##, variable arguments', () => {
    expect(
      c.print(
        '#define SET(a, args...) set_##a(#a, ##args)\n#define LOG(fmt, ...) log(fmt, __VA_ARGS__)\nvoid f(int i) { SET(q, i, 2); SET(q); LOG("x", i); }',
      ),
    ).toBe('0:\n  set_q("q", i, 2)\n  set_q("q")\n  log("x", i)\n  return');
  });

  test('may declare, jump and hold other macros, and never expand themselves', () => {
    expect(
      c.print(
        '#define ARGS(n) struct a n = {}\n#define ONE 1\n#define TWO (ONE + more)\n#define CHECK(x) do { if (!(x)) goto out; } while (0)\n#define self(x) self(x + 1)\nint f(int x) { ARGS(args); CHECK(x); args.n = TWO; self(x); out: return x; }',
      ),
    ).toBe(
      lines(`
        0:
          declare args
          args = 0
          if (x) 2 else 1!
        1:
          goto out, 3
        2:
          args.n = ONE + more
          self(x + 1)
          to 3
        3: out:
          return x
      `),
    );
  });

  test('of another C file mean nothing here', () => {
    const program = c.load({ 'a.c': '#define twice(x) g(x, x)\n', 'b.c': 'void f(int x) { twice(x); }' });
    expect(program.functions[0]?.blocks[0]?.instructions[0]).toMatchObject({ callee: { name: 'twice' } });
  });

  test('have the span of their use', () => {
    const text = '#define PUT(x) do { put(x); } while (0)\nvoid f(int x) { PUT(x); }';
    const call = c.graph(text).blocks[0]?.instructions[0];
    expect(call && text.slice(call.span.start, call.span.end)).toBe('PUT(x)');
  });
});
