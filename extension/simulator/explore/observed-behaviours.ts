// What each operation answered and what it left behind, under each combination of calls that failed.
import type { Behaviour } from '../../model/simulation.js';
import { errnoText } from '../../scenario/errno.js';
import { printSchedule } from './schedule.js';
import type { Operation } from './script.js';
import type { Taken } from './search.js';
import type { SimulatedMachine } from '../machine/simulated-machine.js';
import { heldReferences } from '../machine/observe.js';

export class Behaviours {
  private readonly found = new Map<string, Behaviour>();

  constructor(private readonly machine: SimulatedMachine) {}

  /** An operation has ended, on a path that was not told before. */
  note({ index, line, text }: Operation, taken: Taken): void {
    const faults = taken.faults.map(({ operation, name }) => ({ operation, name }));
    const key = JSON.stringify([index, faults]);
    if (this.found.has(key)) return;
    const { answers, image } = this.machine.core;
    this.found.set(key, {
      operation: text,
      index,
      line,
      faults,
      answer: errnoText(answers[index] ?? NaN),
      held: heldReferences(this.machine, image),
      schedule: printSchedule(taken.schedule),
    });
  }

  /** Those met first come first. */
  all(): readonly Behaviour[] {
    return [...this.found.values()];
  }
}
