// Machines that behave badly: each way has its own message, none is waited for without end, and nothing is left behind.
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { MachineFailure } from '../../extension/executor/machine-failure.js';
import { QemuMachine, type MachineOptions } from '../../extension/executor/qemu-machine.js';
import { deadlineIn } from '../../extension/executor/watchdog.js';
import { processesNaming } from './processes-left.js';

const limits = { firstLine: 1500, progress: 1500, control: 1500 };
const path = process.env.PATH ?? '';
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'machine-'));
  mkdirSync(join(folder, 'bin'));
  const fake = join(import.meta.dirname, 'fake-qemu.mjs');
  writeFileSync(join(folder, 'bin/qemu-system-x86_64'), `#!/bin/sh\nexec '${process.execPath}' '${fake}' "$@"\n`);
  chmodSync(join(folder, 'bin/qemu-system-x86_64'), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(() => {
  mkdirSync(join(folder, 'tmp'));
  vi.stubEnv('TMPDIR', join(folder, 'tmp'));
  vi.stubEnv('PATH', `${join(folder, 'bin')}:${path}`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  const left = readdirSync(join(folder, 'tmp'));
  rmSync(join(folder, 'tmp'), { recursive: true, force: true });
  rmSync(join(folder, 'log'), { force: true });
  expect(left).toEqual([]);
  await vi.waitFor(() => expect(processesNaming(folder)).toEqual([]), 3000);
});

function start(behaviour: string, options: Partial<MachineOptions> = {}): Promise<QemuMachine> {
  vi.stubEnv('FAKE_QEMU', behaviour);
  const kind = { accelerator: 'tcg', cpus: 1, counted: true } as const;
  return QemuMachine.start({ kind, bzImage: 'bzImage', initrd: 'initrd', log: join(folder, 'log'), limits, ...options });
}

/** Starts a machine, does something with it, and answers how that failed. */
async function failureOf(
  behaviour: string,
  work: (machine: QemuMachine) => Promise<unknown> = (machine) => machine.receive(),
): Promise<string> {
  let machine: QemuMachine | undefined;
  try {
    machine = await start(behaviour);
    await work(machine);
    return 'no failure';
  } catch (error) {
    if (!(error instanceof MachineFailure)) throw error;
    return `${error.kind}: ${error.message}`;
  } finally {
    await machine?.stop();
  }
}

describe('a machine', () => {
  test.each([
    ['refuses', /^exited: QEMU ended: qemu-system-x86_64: no machine of that kind$/],
    ['deaf', /^stuck: QEMU did not connect to its consoles$/],
    ['garbage on control', /^unreadable: QEMU said what can't be read on its control socket: not json$/],
    ['silent', /^silent: the kernel printed nothing for [12] s$/],
    ['panic', /^panic: Kernel panic - not syncing: no init found$/],
    ['exits', /^exited: QEMU ended: exit code 3; the last line is: \[ +0\.000000\] Linux version 7\.2$/],
    ['killed', /^exited: QEMU ended: SIGKILL; the last line is: /],
    ['garbage', /^unreadable: the guest said what can't be read \(.+\): /],
    ['stops', /^stuck: neither the kernel nor the guest said anything for [12] s; the last line is: .*Linux version 7\.2$/],
  ])('that %s', async (behaviour, message) => {
    expect(await failureOf(behaviour)).toMatch(message);
  });

  test('that is not there is told with the package that has it', async () => {
    vi.stubEnv('PATH', '/nowhere');
    expect(await failureOf('')).toBe('not started: qemu-system-x86_64 not found; on Debian: apt-get install qemu-system-x86');
  });

  test('whose sockets have too long a name is told of', async () => {
    const long = join(folder, 'tmp', 'x'.repeat(100));
    mkdirSync(long);
    vi.stubEnv('TMPDIR', long);
    expect(await failureOf('')).toMatch(/^not started: .*x is too long a name for sockets; set TMPDIR to another folder$/);
    expect(readdirSync(long)).toEqual([]);
    rmSync(long, { recursive: true });
  });

  test('that says two lines at once, and half of one, loses none', async () => {
    const machine = await start('at once');
    const said = [await machine.receive(), await machine.receive(), await machine.receive()];
    expect(said).toMatchObject([{ t: 'hello' }, { t: 'ran', id: 1 }, { t: 'ran', id: 2 }]);
    await machine.stop();
  });

  test('that goes on for a while stops with its last line', async () => {
    const talk = async (machine: QemuMachine): Promise<void> => {
      expect(await machine.receive()).toMatchObject({ t: 'hello' });
      machine.send({ t: 'canary', name: 'leak' });
      await machine.receive(400);
    };
    expect(await failureOf('talks then stops', talk)).toMatch(/^stuck: neither/);
  });

  test('whose kernel never falls silent ends at its deadline, with the last line', async () => {
    const wait = (machine: QemuMachine): Promise<unknown> => machine.receive(undefined, deadlineIn(2));
    const said = await failureOf('never silent', wait);
    expect(said).toBe(
      'late: ran past 2 s; the last line is: [    2.000000] watchdog: BUG: soft lockup - CPU#0 stuck for 22s! (--limit allows more)',
    );
  });

  test.each([
    ['dies while saving', /^exited: QEMU ended/],
    ['can not save', /^exited: QEMU could not save the machine$/],
    ['mute control', /^stuck: QEMU did not answer stop for 2 s$/],
  ])('that %s', async (behaviour, message) => {
    expect(await failureOf(behaviour, (machine) => machine.save(folder))).toMatch(message);
  });

  test('is ended at once when the signal aborts: before, while it starts, and while it is waited for', async () => {
    await expect(start('', { signal: AbortSignal.abort() })).rejects.toMatchObject({ kind: 'cancelled' });
    await expect(start('deaf', { signal: AbortSignal.timeout(300) })).rejects.toMatchObject({ kind: 'cancelled' });
    const ending = new AbortController();
    const machine = await start('stops', { signal: ending.signal });
    const waiting = expect(machine.receive()).rejects.toMatchObject({ kind: 'cancelled' });
    ending.abort();
    await waiting;
    await machine.stop();
    await expect(machine.receive()).rejects.toMatchObject({ kind: 'cancelled' });
  });

  test('ends with the process that it belongs to, also where that is killed', async () => {
    const program = join(import.meta.dirname, '../../scripts/run-ts.mjs');
    const parameters = [program, join(import.meta.dirname, 'start-machine.ts'), join(folder, 'log')];
    const env = { ...process.env, FAKE_QEMU: 'alone', TMPDIR: folder };
    const owner = spawn(process.execPath, parameters, { stdio: ['ignore', 'pipe', 'inherit'], env });
    const pid = await new Promise<number>((done) => owner.stdout.once('data', (data) => done(Number(data))));
    expect(processesNaming(folder).length).toBeGreaterThan(0);
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(processesNaming(folder)).toEqual([]), 3000);
  });

  test('that was stopped may be stopped again', async () => {
    const machine = await start('stops');
    await Promise.all([machine.stop(), machine.stop()]);
  });
});
