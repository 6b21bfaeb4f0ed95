// Which key or value of a scenario's text is at an offset, also where the text is half-written and no YAML yet.
import type { Offset, Span } from '../model/source.js';
import type { Located, LocatedEntry } from './located-values.js';
import { readBrokenYaml } from './yaml.js';

/** A key or a plain value in the tree of a text. */
export interface Spot {
  readonly root: Located;
  /** Keys and indexes from the root down to the value, or to the map that has the key. */
  readonly path: readonly (string | number)[];
  /** The entry where the place is a key; null for a value. */
  readonly entry: LocatedEntry | null;
}

/** A place in a text that is being written. */
export interface OpenSpot extends Spot {
  /** The word around the cursor; empty where there is none yet. */
  readonly word: Span;
  /** What has to be written before and behind a word so that it can be read there. */
  readonly before: '' | ' ' | '- ';
  readonly after: '' | ',';
  /** A key has its colon already. */
  readonly hasColon: boolean;
  /** Only spaces and the mark of a list are before the word on its line. */
  readonly beginsLine: boolean;
}

/** Stands for the word that is being written: no text has it, since its letter is for private use. */
const stand = '\uE000';

interface Lack {
  readonly before: OpenSpot['before'];
  readonly after: '' | ':' | ',';
  /** Of a line, up to the word: whether that may be lacking there. */
  readonly where: RegExp;
}

/** What a text may lack around the word that is written, the likelier first. */
const lacking: readonly Lack[] = [
  { before: '', after: '', where: /^/ },
  { before: '', after: ':', where: /^/ },
  { before: ' ', after: '', where: /[:-]$/ },
  { before: '- ', after: '', where: /^\s*$/ },
  { before: '', after: ',', where: /^\s*$/ },
];

/**
 * The place at a cursor, whatever is written there: the word is exchanged for one that stands for it, with what makes the text
 * the least wrong. null where no word of a scenario goes: in a comment, in prose, behind a complete value.
 */
export function openSpot(text: string, cursor: Offset): OpenSpot | null {
  const word = wordAround(text, cursor);
  const rest = text.slice(word.end);
  const line = text.slice(text.lastIndexOf('\n', word.start - 1) + 1, word.start);
  let best: { readonly mistakes: number; readonly spot: OpenSpot | null } | null = null;
  for (const { before, after, where } of lacking) {
    if (!where.test(line)) continue;
    const complete = text.slice(0, word.start) + before + stand + after + rest;
    const read = readBrokenYaml(complete);
    if (read === null) continue;
    const { value: root, mistakes } = read;
    const found = find(root, [], (value) => value === stand);
    if (best !== null && (mistakes > best.mistakes || (mistakes === best.mistakes && (best.spot !== null || found === null)))) continue;
    const spot: OpenSpot | null = found && {
      ...found,
      root,
      word,
      before,
      after: after === ',' ? after : '',
      hasColon: /^["']?[ \t]*:/.test(rest),
      beginsLine: /^\s*(- +)*$/.test(line + before),
    };
    best = { mistakes, spot };
    if (mistakes === 0 && spot !== null) break;
  }
  return best?.spot ?? null;
}

/** The key or value that is written at an offset, with the span of its text; null where there is none, and in quotes. */
export function spotAt(text: string, offset: Offset): (Spot & { readonly word: Span; readonly value: string }) | null {
  const root = readBrokenYaml(text)?.value;
  if (root === undefined) return null;
  let span: Span = { start: offset, end: offset };
  let word = '';
  const found = find(root, [], (value, at) => {
    const written = String(value);
    if (offset < at || offset >= at + written.length || !text.startsWith(written, at)) return false;
    span = { start: at, end: at + written.length };
    word = written;
    return true;
  });
  return found && { ...found, root, word: span, value: word };
}

/** A word as vocabularies have them, around or beside the cursor, on its line. */
function wordAround(text: string, cursor: Offset): Span {
  const before = /[A-Za-z_][\w-]*$/.exec(text.slice(Math.max(0, cursor - longestWord), cursor))?.[0] ?? '';
  const behind = (before === '' ? /^[A-Za-z_][\w-]*/ : /^[\w-]*/).exec(text.slice(cursor, cursor + longestWord))?.[0] ?? '';
  return { start: cursor - before.length, end: cursor + behind.length };
}

/** More letters than any word has. */
const longestWord = 200;

type Found = Pick<Spot, 'path' | 'entry'>;

/** The first key or plain value that is as asked, from the top. */
function find(node: Located, path: Spot['path'], is: (value: string | number | boolean, at: Offset) => boolean): Found | null {
  switch (node.kind) {
    case 'scalar':
      return node.value !== null && is(node.value, node.at) ? { path, entry: null } : null;
    case 'list':
      for (const [index, item] of node.items.entries()) {
        const found = find(item, [...path, index], is);
        if (found !== null) return found;
      }
      return null;
    case 'map':
      for (const entry of node.entries) {
        if (is(entry.key, entry.at)) return { path, entry };
        const found = find(entry.value, [...path, entry.key], is);
        if (found !== null) return found;
      }
      return null;
  }
}
