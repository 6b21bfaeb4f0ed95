import { describe, expect, test } from 'vitest';
import { lines, lowering } from './lowering.js';

const c = lowering();
const putFree = 'DEFINE_FREE(put_fb, struct fb *, if (_T) fb_put(_T))\n';

describe('__free', () => {
  test('runs the body of DEFINE_FREE on every way out', () => {
    expect(c.print(`${putFree}int f(int id) { struct fb *fb __free(put_fb) = get(id); if (!fb) return -ENOENT; return fb->n; }`)).toBe(
      lines(`
        0:
          declare fb
          fb = get(id)
          if (fb) 4 else 1!
        1:
          cleanup (fb) 2 else 3
        2:
          fb_put(fb) by __free(put_fb)
          to 3
        3:
          return -ENOENT
        4:
          %1 = fb->n
          cleanup (fb) 5 else 6
        5:
          fb_put(fb) by __free(put_fb)
          to 6
        6:
          return %1
      `),
    );
  });

  test('calls its name where nothing defines it, unless there is nothing to free', () => {
    expect(c.print('void f(void) { void *p __free(kfree) = g(); h(p); }')).toBe(
      lines(`
        0:
          declare p
          p = g()
          h(p)
          %1 = IS_ERR_OR_NULL(p) by __free(kfree)
          cleanup (%1) 2 else 1
        1:
          kfree(p) by __free(kfree)
          to 2
        2:
          return
      `),
    );
  });

  test('runs in reverse order, also where goto, break and continue leave the scope', () => {
    const text = c.print(
      'void f(int n) { while (n) { void *a __free(vfree) = g(); void *b __free(kfree) = g(); if (n == 1) break; if (n == 2) goto out; h(); } out: return; }',
    );
    const calls = [...text.matchAll(/(kfree|vfree)\(|goto out|h\(\)/g)].map((match) => match[0]);
    expect(calls).toEqual(['kfree(', 'vfree(', 'kfree(', 'vfree(', 'goto out', 'h()', 'kfree(', 'vfree(']);
  });

  test('means the variable of its scope where an inner one has the same name', () => {
    const graph = c.graph(`${putFree}void f(void) { struct fb *x __free(put_fb) = get(); { int x = 1; if (x) return; } }`);
    const outer = graph.variables.findIndex((variable) => variable.name === 'x');
    const puts = graph.blocks.flatMap((block) => block.instructions).filter((i) => i.kind === 'call' && i.implicit !== null);
    expect(puts.length).toBe(2);
    for (const put of puts) expect(put).toMatchObject({ arguments: [{ value: { kind: 'variable', variable: outer } }] });
  });

  test('has nothing to do after no_free_ptr and return_ptr', () => {
    const taken = lines(`
      %1 = fb
      fb = NULL
    `);
    expect(c.print(`${putFree}struct fb *f(void) { struct fb *fb __free(put_fb) = get(); return no_free_ptr(fb); }`)).toContain(
      taken.split('\n').join('\n  '),
    );
    const text = c.print(`${putFree}struct fb *f(void) { struct fb *fb __free(put_fb) = get(); if (fb->ok) return_ptr(fb); return NULL; }`);
    expect(text).toContain('if (fb->ok) 1! else');
    expect(text).toContain('return %1');
  });

  test('keeps the call that says who has the pointer after retain_and_null_ptr', () => {
    expect(c.print('void f(void) { void *p __free(kfree) = g(); retain_and_null_ptr(p); }')).toContain(
      '  retain_and_null_ptr(p)\n  p = NULL\n',
    );
  });
});

describe('guards', () => {
  test('unlock on every way out, in reverse order', () => {
    expect(c.print('int f(struct s *s) { guard(mutex)(&s->m); guard(rcu)(); if (s->x) return 1; return 0; }')).toBe(
      lines(`
        0:
          %1 = &s->m
          mutex_lock(%1)
          rcu_read_lock()
          if (s->x) 1! else 2
        1:
          rcu_read_unlock() by guard(rcu)
          mutex_unlock(%1) by guard(mutex)
          return 1
        2:
          rcu_read_unlock() by guard(rcu)
          mutex_unlock(%1) by guard(mutex)
          return 0
      `),
    );
  });

  test('hand flags and indices on', () => {
    expect(c.print('void f(struct s *s) { guard(spinlock_irqsave)(&s->l); guard(srcu)(&s->r); }')).toBe(
      lines(`
        0:
          %1 = &s->l
          spin_lock_irqsave(%1, %2)
          %3 = &s->r
          %4 = srcu_read_lock(%3)
          srcu_read_unlock(%3, %4) by guard(srcu)
          spin_unlock_irqrestore(%1, %2) by guard(spinlock_irqsave)
          return
      `),
    );
  });

  test('of a scope end with it, and break leaves it', () => {
    expect(c.print('void f(struct s *s) { scoped_guard(spinlock, &s->l) { if (s->x) break; g(); } h(); }')).toBe(
      lines(`
        0:
          %1 = &s->l
          spin_lock(%1)
          if (s->x) 1! else 2
        1:
          spin_unlock(%1) by guard(spinlock)
          to 3
        2:
          g()
          spin_unlock(%1) by guard(spinlock)
          to 3
        3:
          h()
          return
      `),
    );
  });

  test('that may fail take the way out that they are given', () => {
    const text = c.print('int f(struct s *s) { scoped_cond_guard(mutex_intr, return -EINTR, &s->m) { g(); } return 0; }');
    expect(text).toContain('= mutex_lock_interruptible(%1)');
    expect(text).toContain('return -EINTR');
  });

  test('that the units define run what they say', () => {
    expect(
      c.print(
        'DEFINE_GUARD(conn, struct conn *, conn_lock(_T), conn_unlock(_T))\nDEFINE_LOCK_GUARD_1(bg, struct chan, spin_lock(&_T->lock->bg), spin_unlock(&_T->lock->bg))\nvoid f(struct s *s) { guard(conn)(s->conn); guard(bg)(s->chan); }',
      ),
    ).toBe(
      lines(`
        0:
          %1 = s->conn
          conn_lock(%1)
          %2 = 0
          %2.lock = s->chan
          %3 = &%2
          spin_lock(&%3->lock->bg)
          spin_unlock(&%3->lock->bg) by guard(bg)
          conn_unlock(%1) by guard(conn)
          return
      `),
    );
  });

  test('that nothing defines are calls to their constructor and destructor', () => {
    expect(c.print('void f(struct s *s) { guard(odd)(s); }')).toBe(
      '0:\n  %1 = s\n  %2 = class_odd_constructor(%1)\n  class_odd_destructor(&%2) by guard(odd)\n  return',
    );
  });
});

describe('CLASS', () => {
  test('acquires and releases', () => {
    expect(c.print('int f(int n) { CLASS(fd, f)(n); return fd_empty(f); }')).toBe(
      '0:\n  declare f\n  f = fdget(n)\n  %1 = fd_empty(f)\n  fdput(f) by CLASS(fd)\n  return %1',
    );
  });

  test('that the units define runs what it says', () => {
    expect(
      c.print(
        'DEFINE_CLASS(thing, struct thing *, if (!IS_ERR(_T)) thing_put(_T), thing_get(id), int id)\nvoid f(int n) { CLASS(thing, t)(n + 1); g(t); }',
      ),
    ).toBe(
      lines(`
        0:
          %1 = n + 1
          declare t
          t = thing_get(%1)
          g(t)
          %2 = IS_ERR(t) by CLASS(thing)
          cleanup (%2) 2 else 1
        1:
          thing_put(t) by CLASS(thing)
          to 2
        2:
          return
      `),
    );
  });
});
