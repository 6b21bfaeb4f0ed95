// Words of a command line.

/** A word as a POSIX shell takes it: as it is where it needs no quotes. */
export function shellWord(word: string): string {
  return /^[\w./@:+,=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
