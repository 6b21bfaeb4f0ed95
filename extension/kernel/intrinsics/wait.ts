// Waiting and waking: wait queues, completions, and calls that give way.
import { blocked, type IntrinsicTable, type Machine, type Value } from './machine.js';
import { converted, each, errno, given, int, isTrue, joined, nothing, type Action } from './values.js';

/**
 * Threads that are on a queue and were not woken since: one bit each. Who waits is put on the queue before it looks at its
 * condition for the last time (prepare_to_wait()), so that no wake-up between the look and the sleep is lost.
 */
const onQueue = 'on the queue';

const queued = (m: Machine, queue: Value): number => Number(m.hidden(queue, onQueue) ?? 0);
const bitOf = (m: Machine): number => 2 ** m.thread;
const isQueued = (m: Machine, queue: Value): boolean => Math.floor(queued(m, queue) / bitOf(m)) % 2 === 1;

function wake(m: Machine, queue: Value, all: boolean): void {
  if (queued(m, queue) !== 0) m.setHidden(queue, onQueue, undefined);
  m.wake(queue, all);
}

/**
 * One round of a wait whose condition did not hold. The first puts the thread on the queue and looks again; from then on it
 * sleeps. A signal or the end of the time comes, if at all, in the first round: everything that others do before it
 * may also be done before that round.
 */
function round(m: Machine, name: string, queue: Value, interrupted: () => boolean): typeof blocked | 0 | 'interrupted' {
  m.sleeps(`${name}()`);
  if (!m.usable(queue, `${name}()`)) return 0;
  if (isQueued(m, queue)) return m.waitOn(queue);
  if (interrupted()) return 'interrupted';
  m.setHidden(queue, onQueue, queued(m, queue) + bitOf(m));
  return 0;
}

const uninterruptible = (name: string): Action => {
  return (m, call) => (round(m, name, given(call, 0), () => false) === blocked ? blocked : undefined);
};

const interruptible = (name: string): Action => {
  return (m, call) => {
    const result = round(m, name, given(call, 0), () => m.fails(name));
    return result === 'interrupted' ? -errno.ERESTARTSYS : result;
  };
};

/** What is left of the time, 0 when it is over: at the latest when nothing has happened between two looks. */
const timed = (name: string): Action => {
  const canFail = name.includes('interruptible') || name.includes('killable');
  return (m, call) => {
    const queue = given(call, 0);
    const over = isQueued(m, queue);
    if (over) {
      m.setHidden(queue, onQueue, queued(m, queue) - bitOf(m));
      return 0;
    }
    const result = round(m, name, queue, () => canFail && m.fails(name));
    return result === 'interrupted' ? -errno.ERESTARTSYS : given(call, 1);
  };
};

const queues: IntrinsicTable = joined(
  each('init_waitqueue_head DECLARE_WAIT_QUEUE_HEAD_ONSTACK DECLARE_WAIT_QUEUE_HEAD', () => (m, call) => {
    if (queued(m, given(call, 0)) !== 0) m.setHidden(given(call, 0), onQueue, undefined);
  }),
  each('wait_event wait_event_lock_irq wait_event_freezable_exclusive wait_var_event io_wait_event', uninterruptible),
  each(
    `wait_event_interruptible wait_event_interruptible_exclusive wait_event_killable wait_event_killable_exclusive
     wait_event_state wait_event_state_exclusive wait_event_freezable wait_event_interruptible_locked
     wait_event_interruptible_locked_irq wait_var_event_killable wait_var_event_interruptible`,
    interruptible,
  ),
  each('wait_event_timeout wait_event_interruptible_timeout wait_event_killable_timeout wait_event_freezable_timeout', timed),
  each(
    'wake_up wake_up_interruptible wake_up_interruptible_sync wake_up_locked wake_up_sync',
    () => (m, call) => wake(m, given(call, 0), false),
  ),
  each(
    'wake_up_poll wake_up_interruptible_poll wake_up_locked_poll wake_up_interruptible_sync_poll',
    () => (m, call) => wake(m, given(call, 0), false),
  ),
  each(
    'wake_up_all wake_up_interruptible_all wake_up_nr wake_up_all_locked wake_up_var wake_up_pollfree',
    () => (m, call) => wake(m, given(call, 0), true),
  ),
  each('waitqueue_active wq_has_sleeper', () => (m, call) => (queued(m, given(call, 0)) === 0 ? 0 : 1)),
  each('add_wait_queue add_wait_queue_exclusive prepare_to_wait prepare_to_wait_exclusive', () => (m, call) => {
    const queue = given(call, 0);
    if (!isQueued(m, queue)) m.setHidden(queue, onQueue, queued(m, queue) + bitOf(m));
  }),
  each('remove_wait_queue finish_wait', () => (m, call) => {
    const queue = given(call, 0);
    if (isQueued(m, queue)) m.setHidden(queue, onQueue, queued(m, queue) - bitOf(m));
  }),
  each('init_waitqueue_entry init_wait DEFINE_WAIT DECLARE_WAITQUEUE set_current_state __set_current_state poll_wait', () => nothing),
);

