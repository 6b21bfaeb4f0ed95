// States that several threads see: against a list of who came with whom asleep, and by threads that claim the same states at once.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SharedStates, sharedStatesMemory } from '../../extension/simulator/explore/shared-states.js';
import { bundleOf } from '../support/bundle.js';
import type { ClaimedStates, StatesToClaim } from './claiming-worker.js';

const key = fc.constantFrom('abcdefgh', 'abcdefgi', 'abcdefgh fault', 'xyz');
const visit = fc.record({ kind: fc.constant('visit'), key, asleep: fc.nat(0x0f) });
const event = fc.oneof({ weight: 5, arbitrary: visit }, { weight: 1, arbitrary: fc.constant({ kind: 'forget' as const }) });

describe('states that are shared', () => {
  test('are gone on from once with each thread, as long as nothing is forgotten', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        const states = new SharedStates();
        /** Threads with which somebody has gone on. */
        let gone = new Map<string, number>();
        const all = new Set<string>();
        for (const each of events) {
          if (!('key' in each)) {
            states.forget();
            gone = new Map();
            continue;
          }
          const { key: state, asleep } = each;
          const before = gone.get(state);
          all.add(state);
          const left = states.enter(state, asleep);
          expect(left & 0xff).toBe(~asleep & ~(before ?? 0) & 0xff);
          // -1 says that all threads go on.
          expect(left === -1).toBe(before === undefined && asleep === 0);
          gone.set(state, (before ?? 0) | (~asleep & 0xff));
          expect(states.size).toBe(all.size);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('are others than those between operations and those that are settled', () => {
    const states = new SharedStates();
    expect(states.isSettled('abc')).toBe(false);
    states.settle('abc');
    expect(states.rests('rest abc')).toBe(false);
    expect(states.rests('rest abc')).toBe(true);
    states.forget();
    expect(states.rests('rest abc')).toBe(false);
    expect(states.isSettled('abc')).toBe(true);
    expect(states.size).toBe(0);
  });

  describe('by threads', () => {
    let folder: string;
    beforeAll(async () => {
      folder = await bundleOf('test/simulator/claiming-worker.ts', 'claiming-worker');
    });
    afterAll(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    test('are gone on from by one of them', async () => {
      const memory = sharedStatesMemory();
      const started = new SharedArrayBuffer(4);
      const count = 20_000;
      const claimed = await Promise.all(
        [0, 1, 2].map((seed) => {
          const workerData: StatesToClaim = { memory, started, threads: 3, seed, count };
          return new Promise<ClaimedStates>((resolve, reject) => {
            const worker = new Worker(join(folder, 'claiming-worker.mjs'), { workerData });
            worker.once('message', resolve).once('error', reject);
          });
        }),
      );
      const all = claimed.flat();
      expect(all.length).toBe(count);
      expect(new Set(all).size).toBe(count);
      expect(claimed.filter((own) => own.length > 0).length).toBeGreaterThan(1);
      expect(new SharedStates(memory).size).toBe(count);
    }, 30_000);
  });
});
