// Work that runs later in a thread of its own: workqueues, delayed work and timers. Time does not pass: what is delayed may run
// at once, as what is not. Who waits for it is C (runtime/kernel/waiting.h), as that takes several steps.
import type { IntrinsicCall, IntrinsicTable, Machine, Value } from './machine.js';
import { recordOf } from './types.js';
import { each, given, joined, plus, type IntrinsicBody } from './values.js';

/** Bytes from `struct tag`'s beginning to a member; told where it isn't known. */
function offset(m: Machine, call: IntrinsicCall, tag: string, member: string): number {
  const found = call.offsetOf(recordOf(tag), member);
  if (found === undefined) m.assume('type', `struct ${tag}`, `'${member}' is its first member`);
  return found ?? 0;
}

type Kind = 'work_struct' | 'delayed_work' | 'timer_list';

/** What runs, and what it is called with: the work_struct, also for delayed work. */
function runs(m: Machine, call: IntrinsicCall, kind: Kind, pointer: Value): { readonly fn: Value; readonly argument: Value } {
  if (kind === 'timer_list') return { fn: m.load(plus(pointer, offset(m, call, kind, 'function')), 8, true), argument: pointer };
  const work = kind === 'work_struct' ? pointer : plus(pointer, offset(m, call, 'delayed_work', 'work'));
  return { fn: m.load(plus(work, offset(m, call, 'work_struct', 'func')), 8, true), argument: work };
}

function initialise(kind: Kind): IntrinsicBody {
  return (m, call) => {
    const pointer = given(call, 0);
    const member = kind === 'timer_list' ? offset(m, call, kind, 'function') : offset(m, call, 'work_struct', 'func');
    const at = kind === 'delayed_work' ? offset(m, call, 'delayed_work', 'work') + member : member;
    m.store(plus(pointer, at), 8, given(call, 1));
  };
}

/** Takes it back where it has not begun; says whether it was so. */
function cancel(m: Machine, call: IntrinsicCall, kind: Kind): boolean {
  const { fn, argument } = runs(m, call, kind, given(call, 0));
  return m.cancelLater(fn, argument);
}

/** How often it is kept from being queued. */
const held = (m: Machine, argument: Value): number => Number(m.hidden(argument, 'held') ?? 0);
const setHeld = (m: Machine, argument: Value, times: number): void => m.setHidden(argument, 'held', times === 0 ? undefined : times);

/** What came of an attempt to queue it: it was so before, it is now, or it is kept from it. */
function queue(m: Machine, call: IntrinsicCall, kind: Kind, at: number): 'was queued' | 'is queued' | 'is held' {
  const { fn, argument } = runs(m, call, kind, given(call, at));
  if (held(m, argument) > 0) return 'is held';
  const before = m.cancelLater(fn, argument);
  m.later(kind === 'timer_list' ? 'timer' : 'work', fn, argument);
  return before ? 'was queued' : 'is queued';
}

/** 1 where it was not queued before: argument `at` is the work. */
const queues = (kind: Kind, at: number): IntrinsicBody => {
  return (m, call) => (queue(m, call, kind, at) === 'is queued' ? 1 : 0);
};

/** 1 where it was queued before. */
const moves = (kind: Kind, at: number): IntrinsicBody => {
  return (m, call) => (queue(m, call, kind, at) === 'was queued' ? 1 : 0);
};

/** 1 where it was queued. */
const cancels = (kind: Kind): IntrinsicBody => {
  return (m, call) => (cancel(m, call, kind) ? 1 : 0);
};

const isPending = (kind: Kind): IntrinsicBody => {
  return (m, call) => {
    const { fn, argument } = runs(m, call, kind, given(call, 0));
    return m.isDeferred(fn, argument) === 'queued' ? 1 : 0;
  };
};

const works: IntrinsicTable = joined(
  each('INIT_WORK INIT_WORK_ONSTACK', () => initialise('work_struct')),
  each('INIT_DELAYED_WORK INIT_DELAYED_WORK_ONSTACK INIT_DEFERRABLE_WORK', () => initialise('delayed_work')),
  each('schedule_work', () => queues('work_struct', 0)),
  each('queue_work queue_work_on_any', () => queues('work_struct', 1)),
  each('queue_work_on', () => queues('work_struct', 2)),
  each('schedule_delayed_work', () => queues('delayed_work', 0)),
  each('queue_delayed_work', () => queues('delayed_work', 1)),
  each('mod_delayed_work', () => moves('delayed_work', 1)),
  each('cancel_work', () => cancels('work_struct')),
  each('cancel_delayed_work', () => cancels('delayed_work')),
  each('work_pending', () => isPending('work_struct')),
  each('delayed_work_pending', () => isPending('delayed_work')),
);

const timers: IntrinsicTable = joined(
  each('timer_setup timer_setup_on_stack', () => initialise('timer_list')),
  each('mod_timer', () => moves('timer_list', 0)),
  each('add_timer', () => (m, call) => void queue(m, call, 'timer_list', 0)),
  each('del_timer timer_delete', () => cancels('timer_list')),
  each('timer_pending', () => isPending('timer_list')),
);

const named = (call: IntrinsicCall): { readonly fn: Value; readonly argument: Value } => ({ fn: given(call, 0), argument: given(call, 1) });

/** For functions of the model that wait: the function and its argument come first. */
const waits: IntrinsicTable = {
  /** `bool __sim_hold_deferred(fn, argument)`: takes it back and keeps it from being queued; whether it was queued. */
  __sim_hold_deferred(m, call) {
    const { fn, argument } = named(call);
    setHeld(m, argument, held(m, argument) + 1);
    return m.cancelLater(fn, argument) ? 1 : 0;
  },
  /** `bool __sim_release_deferred(argument)`: it may be queued again; whether nobody else keeps it from that. */
  __sim_release_deferred(m, call) {
    const times = held(m, given(call, 0)) - 1;
    if (times >= 0) setHeld(m, given(call, 0), times);
    return times === 0 ? 1 : 0;
  },
  /** `void __sim_await_deferred(fn, argument, what)`: waits while it runs. */
  __sim_await_deferred: (m, call) => m.awaitDeferred({ call: named(call), queued: false }, m.text(given(call, 2))),
  /** `bool __sim_is_deferred(fn, argument)`: it is queued, or runs. */
  __sim_is_deferred: (m, call) => (m.isDeferred(given(call, 0), given(call, 1)) === null ? 0 : 1),
  /** `bool __sim_flush_deferred(fn, argument, what)`: waits until it has run; whether who waits has to do that itself. */
  __sim_flush_deferred(m, call) {
    const { fn, argument } = named(call);
    if (!m.amongThreads) return m.cancelLater(fn, argument) ? 1 : 0;
    return m.awaitDeferred({ call: { fn, argument }, queued: true }, m.text(given(call, 2)));
  },
};

/** Workqueues and timers. */
export const work = joined(works, timers, waits);
