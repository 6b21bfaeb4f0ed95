// A strategy that goes through the paths of a scenario depth first: every fallible call failing, every free input, every order of threads
// where it matters, within bounds; states that were seen are not gone on from again.
import { canonicalKey } from './canonical.js';
import type { SimulatedMachine } from '../machine/simulated-machine.js';
import { lockCells } from '../machine/locks.js';
import type { MachineState, RawError, Stack } from '../machine/machine-state.js';
import { blockSpacing } from '../machine/memory-block.js';
import type { FoundNews } from './found-news.js';
import { Driver, type Choice, type Handover, type Strategy, type ThreadChoice } from './driver.js';
import { WayNotes, comeAgain, type OnTheWay } from './on-the-way.js';
import { Races, gone, type ToldUse } from './races.js';
import type { ScheduledFault, Input, Schedule, Switch } from './schedule.js';
import type { Lacking } from '../../scenario/resolve.js';
import type { Operation, Script } from './script.js';
import { SeenStates, atRest } from './seen-states.js';
import { SharedSearchBroken, type SharedSearch } from './shared-search.js';
import { SleepSets, Uses, nobody, type Sleeping } from './sleep-sets.js';
import { stateKey } from './state-key.js';
import { WayTo, type ChoicePlace, type Decision, type Subtree } from './subtree.js';
import { teardownOperation, type Thread } from '../machine/thread.js';

export interface PassBounds {
  readonly faults: number;
  /** null: any number. */
  readonly preemptions: number | null;
}

export interface SearchLimits {
  readonly executions: number;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  /** Steps of the machine in all passes. */
  readonly steps: number;
  readonly cancelled: () => boolean;
  /** States before a teardown that showed no error, with what that came by; shared by all scenarios with one setup. */
  readonly settled: Map<string, OnTheWay>;
  /** Goes on from a state between operations though it was seen, so that what follows is told for every path. */
  readonly everySuffix: boolean;
  /** Takes no state for another that other faults led to, so that what follows is told for each of them. */
  readonly everyFault: boolean;
  /** Without reduction: a scheduling point before every access, and no state is taken for another. For tests. */
  readonly reduced: boolean;
  /** Steps in which nothing more is found to be contended, after which a pass that found something is begun anew. For tests. */
  readonly quiet?: number;
  /** Asked now and then whether others help, and through what; null as long as nobody does. */
  readonly help?: (() => SharedSearch | null) | undefined;
  /** Steps of a round that found nothing more to be contended, before which others are not asked. For tests. */
  readonly helpAfter?: number | undefined;
}

export interface Totals {
  executions: number;
  readonly states: Set<string>;
  transitions: number;
  pruned: number;
}

/** A call that failed, with the calls that led there. */
export interface TakenFault extends ScheduledFault {
  readonly stack: Stack;
}

/** How the path got where it is. */
export interface Taken {
  readonly schedule: Schedule;
  readonly faults: readonly TakenFault[];
  readonly preemptions: number;
}

export interface Visitor {
  /** It is an operation's turn; those of its references are told that were not given. Errors may be reported to the machine. */
  turn(operation: Operation, lacking: readonly Lacking[]): void;
  /** An operation has ended, or setup or teardown; errors may be reported to the machine. */
  ended(operation: Operation, taken: () => Taken): void;
  /** What is left of the path answers nothing more; `bound` says that it was given up. */
  answered(taken: () => Taken, bound: string | null): void;
  /** Two threads stand before uses of the same bytes, of which one writes and one is plain; null where nobody asks. */
  readonly dataRace: ((one: Thread, other: Thread) => void) | null;
  /** Another thread that searches the scenario tells something else than uses. */
  heard(news: FoundNews): void;
  /** A path has ended. */
  path(errors: readonly RawError[], taken: () => Taken, complete: boolean): void;
}

/** What the threads that search a scenario together tell each other while they do. */
export type SearchNews = { readonly kind: 'use'; readonly told: ToldUse } | { readonly kind: 'bound'; readonly why: string } | FoundNews;

