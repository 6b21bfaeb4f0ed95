// A run as the simulator gives it: the five steps of a server that closes an id in use, on a patched tree and on its base.
import type { BaseRun, SimulatedRun } from '../../extension/editor/protocol/webview-messages.js';
import type { Scenario } from '../../extension/model/scenario.js';
import type {
  Behaviour,
  Counterexample,
  HeldObject,
  SimulationError,
  SimulationResult,
  SimulationTrace,
} from '../../extension/model/simulation.js';
import { TraceBuilder } from './trace-builder.js';

const backing = 'fs/fuse/backing.c';
const passthrough = 'fs/fuse/passthrough.c';
const iomode = 'fs/fuse/iomode.c';

export const sampleScenario: Scenario = {
  name: 'close-id-in-use',
  title: 'Close an id that a file uses, then the file, then the id again',
  description: 'The five steps of the thread.',
  subsystem: 'fuse-backing',
  config: {},
  setup: {},
  capabilities: null,
  steps: [],
  source: 'bundled',
};

function openId(b: TraceBuilder, patched: boolean): number {
  b.operation('backing-open(fd=regular)');
  b.call('fuse_dev_ioctl_backing_open', 'fs/fuse/dev.c', 2361, 'fuse_dev_ioctl_backing_open(file, (void __user *)arg)');
  b.do(2311, 'copy_from_user(&map, argp, sizeof(map))');
  b.call('fuse_backing_open', backing, 2314, 'fuse_backing_open(fud->fc, &map)');
  b.say('print', 90, 'fuse_backing_open: fd=3 flags=0x0');
  b.do(92, 'res = -EPERM');
  b.branch(93, patched ? 'if (!fc->passthrough) → no' : 'if (!fc->passthrough || !capable(CAP_SYS_ADMIN)) → no');
  b.do(102, 'file = fget_raw(map->fd)');
  const file = b.make('file', 'file 1', 2, 'fd 3 of the server', 'file in fuse_backing_open()');
  b.branch(104, 'if (!file) → no');
  b.do(106, 'fb = kmalloc_obj(struct fuse_backing)');
  const fb = b.make('fuse_backing', 'fuse_backing 1', null, 'fb in fuse_backing_open()');
  b.do(112, 'fb->file = file', { object: fb, field: 'file', before: 'uninitialised', after: 'file 1' });
  b.be(file, 'live', 2, 'fd 3 of the server', 'fuse_backing 1 .file');
  b.do(114, 'fb->cred = get_current_cred()', { object: fb, field: 'cred', before: 'uninitialised', after: 'cred 1' });
  b.make('cred', 'cred 1', 2, 'task', 'fuse_backing 1 .cred');
  b.do(115, 'refcount_set(&fb->count, 1)').count(fb, 0, 1, 'fb in fuse_backing_open()');
  if (patched) {
    b.call('fuse_passthrough_backing_open', passthrough, 130, 'passthrough_res = fuse_passthrough_backing_open(fc, fb)');
    b.branch(205, 'if (!capable(CAP_SYS_ADMIN)) → no');
    b.branch(209, 'if (!d_is_reg(fb->file->f_path.dentry)) → no');
    b.call('fuse_backing_get', backing, 216, 'fuse_backing_get(fb)');
    b.do(18, 'refcount_inc_not_zero(&fb->count)').count(fb, 1, 2, 'fb in fuse_backing_open()', 'taken in fuse_passthrough_backing_open()');
    b.back(19, 'return fb').back(217, 'return 0');
    b.branch(132, 'if (refcount_read(&fb->count) < 2) → no');
  }
  b.call('fuse_backing_id_alloc', backing, 140, 'res = fuse_backing_id_alloc(fc, fb)');
  b.do(47, 'id = idr_alloc_cyclic(&fc->backing_files_map, fb, 1, 0, GFP_ATOMIC)');
  b.be(fb, 'live', patched ? 2 : 1, 'index 1 of fuse_conn', ...(patched ? ['fb in fuse_backing_open()'] : []));
  b.back(52, 'return id');
  if (patched)
    b.call('fuse_backing_put', backing, 147, 'fuse_backing_put(fb)')
      .do(33, 'refcount_dec_and_test(&fb->count)')
      .count(fb, 2, 1, 'index 1 of fuse_conn')
      .back(35, 'return');
  b.back(148, 'return res').back(2314, 'return 1').answer('1');
  return fb;
}

