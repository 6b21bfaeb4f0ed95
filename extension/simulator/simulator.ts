// Runs scenarios on a program: what everybody outside this folder uses.
import { intrinsicNamed } from '../kernel/intrinsics/index.js';
import type { MissingAnswer } from '../model/missing.js';
import { failed, ok, type Result } from '../model/result.js';
import type { OperationStep, Scenario, ScenarioStep, Vocabulary } from '../model/scenario.js';
import {
  bySize,
  withoutTrace,
  type Behaviour,
  type Counterexample,
  type DataRace,
  type HeldObject,
  type MetError,
  type SimulatedOutcome,
  type SimulationError,
  type SimulationResult,
  type SimulationTrace,
} from '../model/simulation.js';
import type { Program } from '../program/program.js';
import type { Bounds } from './explore/bounds.js';
import { errnoText } from '../scenario/errno.js';
import type { Lacking } from '../scenario/resolve.js';
import { combinationsOf } from './trace/combinations.js';
import { unexpectedAnswer, unexpectedlyLeftOut } from './explore/expected.js';
import { Missing, missingAnswer } from './explore/missing.js';
import { DataRaces } from './explore/data-races.js';
import { Explorer, type ExploreLimits, type PassBounds, type Taken, type Totals } from './explore/explorer.js';
import type { CompiledFunction } from './code/compile.js';
import { Image } from './code/image.js';
import { SimulatedMachine } from './machine/simulated-machine.js';
import type { MachineState, RawError } from './machine/machine-state.js';
import { SimulatedMemory, type MemoryBlock } from './machine/simulated-memory.js';
import { dangling, heldReferences, holderField, lostRoots, placeText, type Holding } from './trace/observe.js';
import { Path } from './explore/path.js';
import { Symbolizer, countOffset, isModel, shortName } from './trace/symbolizer.js';
import { Outcomes } from './explore/outcomes.js';
import { NoRaces } from './explore/races.js';
import { historyOf } from './trace/object-history.js';
import { record, type Recorded } from './trace/record.js';
import { parseSchedule, printSchedule, type Schedule } from './explore/schedule.js';
import { scriptOf, type Operation, type Script } from './explore/script.js';
import { stateKey } from './explore/state-key.js';

export { defaultBounds, type Bounds } from './explore/bounds.js';

export interface RunOptions {
  readonly bounds: Bounds;
  /** Stop at the first counterexample. */
  readonly first?: boolean;
  /** Make counterexamples of the errors, which costs more than finding them; true unless said otherwise. */
  readonly counterexamples?: boolean;
  /** Counterexamples are of the whole scenario, with no operation left out; false unless said otherwise. */
  readonly whole?: boolean;
  /** Tell what each step answered under each fault, or with parallel steps what all answered together; true unless said otherwise. */
  readonly behaviours?: boolean;
  /** Tell what all steps together answered, over all paths; false unless said otherwise. */
  readonly outcomes?: boolean;
  /** Asked now and then; true ends the run, which keeps what it found. */
  readonly cancelled?: () => boolean;
  readonly progress?: (done: { readonly executions: number; readonly states: number; readonly errors: number }) => void;
  /** Without reduction: every access is a scheduling point, no state is taken for another. For tests of the reduction. */
  readonly unreduced?: boolean;
}

export interface Simulator {
  /** Never throws for what the tree or the scenario holds: what can't be run is `not run` with the reason. */
  run(scenario: Scenario, options: RunOptions): SimulationResult;
  /** The counterexample of an error that a run of this tree met; without a trace where the error can't be had again. */
  counterexampleOf(met: MetError, options: RunOptions): Counterexample;
  /** The path of a schedule, told in full: a counterexample, or the reason why the schedule does not fit the tree. */
  replay(scenario: Scenario, schedule: string): Result<Counterexample, string>;
  /** What a schedule does, with an error or without one; or the reason why it does not fit the tree. */
  trace(scenario: Scenario, schedule: string): Result<SimulationTrace, string>;
}