interface Node {
  readonly state: MachineState;
  readonly kind: ChoicePlace['kind'];
  readonly name: string;
  readonly options: readonly number[];
  next: number;
  readonly decisions: readonly number[];
  readonly preemptions: number;
  readonly faults: number;
  readonly inputs: number;
  readonly runs: number;
  readonly decided: number;
  readonly errors: number;
  /** Threads that sleep there; those that the path went on with are added. */
  asleep: Sleeping;
  /** Who wants to know what the thread uses that ran there. */
  readonly running: Uses | null;
}

/** Steps in which nothing more is found to be contended, after which a pass that found something is begun anew. */
const quiet = 100_000;

/** Steps of a round that found nothing more to be contended, before which others are not asked to help. */
const helpAfter = 400_000;

const begunAnew = 'it is begun anew';

/** Another thread has torn down the same state. */
const nothingNew: OnTheWay = { entered: [], assumed: [] };

export class Search implements Strategy {
  readonly dataRace: Visitor['dataRace'];
  private readonly races = new Races();
  private readonly sleep = new SleepSets();
  private readonly driver: Driver;
  private readonly base: MachineState;
  private bounds: PassBounds = { faults: 0, preemptions: null };
  private seen: SeenStates;
  /** What is shared with others that search the scenario; null while nobody else does. */
  private shared: SharedSearch | null = null;
  private leads = true;
  private isLeaving = false;
  /** The subtree that the path is on its way to. */
  private way: WayTo | null = null;
  /** Why a path of the pass was given up, and why the pass itself was. */
  private bound: string | null = null;
  private enough: string | null = null;
  private nodes: Node[] = [];
  private faults: TakenFault[] = [];
  private inputs: Input[] = [];
  private runs: { thread: number; until: number | null }[] = [];
  private decided: Decision[] = [];
  private preemptions = 0;
  private events = 0;
  /** How many contended cells were found before the pass was begun and are now, and steps since. */
  private news = { known: 0, met: 0, steps: 0, all: 0 };
  /** The state before the teardown that runs, with the errors and choices so far. */
  private leaving: { readonly state: string; readonly errors: number; readonly nodes: number; readonly notes: WayNotes } | null = null;

  /** The machine stands after setup, which is where every path begins. */
  constructor(
    private readonly machine: SimulatedMachine,
    private readonly script: Script,
    private readonly limits: SearchLimits,
    private readonly totals: Totals,
    private readonly visitor: Visitor,
  ) {
    this.dataRace = visitor.dataRace;
    this.seen = new SeenStates(this.races);
    this.driver = new Driver(machine, script, limits.reduced ? this.races : new EveryAccess(), this);
    this.base = machine.save();
  }

  /** All paths within the bounds; what ended it early, or null. */
  pass(bounds: PassBounds): string | null {
    const { found } = this.races;
    this.shared?.restart();
    this.forget();
    for (;;) {
      const before = found.length;
      this.news = { known: before, met: before, steps: 0, all: 0 };
      const stopped = this.once(bounds);
      // With new scheduling points there are orders that were not tried.
      if (stopped !== begunAnew && (stopped !== null || found.length === before)) return stopped;
      this.shared?.restart();
      this.seen.again(found.slice(before), stopped !== begunAnew);
      this.seen.tellAll();
    }
  }

  private forget(): void {
    this.seen = new SeenStates(this.races);
    if (this.shared !== null) this.seen.share(this.shared.states);
  }

  private once(bounds: PassBounds): string | null {
    this.begin(bounds);
    this.goToBase();
    let stopped = this.driver.run();
    this.left(false);
    const { shared } = this;
    if (shared !== null) this.seen.leave(stopped === null && this.enough === null);
    while (shared !== null && stopped === null) {
      const subtree = shared.takeToLead(() => this.isUnwanted() !== null);
      this.hear();
      if (subtree === null) {
        stopped = this.isUnwanted();
        break;
      }
      stopped = this.goThrough(subtree);
    }
    if (shared !== null && shared.paths >= this.limits.executions) this.enough ??= this.enoughPaths();
    return stopped ?? this.enough ?? this.bound;
  }

  private begin(bounds: PassBounds): void {
    this.bounds = bounds;
    this.races.sleep = this.maySleep() ? this.sleep : null;
    this.races.passed.clear();
    this.bound = null;
    this.enough = null;
  }

  /** No choice was made. */
  private goToBase(): void {
    this.sleep.now = nobody;
    this.sleep.running = null;
    this.nodes = [];
    this.faults = [];
    this.inputs = [];
    this.runs = [];
    this.decided = [];
    this.preemptions = 0;
    this.machine.restore(this.base);
    this.driver.from(this.bounds.faults);
  }

