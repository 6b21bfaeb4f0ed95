// Ids of findings: the same flaw keeps its id while lines shift, code above it grows, or its function moves to another file.
import { createHash } from 'node:crypto';
import type { RuleId } from '../model/finding.js';

/** Hands out the ids of one result; equal findings of one function are numbered in source order. */
export class Identities {
  private readonly used = new Map<string, number>();

  /** 12 hexadecimal digits, with `-2`, `-3`, ... for the second and later of the same. `about` must not hold line numbers. */
  next(rule: RuleId, functionName: string, about: string): string {
    const id = createHash('sha256').update(`${rule}\n${functionName}\n${about}`).digest('hex').slice(0, 12);
    const count = (this.used.get(id) ?? 0) + 1;
    this.used.set(id, count);
    return count === 1 ? id : `${id}-${count}`;
  }
}
