// A reply whose line breaks were lost, as text copied from a page has them: lines are told by the marks of quoting, and what stood
// unquoted between them by how people and code write.
import { saysSomething } from './align.js';
import { contentKey } from './patch-places.js';

/** Columns that a line of a mail has at most, as people wrap it. */
const widest = 78;

/** Marks of quoting with a blank on each side, that a text has to have to be one of those. */
const fewestMarks = 8;

/** UTF-16 units of a mail that anybody wrote. */
const longest = 1_000_000;

/** Whether a text is one long line with marks of quoting in it. */
export function isFlattened(text: string): boolean {
  if (text.length > longest) return false;
  const lines = text.trim().split('\n');
  const marks = text.match(/ >(?= )/g)?.length ?? 0;
  return marks >= fewestMarks && marks > 4 * lines.length;
}

/**
 * The text with its line breaks, as far as they can be told. `isKnown` tells whether a line, by its `contentKey`, is one of the code that is
 * talked about.
 */
export function restoredLines(text: string, isKnown: (key: string) => boolean): string {
  const restored: string[] = [];
  const place = { depth: 0, isUnquoted: true, isAttribution: false, isInDiff: false, isInFragment: false };
  for (const { marks, words } of piecesOf(text.trim().replace(/\s*\n\s*/g, ' '))) {
    const own = depthOf(marks, words, place, isKnown);
    const left = marks - own;
    // Blank lines, as deep as the deeper of what they stand between.
    const blank = left % 2 === 0 && own === 2 ? 2 : 1;
    for (let count = 0; count < left; count += blank) restored.push(quoted(blank, ''));
    const [line, ...others] = own === 0 ? [words] : divided(words, own, isKnown);
    restored.push(quoted(own, line ?? ''));
    for (const each of others) restored.push('', each, '');
    if (own === 1) place.isInFragment = isCodeLine(words, isKnown);
    place.depth = own;
    place.isUnquoted = own === 0 || others.length > 0;
    place.isAttribution = /(?:wrote|writes):$/.test(words);
    place.isInDiff ||= own === 2 && words.startsWith('diff --git ');
  }
  return `${restored.join('\n')}\n`;
}

/** What stands between runs of marks; a comparison within brackets is none. */
function* piecesOf(text: string): Generator<{ readonly marks: number; readonly words: string }, void, undefined> {
  const runs = /(^|\s)((?:> )*>)(?=\s|$|[+-])/g;
  let [marks, from] = [0, 0];
  for (const found of text.matchAll(runs)) {
    const words = text.slice(from, found.index).trim();
    if (opened(words) > 0 && !words.startsWith('@@') && !/^[+-]? ?(?:\*|\/\*)/.test(words) && found[2] === '>') continue;
    if (from > 0 || words !== '') yield { marks, words };
    marks = (found[2] ?? '').replace(/ /g, '').length;
    from = found.index + found[0].length;
  }
  yield { marks, words: text.slice(from).trim() };
}

interface Place {
  /** How deep the line before is quoted. */
  readonly depth: number;
  /** After it comes what somebody wrote himself. */
  readonly isUnquoted: boolean;
  /** It says who wrote what follows. */
  readonly isAttribution: boolean;
  /** The diff of the patch has begun, before which there are words. */
  readonly isInDiff: boolean;
  /** What was quoted once last is code. */
  readonly isInFragment: boolean;
}

/** How deep a line is quoted after so many marks, some of which may be of blank lines: once or twice. */
function depthOf(
  marks: number,
  words: string,
  { depth, isUnquoted, isAttribution, isInDiff, isInFragment }: Place,
  isKnown: (key: string) => boolean,
): number {
  if (marks <= 1) return marks;
  if (isAttribution) return depth >= 1 ? 2 : 1;
  if (words === '') return depth === 2 && marks % 2 === 0 ? 2 : 1;
  const isCode = isCodeLine(words, isKnown);
  if (depth === 2) return isCode || !isInDiff ? 2 : 1;
  // One mark more than the line before has is a blank line's; to go deeper takes one of the deeper text besides.
  if (marks === 2 && (!isUnquoted || isInFragment)) return 1;
  return isCode ? 2 : 1;
}

function isCodeLine(words: string, isKnown: (key: string) => boolean): boolean {
  return /^[+-]|^@@ |^diff --git |^index [0-9a-f]{6}/.test(words) || isKnown(contentKey(words)) || saysCode(words);
}

/** It has what a sentence does not. */
function saysCode(words: string): boolean {
  return /[;{}]$|^\/?\*|\w+->\w+|^#|^[\w./-]+ +\| +\d+|^---$|^<.*>$|^[A-Z][\w-]+: /.test(words);
}

/** Brackets that are open at the end of a line. */
function opened(words: string): number {
  return (words.match(/\(/g)?.length ?? 0) - (words.match(/\)/g)?.length ?? 0);
}

/** A quoted line, and what somebody wrote after it. */
function divided(words: string, depth: number, isKnown: (key: string) => boolean): readonly string[] {
  const parts = words.split(' ');
  // The longest beginning that is a line of the code.
  for (let count = parts.length; count > 0; count--) {
    const begin = parts.slice(0, count).join(' ');
    if (!saysSomething(begin) || !(isKnown(contentKey(begin)) || isKnown(contentKey(begin.replace(/^[+-] ?/, ''))))) continue;
    return count === parts.length ? [words] : /^[A-Z<]/.test(parts[count] ?? '') ? [begin, parts.slice(count).join(' ')] : [words];
  }
  if (/(?:wrote|writes):$/.test(words)) return [words];
  const cuts = (pattern: RegExp): readonly number[] => [...words.matchAll(pattern)].map(({ index }) => index).filter((at) => at <= widest);
  const [ended] = depth === 1 && !/^[+-]/.test(words) ? cuts(/(?<=[.:;!?]) (?=[A-Z<])/g) : [];
  const cut = ended ?? (words.length > widest ? cuts(/ (?=(?!I )[A-Z][a-z']*[,. ])/g).at(-1) : undefined);
  return cut === undefined ? [words] : [words.slice(0, cut), words.slice(cut + 1)];
}

function quoted(depth: number, words: string): string {
  return `${'> '.repeat(depth)}${words}`.trimEnd();
}
