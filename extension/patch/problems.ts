// How this room makes problems.
import { fitting, type InputProblem } from '../model/problem.js';

/** Part of the input is left out because of this. `line` is 1-based. */
export function errorAt(where: string, message: string, line?: number): InputProblem {
  return { where, ...(line === undefined ? {} : { line }), message: fitting(message), severity: 'error' };
}

/** The input is taken, with the loss that the message states. `line` is 1-based. */
export function warningAt(where: string, message: string, line?: number): InputProblem {
  return { where, ...(line === undefined ? {} : { line }), message: fitting(message), severity: 'warning' };
}

/** The `code` of an error from Node (`ENOENT`, ...), or '' for any other value. */
export function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return String(error.code);
}

/** Of a quoted line at most: two of them fit into a message with what it says of them. */
const longestQuote = 50;

/** A line of a file or of a patch for a message: quoted, tabs visible, cut where it is long. */
export function quoteLine(text: string): string {
  if (text === '\n') return 'an empty line';
  const shown = text.replace(/\n$/, '').replace(/\t/g, '\\t').replace(/\r/g, '\\r');
  return `"${shown.length > longestQuote ? `${shown.slice(0, longestQuote - 3)}...` : shown}"`;
}
