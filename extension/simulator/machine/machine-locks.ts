// Sleeping, waiting, RCU's readers and locks.
import { blocked, type Awaited, type Sleep, type Value } from '../../kernel/intrinsics/machine.js';
import { HeapMachine } from './machine-heap.js';
import type { MemoryBlock } from './simulated-memory.js';
import type { HeldLock, Inside, Waiting } from './thread.js';

/** Files of the model that are the API itself, and none of its users. */
const structures: ReadonlySet<string> = new Set(['runtime/kernel/index.h', 'runtime/kernel/list.h']);

/** State of a queue: a thread stands in it. */
const standing = (thread: number): string => `thread ${thread} waits`;

export abstract class LockingMachine extends HeapMachine {
  /** Told, while other threads run, of who goes into a structure. */
  onInside: ((block: MemoryBlock, kind: 'index' | 'list', inside: Inside) => void) | null = null;

  enterAtomic(what: string): void {
    this.running.atomic = [...this.running.atomic, what];
  }

  leaveAtomic(what: string): void {
    const { atomic } = this.running;
    const at = atomic.lastIndexOf(what);
    this.running.atomic = at < 0 ? atomic : [...atomic.slice(0, at), ...atomic.slice(at + 1)];
  }

  sleeps(what: string): void {
    const { atomic, readers } = this.running;
    const inside = atomic.at(-1) ?? (readers > 0 ? 'rcu_read_lock()' : undefined);
    if (inside !== undefined) this.report('sleep-in-atomic', `${what} may sleep inside ${inside}`, { goesOn: true });
  }

  waitOn(queue: Value, stands = false): typeof blocked | 0 {
    if (!this.usable(queue, 'a wait')) return 0;
    const thread = this.running;
    const address = Number(queue);
    const wakes = Number(this.peek(address, 'wakes'));
    // As wait_event() does: queue first, look at the condition once more, only then sleep.
    if (thread.queued?.address !== address || thread.queued.wakes !== wakes) {
      thread.queued = { address, wakes, sleep: 'awake' };
      thread.waiting = null;
      if (stands) this.setHidden(queue, standing(thread.id), 1);
      return 0;
    }
    return this.wait({ kind: 'queue', address, since: wakes });
  }

  standIn(queue: Value, sleep: Sleep): void {
    if (!this.usable(queue, 'a wait')) return;
    const { running: thread } = this;
    thread.queued = { address: Number(queue), wakes: Number(this.hidden(queue, 'wakes') ?? 0), sleep };
    this.setHidden(queue, standing(thread.id), 1);
  }

  leaveQueue(queue: Value): void {
    const { running: thread } = this;
    if (thread.queued?.address !== queue) return;
    // Whoever woke it up has taken it off, and may have given the queue's memory back since.
    if (this.peek(thread.queued.address, standing(thread.id)) !== 0) this.setHidden(queue, standing(thread.id), undefined);
    thread.queued = null;
  }

  prepareSleep(sleep: Sleep): void {
    const { queued } = this.running;
    if (queued) this.running.queued = { ...queued, sleep, wakes: Number(this.hidden(queued.address, 'wakes') ?? 0) };
  }

  sleepInQueue(): typeof blocked | 0 | null {
    const { queued } = this.running;
    this.running.waiting = null;
    if (!queued || queued.sleep === 'awake') return null;
    const { address, wakes, sleep } = queued;
    if (Number(this.hidden(address, 'wakes') ?? 0) !== wakes) return 0;
    if (sleep === 'until woken or signalled' && this.fails('schedule')) return 0;
    return this.wait({ kind: 'queue', address, since: wakes });
  }

  isWoken(): boolean {
    const { queued } = this.running;
    return queued !== null && (queued.sleep === 'awake' || Number(this.hidden(queued.address, 'wakes') ?? 0) !== queued.wakes);
  }

  isWaitedOn(queue: Value): boolean {
    // Each is looked at, so that who comes to stand there is seen to make a difference.
    return this.threads.filter(({ id }) => this.hidden(queue, standing(id)) !== undefined).length > 0;
  }

  wake(queue: Value): void {
    const wakes = this.hidden(queue, 'wakes');
    if (this.halted) return;
    this.setHidden(queue, 'wakes', Number(wakes ?? 0) + 1);
    for (const { id } of this.threads) if (this.peek(Number(queue), standing(id)) !== 0) this.setHidden(queue, standing(id), undefined);
  }

  private wait(waiting: Waiting): typeof blocked {
    this.running.waiting = waiting;
    return blocked;
  }

  get inReader(): boolean {
    return this.running.readers > 0;
  }

  enterReader(): void {
    // Who waits for readers waits for those that are there.
    if (this.running.readers === 0) this.onReaders?.(this.current, true);
    this.running.readers++;
  }

