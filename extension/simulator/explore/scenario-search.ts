// All passes over one scenario, and what they met.
import { ok, failed, type Result } from '../../model/result.js';
import type { Scenario, Vocabulary } from '../../model/scenario.js';
import type { Behaviour, DataRace, HeldObject, SimulatedOutcome, SimulationResult } from '../../model/simulation.js';
import type { RawError } from '../machine/machine-state.js';
import type { SimulatedMachine } from '../machine/simulated-machine.js';
import { Behaviours } from './observed-behaviours.js';
import type { ErrorWords } from '../trace/error-words.js';
import { heldReferences } from '../machine/observe.js';
import type { Symbolizer } from '../trace/symbolizer.js';
import type { Bounds } from './bounds.js';
import type { Checks } from './path-checks.js';
import { DataRaces } from './data-races.js';
import { Missing } from './missing.js';
import { Outcomes } from './outcomes.js';
import { cost, mostPreemptions, passes } from './passes.js';
import { scriptOf } from './script.js';
import { Search, type PassBounds, type SearchLimits, type Taken, type Totals } from './search.js';
import type { Setup } from './setup.js';

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
}

/** An error as it was first met, which is on a shortest path of those gone through. */
export interface Found {
  readonly raw: RawError;
  readonly taken: Taken;
}

export interface Searched {
  /** By id. */
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
  const { machine, vocabulary, symbolizer, setup, checks } = apparatus;
  const { core, choices } = machine;
  const linked = scriptOf(scenario, vocabulary, core.image);
  if (!linked.ok) return linked;
  const script = linked.value;
  const totals: Totals = { executions: 0, states: new Set(), transitions: 0, pruned: 0 };
  const found = new Map<string, Found>();
  const observed = !wanted && options.behaviours !== false;
  const combining = observed && script.concurrent.size > 0;
  const observing = observed && script.concurrent.size === 0;
  const everyFault = !wanted && options.outcomes === true;
  const behaviours = new Behaviours(machine);
  const outcomes = everyFault || combining ? new Outcomes(machine, symbolizer) : null;
  const missing = new Missing();
  const races = new DataRaces(core.image, symbolizer);
  const why = setup.run(script);
  if (why !== null) return failed(why);
  const start = observing ? heldReferences(machine, core.image) : null;
  const met = { enough: false };
  const limits: SearchLimits = {
    executions: options.bounds.executions,
    deadline,
    steps: wanted?.steps ?? Infinity,
    cancelled: () => {
      options.progress?.({ executions: totals.executions, states: totals.states.size, errors: found.size });
      return met.enough || (options.cancelled?.() ?? false);
    },
    reduced: options.unreduced !== true,
    ...(options.quiet === undefined ? {} : { quiet: options.quiet }),
    settled: setup.settled,
    // What a step answers under a fault is told even where another fault leads to the same state.
    everySuffix: observing,
    everyFault,
  };
  const search = new Search(machine, script, limits, totals, {
    turn: (operation, lacking) => {
      const lacks = checks.turn(operation, lacking, script);
      if (choices.faults === 0) missing.note(operation.index, lacks);
    },
    ended: (operation, taken) => {
      checks.ended(operation);
      if (observing && operation.index >= 0) behaviours.note(operation, taken());
    },
    answered: (taken, bound) => {
      if (everyFault || choices.faults === 0) outcomes?.note(taken, bound);
    },
    dataRace: wanted || script.concurrent.size === 0 ? null : (one, other) => races.note(one, other),
    path: (errors, taken, complete) => {
      if (complete) checks.finished();
      for (const raw of errors) {
        const id = apparatus.errors.idOf(raw);
        const known = found.get(id)?.taken;
        const now = taken();
        if (!known || cost(now) < cost(known)) found.set(id, { raw, taken: now });
        if (options.first || id === wanted?.id) met.enough = true;
      }
    },
  });
  let stopped: string | null = null;
  let allOrders = false;
  const worst = (): number => Math.max(-1, ...[...found.values()].map(({ taken }) => cost(taken)));
  const most = mostPreemptions(options.bounds, script);
  for (const bounds of wanted ? [wanted.bounds] : passes(options.bounds, script, worst, combining)) {
    stopped = search.pass(bounds);
    allOrders ||= stopped === null && (bounds.preemptions === null || bounds.preemptions === most);
    if (stopped !== null || met.enough) break;
  }
  if (met.enough && stopped === 'cancelled' && options.first) stopped = 'the first error is found';
  return ok({
    found,
    behaviours: behaviours.all(),
    start,
    outcomes: outcomes?.all() ?? null,
    allOrders,
    missing: missing.all(),
    dataRaces: races.all(),
    totals,
    stopped,
  });
}
