// Waiting, work and threads.
import { boolean } from '../contract.js';
import { operand } from '../../program/lowering/call.js';
import type { CallArgument } from '../../program/graph.js';
import type { MacroLowering } from '../../program/lowering/api.js';
import { lowerCondition, number } from '../../program/lowering/expression.js';
import { booleanType, intType, longType } from '../../program/types.js';
import { value } from '../macro.js';
import {
  acquireOrNull,
  holder,
  releases,
  returnsBoolean,
  returnsCount,
  returnsCountOrErrno,
  returnsErrno,
  returnsNothing,
  returnsPointer,
  returnsPointerOrError,
  returnsValue,
  stores,
} from '../rows.js';
import type { Topic } from '../topic.js';

const wait = 'include/linux/wait.h';
const work = 'include/linux/workqueue.h';

/**
 * `wait_event_*(wq, condition, ...)`: the condition is evaluated until it holds; in between the macro's name is called
 * with the other arguments. What an interruptible wait returns other than 0 ends the loop, as does 0 from one with a
 * timeout. Then `finish_wait()` is called with the queue.
 */
const waitEvent: MacroLowering = (l, e, want, name) => {
  if (e.arguments.length < 2) return undefined;
  const span = e.span;
  const given = e.arguments.flatMap((_, at): CallArgument[] => (at === 1 ? [] : [{ kind: 'value', value: value(l, e, at) }]));
  const timeout = name.includes('timeout');
  const fails = timeout || /interruptible|killable|state|freezable/.test(name);
  const result = l.temporary(timeout ? longType : intType, span);
  const head = l.target();
  const wait = l.target();
  const holds = l.target();
  const after = l.target();
  if (timeout) {
    const limit = given[1];
    l.assign(result, limit?.kind === 'value' ? limit.value : number(1, span), span);
  }
  l.builder.goto(head.block, span);
  l.builder.begin(head.block);
  lowerCondition(l, operand(l, e, 1), holds, wait, 'loop');
  l.builder.begin(wait.block);
  const target = fails ? result : null;
  l.builder.emit({ kind: 'call', target, callee: { kind: 'direct', name }, arguments: given, implicit: l.implicit, span });
  if (timeout) l.branch({ kind: 'binary', operator: '>', left: result, right: number(0, span), span }, head, after, 'loop', span);
  else if (fails) l.branch(result, after, head, 'loop', span);
  else l.builder.goto(head.block, span);
  l.builder.begin(holds.block);
  if (!timeout && want.want !== 'effect') l.assign(result, number(0, span), span);
  l.builder.goto(after.block, span);
  l.builder.begin(after.block);
  const [queue] = given;
  const leaves = { kind: 'direct', name: 'finish_wait' } as const;
  if (queue) l.builder.emit({ kind: 'call', target: null, callee: leaves, arguments: [queue], implicit: l.implicit, span });
  return want.want === 'effect' ? number(0, span) : result;
};

export const waiting: Topic = {
  contracts: [
    ...returnsNothing(
      `wait_event wait_event_lock_irq wait_event_state_exclusive wait_for_completion wait_for_completion_io schedule io_schedule
     msleep usleep_range ssleep cond_resched finish_wait prepare_to_wait wait_var_event ___wait_var_event flush_workqueue drain_workqueue`,
      `${wait}, include/linux/sched.h`,
      { clobbers: 'all' },
    ),
    ...returnsErrno(
      `wait_event_interruptible wait_event_interruptible_exclusive wait_event_killable wait_event_killable_exclusive
     wait_event_interruptible_locked wait_event_interruptible_locked_irq wait_event_freezable
     wait_for_completion_interruptible wait_for_completion_killable wait_var_event_killable wait_var_event_interruptible`,
      `${wait}: -ERESTARTSYS`,
      { clobbers: 'all' },
    ),
    ...returnsCount('wait_event_timeout wait_for_completion_timeout', `${wait}: 0 on timeout`, { clobbers: 'all' }),
    ...returnsCountOrErrno(
      'wait_event_interruptible_timeout wait_event_killable_timeout wait_for_completion_interruptible_timeout wait_for_completion_killable_timeout',
      `${wait}: 0 on timeout`,
      { clobbers: 'all' },
    ),
    ...returnsValue(
      'schedule_timeout schedule_timeout_interruptible schedule_timeout_killable prepare_to_wait_event',
      'include/linux/sched.h',
      { clobbers: 'all' },
    ),
    ...returnsNothing(
      `wake_up wake_up_all wake_up_nr wake_up_interruptible wake_up_interruptible_all wake_up_interruptible_sync wake_up_locked
     wake_up_poll wake_up_var wake_up_bit complete complete_all poll_wait add_wait_queue remove_wait_queue __add_wait_queue
     __remove_wait_queue set_current_state __set_current_state`,
      wait,
    ),
    ...returnsValue('send_sig wake_up_process autoremove_wake_function', 'include/linux/sched.h'),
    ...returnsBoolean(
      'waitqueue_active wq_has_sleeper completion_done try_wait_for_completion signal_pending fatal_signal_pending need_resched',
      wait,
    ),

    ...stores('schedule_work schedule_delayed_work', holder(0), boolean, `${work}: false where it was queued already`, {
      dereferences: [0],
    }),
    ...stores('queue_work queue_delayed_work mod_delayed_work', holder(1), boolean, work, { dereferences: [0, 1] }),
    ...returnsBoolean('cancel_work_sync cancel_delayed_work_sync flush_work flush_delayed_work', work, {
      dereferences: [0],
      clobbers: 'all',
    }),
    ...returnsBoolean('cancel_work cancel_delayed_work work_pending delayed_work_pending', work, { dereferences: [0] }),
    ...returnsPointer('to_delayed_work', work, { dereferences: [0] }),
    ...acquireOrNull('alloc_workqueue alloc_ordered_workqueue create_workqueue create_singlethread_workqueue', 'workqueue', work, {
      allocates: true,
    }),
    ...releases('destroy_workqueue', 'workqueue', work, { clobbers: 'all' }),
    ...returnsPointerOrError('kthread_run kthread_create', 'include/linux/kthread.h'),
    ...returnsErrno('task_work_add kthread_stop', 'include/linux/task_work.h', { clobbers: 'all' }),
  ],
  returns: [[booleanType, 'waitqueue_active queue_work schedule_work mod_delayed_work cancel_delayed_work_sync']],
  families: [[/^(wait_event|wait_var_event|wait_woken_event)(_\w+)?$/, waitEvent]],
};
