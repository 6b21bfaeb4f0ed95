// When two states are the same: equal memory, threads at equal places with equal locals, equal things to come.
import type { Value } from '../../kernel/intrinsics/machine.js';
import type { SimulatedMachine } from '../machine/simulated-machine.js';

class Hash {
  a = 0x811c9dc5;
  b = 0x9747b28c;

  add(n: number): void {
    this.a = Math.imul(this.a ^ n, 0x01000193);
    this.a ^= this.a >>> 15;
    this.b = Math.imul(this.b + n, 0x85ebca6b);
    this.b ^= this.b >>> 13;
  }

  value(value: Value): void {
    if (typeof value === 'number') {
      this.add(value | 0);
      this.add(Number.isNaN(value) ? 0x7ff80000 : Math.floor(value / 4294967296) | 0);
    } else {
      this.add(Number(BigInt.asIntN(32, value)));
      this.add(Number(BigInt.asIntN(32, value >> 32n)));
    }
  }
}

/**
 * A key of the machine's state, and of numbers that make a difference beside it: 128 bits of hash as a string of 8 characters, so that
 * two different states share one with a chance of 2^-128 a pair where the hash behaves; a state taken for another would be skipped.
 */
export function stateKey(m: SimulatedMachine, beside: readonly number[] = []): string {
  const hash = new Hash();
  for (const each of beside) hash.add(each);
  for (const thread of m.core.threads) {
    hash.add(thread.id);
    hash.add(thread.position);
    hash.add(thread.finished ? 1 : 0);
    hash.add(thread.operation);
    hash.add(thread.answered);
    hash.add(thread.readers);
    hash.add(thread.atomic.length);
    hash.add(thread.finished ? 0 : thread.allocations);
    if (thread.waiting) {
      hash.add(thread.waiting.kind.length);
      if ('address' in thread.waiting) hash.value(thread.waiting.address);
      if (thread.waiting.kind === 'deferred') {
        const { call, queued } = thread.waiting.which;
        hash.add(queued ? 1 : 2);
        if (call !== 'callbacks of RCU') hash.value(call.argument);
      }
    }
    if (thread.deferred) {
      hash.value(thread.deferred.fn);
      hash.value(thread.deferred.argument);
    }
    if (thread.queued) {
      hash.value(thread.queued.address);
      hash.add(thread.queued.wakes);
      hash.add(thread.queued.sleep.length);
    }
    for (const lock of thread.locks) hash.value(lock.address);
    for (const value of thread.pieces) hash.value(value);
    for (const decision of thread.decisions) hash.add(decision);
    for (const frame of thread.frames) {
      hash.add(frame.fn.id);
      hash.add(frame.pc);
      const live = frame.fn.live[frame.pc];
      // What is read no more must not tell two states apart.
      for (const slot of (frame === thread.top ? live?.before : live?.during) ?? []) hash.value(frame.slots[slot] ?? NaN);
    }
  }
  for (const { block, readers } of m.pendingFrees) {
    hash.add(block.id);
    for (const reader of readers) hash.add(reader);
  }
  for (const each of m.deferred.laters) {
    hash.value(each.fn);
    hash.value(each.argument);
    for (const reader of each.readers) hash.add(reader);
  }
  for (const answer of m.core.answers) hash.value(answer);
  const [h1, h2] = m.core.memory.hash;
  const { a, b } = hash;
  return String.fromCharCode(a & 0xffff, a >>> 16, b & 0xffff, b >>> 16, h1 & 0xffff, h1 >>> 16, h2 & 0xffff, h2 >>> 16);
}
