// Where a thread may not sleep, and the queues in which it does.
import type { blocked, Sleep, Value } from '../../kernel/intrinsics/machine.js';
import type { Accesses } from './memory-accesses.js';
import type { Choices } from './choices.js';
import type { Core } from './core.js';
import { waitsFor } from './thread.js';

/** State of a queue: a thread stands in it. */
const standing = (thread: number): string => `thread ${thread} waits`;

export class Sleeping {
  constructor(
    private readonly core: Core,
    private readonly accesses: Accesses,
    private readonly choices: Choices,
  ) {}

  enterAtomic(what: string): void {
    this.core.running.atomic = [...this.core.running.atomic, what];
  }

  leaveAtomic(what: string): void {
    const { atomic } = this.core.running;
    const at = atomic.lastIndexOf(what);
    this.core.running.atomic = at < 0 ? atomic : [...atomic.slice(0, at), ...atomic.slice(at + 1)];
  }

  sleeps(what: string): void {
    const { atomic, readers } = this.core.running;
    const inside = atomic.at(-1) ?? (readers > 0 ? 'rcu_read_lock()' : undefined);
    if (inside !== undefined) this.core.report('sleep-in-atomic', `${what} may sleep inside ${inside}`, { goesOn: true });
  }

  waitOn(queue: Value, stands = false): typeof blocked | 0 {
    if (!this.accesses.usable(queue, 'a wait')) return 0;
    const thread = this.core.running;
    const address = Number(queue);
    const wakes = Number(this.accesses.peek(address, 'wakes'));
    this.core.others?.unseen();
    // As wait_event() does: queue first, look at the condition once more, only then sleep.
    if (thread.queued?.address !== address || thread.queued.wakes !== wakes) {
      thread.queued = { address, wakes, sleep: 'awake' };
      thread.waiting = null;
      if (stands) this.accesses.setHidden(queue, standing(thread.id), 1);
      return 0;
    }
    return waitsFor(this.core.running, { kind: 'queue', address, since: wakes });
  }

  standIn(queue: Value, sleep: Sleep): void {
    if (!this.accesses.usable(queue, 'a wait')) return;
    const { running: thread } = this.core;
    thread.queued = { address: Number(queue), wakes: Number(this.accesses.hidden(queue, 'wakes') ?? 0), sleep };
    this.accesses.setHidden(queue, standing(thread.id), 1);
  }

  leaveQueue(queue: Value): void {
    const { running: thread } = this.core;
    if (thread.queued?.address !== queue) return;
    // Whoever woke it up has taken it off, and may have given the queue's memory back since.
    if (this.accesses.peek(thread.queued.address, standing(thread.id)) !== 0)
      this.accesses.setHidden(queue, standing(thread.id), undefined);
    thread.queued = null;
  }

  prepareSleep(sleep: Sleep): void {
    const { queued } = this.core.running;
    if (queued) this.core.running.queued = { ...queued, sleep, wakes: Number(this.accesses.hidden(queued.address, 'wakes') ?? 0) };
  }

  sleepInQueue(): typeof blocked | 0 | null {
    const { queued } = this.core.running;
    this.core.running.waiting = null;
    if (!queued || queued.sleep === 'awake') return null;
    const { address, wakes, sleep } = queued;
    if (Number(this.accesses.hidden(address, 'wakes') ?? 0) !== wakes) return 0;
    if (sleep === 'until woken or signalled' && this.choices.fails('schedule')) return 0;
    return waitsFor(this.core.running, { kind: 'queue', address, since: wakes });
  }

  isWoken(): boolean {
    const { queued } = this.core.running;
    return queued !== null && (queued.sleep === 'awake' || Number(this.accesses.hidden(queued.address, 'wakes') ?? 0) !== queued.wakes);
  }

  isWaitedOn(queue: Value): boolean {
    // Each is looked at, so that who comes to stand there is seen to make a difference.
    return this.core.threads.filter(({ id }) => this.accesses.hidden(queue, standing(id)) !== undefined).length > 0;
  }

  wake(queue: Value): void {
    const wakes = this.accesses.hidden(queue, 'wakes');
    if (this.core.halted) return;
    this.accesses.setHidden(queue, 'wakes', Number(wakes ?? 0) + 1);
    for (const { id } of this.core.threads)
      if (this.accesses.peek(Number(queue), standing(id)) !== 0) this.accesses.setHidden(queue, standing(id), undefined);
  }
}
