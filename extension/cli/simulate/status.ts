// How far many scenarios are, on one line of the terminal.
import { errorsIn, type SimulationResult } from '../../model/simulation.js';
import type { Io } from '../io.js';

/** Milliseconds between two changes of the line. */
const every = 200;

export class Status {
  private done = 0;
  private readonly errors = new Set<string>();
  private executions = 0;
  private shown = 0;

  constructor(
    private readonly io: Io,
    /** How many there are; unknown where they are generated as they run. */
    private readonly total?: number,
  ) {}

  add(result: SimulationResult): void {
    const { stats, scenario } = result;
    this.done++;
    this.executions += stats.executions;
    for (const { error } of errorsIn(result)) this.errors.add(error.id);
    const now = Date.now();
    if (now - this.shown < every) return;
    this.shown = now;
    const of = this.total === undefined ? '' : ` of ${this.total}`;
    this.io.status?.(
      `${this.done}${of} scenarios, ${this.executions} executions, ${this.errors.size} errors (${scenario.name})`.slice(0, 100),
    );
  }

  clear(): void {
    this.io.status?.('');
  }
}
