// The model of the kernel in C: it can be read, it has what the paths of fs/fuse reach, and it does what the kernel does.
import { kernelLoader } from '../../extension/kernel/loader.js';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contractOf } from '../../extension/kernel/contracts.js';
import { intrinsicNamed } from '../../extension/kernel/intrinsics/index.js';
import type { OperationStep, Scenario, Vocabulary } from '../../extension/model/scenario.js';
import { underText, type SimulationResult } from '../../extension/model/simulation.js';
import { emptyTree } from '../../extension/model/source.js';
import type { Program } from '../../extension/program/program.js';
import { Layout } from '../../extension/simulator/code/layout.js';
import { createSimulator, defaultBounds } from '../../extension/simulator/simulator.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { fuse, fuseRuntime } from '../support/fuse.js';
import { createParser } from '../support/parser.js';
import { describeWithTree } from '../support/trees.js';
import { undefinedNames } from './undefined-names.js';

const runtime = fuseRuntime;
const model = runtime.prelude.filter((each) => each.file.startsWith('runtime/kernel/'));

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => {
  parser.dispose();
});

// ---- on real trees -----------------------------------------------------------------------------------------------

/** Where the kernel and its users enter fs/fuse on the modelled paths. */
const entries =
  'fuse_dev_ioctl fuse_dev_open fuse_dev_release fuse_open fuse_release fuse_flush fuse_passthrough_read_iter fuse_passthrough_write_iter fuse_passthrough_mmap fuse_init_fs_context fuse_get_tree fuse_fill_super_common fuse_conn_init fuse_send_init process_init_reply fuse_iget fuse_alloc_inode fuse_evict_inode fuse_free_inode fuse_dentry_delete fuse_umount_begin fuse_kill_sb_anon fuse_conn_put fuse_free_fsc';

/** What these paths call and nothing models: only with DAX, io_uring, a block device or pages, which no scenario has. */
const unmodelled: Readonly<Record<string, string>> = {
  'linux-7.2':
    'dax_direct_access get_tree_bdev io_uring_cmd_complete_in_task io_uring_cmd_done iomap_finish_folio_write retire_super simple_remove_by_name',
  'linux-6.12':
    '___wait_var_event __free_page dax_direct_access dec_node_page_state dec_wb_stat get_tree_bdev retire_super wb_writeout_inc',
};

