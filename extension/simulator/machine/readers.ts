// Readers of RCU, and who waits for them.
import type { blocked } from '../../kernel/intrinsics/machine.js';
import type { Core } from './core.js';
import { waitsFor } from './thread.js';

/** A thread's being a reader, among what threads share. */
export function reader(thread: number): string {
  return `reader ${thread}`;
}

export class Readers {
  constructor(private readonly core: Core) {}

  get inside(): boolean {
    return this.core.running.readers > 0;
  }

  /** The threads that something has to wait for which begins now. */
  now(): number[] {
    const { core } = this;
    for (const { id } of core.threads) if (id !== core.current) core.others?.reader(id, false);
    return core.threads.filter((thread) => thread.readers > 0).map((thread) => thread.id);
  }

  enter(): void {
    const { core } = this;
    // Who waits for readers waits for those that are there.
    if (core.running.readers === 0) core.others?.reader(core.current, true);
    core.running.readers++;
  }

  /** Whether the running thread is a reader no longer. */
  leave(): boolean {
    const thread = this.core.running;
    if (thread.readers === 0) {
      this.core.report('lock-imbalance', 'rcu_read_unlock() without rcu_read_lock()');
      return false;
    }
    const isLast = --thread.readers === 0;
    if (isLast) this.core.others?.changes(reader(thread.id));
    return isLast;
  }

  await(): typeof blocked | 0 {
    const thread = this.core.running;
    // Who has left since then, and may be back.
    if (thread.waiting?.kind === 'readers') this.core.others?.unseen();
    const waited = thread.waiting?.kind === 'readers' ? thread.waiting.threads : this.now();
    const left = waited.filter((id) => (this.core.threads[id]?.readers ?? 0) > 0);
    if (left.includes(thread.id)) {
      this.core.report('deadlock', 'waits for a grace period inside rcu_read_lock()');
      return 0;
    }
    if (left.length > 0) return waitsFor(thread, { kind: 'readers', threads: left });
    thread.waiting = null;
    return 0;
  }
}

/** The readers but one; the same list where it is not among them. */
export function without(readers: readonly number[], gone: number): readonly number[] {
  return readers.includes(gone) ? readers.filter((id) => id !== gone) : readers;
}
