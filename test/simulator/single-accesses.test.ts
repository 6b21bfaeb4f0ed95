// The program's form in which no instruction makes more than one access that another thread may see.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressTaken, isShared } from '../../extension/program/accesses.js';
import { isPlace, type FunctionGraph, type PlaceExpression, type PureExpression } from '../../extension/program/graph.js';
import type { ProgramLoader } from '../../extension/program/load.js';
import { printGraph, printInstruction, printTerminator } from '../../extension/program/print.js';
import type { Program } from '../../extension/program/program.js';
import { withSingleAccesses, type AccessTypes } from '../../extension/program/single-accesses.js';
import { ExpressionTypes } from '../../extension/simulator/code/expression-types.js';
import { Layout } from '../../extension/simulator/code/layout.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
import { describeWithTree } from '../support/trees.js';
import { loaderOf, programOf } from './small.js';

let parser: SyntaxParser;
let loader: ProgramLoader;
beforeAll(async () => {
  parser = await createParser();
  loader = loaderOf(parser);
});
afterAll(() => {
  parser.dispose();
});

function typesOf(program: Program, graph: FunctionGraph): AccessTypes {
  return new ExpressionTypes(program, new Layout(program, () => undefined)).accessTypes(graph);
}

/** The instructions of the first block of f(), which is given `struct box *local`, and what is of file scope. */
function body(statements: string): string {
  const text = `struct box { int value; struct box *next; struct { int x, y; } pair; int items[4]; unsigned bit : 1; };
    static struct box *shared, other; static int count; int g(int a, struct box *b);
    long f(struct box *local, int n) { ${statements} }`;
  const program = programOf(loader, text);
  const graph = program.functions.find(({ name }) => name === 'f');
  if (!graph) throw new Error('f() is not there');
  const lines = printGraph(withSingleAccesses(graph, typesOf(program, graph))).split('\n');
  return lines
    .slice(2)
    .map((line) => line.trim())
    .join('; ');
}

describe('a statement', () => {
  test('that follows a shared pointer reads the pointer first', () => {
    expect(body('return shared->value;')).toBe('%1 = shared; return %1->value');
    expect(body('return local->next->value;')).toBe('%1 = local->next; return %1->value');
  });

  test('with one access stays as it is', () => {
    expect(body('n = local->value; return n;')).toBe('n = local->value; return n');
    expect(body('local->value = n + 1; return 0;')).toBe('local->value = n + 1; return 0');
  });

  test('reads operands from left to right', () => {
    expect(body('n = count + shared->value; return n;')).toBe('%1 = count; %2 = shared; n = %1 + %2->value; return n');
  });

  test('that counts reads and writes, and finds the place once', () => {
    expect(body('count++; return 0;')).toBe('%1 = count; count = %1 + 1; return 0');
    expect(body('shared->value |= 4; return 0;')).toBe('%1 = shared; %2 = %1->value; %1->value = %2 | 4; return 0');
  });

  test('reads what it assigns before the pointers to where', () => {
    expect(body('shared->next->value = count; return 0;')).toBe('%1 = count; %2 = shared; %3 = %2->next; %3->value = %1; return 0');
  });

  test('reads arguments before the call, and writes where its result goes after it', () => {
    expect(body('shared->value = g(count, shared); return 0;')).toBe(
      '%1 = count; %2 = shared; %3 = g(%1, %2); %4 = shared; %4->value = %3; return 0',
    );
  });

  test('hands an address over without reading what is there', () => {
    expect(body('return g(n, &other);')).toBe('%1 = g(n, &other); return %1');
    expect(body('return g(n, &shared->next[n]);')).toContain('%2 = shared; %3 = %2->next');
  });

  test('copies a record as a whole, by a pointer that was read before', () => {
    expect(body('other = *shared; return 0;')).toBe('%1 = shared; other = *%1; return 0');
  });

  test('exchanges at once what it has found before', () => {
    expect(body('n = xchg(&shared->value, count); return n;')).toBe(
      '%2 = shared; %3 = count; %1 = once %2->value; %2->value = once %3; n = %1; return n',
    );
  });
});

describeWithTree('linux-7.2', 'fs/fuse', (tree) => {
  test('has no function with two accesses in one instruction', () => {
    const program = loader.load(tree, { folder: 'fs/fuse', config: new Map() });
    const wrong: string[] = [];
    for (const graph of program.functions) {
      const types = typesOf(program, graph);
      const split = withSingleAccesses(graph, types);
      const counts = accessesIn(split, types);
      for (const block of split.blocks) {
        const previous = block.instructions;
        for (const i of previous) {
          const target = (i.kind === 'assign' || i.kind === 'call') && i.target ? i.target : null;
          const values: PureExpression[] =
            i.kind === 'assign'
              ? [i.value]
              : i.kind === 'call'
                ? i.arguments.flatMap((each) => (each.kind === 'value' ? [each.value] : []))
                : [];
          const read = values.reduce((sum, value) => sum + counts.reads(value), 0);
          const written = target === null ? 0 : counts.readsTo(target) + (counts.isAccess(target) ? 1 : 0);
          if (read + written > 1) wrong.push(`${graph.name}: ${printInstruction(i, split.variables)}`);
        }
        const { terminator: t } = block;
        const value = t.kind === 'branch' ? t.condition : t.kind === 'switch' || t.kind === 'return' ? t.value : null;
        if (value && counts.reads(value) > 1) wrong.push(`${graph.name}: ${printTerminator(t, split.variables)}`);
      }
    }
    expect(program.functions.length).toBeGreaterThan(500);
    expect(wrong).toEqual([]);
  });
});

/** Counts by itself: reads of scalars that others may have. */
function accessesIn(
  graph: FunctionGraph,
  types: AccessTypes,
): {
  reads: (e: PureExpression) => number;
  readsTo: (place: PlaceExpression) => number;
  isAccess: (place: PlaceExpression) => boolean;
} {
  const taken = addressTaken(graph);
  const isAccess = (place: PlaceExpression): boolean =>
    isShared(place, graph, taken) && (place.kind !== 'global' || types.isDefined(place.name));
  const readsTo = (place: PlaceExpression): number =>
    place.kind === 'field'
      ? readsTo(place.base)
      : place.kind === 'index'
        ? readsTo(place.base) + reads(place.index)
        : place.kind === 'deref'
          ? reads(place.pointer)
          : 0;
  const reads = (e: PureExpression): number => {
    if (isPlace(e)) return readsTo(e) + (isAccess(e) && types.shapeOf(types.typeOf(e, graph.variables)) === 'scalar' ? 1 : 0);
    if (e.kind === 'address') return readsTo(e.place);
    if (e.kind === 'unary' || e.kind === 'cast') return reads(e.operand);
    if (e.kind === 'binary') return reads(e.left) + reads(e.right);
    return e.kind === 'container-of' ? reads(e.pointer) : 0;
  };
  return { reads, readsTo, isAccess };
}
