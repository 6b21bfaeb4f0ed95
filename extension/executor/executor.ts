// Runs scenarios in the kernel of a tree: builds it, boots it once, and for each scenario goes back to where it had booted.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionResult } from '../model/execution.js';
import { ok, type Result } from '../model/result.js';
import type { Scenario } from '../model/scenario.js';
import { KernelRunner } from './kernel-runner.js';
import { buildKernel } from './build.js';
import { guestFileSystem, guestProgram } from './guest-program.js';
import {
  notExecutable,
  type ExecutionFailure,
  type ExecutionHandling,
  type ExecutionRequest,
  type ExecutorInstallation,
} from './request.js';
import { MachineFailure } from './machine-failure.js';
import { prune } from './prune.js';
import { kvmWorks } from './snapshot.js';
import { missingTools } from './toolchain.js';

/** Folders of runs that are kept for their logs; the oldest go. */
const cachedRuns = 20;

export class Executor {
  constructor(private readonly installation: ExecutorInstallation) {}

  /**
   * The result of each scenario, of each with each fault where faults are asked for, in order and as they come; where
   * nothing can be run that is the last. Throws what the signal aborts with.
   */
  async *execute(
    request: ExecutionRequest,
    handling: ExecutionHandling = {},
  ): AsyncGenerator<Result<ExecutionResult, ExecutionFailure>, void, undefined> {
    const missing = await missingTools();
    if (missing !== null) {
      yield notExecutable(missing);
      return;
    }
    const { cache } = this.installation;
    mkdirSync(join(cache, 'runs'), { recursive: true });
    prune(join(cache, 'runs'), cachedRuns);
    const folder = join(cache, 'runs', `${new Date().toISOString().replace(/[:.]/g, '-')}-${process.pid}`);
    mkdirSync(folder, { recursive: true });
    let done = 0;
    const running = (scenario: Scenario): void =>
      handling.onProgress?.({ phase: 'run', done: done++, total: request.scenarios.length, text: scenario.name });
    try {
      for (const [config, scenarios] of byConfiguration(request)) {
        const runner = await this.prepare(request, JSON.parse(config) as Record<string, boolean>, handling, folder);
        if (!runner.ok) {
          yield runner;
          return;
        }
        for await (const result of runner.value.run(scenarios, running)) {
          yield result;
          if (!result.ok) return;
        }
      }
    } catch (error) {
      handling.signal?.throwIfAborted();
      if (!(error instanceof MachineFailure)) throw error;
      yield notExecutable(error.message);
    } finally {
      if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true, force: true });
    }
  }

  private async prepare(
    request: ExecutionRequest,
    config: Readonly<Record<string, boolean>>,
    handling: ExecutionHandling,
    folder: string,
  ): Promise<Result<KernelRunner, ExecutionFailure>> {
    const { tree, profile, vocabulary } = request;
    if (tree.root === null) return notExecutable(`${tree.label} does not lie on the disk as a whole, so no kernel can be built from it`);
    const { root, files, folder: part } = tree;
    const probes = profile === 'trace' && vocabulary.probes ? { probes: vocabulary.probes } : {};
    const source = { root, files, folder: part, subsystem: vocabulary.subsystem, profile, config, ...probes };
    const image = await buildKernel(source, this.installation, handling);
    if (!image.ok) return image;
    const program = await guestProgram(this.installation, vocabulary.subsystem, handling.signal);
    if (!program.ok) return program;
    const kvm = await kvmWorks(image.value, this.installation.cache, handling.signal);
    return ok(new KernelRunner(request, image.value, guestFileSystem(program.value, image.value.module), kvm, handling, folder));
  }
}

function byConfiguration({ scenarios, tree }: ExecutionRequest): ReadonlyMap<string, readonly Scenario[]> {
  const groups = new Map<string, Scenario[]>();
  for (const scenario of scenarios) {
    const key = JSON.stringify(Object.fromEntries(Object.entries({ ...tree.config, ...scenario.config }).sort()));
    groups.set(key, [...(groups.get(key) ?? []), scenario]);
  }
  return groups;
}
