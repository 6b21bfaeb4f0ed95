// What only decides, reports, waits or moves bytes: error pointers, assertions, logging, locks, user memory, bits, strings,
// time, work, and the virtio, io_uring and ioctl calls of FUSE's transports.
import { any, boolean, errors, nonNegative, nonZero, positive, zero, type Contract } from './contract.js';
import {
  acquireOrNull,
  argument,
  escape,
  holder,
  neitherErrorNorNull,
  notErrors,
  one,
  outcome,
  releases,
  returnsArgument,
  returnsBoolean,
  returnsCount,
  returnsCountOrErrno,
  returnsErrno,
  returnsNothing,
  returnsPointer,
  returnsPointerOrError,
  returnsPointerOrNull,
  returnsValue,
  row,
  write,
} from './rows.js';

const err = 'include/linux/err.h';
const bug = 'include/asm-generic/bug.h';
const wait = 'include/linux/wait.h';
const work = 'include/linux/workqueue.h';
const uaccess = 'include/linux/uaccess.h';

const isTrue = [[argument(0), nonZero]] as const;
const isFalse = [[argument(0), zero]] as const;

const errorPointers: readonly Contract[] = [
  ...row(
    'IS_ERR IS_ERR_VALUE',
    [outcome('an error', one, [], [[argument(0), errors]]), outcome('no error', zero, [], [[argument(0), notErrors]])],
    { source: err },
  ),
  ...row(
    'IS_ERR_OR_NULL',
    [
      outcome('an error', one, [], [[argument(0), errors]]),
      outcome('NULL', one, [], [[argument(0), zero]]),
      outcome('a pointer', zero, [], [[argument(0), neitherErrorNorNull]]),
    ],
    { source: err },
  ),
  ...returnsArgument('PTR_ERR ERR_PTR ERR_CAST PTR_ERR_PCPU ERR_PTR_PCPU', 0, { source: err }),
  ...row(
    'PTR_ERR_OR_ZERO',
    [outcome('an error', argument(0), [], [[argument(0), errors]]), outcome('no error', zero, [], [[argument(0), notErrors]])],
    {
      source: err,
    },
  ),
];

const assertions: readonly Contract[] = [
  ...row(
    'WARN_ON WARN_ON_ONCE WARN WARN_ONCE WARN_RATELIMIT VM_WARN_ON_ONCE',
    [outcome('as it should be', zero, [], isFalse), outcome('warned', one, [], isTrue)],
    {
      source: bug,
      asserts: true,
    },
  ),
  ...row('BUG_ON VM_BUG_ON VFS_BUG_ON VFS_WARN_ON_ONCE', [outcome('as it should be', null, [], isFalse)], {
    source: `${bug}: does not come back otherwise`,
    asserts: true,
  }),
  ...row('BUG panic do_exit kthread_complete_and_exit', [], { source: bug, noReturn: true }),
  ...row('likely unlikely', [outcome('true', one, [], isTrue), outcome('false', zero, [], isFalse)], {
    source: 'include/linux/compiler.h: !!(x)',
  }),
  ...returnsNothing(
    `BUILD_BUG_ON BUILD_BUG_ON_MSG BUILD_BUG BUILD_BUG_ON_ZERO static_assert might_sleep might_sleep_if might_fault cant_sleep
     lockdep_assert lockdep_assert_held lockdep_assert_not_held lockdep_assert_held_write lockdep_assert_held_read lockdep_set_class
     lockdep_assert_once __acquire __release RCU_LOCKDEP_WARN mutex_destroy`,
    { source: 'include/linux/build_bug.h, include/linux/lockdep.h' },
  ),
];

const logging: readonly Contract[] = [
  ...returnsNothing(
    `printk pr_emerg pr_alert pr_crit pr_err pr_warn pr_notice pr_info pr_cont pr_debug pr_devel pr_err_once pr_warn_once
     pr_info_once pr_notice_once pr_debug_once pr_err_ratelimited pr_warn_ratelimited pr_info_ratelimited pr_notice_ratelimited
     pr_debug_ratelimited dev_err dev_warn dev_notice dev_info dev_dbg dev_err_once dev_warn_once dev_err_ratelimited
     dev_warn_ratelimited dump_stack seq_printf seq_puts seq_putc seq_escape seq_show_option`,
    { source: 'include/linux/printk.h, include/linux/seq_file.h' },
  ),
];

