// What a run of a scenario comes to, by what the guest says.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MachineFailure } from '../../extension/executor/machine-failure.js';
import type { QemuMachine } from '../../extension/executor/qemu-machine.js';
import type { GuestMessage, HostCommand } from '../../extension/executor/protocol.js';
import { GuestSession } from '../../extension/executor/guest-session.js';
import { resolveScenario, type ResolvedScenario } from '../../extension/scenario/resolve.js';
import { fuseRuntime } from '../support/fuse.js';
import { valueOf } from '../support/result.js';

const { scenarios, vocabulary } = fuseRuntime;

/** Two operations, the second of which closes what does not exist. */
function scenario(): ResolvedScenario {
  const found = scenarios.find(({ name }) => name === 'close-twice-while-open');
  if (found === undefined) throw new Error('no scenario');
  return valueOf(resolveScenario(found, vocabulary));
}

let folder: string;
let log: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'session-'));
  log = join(folder, 'log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A session with a machine that says so much and then ends. */
function session(said: readonly GuestMessage[], text: string): { readonly session: GuestSession; readonly sent: HostCommand[] } {
  const left = [...said];
  const sent: HostCommand[] = [];
  writeFileSync(log, text);
  const machine: Pick<QemuMachine, 'send' | 'receive' | 'stop'> = {
    send: (message) => void sent.push(message),
    receive: () => {
      const next = left.shift();
      return next ? Promise.resolve(next) : Promise.reject(new MachineFailure('panic', 'Kernel panic - not syncing: x'));
    },
    stop: () => Promise.resolve(),
  };
  return { session: new GuestSession(machine as QemuMachine, log), sent };
}

const how = { rounds: 2, events: false, fault: { operation: 1, nth: 3 } };
const at = (round: number, operation: number): { id: number; round: number; operation: number; thread: number } => ({
  id: 1,
  round,
  operation,
  thread: 0,
});

describe('a run', () => {
  test('has the answers of each round, and what is left of the fault in the first', async () => {
    const { session: its, sent } = session(
      [
        { t: 'begin', ...at(0, 0) },
        { t: 'answer', ...at(0, 0), value: 1, left: 0 },
        { t: 'begin', ...at(0, 1) },
        { t: 'event', id: 1, operation: 1, line: 'seen' },
        { t: 'event', id: 1, operation: -1, line: 'of the setup' },
        { t: 'answer', ...at(0, 1), value: -12, left: 2 },
        { t: 'done', id: 1, round: 0, setup: 0, teardown: 0 },
        { t: 'error', message: 'a request is still on its way' },
        { t: 'begin', ...at(1, 0) },
        { t: 'answer', ...at(1, 0), value: 2, left: 0 },
        { t: 'skip', ...at(1, 1) },
        { t: 'done', id: 1, round: 1, setup: 0, teardown: -16 },
        { t: 'ran', id: 1 },
      ],
      '[ 1.0] fuse-review: teardown 1 1\n',
    );
    const run = await its.run(scenario(), how);
    expect(sent).toMatchObject([{ t: 'run', id: 1, ...how }]);
    expect(run).toMatchObject({ id: 1, left: 2, failure: null, complaints: ['a request is still on its way'] });
    expect(run.rounds.map(({ answers }) => answers.slice(0, 2))).toEqual([
      [1, -12],
      [2, null],
    ]);
    expect(run.rounds.map(({ begun }) => begun.slice(0, 2))).toEqual([
      [true, true],
      [true, false],
    ]);
    expect(run.rounds.map(({ teardown }) => teardown)).toEqual([0, -16]);
    expect(run.events[1]).toEqual(['seen']);
  });

  test('in which the machine ends says how, and nothing is asked of it any more', async () => {
    const { session: its, sent } = session([{ t: 'begin', ...at(0, 0) }], '');
    const run = await its.run(scenario(), how);
    expect(run.failure).toMatchObject({ kind: 'panic' });
    expect(run.rounds[0]?.begun[0]).toBe(true);
    expect(run.rounds[0]?.answers[0]).toBeNull();
    expect(await its.leaks()).toBeNull();
    expect(await its.canary('leak')).toBe(false);
    expect(await its.probes(['fuse'])).toEqual(['fuse']);
    expect(sent).toHaveLength(1);
    expect(its.failure).toBe(run.failure);
  });

  test('whose log does not come to its end is no run', { timeout: 20_000 }, async () => {
    const { session: its } = session([{ t: 'ran', id: 1 }], '');
    expect((await its.run(scenario(), how)).failure?.message).toBe("the kernel's log lacks 'fuse-review: teardown 1 1' after 5 s");
  });
});

test('canaries, leaks and probes answer, and what can not be carried out ends the session', async () => {
  const { session: its } = session(
    [
      { t: 'canary', name: 'warning', value: 0 },
      { t: 'leaks', text: 'unreferenced' },
      { t: 'probes', refused: ['one'] },
      { t: 'error', message: 'no such canary' },
    ],
    'fuse-review: canary warning\n',
  );
  expect(await its.canary('warning')).toBe(true);
  expect(await its.leaks()).toBe('unreferenced');
  expect(await its.probes(['one', 'two'])).toEqual(['one']);
  expect(await its.canary('nothing')).toBe(false);
  expect(its.failure?.message).toBe('the guest: no such canary');
});
