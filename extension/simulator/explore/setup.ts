// Where every path of a scenario begins: the state in which setup has run, made once for all that are set up alike.
import type { MachineState } from '../machine/machine-state.js';
import type { SimulatedMachine } from '../machine/simulated-machine.js';
import type { Symbolizer } from '../trace/symbolizer.js';
import { Driver, type Strategy } from './driver.js';
import { WayNotes, comeAgain, type OnTheWay } from './on-the-way.js';
import { NoRaces } from './races.js';
import type { Operation, Script } from './script.js';

interface Prepared {
  readonly key: string;
  readonly state: MachineState;
  readonly way: OnTheWay;
  readonly settled: Map<string, OnTheWay>;
}

export class Setup {
  private readonly empty: MachineState;
  private prepared: Prepared | null = null;

  constructor(
    private readonly machine: SimulatedMachine,
    private readonly symbolizer: Symbolizer,
  ) {
    this.empty = machine.save();
  }

  /** States before a teardown that showed no error, with what that came by; of all scenarios that are set up like the last one. */
  get settled(): Map<string, OnTheWay> {
    return this.prepared?.settled ?? new Map<string, OnTheWay>();
  }

  /** Brings the machine to where setup has run; says why that was not possible. */
  run(script: Script): string | null {
    const { machine } = this;
    const { core } = machine;
    const key = JSON.stringify([script.setup.arguments, script.setup.capabilities]);
    if (this.prepared?.key === key) {
      machine.restore(this.prepared.state);
      core.errors = [];
      comeAgain(core, this.prepared.way);
    } else {
      this.prepared = null;
      machine.restore(this.empty);
      const notes = new WayNotes(core);
      const why = this.goThrough(script);
      const way = notes.end();
      if (why !== null) return why;
      this.prepared = { key, state: machine.save(), way, settled: new Map() };
    }
    // Before the first operation of a scenario nothing has been answered.
    core.answers = script.operations.map(() => NaN);
    return null;
  }

  private goThrough(script: Script): string | null {
    const { core } = this.machine;
    const strategy = new Straight(script);
    const driver = new Driver(this.machine, script, new NoRaces(), strategy);
    driver.from(0);
    driver.path.begin();
    driver.run();
    const { result } = core.running;
    if (strategy.through && result < 0) this.machine.report('bug', `the model's setup answers ${result}`);
    if (strategy.through && !core.isOver() && core.errors.length === 0) return null;
    const error = core.errors[0];
    const at = error && this.symbolizer.inTree(error.stack);
    return `setup does not go through: ${error ? error.message : 'it waits for something'}${at ? ` (${at.file}:${at.line}, ${at.function})` : ''}`;
  }
}

/** Up to where setup has run, with nothing to be decided. */
class Straight implements Strategy {
  through = false;

  constructor(private readonly script: Script) {}

  turn(): void {
    // No operation's turn comes before setup has ended.
  }

  choice(): boolean {
    return false;
  }

  threadChoice(): boolean {
    return false;
  }

  handover(): boolean {
    return false;
  }

  teardown(): boolean {
    return false;
  }

  operationEnded(operation: Operation): boolean {
    this.through = operation === this.script.setup;
    return false;
  }

  pathEnded(): boolean {
    return false;
  }
}