function openFile(b: TraceBuilder, fb: number): void {
  b.operation('open(inode=1, id=1)', 'client');
  b.call('fuse_passthrough_open', passthrough, 230, 'fuse_passthrough_open(file, ff->args->open_outarg.backing_id)');
  b.call('fuse_backing_lookup', backing, 150, 'fb = fuse_backing_lookup(fc, backing_id)');
  b.do(240, 'rcu_read_lock()');
  b.do(241, 'fb = idr_find(&fc->backing_files_map, backing_id)');
  b.do(242, 'fb = fuse_backing_get(fb)').count(fb, 1, 2, 'index 1 of fuse_conn', 'fb in fuse_passthrough_open()');
  b.do(243, 'rcu_read_unlock()').back(245, 'return fb');
  b.do(166, 'backing_file = backing_file_open(...)');
  b.make('file', 'file 2', 1, 'fuse_file.passthrough');
  b.back(180, 'return fb');
  b.call('fuse_file_uncached_io_open', iomode, 210, 'fuse_file_uncached_io_open(inode, ff, fb)');
  b.do(108, 'oldfb = fuse_inode_backing_set(fi, fb)', { object: 4, field: 'passthrough', before: 'NULL', after: 'file 2' });
  b.be(fb, 'live', 2, 'index 1 of fuse_conn', 'fuse_inode.fb').back(130, 'return 0').answer('0');
}

function releaseFile(b: TraceBuilder, fb: number, left: string[]): void {
  b.operation('release(file=1)', 'client');
  b.call('fuse_passthrough_release', passthrough, 260, 'fuse_passthrough_release(ff, fb)');
  b.do(190, 'fput(ff->passthrough)').be(4, 'freed', 0).back(198, 'return');
  b.call('fuse_backing_put', backing, 140, 'fuse_backing_put(oldfb)');
  b.do(33, 'refcount_dec_and_test(&fb->count)').count(fb, 1, 0, ...left);
  b.call('fuse_backing_free', backing, 34, 'fuse_backing_free(fb)');
  b.do(24, 'fput(fb->file)').count(1, 2, 1, 'fd 3 of the server');
  b.do(25, 'put_cred(fb->cred)').be(3, 'live', 1, 'task');
  b.do(26, 'kfree_rcu(fb, rcu)').be(fb, 'waiting for a grace period', 0, ...left);
  b.back(27, 'return').back(35, 'return').answer('0');
  b.say('switch', null, 'a grace period ends').be(fb, 'freed', null, ...left);
}

/** On the patched tree: the object is freed while the index still points to it. */
export function fiveSteps(): SimulationTrace {
  const b = new TraceBuilder(['main']);
  b.call('fuse_mount', 'runtime/fuse/drivers.h', 40).do(52, 'fc->passthrough = 1').back(60, 'return 0');
  const fb = openId(b, true);
  openFile(b, fb);
  b.operation('backing-close(id=1)');
  b.call('fuse_backing_close', backing, 2331, 'fuse_backing_close(fud->fc, backing_id)');
  b.do(174, 'err = -ENOENT').do(175, 'fb = fuse_backing_lookup(fc, backing_id)');
  b.count(fb, 2, 3, 'index 1 of fuse_conn', 'fuse_inode.fb', 'fb in fuse_backing_close()');
  b.call('fuse_passthrough_backing_close', passthrough, 191, 'passthrough_err = fuse_passthrough_backing_close(fc, fb)');
  b.do(227, 'fuse_backing_put(fb)')
    .count(fb, 3, 2, 'index 1 of fuse_conn', 'fuse_inode.fb', 'fb in fuse_backing_close()')
    .back(228, 'return 0');
  b.branch(193, 'if (refcount_read(&fb->count) > 1) → yes').branch(196, 'if (!err) → no').do(198, 'goto out_fb');
  b.do(213, 'fuse_backing_put(fb)').count(fb, 2, 1, 'index 1 of fuse_conn', 'fuse_inode.fb');
  b.back(218, 'return err').answer('-ENOENT');
  releaseFile(b, fb, ['index 1 of fuse_conn']);
  b.operation('backing-close(id=1)');
  b.call('fuse_backing_close', backing, 2331, 'fuse_backing_close(fud->fc, backing_id)').do(174, 'err = -ENOENT');
  b.call('fuse_backing_lookup', backing, 175, 'fb = fuse_backing_lookup(fc, backing_id)');
  b.do(241, 'fb = idr_find(&fc->backing_files_map, backing_id)');
  b.call('fuse_backing_get', backing, 242, 'fb = fuse_backing_get(fb)');
  b.say('error', 18, 'refcount_inc_not_zero(&fb->count): fuse_backing 1 was freed');
  return b.build();
}

