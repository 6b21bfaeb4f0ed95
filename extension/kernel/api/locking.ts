// Locks, and what waits for readers.
import { intType } from '../../program/types.js';
import type { GuardClass } from '../../program/lowering/api.js';
import { returnsBoolean, returnsCount, returnsErrno, returnsNothing, returnsPointerOrNull } from '../rows.js';
import type { Topic } from '../topic.js';

/** By class name, from include/linux/{mutex,spinlock,rwsem,rcupdate,srcu,irqflags,preempt,percpu-rwsem,...}.h. */
const guards: Readonly<Record<string, GuardClass>> = {
  mutex: { lock: 'mutex_lock', unlock: 'mutex_unlock' },
  mutex_try: { lock: 'mutex_trylock', unlock: 'mutex_unlock', succeeds: 'nonzero' },
  mutex_intr: { lock: 'mutex_lock_interruptible', unlock: 'mutex_unlock', succeeds: 'zero' },
  mutex_kill: { lock: 'mutex_lock_killable', unlock: 'mutex_unlock', succeeds: 'zero' },
  rwsem_read: { lock: 'down_read', unlock: 'up_read' },
  rwsem_read_try: { lock: 'down_read_trylock', unlock: 'up_read', succeeds: 'nonzero' },
  rwsem_read_intr: { lock: 'down_read_interruptible', unlock: 'up_read', succeeds: 'zero' },
  rwsem_read_kill: { lock: 'down_read_killable', unlock: 'up_read', succeeds: 'zero' },
  rwsem_write: { lock: 'down_write', unlock: 'up_write' },
  rwsem_write_try: { lock: 'down_write_trylock', unlock: 'up_write', succeeds: 'nonzero' },
  rwsem_write_kill: { lock: 'down_write_killable', unlock: 'up_write', succeeds: 'zero' },
  spinlock: { lock: 'spin_lock', unlock: 'spin_unlock' },
  spinlock_try: { lock: 'spin_trylock', unlock: 'spin_unlock', succeeds: 'nonzero' },
  spinlock_bh: { lock: 'spin_lock_bh', unlock: 'spin_unlock_bh' },
  spinlock_bh_try: { lock: 'spin_trylock_bh', unlock: 'spin_unlock_bh', succeeds: 'nonzero' },
  spinlock_irq: { lock: 'spin_lock_irq', unlock: 'spin_unlock_irq' },
  spinlock_irq_try: { lock: 'spin_trylock_irq', unlock: 'spin_unlock_irq', succeeds: 'nonzero' },
  spinlock_irqsave: { lock: 'spin_lock_irqsave', unlock: 'spin_unlock_irqrestore', state: 'flags' },
  raw_spinlock: { lock: 'raw_spin_lock', unlock: 'raw_spin_unlock' },
  raw_spinlock_try: { lock: 'raw_spin_trylock', unlock: 'raw_spin_unlock', succeeds: 'nonzero' },
  raw_spinlock_nested: { lock: 'raw_spin_lock_nested', unlock: 'raw_spin_unlock' },
  raw_spinlock_irq: { lock: 'raw_spin_lock_irq', unlock: 'raw_spin_unlock_irq' },
  raw_spinlock_irqsave: { lock: 'raw_spin_lock_irqsave', unlock: 'raw_spin_unlock_irqrestore', state: 'flags' },
  raw_spinlock_bh: { lock: 'raw_spin_lock_bh', unlock: 'raw_spin_unlock_bh' },
  read_lock: { lock: 'read_lock', unlock: 'read_unlock' },
  read_lock_irq: { lock: 'read_lock_irq', unlock: 'read_unlock_irq' },
  read_lock_irqsave: { lock: 'read_lock_irqsave', unlock: 'read_unlock_irqrestore', state: 'flags' },
  write_lock: { lock: 'write_lock', unlock: 'write_unlock' },
  write_lock_irq: { lock: 'write_lock_irq', unlock: 'write_unlock_irq' },
  write_lock_irqsave: { lock: 'write_lock_irqsave', unlock: 'write_unlock_irqrestore', state: 'flags' },
  rcu: { lock: 'rcu_read_lock', unlock: 'rcu_read_unlock' },
  rcu_tasks_trace: { lock: 'rcu_read_lock_trace', unlock: 'rcu_read_unlock_trace' },
  srcu: { lock: 'srcu_read_lock', unlock: 'srcu_read_unlock', state: 'index' },
  srcu_fast: { lock: 'srcu_read_lock_fast', unlock: 'srcu_read_unlock_fast', state: 'index' },
  preempt: { lock: 'preempt_disable', unlock: 'preempt_enable' },
  preempt_notrace: { lock: 'preempt_disable_notrace', unlock: 'preempt_enable_notrace' },
  migrate: { lock: 'migrate_disable', unlock: 'migrate_enable' },
  irq: { lock: 'local_irq_disable', unlock: 'local_irq_enable' },
  irqsave: { lock: 'local_irq_save', unlock: 'local_irq_restore', state: 'flags' },
  local_lock: { lock: 'local_lock', unlock: 'local_unlock' },
  percpu_read: { lock: 'percpu_down_read', unlock: 'percpu_up_read' },
  percpu_write: { lock: 'percpu_down_write', unlock: 'percpu_up_write' },
  cpus_read_lock: { lock: 'cpus_read_lock', unlock: 'cpus_read_unlock' },
  device: { lock: 'device_lock', unlock: 'device_unlock' },
  super_write: { lock: 'sb_start_write', unlock: 'sb_end_write' },
  sb_write: { lock: 'sb_start_write', unlock: 'sb_end_write' },
  mmap_read_lock: { lock: 'mmap_read_lock', unlock: 'mmap_read_unlock' },
  mmap_write_lock: { lock: 'mmap_write_lock', unlock: 'mmap_write_unlock' },
  namespace_excl: { lock: 'namespace_lock', unlock: 'namespace_unlock' },
  tasklist_lock: { lock: 'read_lock', unlock: 'read_unlock' },
};

