// What a word means where it stands: shown when somebody points at it.
import { expect, test } from 'vitest';
import { describeWord } from '../../extension/scenario/describe.js';
import { toyVocabulary } from './toy-vocabulary.js';

const vocabulary = toyVocabulary();

/** What is said of the word with the `|` in it. */
function said(marked: string): string | null {
  const at = marked.indexOf('|');
  const text = marked.slice(0, at) + marked.slice(at + 1);
  const found = describeWord(text, at, vocabulary);
  return found && `${text.slice(found.span.start, found.span.end)}: ${found.word.description} ${found.word.detail}`.trim();
}

test.each([
  ['st|eps: []\n', 'steps: What is done, in order.'],
  ['setup: { max|-stack-depth: 1 }\n', 'max-stack-depth: What the server asks for. a whole number from 0 to 2; 1 where left out'],
  ['steps:\n  - o|pen: { inode: 1 }\n    as: a\n', 'open: A client opens an inode. client, answers a file'],
  ['steps:\n  - |grace-period\n', 'grace-period: All readers of now end. kernel'],
  ['steps:\n  - paralle|l:\n      - - grace-period\n', 'parallel: Branches, each a thread of its own; the step ends when all have.'],
  ['steps:\n  - parallel:\n      - - open: { in|ode: 1 }\n', 'inode: Which inode. a whole number from 1 to 4; has to be given'],
  ['steps:\n  - open: { inode: 1 }\n    a|s: x\n', 'as: A name for what the step answers, for later steps.'],
  ['steps:\n  - backing-open: {}\n    as: id\n  - backing-close: { id: i|d }\n', 'id: The id. a backing, named in line 3'],
  ['steps:\n  - backing-open: { fd: re|gular }\n', 'regular: What the descriptor is. where left out'],
  ['steps:\n  - backing-open: { fd: re|gular, \n  - gr\n', 'regular: What the descriptor is. where left out'],
  ['steps:\n  - open: { in|ode: 1 \n  - open: {\n', 'inode: Which inode. a whole number from 1 to 4; has to be given'],
  ['steps:\n  - open: { inode: |1 }\n', null],
  ['steps:\n  - opn|e: { inode: 1 }\n', null],
  ['title: op|en\n', null],
  ['# st|eps\nname: x\n', null],
  ['|', null],
])('%j', (marked, expected) => {
  expect(said(marked)).toBe(expected);
});
