// Locks that a thread holds: spinlocks, rwlocks, mutexes and rwsems, and what asserts that they are held.
import { blocked, type IntrinsicCall, type IntrinsicTable, type Machine } from './machine.js';
import { each, errno, given, isTrue, joined, nothing, written, type IntrinsicBody } from './values.js';

type Mode = 'exclusive' | 'shared';

/** How a kind of lock is taken and dropped; `at` is the argument that points to it. */
export interface LockOf {
  take(m: Machine, call: IntrinsicCall, at: number): typeof blocked | 0;
  tryTake(m: Machine, call: IntrinsicCall, at: number): boolean;
  drop(m: Machine, call: IntrinsicCall, at: number): void;
}

/**
 * What a thread with a spinning lock is inside of, in the words of the call that took it. The same for all locks of a kind: one
 * is written in many ways, and has to be left by the name that it was entered by.
 */
export function sectionOf(name: string): string {
  return `${/^(xa|read|write)_/.exec(name)?.[0] ?? 'spin_'}lock()`;
}

/** Whoever waits for it spins, and whoever holds it must not sleep. */
function spinning(mode: Mode, name: string): LockOf {
  const section = sectionOf(name);
  return {
    take(m, call, at) {
      if (m.acquire(given(call, at), mode, `${name}(${written(call, at)})`) === blocked) return blocked;
      m.enterAtomic(section);
      return 0;
    },
    tryTake(m, call, at) {
      if (!m.tryAcquire(given(call, at), mode, `${name}(${written(call, at)})`)) return false;
      m.enterAtomic(section);
      return true;
    },
    drop(m, call, at) {
      m.release(given(call, at), mode, `${name}(${written(call, at)})`);
      m.leaveAtomic(section);
    },
  };
}

/** Whoever waits for it sleeps. */
function sleeping(mode: Mode, name: string): LockOf {
  return {
    take(m, call, at) {
      m.sleeps(`${name}()`);
      return m.acquire(given(call, at), mode, `${name}(${written(call, at)})`);
    },
    tryTake: (m, call, at) => m.tryAcquire(given(call, at), mode, `${name}(${written(call, at)})`),
    drop: (m, call, at) => m.release(given(call, at), mode, `${name}(${written(call, at)})`),
  };
}

/** The lock that a `..._dec_and_lock()` of that name takes. */
export function lockFor(name: string): LockOf {
  return name.includes('mutex') ? sleeping('exclusive', name) : spinning('exclusive', name);
}

type Kind = (mode: Mode, name: string) => LockOf;

/** Takes it, and gives nothing back: lock functions that can't fail are void. */
const takes = (kind: Kind, mode: Mode): ((name: string) => IntrinsicBody) => {
  return (name) => (m, call) => (kind(mode, name).take(m, call, 0) === blocked ? blocked : undefined);
};

/** 0 with the lock held, or -EINTR where a signal came first. */
const takesUnlessInterrupted = (mode: Mode): ((name: string) => IntrinsicBody) => {
  return (name) => (m, call) => {
    m.sleeps(`${name}()`);
    return m.fails(name) ? -errno.EINTR : m.acquire(given(call, 0), mode, `${name}(${written(call, 0)})`);
  };
};

const triesTo = (kind: Kind, mode: Mode): ((name: string) => IntrinsicBody) => {
  return (name) => (m, call) => (kind(mode, name).tryTake(m, call, 0) ? 1 : 0);
};

const drops = (kind: Kind, mode: Mode): ((name: string) => IntrinsicBody) => {
  return (name) => (m, call) => kind(mode, name).drop(m, call, 0);
};

/** Whether anybody holds the lock. */
const isLocked: IntrinsicBody = (m, call) => {
  const lock = given(call, 0);
  if (m.holds(lock)) return 1;
  if (!m.tryAcquire(lock, 'exclusive', 'a look at the lock')) return 1;
  m.release(lock, 'exclusive', 'a look at the lock');
  return 0;
};

/** A lock's bytes say nothing here, but are no longer indeterminate; what was kept of an earlier life is gone. */
const initialises: IntrinsicBody = (m, call) => {
  m.usable(given(call, 0), 'the initialisation of a lock');
};

