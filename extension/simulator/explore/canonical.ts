// When two states at rest are the same whatever their objects are called: blocks are numbered in the order in which they
// are reached from variables of file scope, and pointers count as the number of what they point to.
import type { Value } from '../../kernel/intrinsics/machine.js';
import { isIndeterminate } from '../code/arithmetic.js';
import type { SimulatedMachine } from '../machine/simulated-machine.js';
import { blockSpacing, type MemoryBlock } from '../machine/memory-block.js';

/** A key of the memory and of callbacks to come. To be asked for between operations. */
export function canonicalKey(m: SimulatedMachine): string {
  return new Canonical(m).key();
}

class Canonical {
  private readonly numbers = new Map<MemoryBlock, number>();
  private readonly order: MemoryBlock[] = [];
  private a = 0;
  private b = 0;

  constructor(private readonly m: SimulatedMachine) {}

  key(): string {
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
      const own = block.kind === 'heap' ? at + 0x10000 : block.id;
      this.mix(own, block.size, block.state === 'live' ? 1 : 2, 0);
      for (let at = block.nextCell(0); at >= 0; at = block.nextCell(at + 1)) this.cell(own, at, block.valueAt(at) ?? NaN);
      if (block.hidden !== null) for (const [key, value] of block.hidden) this.cell(own, hashOf(key), value);
      if (block.published) this.cell(own, hashOf('published'), 1);
    });
    this.m.deferred.laters.forEach((later, at) => {
      this.cell(-1, at * 2, later.fn);
      this.cell(-1, at * 2 + 1, later.argument);
    });
    return `${this.a >>> 0}.${this.b >>> 0}`;
  }

  private number(block: MemoryBlock): void {
    this.numbers.set(block, this.order.length);
    this.order.push(block);
  }

  private follow(block: MemoryBlock): void {
    const found = (value: Value | undefined): void => {
      const target = this.target(value);
      if (target?.kind === 'heap' && target.state !== 'freed' && !this.numbers.has(target)) this.number(target);
    };
    for (let at = block.nextCell(0); at >= 0; at = block.nextCell(at + 1)) found(block.valueAt(at));
    if (block.hidden !== null) for (const key of [...block.hidden.keys()].sort()) found(block.hidden.get(key));
  }

  private target(value: Value | undefined): MemoryBlock | undefined {
    return typeof value === 'number' && value >= blockSpacing ? this.m.core.memory.block(Math.floor(value / blockSpacing)) : undefined;
  }

  private cell(own: number, place: number, value: Value): void {
    const target = this.target(value);
    if (target?.kind === 'heap') {
      const number = target.state === 'freed' ? hashOf(target.name) : (this.numbers.get(target) ?? 0);
      this.mix(own, place, number ^ 0x3c6ef372, Number(value) - target.base);
    } else if (typeof value === 'number')
      this.mix(own, place, value | 0, isIndeterminate(value) ? 0x7ff80000 : Math.floor(value / 4294967296) | 0);
    else this.mix(own, place, Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)) ^ 0x5bd1e995);
  }

  /** Adds up, so that the order of a block's cells makes no difference. */
  private mix(a: number, b: number, c: number, d: number): void {
    let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35);
    h = Math.imul(h ^ (h >>> 15) ^ c, 0x2c1b3c6d);
    h = Math.imul(h ^ (h >>> 12) ^ d, 0x297a2d39);
    this.a = (this.a + (h ^ (h >>> 15))) | 0;
    let g = Math.imul(a + 0x165667b1, 0x27d4eb2f) ^ Math.imul(b ^ 0x61c88647, 0x9e3779b1);
    g = Math.imul(g ^ (g >>> 16) ^ d, 0x7feb352d);
    g = Math.imul(g ^ (g >>> 15) ^ c, 0x846ca68b);
    this.b = (this.b + (g ^ (g >>> 16))) | 0;
  }
}

const hashes = new Map<string, number>();

function hashOf(text: string): number {
  let known = hashes.get(text);
  if (known === undefined) {
    known = 0x811c9dc5;
    for (let at = 0; at < text.length; at++) known = Math.imul(known ^ text.charCodeAt(at), 0x01000193);
    hashes.set(text, known);
  }
  return known;
}
