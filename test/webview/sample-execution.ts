// A run as a kernel gives it: the five steps of a server that closes an id in use, on a patched tree.
import type { ExecutedRun } from '../../extension/editor/protocol/webview-messages.js';
import type { ExecutedOperation, ExecutionResult, KernelEvent, KernelFrame, KernelReport } from '../../extension/model/execution.js';
import { fiveSteps, sampleScenario } from './sample-result.js';

const frame = (name: string, offset: number, file?: string, line = 0, more: Partial<KernelFrame> = {}): KernelFrame => ({
  function: name,
  offset,
  size: 0x180,
  module: null,
  inlined: false,
  sure: true,
  at: file === undefined ? null : { file, line },
  ...more,
});

const inlined = (name: string, file: string, line: number): KernelFrame =>
  frame(name, 0, file, line, { offset: null, size: null, inlined: true });

const syscall: readonly KernelFrame[] = [
  frame('fuse_dev_ioctl', 0x21c, 'fs/fuse/dev.c', 2361),
  frame('__x64_sys_ioctl', 0x134, 'fs/ioctl.c', 597),
  frame('do_syscall_64', 0xa4, 'arch/x86/entry/syscall_64.c', 94),
  frame('entry_SYSCALL_64_after_hwframe', 0x77, 'arch/x86/entry/entry_64.S', 130),
];

const freed: KernelReport = {
  kind: 'kasan',
  title: 'KASAN: slab-use-after-free in fuse_backing_get+0x1c/0x80',
  id: 'kasan:slab-use-after-free:fuse_backing_get',
  frames: [
    frame('dump_stack_lvl', 0x4d, 'lib/dump_stack.c', 120),
    frame('print_report', 0xd0, 'mm/kasan/report.c', 482),
    frame('kasan_report', 0xca, 'mm/kasan/report.c', 595),
    inlined('refcount_inc_not_zero', 'include/linux/refcount.h', 315),
    frame('fuse_backing_get', 0x1c, 'fs/fuse/backing.c', 18),
    frame('fuse_backing_lookup', 0x5e, 'fs/fuse/backing.c', 242),
    frame('fuse_backing_close', 0x72, 'fs/fuse/backing.c', 175),
    frame('rcu_read_unlock_strict', 0x10, undefined, 0, { sure: false }),
    ...syscall,
  ],
  related: [
    {
      title: 'Allocated by task 1',
      frames: [
        inlined('kmalloc_noprof', 'include/linux/slab.h', 905),
        frame('fuse_backing_open', 0x9f, 'fs/fuse/backing.c', 106),
        ...syscall,
      ],
    },
    { title: 'Freed by task 14', frames: [frame('kfree', 0x12a, 'mm/slub.c', 4842), frame('rcu_core', 0x3f1, 'kernel/rcu/tree.c', 2605)] },
  ],
  text: [
    '==================================================================',
    'BUG: KASAN: slab-use-after-free in fuse_backing_get+0x1c/0x80',
    'Read of size 4 at addr ffff888004f0a2d0 by task init/1',
    '',
    'CPU: 0 UID: 0 PID: 1 Comm: init Not tainted 7.2.0 #1',
    'Call Trace:',
    ' <TASK>',
    ' dump_stack_lvl+0x4d/0x70',
  ].join('\n'),
  seconds: 12.345678,
  line: 214,
  operation: 4,
};

const underflow: KernelReport = {
  kind: 'refcount',
  title: 'refcount_t: underflow; use-after-free.',
  id: 'refcount:underflow:fuse_backing_put',
  frames: [frame('refcount_warn_saturate', 0xba, 'lib/refcount.c', 28), frame('fuse_backing_put', 0x44, 'fs/fuse/backing.c', 33)],
  related: [],
  text: 'refcount_t: underflow; use-after-free.\nWARNING: CPU: 0 PID: 1 at lib/refcount.c:28 refcount_warn_saturate+0xba/0x110',
  seconds: null,
  line: 268,
  operation: -1,
};

