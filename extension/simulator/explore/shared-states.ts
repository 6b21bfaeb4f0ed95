// States that threads which search one scenario together go on from, in memory that all of them see: each is gone on from by one of them.
import type { OthersStates } from './seen-states.js';

/** Slots of the index, a power of two, and states that there is room for. */
const slots = 1 << 22;
const capacity = 3 << 20;

/** Of an entry: four words of its key, then the round in which it was seen last with the threads that slept then, 8 bits. */
const width = 5;
const key = 0;
const seenIn = 4;

const counters = { entries: 0, counted: 1, round: 2 } as const;

const everybody = 0xff;

export class SharedStates implements OthersStates {
  private readonly counters: Int32Array;
  /** The number of an entry, from 1; 0 for none. */
  private readonly index: Int32Array;
  private readonly entries: Int32Array;
  private readonly words = new Int32Array(4);

  constructor(memory: SharedArrayBuffer = sharedStatesMemory()) {
    this.counters = new Int32Array(memory, 0, 4);
    this.index = new Int32Array(memory, 16, slots);
    this.entries = new Int32Array(memory, 16 + 4 * slots);
  }

  /** Different states that threads came to. */
  get size(): number {
    return Atomics.load(this.counters, counters.counted);
  }

  enter(state: string, asleep: number): number {
    return this.claim(this.find(state, true), asleep);
  }

  rests(state: string): boolean {
    return this.claim(this.find(state, false), 0) === 0;
  }

  /** All states are new again. To be called while nobody searches. */
  forget(): void {
    Atomics.add(this.counters, counters.round, 1);
  }

  /** The number of the round; another one when all was forgotten. */
  get round(): number {
    return Atomics.load(this.counters, counters.round);
  }

  /** Threads came to the state, before it was known what there is. */
  count(state: string): void {
    this.find(state, true);
  }

  /** A teardown went well from that state. */
  settle(state: string): void {
    this.find(`settled ${state}`, false);
  }

  isSettled(state: string): boolean {
    this.hash(`settled ${state}`);
    return this.lookUp() > 0;
  }

  /** Of the threads that are awake, those with which nobody has gone on from an entry, a bit each; the caller does. */
  private claim(entry: number, asleep: number): number {
    // There is no room: all that follows is gone through, whoever else does.
    if (entry === 0) return ~asleep;
    const { entries } = this;
    const at = (entry - 1) * width + seenIn;
    const round = Atomics.load(this.counters, counters.round) + 1;
    for (;;) {
      const old = Atomics.load(entries, at);
      const isNew = old >>> 8 !== (round & 0xffffff);
      const slept = isNew ? everybody : old & everybody;
      const now = (round << 8) | (slept & asleep);
      if (!isNew && now === old) return slept & ~asleep;
      if (Atomics.compareExchange(entries, at, old, now) === old) return isNew ? ~asleep : slept & ~asleep;
    }
  }

  /** The number of a state's entry, which is made where there is none; 0 where there is no room. */
  private find(state: string, counted: boolean): number {
    this.hash(state);
    const { index, entries, words } = this;
    let made = 0;
    for (let slot = this.firstSlot(); ; slot = (slot + 1) & (slots - 1)) {
      let there = Atomics.load(index, slot);
      if (there === 0) {
        if (made === 0) {
          if (Atomics.load(this.counters, counters.entries) >= capacity) return 0;
          made = Atomics.add(this.counters, counters.entries, 1) + 1;
          if (made > capacity) return 0;
          entries.set(words, (made - 1) * width + key);
        }
        there = Atomics.compareExchange(index, slot, 0, made);
        if (there === 0) {
          if (counted) Atomics.add(this.counters, counters.counted, 1);
          return made;
        }
      }
      if (this.isAt(there)) return there;
    }
  }

  /** The same, 0 where there is none. */
  private lookUp(): number {
    for (let slot = this.firstSlot(); ; slot = (slot + 1) & (slots - 1)) {
      const there = Atomics.load(this.index, slot);
      if (there === 0 || this.isAt(there)) return there;
    }
  }

  private firstSlot(): number {
    const { words } = this;
    return ((words[0] ?? 0) ^ Math.imul(words[2] ?? 0, 0x9e3779b1)) & (slots - 1);
  }

  private isAt(entry: number): boolean {
    const { entries, words } = this;
    const at = (entry - 1) * width + key;
    return entries[at] === words[0] && entries[at + 1] === words[1] && entries[at + 2] === words[2] && entries[at + 3] === words[3];
  }

  /** Sets `words` to what stands for a state: a key of a state as it is, of other texts four hashes. */
  private hash(state: string): void {
    const { words } = this;
    const { length } = state;
    if (length === 8) {
      for (let at = 0; at < 4; at++) words[at] = state.charCodeAt(2 * at) | (state.charCodeAt(2 * at + 1) << 16);
      return;
    }
    let [a, b, c, d] = [0x9e3779b9, 0x85ebca6b ^ length, 0xc2b2ae35, 0x27d4eb2f];
    for (let at = 0; at < length; at++) {
      const unit = state.charCodeAt(at);
      a = Math.imul(a ^ unit, 0x01000193);
      b = Math.imul(b + unit, 0x85ebca6b);
      b ^= b >>> 13;
      c = Math.imul(c ^ (unit + at), 0x2c1b3c6d);
      c ^= c >>> 15;
      d = Math.imul(d + (unit ^ a), 0x297a2d39);
      d ^= d >>> 16;
    }
    words[0] = a;
    words[1] = b;
    words[2] = c;
    words[3] = d;
  }
}

/** Memory for the states of one search, all 0; what is not used of it takes none. */
export function sharedStatesMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(16 + 4 * slots + 4 * width * capacity);
}
