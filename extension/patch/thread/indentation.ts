// How far a line of C was indented before a mailer took its blanks away: as far as an equal line beside it, else as kernel code is written.
import type { SuggestedLine } from '../../model/mail-thread.js';
import type { HunkLine } from '../hunk.js';
import { contentKey } from './patch-places.js';

export interface Around {
  /** What comes before it in the new text. */
  readonly read: readonly HunkLine[];
  /** The hunk, the line's place in it, and where the lines of its old side are in the file. */
  readonly hunk: readonly SuggestedLine[];
  readonly nth: number;
  readonly at: readonly (number | null)[];
  readonly lines: readonly string[];
}

/** The line with the blanks that it had, as far as can be told. */
export function restoredIndentation(text: string, { read, hunk, at, lines }: Around): string {
  const bare = text.trim();
  if (bare === '' || bare.startsWith('#') || /^\w+:$/.test(bare)) return bare;
  const key = contentKey(text);
  const alike = hunk.findIndex(({ kind, text: other }, nth) => kind === 'removed' && at[nth] !== null && contentKey(other) === key);
  const place = alike < 0 ? null : (at[alike] ?? null);
  if (place !== null && !isUnderCondition(read)) return indent(lines[place] ?? '') + bare;
  const before = read
    .filter(({ kind, text: other }) => kind !== 'removed' && other.trim() !== '')
    .map(({ text: other }) => other.trimEnd());
  const last = before.at(-1) ?? '';
  const own = indent(last);
  if (bare.startsWith('*')) return (/^\s*\/\*/.test(last) ? `${own} ` : own) + bare;
  if (bare.startsWith('}')) return own.replace(/\t$/, '') + bare;
  if (last.endsWith('*/') && own.endsWith(' ')) return own.slice(0, -1) + bare;
  if (last.endsWith('{') || /^\w+:$/.test(last.trim()) || opensOne(last)) return `${own}\t${bare}`;
  // The one statement of a condition is over.
  const condition = before.at(-2) ?? '';
  if (opensOne(condition) && indent(condition).length < own.length) return indent(condition) + bare;
  return own + bare;
}

function isUnderCondition(read: readonly HunkLine[]): boolean {
  const last = read.findLast(({ kind, text }) => kind !== 'removed' && text.trim() !== '');
  return last !== undefined && opensOne(last.text.trimEnd());
}

/** A condition or a loop whose one statement follows. */
function opensOne(line: string): boolean {
  return /^\s*(?:\}\s*)?(?:if|else|for|while|do)\b/.test(line) && !/[;{]$/.test(line);
}

function indent(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}