  leaveReader(): void {
    const thread = this.running;
    if (thread.readers === 0) return this.report('lock-imbalance', 'rcu_read_unlock() without rcu_read_lock()');
    if (--thread.readers > 0) return;
    const without = (readers: readonly number[]): readonly number[] =>
      readers.includes(thread.id) ? readers.filter((id) => id !== thread.id) : readers;
    if (this.frees.length > 0) {
      const frees = this.frees.map(({ block, readers }) => ({ block, readers: without(readers) }));
      for (const { block, readers } of frees)
        if (readers.length === 0) {
          this.memory.onAccess?.(block, 'life', 0, true);
          this.memory.setState(block, 'freed');
        }
      this.frees = frees.filter(({ readers }) => readers.length > 0);
    }
    if (this.laters.length > 0) this.laters = this.laters.map((each) => ({ ...each, readers: without(each.readers) }));
  }

  waitForReaders(): typeof blocked | 0 {
    const thread = this.running;
    const waited = thread.waiting?.kind === 'readers' ? thread.waiting.threads : this.readersNow();
    const left = waited.filter((id) => (this.threads[id]?.readers ?? 0) > 0);
    if (left.includes(thread.id)) {
      this.report('deadlock', 'waits for a grace period inside rcu_read_lock()');
      return 0;
    }
    if (left.length > 0) return this.wait({ kind: 'readers', threads: left });
    thread.waiting = null;
    return 0;
  }

  awaitDeferred(which: Awaited, what: string): typeof blocked | 0 {
    this.onDeferred?.();
    const thread = this.running;
    thread.waiting = null;
    if (!this.amongThreads || !this.isLeft(which)) return 0;
    const own = thread.deferred;
    if (own !== null && which.call !== 'callbacks of RCU' && own.fn === which.call.fn && own.argument === which.call.argument) {
      this.report('deadlock', `${what} waits for the function that calls it`);
      return 0;
    }
    return this.wait({ kind: 'deferred', which });
  }

  acquire(lock: Value, mode: 'exclusive' | 'shared', what: string): typeof blocked | 0 {
    const block = this.locate(lock, 1, `${what} uses`);
    if (!block) return 0;
    const thread = this.running;
    const address = Number(lock);
    const owner = Number(this.peek(address, 'lock'));
    if (owner > 0 || (owner < 0 && mode === 'exclusive')) {
      if (thread.locks.some((each) => each.address === address)) {
        this.report('deadlock', `${what} takes a lock that this thread holds`, { block });
        return 0;
      }
      return this.wait({ kind: 'lock', address, mode, what });
    }
    this.take(block, address, mode, what, owner);
    return 0;
  }

  tryAcquire(lock: Value, mode: 'exclusive' | 'shared', what: string): boolean {
    const block = this.locate(lock, 1, `${what} uses`);
    if (!block) return false;
    const owner = Number(this.memory.hidden(block, Number(lock) - block.base, 'lock') ?? 0);
    this.memory.onAccess?.(block, `${Number(lock) - block.base}:held`, 0, false);
    if (owner > 0 || (owner < 0 && mode === 'exclusive')) return false;
    this.take(block, Number(lock), mode, what, owner);
    return true;
  }

  private take(block: MemoryBlock, address: number, mode: HeldLock['mode'], what: string, owner: number): void {
    const thread = this.running;
    this.memory.setHidden(block, address - block.base, 'lock', mode === 'exclusive' ? thread.id + 1 : owner - 1);
    thread.waiting = null;
    thread.locks = [...thread.locks, { address, mode, what }];
  }

  release(lock: Value, mode: 'exclusive' | 'shared', what: string): void {
    const block = this.locate(lock, 1, `${what} uses`);
    if (!block) return;
    const thread = this.running;
    const address = Number(lock);
    const at = thread.locks.findLastIndex((each) => each.address === address && each.mode === mode);
    if (at < 0) return this.report('lock-imbalance', `${what} without the lock held`, { block });
    // Who tries to take it, and goes on where that fails, sees that it is held.
    this.memory.onAccess?.(block, `${address - block.base}:held`, 0, true);
    thread.locks = [...thread.locks.slice(0, at), ...thread.locks.slice(at + 1)];
    const owner = Number(this.peek(address, 'lock'));
    this.memory.setQuietly(block, `${address - block.base}:lock`, mode === 'exclusive' || owner === -1 ? undefined : owner + 1);
  }

  goesInto(structure: Value, kind: 'index' | 'list', mode: 'changes' | 'looks', what: string): void {
    if (this.onInside === null || (mode === 'looks' && this.inReader) || !this.calledByTree()) return;
    const block = this.locate(structure, 1, `${what} uses`);
    if (!block) return;
    const cell = `${Number(structure) - block.base}:inside`;
    this.onInside(block, kind, { block: block.id, cell, changes: mode === 'changes', what });
  }

  /** The tree's code called the API that runs, and not the model's. */
  private calledByTree(): boolean {
    const { frames } = this.running;
    const last = frames.findLastIndex(({ fn }) => !fn.model);
    return last >= 0 && frames.slice(last + 1).every(({ fn }) => structures.has(fn.file));
  }

  holds(lock: Value): boolean {
    return this.running.locks.some((each) => each.address === lock);
  }
}
