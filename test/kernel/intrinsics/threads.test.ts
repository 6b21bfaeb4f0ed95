// Locks, RCU, waiting, work and reports: what they tell the machine, and that nothing is done by a call that has to wait.
import { describe, expect, test } from 'vitest';
import { blocked } from '../../../extension/kernel/intrinsics/machine.js';
import { FakeMachine } from './fake-machine.js';

describe('locks', () => {
  test('a spinlock is held once, and who holds it must not sleep', () => {
    const m = new FakeMachine();
    const lock = m.room(8);
    expect(m.call('spin_lock', [lock], { texts: ['&fc->lock'] })).toBe(undefined);
    m.call('kmalloc', [8, 0xcc0]);
    expect(m.reports).toEqual(['sleep-in-atomic: kmalloc()']);
    m.thread = 1;
    expect(m.call('spin_lock', [lock])).toBe(blocked);
    expect(m.call('spin_trylock', [lock])).toBe(0);
    m.thread = 0;
    // As written elsewhere: the section ends all the same.
    m.call('spin_unlock', [lock], { texts: ['&fiq->fc->lock'] });
    expect([m.atomic, [...m.locks]]).toEqual([[], []]);
  });

  test.each([
    ['spin_lock_irqsave', 'spin_unlock_irqrestore'],
    ['raw_spin_lock', 'raw_spin_unlock'],
    ['read_lock_bh', 'read_unlock_bh'],
    ['write_lock', 'write_unlock'],
    ['xa_lock_irq', 'xa_unlock_irq'],
    ['mutex_lock', 'mutex_unlock'],
    ['down_read', 'up_read'],
    ['down_write', 'up_write'],
    ['write_seqlock', 'write_sequnlock'],
    ['local_irq_save', 'local_irq_restore'],
    ['preempt_disable', 'preempt_enable'],
    ['rcu_read_lock_bh', 'rcu_read_unlock_bh'],
    ['srcu_read_lock', 'srcu_read_unlock'],
  ])('%s is undone by %s', (take, drop) => {
    const m = new FakeMachine();
    const lock = m.room(8);
    expect(m.call(take, [lock, 0])).not.toBe(blocked);
    m.call(drop, [lock, 0]);
    expect([m.atomic, [...m.locks], m.inReader, m.reports]).toEqual([[], [], false, []]);
  });

  test('a mutex sleeps, and a signal may end the wait', () => {
    const m = new FakeMachine();
    const lock = m.room(8);
    m.failing.push('mutex_lock_killable');
    expect(m.call('mutex_lock_killable', [lock])).toBe(-4);
    expect(m.holds(lock)).toBe(false);
    expect(m.call('mutex_lock_killable', [lock])).toBe(0);
    expect(m.slept).toEqual(['mutex_lock_killable()', 'mutex_lock_killable()']);
    expect(m.call('mutex_is_locked', [lock])).toBe(1);
    m.thread = 1;
    expect(m.call('mutex_is_locked', [lock])).toBe(1);
    expect(m.call('mutex_trylock', [lock])).toBe(0);
    m.thread = 0;
    m.call('mutex_unlock', [lock]);
    expect(m.call('mutex_is_locked', [lock])).toBe(0);
  });

  test('an rwsem is shared, alone, and brought down from one to the other', () => {
    const m = new FakeMachine();
    const lock = m.room(8);
    m.call('down_write', [lock]);
    m.call('downgrade_write', [lock]);
    m.thread = 1;
    expect(m.call('down_read', [lock])).toBe(undefined);
    expect(m.call('down_write_trylock', [lock])).toBe(0);
    m.call('up_read', [lock]);
    m.thread = 0;
    m.call('up_read', [lock]);
    expect([...m.locks]).toEqual([]);
  });

  test('assertions about locks are warnings', () => {
    const m = new FakeMachine();
    const lock = m.room(8);
    m.call('lockdep_assert_held', [lock], { texts: ['&fi->lock'] });
    m.call('spin_lock', [lock]);
    m.call('lockdep_assert_held', [lock]);
    m.call('lockdep_assert_not_held', [lock], { texts: ['&fi->lock'] });
    expect(m.reports).toEqual([
      'warning: lockdep_assert_held(&fi->lock): it is not held',
      'warning: lockdep_assert_not_held(&fi->lock): it is held',
    ]);
  });

  test('semaphores and sequence counts count', () => {
    const m = new FakeMachine();
    const [semaphore, seq] = [m.room(8), m.room(8)];
    m.call('sema_init', [semaphore, 1]);
    expect([m.call('down_trylock', [semaphore]), m.call('down_trylock', [semaphore])]).toEqual([0, 1]);
    m.call('up', [semaphore]);
    expect([m.call('down_trylock', [semaphore]), m.woken]).toEqual([0, [`${semaphore} one`]]);
    m.call('write_seqcount_begin', [seq]);
    expect(m.call('raw_read_seqcount', [seq])).toBe(1);
    m.call('write_seqcount_end', [seq]);
    expect([m.call('read_seqcount_retry', [seq, 2]), m.call('read_seqcount_retry', [seq, 0])]).toEqual([0, 1]);
  });
});

