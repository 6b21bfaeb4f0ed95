// Words of a vocabulary, and the ones that somebody may have meant.

/** A name in scenarios and vocabularies: never a number, a truth value or a mark of the one-line form. */
export const namePattern = /^(?!(?:true|false)$)[A-Za-z][A-Za-z0-9_-]*$/;

/** Keys of a step, which no operation can be called; `with` begins the one-line form. */
export const reservedWords: readonly string[] = ['as', 'expect', 'capabilities', 'parallel', 'with'];

/** A text of a user as messages show it: in one line, and not all of a long one. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}

/**
 * `did you mean a or b? Expected one of a, b, c`: the known words that are near to the given one, and all of them. Where
 * there are none, `none` is all that is said.
 */
export function expectedOneOf(given: string, known: readonly string[], none: string): string {
  if (known.length === 0) return none;
  const list = known.length === 1 ? `expected ${known[0] ?? ''}` : `expected one of ${known.join(', ')}`;
  const near = nearestWords(given, known);
  return near.length === 0 || near.length === known.length ? list : `did you mean ${near.join(' or ')}? ${list}`;
}

/** A word that stands for nothing, and the words that could stand in its place without another mistake. */
export interface Misspelt {
  readonly word: string;
  readonly known: readonly string[];
}

/** Which words may have been meant, nearest first: those that are near, or the only one that there is. */
export function meantBy({ word, known }: Misspelt): readonly string[] {
  return known.length === 1 ? known : nearestWords(word, known);
}

/** At most three known words within a third of the letters of the given one, nearest first. */
export function nearestWords(given: string, known: readonly string[]): readonly string[] {
  return known
    .map((word) => ({ word, distance: editDistance(given.toLowerCase(), word.toLowerCase()) }))
    .filter(({ word, distance }) => distance <= Math.ceil(Math.max(word.length, given.length) / 3))
    .sort((a, b) => a.distance - b.distance || (a.word < b.word ? -1 : 1))
    .slice(0, 3)
    .map(({ word }) => word);
}

/** How many letters have to be put in, taken out or exchanged to make one word of the other (Levenshtein's distance). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min((row[j] ?? 0) + (a[i] === b[j] ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