/** The same schedule on the base, where the second close finds nothing. */
export function fiveStepsOnBase(): SimulationTrace {
  const b = new TraceBuilder(['main']);
  b.call('fuse_mount', 'runtime/fuse/drivers.h', 40).do(52, 'fc->passthrough = 1').back(60, 'return 0');
  const fb = openId(b, false);
  openFile(b, fb);
  b.operation('backing-close(id=1)');
  b.call('fuse_backing_close', backing, 2331, 'fuse_backing_close(fud->fc, backing_id)').do(158, 'err = -ENOENT');
  b.do(159, 'fb = fuse_backing_id_remove(fc, backing_id)').be(fb, 'live', 2, 'fuse_inode.fb', 'fb in fuse_backing_close()');
  b.do(163, 'fuse_backing_put(fb)').count(fb, 2, 1, 'fuse_inode.fb').do(164, 'err = 0').back(168, 'return err').answer('0');
  releaseFile(b, fb, []);
  b.operation('backing-close(id=1)');
  b.call('fuse_backing_close', backing, 2331, 'fuse_backing_close(fud->fc, backing_id)').do(158, 'err = -ENOENT');
  b.do(159, 'fb = fuse_backing_id_remove(fc, backing_id)').branch(160, 'if (!fb) → yes').back(168, 'return err').answer('-ENOENT');
  return b.build();
}

/** Two closes of one id at the same time; `rounds` makes it as long as one likes, at about 15 steps a round. */
export function parallelCloses(rounds = 1): SimulationTrace {
  const b = new TraceBuilder(['main', 'close a', 'close b']);
  const fb = openId(b, true);
  for (let round = 0; round < rounds; round++) {
    for (const thread of [1, 2]) {
      b.in(thread).operation('backing-close(id=1)');
      b.call('fuse_backing_close', backing, 2331, 'fuse_backing_close(fud->fc, backing_id)').do(174, 'err = -ENOENT');
    }
    b.do(175, 'fb = fuse_backing_lookup(fc, backing_id)').count(fb, 1, 2, 'index 1 of fuse_conn', 'fb in fuse_backing_close() of close b');
    b.say('fault', 176, 'kmalloc_obj() 1 fails');
    b.in(1).do(191, 'fuse_backing_put(fb)').count(fb, 2, 1, 'index 1 of fuse_conn').back(218, 'return err').answer('0');
    b.in(2).branch(196, 'if (!err) → no').back(218, 'return err').answer('-ENOENT').in(0);
  }
  b.say('error', 33, 'refcount_dec_and_test(&fb->count): the count is 0 already');
  return b.build();
}

function counterexample(
  trace: SimulationTrace,
  error: SimulationError,
  size: { faults: number; preemptions: number },
  schedule: string,
): Counterexample {
  return { error, scenario: sampleScenario, ...size, schedule, trace };
}

const fb = (count: number, ...holders: readonly (readonly [string, string | null])[]): HeldObject => ({
  type: 'fuse_backing',
  count,
  waiting: false,
  holders: holders.map(([field, key]) => ({ field, key })),
});

const index = ['fuse_conn.backing_files_map', 'entry 1'] as const;

