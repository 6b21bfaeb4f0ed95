// Scenarios in one kernel: each begins where it had booted, and what was left behind is looked for at the end.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionResult } from '../model/execution.js';
import { failed, ok, type Result } from '../model/result.js';
import type { Scenario } from '../model/scenario.js';
import { resolveScenario, type ResolvedScenario } from '../scenario/resolve.js';
import type { KernelImage } from './build.js';
import { canariesOf, leakCanary } from './canaries.js';
import { nextFault } from './next-fault.js';
import { commandLine, machineParameters, type MachineKind } from './qemu-machine.js';
import { isLeakOfModule, readLeaks } from './leaks.js';
import { probePlan, refusedNote, type ProbePlan } from './probes.js';
import type { ExecutionFailure, ExecutionHandling, ExecutionRequest } from './request.js';
import { ExecutionResults, notExecuted, type Execution } from './execution-results.js';
import { GuestSession, type InjectedFault } from './guest-session.js';
import { restore, snapshotOf, type Kvm, type Snapshot } from './snapshot.js';
import { readSymbols } from './symbols.js';

/**
 * Scenarios that kmemleak is asked about together: it takes seconds to answer, however many there are, and no result is told
 * before.
 */
const leakBatch = 10;

/** A scenario with at most one fault, and the machine that it runs in. */
interface Job {
  readonly scenario: Scenario;
  readonly resolved: ResolvedScenario;
  readonly fault: InjectedFault | null;
  readonly snapshot: Snapshot;
}

/** A job that was run; what it leaked is told by other means. */
type Ran = Omit<Execution, 'leaks'> & Job;

export class KernelRunner {
  private readonly results: ExecutionResults;
  private readonly snapshots = new Map<string, Promise<Result<Snapshot, ExecutionFailure>>>();
  private readonly probes: ProbePlan;
  private sessions = 0;
  /** Of machines since logs were last cleared away. */
  private readonly logs: string[] = [];

  constructor(
    private readonly request: ExecutionRequest,
    private readonly image: KernelImage,
    private readonly initrd: Buffer,
    private readonly kvm: Kvm,
    private readonly handling: ExecutionHandling,
    private readonly folder: string,
  ) {
    const processor = kvm.works ? 'the processor is virtual (KVM)' : `the processor is emulated (TCG): ${kvm.reason}`;
    this.probes = probesFor(request, image);
    const notes = [processor, ...image.notTaken.map((option) => `the tree did not take ${option}`), ...this.probes.notes];
    this.results = new ExecutionResults(request, image, notes);
  }

  /** Results in the order of the scenarios; the last is a failure where no more can be run. `running` is told of each as it begins. */
  async *run(
    scenarios: readonly Scenario[],
    running: (scenario: Scenario) => void,
  ): AsyncGenerator<Result<ExecutionResult, ExecutionFailure>, void, undefined> {
    const size = this.request.faults === 'none' ? leakBatch : 1;
    for (let from = 0; from < scenarios.length; from += size) {
      yield* this.part(scenarios.slice(from, from + size), running);
    }
  }

  private async *part(
    scenarios: readonly Scenario[],
    running: (scenario: Scenario) => void,
  ): AsyncGenerator<Result<ExecutionResult, ExecutionFailure>, void, undefined> {
    const { faults, tree, profile } = this.request;
    const done = new Map<Scenario, Result<readonly Ran[], string>>();
    for (const scenario of scenarios) {
      this.handling.signal?.throwIfAborted();
      running(scenario);
      const resolved = resolveScenario(scenario, this.request.vocabulary);
      if (!resolved.ok) {
        done.set(scenario, resolved);
        continue;
      }
      const snapshot = await this.snapshot(resolved.value);
      if (!snapshot.ok) return yield snapshot;
      const job = jobOf(scenario, resolved.value, snapshot.value);
      if (!job.ok) done.set(scenario, job);
      else done.set(scenario, ok(faults === 'none' ? [await this.alone(job.value)] : await this.underFaults(job.value, faults)));
    }
    const ran = [...done.values()].flatMap((each) => (each.ok ? each.value : []));
    const leaks = await this.leaksOf(ran);
    for (const scenario of scenarios) {
      const each = done.get(scenario) ?? ok([]);
      if (!each.ok) yield ok(notExecuted(scenario, tree.label, profile, each.failure));
      else for (const run of each.value) yield ok(await this.results.of({ ...run, leaks: leaks.get(run) ?? null }));
    }
    if (!this.request.keep) for (const log of this.logs.splice(0)) if (!this.results.isNamed(log)) rmSync(log, { force: true });
  }

