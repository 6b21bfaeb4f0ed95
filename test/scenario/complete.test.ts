// Words that are offered while a scenario is written, most of the time in a text that is no YAML yet.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { completeScenario, type Completion } from '../../extension/scenario/complete.js';
import { readScenario } from '../../extension/scenario/read.js';
import { fuseRuntime } from '../support/fuse.js';
import { toyVocabulary } from './toy-vocabulary.js';

const vocabulary = toyVocabulary();
const options = ['FUSE_FS', 'FUSE_PASSTHROUGH'];

/** What is offered at the `|` of a text; below `steps:` where it begins with a space. */
function offered(marked: string): readonly Completion[] {
  const whole = marked.startsWith(' ') ? `name: x\nsteps:\n${marked}` : marked;
  const cursor = whole.indexOf('|');
  return completeScenario(whole.slice(0, cursor) + whole.slice(cursor + 1), cursor, vocabulary, options);
}

const words = (marked: string): readonly string[] => offered(marked).map(({ word }) => word);

/** The text after a word was taken: what is to be filled in as it is first, and a `|` where one begins to type. */
function taken(marked: string, word: string): string {
  const cursor = marked.indexOf('|');
  const text = marked.slice(0, cursor) + marked.slice(cursor + 1);
  const found = completeScenario(text, cursor, vocabulary, options).find((each) => each.word === word);
  if (found === undefined) return `${word} is not offered`;
  const line = text.slice(0, found.replaces.start).split('\n').at(-1) ?? '';
  const indentation = line.slice(0, line.length - line.trimStart().length);
  const put = found.snippet
    .replace(/\$\{\d+\|([^,|]*)[^}]*\}/g, '$1')
    .replace(/\$\{\d+:([^}]*)\}/g, '$1')
    .replace(found.snippet.includes('$1') ? '$1' : '$0', '|')
    .replace(/\$\d/g, '')
    .replaceAll('\n', `\n${indentation}`);
  return text.slice(0, found.replaces.start) + put + text.slice(found.replaces.end);
}

const fields = ['name', 'title', 'description', 'subsystem', 'config', 'setup', 'capabilities', 'steps'];
const operations = ['backing-open', 'open', 'backing-close', 'grace-period'];
const steps = [...operations, 'parallel'];
const named = '  - backing-open: {}\n    as: id\n  - open: { inode: 1 }\n    as: file\n';

