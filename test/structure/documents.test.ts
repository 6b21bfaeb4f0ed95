// The documents: what they link to and show is there, in the repository and in the package that users install.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'sample/README.md', 'grammars/kernel-c/README.md'].concat(
  readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path}`),
);

/** Files that a document links to or shows, by their paths in the repository. */
function linksIn(document: string): string[] {
  const text = readFileSync(join(root, document), 'utf8');
  const targets = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target);
  return targets.filter((target) => !/^\w+:/.test(target)).map((target) => posix.join(dirname(document), target));
}

test('every link leads to a file or folder', () => {
  const broken = documents.flatMap((document) => linksIn(document).map((link) => `${document}: ${link}`));
  expect(broken.length).toBeGreaterThan(20);
  expect(broken.filter((each) => !existsSync(join(root, each.split(': ')[1] ?? '')))).toEqual([]);
});

test('what README.md shows is packed with the extension', () => {
  const packed = readFileSync(join(root, '.vscodeignore'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => new RegExp(`^${line.slice(1).replace(/\./g, '\\.').replace(/\*+/g, '.*')}$`));
  const pictures = linksIn('README.md').filter((link) => link.endsWith('.png'));
  expect(pictures.length).toBeGreaterThan(0);
  expect(pictures.filter((picture) => !packed.some((pattern) => pattern.test(picture)))).toEqual([]);
});
