// One scenario searched by several threads: one leads, others help. Whoever has nothing to do takes a subtree that another gives away;
// what is seen is seen by all, and what one finds out all are told.
import { SharedStates, sharedStatesMemory } from './shared-states.js';
import { SharedTexts } from './shared-texts.js';
import type { Subtree } from './subtree.js';

/** What the threads share; plain data that can be handed to another thread. */
export interface SharedSearchMemory {
  readonly numbers: SharedArrayBuffer;
  readonly states: SharedArrayBuffer;
  readonly subtrees: SharedArrayBuffer;
  readonly news: SharedArrayBuffer;
}

const slots = {
  lock: 0,
  bell: 1,
  working: 2,
  idle: 3,
  helpers: 4,
  left: 5,
  next: 6,
  abandoned: 7,
  closed: 8,
  broken: 9,
  paths: 10,
  taken: 11,
  dismissed: 12,
  joined: 13,
} as const;
type Slot = keyof typeof slots;

/** Bytes for texts; what is not used of them takes no memory. */
const roomForSubtrees = 1 << 22;
const roomForNews = 1 << 26;

/** Milliseconds after which whoever waits looks whether that is still wanted. */
const patience = 20;

export function sharedSearchMemory(): SharedSearchMemory {
  return {
    numbers: new SharedArrayBuffer(4 * Object.keys(slots).length),
    states: sharedStatesMemory(),
    subtrees: new SharedArrayBuffer(roomForSubtrees),
    news: new SharedArrayBuffer(roomForNews),
  };
}

/** Thrown where the threads can't go on together: the scenario is to be searched by one alone. */
export class SharedSearchBroken extends Error {}

/** What one thread has of it: the leader, which begins, or a helper. */
export class SharedSearch {
  readonly states: SharedStates;
  private readonly numbers: Int32Array;
  private readonly subtrees: SharedTexts;
  private readonly news: SharedTexts;
  /** Up to where the news were read. */
  private read = 0;

  constructor(memory: SharedSearchMemory) {
    this.states = new SharedStates(memory.states);
    this.numbers = new Int32Array(memory.numbers);
    this.subtrees = new SharedTexts(memory.subtrees);
    this.news = new SharedTexts(memory.news);
  }

  // ---- who takes part ----------------------------------------------------------------------------------------------

  /** The caller leads from now on, and works. */
  lead(): void {
    this.add('working', 1);
  }

  /** The caller helps from now on, and works until it asks for a subtree; false where nobody leads any more. */
  join(): boolean {
    return this.locked(() => {
      if (this.get('closed') === 1) return false;
      this.add('helpers', 1);
      this.add('joined', 1);
      this.add('working', 1);
      this.ring();
      return true;
    });
  }

  /** The helper has told everything, and helps no more. */
  leave(): void {
    this.add('helpers', -1);
    this.ring();
  }

  /** Nobody searches any more; all helpers have told everything. */
  close(): void {
    this.locked(() => {
      this.set('closed', 1);
      this.set('abandoned', 1);
    });
    this.ring();
    this.waitUntil(() => this.get('helpers') === 0);
  }

  /** From now on no thread waits for another. To be called by whoever knows that one has died, or that they can't go on together. */
  giveUp(): void {
    this.set('broken', 1);
    this.set('abandoned', 1);
    this.set('closed', 1);
    this.ring();
  }

  /** The helper is to leave its subtree as it is. */
  get isAbandoned(): boolean {
    return this.get('abandoned') === 1;
  }

  /** Threads that took part at any time, the leader among them. */
  get participants(): number {
    return this.get('joined') + 1;
  }

  /** Subtrees that one gave away and another took. */
  get taken(): number {
    return this.get('taken');
  }

  /** One of the helpers is needed for something else. */
  dismiss(): void {
    this.add('dismissed', 1);
    this.ring();
  }

  /** Whether the helper that asks is one that leaves; then it does. */
  leavesNow(): boolean {
    for (let left = this.get('dismissed'); left > 0; left = this.get('dismissed'))
      if (Atomics.compareExchange(this.numbers, slots.dismissed, left, left - 1) === left) return true;
    return false;
  }

  /** Nobody leads any more. */
  get isClosed(): boolean {
    return this.get('closed') === 1;
  }

  get isBroken(): boolean {
    return this.get('broken') === 1;
  }

  get isHelped(): boolean {
    return this.get('helpers') > 0;
  }

  /** Waits until so many help. */
  waitForHelpers(count: number): void {
    this.waitUntil(() => this.get('helpers') >= count);
  }

  // ---- work --------------------------------------------------------------------------------------------------------

  /** More threads have nothing to do than subtrees are left. */
  get isWanted(): boolean {
    return this.get('idle') > this.get('left');
  }

