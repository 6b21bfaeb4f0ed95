// Builders that turn a list of names into contract rows, so that the tables read as lists. Each says one common shape of
// call; what fits none is written out with `row` and `outcome`.
import {
  any,
  boolean,
  errors,
  maximum,
  nonNegative,
  nonZero,
  positive,
  valid,
  validOrNull,
  zero,
  type Contract,
  type Effect,
  type IntegerSet,
  type Outcome,
  type Resource,
  type Subject,
} from './contract.js';

/** Everything but ERR_PTR values: what IS_ERR answers false to. */
export const notErrors: IntegerSet = [
  [-maximum, -4096],
  [0, maximum],
];
/** A pointer that is neither NULL nor an ERR_PTR. The negative half is there as the kernel compares unsigned. */
export const neitherErrorNorNull: IntegerSet = [
  [-maximum, -4096],
  [1, maximum],
];
export const one: IntegerSet = [[1, 1]];

const result: Subject = { root: 'result', path: [] };

/** `argument(1, 'file')` is `arg1->file`; `argument(0, '*')` what argument 0 points to. */
export function argument(index: number, ...path: readonly string[]): Subject {
  return { root: index, path };
}

/** The object that holds the member whose address is argument `index`. */
export function holder(index: number): Subject {
  return argument(index, '@');
}

export function acquire(resource: Resource, subject: Subject = result): Effect {
  return { kind: 'acquire', resource, subject };
}

/** A drop of a count that says whether it was the last: if so, the caller must now destroy the object. */
export function releaseAnswering(subject: Subject, last: boolean): Effect {
  return { kind: 'release', resource: 'counted', subject, last };
}

export function release(resource: Resource, subject: Subject = argument(0)): Effect {
  return { kind: 'release', resource, subject };
}

/** The reference to argument 0 is gone after an RCU grace period. */
export function releaseLater(resource: Resource): Effect {
  return { kind: 'release', resource, subject: argument(0), deferred: true };
}

export function transfer(resource: Resource, subject: Subject, to: string): Effect {
  return { kind: 'transfer', resource, subject, to };
}

export function escape(subject: Subject): Effect {
  return { kind: 'escape', subject };
}

/** With the subject `argument(n)` itself: a macro assigns its nth argument, as `get_user(x, p)` does x. */
export function write(subject: Subject): Effect {
  return { kind: 'write', subject };
}

export function setCount(subject: Subject, count: Subject | number): Effect {
  return { kind: 'set-count', subject, count };
}

/** `returns` null is for void; a Subject stands for that very value. */
export function outcome(
  name: string,
  returns: IntegerSet | Subject | null,
  effects: readonly Effect[] = [],
  requires: readonly (readonly [subject: Subject, set: IntegerSet])[] = [],
): Outcome {
  return {
    name,
    requires: requires.map(([subject, set]) => ({ subject, set })),
    returns: returns === null ? null : 'root' in returns ? { kind: 'same', subject: returns } : { kind: 'set', set: returns },
    effects,
  };
}

/** What a row says besides its outcomes and its source. */
export interface Details {
  readonly dereferences?: readonly number[];
  /** `none` where left out. */
  readonly clobbers?: Contract['clobbers'];
  readonly readsCount?: true;
  /** The result is lent: whoever keeps it holds the reference. */
  readonly borrows?: true;
  readonly noReturn?: true;
  readonly allocates?: true;
  readonly asserts?: true;
}

/** A row for each of the names, which are set apart by blanks. `source` is the header, file or document that it was read from. */
export function row(names: string, outcomes: readonly Outcome[], source: string, details: Details = {}): Contract[] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => ({
      name,
      outcomes,
      dereferences: details.dereferences ?? [],
      clobbers: details.clobbers ?? 'none',
      ...(details.readsCount && { readsCount: true }),
      ...(details.borrows && { borrows: true }),
      ...(details.noReturn && { noReturn: true }),
      ...(details.allocates && { allocates: true }),
      ...(details.asserts && { asserts: true }),
      source,
    }));
}

// ---- calls that give the caller something to put back ------------------------------------------------------------

/** A pointer that the caller owns, or NULL. */
export function acquireOrNull(names: string, resource: Resource, source: string, details: Details = {}): Contract[] {
  return row(
    names,
    [outcome('success', valid, [acquire(resource)]), outcome(details.allocates ? 'no memory' : 'failure', zero)],
    source,
    details,
  );
}

/** An allocation with GFP flags: memory that the caller must free, or NULL. */
export function allocation(names: string, source: string, details: Details = {}): Contract[] {
  return acquireOrNull(names, 'memory', source, { allocates: true, ...details });
}

/** A pointer that the caller owns, or ERR_PTR. */
export function acquireOrError(names: string, resource: Resource, source: string, details: Details = {}): Contract[] {
  return row(names, [outcome('success', valid, [acquire(resource)]), outcome('failure', errors)], source, details);
}

/** A pointer that the caller owns, ERR_PTR, or NULL where there is nothing. */
export function acquireOrErrorOrNull(names: string, resource: Resource, source: string, details: Details = {}): Contract[] {
  return row(
    names,
    [outcome('success', valid, [acquire(resource)]), outcome('nothing there', zero), outcome('failure', errors)],
    source,
    details,
  );
}

