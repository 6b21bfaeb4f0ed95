// Recorded logs as reports, whatever else is printed between and wherever they are cut.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distinctReports, readKernelLog, type LogReport } from '../../extension/executor/kernel-log.js';
import { readLeaks } from '../../extension/executor/leaks.js';

const recorded = (name: string) => readFileSync(new URL(`../fixtures/kernel-logs/${name}`, import.meta.url), 'utf8');
const reportsOf = (name: string) => readKernelLog(recorded(name)).reports;
const told = ({ kind, title, frames }: LogReport) => [kind, title, frames.find(({ sure }) => sure)?.function];

const stamped = (text: string, caller = '') =>
  text
    .trim()
    .split('\n')
    .map((line) => `[    1.250000]${caller} ${line}`)
    .join('\n');

describe('a use after free', () => {
  const log = readKernelLog(recorded('shared-backing.log'));

  test('is told with the function that touched the memory, and belongs to the operation that it came up in', () => {
    const [first, second, ...more] = log.reports;
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      kind: 'kasan',
      title: 'KASAN: slab-use-after-free in fuse_backing_get+0x68/0xf0',
      id: 'kasan: slab-use-after-free in fuse_backing_get < fuse_backing_get < fuse_backing_lookup < fuse_backing_close',
      operation: 5,
      seconds: 5.57,
      belongs: { run: 1, round: 0, operation: 5, canary: null },
    });
    const names = first!.frames.filter(({ sure }) => sure).map((frame) => frame.function);
    expect(names.slice(0, 4)).toEqual(['fuse_backing_get', 'fuse_backing_lookup', 'fuse_backing_close', 'fuse_dev_ioctl']);
    expect(first!.frames[0]).toEqual({
      function: 'fuse_backing_get',
      offset: 0x68,
      size: 0xf0,
      module: null,
      inlined: false,
      sure: true,
      at: null,
      exact: false,
    });
    expect(distinctReports([first!, second!])).toEqual([first]);
  });

  test('says where the memory came from and where it went', () => {
    const { related, text } = log.reports[0]!;
    expect(related.map(({ title, frames }) => [title, frames[0]?.function])).toEqual([
      ['Allocated by task 1', 'fuse_backing_open'],
      ['Freed by task 12', 'kvfree_rcu_cb'],
      ['Last potentially related work creation', '__call_rcu_common.constprop.0'],
      ['Second to last potentially related work creation', 'kvfree_call_rcu'],
    ]);
    expect(text).toMatch(/^=+\nBUG: KASAN: /);
    expect(text).toMatch(/\n=+$/);
    expect(text).not.toMatch(/^\[ /m);
  });
});