describe('what is offered', () => {
  test.each([
    ['in an empty file', '|', fields],
    ['on an empty line between fields', 'name: x\n|\nsteps: []\n', fields.filter((name) => name !== 'name' && name !== 'steps')],
    ['for half a field', 'name: x\nst|', fields.slice(1)],
    ['below the steps, at the edge', `name: x\nsteps:\n${named}|`, fields.filter((name) => name !== 'name' && name !== 'steps')],
    ['for a field that has its value', 'name: x\nse|: { max-stack-depth: 1 }\n', fields.slice(1)],
    ['as options', 'config: { |', options],
    ['as another option', 'config: { FUSE_FS: true, F| }', ['FUSE_PASSTHROUGH']],
    ['as options on lines of their own', 'config:\n  |\n', options],
    ["as an option's value", 'config: { FUSE_FS: |', ['true', 'false']],
    ['as arguments of the setup', 'setup: { |', ['max-stack-depth']],
    ['as a number', 'setup: { max-stack-depth: | }', []],
    ['as capabilities', 'capabilities: |', vocabulary.capabilities],
    ['as capabilities in a list', 'capabilities: [|', vocabulary.capabilities],
    ['as another capability', 'capabilities: [CAP_SYS_ADMIN, CAP|]\nsteps: []\n', ['CAP_DAC_OVERRIDE']],
    ['as another capability on a line', 'capabilities:\n  - CAP_SYS_ADMIN\n  - |\nsteps: []\n', ['CAP_DAC_OVERRIDE']],
    ['as another capability without its mark', 'capabilities:\n  - CAP_SYS_ADMIN\n  C|\n', ['CAP_DAC_OVERRIDE']],
    ['as the subsystem', 'subsystem: |', ['fuse-backing']],
    ['as a step', '  - |', steps],
    ['as half a step', '  - op|', steps],
    ['as a step between steps', `${named}  - |\n  - grace-period\n`, steps],
    ['as a step without its mark', `${named}  |`, steps],
    ['as half a step without its mark', `${named}  op|\n  - grace-period\n`, steps],
    ['as the first step', 'steps:\n  |', steps],
    ['as a step on the line of the field', 'steps: |', []],
    ['as an operation that has arguments', '  - op|: { inode: 1 }\n', steps],
    ['as an operation that has a name', '  - |\n    as: id\n  - grace-period\n', ['backing-open', 'open']],
    ['in a branch', '  - parallel:\n      - - |', operations],
    ['in a branch further down', '  - parallel:\n      - - grace-period\n        - gr|\n      - - grace-period\n', operations],
    ['as a branch', '  - parallel:\n      - |', operations],
    ['as branches', '  - parallel:\n      |\n', operations],
    ['beside parallel', '  - parallel:\n      - - grace-period\n    |', []],
    ['as fields of a step', '  - open: { inode: 1 }\n    |', ['as', 'capabilities', 'expect']],
    ['as fields of a step in the middle', '  - open: { inode: 1 }\n    e|\n  - grace-period\n', ['as', 'capabilities', 'expect']],
    ['as fields of a step that answers nothing', '  - grace-period:\n    |', ['capabilities', 'expect']],
    ['as fields that are not there yet', '  - open: { inode: 1 }\n    as: a\n    |\n    expect: ok\n', ['capabilities']],
    ['as fields of a step of no known operation', '  - opne: { inode: 1 }\n    |', ['as', 'capabilities', 'expect']],
    ['as arguments', '  - open: {|', ['inode', 'backing']],
    ['as arguments before a bracket', '  - open: {|}\n  - grace-period\n', ['inode', 'backing']],
    ['as another argument', '  - open: { inode: 1, ba|', ['backing']],
    ['as another argument before a step', '  - open: { inode: 1, ba|\n  - grace-period\n', ['backing']],
    ['as another argument in lines that end as in DOS', 'steps:\r\n  - open: { inode: 1, ba|\r\n  - grace-period\r\n', ['backing']],
    ['as fields in such lines', 'steps:\r\n  - open: { inode: 1 }\r\n    |\r\n', ['as', 'capabilities', 'expect']],
    ['as arguments with a field behind', '  - open: { inode: 1, |\n    as: x\n', ['backing']],
    ['as arguments on lines of their own', '  - open:\n      |', ['inode', 'backing']],
    ['as arguments on lines in brackets', '  - open: {\n      inode: 1,\n      |\n    }\n', ['backing']],
    ['as arguments that lack a comma', '  - open: {\n      |\n      inode: 1 }\n', ['backing']],
    ['as arguments where brackets lack too', '  - open: |', ['inode', 'backing']],
    ['as arguments directly behind a colon', '  - open:|', ['inode', 'backing']],
    ['as arguments of an operation that takes none', '  - grace-period: { |', []],
    ['as a choice', '  - backing-open: { fd: |', ['regular', 'directory', 'bad']],
    ['as half a choice', '  - backing-open: { fd: reg|ular, retry: true }\n', ['regular', 'directory', 'bad']],
    ['as a choice on a line', '  - backing-open:\n      fd: |\n', ['regular', 'directory', 'bad']],
    ['as a choice in quotes', '  - backing-open: { fd: "|" }\n', ['regular', 'directory', 'bad']],
    ['as a flag alone', '  - backing-open: { flags: |', ['ONE', 'TWO']],
    ['as another flag', '  - backing-open: { flags: [ONE, |] }\n', ['TWO']],
    ['as a truth value', '  - backing-open: { retry: t| }', ['true', 'false']],
    ['as the number of an inode', '  - open: { inode: | }', []],
    ['as a reference', `${named}  - backing-close: { id: |`, ['id']],
    ['as a reference to a later step', '  - backing-close: { id: | }\n  - backing-open: {}\n    as: later\n', []],
    ['as a reference to the step itself', '  - open: { inode: 1, backing: | }\n    as: me\n', []],
    ['as what is expected', '  - grace-period:\n    expect: o|', ['ok', 'EPERM']],
    ['as what is expected behind a colon', '  - grace-period:\n    expect:|', ['ok', 'EPERM']],
    ['as what is expected, too', '  - grace-period:\n    expect: [ok, E|', ['EPERM', 'ENOENT']],
    ['as capabilities of a step', '  - grace-period:\n    capabilities: [C|]\n', vocabulary.capabilities],
    ['behind a broken step', '  - open: { inode: 1\n  - backing-open: { fd: |\n', ['regular', 'directory', 'bad']],
    ['in a comment', '  - grace-period # |\n', []],
    ['in a comment on a line', '# |\nname: x\n', []],
    ['in a title', 'title: Close |\n', []],
    ['in a title, first', 'title: |\n', []],
    ['in a description', 'description: >\n  An open that is |\n  closed\nsteps: []\n', []],
    ['in a name for what is answered', '  - open: { inode: 1 }\n    as: |\n', []],
    ['behind a value', '  - grace-period:\n    expect: ok |', []],
    ['behind an argument', '  - open: { inode: 1 |}', []],
    ['in a number', '  - open: { inode: 1| }', []],
  ])('%s: %j', (_, marked, expected) => {
    const found = words(marked);
    expect(marked.includes('expect:') ? found.slice(0, expected.length) : found).toEqual(expected);
  });

  test('in parallel follows the branches', () => {
    const branches = (first: string, second: string, after: string): string =>
      `${named}  - parallel:\n      - - backing-open: {}\n          as: a\n        - backing-close: { id: ${first} }\n      - - backing-open: {}\n          as: b\n        - backing-close: { id: ${second} }\n  - backing-close: { id: ${after} }\n`;
    expect(words(branches('|', 'b', 'a'))).toEqual(['id', 'a']);
    expect(words(branches('a', '|', 'a'))).toEqual(['id', 'b']);
    expect(words(branches('a', 'b', '|'))).toEqual(['id', 'a', 'b']);
  });

  test('says what each is', () => {
    expect(offered('  - |').find(({ word }) => word === 'open')).toMatchObject({
      kind: 'operation',
      detail: 'client, answers a file',
      description: 'A client opens an inode.',
    });
    expect(offered('  - open: { |')).toMatchObject([
      { kind: 'argument', detail: 'a whole number from 1 to 4; has to be given', description: 'Which inode.' },
      { kind: 'argument', detail: expect.stringMatching(/^a name that .*; 0 where left out$/) as string },
    ]);
    expect(offered(`${named}  - backing-close: { id: |`)).toMatchObject([{ kind: 'reference', detail: 'a backing, named in line 4' }]);
  });
});

