// Which scenarios call a function of a tree: all of them are run once for each text of the tree, and asked.
import type { CancellationToken, Uri } from 'vscode';
import type { Analyzer } from '../analyzer.js';
import { boundsOf } from '../settings.js';
import type { ScenarioFile } from './library.js';
import { summaryOf, verdictOf } from './outcome.js';
import type { RunOutcome, SimulationRuns } from './runs.js';
import type { SimulationTarget } from './targets.js';

export interface Covering {
  readonly uri: Uri;
  readonly outcome: RunOutcome;
}

export class Coverage {
  /** Of the tree asked for last: outcomes by scenario file and the scenario in it. */
  private known = new Map<string, RunOutcome>();
  private knownOf = '';

  constructor(
    private readonly analyzer: Analyzer,
    private readonly runs: SimulationRuns,
  ) {}

  /** The outcomes of all scenarios on the tree as it is, in order; those that were cancelled are missing. */
  async run(
    target: SimulationTarget,
    files: readonly ScenarioFile[],
    token: CancellationToken,
    done: (last: string) => void,
  ): Promise<readonly Covering[]> {
    const { root } = target;
    const { subsystem, folder } = target.tree;
    const version = await this.analyzer.run({ t: 'tree-version', lane: 'tree version', tree: { root, subsystem, folder } });
    const key = JSON.stringify([target.tree, boundsOf(root), version]);
    if (key !== this.knownOf || version.kind !== 'done') this.known = new Map();
    this.knownOf = key;
    const { known } = this;
    const outcomes = await this.runs.during([token], (signal) =>
      Promise.all(
        files.map(async ({ uri, scenario }): Promise<Covering | null> => {
          if (scenario === null) return null;
          const name = JSON.stringify([uri.toString(), scenario]);
          const outcome = known.get(name) ?? (await this.runs.run(target, scenario, uri, { signal }));
          if (verdictOf(outcome) === 'stopped') return null;
          known.set(name, outcome);
          done(`${scenario.name}: ${summaryOf(outcome)}`);
          return { uri, outcome };
        }),
      ),
    );
    return outcomes.filter((each) => each !== null);
  }
}
