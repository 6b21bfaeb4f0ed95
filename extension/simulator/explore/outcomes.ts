// What all operations of a scenario answered together: each different answer once, by the calls that failed on the way.
import type { SimulatedFault, SimulatedOutcome } from '../../model/simulation.js';
import { faultsKey, type Taken, type TakenFault } from './search.js';
import type { SimulatedMachine } from '../machine/simulated-machine.js';
import type { Symbolizer } from '../trace/symbolizer.js';
import { printSchedule } from './schedule.js';
import { teardownOperation } from '../machine/thread.js';

export class Outcomes {
  private readonly found = new Map<string, SimulatedOutcome>();

  constructor(
    private readonly machine: SimulatedMachine,
    private readonly symbolizer: Symbolizer,
  ) {}

  /** The machine stands where a path ended, or where nothing of it is left but a teardown; `bound` says that it was given up. */
  note(taken: () => Taken, bound: string | null): void {
    const { machine } = this;
    const answers = machine.core.answers.map((answer) => (Number.isNaN(Number(answer)) ? null : Number(answer)));
    const texts = machine.core.answers.map((answer) => (Number.isNaN(Number(answer)) ? null : String(answer)));
    const exactly = answers.every((answer) => answer === null || Number.isSafeInteger(answer)) ? {} : { exactly: texts };
    const ended = machine.core.running.operation === teardownOperation ? null : (bound ?? this.error());
    const { faults, schedule } = taken();
    const key = `${faultsKey(faults)} ${texts.join()} ${ended ?? ''}`;
    if (this.found.has(key)) return;
    this.found.set(key, { faults: faults.map((each) => this.fault(each)), answers, ...exactly, ended, schedule: printSchedule(schedule) });
  }

  /** Those met first come first. */
  all(): readonly SimulatedOutcome[] {
    return [...this.found.values()];
  }

  private error(): string | null {
    if (!this.machine.core.halted) return null;
    return this.machine.core.errors.at(-1)?.message ?? 'nothing goes on from here';
  }

  private fault({ operation, nth, name, stack }: TakenFault): SimulatedFault {
    const at = this.symbolizer.inTree(stack);
    if (at === null) throw new Error(`${name}() fails, and nobody called it`);
    return { operation, nth, name, at, lastLine: this.symbolizer.lastLine(at) };
  }
}
