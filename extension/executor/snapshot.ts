// A machine that has booted, kept on the disk: each run begins from there, in a fraction of a second and in a clean state.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { dirname, join } from 'node:path';
import { ok, type Failed, type Result } from '../model/result.js';
import type { KernelImage } from './images.js';
import { lockFile } from './file-lock.js';
import { QemuMachine, commandLine, machineParameters, type MachineKind } from './qemu-machine.js';
import { MachineFailure } from './machine-failure.js';
import { protocolVersion } from './protocol.js';
import { runProcess } from './processes.js';
import { notExecutable, type ExecutionFailure, type ExecutionHandling } from './request.js';
import { deadlineIn } from './watchdog.js';

/** Seconds that a kernel may take to boot. */
const bootSeconds = 300;

/** Milliseconds in which a kernel says its first word under a KVM that works. */
const trial = 8000;

export interface Snapshot {
  readonly kind: MachineKind;
  readonly bzImage: string;
  readonly initrd: string;
  /** Holds the machine's memory, and the log of its boot. */
  readonly folder: string;
  /** What the guest said of itself. */
  readonly operations: readonly string[];
}

/**
 * A machine that has booted with that kernel and first file system, from the cache where it is there; `limit` is in seconds, null
 * for as many as it should need. A failure where it does not boot; rejects with what the signal aborts with.
 */
export async function snapshotOf(
  image: KernelImage,
  initrd: Buffer,
  kind: MachineKind,
  limit: number | null,
  handling: ExecutionHandling,
): Promise<Result<Snapshot, ExecutionFailure>> {
  const { signal, onProgress } = handling;
  const key = createHash('sha256')
    .update(JSON.stringify([machineParameters(kind), commandLine, protocolVersion, await qemuVersion()]))
    .update(initrd)
    .digest('hex')
    .slice(0, 16);
  const folder = join(dirname(image.bzImage), `booted-${key}`);
  const unlock = await lockFile(`${folder}.lock`, { signal });
  if (!unlock.ok) return unlock;
  try {
    if (existsSync(join(folder, 'about.json'))) return ok(read(folder, image, kind));
    onProgress?.({
      phase: 'boot',
      done: 0,
      total: null,
      text: `${kind.accelerator}, ${kind.cpus === 1 ? '1 processor' : `${kind.cpus} processors`}`,
    });
    const partial = `${folder}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true });
    writeFileSync(join(partial, 'initrd'), initrd);
    const log = join(partial, 'boot.log');
    const machine = await QemuMachine.start({
      kind,
      bzImage: image.bzImage,
      initrd: join(partial, 'initrd'),
      log,
      signal,
    });
    try {
      const hello = await machine.receive(undefined, deadlineIn(limit ?? bootSeconds));
      if (hello.t !== 'hello') throw new MachineFailure('unreadable', `the guest began with '${hello.t}'`);
      if (hello.protocol !== protocolVersion) {
        throw new MachineFailure('unreadable', `the guest speaks protocol ${hello.protocol}; ${protocolVersion} is known`);
      }
      await machine.save(partial);
      writeFileSync(join(partial, 'about.json'), JSON.stringify({ operations: hello.operations }));
    } catch (error) {
      return bootFailure(error, log);
    } finally {
      await machine.stop();
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
    return ok(read(folder, image, kind));
  } finally {
    unlock.value();
  }
}

/** Starts a machine where the snapshot was taken. */
export function restore(snapshot: Snapshot, log: string, signal?: AbortSignal): Promise<QemuMachine> {
  const { kind, bzImage, initrd, folder } = snapshot;
  return QemuMachine.start({ kind, bzImage, initrd, log, from: folder, signal });
}

/** Whether this machine can run guests itself, or why not. */
export type Kvm = { readonly works: true } | { readonly works: false; readonly reason: string };

/**
 * Whether this machine can run guests itself, shown by a kernel that begins to boot: that /dev/kvm opens says
 * nothing. Asked once for a machine and QEMU; the answer is kept in the cache.
 */
export async function kvmWorks(image: KernelImage, cache: string, signal?: AbortSignal): Promise<Kvm> {
  const not = (reason: string): Kvm => ({ works: false, reason });
  if (!existsSync('/dev/kvm')) return not('there is no /dev/kvm');
  const record = join(
    cache,
    `kvm-${createHash('sha256')
      .update(`${release()} ${await qemuVersion()}`)
      .digest('hex')
      .slice(0, 12)}`,
  );
  if (existsSync(record)) {
    const cached = readFileSync(record, 'utf8');
    return cached === 'works' ? { works: true } : not(cached);
  }
  const folder = join(cache, `kvm-trial-${process.pid}`);
  const log = join(folder, 'log');
  let answer: Kvm = { works: true };
  let machine: QemuMachine | undefined;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'initrd'), '');
    machine = await QemuMachine.start({
      kind: { accelerator: 'kvm', cpus: 1, counted: false },
      bzImage: image.bzImage,
      initrd: join(folder, 'initrd'),
      log,
      signal,
    });
    const end = Date.now() + trial;
    while (Date.now() < end && !hasText(log)) await new Promise((done) => setTimeout(done, 50));
    if (!hasText(log)) answer = not(`under KVM the kernel printed nothing for ${trial / 1000} s`);
  } catch (error) {
    if (signal?.aborted === true) throw error;
    answer = not(`KVM does not work: ${(error as Error).message}`);
  } finally {
    await machine?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  signal?.throwIfAborted();
  writeFileSync(record, answer.works ? 'works' : answer.reason);
  return answer;
}

function hasText(path: string): boolean {
  return existsSync(path) && readFileSync(path).length > 0;
}

function read(folder: string, image: KernelImage, kind: MachineKind): Snapshot {
  const about = JSON.parse(readFileSync(join(folder, 'about.json'), 'utf8')) as Pick<Snapshot, 'operations'>;
  return { kind, bzImage: image.bzImage, initrd: join(folder, 'initrd'), folder, ...about };
}

async function qemuVersion(): Promise<string> {
  const { tail } = await runProcess('qemu-system-x86_64', ['--version']);
  return tail[0] ?? '';
}

/** Why a machine did not boot; throws again what else was thrown. */
function bootFailure(error: unknown, log: string): Failed<ExecutionFailure> {
  if (!(error instanceof MachineFailure) || error.kind === 'cancelled') throw error;
  return notExecutable(`the kernel did not boot: ${error.message} (log: ${log})`);
}
