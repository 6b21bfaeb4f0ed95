// Which heads of parts stay in sight above the list while the steps under them are scrolled through.

/**
 * Indexes of the heads that are scrolled away and shown above, in order: as many as there is room for, the nearest. `first` is how many
 * lines are scrolled away; each head that is shown above hides one more.
 */
export function pinnedHeads(heads: readonly number[], first: number, most: number): readonly number[] {
  return most <= 0 ? [] : heads.filter((line, index) => line < first + Math.min(index, most)).slice(-most);
}

/** How many heads are above a line when it is shown. */
export function headsAbove(heads: readonly number[], line: number, most: number): number {
  return Math.min(Math.max(0, most), heads.filter((head) => head < line).length);
}
