// What a call means to its caller: per outcome, what is returned and which references move. A row is plain data; the
// checker infers rows of the same shape for the tree's own functions, the simulator reads them for what is not modelled.
import type { Span } from '../model/source.js';

/**
 * A set of integers as sorted, disjoint, closed ranges. Pointers are numbers too, as in the kernel: NULL is 0, ERR_PTR is
 * -4095..-1 (MAX_ERRNO in include/linux/err.h), and anything above 0 is a pointer that may be dereferenced.
 */
export type IntegerSet = readonly (readonly [low: number, high: number])[];

export const maximum = 2 ** 53 - 1;
export const any: IntegerSet = [[-maximum, maximum]];
export const none: IntegerSet = [];
export const zero: IntegerSet = [[0, 0]];
export const nonZero: IntegerSet = [
  [-maximum, -1],
  [1, maximum],
];
export const negative: IntegerSet = [[-maximum, -1]];
export const errors: IntegerSet = [[-4095, -1]];
export const positive: IntegerSet = [[1, maximum]];
export const nonNegative: IntegerSet = [[0, maximum]];
export const valid = positive;
export const validOrNull = nonNegative;
export const boolean: IntegerSet = [[0, 1]];

/**
 * A value named from a call: an argument (by 0-based position) or the result, then fields read from it one after the
 * other. `['file']` after argument 0 is `arg0->file`; the step `*` is a plain dereference, as for an out-parameter;
 * the step `@` goes from the address of a member to the object that holds it (`&fb->count` -> `fb`).
 */
export interface Subject {
  readonly root: number | 'result';
  readonly path: readonly string[];
}

/** What a reference is to. Two references of different resources on one object are different references. */
export type Resource =
  /** Memory that someone must free. */
  | 'memory'
  /** A count inside an object of the tree's own: refcount_t, kref or atomic_t; inferred, never in the table. */
  | 'counted'
  /** Anything else that has a pair of get and put: 'file', 'cred', 'inode', 'dentry', 'folio', ... */
  | (string & {});

export type Effect = EffectKind & {
  /** The statement that has the effect, where the row was inferred from a body. */
  readonly at?: EffectSite;
};

/** A place within a function, told from the function's start, so that it holds when the function moves. */
export interface EffectSite {
  readonly file: string;
  readonly function: string;
  readonly span: Span;
}

export type EffectKind =
  /** The caller now owns one reference to the subject. `shared`: it is no new object, others may reach it already. */
  | { readonly kind: 'acquire'; readonly resource: Resource; readonly subject: Subject; readonly shared?: boolean }
  /**
   * One reference that the caller owned is gone. `deferred`: after an RCU grace period. `last`: the call says whether it
   * was the last one (`refcount_dec_and_test` returns true: the caller must now destroy the object).
   */
  | {
      readonly kind: 'release';
      readonly resource: Resource;
      readonly subject: Subject;
      readonly deferred?: boolean;
      readonly last?: boolean;
    }
  /** One reference that the caller owned now belongs to something that outlives the call (an index, a list, an object). */
  | { readonly kind: 'transfer'; readonly resource: Resource; readonly subject: Subject; readonly to: string }
  /** The count that lives at the subject (an address) is set; the caller owns that many references to the holder. */
  | { readonly kind: 'set-count'; readonly subject: Subject; readonly count: Subject | number }
  /** The subject is stored where others may find it. `unknown`: it was given to a callee that nothing is known of. */
  | { readonly kind: 'escape'; readonly subject: Subject; readonly unknown?: boolean }
  /** No reference to the subject was left: this outcome can't be where somebody is known to hold one. */
  | { readonly kind: 'dead'; readonly subject: Subject }
  /** The subject's memory now has contents that the caller can't know. */
  | { readonly kind: 'write'; readonly subject: Subject };

export type Returned =
  | { readonly kind: 'set'; readonly set: IntegerSet }
  /** The very value of a subject: `get_file(f)` returns `f`. */
  | { readonly kind: 'same'; readonly subject: Subject };

export interface Outcome {
  /** For people, when a trace passes here: 'success', 'failure', 'argument is NULL', ... */
  readonly name: string;
  /** All must be possible for this outcome to be. */
  readonly requires: readonly { readonly subject: Subject; readonly set: IntegerSet }[];
  /** null for void. */
  readonly returns: Returned | null;
  readonly effects: readonly Effect[];
  /** What the call found out about values that it can reach. */
  readonly ensures?: readonly { readonly subject: Subject; readonly set: IntegerSet }[];
}

export interface Contract {
  readonly name: string;
  readonly outcomes: readonly Outcome[];
  /** Arguments (0-based) that are dereferenced, so that NULL or ERR_PTR there is an error. */
  readonly dereferences: readonly number[];
  /**
   * What the memory of others looks like afterwards: `none` leaves every field as it was (pure helpers), `arguments` may
   * have changed what the pointer arguments point to, `all` anything reachable (a call that sleeps or calls back).
   */
  readonly clobbers: 'none' | 'arguments' | 'all';
  /** Where known: the only memory that is written, an argument's pointee or one field of it. Absent: any argument's may be. */
  readonly writes?: readonly Subject[];
  /** The count read by this call; a decision on it is `refcount-as-state`. */
  readonly readsCount?: boolean;
  /** The result is lent: whoever keeps it holds the reference, under a lock or RCU (`idr_find`, `file_inode`). */
  readonly borrows?: boolean;
  /** Does not return. */
  readonly noReturn?: boolean;
  /** A failed allocation: the errno that a caller owes its own caller is ENOMEM. */
  readonly allocates?: boolean;
  /** WARN_ON and its like: argument 0 is a condition that is held to be false in a correct run; it is returned. */
  readonly asserts?: boolean;
  /** Where the row comes from: a header, a kernel document. */
  readonly source: string;
}