const events: readonly KernelEvent[] = [
  { seconds: 11.2, name: 'fuse_backing_lookup', fields: { id: '1' } },
  { seconds: 11.200041, name: 'fuse_backing_get', fields: { fb: '0xffff888004f0a2c0', count: '2' } },
  { seconds: 11.200102, name: 'fuse_backing_put', fields: { fb: '0xffff888004f0a2c0', count: '3' } },
];

const operation = (
  text: string,
  answer: number,
  answerText = String(answer),
  more: Partial<ExecutedOperation> = {},
): ExecutedOperation => ({
  text,
  actor: 'server',
  thread: 0,
  line: 10,
  answer,
  answerText,
  events: [],
  ...more,
});

const operations: readonly ExecutedOperation[] = [
  operation('backing-open(fd=regular)', 1),
  operation('open(inode=1, backing=id)', 0, '0', { actor: 'client', line: 12 }),
  operation('backing-close(id=1)', -2, '-ENOENT', { line: 14, events }),
  operation('release(file=1)', 0, '0', { actor: 'client', line: 15 }),
  operation('backing-close(id=1)', -2, '-ENOENT', { line: 16 }),
];

const canaries = (missed = ''): ExecutionResult['canaries'] =>
  (
    [
      ['use-after-free', 'kasan'],
      ['leak', 'kmemleak'],
      ['refcount', 'refcount'],
      ['warning', 'warning'],
      ['atomic-sleep', 'atomic-sleep'],
    ] as const
  ).map(([name, expected]) => ({ name, expected, seen: name !== missed }));

const failed: ExecutionResult = {
  scenario: sampleScenario,
  tree: 'linux-7.2 with 1-shared-backing.patch',
  profile: 'verdict',
  verdict: 'errors',
  reason: null,
  fault: null,
  repeated: 20,
  operations,
  reports: [freed, underflow],
  canaries: canaries(),
  agreement: {
    verdict: 'disagrees',
    reason: 'the simulator ends step 5 with an error',
    rows: operations.map(({ text, answerText }, at) => ({
      operation: text,
      simulated: at === 4 ? ['-EBUSY', '0'] : [answerText],
      executed: answerText,
      agrees: at !== 4,
    })),
    trace: fiveSteps(),
  },
  log: '/home/someone/.cache/fuse-review/runs/42/kernel.log',
  milliseconds: 13_400,
};

/** A run in which the kernel reported two flaws, and the simulator answers one step otherwise. */
export const failedExecution: ExecutedRun = {
  id: 'executed',
  title: 'close-id-in-use in QEMU',
  time: 0,
  execution: failed,
  folder: 'fs/fuse',
};

function other(change: Partial<ExecutionResult>): ExecutedRun {
  return { ...failedExecution, execution: { ...failed, ...change } };
}

/** Nothing was reported, and the simulator says the same. */
export const cleanExecution = other({
  verdict: 'no error',
  reports: [],
  tree: 'linux-7.2',
  agreement: {
    ...failed.agreement,
    verdict: 'agrees',
    reason: null,
    rows: failed.agreement.rows.map((row) => ({ ...row, agrees: true })),
    trace: null,
  },
});

/** Nothing was reported, but a canary was not either; under a fault, with two threads that come to more than one outcome. */
export const doubtfulExecution = other({
  variants: [
    [1, 0, -2, 0, 0],
    [1, 0, 0, 0, null],
  ],
  verdict: 'unknown',
  reason: 'kmemleak did not see its canary',
  reports: [],
  canaries: canaries('leak'),
  fault: { operation: 0, nth: 3, name: 'failslab', frames: syscall },
  operations: operations.map((each, at) => ({ ...each, thread: at > 2 ? at - 2 : 0 })),
  agreement: { verdict: 'not compared', reason: 'the simulator was stopped after 60 s', rows: [], trace: null },
});

/** Nothing was run. */
export const refusedExecution = other({
  verdict: 'not run',
  reason: 'no operation abort in this guest',
  reports: [],
  operations: [],
  canaries: [],
  log: null,
  repeated: 0,
  agreement: { verdict: 'not compared', reason: 'it was not run', rows: [], trace: null },
});
