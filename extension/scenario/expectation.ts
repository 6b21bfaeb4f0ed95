// What a step is to answer: read from a file, written back, and held against an answer.
import { linuxErrnos } from '../program/errnos.js';
import type { Expectation, ExpectedAnswer } from '../model/scenario.js';
import { isWhole, isWord } from './arguments.js';
import { describe, type Complaints, type Located } from './located-values.js';
import { nearestWords } from './vocabulary-words.js';

/** The expectation of a value, or null with complaints: one answer, or a list of answers that will do. */
export function readExpectation(node: Located, complaints: Complaints): Expectation | null {
  if (node.kind !== 'list') return readAnswer(node, complaints, true);
  if (node.items.length === 0) complaints.add(node.at, 'an empty list; expected answers such as ok or EBUSY');
  const answers = node.items.map((item) => readAnswer(item, complaints, false));
  const read = answers.filter((answer) => answer !== null);
  return read.length === answers.length ? joined(read) : null;
}

function readAnswer(node: Located, complaints: Complaints, alone: boolean): ExpectedAnswer | null {
  if (node.kind === 'scalar' && node.value === 'ok') return { kind: 'ok' };
  if (node.kind === 'scalar' && isWhole(node.value)) return { kind: 'value', value: node.value };
  const names = [...linuxErrnos.keys()];
  if (isWord(node) && names.includes(node.value)) return { kind: 'errno', names: [node.value] };
  const misspelt = isWord(node) ? { word: node.value, known: ['ok', ...names] } : undefined;
  const looksLikeError = isWord(node) && /^E[A-Z0-9]+$/.test(node.value);
  complaints.add(
    node.at,
    looksLikeError
      ? `there is no error ${node.value}; did you mean ${nearestWords(node.value, names).join(' or ') || 'EINVAL'}?`
      : `expected "ok", a number${alone ? ', an error such as EBUSY or a list of them' : ' or an error such as EBUSY'}, found ${describe(node)}`,
    misspelt,
  );
  return null;
}

/** Each answer once, in the order given; a list of nothing but errors is one expectation of them. null for none. */
function joined(answers: readonly ExpectedAnswer[]): Expectation | null {
  const each = [...new Map(answers.map((answer) => [expectationWords(answer).join(), answer])).values()];
  if (each.every((answer) => answer.kind === 'errno')) {
    const names = each.flatMap((answer) => answer.names);
    return names.length === 0 ? null : { kind: 'errno', names };
  }
  return each.length === 1 && each[0] !== undefined ? each[0] : { kind: 'any', of: each };
}

/** The words of an expectation, for `expect`: one, or several answers. */
export function expectationWords(expectation: Expectation): readonly (string | number)[] {
  switch (expectation.kind) {
    case 'ok':
      return ['ok'];
    case 'value':
      return [expectation.value];
    case 'errno':
      return expectation.names;
    case 'any':
      return expectation.of.flatMap(expectationWords);
  }
}

/** For messages: `ok or -EIO`. */
export function expectationText(expectation: Expectation): string {
  const isError = (word: string | number): boolean => typeof word === 'string' && word !== 'ok';
  return expectationWords(expectation)
    .map((word) => (isError(word) ? `-${word}` : String(word)))
    .join(' or ');
}

/** Whether an answer is one that is expected. An operation that was left out, null, did what one that fails does: nothing. */
export function isExpected(expectation: Expectation, answer: number | null): boolean {
  switch (expectation.kind) {
    case 'ok':
      return answer !== null && answer >= 0;
    case 'value':
      return answer === null ? expectation.value < 0 : answer === expectation.value;
    case 'errno':
      return answer === null || expectation.names.some((name) => answer === -(linuxErrnos.get(name) ?? NaN));
    case 'any':
      return expectation.of.some((each) => isExpected(each, answer));
  }
}
