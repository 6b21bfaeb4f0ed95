// The packages that we depend on: each is argued for in docs/architecture.md, and used.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importsOf, readSources } from './imports.js';

const root = join(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
  'dependencies' | 'devDependencies',
  Readonly<Record<string, string>>
>;
const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
const section = page.slice(page.indexOf('\n## Dependencies'), page.indexOf('\n## Where this differs'));
/** What the first column of the tables names: `a`, or `@types/*` for all of a scope. */
const named = [...section.matchAll(/^\| +(`.*?`) +\|/gm)].flatMap(([, cell = '']) =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
);
const covers = (name: string, dependency: string): boolean =>
  name.endsWith('/*') ? dependency.startsWith(name.slice(0, -1)) : name === dependency;

test('each package is argued for in docs/architecture.md, and nothing else is', () => {
  const packages = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  // Part of eslint, and told of with it.
  const expected = packages.filter((each) => each !== '@eslint/js');
  expect(expected.filter((each) => !named.some((name) => covers(name, each)))).toEqual([]);
  expect(named.filter((name) => !packages.some((each) => covers(name, each)))).toEqual([]);
});

test('the extension and its pages import just the packages that are bundled with them', () => {
  const imported = ['extension', 'webview']
    .flatMap((folder) => readSources(root, folder))
    .flatMap((source) => importsOf(source))
    .filter(({ specifier, typeOnly }) => !typeOnly && !/^(\.|node:|vscode$)/.test(specifier))
    .map(({ specifier }) => packageOf(specifier));
  expect([...new Set(imported)].sort()).toEqual(Object.keys(manifest.dependencies).sort());
});

/** `@scope/name` of `@scope/name/folder/file.js`. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
