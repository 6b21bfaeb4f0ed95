import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { allOptions, createParser, unknownsIn } from '../support/parser.js';
import { describeWithTree, sourcesIn } from '../support/trees.js';

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => {
  parser.dispose();
});

for (const name of ['linux-7.2', 'linux-6.12', 'linux-6.1']) {
  describeWithTree(name, 'fs/fuse', (tree) => {
    test('parses whole, and nothing in a function is unknown', () => {
      let functions = 0;
      const problems: string[] = [];
      for (const { path, text } of sourcesIn(tree, 'fs/fuse')) {
        const unit = parser.parse(path, text, allOptions);
        parser.forget(path);
        for (const { message } of unit.errors) problems.push(`${path}: ${message}`);
        for (const declaration of unit.declarations) {
          if (declaration.kind !== 'function') continue;
          functions++;
          if (declaration.error !== null) problems.push(`${path}: ${declaration.name}: ${declaration.error}`);
          for (const { text } of unknownsIn(declaration)) problems.push(`${path}: ${declaration.name}: unknown: ${text}`);
        }
      }
      expect(problems).toEqual([]);
      expect(functions).toBeGreaterThan(500);
    });
  });
}