const spin: IntrinsicTable = joined(
  each(
    `spin_lock spin_lock_bh spin_lock_irq spin_lock_irqsave spin_lock_nested spin_lock_irqsave_nested raw_spin_lock
     raw_spin_lock_bh raw_spin_lock_irq raw_spin_lock_irqsave write_lock write_lock_bh write_lock_irq write_lock_irqsave`,
    takes(spinning, 'exclusive'),
  ),
  each('read_lock read_lock_bh read_lock_irq read_lock_irqsave', takes(spinning, 'shared')),
  each('spin_trylock spin_trylock_bh spin_trylock_irq spin_trylock_irqsave raw_spin_trylock write_trylock', triesTo(spinning, 'exclusive')),
  each('read_trylock', triesTo(spinning, 'shared')),
  each(
    `spin_unlock spin_unlock_bh spin_unlock_irq spin_unlock_irqrestore raw_spin_unlock raw_spin_unlock_bh raw_spin_unlock_irq
     raw_spin_unlock_irqrestore write_unlock write_unlock_bh write_unlock_irq write_unlock_irqrestore`,
    drops(spinning, 'exclusive'),
  ),
  each('read_unlock read_unlock_bh read_unlock_irq read_unlock_irqrestore', drops(spinning, 'shared')),
  each('spin_is_locked raw_spin_is_locked', () => isLocked),
  each('spin_lock_init raw_spin_lock_init rwlock_init DEFINE_SPINLOCK', () => initialises),
);

const mutexes: IntrinsicTable = joined(
  each('mutex_lock mutex_lock_nested mutex_lock_io', takes(sleeping, 'exclusive')),
  each('mutex_lock_interruptible mutex_lock_killable', takesUnlessInterrupted('exclusive')),
  each('mutex_trylock', triesTo(sleeping, 'exclusive')),
  each('mutex_unlock', drops(sleeping, 'exclusive')),
  each('mutex_is_locked', () => isLocked),
  each('mutex_init __mutex_init DEFINE_MUTEX', () => initialises),
  {
    mutex_destroy(m, call) {
      if (isLocked(m, call) === 1) m.report('warning', `mutex_destroy(${written(call, 0)}): it is held`, { goesOn: true });
    },
  },
);

const rwsems: IntrinsicTable = joined(
  each('down_read down_read_nested down_read_non_owner percpu_down_read', takes(sleeping, 'shared')),
  each('down_write down_write_nested percpu_down_write', takes(sleeping, 'exclusive')),
  each('down_read_interruptible down_read_killable', takesUnlessInterrupted('shared')),
  each('down_write_killable', takesUnlessInterrupted('exclusive')),
  each('down_read_trylock percpu_down_read_trylock', triesTo(sleeping, 'shared')),
  each('down_write_trylock', triesTo(sleeping, 'exclusive')),
  each('up_read up_read_non_owner percpu_up_read', drops(sleeping, 'shared')),
  each('up_write percpu_up_write', drops(sleeping, 'exclusive')),
  each('rwsem_is_locked', () => isLocked),
  each('init_rwsem __init_rwsem', () => initialises),
  {
    // Nobody else can have it in between, whoever waits.
    downgrade_write(m, call) {
      const lock = given(call, 0);
      m.release(lock, 'exclusive', `downgrade_write(${written(call, 0)})`);
      m.tryAcquire(lock, 'shared', `downgrade_write(${written(call, 0)})`);
    },
  },
);

/** What lockdep says of a lock that is held, or not held, against an assertion (Documentation/locking/lockdep-design.rst). */
const asserts = (wanted: boolean): ((name: string) => IntrinsicBody) => {
  return (name) => (m, call) => {
    if (m.holds(given(call, 0)) !== wanted)
      m.report('warning', `${name}(${written(call, 0)}): it is ${wanted ? 'not held' : 'held'}`, { goesOn: true });
  };
};

const assertions: IntrinsicTable = joined(
  each('lockdep_assert_held lockdep_assert_held_write lockdep_assert_held_read lockdep_assert_held_once assert_spin_locked', asserts(true)),
  each('lockdep_assert_not_held', asserts(false)),
  each('lockdep_is_held lockdep_is_held_type', () => (m, call) => (m.holds(given(call, 0)) ? 1 : 0)),
  each('lockdep_assert lockdep_assert_once', (name) => (m, call) => {
    if (!isTrue(given(call, 0))) m.report('warning', `${name}(${written(call, 0)})`, { goesOn: true });
  }),
  each(
    `lockdep_set_class lockdep_set_class_and_name lockdep_set_subclass lockdep_set_novalidate_class lockdep_init_map
     lockdep_register_key lockdep_unregister_key might_lock might_lock_read __acquire __release __acquires __releases`,
    () => nothing,
  ),
);

/** A section without a lock in which nobody may sleep; told by the name of what began it. */
const section = (begins: string, ends: string): IntrinsicTable => {
  const what = `${begins.split(' ')[0] ?? begins}()`;
  return joined(
    each(begins, () => (m) => m.enterAtomic(what)),
    each(ends, () => (m) => m.leaveAtomic(what)),
  );
};

const sections: IntrinsicTable = joined(
  section('preempt_disable migrate_disable', 'preempt_enable preempt_enable_no_resched migrate_enable'),
  section('local_irq_disable local_irq_save', 'local_irq_enable local_irq_restore'),
  section('local_bh_disable', 'local_bh_enable'),
);

/** Locks with an owner, assertions about them, and sections that must not sleep without any. */
export const locks = joined(spin, mutexes, rwsems, assertions, sections);