describe('RCU', () => {
  test('readers hold a grace period back, and callbacks come after it', () => {
    const m = new FakeMachine();
    m.call('rcu_read_lock', []);
    expect(m.call('rcu_read_lock_held', [])).toBe(1);
    expect(m.call('synchronize_rcu', [])).toBe(blocked);
    m.call('rcu_read_unlock', []);
    expect(m.call('synchronize_rcu', [])).toBe(undefined);
    m.call('call_rcu', [0x100, 0x200]);
    expect(m.pending).toEqual([{ when: 'grace-period', fn: 0x200, argument: 0x100 }]);
  });

  test('a pointer read without protection is reported', () => {
    const m = new FakeMachine();
    expect(m.call('rcu_dereference', [0x40], { texts: ['fi->fb'] })).toBe(0x40);
    m.call('rcu_dereference_check', [0x40, 1]);
    m.call('rcu_dereference_protected', [0x40, 0], { texts: ['fi->fb'] });
    m.call('rcu_read_lock', []);
    m.call('rcu_dereference', [0x40]);
    expect(m.reports).toEqual([
      'rcu-outside: rcu_dereference(fi->fb): no RCU reader',
      'rcu-outside: rcu_dereference_protected(fi->fb): neither an RCU reader nor its lock held',
    ]);
  });

  test('SRCU readers may sleep, and hold back their own domain alone', () => {
    const m = new FakeMachine();
    const [one, other] = [m.room(8), m.room(8)];
    expect(m.call('srcu_read_lock', [one])).toBe(0);
    expect(m.call('synchronize_srcu', [other])).toBe(undefined);
    m.thread = 1;
    expect(m.call('synchronize_srcu', [one])).toBe(blocked);
  });
});

