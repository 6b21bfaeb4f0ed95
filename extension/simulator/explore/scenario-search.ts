// All passes over one scenario, and what they met.
import { ok, failed, type Result } from '../../model/result.js';
import type { Scenario, Vocabulary } from '../../model/scenario.js';
import type { Behaviour, DataRace, HeldObject, MetError, SimulatedOutcome, SimulationResult } from '../../model/simulation.js';
import type { SimulatedMachine } from '../machine/simulated-machine.js';
import { Behaviours } from './observed-behaviours.js';
import type { ErrorWords } from '../trace/error-words.js';
import { heldReferences } from '../machine/observe.js';
import type { Symbolizer } from '../trace/symbolizer.js';
import type { Bounds } from './bounds.js';
import type { Checks } from './path-checks.js';
import { DataRaces } from './data-races.js';
import type { FoundNews, HelperLeft } from './found-news.js';
import { Missing } from './missing.js';
import { Outcomes } from './outcomes.js';
import { cost, mostPreemptions, passes } from './passes.js';
import { scriptOf, type Script } from './script.js';
import { Search, type PassBounds, type SearchLimits, type Totals, type Visitor } from './search.js';
import type { Setup } from './setup.js';
import { SharedSearchBroken, type SharedSearch } from './shared-search.js';

/** What scenarios of a program are run with. */
export interface Apparatus {
  readonly machine: SimulatedMachine;
  readonly vocabulary: Vocabulary;
  readonly symbolizer: Symbolizer;
  readonly setup: Setup;
  readonly checks: Checks;
  readonly errors: ErrorWords;
}

export interface SearchOptions {
  readonly bounds: Bounds;
  /** Stop at the first error. */
  readonly first?: boolean;
  /** Tell what each step answered under each fault, or with parallel steps what all answered together; true unless said otherwise. */
  readonly behaviours?: boolean;
  /** Tell what all steps together answered, over all paths; false unless said otherwise. */
  readonly outcomes?: boolean;
  /** Asked now and then; true ends the run, which keeps what it found. */
  readonly cancelled?: () => boolean;
  readonly progress?: (done: { readonly executions: number; readonly states: number; readonly errors: number }) => void;
  /** Without reduction: every access is a scheduling point, no state is taken for another. For tests of the reduction. */
  readonly unreduced?: boolean;
  /** After so many steps that find no new race a pass that found one is begun anew. For tests of that. */
  readonly quiet?: number;
  /** Asked now and then while a scenario with threads is searched: through what others help, once they do. */
  readonly help?: () => SharedSearch | null;
  /** Steps of a round without news, before which it is not asked. For tests. */
  readonly helpAfter?: number;
}

export interface Searched {
  /** By id; each as it was first met, which is on a shortest path of those gone through. */
  readonly found: ReadonlyMap<string, MetError>;
  readonly behaviours: readonly Behaviour[];
  readonly start: readonly HeldObject[] | null;
  readonly outcomes: readonly SimulatedOutcome[] | null;
  /** The outcomes without faults are those of all orders of threads. */
  readonly allOrders: boolean;
  readonly missing: NonNullable<SimulationResult['missing']>;
  readonly dataRaces: readonly DataRace[];
  readonly totals: Totals;
  /** Different states that threads came to. */
  readonly states: number;
  /** Processor threads that searched. */
  readonly workers: number;
  readonly stopped: string | null;
}

/** Steps of the machine that it may take to find an error once more. */
const stepsToFind = 2_000_000;

/** One error, to be looked for in one pass that ends when it is met or after so many steps. */
export interface Wanted {
  readonly id: string;
  readonly bounds: PassBounds;
  readonly steps: number;
}

/**
 * Searches a scenario up to `deadline` (milliseconds since the epoch); or, for one error that is `wanted`, until that is met. Says
 * why where the scenario can't run on the program.
 */
export function searchScenario(
  apparatus: Apparatus,
  scenario: Scenario,
  options: SearchOptions,
  deadline: number,
  wanted?: Wanted,
): Result<Searched, string> {
  const begun = ScenarioSearch.begin(apparatus, scenario, options, { deadline, wanted });
  if (!begun.ok) return begun;
  try {
    return ok(begun.value.run());
  } catch (error) {
    begun.value.giveUp();
    if (!(error instanceof SharedSearchBroken)) throw error;
    const { help: _, ...alone } = options;
    return searchScenario(apparatus, scenario, alone, deadline, wanted);
  }
}

/**
 * Helps another thread to search a scenario on the same program, with the same options, until it needs no help any more. Where that can't
 * be done the others are told, and search alone.
 */