const locking: readonly Contract[] = [
  // What others did before the lock was taken is visible only now.
  ...returnsNothing(
    `spin_lock spin_lock_bh spin_lock_irq spin_lock_irqsave spin_lock_nested raw_spin_lock raw_spin_lock_irq raw_spin_lock_irqsave
     mutex_lock mutex_lock_nested down_read down_write down_read_nested down_write_nested down read_lock write_lock read_lock_bh
     write_lock_bh inode_lock inode_lock_shared inode_lock_nested sb_start_write sb_start_pagefault sb_start_intwrite
     file_start_write write_seqlock bit_spin_lock percpu_down_read percpu_down_write lock_sock`,
    { source: 'include/linux/spinlock.h, include/linux/mutex.h, include/linux/rwsem.h', clobbers: 'all' },
  ),
  ...returnsBoolean(
    `spin_trylock spin_trylock_bh spin_trylock_irq mutex_trylock down_read_trylock down_write_trylock inode_trylock
     inode_trylock_shared sb_start_write_trylock`,
    { source: 'include/linux/spinlock.h, include/linux/mutex.h: 1 where it was taken', clobbers: 'all' },
  ),
  ...returnsErrno('mutex_lock_interruptible mutex_lock_killable down_read_killable down_write_killable down_interruptible down_killable', {
    source: 'include/linux/mutex.h, include/linux/rwsem.h: -EINTR',
    dereferences: [0],
    clobbers: 'all',
  }),
  ...returnsNothing(
    `spin_unlock spin_unlock_bh spin_unlock_irq spin_unlock_irqrestore raw_spin_unlock raw_spin_unlock_irq raw_spin_unlock_irqrestore
     mutex_unlock up_read up_write up downgrade_write read_unlock write_unlock read_unlock_bh write_unlock_bh inode_unlock
     inode_unlock_shared sb_end_write sb_end_pagefault sb_end_intwrite file_end_write unlock_rename write_sequnlock bit_spin_unlock
     percpu_up_read percpu_up_write release_sock
     rcu_read_lock rcu_read_unlock rcu_read_lock_sched rcu_read_unlock_sched rcu_read_lock_bh rcu_read_unlock_bh srcu_read_unlock
     preempt_disable preempt_enable local_irq_disable local_irq_enable local_irq_save local_irq_restore local_bh_disable local_bh_enable`,
    { source: 'include/linux/spinlock.h, include/linux/mutex.h, include/linux/rcupdate.h' },
  ),
  ...returnsNothing(
    `spin_lock_init raw_spin_lock_init mutex_init init_rwsem sema_init rwlock_init seqlock_init seqcount_init init_waitqueue_head
     init_completion reinit_completion INIT_WORK INIT_DELAYED_WORK INIT_WORK_ONSTACK init_waitqueue_entry init_wait init_task_work timer_setup init_rcu_head`,
    { source: 'include/linux/spinlock.h, include/linux/wait.h', dereferences: [0] },
  ),
  ...returnsErrno('init_srcu_struct', { source: 'include/linux/srcu.h', dereferences: [0] }),
  ...returnsPointerOrNull('lock_rename', { source: 'include/linux/namei.h: the ancestor, in 7.2 perhaps ERR_PTR', clobbers: 'all' }),
  ...returnsBoolean('rwsem_is_locked mutex_is_locked spin_is_locked rcu_read_lock_held', { source: 'include/linux/rwsem.h' }),
  ...returnsCount('srcu_read_lock', { source: 'include/linux/srcu.h', dereferences: [0] }),
  ...returnsNothing(
    'synchronize_rcu synchronize_rcu_expedited synchronize_srcu rcu_barrier kvfree_rcu_barrier kvfree_rcu_barrier_on_cache',
    {
      source: 'include/linux/rcupdate.h',
      clobbers: 'all',
    },
  ),
  ...returnsNothing('smp_mb smp_rmb smp_wmb mb rmb wmb barrier smp_mb__before_atomic smp_mb__after_atomic cpu_relax', {
    source: 'include/asm-generic/barrier.h',
  }),
  ...returnsValue('READ_ONCE smp_load_acquire data_race', { source: 'include/asm-generic/rwonce.h' }),
  ...row('WRITE_ONCE', [outcome('success', null, [write(argument(0)), escape(argument(1))])], { source: 'include/asm-generic/rwonce.h' }),
  ...row('smp_store_release smp_store_mb', [outcome('success', null, [write(argument(0, '*')), escape(argument(1))])], {
    source: 'include/asm-generic/barrier.h',
    dereferences: [0],
  }),
  ...row('xchg', [outcome('success', any, [write(argument(0, '*')), escape(argument(1))])], {
    source: 'include/linux/atomic.h: the old value',
    dereferences: [0],
  }),
  ...row('cmpxchg cmpxchg64 cmpxchg_relaxed', [outcome('success', any, [write(argument(0, '*')), escape(argument(2))])], {
    source: 'include/linux/atomic.h: the old value; stored where that was argument 1',
    dereferences: [0],
  }),
  ...row(
    'try_cmpxchg',
    [outcome('stored', one, [write(argument(0, '*')), escape(argument(2))]), outcome('not stored', zero, [write(argument(1, '*'))])],
    {
      source: 'include/linux/atomic.h',
      dereferences: [0, 1],
    },
  ),
  ...row('swap', [outcome('success', null, [write(argument(0)), write(argument(1))])], { source: 'include/linux/minmax.h' }),
];