  /** Runs a job in a machine of its own. */
  private async alone(job: Job): Promise<Ran> {
    const [ran] = await this.inOneMachine([job][Symbol.iterator](), this.request.rounds);
    if (!ran) throw new Error('a job did not run');
    return ran;
  }

  /** Each fault in turn: in one machine for as long as nothing is wrong with it. */
  private async underFaults(job: Job, faults: 'all' | number): Promise<readonly Ran[]> {
    const ran: Ran[] = [];
    const next = (): Job | undefined => {
      const fault = nextFault(job.resolved.operations.length, faults, ran.at(-1));
      return fault && { ...job, fault };
    };
    for (;;) {
      const before = ran.length;
      await this.inOneMachine(until(next), 1, ran);
      if (ran.length === before) break;
    }
    // With fewer points it was a run without a fault, which is not what was asked for.
    const failed = ran.filter(({ run }) => run.left === 0 || run.failure !== null);
    if (failed.length > 0) return failed;
    const plain = await this.alone(job);
    return [{ ...plain, notes: [...plain.notes, noSuchPoint(faults)] }];
  }

  /** Runs jobs in a new machine, into `ran`, until there are no more or something was found; then its canaries. */
  private async inOneMachine(jobs: Iterator<Job, unknown>, rounds: number, ran: Ran[] = []): Promise<Ran[]> {
    const first = jobs.next();
    if (first.done === true) return ran;
    const from = ran.length;
    const session = await this.session(first.value);
    try {
      const notes = await this.setProbes(session);
      for (let job: IteratorResult<Job, unknown> = first; job.done !== true; job = jobs.next()) {
        const began = Date.now();
        const run = await session.run(job.value.resolved, { rounds, events: this.request.profile === 'trace', fault: job.value.fault });
        if (run.failure?.kind === 'cancelled') this.handling.signal?.throwIfAborted();
        ran.push({ ...job.value, run, notes, log: session.log, logText: '', milliseconds: Date.now() - began });
        if (run.failure !== null || this.results.complains(session.text())) break;
      }
      for (const { name } of canariesOf(this.request.profile)) if (name !== leakCanary) await session.canary(name);
      this.handling.signal?.throwIfAborted();
      const logText = session.text();
      const here = ran.splice(from).map((each) => ({ ...each, logText }));
      // One that ended its machine left nothing to show canaries to: those before it are run again, without it.
      const before = session.failure === null ? [] : here.splice(0, here.length - 1);
      if (before.length > 0) await this.inOneMachine(before[Symbol.iterator](), rounds, ran);
      ran.push(...here);
      return ran;
    } finally {
      await session.stop();
    }
  }

  /** What can't be shown, for people. */
  private async setProbes(session: GuestSession): Promise<readonly string[]> {
    const refused = this.probes.lines.length === 0 ? [] : await session.probes(this.probes.lines);
    return session.failure === null ? refused.map(refusedNote) : [];
  }

  /**
   * What kmemleak reports of each, the canary's leak among it; null where it could not be asked. All that can share a machine
   * are asked about at once, and one by one where something of theirs leaked.
   */
  private async leaksOf(ran: readonly Ran[]): Promise<ReadonlyMap<Ran, string | null>> {
    const found = new Map<Ran, string | null>();
    if (this.request.profile !== 'verdict') {
      for (const each of ran) found.set(each, '');
      return found;
    }
    for (const snapshot of new Set(ran.map((each) => each.snapshot))) {
      const those = ran.filter((each) => each.snapshot === snapshot);
      // One that ends its machine would keep the others from being asked about.
      const whole = those.filter(({ run }) => run.failure === null);
      const all = await this.leaksAmong(whole);
      const clean = all !== null && !hasOwnLeaks(all);
      for (const each of those) {
        if (each.run.failure !== null) found.set(each, null);
        else found.set(each, clean || whole.length === 1 ? all : await this.leaksAmong([each]));
      }
    }
    return found;
  }

