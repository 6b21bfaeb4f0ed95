// A list of texts in memory that several threads see. Who adds to it has to keep others from doing so at the same time.

/** Numbers at its beginning: how many UTF-16 units are in use. */
const header = 1;

export class SharedTexts {
  private readonly numbers: Int32Array;
  private readonly units: Uint16Array;

  constructor(readonly memory: SharedArrayBuffer) {
    this.numbers = new Int32Array(memory, 0, header);
    this.units = new Uint16Array(memory, 4 * header);
  }

  /** Where the next text begins, in UTF-16 units. */
  get end(): number {
    return Atomics.load(this.numbers, 0);
  }

  /** False where there is no room. */
  add(text: string): boolean {
    const { units, end } = this;
    const behind = end + 2 + text.length;
    if (behind > units.length) return false;
    units[end] = text.length & 0xffff;
    units[end + 1] = text.length >>> 16;
    for (let at = 0; at < text.length; at++) units[end + 2 + at] = text.charCodeAt(at);
    Atomics.store(this.numbers, 0, behind);
    return true;
  }

  /** The text that begins there, and where the next one does; null at the end. */
  at(begin: number): { readonly text: string; readonly next: number } | null {
    if (begin >= this.end) return null;
    const { units } = this;
    const length = (units[begin] ?? 0) + (units[begin + 1] ?? 0) * 0x10000;
    let text = '';
    for (let at = 0; at < length; at += chunk)
      text += String.fromCharCode(...units.subarray(begin + 2 + at, begin + 2 + Math.min(length, at + chunk)));
    return { text, next: begin + 2 + length };
  }

  clear(): void {
    Atomics.store(this.numbers, 0, 0);
  }
}

/** UTF-16 units that are made into text at a time. */
const chunk = 4096;
