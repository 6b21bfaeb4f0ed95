// What `#pragma pack` says at each place of a file: the most bytes that a member of a record is aligned to.
import type { Offset } from '../model/source.js';

/** From a place on; null where members have their own alignment again. */
export interface PackChange {
  readonly at: Offset;
  readonly bytes: number | null;
}

const push = /^\(\s*push\s*(?:,\s*([A-Za-z_]\w*)\s*)?(?:,\s*(\d+)\s*)?\)/;
const pop = /^\(\s*pop\s*(?:,\s*([A-Za-z_]\w*)\s*)?\)/;
const set = /^\(\s*(\d+)?\s*\)/;

/** Follows the pragmas of a file from its beginning, as gcc's "Structure-Layout Pragmas" says; gcc ignores what is malformed. */
export class PackStack {
  readonly changes: PackChange[] = [];
  private bytes: number | null = null;
  private readonly saved: { readonly name: string | null; readonly bytes: number | null }[] = [];

  /** `text` is what stands behind `#pragma`, whose directive ends at `at`. */
  pragma(text: string, at: Offset): void {
    const written = /^\s*pack\s*(\([^]*)$/.exec(text)?.[1];
    if (written === undefined || !this.change(written)) return;
    this.changes.push({ at, bytes: this.bytes });
  }

  /** False for what gcc ignores. */
  private change(written: string): boolean {
    const pushed = push.exec(written);
    if (pushed) return this.push(pushed[1] ?? null, pushed[2]);
    const popped = pop.exec(written);
    if (popped) return this.pop(popped[1]);
    const stated = set.exec(written);
    return stated !== null && this.set(stated[1] ?? '0');
  }

  private push(name: string | null, stated: string | undefined): boolean {
    const saved = { name, bytes: this.bytes };
    if (stated !== undefined && !this.set(stated)) return false;
    this.saved.push(saved);
    return true;
  }

  private pop(name: string | undefined): boolean {
    const named = this.saved.findLastIndex((each) => each.name === name);
    const at = name !== undefined && named >= 0 ? named : this.saved.length - 1;
    const [last] = this.saved.splice(Math.max(at, 0));
    if (last) this.bytes = last.bytes;
    return last !== undefined;
  }

  private set(stated: string): boolean {
    const bytes = Number(stated);
    if (![0, 1, 2, 4, 8, 16].includes(bytes)) return false;
    this.bytes = bytes === 0 ? null : bytes;
    return true;
  }
}

/** The pack in force at a place. */
export function packAt(changes: readonly PackChange[], at: Offset): number | null {
  return changes.findLast((change) => change.at <= at)?.bytes ?? null;
}
