// Which lines of a text are which of another that it quotes, in order: the longest common subsequence of the lines that say something
// (Hunt and Szymanski, A Fast Algorithm for Computing Longest Common Subsequences, CACM 1977), then the lines next to those.

/** Places at which one line is looked for; a line that stands at more tells nothing. */
const mostPlaces = 64;

/** For each line of `quoted` its index in `original`, null where it is not there. Lines are compared as they are. */
export function alignLines(quoted: readonly string[], original: readonly string[]): (number | null)[] {
  const places = new Map<string, number[]>();
  original.forEach((line, at) => {
    if (!saysSomething(line)) return;
    const known = places.get(line);
    if (known) known.push(at);
    else places.set(line, [at]);
  });
  /** By length of a chain, the last link of the one that ends first. */
  const ends: Link[] = [];
  quoted.forEach((line, at) => {
    const found = places.get(line) ?? [];
    if (found.length > mostPlaces) return;
    for (const place of [...found].reverse()) {
      const length = firstFrom(ends, place);
      ends[length] = { quoted: at, place, before: length === 0 ? null : (ends[length - 1] ?? null) };
    }
  });
  const aligned: (number | null)[] = quoted.map(() => null);
  for (let link: Link | null = ends.at(-1) ?? null; link !== null; link = link.before) aligned[link.quoted] = link.place;
  spread(aligned, quoted, original, 1);
  spread(aligned, quoted, original, -1);
  return aligned;
}

interface Link {
  readonly quoted: number;
  readonly place: number;
  readonly before: Link | null;
}

/** A brace or a blank line stands everywhere. */
export function saysSomething(line: string): boolean {
  return (line.match(/\w/g) ?? []).length >= 3;
}

/** The first index whose link is not before that place. */
function firstFrom(ends: readonly Link[], place: number): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle]?.place ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Lines next to those that are known. */
function spread(aligned: (number | null)[], quoted: readonly string[], original: readonly string[], step: 1 | -1): void {
  const order = step === 1 ? aligned.keys() : [...aligned.keys()].reverse();
  const taken = new Set(aligned);
  for (const at of order) {
    const before = aligned[at - step];
    if (aligned[at] !== null || before === null || before === undefined) continue;
    const place = before + step;
    if (place < 0 || place >= original.length || taken.has(place) || original[place] !== quoted[at]) continue;
    aligned[at] = place;
    taken.add(place);
  }
}
