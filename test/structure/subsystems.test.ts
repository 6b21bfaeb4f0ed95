// Nothing but runtime/, guest/ and the manifest knows a subsystem by name: not in the code of extension/ and webview/, whatever its
// comments take for an example. The product's own name is no subsystem's.
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { readSources, type Source } from './imports.js';

const root = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');

/** `fuse-review`, `fuseReview`, `FUSE_REVIEW_CACHE`, `FUSE Backing Review`, and what scenario files end in. */
const product = /fuse[-_. ]?(?:backing[- ])?review|\.fuse-scenario\b/gi;

/** Names and texts of the code that speak of FUSE: `path:line: text`. */
function named({ path, text }: Source): readonly string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const is =
      ts.isIdentifier(node) || ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node) || ts.isRegularExpressionLiteral(node);
    const said = is ? node.getText(file).replaceAll(product, '') : '';
    if (/fuse/i.test(said.replaceAll(/(?:re|con|de|dif|in)fuse|econnrefused/gi, '')))
      found.push(`${path}:${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1}: ${said}`);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

describe('a subsystem', () => {
  test('is known to the code by its value alone', () => {
    const sources = [...readSources(root, 'extension'), ...readSources(root, 'webview')];
    expect(sources.length).toBeGreaterThan(300);
    expect(sources.flatMap(named)).toEqual([]);
  });

  test.each([
    ["const marker = 'fuse_backing_open';", 1],
    ['const where = `${root}/fs/fuse`;', 1],
    ['const isFuse = true;', 1],
    ['const found = /\\bFUSE_/;', 1],
    ["const a = 'fuse-review patch'; const fuseReview = 'FUSE Backing Review';", 0],
    ["// such as fs/fuse\nconst refused = 'refuse ECONNREFUSED';", 0],
  ])('is seen in %s', (text, count) => {
    expect(named({ path: 'x.ts', text })).toHaveLength(count);
  });
});
