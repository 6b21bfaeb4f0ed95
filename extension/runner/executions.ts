// Scenarios in a real kernel, each held against the simulator.
import type { ExecutionResult, KernelProfile } from '../model/execution.js';
import { ok, type Result } from '../model/result.js';
import type { Scenario, Vocabulary } from '../model/scenario.js';
import type { SimulationResult, SimulationTrace } from '../model/simulation.js';
import type { TreeSource } from '../model/source.js';
import { Executor } from '../executor/executor.js';
import {
  notExecutable,
  type ExecutionFailure,
  type ExecutionHandling,
  type ExecutorInstallation,
  type FaultPlan,
} from '../executor/request.js';
import { inside, realPlace } from '../patch/real-place.js';
import { closestOutcome, compareExecution, type AgreementContext } from '../review/agreement.js';
import { defaultBounds } from '../simulator/explore/bounds.js';
import { linkedSignal } from './linked-signal.js';
import type { Runner } from './runner.js';

export interface ExecuteSettings {
  readonly profile: KernelProfile;
  readonly faults: FaultPlan;
  /** How often each scenario is run in one kernel. */
  readonly rounds: number;
  /** Keep logs also where nothing was found, and how to start the machines by hand. */
  readonly keep: boolean;
  /** Seconds that a kernel may take to boot, and a scenario to run with all its rounds. */
  readonly limit?: number;
}

export interface ExecutionsOptions {
  readonly installation: ExecutorInstallation;
  readonly runner: Runner;
  /** One a subsystem. */
  readonly vocabularies: readonly Vocabulary[];
}

export class Executions {
  private readonly executor: Executor;
  private readonly ending = new AbortController();

  constructor(private readonly options: ExecutionsOptions) {
    this.executor = new Executor(options.installation);
  }

  /**
   * Builds and boots the tree's kernel, runs each scenario in it and compares; results in order, as they come; where
   * nothing can be run that is the last. Throws what the signal aborts with.
   */
  async *run(
    tree: TreeSource,
    scenarios: readonly Scenario[],
    settings: ExecuteSettings,
    handling: ExecutionHandling = {},
  ): AsyncGenerator<Result<ExecutionResult, ExecutionFailure>, void, undefined> {
    const { installation, vocabularies } = this.options;
    const vocabulary = vocabularies.find((each) => each.subsystem === tree.subsystem.name);
    if (vocabulary === undefined) return yield notExecutable(`there are no words for scenarios of ${tree.subsystem.title}`);
    const cache = realPlace(installation.cache);
    if (tree.root !== null && (cache === undefined || inside(cache, realPlace(tree.root) ?? tree.root)))
      return yield notExecutable(`the cache ${installation.cache} lies in the tree, which is never changed; name another folder for it`);
    const { signal, unlink } = linkedSignal([this.ending.signal, handling.signal]);
    const simulated = new Map<Scenario, Promise<SimulationResult>>();
    const request = { tree, vocabulary, scenarios, ...settings };
    try {
      for await (const result of this.executor.execute(request, { ...handling, signal })) {
        if (!result.ok) return yield result;
        const { scenario } = result.value;
        // One at a time, while the next machine runs.
        const simulation = simulated.get(scenario) ?? this.simulate(tree, scenario, settings, signal);
        simulated.set(scenario, simulation);
        yield ok(await this.compared(result.value, await simulation, tree, vocabulary, signal));
      }
    } finally {
      unlink();
    }
  }

  /** Ends what runs. */
  dispose(): Promise<void> {
    this.ending.abort();
    return Promise.resolve();
  }

  private simulate(tree: TreeSource, scenario: Scenario, { faults }: ExecuteSettings, signal: AbortSignal): Promise<SimulationResult> {
    const bounds = { ...defaultBounds, faults: faults === 'none' ? 0 : 1 };
    return this.options.runner.run(tree, scenario, { bounds, outcomes: true }, { signal });
  }

  private async compared(
    result: ExecutionResult,
    simulation: SimulationResult,
    tree: TreeSource,
    vocabulary: Vocabulary,
    signal: AbortSignal,
  ): Promise<ExecutionResult> {
    const context: AgreementContext = { vocabulary, folder: tree.folder };
    const agreement = compareExecution(result, simulation, context);
    const closest = closestOutcome(result, simulation, context);
    let trace: SimulationTrace | null | undefined;
    if (closest) {
      const traced = await this.options.runner.trace(tree, result.scenario, closest.schedule, signal);
      trace = traced.ok ? traced.value : null;
    } else if (result.verdict === 'errors') trace = simulation.counterexamples[0]?.trace;
    return { ...result, agreement: { ...agreement, trace: trace ?? null } };
  }
}
