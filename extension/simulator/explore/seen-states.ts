// States that a pass has gone on from, and what threads used behind each: where that is found to be contended later, what follows from the
// state is to be gone through again, and only there.
import { NumberSet } from './number-set.js';
import type { Races, UsedCell } from './races.js';

/** How keys of states between operations begin. */
export const atRest = 'rest ';

function isAtRest(key: string): boolean {
  return key.startsWith(atRest);
}

class SeenState {
  /** Cells that were used behind it and were no scheduling points. */
  readonly passed = new NumberSet();
  /** All that follows was gone through, and `passed` has all of it. */
  isWhole = false;
  /** Something follows of which that is not known. */
  misses = false;

  constructor(
    readonly key: string,
    /** Choices that led to it and are still open, as it was come to. */
    readonly depth: number,
    /** Threads, a bit each, that it was never gone on with from here, as they were asleep whenever it was come to. */
    readonly asleep: number,
  ) {}

  /** What follows from another state follows from it. */
  leadsTo(other: SeenState): void {
    this.passed.addAll(other.passed);
    this.misses ||= !other.isWhole;
  }
}

/** States that others go on from too. */
export interface OthersStates {
  /** As of SeenStates. */
  enter(key: string, asleep: number): number;
  rests(key: string): boolean;
}

export class SeenStates {
  private readonly states = new Map<string, SeenState>();
  /** Those from which not all was gone through, in the order in which the path came to them. */
  private readonly open: SeenState[] = [];
  /** Those of all who search; null while nobody else does. */
  private others: OthersStates | null = null;

  constructor(private readonly races: Races) {}

  get size(): number {
    return this.states.size;
  }

  /** Others search as well from now on, and what was seen here is seen by them. */
  share(others: OthersStates): void {
    this.others = others;
    this.tellAll();
  }

  /** What is seen here is seen by others. */
  tellAll(): void {
    const { others } = this;
    if (others === null) return;
    for (const { key, asleep } of this.states.values())
      if (isAtRest(key)) others.rests(key);
      else others.enter(key, asleep);
  }

  /**
   * The path comes to a state while so many choices are open and those threads sleep, a bit each. Gives the threads with which it has to go
   * on, a bit each, none where all that follows is gone through, now or before, by whoever it is; it is taken to do so. -1: the state is new.
   */
  enter(key: string, depth: number, asleep: number): number {
    const { others } = this;
    if (others === null) {
      const left = this.left(key, asleep);
      if (left !== 0) this.add(key, depth, asleep);
      return left;
    }
    const left = isAtRest(key) ? (others.rests(key) ? 0 : ~asleep) : others.enter(key, asleep);
    const known = this.states.get(key);
    /** Threads with which somebody else has gone on, or does: what is used behind that is not known here. */
    const elsewhere = ~asleep & ~left & (known?.asleep ?? ~0);
    if (left !== 0) {
      this.add(key, depth, asleep);
      if (elsewhere !== 0) this.missesOne();
    } else if (known && elsewhere === 0) this.open.at(-1)?.leadsTo(known);
    else this.missesOne();
    return left;
  }

  private missesOne(): void {
    const last = this.open.at(-1);
    if (last) last.misses = true;
  }

  /** The same of a state between operations, while none sleeps: whether the path goes no further. */
  rests(key: string, depth: number): boolean {
    return this.enter(key, depth, 0) === 0;
  }

  /** Somebody else goes through what is left of a choice before which so many were open. */
  givesAway(choices: number): void {
    for (const state of this.open) if (state.depth <= choices) state.misses = true;
  }

  /** The path goes on elsewhere; not `whole`: what followed from the states that are open was not gone through. */
  leave(whole: boolean): void {
    if (!whole) for (const state of this.open) state.misses = true;
    this.backTo(0);
  }

  /** Whether the path goes no further here, as all that follows is gone through, now or before. */
  has(key: string): boolean {
    return this.left(key, 0) === 0;
  }

  /** Threads, a bit each, with which what follows is not gone through, but for those that are asleep; all where the state is new. */
  left(key: string, asleep: number): number {
    const known = this.states.get(key);
    if (!known) return ~asleep;
    const left = known.asleep & ~asleep;
    if (left === 0) this.open.at(-1)?.leadsTo(known);
    return left;
  }

  /** The path goes on from the state; so many choices are open. */
  add(key: string, depth: number, asleep = 0): void {
    this.takePassed();
    const known = this.states.get(key);
    const state = new SeenState(key, depth, asleep & (known?.asleep ?? ~0));
    if (known) state.leadsTo(known);
    this.states.set(key, state);
    this.open.push(state);
  }

  /** The path goes on from the last of so many choices that are open, with its next option. */
  backTo(choices: number): void {
    this.takePassed();
    for (let state = this.open.at(-1); state && state.depth >= choices; state = this.open.at(-1)) {
      this.open.pop();
      state.isWhole = !state.misses;
      this.open.at(-1)?.leadsTo(state);
    }
  }

  /**
   * All is gone through once more, for what was found to be contended since the last time. `wasWhole`: the time before went to its end;
   * else what follows from the states that are open is not known.
   */
  again(found: readonly UsedCell[], wasWhole: boolean): void {
    this.leave(wasWhole);
    for (const state of this.states.values())
      if (!state.isWhole || found.some(({ number }) => state.passed.has(number))) this.states.delete(state.key);
  }

  private takePassed(): void {
    this.open.at(-1)?.passed.addAll(this.races.passed);
    this.races.passed.clear();
  }
}
