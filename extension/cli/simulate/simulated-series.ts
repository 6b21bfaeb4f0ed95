// The simulation of a series on the command line: its scenarios run in threads of their own while its trees are checked in this one.
import { formatProblem } from '../../model/problem.js';
import { failed, ok, type Result } from '../../model/result.js';
import type { SimulationResult } from '../../model/simulation.js';
import type { Configuration } from '../../review/analyst.js';
import type { SeriesReview } from '../../review/reviewer.js';
import type { SeriesSimulation } from '../../review/series-causes.js';
import type { NotSimulated } from '../../review/verdict.js';
import type { Runtimes } from '../../runner/installed-runtimes.js';
import { linkedSignal } from '../../runner/linked-signal.js';
import type { Runner } from '../../runner/runner.js';
import { seriesRuns, simulateSeries, whyNotSimulated } from '../../runner/simulate-series.js';
import { sourcesOf } from '../../runner/tree-source.js';
import type { Io } from '../io.js';
import { resultCache, type CacheOption } from '../options.js';
import { ScenarioProgress } from '../progress-line.js';

/** Runs scenarios before and after a series, while its trees are checked. */
export class SimulatedSeries {
  private runner: Runner | null = null;
  private readonly stopped = new AbortController();
  private running: Promise<SeriesSimulation> | null = null;
  private why: NotSimulated | null = null;
  private total = 0;
  /** What was run before there was a line to show it on. */
  private readonly done: SimulationResult[] = [];
  private status: ScenarioProgress | null = null;

  constructor(
    private readonly runtimes: Runtimes,
    private readonly options: CacheOption & { readonly simulate: boolean; readonly config: Configuration },
    private readonly io: Io,
  ) {}

  /** Begins with all that has to be run, as far as it is known that it has to; answers when threads do it by themselves. */
  async begin(known: SeriesReview): Promise<void> {
    const { place, trees } = known;
    this.why = this.options.simulate ? whyNotSimulated(known) : { reason: 'left out by --no-simulate', asked: true };
    if (this.why !== null || place === null) return;
    const { scenarios, problems } = this.runtimes.of(place.subsystem);
    const broken = problems.find(({ severity }) => severity === 'error');
    const sources = sourcesOf(trees, known.files, place, this.options.config);
    this.why = broken
      ? { reason: `the scenarios cannot be read: ${formatProblem(broken)}`, asked: false }
      : whyNotSimulated(known, sources);
    if (this.why !== null) return;
    this.total = seriesRuns(scenarios);
    const runner = this.io.runner(resultCache(this.options, this.io));
    this.runner = runner;
    const { signal } = linkedSignal([this.io.interrupted, this.stopped.signal]);
    await new Promise<void>((onBegun) => {
      this.running = simulateSeries(runner, scenarios, sources, { signal, onBegun, onResult: (result) => this.tell(result) });
      void this.running.finally(onBegun);
    });
  }

  /** What it shows of the series, which is checked by now; or why it was not run. */
  async of(review: SeriesReview): Promise<Result<SeriesSimulation, NotSimulated>> {
    const why = this.why ?? whyNotSimulated(review);
    if (why !== null || this.running === null) {
      await this.end();
      return failed(why ?? { reason: 'the tree has nothing of it', asked: false });
    }
    const status = new ScenarioProgress(this.io, this.total);
    this.status = status;
    for (const result of this.done) status.add(result);
    try {
      return ok(await this.running);
    } finally {
      status.clear();
      await this.runner?.dispose();
    }
  }

  /** Nobody wants to know any more. */
  async end(): Promise<void> {
    this.stopped.abort();
    await this.runner?.dispose();
    await this.running;
  }

  /** The line on the terminal says how far the check is until that has ended. */
  private tell(result: SimulationResult): void {
    if (this.status === null) this.done.push(result);
    else this.status.add(result);
  }
}
