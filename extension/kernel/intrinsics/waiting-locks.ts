// Locks without an owner: counting semaphores, and sequence counts, whose readers try again.
import { blocked, type IntrinsicTable, type Machine, type Value } from './machine.js';
import { each, errno, given, int, joined, written, type Action } from './values.js';

// ---- semaphores ----------------------------------------------------------------------------------------------------

const free = (m: Machine, semaphore: Value): number => Number(m.hidden(semaphore, 'count') ?? 0);

function tryDown(m: Machine, semaphore: Value): boolean {
  const left = free(m, semaphore);
  if (left <= 0) return false;
  m.setHidden(semaphore, 'count', left - 1);
  return true;
}

/** 0 with one taken. */
function down(m: Machine, semaphore: Value): typeof blocked | 0 {
  if (tryDown(m, semaphore)) return 0;
  m.waitOn(semaphore);
  return blocked;
}

const semaphores: IntrinsicTable = joined(
  {
    sema_init: (m, call) => m.setHidden(given(call, 0), 'count', int(call, 1)),
    down(m, call) {
      m.sleeps('down()');
      return down(m, given(call, 0)) === blocked ? blocked : undefined;
    },
    /** 0 where it was taken, unlike the other try functions (include/linux/semaphore.h). */
    down_trylock: (m, call) => (tryDown(m, given(call, 0)) ? 0 : 1),
    up(m, call) {
      m.setHidden(given(call, 0), 'count', free(m, given(call, 0)) + 1);
      m.wake(given(call, 0), false);
    },
  },
  each('down_interruptible down_killable', (name) => (m, call) => {
    m.sleeps(`${name}()`);
    return m.fails(name) ? -errno.EINTR : down(m, given(call, 0));
  }),
);

// ---- sequence counts -----------------------------------------------------------------------------------------------

const sequence = (m: Machine, at: Value): number => Number(m.hidden(at, 'sequence') ?? 0);
const bump = (m: Machine, at: Value): void => m.setHidden(at, 'sequence', sequence(m, at) + 1);

/** Odd while somebody writes. */
const begins: Action = (m, call) => bump(m, given(call, 0));

const readBegins: Action = (m, call) => {
  const now = sequence(m, given(call, 0));
  if (now % 2 === 0) return now;
  m.waitOn(given(call, 0));
  return blocked;
};

const ends: Action = (m, call) => {
  bump(m, given(call, 0));
  m.wake(given(call, 0), true);
};

const readRetries: Action = (m, call) => (sequence(m, given(call, 0)) === given(call, 1) ? 0 : 1);

const sequences: IntrinsicTable = joined(
  each('seqcount_init seqlock_init', () => (m, call) => m.setHidden(given(call, 0), 'sequence', undefined)),
  each('read_seqbegin read_seqcount_begin', () => readBegins),
  each('raw_read_seqcount', () => (m, call) => sequence(m, given(call, 0))),
  each('read_seqretry read_seqcount_retry', () => readRetries),
  each('write_seqcount_begin raw_write_seqcount_begin', () => begins),
  each('write_seqcount_end raw_write_seqcount_end', () => ends),
  each('write_seqlock write_seqlock_irq write_seqlock_irqsave write_seqlock_bh', (name) => (m, call) => {
    if (m.acquire(given(call, 0), 'exclusive', `${name}(${written(call, 0)})`) === blocked) return blocked;
    m.enterAtomic(written(call, 0));
    bump(m, given(call, 0));
    return undefined;
  }),
  each('write_sequnlock write_sequnlock_irq write_sequnlock_irqrestore write_sequnlock_bh', (name) => (m, call) => {
    ends(m, call);
    m.release(given(call, 0), 'exclusive', `${name}(${written(call, 0)})`);
    m.leaveAtomic(written(call, 0));
  }),
);

/** Semaphores, seqcounts and seqlocks. */
export const waitingLocks = joined(semaphores, sequences);
