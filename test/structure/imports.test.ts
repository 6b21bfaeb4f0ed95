import { describe, expect, test } from 'vitest';
import { circles, importsOf, readSources, violations } from './imports.js';

const root = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');

const source = (path: string, text: string) => ({ path, text });

describe('the import rule', () => {
  test('holds for the extension', () => {
    const sources = readSources(root, 'extension');
    expect(sources.length).toBeGreaterThan(20);
    expect(violations(sources)).toEqual([]);
  });

  test.each(['extension', 'webview'])('has no circle in %s', (folder) => {
    expect(circles(readSources(root, folder))).toEqual([]);
  });

  test('sees a circle, but not one of types, nor the lowering', () => {
    const a = source('extension/model/a.ts', "import { b } from './b.js';");
    const b = source('extension/model/b.ts', "import { c } from './c.js';");
    expect(circles([a, b, source('extension/model/c.ts', "import { a } from './a.js';")])).toEqual([
      'extension/model/a.ts -> extension/model/b.ts -> extension/model/c.ts -> extension/model/a.ts',
    ]);
    expect(circles([a, b, source('extension/model/c.ts', "import type { A } from './a.js';")])).toEqual([]);
    const call = source('extension/program/lowering/call.ts', "import { x } from './place.js';");
    expect(circles([call, source('extension/program/lowering/place.ts', "import { y } from './call.js';")])).toEqual([]);
  });

  test('lets a room use the rooms below it', () => {
    const checker = source('extension/checker/leak.ts', "import { a } from '../program/graph.js';\nimport { b } from './state.js';\n");
    expect(violations([checker])).toEqual([]);
  });

  test('forbids a layer of the simulator to load one above it, but not to name its types', () => {
    const code = (text: string) => source('extension/simulator/code/compile.ts', text);
    expect(violations([code("import type { Frame } from '../machine/thread.js';\nimport { convert } from './arithmetic.js';")])).toEqual(
      [],
    );
    expect(violations([code("import { Frame } from '../machine/thread.js';")])).toEqual([
      'extension/simulator/code/compile.ts:1: loads extension/simulator/machine/thread.ts, which is in a layer above',
    ]);
  });

  test('keeps the processes of the editor apart, and reviewing from reporting', () => {
    const host = source('extension/editor/host/checking/checks.ts', "import type { T } from '../../worker/task-queue.js';");
    const worker = source('extension/editor/worker/task-queue.ts', "import type { T } from '../protocol/messages.js';");
    const review = source('extension/review/causes.ts', "import { json } from './report/json/json.js';");
    const report = source('extension/review/report/json/json.ts', "import { causes } from '../../causes.js';");
    expect(violations([host, worker, review, report])).toEqual([
      "extension/editor/host/checking/checks.ts:1: host and worker don't know each other",
      'extension/review/causes.ts:1: loads extension/review/report/json/json.ts, which is in a layer above',
    ]);
  });

  test('forbids an import upward, also of a type', () => {
    const model = source('extension/model/finding.ts', "\nimport type { Review } from '../review/reviewer.js';\n");
    expect(violations([model])).toEqual(['extension/model/finding.ts:2: model may not import upward from review']);
  });

  test.each(['simulator', 'executor', 'patch'])('forbids checker to import sideways from %s', (other) => {
    const checker = source('extension/checker/leak.ts', `export { x } from '../${other}/x.js';`);
    expect(violations([checker])).toEqual([`extension/checker/leak.ts:1: checker may not import sideways from ${other}`]);
  });

  test('sees imports in every form', () => {
    const text = [
      "import a from 'a';",
      "import type { B } from 'b';",
      "import { type C } from 'c';",
      "import 'd';",
      "export * from 'e';",
      "const f = await import('f');",
      "let g: import('g').G;",
      "const h = require('h');",
      "import i = require('i');",
      "// import 'in a comment';",
      'const text = "import \'in a string\'";',
    ].join('\n');
    expect(importsOf(source('extension/cli/x.ts', text)).map(({ specifier, typeOnly }) => [specifier, typeOnly])).toEqual([
      ['a', false],
      ['b', true],
      ['c', true],
      ['d', false],
      ['e', false],
      ['f', false],
      ['g', true],
      ['h', false],
      ['i', false],
    ]);
  });

  test('keeps vscode in editor/ and main.ts, and the parser in syntax/', () => {
    const sources = [
      source('extension/main.ts', "import * as vscode from 'vscode';"),
      source('extension/editor/host/status.ts', "import * as vscode from 'vscode';"),
      source('extension/syntax/parser.ts', "import { Parser } from 'web-tree-sitter';"),
      source('extension/review/reviewer.ts', "import * as vscode from 'vscode';"),
      source('extension/program/lower.ts', "import type { Node } from 'web-tree-sitter';"),
    ];
    expect(violations(sources)).toEqual([
      'extension/review/reviewer.ts:1: only editor and main may import vscode, not review',
      'extension/program/lower.ts:1: only syntax may import web-tree-sitter, not program',
    ]);
  });

  test('keeps files and processes out of the pure rooms', () => {
    const text = "import { readFileSync } from 'node:fs';";
    expect(violations([source('extension/patch/disk-tree.ts', text)])).toEqual([]);
    expect(violations([source('extension/checker/leak.ts', text)])).toEqual([
      'extension/checker/leak.ts:1: checker is pure and may not import node:fs',
    ]);
  });

  test('keeps vscode out of what the worker and the command line load', () => {
    const worker = source(
      'extension/editor/worker/analysis-worker.ts',
      "import { shown } from './shown.js';\nimport type { S } from './status.js';",
    );
    const shown = source('extension/editor/worker/shown.ts', "import { Uri } from 'vscode';");
    const status = source('extension/editor/host/status.ts', "import { window } from 'vscode';");
    expect(violations([worker, shown, status])).toEqual([
      'extension/editor/worker/analysis-worker.ts -> extension/editor/worker/shown.ts imports vscode, which is not there at run time',
    ]);
    const harmless = source('extension/editor/worker/shown.ts', "import type { Uri } from 'vscode';");
    expect(violations([worker, harmless, status])).toEqual([]);
  });

  test('asks for a room for every file, and for imports that stay inside', () => {
    const sources = [
      source('extension/helpers/misc.ts', ''),
      source('extension/cli/main.ts', "import '../../scripts/tools.mjs';"),
      source('extension/review/x.ts', "import '../helpers/misc.js';"),
    ];
    expect(violations(sources)).toEqual([
      'extension/helpers/misc.ts: not in a room of the design',
      'extension/cli/main.ts:1: ../../scripts/tools.mjs leads out of extension/',
      'extension/review/x.ts:1: extension/helpers/misc.ts is not in a room of the design',
    ]);
  });
});
