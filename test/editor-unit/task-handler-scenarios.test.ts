import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Answers, Task, Tree } from '../../extension/editor/protocol/messages.js';
import { TaskHandler } from '../../extension/editor/worker/task-handler.js';
import { fuse, fusePlace } from '../support/fuse.js';

const root = new URL('../..', import.meta.url).pathname;
const handler = new TaskHandler({
  runtime: join(root, 'node_modules/web-tree-sitter/web-tree-sitter.wasm'),
  grammar: join(root, 'grammars/kernel-c/kernel-c.wasm'),
  model: join(root, 'runtime'),
});
const scratch = mkdtempSync(join(tmpdir(), 'fuse-review-task-handler-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

type Given<T extends Task['t']> = Omit<Extract<Task, { t: T }>, 'request' | 'lane'>;

function run<T extends Task['t']>(task: Given<T> & { readonly t: T }): Promise<Answers[T]> {
  return handler.run(
    { ...task, request: 1, lane: '' } as unknown as Task,
    () => undefined,
    () => undefined,
  ) as Promise<Answers[T]>;
}

test('bundled scenarios are there, without problems', async () => {
  const { scenarios, problems } = await run({ t: 'bundled-scenarios' });
  expect(problems).toEqual([]);
  expect(scenarios.length).toBeGreaterThanOrEqual(20);
  expect(scenarios.every(({ source }) => source.startsWith('runtime/'))).toBe(true);
});

test('the words of scenarios are there', async () => {
  const vocabularies = await run({ t: 'vocabularies' });
  const { operations = [] } = vocabularies.find(({ subsystem }) => subsystem === fuse.name) ?? {};
  expect(operations.map(({ name }) => name)).toContain('backing-open');
});

test('a scenario is read with its mistakes in their places', async () => {
  const text = 'name: mine\nsubsystem: fuse\nsteps:\n  - bakcing-open: { fd: regular }\n';
  const { scenario, problems } = await run({ t: 'read-scenario', file: 'mine.yaml', text });
  expect(scenario).toBeNull();
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatchObject({ line: 4, column: 5 });
  expect(problems[0]?.message).toContain('backing-open');
});

test('words for a scenario are offered, with the options of its tree, and told', async () => {
  const text = 'name: mine\nsubsystem: fuse\nconfig: { F: true }\nsteps:\n  - backing-open: {}\n';
  const offset = text.indexOf('F:') + 1;
  const options = (tree: Tree | null): Promise<string[]> =>
    run({ t: 'complete-scenario', text, offset, tree }).then((offered) => offered.map(({ word }) => word));
  expect(await options(null)).toEqual([]);
  expect(await options({ root: join(root, 'sample/tree'), ...fusePlace })).toContain('FUSE_PASSTHROUGH');
  const described = await run({ t: 'describe-scenario-word', text, offset: text.indexOf('backing-open') });
  expect(described?.word).toMatchObject({ word: 'backing-open', kind: 'operation' });
});

test('sequences are generated, shorter ones first', async () => {
  const all = await run({ t: 'generate-scenarios', subsystem: fuse, options: { operations: 2, threads: 1 } });
  expect(all.length).toBeGreaterThan(1);
  expect(all[0]?.steps).toHaveLength(1);
  expect(all[all.length - 1]?.steps).toHaveLength(2);
});

test('a line to replay is read, or what is wrong with it is said', async () => {
  const read = await run({ t: 'read-replay', subsystem: fuse, line: 'backing-open->a; backing-close(id=a) @ fault 1.2' });
  expect(read).toMatchObject({
    value: { schedule: 'fault 1.2', scenario: { steps: [{ operation: 'backing-open' }, { operation: 'backing-close' }] } },
  });
  expect(await run({ t: 'read-replay', subsystem: fuse, line: 'open-sesame @ straight' })).toMatchObject({
    ok: false,
    failure: [{ line: 1 }],
  });
});

test('the function around a place is known, whatever its option is', async () => {
  const text = 'int a(void)\n{\n\treturn 1;\n}\n\n#ifndef CONFIG_X\nint b(void)\n{\n\treturn 2;\n}\n#endif\nint c;\n';
  const at = (what: string): Promise<string | null> => run({ t: 'function-at', file: 'fs/fuse/x.c', text, offset: text.indexOf(what) });
  expect(await at('return 1')).toBe('a');
  expect(await at('return 2')).toBe('b');
  expect(await at('int c')).toBeNull();
});

test('the version of a tree changes with its text, and only then', async () => {
  mkdirSync(join(scratch, 'fs/fuse'), { recursive: true });
  const file = join(scratch, 'fs/fuse/a.c');
  const version = (): Promise<string> => run({ t: 'tree-version', tree: { root: scratch, ...fusePlace } });
  writeFileSync(file, 'int a;\n');
  const first = await version();
  expect(await version()).toBe(first);
  writeFileSync(file, 'int a, b;\n');
  expect(await version()).not.toBe(first);
});
