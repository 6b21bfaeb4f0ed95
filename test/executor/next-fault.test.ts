// Which point fails next.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextFault } from '../../extension/executor/next-fault.js';
import { MachineFailure } from '../../extension/executor/machine-failure.js';
import type { InjectedFault } from '../../extension/executor/guest-session.js';

/** The faults that are tried on operations that have so many points each, as `operation:nth`. */
function tried(points: readonly number[], faults: 'all' | number, ends: (fault: InjectedFault) => boolean = () => false): string[] {
  const all: string[] = [];
  let fault = nextFault(points.length, faults, undefined);
  while (fault) {
    all.push(`${fault.operation}:${fault.nth}`);
    const left = Math.max(0, fault.nth - (points[fault.operation] ?? 0));
    const failure = ends(fault) ? new MachineFailure('panic', 'Kernel panic') : null;
    fault = nextFault(points.length, faults, { fault, run: { left: failure ? null : left, failure } });
  }
  return all;
}

test('every point of every operation, until one is not used up', () => {
  expect(tried([2, 0, 1], 'all')).toEqual(['0:1', '0:2', '0:3', '1:1', '2:1', '2:2']);
});

test('one point of each operation', () => {
  expect(tried([2, 0, 5], 3)).toEqual(['0:3', '1:3', '2:3']);
});

test('the points after one that ends the machine', () => {
  expect(tried([3], 'all', ({ nth }) => nth === 2)).toEqual(['0:1', '0:2', '0:3', '0:4']);
});

test('no operations have no faults, and points that never end are given up', () => {
  expect(tried([], 'all')).toEqual([]);
  expect(tried([Infinity, 0], 'all')).toHaveLength(201);
});

test('any scenario: each point once, and one more of each operation', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(12), { maxLength: 6 }), (points) => {
      const all = tried(points, 'all');
      expect(new Set(all).size).toBe(all.length);
      expect(all).toHaveLength(points.reduce((sum, each) => sum + each + 1, 0));
    }),
  );
});
