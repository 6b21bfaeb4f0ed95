import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Language, Parser, Query, type TreeCursor } from 'web-tree-sitter';

const folder = join(import.meta.dirname, '../../grammars/kernel-c');
const corpus = join(folder, 'test/corpus');
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

interface Case {
  readonly title: string;
  readonly code: string;
  readonly tree: string;
}

/** Reads tree-sitter's corpus format: title between lines of `=`, then code, a line of `-`, and the tree expected. */
function cases(text: string): Case[] {
  const parts = text.split(/^={3,}\n([^\n]+)\n={3,}\n/m).slice(1);
  return parts.flatMap((title, index) => {
    if (index % 2 === 1) return [];
    const [code = '', tree = ''] = (parts[index + 1] ?? '').split(/^-{3,}\n/m);
    return [{ title, code: code.trim() + '\n', tree: tree.replace(/\s+/g, ' ').trim() }];
  });
}

/** Named nodes with their fields, as the corpus writes them. */
function written(cursor: TreeCursor): string {
  let out = '';
  const field = cursor.currentFieldName;
  const { isMissing, nodeIsNamed } = { isMissing: cursor.nodeIsMissing, nodeIsNamed: cursor.nodeIsNamed };
  if (nodeIsNamed || isMissing)
    out += ` ${field === null ? '' : `${field}: `}(${isMissing ? `MISSING ${cursor.nodeType}` : cursor.nodeType}`;
  if (cursor.gotoFirstChild()) {
    do out += written(cursor);
    while (cursor.gotoNextSibling());
    cursor.gotoParent();
  }
  return nodeIsNamed || isMissing ? `${out})` : out;
}

let language: Language;
let parser: Parser;

beforeAll(async () => {
  await Parser.init();
  language = await Language.load(join(folder, 'kernel-c.wasm'));
  parser = new Parser().setLanguage(language);
});
afterAll(() => parser.delete());

function treeOf(code: string): string {
  const tree = parser.parse(code);
  if (tree === null) throw new Error('no tree');
  const cursor = tree.walk();
  const text = written(cursor).trim();
  cursor.delete();
  tree.delete();
  return text;
}

describe('kernel-c.wasm', () => {
  test('was made from this grammar.js and this tree-sitter-c (else: npm run grammar)', () => {
    const sha256 = (name: string): string =>
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex');
    const treeSitterC = JSON.parse(readFileSync(join(folder, '../../node_modules/tree-sitter-c/package.json'), 'utf8')) as {
      version: string;
    };
    expect(JSON.parse(read('wasm.json'))).toEqual({
      treeSitterC: treeSitterC.version,
      grammar: sha256('grammar.js'),
      words: sha256('words.js'),
      wasm: sha256('kernel-c.wasm'),
    });
  });
});

const files = readdirSync(corpus).filter((name) => name.endsWith('.txt'));

test('has a corpus', () => {
  expect(files.flatMap((file) => cases(read(`test/corpus/${file}`))).length).toBeGreaterThan(40);
});

describe.each(files)('%s', (file) => {
  test.each(cases(read(`test/corpus/${file}`)).map((one) => [one.title, one] as const))('%s', (_, { code, tree }) => {
    expect(treeOf(code)).toBe(tree);
    expect(tree).not.toMatch(/ERROR|MISSING/);
  });
});

describe('queries', () => {
  const code = `
DEFINE_FREE(put_it, struct it *, if (_T) put_it(_T))
SYSCALL_DEFINE1(it, int, fd) { return 0; }
static struct it *__must_check f(int id)
{
	struct it *it __free(put_it) = find(id);
	guard(mutex)(&lock);
	scoped_guard(rcu)
		list_for_each_entry(p, &head, list)
			goto out;
	ops->run(it);
out:
	return no_free_ptr(it);
}
`;
  const captured = (file: string): Record<string, string[]> => {
    const tree = parser.parse(code);
    const query = new Query(language, read(`queries/${file}`));
    const found: Record<string, string[]> = {};
    for (const { name, node } of tree === null ? [] : query.captures(tree.rootNode)) (found[name] ??= []).push(node.text);
    query.delete();
    tree?.delete();
    return found;
  };

  test('functions.scm finds functions and system calls', () => {
    expect(captured('functions.scm').name).toEqual(['it', 'f']);
    expect(captured('functions.scm').function).toHaveLength(2);
  });
  test('calls.scm finds calls by name and through a member', () => {
    expect(captured('calls.scm').name).toEqual(expect.arrayContaining(['find', 'no_free_ptr', 'guard']));
    expect(captured('calls.scm')).toMatchObject({ member: ['run'], guard: ['guard'] });
  });
  test('exits.scm finds gotos, labels and returns', () => {
    expect(captured('exits.scm')).toMatchObject({ target: ['out'], label: ['out'], return: ['return 0;', 'return no_free_ptr(it);'] });
  });
  test('cleanup.scm finds what a scope releases', () => {
    expect(captured('cleanup.scm')).toMatchObject({ release: ['(put_it)'], macro: ['scoped_guard'], name: ['put_it'] });
  });
  test('iterators.scm finds loops', () => {
    expect(captured('iterators.scm').iterator).toEqual(['list_for_each_entry']);
  });
  test('every query file compiles', () => {
    for (const file of readdirSync(join(folder, 'queries'))) expect(() => captured(file), file).not.toThrow();
  });
});

test('is no larger than an engine compiles at once', () => {
  // Half a megabyte took a second, two thirds of one six and a half (README.md, "Its size").
  expect(readFileSync(join(folder, 'kernel-c.wasm')).length).toBeLessThan(500_000);
});