describe('what is written', () => {
  test.each([
    ['ti|', 'title', 'title: |'],
    ['st|', 'steps', 'steps:\n  - |'],
    ['con|', 'config', 'config: { | }'],
    ['cap|', 'capabilities', 'capabilities: [|]'],
    ['capabilities: |', 'CAP_SYS_ADMIN', 'capabilities: [CAP_SYS_ADMIN]'],
    ['config: {|', 'FUSE_FS', 'config: {FUSE_FS: |'],
    ['steps:\n  - op|', 'open', 'steps:\n  - open: { inode: 1 }|'],
    ['steps:\n  - |', 'backing-open', 'steps:\n  - backing-open: { | }'],
    ['steps:\n  - |', 'backing-close', 'steps:\n  - backing-close: { id: 1 }|'],
    ['steps:\n  - backing-open:\n    as: b\n  - |', 'backing-close', 'steps:\n  - backing-open:\n    as: b\n  - backing-close: { id: b }|'],
    ['steps:\n  - |', 'grace-period', 'steps:\n  - grace-period'],
    ['steps:\n  - |\n    expect: ok\n', 'grace-period', 'steps:\n  - grace-period:\n    expect: ok\n'],
    ['steps:\n  - |', 'parallel', 'steps:\n  - parallel:\n      - - |\n      - - '],
    ['steps:\n  |', 'open', 'steps:\n  - open: { inode: 1 }|'],
    ['steps:\n  |', 'parallel', 'steps:\n  - parallel:\n      - - |\n      - - '],
    ['steps:\n  - grace-period\n  gr|', 'grace-period', 'steps:\n  - grace-period\n  - grace-period'],
    ['steps:\n  - parallel:\n      |', 'grace-period', 'steps:\n  - parallel:\n      - - grace-period'],
    ['steps:\n  - parallel:\n      - |', 'grace-period', 'steps:\n  - parallel:\n      - - grace-period'],
    ['steps:\n  - op|ne: { inode: 1 }', 'open', 'steps:\n  - open: { inode: 1 }'],
    ['steps:\n  - open: |', 'inode', 'steps:\n  - open: { inode: | }'],
    ['steps:\n  - open:|', 'inode', 'steps:\n  - open: { inode: | }'],
    ['steps:\n  - open:\n      |', 'inode', 'steps:\n  - open:\n      inode: |'],
    ['steps:\n  - open: {\n      |\n      inode: 1 }', 'backing', 'steps:\n  - open: {\n      backing: |,\n      inode: 1 }'],
    ['steps:\n  - unmount:\n    e|', 'expect', 'steps:\n  - unmount:\n    expect: |'],
    ['steps:\n  - unmount:\n    expect:|', 'EBUSY', 'steps:\n  - unmount:\n    expect: EBUSY'],
    ['steps:\n  - backing-open: { fd: "|" }', 'bad', 'steps:\n  - backing-open: { fd: "bad" }'],
  ])('%j, %s', (marked, word, expected) => {
    expect(taken(marked, word)).toBe(expected);
  });
});

