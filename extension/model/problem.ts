// A mistake in what a user gave us, said so that it can be put right. Exceptions are for bugs, these are values.

export interface InputProblem {
  /** The file, folder or option at fault, as the user named it or relative to the tree. */
  readonly where: string;
  /** 1-based, where a line is at fault. */
  readonly line?: number;
  /** 1-based, in UTF-16 code units, where a place in the line is at fault. */
  readonly column?: number;
  /** One sentence: what is wrong and, where there is one, the way out. */
  readonly message: string;
  /** `error`: this input (or this file or hunk of it) was left out. `warning`: it was taken, with the loss stated. */
  readonly severity: 'error' | 'warning';
  /** Where all that is wrong is one word, and it is known which ones may have been meant. */
  readonly misspelling?: Misspelling;
}

/** A word in the line of its problem that stands for nothing there, and those that would do. */
export interface Misspelling {
  readonly word: string;
  /** Where the word begins: 1-based, in UTF-16 code units. Where it is quoted, behind the quotation mark. */
  readonly column: number;
  /** At least one, nearest first. */
  readonly meant: readonly string[];
}

/** Characters of a message at most: it is read on one line of a terminal, and quotes what somebody else wrote. */
const longestMessage = 200;

/** The message on one line, cut where it is longer than that. */
export function fitting(message: string): string {
  const line = message.replace(/\s*[\r\n]+\s*/g, ' ');
  return line.length > longestMessage ? `${line.slice(0, longestMessage - 3)}...` : line;
}

/** `path:12:3: message`, the way compilers print. */
export function formatProblem({ where, line, column, message }: InputProblem): string {
  const place = line === undefined ? '' : column === undefined ? `:${line}` : `:${line}:${column}`;
  return `${where}${place}: ${message}`;
}
