// Values that nothing tells apart before their first use: of all ways to name the same things, one is generated.
import { rowKey, type GeneratedRow } from './generate-rows.js';

/**
 * For each word that a vocabulary's parameters have as `alike`, the values in its rows. A scenario in which inode 2 is used
 * before inode 1 is the same as the one with both exchanged, and that one is generated if each row with the values
 * exchanged is a row too. Words of which this does not hold are left alone, so that nothing is lost; of the others,
 * values are first used in ascending order.
 */
export class Alike {
  private readonly byKey: ReadonlyMap<string, GeneratedRow>;
  /** By word, in ascending order. */
  private readonly values: ReadonlyMap<string, readonly number[]>;

  constructor(rows: readonly GeneratedRow[]) {
    this.byKey = new Map(rows.map((row) => [rowKey(row.operation, row.numbers), row]));
    const found = new Map<string, Set<number>>();
    for (const [word, value] of rows.flatMap(usesOf)) found.set(word, (found.get(word) ?? new Set()).add(value));
    const sorted = [...found].map(([word, values]): [string, number[]] => [word, [...values].sort((a, b) => a - b)]);
    this.values = new Map(sorted.filter(([word, values]) => this.isClosed(rows, word, values)));
  }

  /** Whether the values of each word are first used in ascending order. */
  inOrder(rows: readonly GeneratedRow[]): boolean {
    return [...this.firstUses(rows)].every(([word, used]) => used.every((value, rank) => this.values.get(word)?.[rank] === value));
  }

  /** The index of the row that takes a row's place when values are named in the order in which `rows` first use them. */
  renaming(rows: readonly GeneratedRow[]): (row: GeneratedRow) => number {
    const uses = this.firstUses(rows);
    const renamed = (word: string, value: number): number => this.values.get(word)?.[uses.get(word)?.indexOf(value) ?? -1] ?? value;
    return (row) => (this.exchanged(row, renamed) ?? row).index;
  }

  /** By word, the values in the order of their first use; words that are left alone are not there. */
  private firstUses(rows: readonly GeneratedRow[]): ReadonlyMap<string, readonly number[]> {
    const uses = new Map<string, number[]>();
    for (const [word, value] of rows.flatMap(usesOf)) {
      if (!this.values.has(word)) continue;
      const used = uses.get(word) ?? [];
      if (!used.includes(value)) used.push(value);
      uses.set(word, used);
    }
    return uses;
  }

  /** Exchanging neighbours gives every order there is, so it is enough that there are rows for each such exchange. */
  private isClosed(rows: readonly GeneratedRow[], word: string, values: readonly number[]): boolean {
    return values.slice(1).every((high, index) => {
      const low = values[index] ?? high;
      const exchange = (other: string, value: number): number =>
        other !== word ? value : value === low ? high : value === high ? low : value;
      return rows.every((row) => this.exchanged(row, exchange) !== undefined);
    });
  }

  /** The row with other values, if there is one. */
  private exchanged(row: GeneratedRow, by: (word: string, value: number) => number): GeneratedRow | undefined {
    const { parameters } = row.operation;
    const numbers = row.numbers.map((value, index) => {
      const parameter = parameters[index];
      const word = parameter !== undefined && 'alike' in parameter ? parameter.alike : undefined;
      return word === undefined || value === null ? value : by(word, value);
    });
    return this.byKey.get(rowKey(row.operation, numbers));
  }
}

/** The words and values of a row, in the order of its parameters. */
function usesOf(row: GeneratedRow): readonly (readonly [word: string, value: number])[] {
  return row.operation.parameters.flatMap((parameter, index): [string, number][] => {
    const value = row.numbers[index];
    return 'alike' in parameter && typeof value === 'number' ? [[parameter.alike, value]] : [];
  });
}
