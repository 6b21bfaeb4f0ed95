// One virtual machine: QEMU with a console for the kernel's log, one for the agent, and a control socket. It never outlives
// its use, and what does not come within its limit is an end with a reason, never a wait.
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import { shellWord } from '../model/shell-word.js';
import { QmpClient } from './qmp-client.js';
import { MachineFailure } from './machine-failure.js';
import { MachineLog } from './machine-log.js';
import { parseGuestLine, type GuestMessage, type HostCommand } from './protocol.js';
import { boundToThis, end, kill, lines, start } from './processes.js';
import { listening, socketFolder } from './sockets.js';
import { findProgram } from './toolchain.js';
import { Watchdog, type Deadline } from './watchdog.js';

export interface MachineKind {
  readonly accelerator: 'tcg' | 'kvm';
  readonly cpus: number;
  /**
   * One processor whose clock counts instructions and jumps ahead while it idles: runs are repeatable, and sleeping takes
   * no time. Only with tcg and one processor.
   */
  readonly counted: boolean;
}

export interface MachineOptions {
  readonly kind: MachineKind;
  readonly bzImage: string;
  readonly initrd: string;
  /** Where the kernel's log goes. */
  readonly log: string;
  /** A folder with the file `memory`, as `save` wrote it; absent to boot. */
  readonly from?: string;
  readonly signal?: AbortSignal | undefined;
  /** Instead of `limits`. */
  readonly limits?: MachineLimits;
}

/** Milliseconds. */
export interface MachineLimits {
  /** Until the kernel prints something. */
  readonly firstLine: number;
  /** Between two signs of life. */
  readonly progress: number;
  /** Until QEMU answers. */
  readonly control: number;
}

/** A loaded machine that emulates another takes its time. */
export const limits: MachineLimits = { firstLine: 45_000, progress: 90_000, control: 30_000 };

const memory = '256M';
/**
 * slub_debug=F: without it, what the allocator keeps for each processor holds stale pointers, which kmemleak takes for
 * references.
 */
export const commandLine = 'console=ttyS0 panic=-1 reboot=t kasan_multi_shot slub_debug=F loglevel=7 ignore_loglevel rdinit=/init';

/** The parameters of QEMU, but the paths of sockets. */
export function machineParameters({ accelerator, cpus, counted }: MachineKind): readonly string[] {
  return [
    ...[
      '-accel',
      accelerator,
      '-M',
      'microvm,acpi=off',
      '-cpu',
      accelerator === 'kvm' ? 'host' : 'max',
      '-m',
      memory,
      '-smp',
      String(cpus),
    ],
    ...(counted ? ['-icount', 'shift=auto,sleep=off'] : []),
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
  ];
}

export class QemuMachine {
  private readonly messages: GuestMessage[] = [];
  private waiting: ((message: GuestMessage) => void) | undefined;
  /** Told of the first failure. */
  private readonly concerned = new Set<(failure: MachineFailure) => void>();
  private failure: MachineFailure | undefined;
  private console: Socket | undefined;
  private control: QmpClient | undefined;
  private closed = false;
  private readonly errors: string[] = [];
  private readonly limits: MachineLimits;
  private readonly log: MachineLog;

  private constructor(
    private readonly child: ChildProcess,
    private readonly options: MachineOptions,
    private readonly folder: string,
    private readonly servers: readonly Server[],
  ) {
    this.limits = options.limits ?? limits;
    this.log = new MachineLog(options.log);
  }

  /** Starts a machine: to boot, or where another was saved. Rejects with a MachineFailure. */
  static async start(options: MachineOptions): Promise<QemuMachine> {
    const qemu = findProgram('qemu-system-x86_64');
    if (qemu === undefined) {
      throw new MachineFailure('not started', 'qemu-system-x86_64 not found; on Debian: apt-get install qemu-system-x86');
    }
    const words = [...(await boundToThis()), qemu];
    const folder = socketFolder();
    const consoles = ['console', 'control'].map((name) => listening(join(folder, name)));
    const servers = consoles.map(({ server }) => server);
    const socket = (name: string): string => `socket,id=${name},path=${join(folder, name)}`;
    mkdirSync(join(options.log, '..'), { recursive: true });
    const child = start(
      words[0] ?? qemu,
      [
        ...words.slice(1),
        ...machineParameters(options.kind),
        ...['-kernel', options.bzImage, '-initrd', options.initrd, '-append', commandLine],
        ...['-device', 'virtio-serial-device', '-chardev', socket('console'), '-device', 'virtconsole,chardev=console'],
        ...['-chardev', `file,id=log,path=${options.log.replaceAll(',', ',,')}`, '-serial', 'chardev:log'],
        ...['-chardev', socket('control'), '-mon', 'chardev=control,mode=control'],
        ...(options.from === undefined ? [] : ['-incoming', 'exec:cat memory']),
      ],
      { stdio: ['ignore', 'ignore', 'pipe'], ...(options.from === undefined ? {} : { cwd: options.from }) },
    );
    const machine = new QemuMachine(child, options, folder, servers);
    machine.watch();
    try {
      const both = Promise.all(consoles.map(({ connected }) => connected));
      const [console_, control] = await machine.within(both, 'QEMU did not connect to its consoles');
      if (!console_ || !control) throw new Error('no sockets');
      machine.listen(console_);
      const opened = QmpClient.open(control, machine.limits.control, (failure) => machine.fail(failure));
      machine.control = await machine.within(opened, 'QEMU does not answer on its control socket');
      if (options.from !== undefined) await machine.resume();
      return machine;
    } catch (error) {
      await machine.stop();
      throw error;
    }
  }