describe('each kind', () => {
  test.each([
    ['kasan.log', 'kasan', 'KASAN: slab-use-after-free in read_freed.isra.0+0x11/0x20 [provoke]', 'read_freed.isra.0'],
    ['bug.log', 'bug', 'kernel BUG at provoke.c:40!', 'provoke'],
    ['bug-6.12.log', 'bug', 'kernel BUG at provoke.c:40!', 'provoke'],
    ['sleep-in-atomic.log', 'atomic-sleep', 'sleeping function called from invalid context at provoke.c:43', 'provoke'],
    ['schedule-in-atomic.log', 'atomic-sleep', 'scheduling while atomic: init/1/0x00000002', '__schedule'],
    ['lockdep-circular.log', 'lockdep', 'possible circular locking dependency detected', '__mutex_lock'],
    ['lockdep-recursive.log', 'lockdep', 'possible recursive locking detected', '__mutex_lock'],
    ['lockdep-inconsistent.log', 'lockdep', 'inconsistent lock state', '_raw_spin_lock'],
    ['lockdep-held-lock-freed.log', 'lockdep', 'held lock freed!', 'provoke'],
    ['lockdep-unlock-balance.log', 'lockdep', 'bad unlock balance detected!', '__mutex_unlock_slowpath'],
    ['lockdep-held-on-return.log', 'lockdep', 'lock held when returning to user space!', undefined],
    ['lockdep-rcu.log', 'lockdep', 'suspicious RCU usage', 'provoke'],
    ['debug-objects.log', 'debug-objects', expect.stringMatching(/^ODEBUG: activate active .* object: … object type: rcu_head/), undefined],
    ['hung-task.log', 'hung-task', 'task init:1 blocked for more than 20 seconds.', '__schedule'],
    ['soft-lockup.log', 'soft-lockup', 'soft lockup stuck for 13s! [init:1]', 'delay_loop'],
    ['rcu-stall.log', 'rcu-stall', 'rcu_preempt detected stalls on CPUs/tasks:', 'delay_tsc'],
    ['panic.log', 'panic', 'Kernel panic - not syncing: provoked', 'provoke'],
    ['panic-at-boot.log', 'panic', expect.stringContaining('VFS: Unable to mount root fs'), 'mount_root_generic'],
  ])('%s is %s', (file, kind, title, top) => {
    const [report] = reportsOf(file);
    expect(report && [report.kind, report.title]).toEqual([kind, title]);
    if (top !== undefined) expect(told(report!)[2]).toBe(top);
  });

  test('warnings by what they warn of, in the format of 7.2', () => {
    expect(reportsOf('warnings.log').map(told)).toEqual([
      ['ubsan', 'UBSAN: shift-out-of-bounds in provoke.c:33:45', 'provoke.cold'],
      ['refcount', 'refcount_t: decrement hit 0; leaking memory', 'provoke'],
      ['refcount', 'refcount_t: addition on 0; use-after-free', 'provoke'],
      ['list', 'list_del corruption, …->next is LIST_POISON1 (…)', 'provoke'],
      ['list', 'list_add double add: new=…, prev=…, next=….', 'provoke'],
      ['warning', 'WARNING: provoke.c:38 at provoke+0x636/0xd36 [provoke]', 'provoke'],
      ['warning', 'WARNING: provoke.c:39 at provoke+0x5c8/0xd36 [provoke]', 'provoke'],
    ]);
  });

  test('and in that of 6.12, with the same titles', () => {
    expect(reportsOf('warnings-6.12.log').map(told)).toEqual([
      ['ubsan', 'UBSAN: shift-out-of-bounds in provoke.c:33:45', 'provoke.cold'],
      ['refcount', 'refcount_t: addition on 0; use-after-free', 'provoke'],
      ['list', 'list_del corruption, …->next is LIST_POISON1 (…)', 'provoke'],
      ['warning', 'WARNING: provoke.c:38 at provoke+0x678/0xd9c [provoke]', 'provoke'],
    ]);
  });

  // kernel/locking/lockdep.c, kernel/sched/core.c, mm/slub.c, lib/list_debug.c, kernel/rcu/tree_stall.h, arch/x86/kernel/traps.c.
  test.each([
    ['WARNING: HARDIRQ-safe -> HARDIRQ-unsafe lock order detected', 'lockdep'],
    ['WARNING: possible irq lock inversion dependency detected', 'lockdep'],
    ['WARNING: Nested lock was not taken', 'lockdep'],
    ['WARNING: bad contention detected!', 'lockdep'],
    ['WARNING: init/71 still has locks held!', 'lockdep'],
    ['[ BUG: Invalid wait context ]', 'lockdep'],
    ['BUG: scheduling in a non-blocking section: init/71/1', 'atomic-sleep'],
    ['BUG: assuming atomic context at fs/fuse/dev.c:12', 'atomic-sleep'],
    ['BUG kmalloc-64 (Not tainted): Poison overwritten', 'bug'],
    ['BUG: Bad page state in process init  pfn:00b9f', 'bug'],
    ['list_add corruption. next->prev should be prev (ff11000000b9f480), but was dead000000000122. (next=ff11000000b9f4c0).', 'list'],
    ['rcu: INFO: rcu_preempt self-detected stall on CPU', 'rcu-stall'],
    ['rcu: INFO: rcu_preempt detected expedited stalls on CPUs/tasks: { P71 } 21 jiffies s: 5 root: 0x0/T', 'rcu-stall'],
    ['INFO: task init:71 blocked in I/O wait for more than 20 seconds.', 'hung-task'],
    ['BUG: unable to handle page fault for address: ffffffffdeadbeef', 'oops'],
    ['traps: PANIC: double fault, error_code: 0x0', 'oops'],
    ['Oops: divide error: 0000 [#1] SMP', 'oops'],
    ['general protection fault, probably for non-canonical address 0xdead000000000100: 0000 [#1] PREEMPT SMP', 'oops'],
    ['WARNING: at fuse_dev_do_read+0x12/0x400, CPU#1: init/71', 'warning'],
  ])('by its first line, without addresses: %s', (line, kind) => {
    const { reports } = readKernelLog(stamped(line));
    expect(reports.map((report) => report.kind)).toEqual([kind]);
    expect(reports[0]!.title).not.toMatch(/[0-9a-f]{16}|CPU#/);
  });

  test.each([
    'traps: init[71] general protection fault ip:43e10b sp:7ffc00000000 error:0 in init',
    'WARNING: this system has no clock',
    'kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)',
    'fuse-review: note BUG: none',
    'BUG: MAX_LOCKDEP_ENTRIES too low!',
  ])('and nothing of what merely sounds like one: %s', (line) => {
    expect(readKernelLog(stamped(line)).reports).toEqual([]);
  });

  test('in the canary that it came up in', () => {
    expect(reportsOf('kasan.log').map(({ belongs, operation }) => [belongs.canary, operation])).toEqual([
      ['uaf', -1],
      ['uafrcu', -1],
      ['oob', -1],
      ['oob', -1],
      ['doublefree', -1],
    ]);
  });

  test('locks that are held, by holder', () => {
    const [, second] = reportsOf('hung-task.log');
    expect(second!.related.map(({ title, frames }) => [title, frames[0]?.function])).toEqual([
      ['init/1 holds (sb_writers#3){.+.+}-{0:0}', 'ksys_write'],
      ['init/1 holds (a){+.+.}-{4:4}', 'provoke'],
      ['khungtaskd/22 holds (rcu_read_lock){....}-{1:3}', 'debug_show_all_locks'],
      ['sleeper/31 holds (a){+.+.}-{4:4}', 'sleeper'],
    ]);
    expect(reportsOf('lockdep-held-on-return.log')[0]!.id).toBe('lockdep: lock held when returning to user space < provoke');
  });
});

describe('one splat is one report', () => {
  test.each([
    ['panic-on-warn.log', 'warning'],
    ['kasan-panic-on-warn.log', 'kasan'],
    ['bug.log', 'bug'],
  ])('with the panic that it ends in: %s', (file, kind) => {
    const reports = reportsOf(file);
    expect(reports.map((report) => report.kind)).toEqual([kind]);
    expect(reports[0]!.text).toContain('Kernel panic - not syncing');
  });

  test.each(['null-dereference.log', 'null-dereference-6.12.log', 'panic-on-oops.log', 'wild-access.log'])(
    'with the crash that KASAN foresaw: %s',
    (file) => {
      const reports = reportsOf(file);
      expect(reports.map(({ kind }) => kind)).toEqual(['kasan']);
      expect(reports[0]!.related.map(({ title }) => title)).toEqual([
        expect.stringMatching(/^(?:kernel NULL pointer dereference|general protection fault) in provoke\+0x/),
      ]);
    },
  );

  test('but not where init ends by itself after a warning', () => {
    const log = `${recorded('warnings.log')}\n${stamped('Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100')}`;
    const { reports } = readKernelLog(log);
    expect(reports.at(-1)).toMatchObject({
      kind: 'panic',
      title: 'Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100',
    });
  });
});

// arch/x86/mm/fault.c and arch/x86/kernel/dumpstack.c, without KASAN.
const crash = `
BUG: kernel NULL pointer dereference, address: 0000000000000018
#PF: supervisor read access in kernel mode
Oops: Oops: 0000 [#1] SMP
CPU: 0 UID: 0 PID: 71 Comm: init Not tainted 7.2.0 #1 PREEMPT
RIP: 0010:fuse_backing_close+0x4c/0x220
Code: 48 <8b> 00
Call Trace:
 <TASK>
 ? show_regs+0x1/0x20
 fuse_dev_ioctl+0xd5/0x2c0
 </TASK>
---[ end trace 0000000000000000 ]---
RIP: 0010:fuse_backing_close+0x4c/0x220
`;

describe('a crash', () => {
  test('begins at its instruction, which no call returns to', () => {
    const [report] = readKernelLog(stamped(crash)).reports;
    expect(report).toMatchObject({
      kind: 'oops',
      title: 'kernel NULL pointer dereference in fuse_backing_close+0x4c/0x220',
      id: 'oops: kernel NULL pointer dereference in fuse_backing_close < fuse_backing_close < fuse_dev_ioctl',
    });
    expect(report!.frames.map((frame) => [frame.function, frame.exact, frame.sure])).toEqual([
      ['fuse_backing_close', true, true],
      ['show_regs', false, false],
      ['fuse_dev_ioctl', false, true],
    ]);
  });

  test('is another one where it says so', () => {
    const again = crash.replace('[#1]', '[#2]').replace(/BUG: kernel.*\n/, '');
    expect(readKernelLog(stamped(crash) + '\n' + stamped(again)).reports.map(({ kind }) => kind)).toEqual(['oops', 'oops']);
    const nested = crash.replace(/---\[ end[^]*/, '');
    expect(readKernelLog(stamped(nested) + '\n' + stamped(again)).reports.map(({ title }) => title)).toEqual([
      'kernel NULL pointer dereference in fuse_backing_close+0x4c/0x220',
      'Oops in fuse_backing_close+0x4c/0x220',
    ]);
  });

  test('of two tasks at once is told apart by who printed, and belongs to what that task did', () => {
    const one = stamped(`fuse-review: begin 4 0 2 1\n${crash.trim()}`, '[   T71]').split('\n');
    const two = stamped(`fuse-review: begin 4 0 3 2\n${crash.trim().replaceAll('fuse_backing_close', 'fuse_open')}`, '[   T72]').split(
      '\n',
    );
    const mixed = one.flatMap((line, index) => [line, two[index] ?? '']).join('\r\n');
    expect(readKernelLog(mixed).reports.map(({ title, operation }) => [title, operation])).toEqual([
      ['kernel NULL pointer dereference in fuse_backing_close+0x4c/0x220', 2],
      ['kernel NULL pointer dereference in fuse_open+0x4c/0x220', 3],
    ]);
  });
});

describe('an injected fault', () => {
  test('is no report, and tells what failed and who asked', () => {
    const log = readKernelLog(recorded('fault-injection.log'));
    expect(log.reports).toEqual([]);
    expect(log.faults.map(({ name, belongs }) => [name, belongs.operation])).toEqual([['fail_usercopy', 0]]);
    expect(log.faults[0]!.frames.slice(0, 2).map((frame) => frame.function)).toEqual(['_copy_from_user', 'fuse_dev_ioctl']);
  });
});

describe('leaks', () => {
  test('are told with who allocated', () => {
    const leaks = readLeaks(recorded('kmemleak.txt'));
    expect(leaks).toHaveLength(3);
    expect(told(leaks[0]!)).toEqual(['kmemleak', 'unreferenced object (size 96)', 'provoke']);
    expect(leaks[0]!.id).toBe('kmemleak: unreferenced object (size N) < provoke < proc_reg_write < vfs_write');
    expect(leaks[1]!.line).toBe(16);
    expect(distinctReports(leaks)).toHaveLength(1);
    expect(readLeaks('')).toEqual([]);
  });
});

describe('what no longer watches', () => {
  const lines = [
    '** 12 printk messages dropped **',
    'kmemleak: Memory pool empty, consider increasing CONFIG_DEBUG_KMEMLEAK_MEM_POOL_SIZE',
    'ODEBUG: Out of memory. ODEBUG disabled',
    'turning off the locking correctness validator.',
  ];

  test.each(lines)('is told: %s', (line) => {
    expect(readKernelLog(stamped(line))).toMatchObject({ reports: [], blind: [{ text: line }] });
  });

  test('is expected in canaries, and after a report', () => {
    expect(readKernelLog(stamped(`fuse-review: canary refcount\n${lines[3] ?? ''}`)).blind).toEqual([]);
    expect(readKernelLog(recorded('shared-backing.log')).blind).toEqual([]);
  });
});

describe('whatever happens to a log', () => {
  const files = [
    'shared-backing.log',
    'warnings.log',
    'lockdep-circular.log',
    'null-dereference.log',
    'hung-task.log',
    'fault-injection.log',
  ];
  const whole = files.map(recorded);
  const some = fc.constantFrom(...whole);
  const gist = (reports: readonly LogReport[]) => reports.map(({ id, operation, frames }) => [id, operation, frames]);

  test('nothing is thrown, however it is cut and glued', () => {
    const piece = fc.tuple(some, fc.nat(), fc.nat()).map(([log, a, b]) => log.slice(a % log.length, (a % log.length) + (b % log.length)));
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 4 }), (pieces) => {
        const { reports, faults } = readKernelLog(pieces.join(''));
        for (const report of [...reports, ...faults]) expect(report.line).toBeGreaterThanOrEqual(0);
        readLeaks(pieces.join(''));
      }),
      { numRuns: 150 },
    );
  });

  test('an end that is cut off takes no other report with it', () => {
    fc.assert(
      fc.property(some, fc.nat(), (log, cut) => {
        const lines = log.split('\n');
        const { reports } = readKernelLog(log);
        const kept = cut % lines.length;
        const before = gist(reports.filter(({ line, text }) => line + text.split('\n').length < kept - 30));
        expect(gist(readKernelLog(lines.slice(0, kept).join('\n')).reports).slice(0, before.length)).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });

  test('stamps, callers and carriage returns make no difference', () => {
    for (const log of whole) {
      const plain = log.replace(/^\[[^\]]*\] ?/gm, '');
      expect(gist(readKernelLog(plain).reports)).toEqual(gist(readKernelLog(log).reports));
      expect(gist(readKernelLog(log.replace(/^(\[[^\]]*\])/gm, '<4>$1[   T71]').replace(/\r?\n/g, '\r\n')).reports)).toEqual(
        gist(readKernelLog(log).reports),
      );
    }
  });

  test('nor does what came before', () => {
    const other = fc.constantFrom(
      'BIOS \u001b[2J',
      'fuse: init (API version 7.45)',
      '=====================================',
      '</TASK>',
      ' <TASK>',
      '',
    );
    fc.assert(
      fc.property(some, fc.array(other, { maxLength: 8 }), (log, before) => {
        const start = before.map((line) => `${line}\n`).join('');
        const { reports } = readKernelLog(start + log);
        expect(gist(reports)).toEqual(gist(readKernelLog(log).reports));
        expect(reports.map(({ line }) => line - before.length)).toEqual(readKernelLog(log).reports.map(({ line }) => line));
      }),
      { numRuns: 60 },
    );
  });

  test('files are told as the tree names them', () => {
    const log = stamped('UBSAN: shift-out-of-bounds in /cache/tree/fs/fuse/dev.c:12:3');
    expect(readKernelLog(log, '/cache/tree/').reports[0]!.title).toBe('UBSAN: shift-out-of-bounds in fs/fuse/dev.c:12:3');
  });

  test('lines of others in between make no difference', () => {
    const other = fc.constantFrom('random: crng init done', 'clocksource: Switched to clocksource tsc', 'loop0: detected capacity change');
    fc.assert(
      fc.property(some, fc.array(fc.tuple(fc.nat(), other), { maxLength: 20 }), (log, inserted) => {
        const lines = log.split('\n');
        for (const [at, text] of inserted) lines.splice(at % lines.length, 0, `[    9.990000] ${text}`);
        expect(gist(readKernelLog(lines.join('\n')).reports)).toEqual(gist(readKernelLog(log).reports));
      }),
      { numRuns: 60 },
    );
  });
});
