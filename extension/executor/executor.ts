// Runs scenarios in the kernel of a tree: builds it, boots it once, and for each scenario goes back to where it had booted.
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionResult } from '../model/execution.js';
import type { Scenario } from '../model/scenario.js';
import { Bench } from './bench.js';
import { buildKernel } from './build.js';
import { guestFileSystem, guestProgram } from './guest-program.js';
import { ExecutionFailure, type ExecutionHandling, type ExecutionRequest, type ExecutorInstallation } from './request.js';
import { MachineFailure } from './machine-failure.js';
import { kvmWorks } from './snapshot.js';
import { missingTools } from './toolchain.js';

/** Folders of runs that are kept for their logs; the oldest go. */
const keptRuns = 20;

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
    const running = (scenario: Scenario): void =>
      handling.onProgress?.({ phase: 'run', done: done++, total: request.scenarios.length, text: scenario.name });
    try {
      for (const [config, scenarios] of byConfiguration(request)) {
        const bench = await this.prepare(request, JSON.parse(config) as Record<string, boolean>, handling, folder);
        yield* bench.run(scenarios, running);
      }
    } catch (error) {
      handling.signal?.throwIfAborted();
      throw error instanceof MachineFailure ? new ExecutionFailure(error.message) : error;
    } finally {
      if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true, force: true });
    }
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
    const probes = profile === 'trace' && vocabulary.probes ? { probes: vocabulary.probes } : {};
    const source = { root, files, folder: part, subsystem: vocabulary.subsystem, profile, config, ...probes };
    const image = await buildKernel(source, this.installation, handling);
    const program = await guestProgram(this.installation, vocabulary.subsystem, handling.signal);
    const kvm = await kvmWorks(image, this.installation.cache, handling.signal);
    return new Bench(request, image, guestFileSystem(program, image.module), kvm, handling, folder);
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

function pruneRuns(folder: string): void {
  const all = readdirSync(folder)
    .map((name) => ({ path: join(folder, name), made: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.made - a.made);
  for (const { path } of all.slice(keptRuns)) rmSync(path, { recursive: true, force: true });
}
