// The pages: what they import runs in a browser, and their colours are those of the theme.
import { expect, test } from 'vitest';
import { importsOf, readSources } from './imports.js';

const root = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');
const sources = readSources(root, 'webview');

test('pages import their own files, the model, the messages, and packages made for browsers', () => {
  expect(sources.length).toBeGreaterThan(10);
  const allowed =
    /^(\.\/|\.\.\/\.\.\/extension\/(model\/|editor\/protocol\/webview-messages\.js$)|lit(\/|$)|@vscode-elements\/|@vscode\/codicons\/)/;
  const others = sources.flatMap((source) => importsOf(source).map(({ specifier, line }) => `${source.path}:${line}: ${specifier}`));
  expect(others.filter((each) => !allowed.test(each.slice(each.indexOf(' ') + 1)))).toEqual([]);
});

test('pages have no colours of their own', () => {
  const own = /#[0-9a-f]{3,8}\b(?=\s*[;,)])|\b(rgba?|hsla?)\(/i;
  const found = sources.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, at) => (own.test(line) ? [`${path}:${at + 1}: ${line.trim()}`] : [])),
  );
  expect(found).toEqual([]);
});
