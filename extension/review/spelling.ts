// Which records and fields are only called otherwise after a patch: who holds a reference is compared by what it means, and
// a name is not what it means.
import { holderText, type HeldObject, type Holder } from '../model/simulation.js';
import { heldOnlyIn } from './held.js';

/** Names before a patch, with those that stand for the same after it. */
export interface Respelling {
  readonly types: ReadonlyMap<string, string>;
  /** `fuse_conn.backing_files_map` */
  readonly fields: ReadonlyMap<string, string>;
}

/** What is held at one point, before and after. */
export type HeldPair = readonly [readonly HeldObject[], readonly HeldObject[]];

/**
 * Names that the patch replaces throughout. A name counts as replaced by another where it is never seen after the patch, the
 * other never before, and the other stands wherever it stood: with the same count, the same key, as the only thing that
 * differs. A field may go to another record only under
 * its own name, as when a record is split, and has to agree everywhere: a reference that something else holds is a change.
 */
export function respellingOf(pairs: readonly HeldPair[]): Respelling {
  const before = namesIn(pairs.map(([held]) => held));
  const after = namesIn(pairs.map(([, held]) => held));
  const [lost, found] = [without(before.types, after.types), without(after.types, before.types)];
  if (lost.size === 0 && without(before.fields, after.fields).size === 0) return { types: new Map(), fields: new Map() };
  const types = unanimous(pairs.flatMap((pair) => typeVotes(pair, lost, found)));
  const renamed = pairs.map(([old, now]): HeldPair => [respelled(old, { types, fields: new Map() }), now]);
  const names = namesIn(renamed.map(([held]) => held)).fields;
  const [still, fresh] = [without(names, after.fields), without(after.fields, names)];
  let fields = new Map<string, string>();
  // What one point leaves open another one may decide.
  for (let round = 0; round < 3; round++) {
    const known = { types: new Map<string, string>(), fields };
    // Each name goes with one other: two fields that became one are no spelling.
    const gone = without(still, new Set(fields.keys()));
    const open = without(fresh, new Set(fields.values()));
    const votes = renamed.flatMap(([old, now]) => fieldVotes([respelled(old, known), now], gone, open));
    const more = [...unanimous(votes)].filter(([from, to]) => recordOf(from) === recordOf(to) || agrees(renamed, from, to));
    if (more.length === 0) break;
    fields = new Map([...fields, ...more]);
  }
  // Told by the names that stand in the tree before, also for fields of records that are called otherwise.
  const original = new Map([...before.fields].map((field) => [respelledField(field, types), field]));
  const byType = [...original].filter(([now, old]) => now !== old && !fields.has(now)).map(([now, old]) => [old, now] as const);
  return { types, fields: new Map([...byType, ...[...fields].map(([from, to]) => [original.get(from) ?? from, to] as const)]) };
}

/** What is held, in the names after the patch. */
export function respelled(held: readonly HeldObject[], { types, fields }: Respelling): readonly HeldObject[] {
  if (types.size === 0 && fields.size === 0) return held;
  const name = (holder: Holder): Holder => ({ ...holder, field: fields.get(holder.field) ?? respelledField(holder.field, types) });
  return held.map((each) => ({
    ...each,
    type: types.get(each.type) ?? each.type,
    // As what is compared with them.
    holders: each.holders.map(name).sort((a, b) => (holderText(a) < holderText(b) ? -1 : 1)),
  }));
}

function respelledField(field: string, types: ReadonlyMap<string, string>): string {
  const record = recordOf(field);
  const renamed = types.get(record);
  return renamed === undefined ? field : `${renamed}${field.slice(record.length)}`;
}

function recordOf(field: string): string {
  return field.split('.', 1)[0] ?? field;
}

function memberOf(field: string): string {
  return field.slice(recordOf(field).length);
}

