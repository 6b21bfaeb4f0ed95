// RCU and SRCU: readers, grace periods, callbacks, and pointers that are read under them.
import { blocked, type IntrinsicTable } from './machine.js';
import { each, errno, given, isTrue, joined, nothing, plus, written, type IntrinsicBody } from './values.js';

const enters: IntrinsicBody = (m) => m.enterReader();
const leaves: IntrinsicBody = (m) => m.leaveReader();

const waits = (name: string): IntrinsicBody => {
  return (m) => {
    m.sleeps(`${name}()`);
    return m.waitForReaders() === blocked ? blocked : undefined;
  };
};

const readers: IntrinsicTable = joined(
  each('rcu_read_lock rcu_read_lock_sched rcu_read_lock_bh', () => enters),
  each('rcu_read_unlock rcu_read_unlock_sched rcu_read_unlock_bh', () => leaves),
  each('rcu_read_lock_held rcu_read_lock_sched_held rcu_read_lock_bh_held rcu_read_lock_any_held', () => (m) => (m.inReader ? 1 : 0)),
  each('synchronize_rcu synchronize_rcu_expedited synchronize_net cond_synchronize_rcu', waits),
  each(
    'call_rcu call_rcu_hurry call_rcu_tasks call_rcu_tasks_trace',
    () => (m, call) => m.later('grace-period', given(call, 1), given(call, 0)),
  ),
  each('init_rcu_head destroy_rcu_head init_rcu_head_on_stack destroy_rcu_head_on_stack', () => nothing),
  {
    /** `int __sim_take_callback(struct __model_callback *)`: 0 where none may run, or threads of their own do that. */
    __sim_take_callback(m, call) {
      const next = m.takeLater('grace-period');
      if (!next) return 0;
      m.store(given(call, 0), 8, next.fn);
      m.store(plus(given(call, 0), 8), 8, next.argument);
      return 1;
    },
    /** `void __sim_await_callbacks(void)`: what call_rcu() was given is done, where threads of their own do it. */
    __sim_await_callbacks: (m) => m.awaitDeferred({ call: 'callbacks of RCU', queued: true }, 'rcu_barrier()'),
  },
);

/** Reports a read of an RCU pointer that nothing protects, as lockdep does with CONFIG_PROVE_RCU. */
const dereferences = (name: string, protectedBy: (inReader: boolean, condition: boolean) => boolean): IntrinsicBody => {
  return (m, call) => {
    const condition = call.values.length > 1 && isTrue(given(call, 1));
    if (!protectedBy(m.inReader, condition))
      m.report(
        'rcu-outside',
        `${name}(${written(call, 0)}): ${name === 'rcu_dereference' ? 'no RCU reader' : 'neither an RCU reader nor its lock held'}`,
        {
          goesOn: true,
        },
      );
    return given(call, 0);
  };
};

const pointers: IntrinsicTable = joined(
  each('rcu_dereference rcu_dereference_bh rcu_dereference_sched', () => dereferences('rcu_dereference', (inReader) => inReader)),
  each('rcu_dereference_check rcu_dereference_bh_check', (name) => dereferences(name, (inReader, condition) => inReader || condition)),
  each('rcu_dereference_protected', (name) => dereferences(name, (_inReader, condition) => condition)),
  each('rcu_access_pointer rcu_dereference_raw rcu_pointer_handoff', () => (_m, call) => given(call, 0)),
  {
    RCU_LOCKDEP_WARN(m, call) {
      if (isTrue(given(call, 0))) m.report('rcu-outside', `${m.text(given(call, 1))} (${written(call, 0)})`, { goesOn: true });
    },
  },
);

/** A reader of SRCU shares the structure, and a grace period has it alone for a moment; nobody waits for a grace period. */
const sleepable: IntrinsicTable = joined(
  each('init_srcu_struct', () => (m, call) => {
    m.usable(given(call, 0), 'init_srcu_struct()');
    return m.fails('init_srcu_struct') ? -errno.ENOMEM : 0;
  }),
  each('cleanup_srcu_struct', () => (m, call) => {
    m.usable(given(call, 0), 'cleanup_srcu_struct()');
  }),
  each('srcu_read_lock srcu_read_lock_nmisafe', (name) => (m, call) => m.acquire(given(call, 0), 'shared', `${name}(${written(call, 0)})`)),
  each(
    'srcu_read_unlock srcu_read_unlock_nmisafe',
    (name) => (m, call) => m.release(given(call, 0), 'shared', `${name}(${written(call, 0)})`),
  ),
  // Readers of SRCU have left where nothing else runs.
  each('call_srcu', () => (m, call) => m.later('rest', given(call, 2), given(call, 1))),
  each('srcu_read_lock_held', () => (m, call) => (m.holds(given(call, 0)) ? 1 : 0)),
  each('synchronize_srcu synchronize_srcu_expedited', (name) => (m, call) => {
    m.sleeps(`${name}()`);
    const what = `${name}(${written(call, 0)})`;
    if (m.acquire(given(call, 0), 'exclusive', what) === blocked) return blocked;
    m.release(given(call, 0), 'exclusive', what);
    return undefined;
  }),
);

/** RCU and SRCU. */
export const rcu = joined(readers, pointers, sleepable);
