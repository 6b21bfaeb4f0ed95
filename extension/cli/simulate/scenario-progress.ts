// How far many scenarios are, on the terminal's line.
import { errorsIn, type SimulationResult } from '../../model/simulation.js';
import type { Io } from '../io.js';
import { ProgressLine } from '../progress-line.js';

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
