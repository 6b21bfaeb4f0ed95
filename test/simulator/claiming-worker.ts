// A thread of a test that goes on from as many shared states as it can.
import { parentPort, workerData } from 'node:worker_threads';
import { SharedStates } from '../../extension/simulator/explore/shared-states.js';

export interface StatesToClaim {
  readonly memory: SharedArrayBuffer;
  /** Threads that are there; they begin together. */
  readonly started: SharedArrayBuffer;
  readonly threads: number;
  readonly seed: number;
  readonly count: number;
}

/** The numbers of those that no other thread goes on from. */
export type ClaimedStates = readonly number[];

const { memory, started, threads, seed, count } = workerData as StatesToClaim;
const states = new SharedStates(memory);
const begun = new Int32Array(started);
Atomics.add(begun, 0, 1);
Atomics.notify(begun, 0);
for (let there = Atomics.load(begun, 0); there < threads; there = Atomics.load(begun, 0)) Atomics.wait(begun, 0, there);
const claimed: number[] = [];
// All in an order of its own; each state's key has its number in it twice, as keys of states have bits everywhere.
const step = [7, 11, 13][seed] ?? 1;
for (let at = 0, state = 0; at < count; at++, state = (state + step) % count) {
  const key = `${String(state).padStart(8, 'x')} ${state}`;
  if (states.enter(key, 0) !== 0) claimed.push(state);
}
parentPort?.postMessage(claimed);