const behaviours = (patched: boolean): readonly Behaviour[] => [
  { operation: '1 backing-open(fd=regular)', index: 0, line: 10, faults: [], answer: '1', held: [fb(1, index)], schedule: 'straight' },
  {
    operation: '1 backing-open(fd=regular)',
    index: 0,
    line: 10,
    faults: [{ operation: 0, name: 'kmalloc_obj' }],
    answer: '-ENOMEM',
    held: [],
    schedule: 'fault 1.1',
  },
  {
    operation: '2 open(inode=1, id=1)',
    index: 1,
    line: 11,
    faults: [],
    answer: '0',
    held: [fb(2, index, ['fuse_inode.fb', null])],
    schedule: 'straight',
  },
  {
    operation: '3 backing-close(id=1)',
    index: 2,
    line: 12,
    faults: [],
    answer: patched ? '-ENOENT' : '0',
    held: [patched ? fb(1, index, ['fuse_inode.fb', null]) : fb(1, ['fuse_inode.fb', null])],
    schedule: 'straight',
  },
];

function result(patched: boolean, counterexamples: readonly Counterexample[]): SimulationResult {
  return {
    scenario: sampleScenario,
    tree: patched ? 'linux-7.2 with 1-shared-backing.patch' : 'linux-7.2',
    verdict: counterexamples.length > 0 ? 'errors' : 'no error',
    reason: null,
    counterexamples,
    behaviours: behaviours(patched),
    assumed: [
      { kind: 'callee', name: 'fuse_file_io_release()', assumed: 'any int', times: 12 },
      { kind: 'option', name: 'CONFIG_FUSE_DAX', assumed: 'not set, as Kconfig has it', times: 1 },
    ],
    stats: { executions: 1204, states: 5310, transitions: 14018, pruned: 2210, milliseconds: 812 },
    bounds: patched
      ? { faults: 1, preemptions: 2, executions: 200_000, milliseconds: 60_000, exhaustive: false, stopped: 'the limit of 200,000 paths' }
      : { faults: 1, preemptions: null, executions: 200_000, milliseconds: 60_000, exhaustive: true, stopped: null },
  };
}

/** A run with two errors, and what its base does on the way to the first. */
export function sampleRun(rounds = 1): SimulatedRun {
  const first = fiveSteps();
  const second = parallelCloses(rounds);
  const placeOf = (trace: SimulationTrace, text: string) => trace.steps.find((step) => step.text.includes(text))!.at!;
  const used: SimulationError = {
    kind: 'use-after-free',
    id: 'use-after-free:fuse_backing_get:fuse_backing',
    message: 'fuse_backing_get() reads count of fuse_backing 1, which was freed while index 1 of fuse_conn still points to it',
    at: first.steps.at(-1)!.at,
    object: first.objects.find(({ name }) => name === 'fuse_backing 1')!.id,
    step: first.steps.length - 1,
    related: [
      { at: placeOf(first, 'fb = kmalloc_obj'), message: 'allocated' },
      { at: placeOf(first, 'kfree_rcu'), message: 'freed' },
    ],
  };
  const counted: SimulationError = {
    kind: 'refcount',
    id: 'refcount:fuse_backing_put:fuse_backing',
    message: 'fuse_backing_put() drops a reference of fuse_backing 1 that nobody holds any more',
    at: second.steps.at(-1)!.at,
    related: [],
  };
  const base: BaseRun = {
    result: result(false, []),
    traces: [fiveStepsOnBase(), 'the base has no step "close b" where the schedule switches'],
  };
  return {
    id: 'sample',
    title: 'close-id-in-use on linux-7.2 with 1-shared-backing.patch',
    time: 0,
    result: result(true, [
      counterexample(first, used, { faults: 0, preemptions: 0 }, 'close-id-in-use: -'),
      counterexample(second, counted, { faults: 1, preemptions: 2 }, 'close-id-in-use: t1 t2*7 f1 t1*3 t2'),
    ]),
    base,
    blames: [{ operation: 2, function: 'fuse_backing_close', at: placeOf(first, 'goto out_fb'), excess: -1 }, null],
  };
}