  // ---- together with others ---------------------------------------------------------------------------------------

  /** Goes through subtrees that others give away, until there are none. What is found is told. */
  help(shared: SharedSearch): void {
    this.leads = false;
    this.share(shared);
    const { found } = this.races;
    let [round, known] = [-1, 0];
    const next = (): Subtree | null => shared.takeToHelp(this.isLeaving);
    for (let subtree = next(); subtree !== null; subtree = next()) {
      const isNewPass = subtree.bounds.faults !== this.bounds.faults || subtree.bounds.preemptions !== this.bounds.preemptions;
      this.begin(subtree.bounds);
      this.hear();
      if (isNewPass || round < 0) this.forget();
      else if (shared.states.round !== round) {
        this.seen.again(found.slice(known), true);
        this.seen.tellAll();
      }
      if (shared.states.round !== round) [round, known] = [shared.states.round, found.length];
      this.goThrough(subtree);
      if (this.bound !== null) shared.tell({ kind: 'bound', why: this.bound } satisfies SearchNews);
    }
  }

  /** Others search as well from now on. */
  private share(shared: SharedSearch): void {
    this.shared = shared;
    this.races.tell = (told): void => {
      shared.tell({ kind: 'use', told } satisfies SearchNews);
    };
  }

  /** The caller's search goes on, and others help. */
  private lead(shared: SharedSearch): void {
    for (const key of this.totals.states) shared.states.count(key);
    shared.states.forget();
    this.seen.share(shared.states);
    shared.paths = this.totals.executions;
    this.share(shared);
    for (const told of this.races.uses()) shared.tell({ kind: 'use', told } satisfies SearchNews);
    shared.lead();
  }

  /** Takes up what others told. */
  hear(): void {
    if (this.shared?.hasNews !== true) return;
    for (const each of this.shared.hear()) {
      const news = each as SearchNews;
      if (news.kind === 'use') this.races.learn(news.told);
      else if (news.kind === 'bound') this.bound ??= news.why;
      else this.visitor.heard(news);
    }
  }

  /** What others told is taken up. */
  private goThrough(subtree: Subtree): string | null {
    this.goToBase();
    const way = new WayTo(subtree);
    this.way = way;
    const stopped = this.driver.run();
    this.left(false);
    this.seen.leave(stopped === null && this.enough === null);
    if (stopped === null && this.way === way) throw new SharedSearchBroken('a subtree that was given away is not come to');
    this.way = null;
    return stopped;
  }

  /** Gives away what is left of the first choice that has options left, if any: most follows from it, and nobody here sleeps on account of it. */
  private giveAway(shared: SharedSearch): boolean {
    const node = this.nodes.find(({ next, options }) => next < options.length);
    if (node === undefined) return false;
    const { bounds } = this;
    const { kind, name, state, decisions } = node;
    const subtree: Subtree = {
      bounds,
      decided: this.decided.slice(0, node.decided),
      at: { kind, thread: state.current, steps: state.threads[state.current]?.steps ?? 0, before: decisions.length },
      name,
      options: node.options.slice(node.next),
    };
    if (!shared.give(subtree)) return false;
    this.seen.givesAway(this.nodes.indexOf(node));
    node.next = node.options.length;
    return true;
  }

  /** Where the path is led to a subtree, it is led on from a choice. */
  private isLed(kind: ChoicePlace['kind'], name: string, usual: number | null, decisions: readonly number[]): boolean {
    const { way, machine } = this;
    if (way === null) return false;
    const { id, steps } = machine.core.running;
    const place: ChoicePlace = { kind, thread: id, steps, before: decisions.length };
    if (way.isThere(place)) {
      this.way = null;
      this.branch(kind, name, way.subtree.options, decisions);
    } else this.goOn(kind, name, way.decide(place, usual), decisions);
    return true;
  }

  // ---- what the driver asks ---------------------------------------------------------------------------------------

