// What each rule is called and where its page is: for SARIF, the terminal and the editor alike.
import type { RuleId } from '../model/finding.js';

export interface RuleWords {
  /** What is wrong, in one sentence without its full stop. */
  readonly title: string;
  /** The same in a few words, for who does not know the rules by name. */
  readonly words: string;
  /**
   * What findings have a cause in common by: an object whose references are wrong, or nothing but the rule, where it is about values
   * and habits: several of one rule are one mistake made in several places. `answers` are those among them that show in what is
   * answered.
   */
  readonly about: 'references' | 'values' | 'answers';
}

export const rules: Readonly<Record<RuleId, RuleWords>> = {
  leak: {
    title: 'A reference is still owned when the function is left',
    words: 'leak',
    about: 'references',
  },
  'double-put': {
    title: 'A reference is released twice on one path',
    words: 'double put',
    about: 'references',
  },
  'use-after-put': {
    title: 'An object is used after the reference that kept it alive was released',
    words: 'use after put',
    about: 'references',
  },
  'put-not-owned': {
    title: 'A reference is released that this path does not own',
    words: 'put of a reference not owned',
    about: 'references',
  },
  'unchecked-acquire': {
    title: 'The result of an acquiring call is used or stored without a check for failure',
    words: 'unchecked result',
    about: 'references',
  },
  'direct-free': {
    title: 'An object that is counted, and may be shared, is freed outright',
    words: 'freed outright',
    about: 'references',
  },
  'ladder-label': {
    title: 'A goto enters the error ladder at a label that does not fit what is held',
    words: 'goto to the wrong label',
    about: 'references',
  },
  'ladder-return': {
    title: 'A return leaves the function where its siblings go through the error ladder',
    words: 'return past the error labels',
    about: 'references',
  },
  'ladder-order': {
    title: 'The error ladder does not release in the reverse order of acquiring',
    words: 'order of the error labels',
    about: 'values',
  },
  'stale-errno': {
    title: 'The returned error code belongs to another outcome',
    words: 'wrong error code',
    about: 'answers',
  },
  'dead-default': {
    title: 'A guard is decided by a constant, so what it guards is dead or always runs',
    words: 'default that is never set',
    about: 'answers',
  },
  'null-deref': {
    title: 'A pointer that is NULL on this path is read',
    words: 'NULL dereference',
    about: 'references',
  },
  'refcount-as-state': {
    title: 'The value of a reference count decides what happens next',
    words: 'count taken for a state',
    about: 'values',
  },
  'transfer-mismatch': {
    title: 'Caller and callee disagree about who owns a reference',
    words: 'put by caller and callee',
    about: 'references',
  },
};

/** The address of a rule's page; `base` is the address of the folder docs/rules/, with or without a closing slash. */
export function ruleAddress(rule: RuleId, base: string): string {
  return `${base.replace(/\/+$/, '')}/${rule}.md`;
}
