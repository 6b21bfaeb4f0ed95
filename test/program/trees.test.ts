import { kernelLoader } from '../../extension/kernel/loader.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FunctionGraph } from '../../extension/program/graph.js';
import { findSubsystem } from '../../extension/program/find-subsystem.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { fuse } from '../support/fuse.js';
import { createParser } from '../support/parser.js';
import { describeWithTree } from '../support/trees.js';
import { problems } from './sound.js';

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => {
  parser.dispose();
});

const core = ['backing.c', 'passthrough.c', 'iomode.c'];

for (const name of ['linux-7.2', 'linux-6.12'])
  describeWithTree(name, 'every function of fs/fuse', (tree) => {
    test('is found', () => {
      expect(findSubsystem(tree, fuse)).toEqual(['fs/fuse']);
    });

    for (const passthrough of [true, false])
      test(`has a sound graph with CONFIG_FUSE_PASSTHROUGH=${passthrough ? 'y' : 'n'}`, () => {
        const program = kernelLoader(parser).load(tree, {
          folder: 'fs/fuse',
          headers: fuse.headers,
          config: new Map([['FUSE_PASSTHROUGH', passthrough]]),
        });
        const refused = program.notAnalysed.filter((each) => each.function !== '');
        expect(program.functions.length).toBeGreaterThan(500);
        expect(refused.length / program.functions.length).toBeLessThanOrEqual(0.02);
        expect(program.notAnalysed.filter((each) => core.some((file) => each.file.endsWith(`/${file}`)))).toEqual([]);
        expect(program.functions.flatMap((graph: FunctionGraph) => problems(graph).map((problem) => `${graph.name}: ${problem}`))).toEqual(
          [],
        );
        expect(program.functions.some((graph) => graph.file.endsWith('/passthrough.c'))).toBe(passthrough);
        expect([program.constant('ENOMEM'), program.constant('FUSE_DEV_IOC_MAGIC'), program.constant('FOPEN_PASSTHROUGH')]).toEqual([
          12n,
          229n,
          128n,
        ]);
      });
  });

describeWithTree('linux-6.1', 'a tree without backing files', (tree) => {
  test('holds no subsystem, and is lowered all the same', () => {
    expect(findSubsystem(tree, fuse)).toEqual([]);
    const program = kernelLoader(parser).load(tree, { folder: 'fs/fuse', headers: fuse.headers, config: new Map() });
    expect(program.functions.length).toBeGreaterThan(400);
  });
});
