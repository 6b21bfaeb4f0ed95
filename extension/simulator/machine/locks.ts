// Locks, and structures that something has to keep threads apart in.
import type { blocked, Value } from '../../kernel/intrinsics/machine.js';
import type { Accesses } from './memory-accesses.js';
import type { Core } from './core.js';
import type { Readers } from './readers.js';
import type { MemoryBlock } from './memory-block.js';
import type { SimulatedMemory } from './simulated-memory.js';
import { waitsFor, type HeldLock } from './thread.js';

/** Files of the model that are the API itself, and none of its users. */
const structures: ReadonlySet<string> = new Set(['runtime/kernel/index.h', 'runtime/kernel/list.h']);

/** Of a lock at an offset: its owner, and that it is held, as who only tries to take it sees it. */
export function lockCells(offset: number): readonly [string, string] {
  return [`${offset}:lock`, `${offset}:held`];
}

export class Locks {
  private readonly memory: SimulatedMemory;

  constructor(
    private readonly core: Core,
    private readonly accesses: Accesses,
    private readonly readers: Readers,
  ) {
    this.memory = core.memory;
  }

  acquire(lock: Value, mode: 'exclusive' | 'shared', what: string): typeof blocked | 0 {
    const block = this.accesses.locate(lock, 1, `${what} uses`);
    if (!block) return 0;
    const thread = this.core.running;
    const address = Number(lock);
    const owner = Number(this.accesses.peek(address, 'lock'));
    if (owner > 0 || (owner < 0 && mode === 'exclusive')) {
      if (thread.locks.some((each) => each.address === address)) {
        this.core.report('deadlock', `${what} takes a lock that this thread holds`, { block });
        return 0;
      }
      return waitsFor(thread, { kind: 'lock', address, mode, what });
    }
    this.take(block, address, mode, what, owner);
    return 0;
  }

  tryAcquire(lock: Value, mode: 'exclusive' | 'shared', what: string): boolean {
    const block = this.accesses.locate(lock, 1, `${what} uses`);
    if (!block) return false;
    const owner = Number(this.memory.hidden(block, Number(lock) - block.base, 'lock') ?? 0);
    this.memory.observer?.access(block, `${Number(lock) - block.base}:held`, 0, false);
    if (owner > 0 || (owner < 0 && mode === 'exclusive')) return false;
    this.take(block, Number(lock), mode, what, owner);
    return true;
  }

  private take(block: MemoryBlock, address: number, mode: HeldLock['mode'], what: string, owner: number): void {
    const thread = this.core.running;
    this.memory.setHidden(block, address - block.base, 'lock', mode === 'exclusive' ? thread.id + 1 : owner - 1);
    thread.waiting = null;
    thread.locks = [...thread.locks, { address, mode, what }];
  }

  release(lock: Value, mode: 'exclusive' | 'shared', what: string): void {
    const block = this.accesses.locate(lock, 1, `${what} uses`);
    if (!block) return;
    const thread = this.core.running;
    const address = Number(lock);
    const at = thread.locks.findLastIndex((each) => each.address === address && each.mode === mode);
    if (at < 0) return this.core.report('lock-imbalance', `${what} without the lock held`, { block });
    // Who tries to take it, and goes on where that fails, sees that it is held.
    this.memory.observer?.access(block, `${address - block.base}:held`, 0, true);
    thread.locks = [...thread.locks.slice(0, at), ...thread.locks.slice(at + 1)];
    const owner = Number(this.accesses.peek(address, 'lock'));
    this.memory.setQuietly(block, `${address - block.base}:lock`, mode === 'exclusive' || owner === -1 ? undefined : owner + 1);
  }

  goesInto(structure: Value, kind: 'index' | 'list', mode: 'changes' | 'looks', what: string): void {
    const { others } = this.core;
    if (others === null || (mode === 'looks' && this.readers.inside) || !this.calledByTree()) return;
    const block = this.accesses.locate(structure, 1, `${what} uses`);
    if (!block) return;
    const cell = `${Number(structure) - block.base}:inside`;
    others.inside(block, kind, { block: block.id, cell, changes: mode === 'changes', what });
  }

  /** The tree's code called the API that runs, and not the model's. */
  private calledByTree(): boolean {
    const { frames } = this.core.running;
    const last = frames.findLastIndex(({ fn }) => !fn.model);
    return last >= 0 && frames.slice(last + 1).every(({ fn }) => structures.has(fn.file));
  }

  holds(lock: Value): boolean {
    return this.core.running.locks.some((each) => each.address === lock);
  }
}
