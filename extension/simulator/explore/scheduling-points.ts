// Where, in a step, others may have to go first: what the running thread uses that others may use at the same time.
import type { Value } from '../../kernel/intrinsics/machine.js';
import type { Core } from '../machine/core.js';
import { allocatingThread, ownerOf, yielded, type Others } from '../machine/machine-state.js';
import { blockSpacing, type MemoryBlock } from '../machine/memory-block.js';
import { reader } from '../machine/readers.js';
import type { Inside, Thread } from '../machine/thread.js';
import { deferredCell, gone, lifeCell, type Races, type UsedCell } from './races.js';

export class SchedulingPoints implements Others {
  /** A step is only come to, and not made. */
  arriving = false;
  /** The running thread stops when it has made so many steps, where it is that one. */
  stopAt: { readonly thread: number; readonly steps: number } | null = null;

  /**
   * `isAlone`: no other thread could go on now. `dataRace` is told of two threads that stand before uses of the same bytes, of which one
   * writes and one is plain.
   */
  constructor(
    private readonly core: Core,
    private readonly races: Races,
    private readonly isAlone: () => boolean,
    private readonly dataRace: ((one: Thread, other: Thread) => void) | null,
  ) {}

  /** Each access of a step that is several to others is granted by itself. */
  beforePiece(made: number): void {
    const { running } = this.core;
    if (this.stopAt?.thread === running.id && running.steps + made >= this.stopAt.steps) throw yielded;
  }

  afterPiece(): void {
    this.core.granted = false;
  }

  isShared(block: MemoryBlock): boolean {
    return block.kind !== 'string' && block.kind !== 'function' && !this.isPrivate(block);
  }

  /** Memory of a thread's own that no other can have found yet, as no address of it is where another could look. */
  private isPrivate(block: MemoryBlock): boolean {
    const { current } = this.core;
    if (block.kind === 'stack') return ownerOf(block) === current && !block.published;
    return block.kind === 'heap' && current !== 0 && allocatingThread(block) === current && !block.published;
  }

  pointer(holder: MemoryBlock, value: number): void {
    if (this.isPrivate(holder)) return;
    const target = this.core.memory.block(Math.floor(value / blockSpacing));
    if (target && this.isPrivate(target)) this.publish(target);
  }

  /** Others may find it from now on, and what it points to. */
  private publish(block: MemoryBlock): void {
    const { memory } = this.core;
    memory.publish(block);
    const follow = (value: Value | undefined): void => {
      const target = typeof value === 'number' && value >= blockSpacing ? memory.block(Math.floor(value / blockSpacing)) : undefined;
      if (target && this.isPrivate(target)) this.publish(target);
    };
    for (let at = block.nextCell(0); at >= 0; at = block.nextCell(at + 1)) follow(block.valueAt(at));
    if (block.hidden !== null) for (const value of block.hidden.values()) follow(value);
  }

  access(block: MemoryBlock, key: number | string, bytes: number, write: boolean): boolean {
    if (!this.isShared(block)) return false;
    const used = this.races.of(block);
    if (typeof key === 'string') {
      if (this.touch(used.cell(key), 1, write)) return true;
    } else if (bytes > 0)
      for (let at = key; at < key + bytes; at = (at | 7) + 1) {
        const end = Math.min((at | 7) + 1, key + bytes);
        const mask = ((1 << (end - at)) - 1) << (at & 7);
        const cell = used.cell(at >> 3);
        if (this.dataRace !== null) this.standBefore(block, cell, at >> 3, mask, write);
        if (this.touch(cell, mask, write)) return true;
      }
    return block.kind !== 'global' && this.touch(used.cell(lifeCell), 1, false);
  }

  life(block: MemoryBlock, ends: boolean): boolean {
    if (!this.isShared(block)) return false;
    // Where an operation ends, it is looked for what points to memory that is gone.
    if (ends && block.kind === 'heap') this.changes(gone);
    return this.touch(this.races.of(block).cell(lifeCell), 1, ends);
  }

  /** Where the running thread has come, if others may go first: they may be about to use the same. */
  private standBefore(block: MemoryBlock, cell: UsedCell, word: number, bytes: number, write: boolean): void {
    const { core, races } = this;
    if (core.granted || !races.isContended(cell, bytes)) return;
    const { running } = core;
    const plain = running.top?.fn.info[running.top.pc]?.plain === true;
    running.standing = { block, word, bytes, write, plain };
    for (const other of core.threads) {
      const { standing } = other;
      if (standing === null || other === running || standing.block.id !== block.id || standing.word !== word) continue;
      if ((standing.bytes & bytes) !== 0 && (standing.write || write) && (standing.plain || plain)) this.dataRace?.(other, running);
    }
  }

  /** Who comes to a structure while another stands before it: both can be inside at once. */
  inside(block: MemoryBlock, kind: 'index' | 'list', inside: Inside): void {
    if (!this.isShared(block)) return;
    const { core } = this;
    for (const { id, name, inside: other } of core.threads)
      if (id !== core.current && other?.block === inside.block && other.cell === inside.cell && (other.changes || inside.changes))
        return core.report(`${kind}-without-lock`, `${inside.what} while ${name} is in ${other.what}: nothing keeps them apart`);
    core.running.inside = inside;
    this.touch(this.races.of(block).cell(inside.cell), 1, inside.changes);
  }

  /** A thread's being a reader is as a variable of its own, which it writes and others read. */
  reader(thread: number, enters: boolean): void {
    this.touch(this.races.noBlock.cell(reader(thread)), 1, enters);
  }

  /** Whether it has begun makes a difference to whoever puts off, takes back or waits: others may always go first. */
  deferred(): void {
    this.touch(this.races.noBlock.cell(deferredCell), 1, true);
  }

  changes(what: string): void {
    const { races } = this;
    races.sleep?.use(races.noBlock.cell(what), 1, true);
  }

  unseen(): void {
    this.races.sleep?.useAll();
  }

  /** Whether others go first, and the access is not made. */
  private touch(cell: UsedCell, bytes: number, write: boolean): boolean {
    const { core, races } = this;
    if (this.arriving) return core.yield();
    if (!races.isContended(cell, bytes)) races.note(cell, core.current, bytes, write, core.running.locks);
    else if (!core.granted) {
      if (!this.isAlone()) return core.yield();
      core.granted = true;
      core.running.standing = null;
    }
    races.sleep?.use(cell, bytes, write);
    return false;
  }
}