/** Wherever something is held by the one before, something is held by the other after, under the same keys. */
function agrees(pairs: readonly HeldPair[], from: string, to: string): boolean {
  const keys = (held: readonly HeldObject[], field: string): string =>
    held
      .flatMap(({ type, holders }) => holders.filter((each) => each.field === field).map(({ key }) => `${type} ${key}`))
      .sort()
      .join();
  return pairs.every(([old, now]) => keys(old, from) === keys(now, to));
}

function typeVotes([old, now]: HeldPair, gone: ReadonlySet<string>, fresh: ReadonlySet<string>): (readonly [string, string])[] {
  const shape = ({ count, waiting, holders }: HeldObject): string => JSON.stringify([count, waiting, holders.length]);
  const from = old.filter(({ type }) => gone.has(type));
  const to = now.filter(({ type }) => fresh.has(type));
  return from.flatMap((each) => {
    const alike = to.filter((other) => shape(other) === shape(each));
    const kinds = new Set(alike.map(({ type }) => type));
    return kinds.size === 1 ? [[each.type, [...kinds][0] ?? ''] as const] : [];
  });
}

function fieldVotes(pair: HeldPair, gone: ReadonlySet<string>, fresh: ReadonlySet<string>): (readonly [string, string])[] {
  const [old, now] = pair;
  const left = heldOnlyIn(now, old);
  return heldOnlyIn(old, now).flatMap((each) => {
    const alike = left.filter(
      (other) =>
        other.type === each.type &&
        other.count === each.count &&
        other.waiting === each.waiting &&
        other.holders.length === each.holders.length,
    );
    const votes = alike.flatMap((other) => lone(each.holders, other.holders, gone, fresh));
    return votes.filter(([from, to]) => votes.every((vote) => vote[0] !== from || vote[1] === to));
  });
}

/** The one holder that differs on each side, for each key that has just one that may be called so. */
function lone(
  old: readonly Holder[],
  now: readonly Holder[],
  gone: ReadonlySet<string>,
  fresh: ReadonlySet<string>,
): (readonly [string, string])[] {
  const texts = now.map(textOf);
  const from = old.filter((each) => !texts.includes(textOf(each)));
  const to = now.filter((each) => !old.map(textOf).includes(textOf(each)));
  if (!from.every(({ field }) => gone.has(field)) || !to.every(({ field }) => fresh.has(field))) return [];
  return from.flatMap((each): readonly (readonly [string, string])[] => {
    const targets = to.filter((other) => mayBeCalled(each, other));
    const [target] = targets;
    if (target === undefined || targets.length > 1 || from.filter((other) => mayBeCalled(other, target)).length > 1) return [];
    return [[each.field, target.field]];
  });
}

/** Another name in the same record, or the same name in another one. */
function mayBeCalled(old: Holder, now: Holder): boolean {
  return old.key === now.key && (recordOf(old.field) === recordOf(now.field) || memberOf(old.field) === memberOf(now.field));
}

function textOf({ field, key }: Holder): string {
  return `${field} ${key ?? ''}`;
}

/** Pairs of which neither name was ever voted to go with another. */
function unanimous(votes: readonly (readonly [string, string])[]): Map<string, string> {
  const to = new Map<string, Set<string>>();
  const from = new Map<string, Set<string>>();
  for (const [a, b] of votes) {
    to.set(a, (to.get(a) ?? new Set()).add(b));
    from.set(b, (from.get(b) ?? new Set()).add(a));
  }
  const found = new Map<string, string>();
  for (const [a, targets] of to) {
    const [b] = targets;
    if (b !== undefined && targets.size === 1 && from.get(b)?.size === 1) found.set(a, b);
  }
  return found;
}

function namesIn(lists: readonly (readonly HeldObject[])[]): { readonly types: ReadonlySet<string>; readonly fields: ReadonlySet<string> } {
  const types = new Set<string>();
  const fields = new Set<string>();
  for (const { type, holders } of lists.flat()) {
    types.add(type);
    for (const { field } of holders) {
      fields.add(field);
      // A record that is no longer counted is still called that.
      types.add(recordOf(field));
    }
  }
  return { types, fields };
}

function without(names: ReadonlySet<string>, others: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...names].filter((name) => !others.has(name)));
}
