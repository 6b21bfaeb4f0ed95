import { expect, test } from 'vitest';
import { isScenarioPath, problemRange } from '../../extension/editor/host/simulation/scenario-files.js';

test.each([
  ['/w/close.fuse-scenario.yaml', true],
  ['/w/.fuse-review/scenarios/close.yaml', true],
  ['C:\\w\\.fuse-review\\scenarios\\close.yaml', true],
  ['/w/.fuse-review/scenarios/deep/close.yaml', false],
  ['/w/.fuse-review/close.yaml', false],
  ['/w/scenarios/close.yaml', false],
  ['/w/fuse-scenario.yaml', false],
  ['/w/.fuse-review/scenarios/close.yml', false],
])('%s is a scenario file: %s', (path, is) => {
  expect(isScenarioPath(path)).toBe(is);
});

const lines = ['name: x', '  - bakcing-open: { fd: regular }', ''];

test('marks the word at a problem', () => {
  expect(problemRange({ line: 2, column: 5 }, lines)).toEqual({ startLine: 1, startColumn: 4, endLine: 1, endColumn: 16 });
});

test('marks a line without its indentation where no column is known', () => {
  expect(problemRange({ line: 2 }, lines)).toEqual({ startLine: 1, startColumn: 2, endLine: 1, endColumn: 33 });
});

test('stays in the text when that became shorter, and marks at least a character', () => {
  expect(problemRange({ line: 9, column: 40 }, lines)).toEqual({ startLine: 2, startColumn: 0, endLine: 2, endColumn: 1 });
  expect(problemRange({ line: 2, column: 8 }, [])).toEqual({ startLine: 1, startColumn: 7, endLine: 1, endColumn: 8 });
});
