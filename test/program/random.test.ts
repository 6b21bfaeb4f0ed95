import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lowering } from './lowering.js';
import { problems } from './sound.js';

const c = lowering();

const labels = ['l0', 'l1', 'l2'];

const { expression, statement } = fc.letrec<{ expression: string; statement: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('a', 'b', '1', 'p->x', 'ENOMEM', 'g()', 'a++', '--b', 'READ_ONCE(p->y)', 'sizeof(a)'),
    fc
      .tuple(tie('expression'), fc.constantFrom('+', '&&', '||', '==', '<', ',', '?:'), tie('expression'))
      .map(([l, o, r]) => `(${l} ${o} ${r})`),
    tie('expression').map((e) => `!${e}`),
    tie('expression').map((e) => `g(${e})`),
    tie('expression').map((e) => `(a = ${e})`),
    tie('expression').map((e) => `({ int t = ${e}; t; })`),
    fc.tuple(tie('expression'), tie('expression'), tie('expression')).map(([x, y, z]) => `(${x} ? ${y} : ${z})`),
    tie('expression').map((e) => `min(a, ${e})`),
    tie('expression').map((e) => `WARN_ON(${e})`),
  ),
  statement: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('expression').map((e) => `${e};`),
    fc.constantFrom('return a;', 'return no_free_ptr(p);', ';', 'fallthrough;', ...labels.map((label) => `goto ${label};`)),
    fc.constantFrom('if (a) break;', 'break;', 'continue;').map((s) => `while (a) { ${s} }`),
    tie('expression').map((e) => `int b = ${e};`),
    tie('expression').map((e) => `{ struct s *q __free(kfree) = h(${e}); if (!q) goto l1; g(); }`),
    fc.array(tie('statement'), { maxLength: 4 }).map((list) => `{ ${list.join(' ')} }`),
    fc.tuple(tie('expression'), tie('statement')).map(([e, s]) => `if (${e}) { ${s} }`),
    fc.tuple(tie('expression'), tie('statement'), tie('statement')).map(([e, s, t]) => `if (${e}) { ${s} } else { ${t} }`),
    fc.tuple(tie('expression'), tie('statement')).map(([e, s]) => `while (${e}) { ${s} if (a) continue; }`),
    fc.tuple(tie('expression'), tie('statement')).map(([e, s]) => `do { ${s} if (a) break; } while (${e});`),
    fc.tuple(tie('expression'), tie('statement')).map(([e, s]) => `for (int i = 0; ${e}; i++) { ${s} }`),
    fc
      .tuple(tie('expression'), tie('statement'), tie('statement'))
      .map(([e, s, t]) => `switch (${e}) { case 1: { ${s} } break; case 2 ... 4: default: { ${t} } }`),
    tie('statement').map((s) => `list_for_each_entry(p, head, list) { ${s} }`),
    tie('statement').map((s) => `scoped_guard(mutex, &p->m) { ${s} }`),
    tie('statement').map((s) => `{ guard(rcu)(); ${s} }`),
    tie('expression').map((e) => `wait_event(p->wq, ${e});`),
  ),
}));

describe('random functions', () => {
  test('are lowered to sound graphs in which every label that is jumped to has its block', () => {
    const program = fc.tuple(
      fc.array(statement, { maxLength: 5 }),
      fc.array(statement, { maxLength: 3 }),
      fc.array(statement, { maxLength: 3 }),
      expression,
    );
    fc.assert(
      fc.property(program, ([first, second, third, last]) => {
        const body = `${first.join(' ')} l0: ${second.join(' ')} l1: ${third.join(' ')} l2: return ${last};`;
        const text = `int f(int a, int b, struct s *p, struct list_head *head) { ${body} }`;
        const graph = c.graph(text);
        expect(problems(graph)).toEqual([]);
        const targets = graph.blocks.flatMap(({ terminator }) =>
          terminator.kind === 'goto' && terminator.label !== null ? [terminator.label] : [],
        );
        for (const target of targets) expect(graph.labels.map((label) => label.name)).toContain(target);
      }),
      { numRuns: 400 },
    );
  });

  test('whose text is cut anywhere never make loading throw', () => {
    const whole =
      'static int f(struct s *p)\n{\n\tstruct b *b __free(kfree) = g(p);\n\tguard(mutex)(&p->m);\n\tif (!b)\n\t\tgoto out;\n\tlist_for_each_entry(b, &p->l, l)\n\t\tif (b->x) break;\n\treturn_ptr(b);\nout:\n\treturn 0;\n}\n';
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(whole.length), (from, to) => {
        const program = c.load({ 'x.c': whole.slice(0, from) + whole.slice(to) });
        for (const graph of program.functions) expect(problems(graph)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
