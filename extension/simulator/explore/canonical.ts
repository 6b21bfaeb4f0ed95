// When two states at rest are the same whatever their objects are called: blocks are numbered in the order in which they
// are reached from variables of file scope, and pointers count as the number of what they point to.
import { ContentsHash, contentsOf } from '../machine/block-contents.js';
import { hashOf } from '../machine/text-hash.js';
import type { Value } from '../../kernel/intrinsics/machine.js';
import type { SimulatedMachine } from '../machine/simulated-machine.js';
import { blockSpacing, type MemoryBlock } from '../machine/memory-block.js';

/** A key of the memory and of callbacks to come. To be asked for between operations. */
export function canonicalKey(m: SimulatedMachine): string {
  return new Canonical(m).key();
}

class Canonical {
  private readonly numbers = new Map<MemoryBlock, number>();
  private readonly order: MemoryBlock[] = [];
  private readonly whole = new ContentsHash();

  constructor(private readonly m: SimulatedMachine) {}

  key(): string {
    const { whole } = this;
    const heap: MemoryBlock[] = [];
    for (const block of this.m.core.memory.all()) {
      if (block.kind === 'global' && block.count + (block.hidden?.size ?? 0) > 0) this.order.push(block);
      else if (block.kind === 'heap' && block.state !== 'freed') heap.push(block);
    }
    this.order.sort((x, y) => x.id - y.id);
    // The list grows while it is gone through.
    for (const block of this.order) this.follow(block);
    // What nothing leads to is lost; in the order of its making.
    for (const block of heap.sort((x, y) => x.id - y.id)) {
      if (this.numbers.has(block)) continue;
      const from = this.order.length;
      this.number(block);
      for (let at = from; at < this.order.length; at++) this.follow(this.order[at] ?? block);
    }
    this.order.forEach((block, at) => {
      const { pointers, other1, other2 } = contentsOf(block);
      const one = new ContentsHash();
      for (const { key, value } of pointers) this.pointer(one, typeof key === 'number' ? key : hashOf(key), value);
      const own = block.kind === 'heap' ? at + 0x10000 : block.id;
      whole.mix(own, block.size, (block.state === 'live' ? 1 : 2) + (block.published ? 4 : 0));
      whole.mix(own ^ 0x5bd1e995, (one.a + other1) | 0, (one.b + other2) | 0);
    });
    this.m.deferred.laters.forEach(({ fn, argument }, at) => {
      const one = new ContentsHash();
      one.add(0, fn);
      if (this.target(argument)) this.pointer(one, 1, Number(argument));
      else one.add(1, argument);
      whole.mix(-1 - at, one.a, one.b);
    });
    return `${whole.a >>> 0}.${whole.b >>> 0}`;
  }

  private number(block: MemoryBlock): void {
    this.numbers.set(block, this.order.length);
    this.order.push(block);
  }

  private follow(block: MemoryBlock): void {
    for (const { value } of contentsOf(block).pointers) {
      const target = this.target(value);
      if (target && target.state !== 'freed' && !this.numbers.has(target)) this.number(target);
    }
  }

  /** The block of the heap that a value points to. */
  private target(value: Value): MemoryBlock | undefined {
    if (typeof value !== 'number' || !(value >= blockSpacing)) return undefined;
    const block = this.m.core.memory.block(Math.floor(value / blockSpacing));
    return block?.kind === 'heap' ? block : undefined;
  }

  private pointer(to: ContentsHash, place: number, value: number): void {
    const target = this.target(value);
    if (!target) return to.add(place, value);
    const number = target.state === 'freed' ? hashOf(target.name) : (this.numbers.get(target) ?? 0);
    to.mix(place, number ^ 0x3c6ef372, value - target.base);
  }
}
