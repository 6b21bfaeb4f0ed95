// A strategy that follows one schedule.
import type { Lacking } from '../../scenario/resolve.js';
import type { SimulatedMachine } from '../machine/simulated-machine.js';
import { Driver, type Choice, type Handover, type Strategy, type ThreadChoice } from './driver.js';
import type { Watcher } from './path.js';
import { NoRaces } from './races.js';
import type { Schedule, Switch } from './schedule.js';
import type { Operation, Script } from './script.js';

/** Told of what happens on the path, as when searching. */
export interface ReplayListener {
  turn(operation: Operation, lacking: readonly Lacking[]): void;
  ended(operation: Operation): void;
  /** The path has ended; not `complete` where it was given up. */
  finished(complete: boolean): void;
}

export class Replay implements Strategy {
  private readonly driver: Driver;
  private readonly faults: Schedule['faults'][number][];
  private readonly inputs: Schedule['inputs'][number][];
  private readonly runs: readonly Switch[];
  /** Index of the run that goes on. */
  private run = 0;

  /** The machine stands after setup. */
  constructor(
    private readonly machine: SimulatedMachine,
    script: Script,
    schedule: Schedule,
    private readonly listener: ReplayListener,
    readonly watcher: Watcher,
  ) {
    this.faults = [...schedule.faults];
    this.inputs = [...schedule.inputs];
    this.runs = schedule.runs;
    this.driver = new Driver(machine, script, new NoRaces(), this);
  }

  /** Runs the path; where the schedule asked for what the tree does not offer, or null. */
  follow(): string | null {
    this.driver.from(Infinity);
    this.driver.run();
    const left = this.faults.map((each) => `${each.operation + 1}.${each.nth}`);
    return left.length > 0 ? `no fallible call ${left.join(', ')} was met` : null;
  }

  turn(operation: Operation, lacking: readonly Lacking[]): void {
    this.listener.turn(operation, lacking);
  }

  teardown(): boolean {
    return true;
  }

  operationEnded(operation: Operation): boolean {
    this.listener.ended(operation);
    return true;
  }

  pathEnded(bound: string | null): boolean {
    this.listener.finished(bound === null);
    return false;
  }

  choice({ of }: Choice): boolean {
    const { running } = this.machine.core;
    const before = this.machine.choices.decisions;
    const isNext = (nth: number, list: 'fallible' | 'inputs'): boolean => nth === running[list] + 1 + before.length;
    let option = 0;
    if (of === 'fault') {
      const at = this.faults.findIndex((each) => each.operation === running.operation && isNext(each.nth, 'fallible'));
      if (at >= 0) this.faults.splice(at, 1);
      option = at >= 0 ? 1 : 0;
    } else {
      const at = this.inputs.findIndex((each) => each.operation === running.operation && isNext(each.nth, 'inputs'));
      option = this.inputs[at]?.option ?? 0;
      if (at >= 0) this.inputs.splice(at, 1);
    }
    this.driver.path.decide([...before, option]);
    return true;
  }

  threadChoice({ threads, preempts }: ThreadChoice): boolean {
    const { runs } = this;
    const { path } = this.driver;
    const { current } = this.machine.core;
    const [first] = threads;
    if (first === 0) {
      path.stopAt(null);
      path.switchTo(0);
      return true;
    }
    // Segments whose thread can't go on are over.
    if (preempts || runs[this.run]?.thread === current) this.run++;
    let next = runs[this.run];
    while (next && !threads.includes(next.thread)) next = runs[++this.run];
    path.switchTo(next?.thread ?? first ?? current);
    path.stopAt(next && next.until !== null ? { thread: next.thread, steps: next.until } : null);
    return true;
  }

  handover({ thread }: Handover): boolean {
    this.driver.path.switchTo(thread);
    return true;
  }
}