describe('waiting', () => {
  test('a wait waits on its queue, and a signal may end it', () => {
    const m = new FakeMachine();
    const queue = m.room(16);
    expect(m.call('wait_event', [queue])).toBe(blocked);
    m.failing.push('wait_event_killable');
    expect(m.call('wait_event_killable', [queue])).toBe(-512);
    expect(m.call('wait_event_killable', [queue])).toBe(blocked);
    m.call('wake_up', [queue]);
    m.call('wake_up_all', [queue]);
    expect(m.woken).toEqual([`${queue} one`, `${queue} all`]);
  });

  test('a wait with a timeout looks twice', () => {
    const m = new FakeMachine();
    const queue = m.room(16);
    expect([1, 2, 3].map(() => m.call('wait_event_timeout', [queue, 100]))).toEqual([100, 0, 100]);
    expect(m.slept).toHaveLength(3);
  });

  test('a completion is taken as often as it was given, or for good', () => {
    const m = new FakeMachine();
    const done = m.room(32);
    m.call('init_completion', [done]);
    expect(m.call('try_wait_for_completion', [done])).toBe(0);
    m.call('complete', [done]);
    expect([m.call('completion_done', [done]), m.call('try_wait_for_completion', [done])]).toEqual([1, 1]);
    expect(m.call('try_wait_for_completion', [done])).toBe(0);
    m.call('complete_all', [done]);
    expect([1, 2, 3].map(() => m.call('try_wait_for_completion', [done]))).toEqual([1, 1, 1]);
    m.call('reinit_completion', [done]);
    expect(m.call('wait_for_completion_timeout', [done, 5])).toBe(0);
  });

  test('giving way is sleeping', () => {
    const m = new FakeMachine();
    m.call('cond_resched', []);
    m.call('might_sleep_if', [0]);
    m.call('msleep', [10]);
    expect(m.slept).toEqual(['cond_resched()', 'msleep()']);
  });
});

describe('work', () => {
  const about = { offsets: { 'work_struct.func': 24, 'delayed_work.work': 8, 'timer_list.function': 16 } };

  test('is queued once, and taken back', () => {
    const m = new FakeMachine();
    const work = m.room(32);
    m.call('INIT_WORK', [work, 0x777], about);
    expect(m.call('queue_work', [0x1, work], about)).toBe(1);
    expect(m.call('schedule_work', [work], about)).toBe(0);
    expect(m.pending).toEqual([{ when: 'work', fn: 0x777, argument: work }]);
    expect(m.call('work_pending', [work], about)).toBe(1);
    expect(m.call('cancel_work', [work], about)).toBe(1);
    expect(m.call('cancel_work', [work], about)).toBe(0);
    expect(m.pending).toEqual([]);
  });

  test('delayed work is called with the work in it, a timer with itself', () => {
    const m = new FakeMachine();
    const [work, timer] = [m.room(64), m.room(64)];
    m.call('INIT_DELAYED_WORK', [work, 0x777], about);
    expect(m.call('mod_delayed_work', [0x1, work, 5], about)).toBe(0);
    expect(m.call('mod_delayed_work', [0x1, work, 5], about)).toBe(1);
    m.call('timer_setup', [timer, 0x888, 0], about);
    m.call('mod_timer', [timer, 5], about);
    expect(m.pending).toEqual([
      { when: 'work', fn: 0x777, argument: work + 8 },
      { when: 'timer', fn: 0x888, argument: timer },
    ]);
  });
});

describe('reports', () => {
  test('WARN_ON() tells its condition, answers it, and goes on', () => {
    const m = new FakeMachine();
    expect(m.call('WARN_ON_ONCE', [0], { texts: ['!fb'] })).toBe(0);
    expect(m.call('WARN_ON', [5], { texts: ['refcount_read(&fb->count)'] })).toBe(1);
    expect(m.call('WARN', [1, m.string('id %d\n'), 3], { texts: ['id'] })).toBe(1);
    m.call('BUG', []);
    expect(m.reports).toEqual(['warning: WARN_ON(refcount_read(&fb->count))', 'warning: WARN(id): id %d', 'bug: BUG()']);
  });

  test('the log and tracepoints are printed', () => {
    const m = new FakeMachine();
    m.call('pr_debug', [m.string('id %d of %s\n'), 3, m.string('fuse')]);
    m.call('printk', [m.string('\u00016level\n')]);
    m.call('trace_fuse_request_send', [7, 0x1234], {
      texts: ['id', 'req'],
      types: [{ kind: 'void' }, { kind: 'pointer', to: { kind: 'void' }, attributes: [] }],
    });
    expect(m.printed).toEqual(['id 3 of fuse', 'level', 'trace_fuse_request_send(id=7, req=0x1234)']);
  });
});
