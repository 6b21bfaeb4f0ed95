// Runs scenarios of FUSE on kernel trees, for tests.
import type { Scenario } from '../../extension/model/scenario.js';
import type { Counterexample, SimulationResult } from '../../extension/model/simulation.js';
import type { SourceTree } from '../../extension/model/source.js';
import type { ProgramLoader } from '../../extension/program/load.js';
import { generateScenarios } from '../../extension/scenario/generate.js';
import { createSimulator, defaultBounds, type Simulator } from '../../extension/simulator/simulator.js';
import { fuse, fuseRuntime } from '../support/fuse.js';

const runtime = fuseRuntime;
/** Twice what the longest takes on two cores that do nothing else. */
export const patience = 120_000;

/** A simulator of FUSE of a tree. */
export function simulator(loader: ProgramLoader, tree: SourceTree, config: Readonly<Record<string, boolean>> = {}): Simulator {
  const program = loader.load(tree, {
    folder: 'fs/fuse',
    headers: fuse.headers,
    config: new Map(Object.entries(config)),
    prelude: runtime.prelude,
  });
  return createSimulator(program, runtime.vocabulary, tree.label);
}

/** All paths with that many faults. */
export function run(on: Simulator, scenario: Scenario, faults: number): SimulationResult {
  return on.run(scenario, { bounds: { ...defaultBounds, faults, milliseconds: patience } });
}

/** The bundled scenario of that name. */
export function bundled(name: string): Scenario {
  const found = runtime.scenarios.find((each) => each.name === name);
  if (!found) throw new Error(`there is no scenario ${name}`);
  return found;
}

/** `kind at function: message` of each counterexample, in the order told. */
export function told(result: SimulationResult): string[] {
  return result.counterexamples.map(({ error }) => `${error.kind} at ${error.at?.function ?? 'the end of a step'}: ${error.message}`);
}

/** Says of every scenario of a tree in which something is wrong or was not gone through in whole. */
export function complaints(scenarios: Iterable<Scenario>, on: (scenario: Scenario) => Simulator): string[] {
  const found: string[] = [];
  for (const scenario of scenarios) {
    const result = run(on(scenario), scenario, 1);
    for (const each of told(result)) found.push(`${scenario.name} (${scenario.title}): ${each}`);
    if (!result.bounds.exhaustive) found.push(`${scenario.name}: ${result.bounds.stopped ?? 'not exhaustive'}`);
    if (result.reason !== null) found.push(`${scenario.name}: ${result.reason}`);
  }
  return found;
}

/** Of the bundled scenarios, each with its own options. */
export function complaintsOf(loader: ProgramLoader, tree: SourceTree): string[] {
  const plain = simulator(loader, tree);
  return complaints(runtime.scenarios, ({ config }) => (Object.keys(config).length === 0 ? plain : simulator(loader, tree, config)));
}

/** The first error among the generated scenarios of one thread, shorter ones first, of which `wanted` is true. */
export function firstGenerated(on: Simulator, operations: number, wanted: (found: Counterexample) => boolean): Counterexample | undefined {
  for (const scenario of generateScenarios(runtime.vocabulary, { operations, threads: 1 })) {
    const found = run(on, scenario, 0).counterexamples.find(wanted);
    if (found) return found;
  }
  return undefined;
}

/** Every generated scenario up to so many operations. */
export function generated(operations: number, threads: 1 | 2): Iterable<Scenario> {
  return generateScenarios(runtime.vocabulary, { operations, threads });
}

/** Names of a scenario's operations in order. */
export function operationsOf(scenario: Scenario): string[] {
  return scenario.steps.flatMap((step) => (step.kind === 'operation' ? [step] : step.branches.flat())).map(({ operation }) => operation);
}
