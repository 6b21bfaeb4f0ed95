// Waiting and waking: wait queues, completions, and calls that give way. What has to look several times is C
// (runtime/kernel/waiting.h), as an intrinsic runs in one step.
import { blocked, type IntrinsicTable, type Machine, type Sleep, type Value } from './machine.js';
import { each, errno, given, int, isIndeterminate, isTrue, joined, nothing, type IntrinsicBody } from './values.js';

// ---- queues --------------------------------------------------------------------------------------------------------

/** TASK_RUNNING is 0, TASK_UNINTERRUPTIBLE 2; in the other states signals come (include/linux/sched.h). */
const sleepOf = (state: number): Sleep => (state === 0 ? 'awake' : state === 2 ? 'until woken' : 'until woken or signalled');

/** One round of a wait whose condition did not hold: it is looked at again when this comes back. */
const sleepsOn = (name: string, stands = true): IntrinsicBody => {
  return (m, call) => {
    m.sleeps(`${name}()`);
    return m.waitOn(given(call, 0), stands) === blocked ? blocked : undefined;
  };
};

/** As above, or -ERESTARTSYS where a signal comes first. */
const sleepsUnlessSignalled = (name: string, stands = true): IntrinsicBody => {
  return (m, call) => {
    m.sleeps(`${name}()`);
    return m.fails(name) ? -errno.ERESTARTSYS : m.waitOn(given(call, 0), stands);
  };
};

/**
 * What is left of the time (argument 1), 0 when it is over. Time does not pass: it is over when the condition did not hold
 * at a second look, since all that others do before the end may as well be done before that look.
 */
const sleepsForATime = (name: string): IntrinsicBody => {
  const signals = name.includes('interruptible') || name.includes('killable');
  return (m, call) => {
    const [queue, looked] = [given(call, 0), `looked ${m.thread}`];
    m.sleeps(`${name}()`);
    if (signals && m.fails(name)) return -errno.ERESTARTSYS;
    const over = m.hidden(queue, looked) !== undefined;
    m.setHidden(queue, looked, over ? undefined : 1);
    return over ? 0 : given(call, 1);
  };
};

const wakes = (all: boolean): IntrinsicBody => {
  return (m, call) => m.wake(given(call, 0), all);
};

const queues: IntrinsicTable = joined(
  each('init_waitqueue_head DECLARE_WAIT_QUEUE_HEAD_ONSTACK DECLARE_WAIT_QUEUE_HEAD', () => (m, call) => {
    m.usable(given(call, 0), 'init_waitqueue_head()');
  }),
  each('wait_event wait_event_lock_irq wait_event_freezable_exclusive wait_var_event io_wait_event', sleepsOn),
  each(
    `wait_event_interruptible wait_event_interruptible_exclusive wait_event_killable wait_event_killable_exclusive
     wait_event_state wait_event_state_exclusive wait_event_freezable wait_event_interruptible_locked
     wait_event_interruptible_locked_irq wait_var_event_killable wait_var_event_interruptible`,
    sleepsUnlessSignalled,
  ),
  each('wait_event_timeout wait_event_interruptible_timeout wait_event_killable_timeout wait_event_freezable_timeout', sleepsForATime),
  each(
    `wake_up wake_up_interruptible wake_up_interruptible_sync wake_up_locked wake_up_sync wake_up_poll wake_up_interruptible_poll
     wake_up_locked_poll wake_up_interruptible_sync_poll`,
    () => wakes(false),
  ),
  each('wake_up_all wake_up_interruptible_all wake_up_nr wake_up_all_locked wake_up_var wake_up_bit wake_up_pollfree', () => wakes(true)),
  // schedule() comes back by itself.
  { wake_up_process: () => 1 },
  each('waitqueue_active wq_has_sleeper', (name) => (m, call) => {
    if (!m.usable(given(call, 0), `${name}()`)) return 0;
    return m.isWaitedOn(given(call, 0)) ? 1 : 0;
  }),
  each('prepare_to_wait prepare_to_wait_exclusive', () => (m, call) => m.standIn(given(call, 0), sleepOf(int(call, 2)))),
  // How it sleeps is said after that.
  each('add_wait_queue add_wait_queue_exclusive', () => (m, call) => m.standIn(given(call, 0), 'awake')),
  each('set_current_state __set_current_state', () => (m, call) => m.prepareSleep(sleepOf(int(call, 0)))),
  each('remove_wait_queue finish_wait', () => (m, call) => m.leaveQueue(given(call, 0))),
  each('init_waitqueue_entry init_wait DEFINE_WAIT DECLARE_WAITQUEUE poll_wait', () => nothing),
  {
    /** `void __sim_wait(void *queue, const char *name)`: a round of a wait. */
    __sim_wait(m, call) {
      return sleepsOn(m.text(given(call, 1)), false)(m, call);
    },
    /** `int __sim_wait_interruptible(void *queue, const char *name)`: the same, or -ERESTARTSYS. */
    __sim_wait_interruptible(m, call) {
      return sleepsUnlessSignalled(m.text(given(call, 1)), false)(m, call);
    },
    /** `void __sim_spin(void *queue)`: a round of a wait that does not sleep. */
    __sim_spin: (m, call) => (m.waitOn(given(call, 0)) === blocked ? blocked : undefined),
  },
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

const completions: IntrinsicTable = joined(
  each('init_completion reinit_completion DECLARE_COMPLETION DECLARE_COMPLETION_ONSTACK', () => (m, call) => {
    setDone(m, given(call, 0), 0);
  }),
  // The time is over at once: what others do meanwhile may also be done before.
  each('wait_for_completion_timeout wait_for_completion_io_timeout', (name) => (m, call) => {
    m.sleeps(`${name}()`);
    return take(m, given(call, 0)) ? given(call, 1) : 0;
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

const mightSleep = (name: string): IntrinsicBody => {
  return (m) => m.sleeps(`${name}()`);
};

/** Sleeps until woken where its caller stands in a queue. */
const gives = (m: Machine, name: string): typeof blocked | undefined => {
  m.sleeps(`${name}()`);
  const slept = m.sleepInQueue();
  if (slept === null) m.assume('callee', name, 'comes back at once where its caller stands in no queue, as after a stray wake-up');
  return slept === blocked ? blocked : undefined;
};

/** MAX_SCHEDULE_TIMEOUT: without an end (include/linux/sched.h). */
const endless = 0x7fffffffffffffffn;

/**
 * What is left of the time: all of it has passed, or a little is left where somebody woke the caller before. Any time may have passed
 * before the call, so that who comes first decides.
 */
const givesFor = (name: string): IntrinsicBody => {
  return (m, call) => {
    const time = given(call, 0);
    if (BigInt(isIndeterminate(time) ? 0 : time) === endless) return gives(m, name) === blocked ? blocked : time;
    m.sleeps(`${name}()`);
    return time > 0 && m.isWoken() ? 1 : 0;
  };
};

const giving: IntrinsicTable = joined(
  each('cond_resched msleep usleep_range ssleep fsleep might_sleep might_fault yield', mightSleep),
  each('schedule io_schedule', (name) => (m) => gives(m, name)),
  each('schedule_timeout schedule_timeout_interruptible schedule_timeout_killable schedule_timeout_uninterruptible', givesFor),
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