const waiting: readonly Contract[] = [
  ...returnsNothing(
    `wait_event wait_event_lock_irq wait_event_state_exclusive wait_for_completion wait_for_completion_io schedule io_schedule
     msleep usleep_range ssleep cond_resched finish_wait prepare_to_wait wait_var_event ___wait_var_event flush_workqueue drain_workqueue`,
    { source: `${wait}, include/linux/sched.h`, clobbers: 'all' },
  ),
  ...returnsErrno(
    `wait_event_interruptible wait_event_interruptible_exclusive wait_event_killable wait_event_killable_exclusive
     wait_event_interruptible_locked wait_event_interruptible_locked_irq wait_event_freezable
     wait_for_completion_interruptible wait_for_completion_killable wait_var_event_killable wait_var_event_interruptible`,
    { source: `${wait}: -ERESTARTSYS`, clobbers: 'all' },
  ),
  ...returnsCount('wait_event_timeout wait_for_completion_timeout', { source: `${wait}: 0 on timeout`, clobbers: 'all' }),
  ...returnsCountOrErrno(
    'wait_event_interruptible_timeout wait_event_killable_timeout wait_for_completion_interruptible_timeout wait_for_completion_killable_timeout',
    {
      source: `${wait}: 0 on timeout`,
      clobbers: 'all',
    },
  ),
  ...returnsValue('schedule_timeout schedule_timeout_interruptible schedule_timeout_killable prepare_to_wait_event', {
    source: 'include/linux/sched.h',
    clobbers: 'all',
  }),
  ...returnsNothing(
    `wake_up wake_up_all wake_up_nr wake_up_interruptible wake_up_interruptible_all wake_up_interruptible_sync wake_up_locked
     wake_up_poll wake_up_var wake_up_bit complete complete_all poll_wait add_wait_queue remove_wait_queue __add_wait_queue
     __remove_wait_queue set_current_state __set_current_state`,
    { source: wait },
  ),
  ...returnsValue('send_sig wake_up_process autoremove_wake_function', { source: 'include/linux/sched.h' }),
  ...returnsBoolean(
    'waitqueue_active wq_has_sleeper completion_done try_wait_for_completion signal_pending fatal_signal_pending need_resched',
    {
      source: wait,
    },
  ),

  ...row('schedule_work schedule_delayed_work', [outcome('success', boolean, [escape(holder(0))])], {
    source: `${work}: false where it was queued already`,
    dereferences: [0],
  }),
  ...row('queue_work queue_delayed_work mod_delayed_work', [outcome('success', boolean, [escape(holder(1))])], {
    source: work,
    dereferences: [0, 1],
  }),
  ...returnsBoolean('cancel_work_sync cancel_delayed_work_sync flush_work flush_delayed_work', {
    source: work,
    dereferences: [0],
    clobbers: 'all',
  }),
  ...returnsBoolean('cancel_work cancel_delayed_work work_pending delayed_work_pending', { source: work, dereferences: [0] }),
  ...returnsPointer('to_delayed_work', { source: work, dereferences: [0] }),
  ...acquireOrNull('alloc_workqueue alloc_ordered_workqueue create_workqueue create_singlethread_workqueue', 'workqueue', {
    source: work,
    allocates: true,
  }),
  ...releases('destroy_workqueue', 'workqueue', { source: work, clobbers: 'all' }),
  ...returnsPointerOrError('kthread_run kthread_create', { source: 'include/linux/kthread.h' }),
  ...returnsErrno('task_work_add kthread_stop', { source: 'include/linux/task_work.h', clobbers: 'all' }),
];

