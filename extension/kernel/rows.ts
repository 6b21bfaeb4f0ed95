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

export const result: Subject = { root: 'result', path: [] };

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

/** A drop that says whether it was the last: if so, the caller must now destroy the object. */
export function releaseAnswering(resource: Resource, subject: Subject, last: boolean): Effect {
  return { kind: 'release', resource, subject, last };
}

export function release(resource: Resource, subject: Subject = argument(0)): Effect {
  return { kind: 'release', resource, subject };
}

/** The reference is gone after an RCU grace period. */
export function releaseLater(resource: Resource, subject: Subject = argument(0)): Effect {
  return { kind: 'release', resource, subject, deferred: true };
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

/** What a row says besides its outcomes. */
export interface Details {
  /** The header, file or document that the row was read from. */
  readonly source: string;
  readonly dereferences?: readonly number[];
  /** `none` where left out. */
  readonly clobbers?: Contract['clobbers'];
  readonly readsCount?: true;
  /** The result is lent: whoever keeps it holds the reference. */
  readonly borrows?: true;
  readonly noReturn?: true;
  readonly allocates?: true;
  readonly asserts?: true;
  /** Effects of every outcome. */
  readonly effects?: readonly Effect[];
  /** Effects of success (or of what is found, or of a true answer) alone. */
  readonly onSuccess?: readonly Effect[];
  /** Effects of failure alone. */
  readonly onFailure?: readonly Effect[];
}

/** A row for each of the names, which are set apart by blanks. */
export function row(names: string, outcomes: readonly Outcome[], details: Details): Contract[] {
  const always = details.effects ?? [];
  return names
    .trim()
    .split(/\s+/)
    .map((name) => ({
      name,
      outcomes: always.length === 0 ? outcomes : outcomes.map((each) => ({ ...each, effects: [...each.effects, ...always] })),
      dereferences: details.dereferences ?? [],
      clobbers: details.clobbers ?? 'none',
      ...(details.readsCount && { readsCount: true }),
      ...(details.borrows && { borrows: true }),
      ...(details.noReturn && { noReturn: true }),
      ...(details.allocates && { allocates: true }),
      ...(details.asserts && { asserts: true }),
      source: details.source,
    }));
}

// ---- calls that give the caller something to put back ------------------------------------------------------------

function succeeding(details: Details, effects: readonly Effect[]): readonly Effect[] {
  return [...effects, ...(details.onSuccess ?? [])];
}

function failing(details: Details): readonly Effect[] {
  return details.onFailure ?? [];
}

/** A pointer that the caller owns, or NULL. */
export function acquireOrNull(names: string, resource: Resource, details: Details): Contract[] {
  return row(
    names,
    [
      outcome('success', valid, succeeding(details, [acquire(resource)])),
      outcome(details.allocates ? 'no memory' : 'failure', zero, failing(details)),
    ],
    details,
  );
}

/** An allocation with GFP flags: memory that the caller must free, or NULL. */
export function allocation(names: string, source: string, more: Partial<Details> = {}): Contract[] {
  return acquireOrNull(names, 'memory', { source, allocates: true, ...more });
}

/** A pointer that the caller owns, or ERR_PTR. */
export function acquireOrError(names: string, resource: Resource, details: Details): Contract[] {
  return row(
    names,
    [outcome('success', valid, succeeding(details, [acquire(resource)])), outcome('failure', errors, failing(details))],
    details,
  );
}

/** A pointer that the caller owns, ERR_PTR, or NULL where there is nothing. */
export function acquireOrErrorOrNull(names: string, resource: Resource, details: Details): Contract[] {
  return row(
    names,
    [
      outcome('success', valid, succeeding(details, [acquire(resource)])),
      outcome('nothing there', zero),
      outcome('failure', errors, failing(details)),
    ],
    details,
  );
}

/** A pointer that the caller owns; can't fail. */
export function acquires(names: string, resource: Resource, details: Details): Contract[] {
  return row(names, [outcome('success', valid, succeeding(details, [acquire(resource)]))], details);
}

/** Takes another reference to argument 0, which must be one, and returns it. */
export function takes(names: string, resource: Resource, details: Details): Contract[] {
  return row(names, [outcome('success', argument(0), [acquire(resource, argument(0))])], { dereferences: [0], ...details });
}

/** Takes another reference to argument 0 and returns nothing. */
export function takesSilently(names: string, resource: Resource, details: Details): Contract[] {
  return row(names, [outcome('success', null, [acquire(resource, argument(0))])], { dereferences: [0], ...details });
}

/** Takes another reference to argument 0 and returns it; does nothing for NULL. */
export function takesUnlessNull(names: string, resource: Resource, details: Details): Contract[] {
  return row(
    names,
    [
      outcome('success', argument(0), [acquire(resource, argument(0))], [[argument(0), nonZero]]),
      outcome('argument is NULL', zero, [], [[argument(0), zero]]),
    ],
    details,
  );
}

/** Takes a reference to argument 0 if its last one is not gone yet; says whether it did. */
export function takesUnlessDead(names: string, resource: Resource, subject: Subject, details: Details): Contract[] {
  return row(
    names,
    [outcome('success', one, [acquire(resource, subject)]), outcome('the last reference is gone', zero, [{ kind: 'dead', subject }])],
    {
      dereferences: [0],
      ...details,
    },
  );
}

// ---- calls that put back -----------------------------------------------------------------------------------------

/** Drops the caller's reference to argument `index`, which must not be NULL. */
export function releases(names: string, resource: Resource, details: Details, index = 0): Contract[] {
  return row(names, [outcome('released', null, [release(resource, argument(index))])], { dereferences: [index], ...details });
}

/** Drops the caller's reference to argument `index`; does nothing for NULL. */
export function releasesUnlessNull(names: string, resource: Resource, details: Details, index = 0): Contract[] {
  return row(
    names,
    [
      outcome('released', null, [release(resource, argument(index))], [[argument(index), nonZero]]),
      outcome('argument is NULL', null, [], [[argument(index), zero]]),
    ],
    details,
  );
}

// ---- calls whose answer matters, not what they own ---------------------------------------------------------------

/** 0, or a negative error code. */
export function returnsErrno(names: string, details: Details): Contract[] {
  return row(names, [outcome('success', zero, succeeding(details, [])), outcome('failure', errors, failing(details))], details);
}

/** A number that is not negative (bytes, a descriptor, an id), or a negative error code. */
export function returnsCountOrErrno(names: string, details: Details): Contract[] {
  return row(names, [outcome('success', nonNegative, succeeding(details, [])), outcome('failure', errors, failing(details))], details);
}

/** A number that is not negative. */
export function returnsCount(names: string, details: Details): Contract[] {
  return row(names, [outcome('success', nonNegative)], details);
}

export function returnsBoolean(names: string, details: Details): Contract[] {
  return row(names, [outcome('success', boolean)], details);
}

/** Any number, or a value that is no number. */
export function returnsValue(names: string, details: Details): Contract[] {
  return row(names, [outcome('success', any)], details);
}

/** void. */
export function returnsNothing(names: string, details: Details): Contract[] {
  return row(names, [outcome('success', null)], details);
}

export function returnsArgument(names: string, index: number, details: Details): Contract[] {
  return row(names, [outcome('success', argument(index))], details);
}

/** A pointer that is not NULL, found by arithmetic or in an object that the caller has. */
export function returnsPointer(names: string, details: Details): Contract[] {
  return row(names, [outcome('success', positive)], details);
}

/** A pointer, or NULL where there is none: one outcome, as callers often know that there is one. */
export function returnsPointerOrNull(names: string, details: Details): Contract[] {
  return row(names, [outcome('success', validOrNull)], details);
}

/** What an index holds under a key, or NULL: two outcomes, as a caller has to look. */
export function finds(names: string, details: Details): Contract[] {
  return row(names, [outcome('found', valid), outcome('nothing there', zero)], details);
}

/** A pointer that the caller need not put back, or ERR_PTR. */
export function returnsPointerOrError(names: string, details: Details): Contract[] {
  return row(names, [outcome('success', valid), outcome('failure', errors)], details);
}

/** A pointer that is not NULL and whose reference someone else holds. */
export function borrows(names: string, details: Details): Contract[] {
  return returnsPointer(names, { borrows: true, ...details });
}

/** A pointer whose reference someone else holds, or NULL where there is none. */
export function borrowsOrNull(names: string, details: Details): Contract[] {
  return returnsPointerOrNull(names, { borrows: true, ...details });
}
