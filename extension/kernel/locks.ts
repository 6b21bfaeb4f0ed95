// What a call does to locks, and which calls may sleep: apart from the contracts, as a lock held is no reference owned.
import { argument } from './rows.js';
import type { Subject } from './contract.js';

export type LockKind =
  'spinlock' | 'mutex' | 'rwsem read' | 'rwsem write' | 'semaphore' | 'rwlock' | 'inode lock' | 'page lock' | 'rcu' | 'other';

export interface LockOperation {
  readonly kind: LockKind;
  /** `try`: taken where the call returns true. `may-fail`: taken where it returns 0. `downgrade`: from write to read. */
  readonly operation: 'lock' | 'try' | 'may-fail' | 'unlock' | 'downgrade';
  /** The lock; null where there is but one for the task, as with RCU. */
  readonly lock: Subject | null;
}

function operations(
  kind: LockKind,
  operation: LockOperation['operation'],
  names: string,
  lock: Subject | null = argument(0),
): readonly (readonly [string, LockOperation])[] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => [name, { kind, operation, lock }] as const);
}

const rcu = null;

const table: ReadonlyMap<string, LockOperation> = new Map([
  ...operations(
    'spinlock',
    'lock',
    'spin_lock spin_lock_bh spin_lock_irq spin_lock_irqsave spin_lock_nested raw_spin_lock raw_spin_lock_irq raw_spin_lock_irqsave',
  ),
  ...operations(
    'spinlock',
    'unlock',
    'spin_unlock spin_unlock_bh spin_unlock_irq spin_unlock_irqrestore raw_spin_unlock raw_spin_unlock_irq raw_spin_unlock_irqrestore',
  ),
  ...operations('spinlock', 'try', 'spin_trylock spin_trylock_bh spin_trylock_irq'),
  ...operations('spinlock', 'try', 'refcount_dec_and_lock refcount_dec_and_lock_irqsave atomic_dec_and_lock', argument(1)),
  ...operations('mutex', 'try', 'refcount_dec_and_mutex_lock', argument(1)),
  ...operations('mutex', 'lock', 'mutex_lock mutex_lock_nested'),
  ...operations('mutex', 'may-fail', 'mutex_lock_interruptible mutex_lock_killable'),
  ...operations('mutex', 'try', 'mutex_trylock'),
  ...operations('mutex', 'unlock', 'mutex_unlock'),
  ...operations('rwsem read', 'lock', 'down_read down_read_nested percpu_down_read'),
  ...operations('rwsem read', 'may-fail', 'down_read_killable'),
  ...operations('rwsem read', 'try', 'down_read_trylock'),
  ...operations('rwsem read', 'unlock', 'up_read percpu_up_read'),
  ...operations('rwsem write', 'lock', 'down_write down_write_nested percpu_down_write'),
  ...operations('rwsem write', 'may-fail', 'down_write_killable'),
  ...operations('rwsem write', 'try', 'down_write_trylock'),
  ...operations('rwsem write', 'unlock', 'up_write percpu_up_write'),
  ...operations('rwsem write', 'downgrade', 'downgrade_write'),
  ...operations('semaphore', 'lock', 'down'),
  ...operations('semaphore', 'may-fail', 'down_interruptible down_killable'),
  ...operations('semaphore', 'unlock', 'up'),
  ...operations('rwlock', 'lock', 'read_lock write_lock read_lock_bh write_lock_bh'),
  ...operations('rwlock', 'unlock', 'read_unlock write_unlock read_unlock_bh write_unlock_bh'),
  ...operations('inode lock', 'lock', 'inode_lock inode_lock_nested inode_lock_shared'),
  ...operations('inode lock', 'try', 'inode_trylock inode_trylock_shared'),
  ...operations('inode lock', 'unlock', 'inode_unlock inode_unlock_shared'),
  ...operations('page lock', 'lock', 'folio_lock lock_page'),
  ...operations('page lock', 'try', 'folio_trylock trylock_page'),
  ...operations('page lock', 'unlock', 'folio_unlock unlock_page folio_end_read'),
  ...operations('rcu', 'lock', 'rcu_read_lock rcu_read_lock_sched rcu_read_lock_bh', rcu),
  ...operations('rcu', 'unlock', 'rcu_read_unlock rcu_read_unlock_sched rcu_read_unlock_bh', rcu),
  ...operations(
    'other',
    'lock',
    'filemap_invalidate_lock filemap_invalidate_lock_shared pipe_lock sb_start_write sb_start_pagefault sb_start_intwrite file_start_write',
  ),
  ...operations(
    'other',
    'unlock',
    'filemap_invalidate_unlock filemap_invalidate_unlock_shared pipe_unlock sb_end_write sb_end_pagefault sb_end_intwrite file_end_write',
  ),
  ...operations('other', 'lock', 'idr_preload dax_read_lock', null),
  ...operations('other', 'unlock', 'idr_preload_end dax_read_unlock', null),
]);

/** What a call to `name` does to a lock, or undefined where it does nothing to any. */
export function lockOperationOf(name: string): LockOperation | undefined {
  return table.get(name);
}

const sleeping: ReadonlySet<string> = new Set(
  `mutex_lock mutex_lock_nested mutex_lock_interruptible mutex_lock_killable down_read down_write down_read_killable
   down_write_killable down down_interruptible down_killable inode_lock inode_lock_shared inode_lock_nested folio_lock lock_page
   filemap_invalidate_lock filemap_invalidate_lock_shared pipe_lock
   wait_event wait_event_interruptible wait_event_killable wait_event_timeout wait_event_interruptible_exclusive
   wait_event_killable_exclusive wait_event_state_exclusive wait_for_completion wait_for_completion_interruptible
   wait_for_completion_killable wait_for_completion_timeout schedule schedule_timeout io_schedule msleep usleep_range ssleep cond_resched
   might_sleep synchronize_rcu synchronize_srcu rcu_barrier kvfree_rcu_barrier flush_work flush_delayed_work cancel_work_sync cancel_delayed_work_sync
   flush_workqueue drain_workqueue destroy_workqueue copy_from_user copy_to_user get_user put_user strncpy_from_user memdup_user
   strndup_user iput iget5_locked iget_locked ilookup5 d_invalidate d_prune_aliases shrink_dcache_parent shrink_dcache_sb
   backing_file_open backing_file_read_iter backing_file_write_iter vfs_open vfs_fsync filp_open dentry_open invalidate_inode_pages2
   invalidate_inode_pages2_range truncate_inode_pages truncate_pagecache truncate_pagecache_range filemap_write_and_wait
   filemap_write_and_wait_range write_inode_now sync_filesystem vmalloc vzalloc vfree kvmalloc kvzalloc kmem_cache_create
   KMEM_CACHE KMEM_CACHE_USERCOPY kmem_cache_create_usercopy kmem_cache_destroy device_add device_del device_unregister kobject_create_and_add kfree_rcu_mightsleep kvfree_rcu_mightsleep
   posix_lock_file locks_lock_file_wait pipe_buf_confirm folio_wait_writeback kthread_stop alloc_workqueue`.split(/\s+/),
);

/**
 * Whether a call to `name` may sleep whatever its arguments, so that no spinlock may be held around it. An allocation sleeps
 * where its flags say so (GFP_KERNEL, GFP_USER, GFP_NOFS), which is not told here.
 */
export function maySleep(name: string): boolean {
  return sleeping.has(name);
}