const userMemory: readonly Contract[] = [
  ...row(
    'copy_from_user __copy_from_user',
    [outcome('all was copied', zero, [write(argument(0, '*'))]), outcome('a part was not', positive, [write(argument(0, '*'))])],
    {
      source: `${uaccess}: bytes not copied`,
      dereferences: [0],
    },
  ),
  ...row('copy_to_user __copy_to_user clear_user', [outcome('all was copied', zero), outcome('a part was not', positive)], {
    source: `${uaccess}: bytes not copied`,
  }),
  ...row('get_user __get_user', [outcome('success', zero, [write(argument(0))]), outcome('failure', [[-14, -14]], [write(argument(0))])], {
    source: `${uaccess}: -EFAULT`,
  }),
  ...row('put_user __put_user', [outcome('success', zero), outcome('failure', [[-14, -14]])], { source: `${uaccess}: -EFAULT` }),
  ...row(
    'copy_struct_from_user',
    [outcome('success', zero, [write(argument(0, '*'))]), outcome('failure', errors, [write(argument(0, '*'))])],
    { source: uaccess, dereferences: [0] },
  ),
  ...row('strncpy_from_user', [outcome('success', nonNegative, [write(argument(0, '*'))]), outcome('failure', errors)], {
    source: uaccess,
    dereferences: [0],
  }),
  ...returnsBoolean('access_ok in_compat_syscall in_x32_syscall', { source: uaccess }),
  ...returnsValue('u64_to_user_ptr compat_ptr ptr_to_compat untagged_addr', { source: 'include/linux/compat.h' }),
  ...returnsErrno('kstrtoul_from_user kstrtouint_from_user kstrtoint_from_user', {
    source: 'include/linux/kstrtox.h',
    dereferences: [3],
    clobbers: 'arguments',
  }),
  ...returnsErrno('kstrtoul kstrtouint kstrtoint kstrtou64 kstrtoull kstrtol', {
    source: 'include/linux/kstrtox.h',
    dereferences: [0, 2],
    clobbers: 'arguments',
  }),
  ...returnsErrno('kstrtobool', { source: 'include/linux/kstrtox.h', dereferences: [0, 1], clobbers: 'arguments' }),
  ...returnsErrno('param_set_uint param_set_int param_set_bool param_set_ulong', {
    source: 'include/linux/moduleparam.h',
    clobbers: 'arguments',
  }),
  ...returnsCountOrErrno('param_get_uint param_get_int param_get_bool', { source: 'include/linux/moduleparam.h', clobbers: 'arguments' }),
];

const bytes: readonly Contract[] = [
  ...row('memset', [outcome('success', argument(0), [write(argument(0, '*'))])], {
    source: 'include/linux/string.h',
    dereferences: [0],
  }),
  ...row('memzero_explicit', [outcome('success', null, [write(argument(0, '*'))])], {
    source: 'include/linux/string.h',
    dereferences: [0],
  }),
  ...row('memcpy memmove strcpy strcat', [outcome('success', argument(0), [write(argument(0, '*'))])], {
    source: 'include/linux/string.h',
    dereferences: [0, 1],
  }),
  ...row(
    'strscpy strscpy_pad',
    [outcome('success', nonNegative, [write(argument(0, '*'))]), outcome('too long', [[-7, -7]], [write(argument(0, '*'))])],
    {
      source: 'include/linux/string.h: -E2BIG',
      dereferences: [0, 1],
    },
  ),
  ...row(
    'sprintf snprintf scnprintf vsnprintf vscnprintf sysfs_emit sysfs_emit_at',
    [outcome('success', nonNegative, [write(argument(0, '*'))])],
    { source: 'include/linux/sprintf.h' },
  ),
  ...returnsCount('strlen strnlen', { source: 'include/linux/string.h', dereferences: [0] }),
  ...returnsValue('strcmp strncmp memcmp strcasecmp', { source: 'include/linux/string.h', dereferences: [0, 1] }),
  ...returnsBoolean('sysfs_streq str_has_prefix strstarts', { source: 'include/linux/string.h' }),
  ...returnsPointerOrNull('strchr strrchr memchr strstr strnchr strpbrk', { source: 'include/linux/string.h', dereferences: [0] }),
  ...returnsPointerOrNull('strsep', { source: 'include/linux/string.h', dereferences: [0], clobbers: 'arguments' }),
  ...returnsPointer('strim strstrip skip_spaces strreplace', {
    source: 'include/linux/string.h',
    dereferences: [0],
    clobbers: 'arguments',
  }),
  ...returnsNothing('get_random_bytes', { source: 'include/linux/random.h', dereferences: [0], clobbers: 'arguments' }),
  ...returnsValue('get_random_u32 get_random_u64 get_random_long hash_long hash_ptr hash_32 hash_64 jhash', {
    source: 'include/linux/random.h, include/linux/hash.h',
  }),
];

