// What all operations of a scenario answered together: each different answer once, by the calls that failed on the way.
import type { SimulatedFault, SimulatedOutcome } from '../../model/simulation.js';
import { faultsKey, type Taken, type TakenFault } from './search.js';
import type { SimulatedMachine } from '../machine/simulated-machine.js';
import type { Symbolizer } from '../trace/symbolizer.js';
import { printSchedule } from './schedule.js';
import { teardownOperation } from '../machine/thread.js';

export class Outcomes {
  private readonly found = new Map<string, SimulatedOutcome>();
  private others = false;

  /** `tell` is told of each that is new. */
  constructor(
    private readonly machine: SimulatedMachine,
    private readonly symbolizer: Symbolizer,
    private readonly tell: ((key: string, outcome: SimulatedOutcome) => void) | null,
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
    const outcome = { faults: faults.map((each) => this.fault(each)), answers, ...exactly, ended, schedule: printSchedule(schedule) };
    this.found.set(key, outcome);
    this.tell?.(key, outcome);
  }

  /** Another thread has told of one. */
  add(key: string, outcome: SimulatedOutcome): void {
    this.others = true;
    if (!this.found.has(key)) this.found.set(key, outcome);
  }

  /** Those met first come first; where several threads met them, in an order of their own. */
  all(): readonly SimulatedOutcome[] {
    if (!this.others) return [...this.found.values()];
    return [...this.found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, outcome]) => outcome);
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
