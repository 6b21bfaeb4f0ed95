// Locks without an owner: counting semaphores and sequence counts. Who finds them taken waits in C (runtime/kernel/waiting.h).
import type { IntrinsicTable, Machine, Value } from './machine.js';
import { blocked } from './machine.js';
import { each, given, int, joined, written, type IntrinsicBody } from './values.js';

// ---- semaphores ----------------------------------------------------------------------------------------------------

const free = (m: Machine, semaphore: Value): number => Number(m.hidden(semaphore, 'count') ?? 0);

const semaphores: IntrinsicTable = joined({
  sema_init: (m, call) => m.setHidden(given(call, 0), 'count', int(call, 1)),
  /** 0 where it was taken, unlike the other try functions (include/linux/semaphore.h). */
  down_trylock(m, call) {
    const left = free(m, given(call, 0));
    if (left <= 0) return 1;
    m.setHidden(given(call, 0), 'count', left - 1);
    return 0;
  },
  up(m, call) {
    m.setHidden(given(call, 0), 'count', free(m, given(call, 0)) + 1);
    m.wake(given(call, 0), false);
  },
});

// ---- sequence counts -----------------------------------------------------------------------------------------------

/** Odd while somebody writes. */
const sequence = (m: Machine, at: Value): number => Number(m.hidden(at, 'sequence') ?? 0);

const begins: IntrinsicBody = (m, call) => m.setHidden(given(call, 0), 'sequence', sequence(m, given(call, 0)) + 1);

const ends: IntrinsicBody = (m, call) => {
  m.setHidden(given(call, 0), 'sequence', sequence(m, given(call, 0)) + 1);
  m.wake(given(call, 0), true);
};

const sequences: IntrinsicTable = joined(
  each('seqcount_init seqlock_init', () => (m, call) => m.setHidden(given(call, 0), 'sequence', undefined)),
  each('raw_read_seqcount', () => (m, call) => sequence(m, given(call, 0))),
  each('read_seqretry read_seqcount_retry', () => (m, call) => (sequence(m, given(call, 0)) === given(call, 1) ? 0 : 1)),
  each('write_seqcount_begin raw_write_seqcount_begin', () => begins),
  each('write_seqcount_end raw_write_seqcount_end', () => ends),
  each('write_seqlock write_seqlock_irq write_seqlock_irqsave write_seqlock_bh', (name) => (m, call) => {
    if (m.acquire(given(call, 0), 'exclusive', `${name}(${written(call, 0)})`) === blocked) return blocked;
    m.enterAtomic('write_seqlock()');
    return begins(m, call);
  }),
  each('write_sequnlock write_sequnlock_irq write_sequnlock_irqrestore write_sequnlock_bh', (name) => (m, call) => {
    ends(m, call);
    m.release(given(call, 0), 'exclusive', `${name}(${written(call, 0)})`);
    m.leaveAtomic('write_seqlock()');
  }),
);

/** Semaphores, seqcounts and seqlocks. */
export const waitingLocks = joined(semaphores, sequences);