const numbers: readonly Contract[] = [
  ...returnsBoolean('test_bit test_bit_acquire test_and_set_bit test_and_clear_bit test_and_change_bit test_and_set_bit_lock', {
    source: 'include/linux/bitops.h',
    dereferences: [1],
  }),
  ...returnsBoolean('__test_and_set_bit __test_and_clear_bit', {
    source: 'include/linux/bitops.h',
    dereferences: [1],
    clobbers: 'arguments',
  }),
  ...returnsNothing('set_bit clear_bit change_bit clear_bit_unlock __set_bit __clear_bit assign_bit clear_and_wake_up_bit', {
    source: 'include/linux/bitops.h',
  }),
  ...row('set_mask_bits', [outcome('success', any, [write(argument(0, '*'))])], {
    source: 'include/linux/bitops.h: the old value',
    dereferences: [0],
  }),
  ...returnsValue(
    `min max min_t max_t min3 max3 umin umax min_not_zero clamp clamp_t clamp_val abs DIV_ROUND_UP DIV_ROUND_UP_ULL
     DIV_ROUND_CLOSEST ALIGN ALIGN_DOWN PAGE_ALIGN round_up round_down roundup rounddown roundup_pow_of_two
     rounddown_pow_of_two ilog2 fls ffs hweight32 hweight64 BIT BIT_ULL GENMASK div_u64 do_div mul_u64_u32_shr
     array_index_nospec ARRAY_SIZE sizeof_field offsetof offsetofend upper_32_bits lower_32_bits typeof
     __builtin_constant_p find_first_bit find_next_bit find_first_zero_bit
     cpu_to_le32 le32_to_cpu cpu_to_le64 le64_to_cpu cpu_to_le16 le16_to_cpu
     MAJOR MINOR MKDEV new_encode_dev new_decode_dev old_encode_dev huge_encode_dev
     _IOC_DIR _IOC_SIZE _IOC_TYPE _IOC_NR _IO _IOR _IOW _IOWR smp_processor_id raw_smp_processor_id num_possible_cpus
     num_online_cpus task_cpu nr_cpu_ids cpumask_first cpumask_next numa_node_id
     mangle_poll demangle_poll poll_requested_events`,
    { source: 'include/linux/minmax.h, include/linux/math.h and their like' },
  ),
  ...returnsBoolean(
    'IS_ENABLED IS_BUILTIN IS_MODULE IS_REACHABLE IS_ALIGNED is_power_of_2 check_add_overflow check_mul_overflow check_sub_overflow',
    {
      source: 'include/linux/kconfig.h, include/linux/overflow.h',
    },
  ),
  // Lowered by program/; here for callers that ask about the name.
  ...returnsArgument('no_free_ptr return_ptr take_fd', 0, { source: 'include/linux/cleanup.h: the variable is NULL afterwards' }),
  ...returnsNothing('guard scoped_guard CLASS', { source: 'include/linux/cleanup.h: lowered before a row is asked for' }),
  ...returnsNothing(
    'DEFINE_WAIT DECLARE_WAITQUEUE DECLARE_COMPLETION_ONSTACK DECLARE_WAIT_QUEUE_HEAD_ONSTACK LIST_HEAD HLIST_HEAD DEFINE_SPINLOCK DEFINE_MUTEX DECLARE_WORK',
    {
      source: 'include/linux/wait.h, include/linux/list.h: declares a variable',
    },
  ),
  ...returnsValue(
    `ktime_get ktime_get_ns ktime_get_real ktime_get_real_seconds get_jiffies_64 msecs_to_jiffies secs_to_jiffies
     jiffies_to_msecs timespec64_to_jiffies ktime_to_ns ktime_sub ktime_add timespec64_compare
     timestamp_truncate`,
    { source: 'include/linux/jiffies.h, include/linux/ktime.h' },
  ),
  ...returnsBoolean(
    'time_after time_before time_after_eq time_before_eq time_after64 time_before64 time_is_before_jiffies time_is_after_jiffies timespec64_equal timespec64_valid',
    {
      source: 'include/linux/jiffies.h, include/linux/time64.h',
    },
  ),
  ...returnsNothing('jiffies_to_timespec64 ktime_get_real_ts64 ktime_get_coarse_real_ts64', {
    source: 'include/linux/timekeeping.h',
    dereferences: [0],
    clobbers: 'arguments',
  }),
  ...returnsBoolean('dir_emit dir_emit_dot dir_emit_dots', { source: 'include/linux/fs.h', clobbers: 'all' }),
];

