// The documents: what they link to and show is there, in the repository and in the package that users install.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'guest/README.md',
  'sample/README.md',
  'grammars/kernel-c/README.md',
].concat(
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

/** As GitHub names it in an address. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');

test('every link to a heading finds it', () => {
  const links = documents.flatMap((document) =>
    [...readFileSync(join(root, document), 'utf8').matchAll(/\]\(([^)#\s:]*)#([^)\s]+)\)/g)].map(([, target = '', anchor = '']) => ({
      file: target === '' ? document : posix.join(dirname(document), target),
      anchor,
    })),
  );
  expect(links.length).toBeGreaterThan(5);
  for (const { file, anchor } of links) {
    const headings = [...readFileSync(join(root, file), 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));
    expect(headings, file).toContain(anchor);
  }
});

test('every file that CONTRIBUTING.md sends to is there', () => {
  const files = ['extension', 'test'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }));
  const names = new Set(files.map((file) => posix.basename(file)));
  const code = [...readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8').matchAll(/`([\w./-]+)`/g)].map(([, text = '']) => text);
  const paths = code.filter((text) => /^(?:docs|extension|guest|runtime|schemas|scripts|test)\//.test(text));
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  expect(code.filter((text) => /^[\w-]+(?:\.test)?\.ts$/.test(text) && !names.has(text))).toEqual([]);
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