  private async leaksAmong(jobs: readonly Job[]): Promise<string | null> {
    const [first] = jobs;
    if (!first) return '';
    const rounds = first.fault === null ? this.request.rounds : 1;
    const session = await this.session(first);
    try {
      for (const { resolved, fault } of jobs) await session.run(resolved, { rounds, events: false, fault });
      await session.canary(leakCanary);
      const text = await session.leaks();
      this.handling.signal?.throwIfAborted();
      return text;
    } finally {
      await session.stop();
    }
  }

  private async session({ scenario, snapshot }: Job): Promise<GuestSession> {
    const name = `${scenario.name}-${++this.sessions}`;
    const log = join(this.folder, `${name}.log`);
    this.logs.push(log);
    if (this.request.keep) writeFileSync(join(this.folder, `${name}.sh`), byHand(snapshot, log));
    return new GuestSession(await restore(snapshot, log, this.handling.signal), log, this.request.limit);
  }

  private snapshot(scenario: ResolvedScenario): Promise<Result<Snapshot, ExecutionFailure>> {
    const kind = machineFor(scenario, this.kvm.works);
    const key = JSON.stringify(kind);
    const known = this.snapshots.get(key) ?? snapshotOf(this.image, this.initrd, kind, this.request.limit ?? null, this.handling);
    this.snapshots.set(key, known);
    return known;
  }
}

/** What is run for a scenario, or why it can't be. */
function jobOf(scenario: Scenario, resolved: ResolvedScenario, snapshot: Snapshot): Result<Job, string> {
  const absent = resolved.operations.find(({ definition }) => !snapshot.operations.includes(definition.name));
  return absent ? failed(`the guest has no '${absent.definition.name}'`) : ok({ scenario, resolved, fault: null, snapshot });
}

/** Threads that are to meet need two processors; all else is best repeatable. */
function machineFor({ concurrent }: ResolvedScenario, kvm: boolean): MachineKind {
  if (kvm) return { accelerator: 'kvm', cpus: 2, counted: false };
  return concurrent.size > 0 ? { accelerator: 'tcg', cpus: 2, counted: false } : { accelerator: 'tcg', cpus: 1, counted: true };
}

function probesFor({ profile, vocabulary: { probes } }: ExecutionRequest, { systemMap, layouts }: KernelImage): ProbePlan {
  if (profile !== 'trace' || probes === undefined) return { lines: [], notes: [] };
  const symbols = readSymbols(readFileSync(systemMap, 'utf8'));
  return probePlan(probes, layouts, (name) => symbols.has(name));
}

function hasOwnLeaks(text: string): boolean {
  return readLeaks(text).some((leak) => !isLeakOfModule(leak));
}

function until<T>(next: () => T | undefined): Iterator<T, unknown> {
  return {
    next: () => {
      const value = next();
      return value === undefined ? { done: true, value } : { done: false, value };
    },
  };
}

function byHand({ kind, bzImage, initrd }: Snapshot, log: string): string {
  const words = ['qemu-system-x86_64', ...machineParameters(kind), '-kernel', bzImage, '-initrd', initrd, '-append', commandLine];
  const consoles = '-serial mon:stdio -device virtio-serial-device -chardev pty,id=console -device virtconsole,chardev=console';
  const quoted = words.map((word) => `'${word}'`).join(' ');
  return `#!/bin/sh\n# Boots the kernel of ${log} by hand; QEMU names the terminal that the guest's lines are on.\nexec ${quoted} ${consoles}\n`;
}

/** Why a scenario ran without any of the faults that were asked for. */
function noSuchPoint(faults: 'all' | number): string {
  return faults === 'all'
    ? 'no step of it has a point at which the kernel can let it fail'
    : `no step of it has ${faults} points at which it can fail`;
}