const transports: readonly Contract[] = [
  ...returnsNothing('io_uring_cmd_done io_uring_cmd_complete_in_task io_uring_cmd_mark_cancelable', {
    source: 'include/linux/io_uring/cmd.h',
    dereferences: [0],
    clobbers: 'all',
  }),
  ...returnsPointer('io_uring_cmd_to_pdu io_uring_sqe_cmd io_uring_sqe128_cmd io_uring_cmd_from_tw io_uring_cmd_ctx_handle', {
    source: 'include/linux/io_uring/cmd.h',
  }),
  ...row('virtqueue_add_outbuf virtqueue_add_inbuf', [outcome('success', zero, [escape(argument(3))]), outcome('failure', errors)], {
    source: 'include/linux/virtio.h: the token comes back from virtqueue_get_buf()',
    dereferences: [0],
    clobbers: 'arguments',
  }),
  ...row('virtqueue_add_sgs', [outcome('success', zero, [escape(argument(4))]), outcome('failure', errors)], {
    source: 'include/linux/virtio.h: the token comes back from virtqueue_get_buf()',
    dereferences: [0],
    clobbers: 'arguments',
  }),
  ...returnsErrno('virtio_find_vqs register_virtio_driver', {
    source: 'include/linux/virtio_config.h',
    dereferences: [0],
    clobbers: 'all',
  }),
  ...returnsBoolean(
    'virtqueue_kick virtqueue_kick_prepare virtqueue_notify virtqueue_enable_cb virtio_get_shm_region virtio_has_feature virtqueue_is_broken',
    {
      source: 'include/linux/virtio.h',
      clobbers: 'arguments',
    },
  ),
  ...returnsPointerOrNull('virtqueue_get_buf', {
    source: 'include/linux/virtio.h: what was added, NULL where nothing is done',
    dereferences: [0, 1],
    clobbers: 'arguments',
  }),
  ...returnsNothing('virtqueue_disable_cb virtio_device_ready virtio_reset_device unregister_virtio_driver virtio_break_device', {
    source: 'include/linux/virtio.h',
    dereferences: [0],
    clobbers: 'all',
  }),
  ...returnsNothing('virtio_cread virtio_cread_le virtio_cread_bytes', { source: 'include/linux/virtio_config.h', clobbers: 'arguments' }),
  ...returnsValue('virtqueue_get_vring_size', { source: 'include/linux/virtio.h', dereferences: [0] }),
  ...returnsNothing('sg_init_one sg_init_table sg_set_page sg_set_folio sg_set_buf', {
    source: 'include/linux/scatterlist.h',
    dereferences: [0],
    clobbers: 'arguments',
  }),
  ...acquireOrNull('group_cpus_evenly', 'memory', { source: 'include/linux/group_cpus.h: an array of masks, to kfree', allocates: true }),
  ...returnsPointerOrNull('devm_request_mem_region', { source: 'include/linux/ioport.h', clobbers: 'arguments' }),
  ...returnsPointerOrError('devm_memremap_pages', { source: 'include/linux/memremap.h', clobbers: 'arguments' }),
  ...returnsErrno('devm_add_action_or_reset devm_add_action', { source: 'include/linux/device/devres.h', clobbers: 'arguments' }),
];

export const control: readonly Contract[] = [
  ...errorPointers,
  ...assertions,
  ...logging,
  ...locking,
  ...waiting,
  ...userMemory,
  ...bytes,
  ...numbers,
  ...transports,
];
