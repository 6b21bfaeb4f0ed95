// Runs paths: asks a strategy whatever a path leaves open, and tells it what has ended.
import type { SimulatedMachine } from '../machine/simulated-machine.js';
import { Path, type Event, type PathListener } from './path.js';
import type { Races } from './races.js';
import type { Operation, Script } from './script.js';

export type Choice = Extract<Event, { kind: 'choice' }>;
export type ThreadChoice = Extract<Event, { kind: 'schedule' }>;
export type Handover = Extract<Event, { kind: 'handover' }>;

/**
 * What decides how paths go on. Each method makes the path go on, or puts the machine where another path goes on from; false where
 * nothing is left to run.
 */
export interface Strategy extends PathListener {
  /** A call may fail, or an input is free. */
  choice(choice: Choice): boolean;
  /** One of several threads goes on. */
  threadChoice(choice: ThreadChoice): boolean;
  /** A thread goes on because the one that ran can't. */
  handover(handover: Handover): boolean;
  /** Nothing is left but teardown, which begins. */
  teardown(): boolean;
  /** An operation has ended, or setup or teardown. */
  operationEnded(operation: Operation): boolean;
  /** Nothing of the path is left; `bound` says that it was given up. */
  pathEnded(bound: string | null): boolean;
  /** Asked after so many steps and before anything else; a reason ends the run. */
  stops?(steps: number): string | null;
}

export class Driver {
  readonly path: Path;

  constructor(
    readonly machine: SimulatedMachine,
    script: Script,
    races: Races,
    private readonly strategy: Strategy,
  ) {
    this.path = new Path(machine, script, races, strategy);
  }

  /** Paths go on from the state of the machine; so many calls may fail on each. */
  from(faults: number): void {
    this.machine.core.errors = [];
    this.machine.choices.faultsAllowed = faults;
    this.path.resume();
  }

  /** Runs until the strategy has nothing left; why it stopped before that, or null. */
  run(): string | null {
    const { path, strategy } = this;
    for (;;) {
      const event = path.advance();
      const why = strategy.stops?.(path.takeSteps()) ?? null;
      if (why !== null) return why;
      if (!this.meet(event)) return null;
    }
  }

  private meet(event: Event): boolean {
    switch (event.kind) {
      case 'choice':
        return this.strategy.choice(event);
      case 'schedule':
        return this.strategy.threadChoice(event);
      case 'handover':
        return this.strategy.handover(event);
      case 'teardown':
        return this.strategy.teardown();
      case 'operation':
        return this.strategy.operationEnded(event.operation);
      case 'end':
        return this.strategy.pathEnded(event.bound);
    }
  }
}