  stops(steps: number): string | null {
    this.totals.transitions += steps;
    if (this.totals.transitions > this.limits.steps) return `${this.limits.steps.toLocaleString('en')} steps are made`;
    const { shared } = this;
    if (shared !== null) {
      if (shared.isAbandoned) return begunAnew;
      this.hear();
      this.isLeaving ||= !this.leads && shared.leavesNow();
      if (this.isLeaving) while (this.giveAway(shared));
      else if (shared.isWanted) this.giveAway(shared);
    }
    if (this.leads && this.isToBegin(steps)) return begunAnew;
    this.events++;
    if ((this.events & 63) !== 1) return null;
    const help = shared === null && this.isLikelyLast() ? this.limits.help?.() : undefined;
    if (help) this.lead(help);
    return this.isUnwanted();
  }

  private isUnwanted(): string | null {
    if (this.limits.cancelled()) return 'cancelled';
    return Date.now() > this.limits.deadline ? 'the time is up' : null;
  }

  /** Whether the round is likely to be the last, as far as can be told: one that is begun anew forgets more where several search. */
  private isLikelyLast(): boolean {
    const { known, met, all } = this.news;
    return met === known && all >= (this.limits.helpAfter ?? helpAfter);
  }

  /** Whether what was found to be contended is enough to go through all of it once more, before more is gone through without it. */
  private isToBegin(steps: number): boolean {
    const { news, races } = this;
    const { length } = races.found;
    news.all += steps;
    if (length > news.met) {
      news.met = length;
      news.steps = 0;
    } else news.steps += steps;
    return news.met > news.known && news.steps >= (this.limits.quiet ?? quiet);
  }

  turn(operation: Operation, lacking: readonly Lacking[]): void {
    const { concurrent } = this.script;
    // What other threads answered, and whether a call failed in them, decides what it is given and whether it is left out.
    const asks = operation.arguments.some((each) => 'answerOf' in each && concurrent.has(each.answerOf));
    if (asks || lacking.length > 0) this.sleep.useAll();
    this.visitor.turn(operation, lacking);
  }

  /** A teardown that went well from such a state once does so again. */
  teardown(): boolean {
    const { machine, limits, shared } = this;
    if (!limits.reduced || this.way !== null) return true;
    const state = canonicalKey(machine);
    const way = limits.settled.get(state) ?? (shared?.states.isSettled(state) === true ? nothingNew : undefined);
    if (way === undefined) {
      this.leaving = { state, errors: machine.core.errors.length, nodes: this.nodes.length, notes: new WayNotes(machine.core) };
      return true;
    }
    comeAgain(machine.core, way);
    this.visitor.answered(this.taken, null);
    const more = this.mayRunMore();
    return this.prune() && more;
  }

  operationEnded(operation: Operation): boolean {
    const { noBlock } = this.races;
    this.sleep.use(noBlock.cell(gone), 1, false);
    this.visitor.ended(operation, this.taken);
    return this.way !== null || !this.atRest(operation) || this.prune();
  }

  pathEnded(bound: string | null): boolean {
    const { visitor } = this;
    this.bound ??= bound;
    visitor.answered(this.taken, bound);
    visitor.path(this.machine.core.errors, this.taken, bound === null);
    this.left(bound === null);
    return this.mayRunMore() && this.backtrack();
  }

  /** One more path is run; false where that was the last of so many. */
  private mayRunMore(): boolean {
    const { limits, totals, shared } = this;
    totals.executions = shared === null ? totals.executions + 1 : shared.countPath();
    if (totals.executions < limits.executions) return true;
    this.enough = this.enoughPaths();
    return false;
  }

  private enoughPaths(): string {
    return `${this.limits.executions.toLocaleString('en')} paths are run`;
  }

  choice({ of, name, count }: Choice): boolean {
    const { decisions } = this.machine.choices;
    if (this.isLed(of, name, 0, decisions)) return true;
    const options = Array.from({ length: count }, (_, at) => at);
    this.branch(of, name, options, decisions);
    return true;
  }

  threadChoice({ threads, preempts }: ThreadChoice): boolean {
    const { preemptions } = this.bounds;
    const kind = preempts ? 'preemption' : 'pick';
    if (this.isLed(kind, '', preempts ? (threads[0] ?? 0) : null, [])) return true;
    this.handsOver(threads[0] ?? 0, preempts);
    const awake = this.awake(threads);
    if (awake.length === 0) return this.prune();
    const left = preemptions === null ? Infinity : preemptions - this.preemptions;
    this.branch(kind, '', preempts && left <= 0 ? awake.slice(0, 1) : awake, []);
    return true;
  }

