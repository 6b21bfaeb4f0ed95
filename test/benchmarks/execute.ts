// How long the executor takes: a kernel built from nothing and after an edit, booted, restored, and scenarios run in it.
// Usage: npm run bench:execute [-- --tree=.cache/trees/linux-7.2] [--cache=FOLDER] [--rounds=20]
// Without --cache the builds are made in a folder that is removed in the end; with one, a build that is there is no first one.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { buildKernel, type KernelImage } from '../../extension/executor/build.js';
import { Executor } from '../../extension/executor/executor.js';
import { guestFileSystem, guestProgram } from '../../extension/executor/guest-program.js';
import type { MachineKind } from '../../extension/executor/qemu-machine.js';
import { runProcess } from '../../extension/executor/processes.js';
import { GuestSession } from '../../extension/executor/guest-session.js';
import { kvmWorks, restore, snapshotOf, type Snapshot } from '../../extension/executor/snapshot.js';
import { findProgram } from '../../extension/executor/toolchain.js';
import { resolveScenario } from '../../extension/scenario/resolve.js';
import { fuse, fuseRuntime } from '../support/fuse.js';
import { valueOf } from '../support/result.js';

const argument = (name: string): string | undefined => process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
const root = resolve(argument('tree') ?? '.cache/trees/linux-7.2');
const rounds = Number(argument('rounds') ?? '20');
const given = argument('cache');
const cache = given === undefined ? mkdtempSync(join(tmpdir(), 'bench-execute-')) : resolve(given);
const installation = { guest: resolve('guest'), cache };
const { vocabulary, scenarios } = fuseRuntime;
const part = 'fs/fuse';
const edited = `${part}/backing.c`;

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await work();
  line(what, performance.now() - began);
  return result;
}

function line(what: string, milliseconds: number): void {
  const text = milliseconds < 10_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
  console.log(`${what.padEnd(58)}${text.padStart(10)}`);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const source = { root, folder: part, subsystem: vocabulary.subsystem, profile: 'verdict', config: {} } as const;
const build = async (files: Readonly<Record<string, string>>): Promise<KernelImage> =>
  valueOf(await buildKernel({ ...source, files }, installation, {}));

/** The median of several restored machines: until the guest can be spoken to, and until a scenario has been run. */
async function restored(snapshot: Snapshot, name: string): Promise<void> {
  const scenario = scenarios.find((each) => each.name === 'thread-five-steps');
  if (scenario === undefined) throw new Error('there is no thread-five-steps');
  const resolved = valueOf(resolveScenario(scenario, vocabulary));
  const started: number[] = [];
  const ran: number[] = [];
  for (let at = 0; at < 9; at++) {
    const began = performance.now();
    const session = new GuestSession(await restore(snapshot, join(cache, 'bench.log')), join(cache, 'bench.log'));
    started.push(performance.now() - began);
    const { failure } = await session.run(resolved, { rounds: 1, events: false, fault: null });
    ran.push(performance.now() - began);
    await session.stop();
    if (failure) throw failure;
  }
  line(`restore, ${name} (median of ${started.length})`, median(started));
  line(`restore and thread-five-steps once, ${name} (median)`, median(ran));
}

async function virtmeNg({ bzImage }: KernelImage): Promise<void> {
  const program = findProgram('vng') ?? findProgram('virtme-run');
  if (program === undefined) {
    console.log('virtme-ng is not installed, so its boot is not measured');
    return;
  }
  const began = performance.now();
  const { code, tail } = await runProcess(program, ['--run', bzImage, '--disable-kvm', '--memory', '256M', '--', 'true']);
  if (code === 0) line('virtme-ng: boot the same kernel and run true', performance.now() - began);
  else console.log(`virtme-ng did not boot the kernel: ${tail.at(-1) ?? ''}`);
}

try {
  const image = await timed(existsSync(join(cache, 'images')) ? 'build, from the cache' : 'first build', () => build({}));
  const text = readFileSync(join(root, edited), 'utf8');
  await timed(`rebuild after an edit of ${edited}`, () => build({ [edited]: `${text}\n/* ${Date.now()} */\n` }));
  await timed('rebuild after taking it back (kept)', () => build({}));
  const kvm = (await kvmWorks(image, cache)).works;
  console.log(kvm ? 'the processor is virtual (KVM)' : 'the processor is emulated (TCG)');
  const initrd = guestFileSystem(valueOf(await guestProgram(installation, vocabulary.subsystem)), image.module);
  const kinds: [string, MachineKind][] = [
    ['1 processor, counted clock', { accelerator: 'tcg', cpus: 1, counted: true }],
    ['2 processors', { accelerator: kvm ? 'kvm' : 'tcg', cpus: 2, counted: false }],
  ];
  for (const [name, kind] of kinds) {
    // Of its own, so that it is not there yet.
    const fresh = Buffer.concat([initrd, Buffer.alloc(512 + (Date.now() % 4096) * 4)]);
    const snapshot = await timed(`boot and save, ${name}`, async () => valueOf(await snapshotOf(image, fresh, kind, null, {})));
    await restored(snapshot, name);
  }
  await virtmeNg(image);
  const executor = new Executor(installation);
  const tree = { root, subsystem: fuse, folder: part, label: root, files: {}, config: {} };
  const request = { tree, profile: 'verdict', vocabulary, faults: 'none', rounds, keep: false } as const;
  const five = scenarios.filter(({ name }) => name === 'thread-five-steps');
  const plain = scenarios.filter(({ config }) => Object.keys(config).length === 0);
  const execute = async (chosen: typeof scenarios): Promise<void> => {
    for await (const result of executor.execute({ ...request, scenarios: chosen })) {
      const { verdict, scenario } = valueOf(result);
      if (verdict !== 'no error') console.log(`${scenario.name}: ${verdict}`);
    }
  };
  await timed(`thread-five-steps, ${rounds} times, canaries, leaks`, () => execute(five));
  await timed(`the same again, with all of it kept`, () => execute(five));
  await timed(`all ${plain.length} bundled scenarios of this configuration, the same`, () => execute(plain));
} finally {
  if (given === undefined) rmSync(cache, { recursive: true, force: true });
}
