// What differs between the references held at one point before and after a patch.
import { heldText, type HeldObject } from '../model/simulation.js';

/** One object that is held otherwise, without the numbers that tell it from others of its type: the same for the same change. */
export interface HeldChange {
  readonly type: string;
  /** 1: it is alive only after the patch, -1: only before it, 0: on both trees. */
  readonly alive: -1 | 0 | 1;
  /** Of its count; 0 where it is alive on one tree only. */
  readonly count: number;
  /** Fields that hold it before only, and after only, sorted. */
  readonly gone: readonly string[];
  readonly fresh: readonly string[];
}

/** The objects of the first list that the second lacks, each as often as it does. */
export function heldOnlyIn(held: readonly HeldObject[], others: readonly HeldObject[]): readonly HeldObject[] {
  const left = new Map<string, number>();
  for (const each of others) left.set(heldText(each), (left.get(heldText(each)) ?? 0) + 1);
  return held.filter((each) => {
    const text = heldText(each);
    const times = left.get(text) ?? 0;
    left.set(text, times - 1);
    return times <= 0;
  });
}

/** What differs, each different change once. Objects of a type are taken for each other by what most holds them. */
export function heldChanges(before: readonly HeldObject[], after: readonly HeldObject[]): readonly HeldChange[] {
  const left = [...heldOnlyIn(after, before)];
  const changes = heldOnlyIn(before, after).map((old): HeldChange => {
    const alike = left.filter(({ type }) => type === old.type).sort((a, b) => common(old, b) - common(old, a))[0];
    if (alike === undefined) return { type: old.type, alive: -1, count: 0, gone: fieldsOf(old), fresh: [] };
    left.splice(left.indexOf(alike), 1);
    return { type: old.type, alive: 0, count: (alike.count ?? 0) - (old.count ?? 0), ...exchanged(old, alike) };
  });
  for (const now of left) changes.push({ type: now.type, alive: 1, count: 0, gone: [], fresh: fieldsOf(now) });
  const once = new Map(changes.map((change) => [JSON.stringify(change), change]));
  return [...once].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change);
}

/** Whether the count and what lasts of the holders differ by another number: a reference too many or too few. */
export function isUnbalanced({ alive, count, gone, fresh }: HeldChange): boolean {
  return alive === 0 && count !== fresh.length - gone.length;
}

function fieldsOf({ holders }: HeldObject): readonly string[] {
  return holders.map(({ field, key }) => (key === null ? field : `an entry of ${field}`)).sort();
}

function exchanged(old: HeldObject, now: HeldObject): { readonly gone: readonly string[]; readonly fresh: readonly string[] } {
  const [before, after] = [fieldsOf(old), fieldsOf(now)];
  return { gone: lacking(before, after), fresh: lacking(after, before) };
}

/** The texts of the first list that the second lacks, each as often as it does. */
function lacking(texts: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return texts.filter((text) => {
    const at = left.indexOf(text);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function common(a: HeldObject, b: HeldObject): number {
  const others = fieldsOf(b);
  return fieldsOf(a).filter((field) => others.includes(field)).length;
}
