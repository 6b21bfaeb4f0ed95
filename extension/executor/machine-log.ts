// The kernel's log of one machine, as far as it was written.
import { readFileSync, statSync } from 'node:fs';

export class MachineLog {
  constructor(private readonly path: string) {}

  get size(): number {
    return statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
  }

  lines(): readonly string[] {
    return this.size === 0 ? [] : readFileSync(this.path, 'utf8').split(/\r*\n/);
  }

  /** For people: the last line that says something, cut to what fits on a line. */
  lastLine(): string {
    const line = this.lines().findLast((each) => each.trim() !== '') ?? '(nothing)';
    return line.length > 100 ? `${line.slice(0, 97)}...` : line;
  }
}