// ---- completions ---------------------------------------------------------------------------------------------------

/** UINT_MAX: done for good (kernel/sched/completion.c). */
const forever = 0xffffffff;
const done = (m: Machine, completion: Value): number => Number(m.hidden(completion, 'done') ?? 0);
const setDone = (m: Machine, completion: Value, times: number): void => m.setHidden(completion, 'done', times === 0 ? undefined : times);

function take(m: Machine, completion: Value): boolean {
  const times = done(m, completion);
  if (times === 0) return false;
  if (times !== forever) setDone(m, completion, times - 1);
  return true;
}

/** 0 when it was completed. */
function complete(m: Machine, name: string, completion: Value): typeof blocked | 0 {
  m.sleeps(`${name}()`);
  if (!m.usable(completion, `${name}()`) || take(m, completion)) return 0;
  m.waitOn(completion);
  return blocked;
}

const completions: IntrinsicTable = joined(
  each('init_completion reinit_completion DECLARE_COMPLETION DECLARE_COMPLETION_ONSTACK', () => (m, call) => setDone(m, given(call, 0), 0)),
  each(
    'wait_for_completion wait_for_completion_io',
    (name) => (m, call) => (complete(m, name, given(call, 0)) === blocked ? blocked : undefined),
  ),
  each('wait_for_completion_interruptible wait_for_completion_killable wait_for_completion_state', (name) => (m, call) => {
    if (done(m, given(call, 0)) === 0 && m.fails(name)) return -errno.ERESTARTSYS;
    return complete(m, name, given(call, 0));
  }),
  // The time is over at once: what others do meanwhile may also be done before.
  each('wait_for_completion_timeout wait_for_completion_io_timeout', (name) => (m, call) => {
    m.sleeps(`${name}()`);
    return take(m, given(call, 0)) ? converted(given(call, 1), 64, false) : 0;
  }),
  each('wait_for_completion_interruptible_timeout wait_for_completion_killable_timeout', (name) => (m, call) => {
    m.sleeps(`${name}()`);
    if (take(m, given(call, 0))) return given(call, 1);
    return m.fails(name) ? -errno.ERESTARTSYS : 0;
  }),
  {
    try_wait_for_completion: (m, call) => (take(m, given(call, 0)) ? 1 : 0),
    completion_done: (m, call) => (done(m, given(call, 0)) === 0 ? 0 : 1),
    complete(m, call) {
      const times = done(m, given(call, 0));
      if (times !== forever) setDone(m, given(call, 0), times + 1);
      m.wake(given(call, 0), false);
    },
    complete_all(m, call) {
      setDone(m, given(call, 0), forever);
      m.wake(given(call, 0), true);
    },
  },
);

// ---- giving way ----------------------------------------------------------------------------------------------------

const sleeps = (name: string): Action => {
  return (m) => m.sleeps(`${name}()`);
};

const giving: IntrinsicTable = joined(
  each('cond_resched io_schedule msleep usleep_range ssleep fsleep might_sleep might_fault yield', sleeps),
  each('schedule', (name) => (m) => {
    m.sleeps(`${name}()`);
    m.assume('callee', 'schedule', 'comes back as soon as others have moved, as after a stray wake-up');
  }),
  each('schedule_timeout schedule_timeout_interruptible schedule_timeout_killable schedule_timeout_uninterruptible', (name) => (m) => {
    m.sleeps(`${name}()`);
    return 0;
  }),
  {
    might_sleep_if(m, call) {
      if (isTrue(given(call, 0))) m.sleeps('might_sleep_if()');
    },
    might_alloc(m, call) {
      if ((int(call, 0) & 0x400) !== 0) m.sleeps('might_alloc()');
    },
    need_resched: () => 0,
  },
  // A signal may have come at any time.
  each('signal_pending fatal_signal_pending', (name) => (m) => (m.fails(name) ? 1 : 0)),
);

/** Wait queues, completions and scheduling. */
export const waiting = joined(queues, completions, giving);