/** An error as it was first met, which is on a shortest path of those gone through. */
interface Found {
  readonly raw: RawError;
  readonly taken: Taken;
}

/** A path to an error. */
interface Way {
  readonly scenario: Scenario;
  readonly schedule: Schedule;
  readonly faults: number;
  readonly preemptions: number;
}

interface Search {
  readonly found: ReadonlyMap<string, Found>;
  readonly behaviours: readonly Behaviour[];
  readonly start: readonly HeldObject[] | null;
  readonly outcomes: readonly SimulatedOutcome[] | null;
  /** The outcomes without faults are those of all orders of threads. */
  readonly allOrders: boolean;
  readonly missing: NonNullable<SimulationResult['missing']>;
  readonly dataRaces: readonly DataRace[];
  readonly totals: Totals;
  readonly stopped: string | null;
}

/** Milliseconds that shrinking one counterexample may take. */
const shrinkingTime = 2000;

/** `program` is to be loaded with the runtime's headers as its prelude (runtime.ts) and the scenario's options. */
export function createSimulator(program: Program, vocabulary: Vocabulary, label: string): Simulator {
  return new ProgramSimulator(program, vocabulary, label);
}

class ProgramSimulator implements Simulator {
  private readonly memory = new SimulatedMemory();
  private readonly image: Image;
  private readonly machine: SimulatedMachine;
  private readonly symbolizer: Symbolizer;
  private readonly empty: MachineState;
  private freedBefore = 0;
  /** The state after the last setup that ran, by what it was given. */
  private prepared: {
    readonly key: string;
    readonly state: MachineState;
    readonly entered: readonly CompiledFunction[];
    readonly settled: Set<string>;
  } | null = null;

  constructor(
    program: Program,
    private readonly vocabulary: Vocabulary,
    private readonly label: string,
  ) {
    this.image = new Image(program, this.memory, intrinsicNamed, vocabulary.boundary);
    this.machine = new SimulatedMachine(this.memory, this.image);
    this.symbolizer = new Symbolizer(program);
    this.empty = this.machine.save();
  }

