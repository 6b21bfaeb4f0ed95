// The guard and object classes that the kernel's own headers define: which calls they make.
import type { CType } from '../syntax/ast.js';
import { intType, pointerTo } from './types.js';

export interface GuardClass {
  readonly lock: string;
  readonly unlock: string;
  /** What else lock and unlock share: the flags given to the lock, or the index it returns. */
  readonly state?: 'flags' | 'index';
  /** What a lock that may be refused returns where it was taken; absent where it always is. */
  readonly succeeds?: 'zero' | 'nonzero';
}

/** By class name, from include/linux/{mutex,spinlock,rwsem,rcupdate,srcu,irqflags,preempt,percpu-rwsem,...}.h. */
export const guardClasses: Readonly<Record<string, GuardClass>> = {
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

export interface ObjectClass {
  readonly type: CType;
  readonly acquire: string;
  readonly release: string;
  /** `held`: where the object is neither NULL nor an ERR_PTR; `valid`: where it is not negative. */
  readonly releasedIf: 'always' | 'held' | 'valid';
}

const fd: CType = { kind: 'record', union: false, tag: 'fd', record: null };
const filename: CType = pointerTo({ kind: 'record', union: false, tag: 'filename', record: null });

/** `CLASS(name, variable)(arguments)`, from include/linux/{file,fs,cred}.h. */
export const objectClasses: Readonly<Record<string, ObjectClass>> = {
  fd: { type: fd, acquire: 'fdget', release: 'fdput', releasedIf: 'always' },
  fd_raw: { type: fd, acquire: 'fdget_raw', release: 'fdput', releasedIf: 'always' },
  fd_pos: { type: fd, acquire: 'fdget_pos', release: 'fdput_pos', releasedIf: 'always' },
  get_unused_fd: { type: intType, acquire: 'get_unused_fd_flags', release: 'put_unused_fd', releasedIf: 'valid' },
  filename: { type: filename, acquire: 'getname', release: 'putname', releasedIf: 'held' },
  filename_flags: { type: filename, acquire: 'getname_flags', release: 'putname', releasedIf: 'held' },
  prepare_creds: {
    type: pointerTo({ kind: 'record', union: false, tag: 'cred', record: null }),
    acquire: 'prepare_creds',
    release: 'put_cred',
    releasedIf: 'held',
  },
};