  handover({ thread: next }: Handover): boolean {
    const { running } = this.machine.core;
    if (this.way === null) {
      this.handsOver(next, false);
      if (this.awake([next]).length === 0) return this.prune();
    }
    this.sleep.running = null;
    this.switched(running.id, running.steps, next);
    this.driver.path.switchTo(next);
    return true;
  }

  /** The thread that ran has made so many steps; another goes on. */
  private switched(thread: number, steps: number, next: number): void {
    const last = this.runs[this.runs.length - 1];
    if (last?.thread === next || next === 0) return;
    if (last) this.runs[this.runs.length - 1] = { thread: last.thread, until: last.thread === thread ? steps : last.until };
    else if (thread !== 0) this.runs.push({ thread, until: steps });
    this.runs.push({ thread: next, until: null });
  }

  // ---- what is known ----------------------------------------------------------------------------------------------

  /** The teardown that runs, if one does, is left: at its end, where it is `whole`. */
  private left(whole: boolean): void {
    const { leaving } = this;
    if (leaving === null) return;
    this.leaving = null;
    const way = leaving.notes.end();
    // What another choice in it comes to is not known.
    const alone = this.nodes.length === leaving.nodes;
    if (!whole || !alone || this.machine.core.errors.length !== leaving.errors) return;
    this.limits.settled.set(leaving.state, way);
    this.shared?.states.settle(leaving.state);
  }

  /** Whether what follows is known, from here by another path. */
  private atRest(operation: Operation): boolean {
    const { machine, limits, bounds } = this;
    if (!limits.reduced || limits.everySuffix || machine.core.halted || machine.core.current !== 0) return false;
    // A path without choices is the only one.
    if (operation.index === teardownOperation || (bounds.faults === 0 && this.nodes.length === 0)) return false;
    const key = `${atRest}${operation.index} ${this.faultKey()} ${machine.core.answers.join()} ${canonicalKey(machine)}`;
    return this.seen.rests(key, this.nodes.length);
  }

  /**
   * Whether threads may sleep. Where preemptions are counted, orders that come to the same do not cost the same; and where each order of
   * faults is told by itself, those of different threads don't come to the same.
   */
  private maySleep(): boolean {
    const { limits, bounds } = this;
    return limits.reduced && bounds.preemptions === null && !(limits.everyFault && bounds.faults > 1);
  }

  /** The running thread has come to where others are asked for, or can't go on; `next` comes first of those that can. */
  private handsOver(next: number, couldGoOn: boolean): void {
    const { sleep, races, machine } = this;
    const { waiting, finished } = machine.core.running;
    // What it waits for was looked at without anybody being told.
    if (waiting?.kind === 'lock') {
      const block = machine.core.memory.block(Math.floor(waiting.address / blockSpacing));
      if (block) for (const cell of lockCells(waiting.address - block.base)) sleep.use(races.of(block).cell(cell), 1, false);
    } else if (!couldGoOn && !finished) sleep.useAll();
    // All orders have come together.
    if (next === 0) sleep.now = nobody;
  }

  /** Those of the threads that the path has to go on with from here; what follows from the state is known from now on. */
  private awake(threads: readonly number[]): readonly number[] {
    const key = this.key(threads[0] ?? 0);
    if (this.shared === null) this.totals.states.add(key);
    if (!this.limits.reduced) return threads;
    const asleep = this.sleep.numbers;
    const left = this.seen.enter(key, this.nodes.length, asleep);
    return left === -1 ? threads : threads.filter((thread) => (left & (1 << thread)) !== 0);
  }

  private key(current: number): string {
    const { machine, bounds } = this;
    // What is left of the bounds makes a difference to what can follow; without a bound it does not.
    const beside = bounds.preemptions === null ? [machine.choices.faults] : [machine.choices.faults, this.preemptions, current];
    const key = stateKey(machine, beside);
    return this.limits.everyFault ? `${key} ${faultsKey(this.faults)}` : key;
  }

  /** What it matters of the faults so far: how many there were, or which. */
  private faultKey(): string {
    return this.limits.everyFault ? faultsKey(this.faults) : String(this.machine.choices.faults);
  }