  send(message: HostCommand): void {
    this.console?.write(`${JSON.stringify(message)}\n`);
  }

  /**
   * The next message of the guest. Rejects with a MachineFailure where the machine ends, where neither the guest nor the
   * kernel says anything for so many milliseconds, and at the deadline.
   */
  async receive(limit: number = this.limits.progress, deadline?: Deadline): Promise<GuestMessage> {
    const watchdog = new Watchdog(this.log, { first: Math.min(limit, this.limits.firstLine), later: limit }, deadline);
    const look = (): void => {
      const failure = watchdog.look();
      if (failure) this.fail(failure);
    };
    // A guest that says one thing after the other is late all the same.
    look();
    const next = this.messages.shift();
    if (next && this.failure?.kind !== 'late') return next;
    if (this.failure) throw this.failure;
    const timer = setInterval(look, 250);
    try {
      return await this.unlessFailed(new Promise<GuestMessage>((done) => (this.waiting = done)));
    } finally {
      this.waiting = undefined;
      clearInterval(timer);
    }
  }

  /** Writes the machine's state into `folder`, and ends the machine. */
  async save(folder: string): Promise<void> {
    const control = this.control;
    if (!control) throw new Error('no control');
    await control.command('stop');
    await control.command('migrate-set-parameters', { 'max-bandwidth': 1e12 });
    await control.command('migrate', { uri: `exec:cat > ${shellWord(join(folder, 'memory'))}` });
    await this.until(async () => {
      const { status } = (await control.command('query-migrate')) as { readonly status?: string };
      if (status === 'failed') throw new MachineFailure('exited', 'QEMU could not save the machine');
      return status === 'completed';
    });
    await this.stop();
  }

  /** Ends QEMU and all that it started, and waits until they are gone. */
  async stop(): Promise<void> {
    this.closed = true;
    if (this.child.exitCode === null && this.child.signalCode === null && this.child.pid !== undefined) {
      const gone = new Promise((done) => this.child.once('close', done));
      kill(this.child, 'SIGKILL');
      await gone;
    }
    // What QEMU left behind when it ended by itself.
    kill(this.child, 'SIGKILL');
    this.console?.destroy();
    this.control?.close();
    for (const server of this.servers) server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private watch(): void {
    const { signal } = this.options;
    lines(this.child.stderr, (line) => this.errors.push(line));
    this.child.once('error', ({ message }) => this.fail(new MachineFailure('not started', `QEMU could not be started: ${message}`)));
    this.child.once('close', (code, by) => {
      if (this.closed) return;
      const panic = this.log.lines().find((line) => line.includes('Kernel panic - not syncing'));
      if (panic !== undefined) this.fail(new MachineFailure('panic', panic.replace(/^.*?Kernel panic/, 'Kernel panic')));
      else {
        const why = this.errors.at(-1) ?? `${by ?? `exit code ${code ?? '?'}`}; the last line is: ${this.log.lastLine()}`;
        this.fail(new MachineFailure('exited', `QEMU ended: ${why}`));
      }
    });
    const cancel = (): void => {
      this.fail(new MachineFailure('cancelled', 'cancelled'));
      end(this.child);
    };
    if (signal?.aborted === true) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    this.child.once('close', () => signal?.removeEventListener('abort', cancel));
  }

  private listen(socket: Socket): void {
    this.console = socket;
    socket.on('error', () => undefined);
    lines(socket, (line) => {
      if (line === '') return;
      const message = parseGuestLine(line);
      if (message.t === 'unreadable') {
        this.fail(new MachineFailure('unreadable', `the guest said what can't be read (${message.why}): ${message.line.slice(0, 200)}`));
      } else if (this.waiting) {
        // The next line may be here before whoever waits takes this one.
        const done = this.waiting;
        this.waiting = undefined;
        done(message);
      } else this.messages.push(message);
    });
  }

  private async resume(): Promise<void> {
    const control = this.control;
    if (!control) throw new Error('no control');
    await this.until(async () => ((await control.command('query-status')) as { status?: string }).status !== 'inmigrate');
    await control.command('cont');
  }

  private fail(failure: MachineFailure): void {
    if (this.failure) return;
    this.failure = failure;
    for (const tell of this.concerned) tell(failure);
  }

  private async until(isSo: () => Promise<boolean>): Promise<void> {
    const limit = Date.now() + this.limits.control;
    while (!(await isSo())) {
      if (this.failure) throw this.failure;
      if (Date.now() > limit) throw new MachineFailure('stuck', 'QEMU does not get on with saving or restoring the machine');
      await new Promise((done) => setTimeout(done, 5));
    }
  }

  private async within<T>(promise: Promise<T>, message: string): Promise<T> {
    const timer = setTimeout(() => this.fail(new MachineFailure('stuck', message)), this.limits.control);
    try {
      return await this.unlessFailed(promise);
    } finally {
      clearTimeout(timer);
    }
  }

  /** What the promise comes to, or the machine's failure where that comes first. */
  private async unlessFailed<T>(promise: Promise<T>): Promise<T> {
    let tell: ((failure: MachineFailure) => void) | undefined;
    const failed = new Promise<never>((_, fail) => {
      tell = fail;
      this.concerned.add(fail);
      if (this.failure) fail(this.failure);
    });
    try {
      return await Promise.race([promise, failed]);
    } finally {
      if (tell) this.concerned.delete(tell);
    }
  }
}
