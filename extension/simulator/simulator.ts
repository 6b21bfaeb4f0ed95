// Runs scenarios on a program: what everybody outside this folder uses.
import { intrinsicNamed } from '../kernel/intrinsics/index.js';
import { failed, ok, type Result } from '../model/result.js';
import type { Scenario, Vocabulary } from '../model/scenario.js';
import {
  bySize,
  withoutTrace,
  type Counterexample,
  type MetError,
  type SimulationResult,
  type SimulationTrace,
} from '../model/simulation.js';
import type { FunctionGraph } from '../program/graph.js';
import type { Program } from '../program/program.js';
import { Image } from './machine/image.js';
import { isModel } from './code/model-files.js';
import type { Bounds } from './explore/bounds.js';
import { Checks } from './explore/path-checks.js';
import { helpToSearch, searchScenario, type Apparatus, type SearchOptions } from './explore/scenario-search.js';
import { parseSchedule, printSchedule, type Schedule } from './explore/schedule.js';
import { scriptOf } from './explore/script.js';
import { Setup } from './explore/setup.js';
import type { SharedSearch } from './explore/shared-search.js';
import { shrunkPath, type ErrorPath } from './explore/shrink.js';
import { SimulatedMachine } from './machine/simulated-machine.js';
import { SimulatedMemory } from './machine/simulated-memory.js';
import { combinationsOf } from './trace/combinations.js';
import { ErrorWords } from './trace/error-words.js';
import { record, type Recorded } from './trace/record.js';
import { Symbolizer } from './trace/symbolizer.js';

export { defaultBounds, type Bounds } from './explore/bounds.js';
export { SharedSearch, sharedSearchMemory, type SharedSearchMemory } from './explore/shared-search.js';

export interface RunOptions extends SearchOptions {
  /** Make counterexamples of the errors, which costs more than finding them; true unless said otherwise. */
  readonly counterexamples?: boolean;
  /** Counterexamples are of the whole scenario, with no operation left out; false unless said otherwise. */
  readonly whole?: boolean;
}

export interface Simulator {
  /** Never throws for what the tree or the scenario holds: what can't be run is `not run` with the reason. */
  run(scenario: Scenario, options: RunOptions): SimulationResult;
  /**
   * Helps another thread that runs the scenario with these bounds and outcomes on an equal program, and returns when it needs no help any
   * more. Where it can't help the others are told, and go on without.
   */
  help(scenario: Scenario, options: Pick<RunOptions, 'bounds' | 'outcomes' | 'behaviours'>, shared: SharedSearch): void;
  /** The functions that the last run entered, and what set variables, on any path; those of the model too. */
  entered(): readonly FunctionGraph[];
  /** The counterexample of an error that a run of this tree met; without a trace where the error can't be had again. */
  counterexampleOf(met: MetError, options: RunOptions): Counterexample;
  /** The path of a schedule, told in full: a counterexample, or the reason why the schedule does not fit the tree. */
  replay(scenario: Scenario, schedule: string): Result<Counterexample, string>;
  /** What a schedule does, with an error or without one; or the reason why it does not fit the tree. */
  trace(scenario: Scenario, schedule: string): Result<SimulationTrace, string>;
}

/** `program` is to be loaded with the runtime's headers as its prelude (runtime.ts) and the scenario's options. */
export function createSimulator(program: Program, vocabulary: Vocabulary, label: string): Simulator {
  return new ProgramSimulator(program, vocabulary, label);
}

class ProgramSimulator implements Simulator {
  private readonly apparatus: Apparatus;

  constructor(
    program: Program,
    vocabulary: Vocabulary,
    private readonly label: string,
  ) {
    const memory = new SimulatedMemory();
    const machine = new SimulatedMachine(memory, new Image(program, memory, intrinsicNamed, vocabulary.boundary));
    const symbolizer = new Symbolizer(program);
    this.apparatus = {
      machine,
      vocabulary,
      symbolizer,
      setup: new Setup(machine, symbolizer),
      checks: new Checks(machine),
      errors: new ErrorWords(symbolizer),
    };
  }

  run(scenario: Scenario, options: RunOptions): SimulationResult {
    const started = Date.now();
    const { bounds } = options;
    const { machine, vocabulary } = this.apparatus;
    this.forget();
    const searched = searchScenario(this.apparatus, scenario, options, started + bounds.milliseconds);
    const unread = [...machine.unread.keys()];
    const why = this.unread();
    if (!searched.ok) return this.notRun(scenario, why ?? searched.failure, bounds);
    const search = searched.value;
    const cut = [...machine.unread.values()].some(({ whole }) => whole);
    if (why !== null && cut && search.found.size === 0) return this.notRun(scenario, why, bounds);
    const met = [...search.found.values()];
    const counterexamples = options.counterexamples === false ? [] : met.map((each) => this.counterexampleOf(each, options)).sort(bySize);
    const { totals } = search;
    const stopped = why ?? search.stopped;
    const combinations = combinationsOf(scenario, vocabulary, search.outcomes ?? [], search.allOrders);
    return {
      scenario,
      tree: this.label,
      verdict: met.length > 0 ? 'errors' : 'no error',
      reason: null,
      ...(unread.length === 0 ? {} : { unread }),
      counterexamples,
      ...(options.counterexamples === false && met.length > 0 ? { unexplained: met } : {}),
      behaviours: search.behaviours,
      ...(search.start ? { start: search.start } : {}),
      ...(search.outcomes && options.outcomes === true ? { outcomes: search.outcomes } : {}),
      ...(search.outcomes && combinations ? { combinations } : {}),
      ...(search.missing.length > 0 ? { missing: search.missing } : {}),
      assumed: machine.core.image.takeAssumptions(),
      ...(search.dataRaces.length > 0 ? { dataRaces: search.dataRaces } : {}),
      covered: this.covered(),
      stats: {
        executions: totals.executions,
        states: search.states,
        transitions: totals.transitions,
        pruned: totals.pruned,
        ...(search.workers > 1 ? { workers: search.workers } : {}),
        milliseconds: Date.now() - started,
      },
      bounds: { ...bounds, exhaustive: stopped === null, stopped },
    };
  }

