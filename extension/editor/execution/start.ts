// Makes what builds kernels and runs scenarios in them. Loaded with the first run: activation needs none of it.
import type { ExtensionContext } from 'vscode';
import type { Analyzer } from '../analyzer.js';
import type { SimulationRuns } from '../simulation/runs.js';
import type { ScenarioExecutor } from './queue.js';

/** `cache` is the folder for builds and logs. Rejects where the words of scenarios can't be read. */
export async function startExecutor(
  context: ExtensionContext,
  simulations: SimulationRuns,
  analyzer: Analyzer,
  cache: string,
): Promise<ScenarioExecutor> {
  const { Executions } = await import('../../runner/executions.js');
  const words = await analyzer.run({ t: 'vocabularies', lane: 'vocabularies' });
  if (words.kind !== 'done') throw new Error(words.kind === 'failed' ? words.message : 'the words of scenarios were not read');
  const installation = { guest: context.asAbsolutePath('dist/guest'), cache };
  return new Executions({ installation, runner: await simulations.threads(), vocabularies: words.answer });
}