describe('in the bundled scenarios', () => {
  const root = join(import.meta.dirname, '../..');
  const runtime = fuseRuntime;
  const texts = runtime.scenarios.map(({ source }) => readFileSync(join(root, source), 'utf8'));
  const complete = (text: string, cursor: number): readonly Completion[] =>
    completeScenario(text, cursor, runtime.vocabulary, ['FUSE_PASSTHROUGH']);

  /** Every word that a scenario knows, of a text: keys, and values that are neither numbers, prose nor names that are given. */
  const wordsOf = (text: string): readonly { word: string; at: number }[] => {
    let prose = false;
    let at = 0;
    return text.split('\n').flatMap((line) => {
      const start = at;
      at += line.length + 1;
      if (/^\w/.test(line)) prose = /^(name|title|description):/.test(line);
      const known = prose ? line.slice(0, /^\w+/.exec(line)?.[0].length ?? 0) : line.replace(/ as: .*/, ' as:');
      return [...known.matchAll(/[A-Za-z][\w-]*/g)].map((found) => ({ word: found[0], at: start + found.index }));
    });
  };

  test('every word is offered again where it, or its end, is taken away', () => {
    const missing: string[] = [];
    let seen = 0;
    for (const text of texts) {
      for (const { word, at } of wordsOf(text)) {
        for (const kept of new Set([0, 1, word.length - 1])) {
          seen++;
          const cursor = at + kept;
          const found = complete(text.slice(0, cursor) + text.slice(at + word.length), cursor);
          const again = found.find((each) => each.word === word);
          if (again?.replaces.start !== at || again.replaces.end !== cursor) {
            missing.push(`${word} after ${JSON.stringify(text.slice(at - 30, cursor))}: ${found.map((each) => each.word).join()}`);
          }
        }
      }
    }
    expect(missing).toEqual([]);
    expect(seen).toBeGreaterThan(1000);
  });

  test('every word is offered where the text ends behind its beginning', () => {
    const missing: string[] = [];
    for (const text of texts) {
      for (const { word, at } of wordsOf(text)) {
        const found = complete(text.slice(0, at + 1), at + 1);
        if (!found.some((each) => each.word === word)) missing.push(`${word} at the end of ${JSON.stringify(text.slice(0, at + 1))}`);
      }
    }
    expect(missing).toEqual([]);
  });

  test('nothing is thrown at any cursor of any beginning of a text', () => {
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(), fc.nat(), (text, end, at) => {
        const begun = text.slice(0, end % (text.length + 1));
        complete(begun, begun.length);
        complete(begun, at % (begun.length + 1));
      }),
      { numRuns: 300 },
    );
    for (const text of texts) for (let end = text.indexOf('steps:'); end <= text.length; end++) complete(text.slice(0, end), end);
  });

  test('nothing is thrown at texts with anything in them, and what is offered replaces a word around the cursor', () => {
    const put = fc.constantFrom('', '\t', '- ', '{', ']', ': ', '&a ', '*a', '"', '!!set ', '\n---\n', '\r\n', '[[[', '\uE000');
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(), fc.nat(10), put, fc.nat(), (text, at, cut, more, cursor) => {
        const place = at % text.length;
        const changed = text.slice(0, place) + more + text.slice(place + cut);
        const caret = cursor % (changed.length + 1);
        for (const { replaces, snippet } of complete(changed, caret)) {
          expect(replaces.start).toBeLessThanOrEqual(caret);
          expect(replaces.end).toBeGreaterThanOrEqual(caret);
          expect(changed.slice(replaces.start, replaces.end)).toMatch(/^[\w-]*$/);
          expect(snippet).not.toBe('');
        }
      }),
      { numRuns: 300 },
    );
  });

  test('names are offered where the reader takes them, and nowhere else', () => {
    let asked = 0;
    for (const text of texts) {
      const names = [...text.matchAll(/ as: ([\w-]+)/g)].map(([, name = '']) => name);
      for (const { index, 0: before } of text.matchAll(/(?<= )(id|backing|file): (?=[A-Za-z])/g)) {
        const at = index + before.length;
        const old = /^[\w-]+/.exec(text.slice(at))![0];
        const found = complete(text.slice(0, at) + text.slice(at + old.length), at).map(({ word }) => word);
        for (const name of names) {
          asked++;
          const other = text.slice(0, at) + name + text.slice(at + old.length);
          const { problems } = readScenario('s.yaml', other, runtime.vocabulary);
          expect([name, found.includes(name)]).toEqual([name, problems.length === 0]);
        }
      }
    }
    expect(asked).toBeGreaterThan(50);
  });
});
