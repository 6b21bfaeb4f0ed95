// Runs scenarios in the kernel of a tree: builds it, boots it once, and for each scenario goes back to where it had booted.
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionResult } from '../model/execution.js';
import type { Scenario } from '../model/scenario.js';
import { resolveScenario, type ResolvedScenario } from '../scenario/resolve.js';
import { buildKernel, type KernelImage } from './build.js';
import { canariesOf } from './canaries.js';
import { guestFileSystem, guestProgram } from './guest-program.js';
import { commandLine, machineParameters, type MachineKind } from './machine.js';
import { ExecutionFailure, type ExecutionHandling, type ExecutionRequest, type ExecutorInstallation } from './request.js';
import { Results, notExecuted, type Execution, type Watched } from './result.js';
import { Session, type Fault, type GuestRun } from './session.js';
import { kvmWorks, restore, snapshotOf, type Snapshot } from './snapshot.js';
import { missingTools } from './toolchain.js';

/** Folders of runs that are kept for their logs; the oldest go. */
const keptRuns = 20;

/** More points of failure than an operation has: where fail-nth is never used up, something is wrong with it. */
const mostPoints = 200;

/** A scenario with at most one fault, on its way through a machine. */
interface Job {
  readonly scenario: Scenario;
  readonly resolved: ResolvedScenario;
  readonly fault: Fault | null;
}

/** A job that was run, but for what is only known when its machine ends. */
type Ran = Omit<Execution, 'logText' | 'watched'>;

export class Executor {
  constructor(private readonly installation: ExecutorInstallation) {}

  /**
   * The result of each scenario, of each with each fault where faults are asked for, in order and as they come. Throws an
   * ExecutionFailure where nothing can be run, and what the signal aborts with.
   */
  async *execute(request: ExecutionRequest, handling: ExecutionHandling = {}): AsyncGenerator<ExecutionResult, void, undefined> {
    const missing = await missingTools();
    if (missing !== null) throw new ExecutionFailure(missing);
    const { cache } = this.installation;
    mkdirSync(join(cache, 'runs'), { recursive: true });
    pruneRuns(join(cache, 'runs'));
    const folder = join(cache, 'runs', `${new Date().toISOString().replace(/[:.]/g, '-')}-${process.pid}`);
    mkdirSync(folder, { recursive: true });
    let done = 0;
    for (const [config, scenarios] of byConfiguration(request)) {
      const bench = await this.prepare(request, JSON.parse(config) as Record<string, boolean>, handling, folder);
      for (const scenario of scenarios) {
        handling.signal?.throwIfAborted();
        handling.onProgress?.({ phase: 'run', done: done++, total: request.scenarios.length, text: scenario.name });
        yield* bench.scenario(scenario);
      }
    }
    if (!request.keep && readdirSync(folder).length === 0) rmSync(folder, { recursive: true, force: true });
  }

  private async prepare(
    request: ExecutionRequest,
    config: Readonly<Record<string, boolean>>,
    handling: ExecutionHandling,
    folder: string,
  ): Promise<Bench> {
    const { tree, profile, vocabulary } = request;
    if (tree.root === null)
      throw new ExecutionFailure(`${tree.label} does not lie on the disk as a whole, so no kernel can be built from it`);
    const { root, files, folder: part } = tree;
    const source = { root, files, folder: part, subsystem: vocabulary.subsystem, profile, config };
    const image = await buildKernel(source, this.installation, handling);
    const program = await guestProgram(this.installation, vocabulary.subsystem, handling.signal);
    const kvm = await kvmWorks(image, this.installation.cache, handling.signal);
    return new Bench(request, image, guestFileSystem(program, image.module), kvm, handling, folder);
  }
}

/** Scenarios that run in one kernel, with what they share. */
class Bench {
  private readonly results: Results;
  private readonly snapshots = new Map<string, Promise<Snapshot>>();
  private sessions = 0;

  constructor(
    private readonly request: ExecutionRequest,
    private readonly image: KernelImage,
    private readonly initrd: Buffer,
    /** Whether KVM works, or why not. */
    private readonly kvm: true | string,
    private readonly handling: ExecutionHandling,
    private readonly folder: string,
  ) {
    const processor = kvm === true ? 'the processor is virtual (KVM)' : `the processor is emulated (TCG): ${kvm}`;
    const notes = [processor, ...image.notTaken.map((option) => `the tree did not take ${option}`)];
    this.results = new Results(request, image, notes);
  }

  async *scenario(scenario: Scenario): AsyncGenerator<ExecutionResult, void, undefined> {
    const { vocabulary, faults, tree, profile } = this.request;
    const resolved = resolveScenario(scenario, vocabulary);
    if (typeof resolved === 'string') {
      yield notExecuted(scenario, tree.label, profile, resolved);
      return;
    }
    const snapshot = await this.snapshot(resolved);
    const absent = resolved.operations.find(({ definition }) => !snapshot.operations.includes(definition.name));
    if (absent) {
      yield notExecuted(scenario, tree.label, profile, `the guest has no '${absent.definition.name}'`);
      return;
    }
    if (faults === 'none') yield* this.batch(scenario, snapshot, oneJob({ scenario, resolved, fault: null }), this.request.rounds);
    else yield* this.batch(scenario, snapshot, faultJobs(scenario, resolved, faults), 1);
  }