  private branch(kind: Node['kind'], name: string, options: readonly number[], decisions: readonly number[]): void {
    const node: Node = {
      state: this.machine.save(),
      kind,
      name,
      options,
      next: 0,
      decisions: [...decisions],
      preemptions: this.preemptions,
      faults: this.faults.length,
      inputs: this.inputs.length,
      runs: this.runs.length,
      decided: this.decided.length,
      errors: this.machine.core.errors.length,
      asleep: this.sleep.now,
      running: this.sleep.running,
    };
    if (options.length > 1) this.nodes.push(node);
    this.take(node);
  }

  /** Goes on with the node's next option; the machine is in the node's state. */
  private take(node: Node): void {
    const option = node.options[node.next++] ?? 0;
    if (node.kind === 'preemption' || node.kind === 'pick') this.letSleep(node, option);
    this.goOn(node.kind, node.name, option, node.decisions);
  }

  /** Goes on from a choice with an option; `decisions` are those that the step met before. */
  private goOn(kind: Node['kind'], name: string, option: number, decisions: readonly number[]): void {
    const { machine } = this;
    const { path } = this.driver;
    const thread = machine.core.running;
    const { id, steps, operation } = thread;
    const isUsual = kind !== 'pick' && option === (kind === 'preemption' ? id : 0);
    if (!isUsual) this.decided.push({ kind, thread: id, steps, before: decisions.length, option });
    if (kind === 'preemption' || kind === 'pick') {
      if (kind === 'preemption' && option !== id) this.preemptions++;
      if (this.runs.length > 0 || option !== id || kind === 'pick') this.switched(id, steps, option);
      path.switchTo(option);
      return;
    }
    if (kind === 'input') this.inputs.push({ operation, nth: thread.inputs + 1 + decisions.length, option });
    else if (option === 1) this.faults.push({ operation, nth: thread.fallible + 1 + decisions.length, name, stack: machine.core.stack() });
    path.decide([...decisions, option]);
  }

  /** The thread goes on from the node; the ones that did before sleep until something is used that makes a difference to them. */
  private letSleep(node: Node, thread: number): void {
    const { sleep } = this;
    if (this.races.sleep === null) return;
    sleep.fallAsleep(node.asleep);
    const uses = new Uses();
    sleep.running = uses;
    // Whoever does what is put off has its number for that alone.
    const mayRest = thread !== 0 && thread < this.script.threads.length && node.next < node.options.length;
    if (mayRest) node.asleep = new Map(node.asleep).set(thread, uses);
  }

  /** What follows from here is known; what went wrong on the way here is not. */
  private prune(): boolean {
    this.left(false);
    this.visitor.path(this.machine.core.errors, this.taken, false);
    this.totals.pruned++;
    return this.backtrack();
  }

  private backtrack(): boolean {
    const { machine } = this;
    for (;;) {
      const node = this.nodes[this.nodes.length - 1];
      if (!node) return false;
      if (node.next >= node.options.length) {
        this.nodes.pop();
        continue;
      }
      this.seen.backTo(this.nodes.length);
      machine.restore(node.state);
      machine.core.errors.length = node.errors;
      this.preemptions = node.preemptions;
      this.faults.length = node.faults;
      this.inputs.length = node.inputs;
      this.runs.length = node.runs;
      this.decided.length = node.decided;
      this.sleep.now = node.asleep;
      this.sleep.running = node.running;
      const last = this.runs[this.runs.length - 1];
      if (last) this.runs[this.runs.length - 1] = { thread: last.thread, until: null };
      this.driver.path.resume();
      this.take(node);
      return true;
    }
  }

  private readonly taken = (): Taken => ({
    schedule: {
      faults: this.faults.map(({ operation, nth }) => ({ operation, nth })),
      inputs: [...this.inputs],
      runs: this.runs.map((run): Switch => ({ ...run })),
    },
    faults: [...this.faults],
    preemptions: this.preemptions,
  });
}

/** The same for the same calls that failed, in the same order, whatever their numbers in their operations. */
export function faultsKey(faults: readonly TakenFault[]): string {
  return faults.map(({ operation, name, stack }) => [operation, name, ...stack.map(({ fn, pc }) => `${fn.id}.${pc}`)].join(':')).join(',');
}

/** For runs without reduction. */
class EveryAccess extends Races {
  override isContended(): boolean {
    return true;
  }
}