/** A pointer that the caller owns; can't fail. */
export function acquires(names: string, resource: Resource, source: string, details: Details = {}): Contract[] {
  return row(names, [outcome('success', valid, [acquire(resource)])], source, details);
}

/** Takes another reference to argument 0, which must be one, and returns it. */
export function takes(names: string, resource: Resource, source: string, details: Details = {}): Contract[] {
  return row(names, [outcome('success', argument(0), [acquire(resource, argument(0))])], source, { dereferences: [0], ...details });
}

/** Takes another reference to argument 0 and returns nothing. */
export function takesSilently(names: string, resource: Resource, source: string, details: Details = {}): Contract[] {
  return row(names, [outcome('success', null, [acquire(resource, argument(0))])], source, { dereferences: [0], ...details });
}

/** Takes another reference to argument 0 and returns it; does nothing for NULL. */
export function takesUnlessNull(names: string, resource: Resource, source: string, details: Details = {}): Contract[] {
  return row(
    names,
    [
      outcome('success', argument(0), [acquire(resource, argument(0))], [[argument(0), nonZero]]),
      outcome('argument is NULL', zero, [], [[argument(0), zero]]),
    ],
    source,
    details,
  );
}

/** Takes a reference to argument 0 if its last one is not gone yet; says whether it did. */
export function takesUnlessDead(names: string, resource: Resource, subject: Subject, source: string, details: Details = {}): Contract[] {
  return row(
    names,
    [outcome('success', one, [acquire(resource, subject)]), outcome('the last reference is gone', zero, [{ kind: 'dead', subject }])],
    source,
    { dereferences: [0], ...details },
  );
}

// ---- calls that put back -----------------------------------------------------------------------------------------

/** Drops the caller's reference to argument `index`, which must not be NULL. */
export function releases(names: string, resource: Resource, source: string, details: Details = {}, index = 0): Contract[] {
  return row(names, [outcome('released', null, [release(resource, argument(index))])], source, { dereferences: [index], ...details });
}

/** Drops the caller's reference to argument 0; does nothing for NULL. */
export function releasesUnlessNull(names: string, resource: Resource, source: string, details: Details = {}): Contract[] {
  return row(
    names,
    [
      outcome('released', null, [release(resource)], [[argument(0), nonZero]]),
      outcome('argument is NULL', null, [], [[argument(0), zero]]),
    ],
    source,
    details,
  );
}

// ---- calls whose answer matters, not what they own ---------------------------------------------------------------

type Builder = (names: string, source: string, details?: Details) => Contract[];

function answering(...outcomes: readonly Outcome[]): Builder {
  return (names, source, details) => row(names, outcomes, source, details);
}

/** 0, or a negative error code. */
export const returnsErrno = answering(outcome('success', zero), outcome('failure', errors));

/** A number that is not negative (bytes, a descriptor, an id), or a negative error code. */
export const returnsCountOrErrno = answering(outcome('success', nonNegative), outcome('failure', errors));

/** A number that is not negative. */
export const returnsCount = answering(outcome('success', nonNegative));

export const returnsBoolean = answering(outcome('success', boolean));

/** Any number, or a value that is no number. */
export const returnsValue = answering(outcome('success', any));

/** void. */
export const returnsNothing = answering(outcome('success', null));

/** The very value of argument 0. */
export const returnsArgument = answering(outcome('success', argument(0)));

/** A pointer that is not NULL, found by arithmetic or in an object that the caller has. */
export const returnsPointer = answering(outcome('success', positive));

/** A pointer, or NULL where there is none: one outcome, as callers often know that there is one. */
export const returnsPointerOrNull = answering(outcome('success', validOrNull));

/** What an index holds under a key, or NULL: two outcomes, as a caller has to look. */
export const finds = answering(outcome('found', valid), outcome('nothing there', zero));

/** A pointer that the caller need not put back, or ERR_PTR. */
export const returnsPointerOrError = answering(outcome('success', valid), outcome('failure', errors));

/** A pointer that is not NULL and whose reference someone else holds. */
export const borrows: Builder = (names, source, details) => returnsPointer(names, source, { borrows: true, ...details });

/** A pointer whose reference someone else holds, or NULL where there is none. */
export const borrowsOrNull: Builder = (names, source, details) => returnsPointerOrNull(names, source, { borrows: true, ...details });

// ---- calls that let others find what they are given ---------------------------------------------------------------

/** Stores the subject where others find it; can't fail. */
export function stores(names: string, subject: Subject, returns: IntegerSet | null, source: string, details: Details = {}): Contract[] {
  return row(names, [outcome('success', returns, [escape(subject)])], source, { dereferences: [0], ...details });
}

/** Stores the subject where others find it, or answers an error. If it was the caller's, the store's is the first reference. */
export function storesOrError(names: string, subject: Subject, returns: IntegerSet, source: string, details: Details = {}): Contract[] {
  return row(names, [outcome('success', returns, [escape(subject)]), outcome('failure', errors)], source, {
    dereferences: [0],
    ...details,
  });
}

/** Fills what argument 0 points to. */
export function fills(names: string, returns: IntegerSet | Subject | null, source: string, details: Details = {}): Contract[] {
  return row(names, [outcome('success', returns, [write(argument(0, '*'))])], source, details);
}
