// What the tree's own helpers mean to their callers, inferred from their bodies: the contracts of decision 3 of the design.
import { kernelLoader } from '../../extension/kernel/loader.js';
import { beforeAll, expect, test } from 'vitest';
import { Run } from '../../extension/checker/check.js';
import type { Contract } from '../../extension/kernel/contract.js';
import type { SourceTree } from '../../extension/model/source.js';
import { fuse } from '../support/fuse.js';
import { createParser } from '../support/parser.js';
import { describeWithTree } from '../support/trees.js';

/** Each outcome as `[argument is …] -> returned: effects`, sorted; numbers of arguments are 0-based. */
function outcomes(contract: Contract): string[] {
  const name = (set: readonly (readonly [number, number])[]): string => {
    const low = set[0]?.[0] ?? 0;
    const high = set[set.length - 1]?.[1] ?? 0;
    if (low === 0 && high === 0) return '0';
    if (low >= 0) return 'valid';
    if (high < 0) return 'error';
    return set.some(([from, to]) => from <= 0 && to >= 0) ? 'any' : 'not 0';
  };
  return contract.outcomes
    .map(({ requires, returns, effects }) => {
      const needs = requires.map(({ subject, set }) => `${subject.root} ${name(set)}`).filter((text) => !text.endsWith('any'));
      const result = returns === null ? 'void' : returns.kind === 'same' ? `argument ${returns.subject.root}` : name(returns.set);
      const moves = effects.map(({ kind, subject, ...rest }) => {
        const what = 'resource' in rest ? ` ${rest.resource}` : '';
        return `${kind}${what} ${[subject.root, ...subject.path].join('->')}`;
      });
      return `[${needs.join(', ')}] -> ${result}: ${moves.sort().join(', ')}`;
    })
    .sort();
}

async function contractsOf(tree: SourceTree): Promise<(name: string) => string[]> {
  const parser = await createParser();
  const program = kernelLoader(parser).load(tree, { folder: 'fs/fuse', headers: fuse.headers, config: new Map() });
  parser.dispose();
  const run = new Run(program);
  return (name) => {
    const graph = program.functions.find((each) => each.name === name);
    return graph === undefined ? [] : outcomes(run.analyse(graph).summary);
  };
}

for (const version of ['linux-7.2', 'linux-6.12']) {
  describeWithTree(version, `the helpers of ${version}`, (tree) => {
    let of: (name: string) => string[];
    beforeAll(async () => {
      of = await contractsOf(tree);
    });

    test('know that a get takes a reference unless there is none left', () => {
      expect(of('fuse_backing_get')).toEqual(['[0 0] -> 0: ', '[0 not 0] -> 0: dead 0', '[0 not 0] -> argument 0: acquire counted 0']);
    });

    test('know that a put gives one up, and that NULL is allowed', () => {
      expect(of('fuse_backing_put')).toEqual(['[0 0] -> void: ', '[0 not 0] -> void: release counted 0']);
    });

    test('know what the destructor frees', () => {
      expect(of('fuse_backing_free')).toEqual(['[0 valid] -> void: release cred 0->cred, release file 0->file, release memory 0']);
    });

    test('know that opening in passthrough mode hands out a reference or an ERR_PTR', () => {
      const all = of('fuse_passthrough_open');
      expect(all).toHaveLength(2);
      expect(all).toContainEqual(expect.stringMatching(/-> error: $/));
      expect(all).toContainEqual(expect.stringMatching(/-> valid: acquire counted result$/));
    });

    test('know what leaving passthrough mode puts', () => {
      expect(of('fuse_passthrough_release')).toEqual(['[0 valid] -> void: release cred 0->cred, release file 0->passthrough']);
    });

    test('know that uncached I/O consumes the backing on success and not on failure', () => {
      const all = of('fuse_inode_uncached_io_start');
      expect(all.filter((one) => one.includes('error'))).toEqual(['[0 valid] -> error: ']);
      expect(all).toContain('[0 valid, 1 not 0] -> 0: escape 1');
    });
  });
}

describeWithTree('linux-7.2', 'the look-up of linux-7.2', (tree) => {
  test('hands out a reference, or NULL', async () => {
    const of = await contractsOf(tree);
    expect(of('fuse_backing_lookup')).toEqual(['[] -> 0: ', '[] -> valid: acquire counted result']);
  });
});
