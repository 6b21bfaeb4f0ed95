// The simulator on whole kernels: what is known to be wrong is found, and nothing else is said.
import { kernelLoader } from '../../extension/kernel/loader.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SimulationResult } from '../../extension/model/simulation.js';
import type { SourceTree } from '../../extension/model/source.js';
import { overlayTree } from '../../extension/patch/overlay-tree.js';
import type { ProgramLoader } from '../../extension/program/load.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
import { folderTree, skipWithoutTree, treeFolder } from '../support/trees.js';
import { bundled, complaints, complaintsOf, generated, patience, run, simulator, told } from './fuse.js';

let parser: SyntaxParser;
let loader: ProgramLoader;
beforeAll(async () => {
  parser = await createParser();
  loader = kernelLoader(parser);
});
afterAll(() => {
  parser.dispose();
});

describe.skipIf(skipWithoutTree('linux-7.2'))('Linux 7.2', () => {
  const tree = folderTree(treeFolder('linux-7.2') ?? '');

  test('has no error in the bundled scenarios, with one fault', { timeout: patience }, () => {
    expect(complaintsOf(loader, tree)).toEqual([]);
  });

  test('has no error in any sequence of three operations, with one fault', { timeout: patience }, () => {
    const plain = simulator(loader, tree);
    expect(complaints(generated(3, 1), () => plain)).toEqual([]);
  });

  test('has no error in any three operations of two threads, with one fault', { timeout: patience }, () => {
    const plain = simulator(loader, tree);
    expect(complaints(generated(3, 2), () => plain)).toEqual([]);
  });
});

/** Backing files from a cache of their own, which the module makes and destroys. */
const ownCache: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'fs/fuse/backing.c': [
    [
      'struct fuse_backing *fuse_backing_get(',
      `static struct kmem_cache *fuse_backing_cachep;

int fuse_backing_init(void)
{
	fuse_backing_cachep = KMEM_CACHE(fuse_backing, SLAB_ACCOUNT);
	return fuse_backing_cachep ? 0 : -ENOMEM;
}

void fuse_backing_cleanup(void)
{
	rcu_barrier();
	kmem_cache_destroy(fuse_backing_cachep);
}

static void fuse_backing_free_rcu(struct rcu_head *head)
{
	kmem_cache_free(fuse_backing_cachep, container_of(head, struct fuse_backing, rcu));
}

struct fuse_backing *fuse_backing_get(`,
    ],
    ['kfree_rcu(fb, rcu);', 'call_rcu(&fb->rcu, fuse_backing_free_rcu);'],
    ['kmalloc_obj(struct fuse_backing)', 'kmem_cache_alloc(fuse_backing_cachep, GFP_KERNEL)'],
  ],
  'fs/fuse/inode.c': [
    [
      'fuse_inode_cachep = kmem_cache_create(',
      'err = fuse_backing_init();\n\tif (err)\n\t\treturn err;\n\tfuse_inode_cachep = kmem_cache_create(',
    ],
    [
      '\tfuse_sysctl_unregister();\n\tunregister_filesystem(&fuse_fs_type);',
      '\tfuse_backing_cleanup();\n\tfuse_sysctl_unregister();\n\tunregister_filesystem(&fuse_fs_type);',
    ],
  ],
};

function edited(tree: SourceTree, edits: Readonly<Record<string, readonly (readonly [string, string])[]>>): SourceTree {
  const files = Object.entries(edits).map(([path, pairs]) => {
    const text = pairs.reduce(
      (now, [from, to]) => {
        expect(now).toContain(from);
        return now.replace(from, () => to);
      },
      tree.read(path) ?? '',
    );
    return [path, text] as const;
  });
  return overlayTree(tree, new Map(files), 'edited');
}

describe.skipIf(skipWithoutTree('linux-7.2'))('Linux 7.2 with a cache for backing files', () => {
  const tree = folderTree(treeFolder('linux-7.2') ?? '');
  const scenarios = ['thread-five-steps', 'abort-with-files-open', 'unmount-with-ids-left'].map(bundled);

  test('does as it did without, and nothing of it is assumed', { timeout: patience }, () => {
    const [plain, cached] = [tree, edited(tree, ownCache)].map((each) => simulator(loader, each));
    for (const scenario of scenarios) {
      const [before, after] = [plain, cached].map((each) => run(each!, scenario, 1));
      expect(told(after!)).toEqual([]);
      const names = ({ assumed }: SimulationResult): string[] => assumed.map(({ name }) => name).sort();
      expect(names(after!)).toEqual(names(before!));
      const behaviours = (result: SimulationResult): unknown =>
        result.behaviours.map((each) => ({
          ...each,
          faults: each.faults.map((fault) => ({ ...fault, name: fault.name === 'kmalloc_obj' ? 'kmem_cache_alloc' : fault.name })),
        }));
      expect(behaviours(after!)).toEqual(behaviours(before!));
    }
  });

  test('says of its errors what they hang on where a macro that makes a cache is not known', { timeout: patience }, () => {
    const [backing, ...others] = ownCache['fs/fuse/backing.c'] ?? [];
    const unknown = [[backing![0], backing![1].replace('KMEM_CACHE(', 'MY_CACHE(')] as const, ...others];
    const initialised = unknown.map(([from, to]) => [from, to.replace('return fuse_backing_cachep ? 0 : -ENOMEM;', 'return 0;')] as const);
    const on = simulator(loader, edited(tree, { ...ownCache, 'fs/fuse/backing.c': initialised }));
    const { counterexamples } = run(on, scenarios[0]!, 0);
    expect(counterexamples.length).toBeGreaterThan(0);
    for (const { error } of counterexamples) expect(error.assumed).toEqual(['MY_CACHE() taken to return 0']);
  });
});

describe.skipIf(skipWithoutTree('linux-6.12'))('Linux 6.12', () => {
  test('uses credentials that prepare_creds() could not make', () => {
    const result = run(simulator(loader, folderTree(treeFolder('linux-6.12') ?? '')), bundled('thread-five-steps'), 1);
    expect(told(result)).toHaveLength(1);
    expect(told(result)[0]).toMatch(/^null-dereference at fuse_passthrough_open: reads NULL/);
    const [found] = result.counterexamples;
    expect(found?.faults).toBe(1);
    expect(found?.trace.steps.some((step) => step.kind === 'fault' && step.text.startsWith('prepare_creds'))).toBe(true);
    expect(found?.trace.operations.map(({ text, answer }) => [text.replace(/\(.*/, ''), answer])).toEqual([
      ['backing-open', '1'],
      ['open', null],
    ]);
  });
});