export const locking: Topic = {
  contracts: [
    // What others did before the lock was taken is visible only now.
    ...returnsNothing(
      `spin_lock spin_lock_bh spin_lock_irq spin_lock_irqsave spin_lock_nested raw_spin_lock raw_spin_lock_irq raw_spin_lock_irqsave
     mutex_lock mutex_lock_nested down_read down_write down_read_nested down_write_nested down read_lock write_lock read_lock_bh
     write_lock_bh inode_lock inode_lock_shared inode_lock_nested sb_start_write sb_start_pagefault sb_start_intwrite
     file_start_write write_seqlock bit_spin_lock percpu_down_read percpu_down_write lock_sock`,
      'include/linux/spinlock.h, include/linux/mutex.h, include/linux/rwsem.h',
      { clobbers: 'all' },
    ),
    ...returnsBoolean(
      `spin_trylock spin_trylock_bh spin_trylock_irq mutex_trylock down_read_trylock down_write_trylock inode_trylock
     inode_trylock_shared sb_start_write_trylock`,
      'include/linux/spinlock.h, include/linux/mutex.h: 1 where it was taken',
      { clobbers: 'all' },
    ),
    ...returnsErrno(
      'mutex_lock_interruptible mutex_lock_killable down_read_killable down_write_killable down_interruptible down_killable',
      'include/linux/mutex.h, include/linux/rwsem.h: -EINTR',
      { dereferences: [0], clobbers: 'all' },
    ),
    ...returnsNothing(
      `spin_unlock spin_unlock_bh spin_unlock_irq spin_unlock_irqrestore raw_spin_unlock raw_spin_unlock_irq raw_spin_unlock_irqrestore
     mutex_unlock up_read up_write up downgrade_write read_unlock write_unlock read_unlock_bh write_unlock_bh inode_unlock
     inode_unlock_shared sb_end_write sb_end_pagefault sb_end_intwrite file_end_write unlock_rename write_sequnlock bit_spin_unlock
     percpu_up_read percpu_up_write release_sock
     rcu_read_lock rcu_read_unlock rcu_read_lock_sched rcu_read_unlock_sched rcu_read_lock_bh rcu_read_unlock_bh srcu_read_unlock
     preempt_disable preempt_enable local_irq_disable local_irq_enable local_irq_save local_irq_restore local_bh_disable local_bh_enable`,
      'include/linux/spinlock.h, include/linux/mutex.h, include/linux/rcupdate.h',
    ),
    ...returnsNothing(
      `spin_lock_init raw_spin_lock_init mutex_init init_rwsem sema_init rwlock_init seqlock_init seqcount_init init_waitqueue_head
     init_completion reinit_completion INIT_WORK INIT_DELAYED_WORK INIT_WORK_ONSTACK init_waitqueue_entry init_wait init_task_work timer_setup init_rcu_head`,
      'include/linux/spinlock.h, include/linux/wait.h',
      { dereferences: [0] },
    ),
    ...returnsErrno('init_srcu_struct', 'include/linux/srcu.h', { dereferences: [0] }),
    ...returnsPointerOrNull('lock_rename', 'include/linux/namei.h: the ancestor, in 7.2 perhaps ERR_PTR', { clobbers: 'all' }),
    ...returnsBoolean('rwsem_is_locked mutex_is_locked spin_is_locked rcu_read_lock_held', 'include/linux/rwsem.h'),
    ...returnsCount('srcu_read_lock', 'include/linux/srcu.h', { dereferences: [0] }),
    ...returnsNothing(
      'synchronize_rcu synchronize_rcu_expedited synchronize_srcu rcu_barrier kvfree_rcu_barrier kvfree_rcu_barrier_on_cache',
      'include/linux/rcupdate.h',
      { clobbers: 'all' },
    ),
  ],
  returns: [[intType, 'mutex_lock_interruptible mutex_lock_killable mutex_trylock down_read_trylock down_write_trylock spin_trylock']],
  guards,
};