  help(scenario: Scenario, options: Pick<RunOptions, 'bounds' | 'outcomes' | 'behaviours'>, shared: SharedSearch): void {
    this.forget();
    helpToSearch(this.apparatus, scenario, options, shared);
  }

  /** What is noted beside the machine's state belongs to one run. */
  private forget(): void {
    const { machine } = this.apparatus;
    machine.core.image.takeAssumptions();
    machine.core.entered.clear();
    machine.unread.clear();
  }

  entered(): readonly FunctionGraph[] {
    return [...this.apparatus.machine.core.entered].map(({ graph }) => graph);
  }

  counterexampleOf(met: MetError, options: RunOptions): Counterexample {
    const { scenario, faults, preemptions, error } = met;
    const schedule = parseSchedule(met.schedule);
    if (!schedule.ok) return withoutTrace(met, schedule.failure);
    const path: ErrorPath = { scenario, schedule: schedule.value, faults, preemptions };
    const shrunk = options.whole === true ? path : shrunkPath(this.apparatus, path, error.id, options);
    const counterexample = this.counterexampleOn(shrunk.scenario, shrunk.schedule, error.id);
    const cost = { faults: shrunk.faults, preemptions: shrunk.preemptions };
    if (counterexample.ok) return { ...counterexample.value, ...cost };
    return withoutTrace({ error, scenario: shrunk.scenario, schedule: printSchedule(shrunk.schedule), ...cost }, counterexample.failure);
  }

  replay(scenario: Scenario, line: string): Result<Counterexample, string> {
    const schedule = parseSchedule(line);
    return schedule.ok ? this.counterexampleOn(scenario, schedule.value, null) : schedule;
  }

  trace(scenario: Scenario, line: string): Result<SimulationTrace, string> {
    const schedule = parseSchedule(line);
    if (!schedule.ok) return schedule;
    const recorded = this.follow(scenario, schedule.value);
    return recorded.ok ? ok(recorded.value.trace) : recorded;
  }

  private covered(): readonly string[] {
    const { image, entered } = this.apparatus.machine.core;
    const names = [...entered].filter(({ file }) => !isModel(file)).map(({ name }) => name);
    // What sets a variable has the variable's name.
    return [...new Set(names)].filter((name) => image.program.functionsNamed(name).length > 0).sort();
  }

  /** What a schedule does, or why it does not fit. */
  private follow(scenario: Scenario, schedule: Schedule): Result<Recorded, string> {
    const { machine, vocabulary, symbolizer, setup, checks } = this.apparatus;
    const linked = scriptOf(scenario, vocabulary, machine.core.image);
    if (!linked.ok) return linked;
    const script = linked.value;
    machine.unread.clear();
    const why = setup.run(script);
    if (why !== null) return failed(this.unread() ?? why);
    const recorded = record({
      machine,
      script,
      symbolizer,
      schedule,
      turn: (operation, lacking) => void checks.turn(operation, lacking, script),
      ended: (operation) => checks.ended(operation),
      finished: (complete) => {
        if (complete) checks.finished();
      },
    });
    return recorded.misfit === null ? ok(recorded) : failed(recorded.misfit);
  }

  private counterexampleOn(scenario: Scenario, schedule: Schedule, wanted: string | null): Result<Counterexample, string> {
    const followed = this.follow(scenario, schedule);
    if (!followed.ok) return followed;
    const recorded = followed.value;
    if (recorded.errors.length === 0) {
      const unread = this.unread();
      if (unread !== null) return failed(unread);
    }
    const raw = recorded.errors.find((each) => wanted === null || this.apparatus.errors.idOf(each) === wanted);
    if (!raw) return failed(wanted === null ? 'no error on this path' : 'the replay of the path does not show the error again');
    return ok({
      error: this.apparatus.errors.errorOf(raw, recorded),
      scenario,
      faults: schedule.faults.length,
      preemptions: 0,
      schedule: printSchedule(schedule),
      trace: recorded.trace,
    });
  }

  /** Which functions a path came to that are not analysed, so that it ends there; null for none. */
  private unread(): string | null {
    const [first, ...others] = this.apparatus.machine.unread;
    if (first === undefined) return null;
    const [name, { why, whole }] = first;
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    return `${name}()${more} ${others.length > 0 ? 'are' : 'is'} not analysed${whole ? '' : ' as a whole'}: ${why}`;
  }

  private notRun(scenario: Scenario, reason: string, bounds: Bounds): SimulationResult {
    const { machine } = this.apparatus;
    return {
      scenario,
      tree: this.label,
      verdict: 'not run',
      reason,
      ...(machine.unread.size > 0 ? { unread: [...machine.unread.keys()] } : {}),
      counterexamples: [],
      behaviours: [],
      assumed: machine.core.image.takeAssumptions(),
      stats: { executions: 0, states: 0, transitions: 0, pruned: 0, milliseconds: 0 },
      bounds: { ...bounds, exhaustive: false, stopped: reason },
    };
  }
}
