// What each rule is called and where its page is: for SARIF, the terminal and the editor alike.
import type { RuleId } from '../model/finding.js';

/** One line a rule, as the page under docs/rules/ begins. */
export const ruleTitles: Readonly<Record<RuleId, string>> = {
  leak: 'A reference is still owned when the function is left',
  'double-put': 'A reference is released twice on one path',
  'use-after-put': 'An object is used after the reference that kept it alive was released',
  'put-not-owned': 'A reference is released that this path does not own',
  'unchecked-acquire': 'The result of an acquiring call is used or stored without a check for failure',
  'direct-free': 'An object that is counted, and may be shared, is freed outright',
  'ladder-label': 'A goto enters the error ladder at a label that does not fit what is held',
  'ladder-return': 'A return leaves the function where its siblings go through the error ladder',
  'ladder-order': 'The error ladder does not release in the reverse order of acquiring',
  'stale-errno': 'The returned error code belongs to another outcome',
  'dead-default': 'A guard is decided by a constant, so what it guards is dead or always runs',
  'null-deref': 'A pointer that is NULL on this path is read',
  'refcount-as-state': 'The value of a reference count decides what happens next',
  'transfer-mismatch': 'Caller and callee disagree about who owns a reference',
};

/** The address of a rule's page; `base` is the address of the folder docs/rules/, with or without a closing slash. */
export function ruleAddress(rule: RuleId, base: string): string {
  return `${base.replace(/\/+$/, '')}/${rule}.md`;
}
