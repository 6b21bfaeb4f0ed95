// Work that runs later in a thread of its own: workqueues, delayed work and timers. Time does not pass: what is delayed runs
// when nothing else does, as what is not. Who waits for work runs it, in C (runtime/kernel/waiting.h).
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

/** Whether it was queued before; it is now. */
function queue(m: Machine, call: IntrinsicCall, kind: Kind, at: number): boolean {
  const { fn, argument } = runs(m, call, kind, given(call, at));
  const before = m.cancelLater(fn, argument);
  m.later('work', fn, argument);
  return before;
}

/** 1 where it was not queued before: argument `at` is the work. */
const queues = (kind: Kind, at: number): IntrinsicBody => {
  return (m, call) => (queue(m, call, kind, at) ? 0 : 1);
};

/** 1 where it was queued before. */
const moves = (kind: Kind, at: number): IntrinsicBody => {
  return (m, call) => (queue(m, call, kind, at) ? 1 : 0);
};

const begun = 'has ended where it had begun';

/** 1 where it was queued. `synchronously`: it also waits for its end. */
const cancels = (kind: Kind, name: string, synchronously: boolean): IntrinsicBody => {
  return (m, call) => {
    if (synchronously) {
      m.sleeps(`${name}()`);
      m.assume('callee', name, begun);
    }
    return cancel(m, call, kind) ? 1 : 0;
  };
};

const isPending = (kind: Kind): IntrinsicBody => {
  return (m, call) => {
    const { fn, argument } = runs(m, call, kind, given(call, 0));
    if (!m.cancelLater(fn, argument)) return 0;
    m.later('work', fn, argument);
    return 1;
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
  each('cancel_work', (name) => cancels('work_struct', name, false)),
  each('cancel_work_sync', (name) => cancels('work_struct', name, true)),
  each('cancel_delayed_work', (name) => cancels('delayed_work', name, false)),
  each('cancel_delayed_work_sync', (name) => cancels('delayed_work', name, true)),
  each('work_pending', () => isPending('work_struct')),
  each('delayed_work_pending', () => isPending('delayed_work')),
);

const timers: IntrinsicTable = joined(
  each('timer_setup timer_setup_on_stack', () => initialise('timer_list')),
  each('mod_timer', () => moves('timer_list', 0)),
  each('add_timer', () => (m, call) => void queue(m, call, 'timer_list', 0)),
  each('del_timer timer_delete timer_shutdown', (name) => cancels('timer_list', name, false)),
  each('del_timer_sync timer_delete_sync timer_shutdown_sync', (name) => (m, call) => {
    m.assume('callee', name, begun);
    return cancel(m, call, 'timer_list') ? 1 : 0;
  }),
  each('timer_pending', () => isPending('timer_list')),
);

/** Workqueues and timers. */
export const work = joined(works, timers);
