// Shows how far a command is, or the many scenarios that it runs, on the terminal's line.
import { ProgressClock, type OnStage } from '../model/progress.js';
import { errorsIn, type SimulationResult } from '../model/simulation.js';
import { progressText } from '../review/report/text/progress-text.js';
import { printable } from '../review/report/text/terminal.js';
import type { Io } from './io.js';

export class ProgressLine {
  private readonly clock = new ProgressClock();

  constructor(private readonly io: Pick<Io, 'status'>) {}

  readonly report: OnStage = (stage) => {
    if (this.io.status === undefined) return;
    const now = Date.now();
    const progress = this.clock.take(stage, now);
    if (progress !== null) this.io.status(printable(progressText(progress, now)));
  };

  clear(): void {
    this.io.status?.('');
  }
}

/** How far many scenarios are. */
export class ScenarioProgress {
  private readonly line: ProgressLine;
  private done = 0;
  private readonly errors = new Set<string>();
  private executions = 0;

  constructor(
    io: Io,
    /** How many there are; unknown where they are generated as they run. */
    private readonly total?: number,
  ) {
    this.line = new ProgressLine(io);
  }

  add(result: SimulationResult): void {
    const { stats, scenario } = result;
    this.done++;
    this.executions += stats.executions;
    for (const { error } of errorsIn(result)) this.errors.add(error.id);
    const text = `${this.executions} executions, ${this.errors.size} errors (${scenario.name})`;
    this.line.report({ phase: 'simulate', done: this.done, total: this.total ?? null, text });
  }

  clear(): void {
    this.line.clear();
  }
}