for (const label of ['linux-7.2', 'linux-6.12'])
  describeWithTree(label, 'the model of the kernel', (tree) => {
    let program: Program;
    beforeAll(() => {
      program = kernelLoader(parser).load(tree, { folder: 'fs/fuse', headers: fuse.headers, config: new Map(), prelude: model });
    });

    test('is read and lowered in whole', () => {
      const own = program.units.filter((unit) => unit.file.startsWith('runtime/'));
      expect(own.length).toBe(model.length);
      expect(own.flatMap((unit) => unit.errors.map((error) => `${unit.file}: ${error.message}`))).toEqual([]);
      expect(own.flatMap((unit) => unit.declarations.filter((each) => each.kind === 'unknown'))).toEqual([]);
      expect(program.notAnalysed.filter((each) => each.file.startsWith('runtime/'))).toEqual([]);
      const variables = own.flatMap((unit) => unit.declarations.flatMap((each) => (each.kind === 'variable' ? [each.name] : [])));
      expect(variables.filter((name) => program.global(name, own[0]?.file ?? '')?.notLowered !== null)).toEqual([]);
    });

    test('has, with the intrinsics, what the paths of fs/fuse call', () => {
      const { callees } = undefinedNames(program, entries.split(' '));
      const missing = callees.filter((name) => !intrinsicNamed(name));
      expect(missing.filter((name) => !contractOf(name))).toEqual([]);
      expect(missing.sort()).toEqual((unmodelled[label] ?? '').split(' '));
    });

    test('has the constants and variables of these paths', () => {
      const { names } = undefinedNames(program, entries.split(' '));
      // The member that kfree_rcu() is given, and a variable that a macro of file scope declares.
      expect(names.filter((name) => !['rcu', 'd_rcu', 'fuse_dev_waitq'].includes(name))).toEqual([]);
    });

    test('has the types of every record that fs/fuse defines on these paths', () => {
      const unknown = new Set<string>();
      const layout = new Layout(program, (name) => unknown.add(name));
      for (const tag of 'fuse_conn fuse_mount fuse_inode fuse_file fuse_dev fuse_backing fuse_req fuse_iqueue fuse_pqueue fuse_chan'.split(
        ' ',
      ))
        if (program.record(tag)) layout.sizeOf({ kind: 'record', union: false, tag, record: null });
      for (const unit of program.units.filter((each) => each.file.startsWith('runtime/')))
        for (const each of unit.declarations)
          if (each.kind === 'record' && each.definition.tag !== null)
            layout.sizeOf({ kind: 'record', union: false, tag: each.definition.tag, record: null });
      expect([...unknown]).toEqual([]);
    });

    test('has the values that the tree states for constants of user space', () => {
      const text = ['stat.h', 'capability.h', 'magic.h', 'miscdevice.h', 'fs.h']
        .map((file) => `${tree.read(`include/uapi/linux/${file}`) ?? ''}\n${tree.read(`include/linux/${file}`) ?? ''}`)
        .join('\n');
      const differ: string[] = [];
      let compared = 0;
      for (const [, name = '', value = ''] of text.matchAll(/^#define\s+(\w+)\s+(0[xX][\da-fA-F]+|\d+)U?(?:\s|$)/gm)) {
        const ours = model.some((each) => new RegExp(`^#define ${name} `, 'm').test(each.text)) ? program.constant(name) : undefined;
        if (ours === undefined) continue;
        if (name === 'S_DAX' && value === '0') continue;
        compared++;
        if (ours !== BigInt(/^0\d/.test(value) ? `0o${value.slice(1)}` : value)) differ.push(`${name} is ${value}, not ${ours}`);
      }
      expect(compared).toBeGreaterThan(50);
      expect(differ).toEqual([]);
    });
  });

// ---- by itself -----------------------------------------------------------------------------------------------------

const cases = { file: 'runtime/test/cases.h', text: readFileSync(resolve(import.meta.dirname, 'kernel-model-cases.h'), 'utf8') };

function vocabulary(setup: string, drivers: readonly string[]): Vocabulary {
  const number = { name: 'number', description: '', kind: 'integer', minimum: 0, maximum: 9, default: 7 } as const;
  return {
    subsystem: 'cases',
    operations: drivers.map((driver) => ({
      name: driver,
      description: '',
      actor: 'kernel',
      driver,
      parameters: driver === 'case_use_inode' ? [number] : [],
      answers: null,
      generate: [],
    })),
    setup: [],
    setupDriver: `${setup}_setup`,
    teardownDriver: `${setup}_teardown`,
    boundary: {},
    capabilities: [],
    defaultCapabilities: [],
  };
}

/** Runs these drivers beside each other, one after the other where there is one list, on all paths with up to two faults. */
function run(setup: string, ...branches: readonly (readonly string[])[]): SimulationResult {
  const step = (operation: string): OperationStep => ({
    kind: 'operation',
    operation,
    arguments: {},
    as: null,
    capabilities: null,
    expect: operation.startsWith('case_') ? { kind: 'value', value: 0 } : null,
    line: 0,
  });
  const parallel = branches.map((branch) => branch.map(step));
  const scenario: Scenario = {
    name: 'cases',
    title: '',
    description: '',
    subsystem: 'cases',
    config: {},
    setup: {},
    capabilities: null,
    steps: parallel.length === 1 ? (parallel[0] ?? []) : [{ kind: 'parallel', branches: parallel, line: 0 }],
    source: 'generated',
  };
  const empty = emptyTree('empty');
  const program = kernelLoader(parser).load(empty, { folder: 'fs/none', config: new Map(), prelude: [...model, cases] });
  expect(program.notAnalysed).toEqual([]);
  const words = vocabulary(setup, [...new Set(branches.flat())]);
  return createSimulator(program, words, 'empty').run(scenario, { bounds: { ...defaultBounds, faults: 2 } });
}

function expectRight(result: SimulationResult): void {
  expect(result.counterexamples.map((each) => each.error.message)).toEqual([]);
  expect(result.reason).toBe(null);
  expect(result.verdict).toBe('no error');
  expect(result.bounds.exhaustive).toBe(true);
}

describe('the model of the kernel by itself', () => {
  for (const name of ['lists', 'trees', 'indexes', 'user', 'bits', 'descriptors', 'backing', 'caches', 'sizes', 'callback'])
    test(`does right: ${name}`, () => {
      const result = run('case', [`case_${name}`]);
      expectRight(result);
    });

  test('knows the cache of a type, and that an object of it stays when its cache is destroyed', () => {
    const result = run('case', ['case_cache_of_type']);
    expect(result.counterexamples.map(({ error }) => [error.kind, error.message, error.assumed])).toEqual([
      ['leak', 'pooled is never freed', undefined],
    ]);
    expect(result.assumed).toEqual([]);
    const failed = result.behaviours.map(({ faults }) => underText(faults)).filter((under) => under.includes('KMEM_CACHE'));
    expect(failed.some((under) => under.startsWith('KMEM_CACHE()')) && failed.some((under) => under.includes('_USERCOPY'))).toBe(true);
  });

  for (const name of ['inodes', 'dentries', 'unmount'])
    test(`does right: ${name}`, () => {
      expectRight(run('cached', [`case_${name}`]));
    });

  test('gives two threads one inode, also while memory is short', () => {
    expectRight(run('cached', ['case_use_inode'], ['case_use_inode']));
    expectRight(run('cached', ['case_use_inode'], ['case_shrink']));
  });

  for (const [driver, setup, kind, message] of [
    ['wrong_leak', 'case', 'leak', 'file'],
    ['wrong_put', 'case', 'use-after-free', 'file'],
    ['wrong_dereference', 'case', 'rcu-outside', 'suspicious'],
    ['wrong_busy_inode', 'cached', 'warning', 'Busy inodes after unmount'],
    ['wrong_credentials', 'case', 'use-after-free', 'cred'],
    ['wrong_list', 'case', 'bug', 'BUG'],
  ] as const)
    test(`notices what is wrong: ${driver}`, () => {
      const result = run(setup, [driver]);
      const found = result.counterexamples.map((each) => `${each.error.kind}: ${each.error.message}`);
      expect(found.some((each) => each.startsWith(`${kind}: `) && each.includes(message))).toBe(true);
    });
});
