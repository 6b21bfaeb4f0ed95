// A set of small numbers, as bits.
export class NumberSet {
  private words: number[] = [];

  add(number: number): void {
    const at = number >> 5;
    while (this.words.length <= at) this.words.push(0);
    this.words[at] = (this.words[at] ?? 0) | (1 << (number & 31));
  }

  addAll(other: NumberSet): void {
    const { words } = other;
    while (this.words.length < words.length) this.words.push(0);
    for (let at = 0; at < words.length; at++) this.words[at] = (this.words[at] ?? 0) | (words[at] ?? 0);
  }

  has(number: number): boolean {
    return ((this.words[number >> 5] ?? 0) & (1 << (number & 31))) !== 0;
  }

  clear(): void {
    this.words.fill(0);
  }
}