export function helpToSearch(apparatus: Apparatus, scenario: Scenario, options: SearchOptions, shared: SharedSearch): void {
  if (!shared.join()) return;
  try {
    const begun = ScenarioSearch.begin(apparatus, scenario, options, { deadline: Infinity, helps: shared });
    if (!begun.ok) throw new SharedSearchBroken(begun.failure);
    begun.value.help(shared);
  } catch (error) {
    shared.giveUp();
    if (!(error instanceof SharedSearchBroken)) throw error;
  }
}

interface Role {
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly wanted?: Wanted | undefined;
  /** It is another thread's search, to which it tells what it finds. */
  readonly helps?: SharedSearch;
}

class ScenarioSearch {
  private readonly totals: Totals = { executions: 0, states: new Set(), transitions: 0, pruned: 0 };
  private readonly found = new Map<string, MetError>();
  private readonly behaviours: Behaviours;
  private readonly outcomes: Outcomes | null;
  private readonly missing = new Missing();
  private readonly races: DataRaces;
  private readonly combining: boolean;
  private readonly search: Search;
  private readonly start: readonly HeldObject[] | null;
  private shared: SharedSearch | null = null;
  private enough = false;

  /** The search of a scenario, the machine being set up for it; or why it can't run on the program. */
  static begin(apparatus: Apparatus, scenario: Scenario, options: SearchOptions, role: Role): Result<ScenarioSearch, string> {
    const linked = scriptOf(scenario, apparatus.vocabulary, apparatus.machine.core.image);
    if (!linked.ok) return linked;
    const why = apparatus.setup.run(linked.value);
    return why === null ? ok(new ScenarioSearch(apparatus, scenario, linked.value, options, role)) : failed(why);
  }

  private constructor(
    private readonly apparatus: Apparatus,
    private readonly scenario: Scenario,
    private readonly script: Script,
    private readonly options: SearchOptions,
    private readonly role: Role,
  ) {
    const { machine, symbolizer, setup } = apparatus;
    const { wanted, deadline, helps } = role;
    const isConcurrent = script.concurrent.size > 0;
    const observed = !wanted && options.behaviours !== false;
    const observing = observed && !isConcurrent;
    const everyFault = !wanted && options.outcomes === true;
    const tell = helps && ((news: FoundNews): void => helps.tell(news));
    this.combining = observed && isConcurrent;
    this.behaviours = new Behaviours(machine);
    const told = tell ? (key: string, outcome: SimulatedOutcome): void => tell({ kind: 'outcome', key, outcome }) : null;
    this.outcomes = everyFault || this.combining ? new Outcomes(machine, symbolizer, told) : null;
    this.races = new DataRaces(machine.core.image, symbolizer, tell ? (key, race): void => tell({ kind: 'data race', key, race }) : null);
    this.start = observing ? heldReferences(machine, machine.core.image) : null;
    const limits: SearchLimits = {
      executions: options.bounds.executions,
      deadline,
      steps: wanted?.steps ?? Infinity,
      // Who leads ends it.
      cancelled: helps ? () => false : () => this.isUnwanted(),
      reduced: options.unreduced !== true,
      ...(options.quiet === undefined ? {} : { quiet: options.quiet }),
      settled: setup.settled,
      // What a step answers under a fault is told even where another fault leads to the same state.
      everySuffix: observing,
      everyFault,
      ...(isConcurrent && !wanted && !helps && options.first !== true && options.unreduced !== true
        ? { help: () => this.helped(), helpAfter: options.helpAfter }
        : {}),
    };
    this.search = new Search(machine, script, limits, this.totals, this.visitor(observing, everyFault, tell ?? null));
  }

  /** All passes. Throws SharedSearchBroken where others helped and did not come to the end of it. */
  run(): Searched {
    const { options, script, found, role } = this;
    const { wanted } = role;
    let stopped: string | null = null;
    let allOrders = false;
    const worst = (): number => Math.max(-1, ...[...found.values()].map(cost));
    const most = mostPreemptions(options.bounds, script);
    for (const bounds of wanted ? [wanted.bounds] : passes(options.bounds, script, worst, this.combining)) {
      stopped = this.search.pass(bounds);
      allOrders ||= stopped === null && (bounds.preemptions === null || bounds.preemptions === most);
      if (stopped !== null || this.enough) break;
    }
    const { shared } = this;
    if (shared !== null) {
      shared.close();
      this.search.hear();
      if (!this.apparatus.machine.core.image.isAlikeEverywhere) throw new SharedSearchBroken('two names have one number');
    }
    if (this.enough && stopped === 'cancelled' && options.first) stopped = 'the first error is found';
    return {
      found: shared === null ? found : this.foundAlone(),
      behaviours: this.behaviours.all(),
      start: this.start,
      outcomes: this.outcomes?.all() ?? null,
      allOrders,
      missing: this.missing.all(),
      dataRaces: this.races.all(),
      totals: this.totals,
      states: shared?.states.size ?? this.totals.states.size,
      workers: shared?.participants ?? 1,
      stopped,
    };
  }

