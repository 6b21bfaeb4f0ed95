// All rules, in the order in which they are asked: the first to claim a violation names it, so one violation is one finding.
import type { Claim, Rule } from '../violation.js';
import { deadDefault } from './dead-default.js';
import { directFree } from './direct-free.js';
import { doublePut } from './double-put.js';
import { ladderLabel } from './ladder-label.js';
import { ladderOrder } from './ladder-order.js';
import { ladderReturn } from './ladder-return.js';
import { leak } from './leak.js';
import { nullDeref } from './null-deref.js';
import { putNotOwned } from './put-not-owned.js';
import { refcountAsState } from './refcount-as-state.js';
import { staleErrno } from './stale-errno.js';
import { transferMismatch } from './transfer-mismatch.js';
import { uncheckedAcquire } from './unchecked-acquire.js';
import { useAfterPut } from './use-after-put.js';

export const rules: readonly Rule[] = [
  transferMismatch,
  ladderLabel,
  ladderReturn,
  leak,
  putNotOwned,
  doublePut,
  useAfterPut,
  uncheckedAcquire,
  nullDeref,
  directFree,
  deadDefault,
  staleErrno,
  ladderOrder,
  refcountAsState,
];

const byId = new Map(rules.map((rule) => [rule.id, rule]));

/** What a rule says of the facts that it claims. */
export function wordsOf({ rule, facts }: Claim): string {
  return byId.get(rule)?.words(facts) ?? '';
}