  /** Whether somebody will go through the subtree. */
  give(subtree: Subtree): boolean {
    const text = JSON.stringify(subtree);
    const given = this.locked(() => {
      if (this.get('abandoned') === 1 || !this.subtrees.add(text)) return false;
      this.add('left', 1);
      return true;
    });
    if (given) this.ring();
    return given;
  }

  /** A subtree for the helper, which has come to the end of what it had; null where it is to leave, or `leaves` by itself. */
  takeToHelp(leaves: boolean): Subtree | null {
    return this.take(
      () => leaves || this.get('closed') === 1 || this.leavesNow(),
      () => false,
    );
  }

  /** The same for the leader; null, and it works still, where nobody has anything to do any more or it `stops`. */
  takeToLead(stops: () => boolean): Subtree | null {
    const subtree = this.take(stops, () => this.get('working') === 0);
    if (subtree === null) this.add('working', 1);
    return subtree;
  }

  /** All that was begun is left as it is; nobody but the leader works, and nothing is seen. */
  restart(): void {
    this.locked(() => {
      this.set('abandoned', 1);
      this.clearSubtrees();
    });
    this.waitUntil(() => this.get('working') === 1);
    this.states.forget();
    this.locked(() => {
      if (this.get('closed') === 0) this.set('abandoned', 0);
    });
  }

  /** One more path was run; how many there are. */
  countPath(): number {
    return Atomics.add(this.numbers, slots.paths, 1) + 1;
  }

  get paths(): number {
    return this.get('paths');
  }

  set paths(count: number) {
    this.set('paths', count);
  }

  /** Gives the next subtree; null where it `stops`, or where none is left and that is the `end`. */
  private take(stops: () => boolean, end: () => boolean): Subtree | null {
    this.add('working', -1);
    this.add('idle', 1);
    this.ring();
    try {
      for (;;) {
        const heard = this.get('bell');
        this.checkWhole();
        if (stops()) return null;
        const found = this.locked(() => {
          if (this.get('abandoned') === 1) return 'nothing';
          const next = this.nextSubtree();
          if (next === null) return end() ? 'end' : 'nothing';
          this.add('working', 1);
          return next;
        });
        if (found === 'end') return null;
        if (found !== 'nothing') return found;
        Atomics.wait(this.numbers, slots.bell, heard, patience);
      }
    } finally {
      this.add('idle', -1);
    }
  }

  private nextSubtree(): Subtree | null {
    const found = this.subtrees.at(this.get('next'));
    if (found === null) return null;
    this.set('next', found.next);
    this.add('left', -1);
    this.add('taken', 1);
    if (this.get('left') === 0) this.clearSubtrees();
    return JSON.parse(found.text) as Subtree;
  }

  private clearSubtrees(): void {
    this.subtrees.clear();
    this.set('left', 0);
    this.set('next', 0);
  }

  // ---- what all are told -------------------------------------------------------------------------------------------

  /** Tells all others; what it is has to be plain data. */
  tell(news: unknown): void {
    const text = JSON.stringify(news);
    if (!this.locked(() => this.news.add(text))) {
      this.giveUp();
      throw new SharedSearchBroken('there is no room for what threads tell each other');
    }
  }

  /** What was told since it was asked for last, the caller's own too. */
  *hear(): Generator<unknown, void, undefined> {
    for (let found = this.news.at(this.read); found !== null; found = this.news.at(this.read)) {
      this.read = found.next;
      yield JSON.parse(found.text);
    }
  }

  get hasNews(): boolean {
    return this.news.end !== this.read;
  }

  // ---- waiting -----------------------------------------------------------------------------------------------------

  private locked<T>(action: () => T): T {
    const { numbers } = this;
    while (Atomics.compareExchange(numbers, slots.lock, 0, 1) !== 0) {
      Atomics.wait(numbers, slots.lock, 1, patience);
      this.checkWhole();
    }
    try {
      return action();
    } finally {
      Atomics.store(numbers, slots.lock, 0);
      Atomics.notify(numbers, slots.lock, 1);
    }
  }

  private waitUntil(isSo: () => boolean): void {
    for (;;) {
      const heard = this.get('bell');
      this.checkWhole();
      if (isSo()) return;
      Atomics.wait(this.numbers, slots.bell, heard, patience);
    }
  }

  private checkWhole(): void {
    if (this.get('broken') === 1) throw new SharedSearchBroken('a thread that helped can go on no more');
  }

  private ring(): void {
    Atomics.add(this.numbers, slots.bell, 1);
    Atomics.notify(this.numbers, slots.bell);
  }

  private get(slot: Slot): number {
    return Atomics.load(this.numbers, slots[slot]);
  }

  private set(slot: Slot, value: number): void {
    Atomics.store(this.numbers, slots[slot], value);
  }

  private add(slot: Slot, count: number): void {
    Atomics.add(this.numbers, slots[slot], count);
  }
}