  /** Nobody needs to wait for this thread any more. */
  giveUp(): void {
    this.shared?.giveUp();
  }

  /** Goes through what others give away. */
  help(shared: SharedSearch): void {
    const { machine } = this.apparatus;
    const { core } = machine;
    this.search.help(shared);
    const { transitions, pruned } = this.totals;
    shared.tell({
      kind: 'left',
      entered: [...core.entered].map(({ file, name }) => [file, name]),
      assumed: core.image.takeAssumptions(),
      unread: [...machine.unread],
      transitions,
      pruned,
      isAlike: core.image.isAlikeEverywhere,
    } satisfies FoundNews);
    shared.leave();
  }

  /** Which path of many that cost the same shows an error first hangs on who was faster: they are looked for once more. */
  private foundAlone(): ReadonlyMap<string, MetError> {
    const { help: _, ...alone } = this.options;
    return new Map(
      [...this.found]
        .sort(([a, one], [b, other]) => cost(one) - cost(other) || (a < b ? -1 : 1))
        .map(([id, met]) => {
          const { faults, preemptions } = met;
          const wanted: Wanted = { id, bounds: { faults, preemptions }, steps: stepsToFind };
          const searched = searchScenario(this.apparatus, this.scenario, alone, Infinity, wanted);
          return [id, (searched.ok ? searched.value.found.get(id) : undefined) ?? met];
        }),
    );
  }

  private helped(): SharedSearch | null {
    if (!this.apparatus.machine.core.image.isAlikeEverywhere) return null;
    return (this.shared = this.options.help?.() ?? null);
  }

  private isUnwanted(): boolean {
    const { options, totals } = this;
    options.progress?.({ executions: totals.executions, states: this.shared?.states.size ?? totals.states.size, errors: this.found.size });
    return this.enough || (options.cancelled?.() ?? false);
  }

  private visitor(observing: boolean, everyFault: boolean, tell: ((news: FoundNews) => void) | null): Visitor {
    const { apparatus, script, missing, behaviours, outcomes, races, options, role } = this;
    const { checks, errors, machine } = apparatus;
    const { choices } = machine;
    return {
      turn: (operation, lacking) => {
        const lacks = checks.turn(operation, lacking, script);
        const { index } = operation;
        if (choices.faults === 0 && missing.note(index, lacks)) tell?.({ kind: 'missing', index, missing: lacks });
      },
      ended: (operation, taken) => {
        checks.ended(operation);
        if (observing && operation.index >= 0) behaviours.note(operation, taken());
      },
      answered: (taken, bound) => {
        if (everyFault || choices.faults === 0) outcomes?.note(taken, bound);
      },
      dataRace: role.wanted || script.concurrent.size === 0 ? null : (one, other) => races.note(one, other),
      heard: (news) => {
        if (tell === null) this.hear(news);
      },
      path: (raws, taken, complete) => {
        if (complete) checks.finished();
        for (const raw of raws) {
          const id = errors.idOf(raw);
          const known = this.found.get(id);
          const now = taken();
          if (known && cost(known) <= cost({ faults: now.faults.length, preemptions: now.preemptions })) continue;
          const met = errors.metOf(raw, this.scenario, now);
          this.found.set(id, met);
          tell?.({ kind: 'error', met });
          if (options.first || id === role.wanted?.id) this.enough = true;
        }
      },
    };
  }

  /** Who helps has found something. */
  private hear(news: FoundNews): void {
    switch (news.kind) {
      case 'error': {
        const { met } = news;
        const known = this.found.get(met.error.id);
        if (!known || cost(met) < cost(known)) this.found.set(met.error.id, met);
        return;
      }
      case 'outcome':
        return this.outcomes?.add(news.key, news.outcome);
      case 'missing':
        return void this.missing.note(news.index, news.missing);
      case 'data race':
        return this.races.add(news.key, news.race);
      case 'left':
        return this.takeOver(news);
    }
  }

  private takeOver({ entered, assumed, unread, transitions, pruned, isAlike }: HelperLeft): void {
    const { machine } = this.apparatus;
    const { core } = machine;
    if (!isAlike) throw new SharedSearchBroken('two names have one number');
    for (const [file, name] of entered)
      for (const graph of core.image.program.functionsNamed(name)) if (graph.file === file) core.entered.add(core.image.compiled(graph));
    core.image.assumeAgain(assumed);
    for (const [name, why] of unread) if (!machine.unread.has(name)) machine.unread.set(name, why);
    this.totals.transitions += transitions;
    this.totals.pruned += pruned;
  }
}