  /** Runs jobs in one machine for as long as nothing is wrong with it; then the next ones in another. */
  private async *batch(
    scenario: Scenario,
    snapshot: Snapshot,
    jobs: Jobs,
    rounds: number,
  ): AsyncGenerator<ExecutionResult, void, undefined> {
    let waiting: Ran[] = [];
    let session: Session | undefined;
    try {
      let last: GuestRun | null = null;
      for (let job = jobs.next(last); job !== undefined; job = jobs.next(last)) {
        session ??= await this.session(scenario, snapshot);
        const began = Date.now();
        last = await session.run(job.resolved, { rounds, events: this.request.profile === 'trace', fault: job.fault });
        if (last.failure?.kind === 'cancelled') this.handling.signal?.throwIfAborted();
        const bad = session.failure !== null || this.results.complains(session.text());
        // With fewer points it was a run without a fault, which is not what was asked for.
        const unused = job.fault !== null && last.left !== 0 && !bad;
        if (!unused) waiting.push({ ...job, run: last, log: session.log, milliseconds: Date.now() - began });
        if (!bad) continue;
        yield* this.told(waiting, session, snapshot, rounds);
        waiting = [];
        await session.stop();
        session = undefined;
      }
      if (session) yield* this.told(waiting, session, snapshot, rounds);
    } finally {
      await session?.stop();
    }
  }

  /** Results of all that ran in a machine, once it has shown that it would have noticed. */
  private async *told(
    ran: readonly Ran[],
    session: Session,
    snapshot: Snapshot,
    rounds: number,
  ): AsyncGenerator<ExecutionResult, void, undefined> {
    const watched = await this.watch(session);
    const logText = session.text();
    for (const each of ran) {
      const alone = ran.length > 1 && watched.leaks !== '' ? await this.leaksOf(each, snapshot, rounds) : watched.leaks;
      yield await this.results.of({ ...each, logText, watched: { ...watched, leaks: alone } });
    }
  }

  /** What the machine has found, and whether it finds what is there. */
  private async watch(session: Session): Promise<Watched> {
    const { profile } = this.request;
    const leaks = profile === 'verdict' ? await session.leaks() : '';
    for (const { name } of canariesOf(profile)) await session.canary(name);
    const canaryLeaks = profile === 'verdict' ? await session.leaks() : '';
    this.handling.signal?.throwIfAborted();
    return { leaks, canaryLeaks };
  }

  /** A machine with several runs leaked: what this one leaves when it runs alone. */
  private async leaksOf(job: Job, snapshot: Snapshot, rounds: number): Promise<string | null> {
    const session = await this.session(job.scenario, snapshot);
    try {
      await session.run(job.resolved, { rounds, events: false, fault: job.fault });
      return await session.leaks();
    } finally {
      await session.stop();
    }
  }

  private async session(scenario: Scenario, snapshot: Snapshot): Promise<Session> {
    const log = join(this.folder, `${scenario.name}-${++this.sessions}.log`);
    if (this.request.keep) writeFileSync(join(this.folder, `${scenario.name}-${this.sessions}.sh`), byHand(snapshot, log));
    return new Session(await restore(snapshot, log, this.handling.signal), log);
  }

  private snapshot(scenario: ResolvedScenario): Promise<Snapshot> {
    const kind = machineFor(scenario, this.kvm === true);
    const key = JSON.stringify(kind);
    const known = this.snapshots.get(key) ?? snapshotOf(this.image, this.initrd, kind, this.handling);
    this.snapshots.set(key, known);
    return known;
  }
}

/** Threads that are to meet need two processors; all else is best repeatable. */
function machineFor({ concurrent }: ResolvedScenario, kvm: boolean): MachineKind {
  if (kvm) return { accelerator: 'kvm', cpus: 2, counted: false };
  return concurrent.size > 0 ? { accelerator: 'tcg', cpus: 2, counted: false } : { accelerator: 'tcg', cpus: 1, counted: true };
}

/** Jobs one after the other, of which each may depend on what the one before it did. */
interface Jobs {
  next(last: GuestRun | null): Job | undefined;
}

function oneJob(job: Job): Jobs {
  return { next: (last) => (last === null ? job : undefined) };
}

/** Every point of every operation, or one point of each: until an operation ends with its fault unused. */
function faultJobs(scenario: Scenario, resolved: ResolvedScenario, faults: 'all' | number): Jobs {
  let operation = 0;
  let nth = 0;
  return {
    next(last) {
      if (faults === 'all') {
        const used = last === null || last.left === 0 || last.failure !== null;
        if (nth > 0 && (!used || nth >= mostPoints)) {
          operation++;
          nth = 0;
        }
        nth++;
      } else {
        if (nth > 0) operation++;
        nth = faults;
      }
      return operation < resolved.operations.length ? { scenario, resolved, fault: { operation, nth } } : undefined;
    },
  };
}

function byConfiguration({ scenarios, tree }: ExecutionRequest): ReadonlyMap<string, readonly Scenario[]> {
  const groups = new Map<string, Scenario[]>();
  for (const scenario of scenarios) {
    const key = JSON.stringify(Object.fromEntries(Object.entries({ ...tree.config, ...scenario.config }).sort()));
    groups.set(key, [...(groups.get(key) ?? []), scenario]);
  }
  return groups;
}

function byHand({ kind, bzImage, initrd }: Snapshot, log: string): string {
  const words = ['qemu-system-x86_64', ...machineParameters(kind), '-kernel', bzImage, '-initrd', initrd];
  const consoles = '-serial mon:stdio -device virtio-serial-device -chardev pty,id=console -device virtconsole,chardev=console';
  return `#!/bin/sh\n# Boots the kernel of ${log} by hand; the guest's lines are on the terminal that QEMU names.\nexec ${words.map((word) => `'${word}'`).join(' ')} -append '${commandLine}' ${consoles}\n`;
}

function pruneRuns(folder: string): void {
  const all = readdirSync(folder)
    .map((name) => ({ path: join(folder, name), made: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.made - a.made);
  for (const { path } of all.slice(keptRuns)) rmSync(path, { recursive: true, force: true });
}