  run(scenario: Scenario, options: RunOptions): SimulationResult {
    const started = Date.now();
    const { bounds } = options;
    this.image.takeAssumptions();
    this.machine.entered.clear();
    this.machine.unread.clear();
    const searched = this.search(scenario, options, started + bounds.milliseconds);
    const unread = [...this.machine.unread.keys()];
    const why = this.unread();
    if (!searched.ok) return this.notRun(scenario, why ?? searched.failure, bounds);
    const search = searched.value;
    const cut = [...this.machine.unread.values()].some(({ whole }) => whole);
    if (why !== null && cut && search.found.size === 0) return this.notRun(scenario, why, bounds);
    const met = [...search.found.values()].map(({ raw, taken }) => this.metOf(raw, scenario, taken));
    const counterexamples = options.counterexamples === false ? [] : met.map((each) => this.counterexampleOf(each, options)).sort(bySize);
    const { totals } = search;
    const stopped = why ?? search.stopped;
    const combinations = combinationsOf(scenario, this.vocabulary, search.outcomes ?? [], search.allOrders);
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
      assumed: this.image.takeAssumptions(),
      ...(search.dataRaces.length > 0 ? { dataRaces: search.dataRaces } : {}),
      covered: this.covered(),
      stats: {
        executions: totals.executions,
        states: totals.states.size,
        transitions: totals.transitions,
        pruned: totals.pruned,
        milliseconds: Date.now() - started,
      },
      bounds: { ...bounds, exhaustive: stopped === null, stopped },
    };
  }

  counterexampleOf(met: MetError, options: RunOptions): Counterexample {
    const { scenario, faults, preemptions, error } = met;
    const schedule = parseSchedule(met.schedule);
    if (!schedule.ok) return withoutTrace(met, schedule.failure);
    const way: Way = { scenario, schedule: schedule.value, faults, preemptions };
    const shrunk = options.whole === true ? way : this.shrink(way, error.id, options);
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

  // ---- searching -------------------------------------------------------------------------------------------------

  private search(
    scenario: Scenario,
    options: RunOptions,
    deadline: number,
    wanted?: { id: string; bounds: PassBounds },
  ): Result<Search, string> {
    const linked = scriptOf(scenario, this.vocabulary, this.image);
    if (!linked.ok) return linked;
    const script = linked.value;
    const totals: Totals = { executions: 0, states: new Set(), transitions: 0, pruned: 0 };
    const found = new Map<string, Found>();
    const behaviours = new Map<string, Behaviour>();
    const observed = !wanted && options.behaviours !== false;
    const combining = observed && script.concurrent.size > 0;
    const everyFault = !wanted && options.outcomes === true;
    const outcomes = everyFault || combining ? new Outcomes(this.machine, this.symbolizer) : null;
    const missing = new Missing();
    const races = new DataRaces(this.image, this.symbolizer);
    const path = this.path(script);
    const why = this.prepare(path, script);
    if (why !== null) return failed(why);
    const search = { done: false };
    const observing = observed && script.concurrent.size === 0;
    const start = observing ? heldReferences(this.machine, this.image) : null;
    const limits: ExploreLimits = {
      executions: options.bounds.executions,
      deadline,
      cancelled: () => {
        options.progress?.({ executions: totals.executions, states: totals.states.size, errors: found.size });
        return search.done || (options.cancelled?.() ?? false);
      },
      reduced: options.unreduced !== true,
      settled: this.prepared?.settled ?? new Set(),
      // What a step answers under a fault is told even where another fault leads to the same state.
      everySuffix: observing,
      everyFault,
    };
    const explorer = new Explorer(this.machine, script, limits, totals, {
      turn: (operation, lacking) => {
        const lacks = this.checkTurn(operation, lacking, script);
        if (this.machine.faults === 0) missing.note(operation.index, lacks);
      },
      ended: (operation, taken) => {
        this.checkEnded(operation);
        if (observing && operation.index >= 0) this.observe(operation, taken(), behaviours);
      },
      answered: (taken, bound) => {
        if (everyFault || this.machine.faults === 0) outcomes?.note(taken, bound);
      },
      dataRace: wanted || script.concurrent.size === 0 ? null : (one, other) => races.note(one, other),
      path: (errors, taken, complete) => {
        if (complete) this.checkEnd();
        for (const raw of errors) {
          const id = this.idOf(raw);
          const known = found.get(id)?.taken;
          const now = taken();
          if (!known || cost(now) < cost(known)) found.set(id, { raw, taken: now });
          if (options.first || id === wanted?.id) search.done = true;
        }
      },
    });
    let stopped: string | null = null;
    const worst = (): number => Math.max(-1, ...[...found.values()].map(({ taken }) => cost(taken)));
    const most = script.concurrent.size > 0 ? options.bounds.preemptions : 0;
    let allOrders = false;
    for (const bounds of wanted ? [wanted.bounds] : passes(options.bounds, script, worst, combining)) {
      stopped = explorer.pass(bounds);
      allOrders ||= stopped === null && (bounds.preemptions === null || bounds.preemptions === most);
      if (stopped !== null || search.done) break;
    }
    if (search.done && stopped === 'cancelled') stopped = options.first ? 'the first error is found' : stopped;
    return ok({
      found,
      behaviours: [...behaviours.values()],
      start,
      outcomes: outcomes?.all() ?? null,
      allOrders,
      missing: missing.all(),
      dataRaces: races.all(),
      totals,
      stopped,
    });
  }

  private path(script: Script): Path {
    return new Path(this.machine, script, new NoRaces(), stateKey);
  }

  /** Brings the machine to where setup has run; says why that was not possible. */
  private prepare(path: Path, script: Script): string | null {
    const { machine } = this;
    const key = JSON.stringify([script.setup.arguments, script.setup.capabilities]);
    if (this.prepared?.key === key) {
      machine.restore(this.prepared.state);
      machine.errors = [];
      for (const fn of this.prepared.entered) machine.entered.add(fn);
      return null;
    }
    this.prepared = null;
    machine.restore(this.empty);
    machine.errors = [];
    machine.faultsAllowed = 0;
    const before = [...machine.entered];
    machine.entered.clear();
    if (!path.begin()) {
      const error = machine.errors[0];
      const at = error && this.symbolizer.inTree(error.stack);
      return `setup does not go through: ${error ? error.message : 'it waits for something'}${at ? ` (${at.file}:${at.line}, ${at.function})` : ''}`;
    }
    this.prepared = { key, state: machine.save(), entered: [...machine.entered], settled: new Set() };
    for (const fn of before) machine.entered.add(fn);
    return null;
  }

  private covered(): readonly string[] {
    const names = [...this.machine.entered].filter(({ file }) => !isModel(file)).map(({ name }) => name);
    return [...new Set(names)].sort();
  }

  // ---- checks ----------------------------------------------------------------------------------------------------

  /** What an operation lacks as its turn comes; one that is left out does not answer what was expected of it. */
  private checkTurn(operation: Operation, lacking: readonly Lacking[], script: Script): MissingAnswer | null {
    const { machine } = this;
    const missing = missingAnswer(operation, lacking, script, machine);
    const wrong = missing?.instead === null && machine.faults === 0 ? unexpectedlyLeftOut(operation, missing) : null;
    if (wrong !== null) machine.report('wrong-result', wrong, { goesOn: true });
    return missing;
  }

  private checkEnded(operation: Operation): void {
    const { machine, image } = this;
    const wrong = machine.faults === 0 ? unexpectedAnswer(operation, machine.answers[operation.index] ?? NaN) : null;
    if (wrong !== null) machine.report('wrong-result', wrong, { goesOn: true });
    // Nothing can have come to dangle where nothing was freed.
    if (this.memory.freed === this.freedBefore) return;
    this.freedBefore = this.memory.freed;
    for (const { holder, target } of dangling(machine)) {
      if (!this.matters(holder, target, operation)) continue;
      machine.report(
        'dangling-reference',
        `${shortName(target)} is freed while ${placeText(holder, image, shortName)} still points to it`,
        {
          goesOn: true,
          block: target,
          about: holderField(holder, image),
        },
      );
    }
  }

  /**
   * An index hands out what it holds. A field may keep a pointer that nobody follows any more; it is held to be a reference
   * where its target is counted and everybody is at rest.
   */
  private matters(holder: Holding, target: MemoryBlock, operation: Operation): boolean {
    if (typeof holder.key === 'string') return true;
    const atRest = this.machine.current === 0 && operation.index >= 0;
    return (
      atRest && holder.block.kind === 'heap' && holder.block.state === 'live' && countOffset(target.type, this.image.layout) !== undefined
    );
  }

  private checkEnd(): void {
    const { machine } = this;
    if (machine.halted) return;
    for (const block of lostRoots(machine, new Set()))
      machine.report('leak', `${shortName(block)} is never freed`, { goesOn: true, block });
  }

  private observe(operation: Operation, taken: Taken, behaviours: Map<string, Behaviour>): void {
    const faults = taken.faults.map(({ operation: at, name }) => ({ operation: at, name }));
    const key = JSON.stringify([operation.index, faults]);
    if (behaviours.has(key)) return;
    behaviours.set(key, {
      operation: operation.text,
      index: operation.index,
      line: operation.line,
      faults,
      answer: errnoText(this.machine.answers[operation.index] ?? NaN),
      held: heldReferences(this.machine, this.image),
      schedule: printSchedule(taken.schedule),
    });
  }

  /** What the error is about, by names that outlive a change of lines. */
  private idOf(raw: RawError): string {
    const site = raw.stack.find(({ fn }) => !isModel(fn.file)) ?? raw.stack[0];
    const allocated = raw.kind === 'leak' && raw.block ? this.allocation(raw.block) : null;
    const about = raw.block ? shortName(raw.block) : raw.kind === 'wrong-result' ? raw.message : site ? this.symbolizer.textAt(site) : '';
    const more = raw.about === '' ? [] : [raw.about];
    return [raw.kind, allocated?.function ?? site?.fn.name ?? '', about, ...more].join('|');
  }

  private allocation(block: MemoryBlock): ReturnType<Symbolizer['inTree']> {
    return Array.isArray(block.site) ? this.symbolizer.inTree(block.site as RawError['stack']) : null;
  }

  // ---- telling ---------------------------------------------------------------------------------------------------

  /** What a schedule does, or why it does not fit. */
  private follow(scenario: Scenario, schedule: Schedule): Result<Recorded, string> {
    const linked = scriptOf(scenario, this.vocabulary, this.image);
    if (!linked.ok) return linked;
    const script = linked.value;
    const path = this.path(script);
    this.machine.unread.clear();
    const why = this.prepare(path, script);
    if (why !== null) return failed(this.unread() ?? why);
    path.forgetAnswers();
    path.resume();
    const recorded = record({
      machine: this.machine,
      path,
      script,
      image: this.image,
      symbolizer: this.symbolizer,
      schedule,
      turn: (operation, lacking) => void this.checkTurn(operation, lacking, script),
      ended: (operation) => this.checkEnded(operation),
      finished: (complete) => {
        if (complete) this.checkEnd();
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
    const raw = recorded.errors.find((each) => wanted === null || this.idOf(each) === wanted);
    if (!raw) return failed(wanted === null ? 'no error on this path' : 'the replay of the path does not show the error again');
    return ok({
      error: this.errorOf(raw, recorded),
      scenario,
      faults: schedule.faults.length,
      preemptions: 0,
      schedule: printSchedule(schedule),
      trace: recorded.trace,
    });
  }

  /** Which functions a path came to that are not analysed, so that it ends there; null for none. */
  private unread(): string | null {
    const [first, ...others] = this.machine.unread;
    if (first === undefined) return null;
    const [name, { why, whole }] = first;
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    return `${name}()${more} ${others.length > 0 ? 'are' : 'is'} not analysed${whole ? '' : ' as a whole'}: ${why}`;
  }

  private errorOf(raw: RawError, recorded: Recorded | null): SimulationError {
    const { symbolizer } = this;
    const related: SimulationError['related'][number][] = [];
    const allocated = raw.block && this.allocation(raw.block);
    const name = raw.block ? (recorded?.names.get(raw.block) ?? shortName(raw.block)) : '';
    if (allocated) related.push({ at: allocated, message: `${name} was allocated here` });
    const object = raw.block && recorded?.trace.objects.find((each) => each.name === name);
    if (object && recorded) related.push(...historyOf(object, recorded.trace));
    const message = raw.block && name !== '' ? raw.message.replaceAll(raw.block.name, name) : raw.message;
    const callers = raw.stack.filter(({ fn }) => !isModel(fn.file)).slice(1, 4);
    for (const site of callers) {
      const at = symbolizer.of(site);
      related.push({ at, message: `called from ${at.function}()` });
    }
    const about = object ? { object: object.id } : {};
    const step = recorded?.recordedAt.get(raw);
    const told = step === undefined ? {} : { step };
    const assumed = raw.assumed.length > 0 ? { assumed: raw.assumed } : {};
    return { kind: raw.kind, id: this.idOf(raw), message, at: symbolizer.inTree(raw.stack), related, ...about, ...told, ...assumed };
  }

  private metOf(raw: RawError, scenario: Scenario, { schedule, faults, preemptions }: Taken): MetError {
    return { error: this.errorOf(raw, null), scenario, faults: faults.length, preemptions, schedule: printSchedule(schedule) };
  }

  private notRun(scenario: Scenario, reason: string, bounds: Bounds): SimulationResult {
    return {
      scenario,
      tree: this.label,
      verdict: 'not run',
      reason,
      ...(this.machine.unread.size > 0 ? { unread: [...this.machine.unread.keys()] } : {}),
      counterexamples: [],
      behaviours: [],
      assumed: this.image.takeAssumptions(),
      stats: { executions: 0, states: 0, transitions: 0, pruned: 0, milliseconds: 0 },
      bounds: { ...bounds, exhaustive: false, stopped: reason },
    };
  }

  // ---- shrinking -------------------------------------------------------------------------------------------------

  /** Leaves operations out as long as the error stays, with no more faults and preemptions than it took. */
  private shrink(way: Way, id: string, options: RunOptions): Way {
    const deadline = Date.now() + shrinkingTime;
    const bounds: PassBounds = { faults: way.faults, preemptions: way.preemptions };
    let best = way;
    for (let again = true; again && Date.now() < deadline;) {
      again = false;
      for (const scenario of smallerScenarios(best.scenario)) {
        if (Date.now() >= deadline) break;
        const search = this.search(scenario, options, deadline, { id, bounds });
        const taken = search.ok ? search.value.found.get(id)?.taken : undefined;
        if (!taken) continue;
        best = { scenario, schedule: taken.schedule, faults: taken.faults.length, preemptions: taken.preemptions };
        again = true;
        break;
      }
    }
    return best;
  }
}

/** One fault more costs more than any number of preemptions. */
const faultCost = 1000;

function cost(taken: Taken): number {
  return taken.faults.length * faultCost + Math.min(faultCost - 1, taken.preemptions);
}

/**
 * What is cheap first, then everything within the bounds; where that shows errors, the passes with less in ascending order,
 * so that each error is told with the fewest faults, then the fewest preemptions. `worst` is the cost of what was found.
 * `combining`: all orders without faults come before anything with faults, of which there may be too many to go through.
 */
function* passes({ faults, preemptions }: Bounds, script: Script, worst: () => number, combining: boolean): Generator<PassBounds> {
  const most = script.concurrent.size > 0 ? (preemptions ?? Infinity) : 0;
  const isAll = (f: number, p: number): boolean => f === faults && p === most;
  const tried = Math.min(1, most);
  for (let p = 0; p <= tried; p++) if (!isAll(0, p)) yield { faults: 0, preemptions: p };
  const last = most === Infinity ? null : most;
  if (combining && most > tried && faults > 0) yield { faults: 0, preemptions: last };
  yield { faults, preemptions: last };
  for (let f = 0; f <= faults; f++)
    for (let p = f === 0 ? tried + 1 : 0; p <= most && !isAll(f, p) && f * faultCost + p < worst(); p++)
      yield { faults: f, preemptions: p };
}

/** The scenario without one of its operations and those that use what it answers. */
function* smallerScenarios(scenario: Scenario): Generator<Scenario> {
  const all = scenario.steps.flatMap((step) => (step.kind === 'operation' ? [step] : step.branches.flat()));
  // The last first: what comes after the error is never needed.
  for (const left of [...all].reverse()) {
    const gone = new Set<OperationStep>([left]);
    const names = new Set<string>(left.as === null ? [] : [left.as]);
    for (const step of all)
      if (Object.values(step.arguments).some((value) => typeof value === 'string' && names.has(value))) {
        gone.add(step);
        if (step.as !== null) names.add(step.as);
      }
    const steps = scenario.steps.flatMap((step): ScenarioStep[] => {
      if (step.kind === 'operation') return gone.has(step) ? [] : [step];
      const branches = step.branches.map((branch) => branch.filter((each) => !gone.has(each))).filter((branch) => branch.length > 0);
      if (branches.length >= 2) return [{ ...step, branches }];
      return branches[0] ? [...branches[0]] : [];
    });
    yield { ...scenario, steps };
  }
}
