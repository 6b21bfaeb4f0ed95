// Names that a patch replaces throughout are no change, and anything else that holds a reference otherwise is one.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heldText, holderText, type HeldObject, type Holder } from '../../extension/model/simulation.js';
import { heldChanges, heldOnlyIn } from '../../extension/review/held.js';
import { respelled, respellingOf, type HeldPair, type Respelling } from '../../extension/review/spelling.js';

type Held = readonly HeldObject[];

/** What ran may be told with these: `conn` and `inode` are no counted objects, the others are. */
const types = ['fb', 'file', 'cred'];
const records = ['conn', 'inode', ...types];
const fields = records.flatMap((record) => ['map', 'list', 'one'].map((member) => `${record}.${member}`));

const recordOf = (field: string): string => field.split('.', 1)[0]!;

/** As the simulator gives it: holders each once, and all of it sorted by how it is told. */
function normal(held: Held): Held {
  const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return held
    .map((each) => ({
      ...each,
      holders: [...new Map(each.holders.map((holder) => [holderText(holder), holder])).values()].sort((a, b) =>
        byText(holderText(a), holderText(b)),
      ),
    }))
    .sort((a, b) => byText(heldText(a), heldText(b)));
}

const holder: fc.Arbitrary<Holder> = fc.record({
  field: fc.constantFrom(...fields),
  key: fc.constantFrom(null, null, 'entry 1', 'entry 2'),
});
const object: fc.Arbitrary<HeldObject> = fc.record({
  type: fc.constantFrom(...types),
  count: fc.constantFrom(1, 1, 2, 3),
  waiting: fc.constantFrom(false, false, false, true),
  holders: fc.array(holder, { maxLength: 3 }),
});
const observation = fc.array(object, { maxLength: 4 }).map(normal);
const observations = fc.array(observation, { minLength: 1, maxLength: 4 });

const withHolders = (held: Held, name: (field: string) => string): Held =>
  normal(held.map((each) => ({ ...each, holders: each.holders.map((one) => ({ ...one, field: name(one.field) })) })));

const renameField = (from: string, to: string) => (held: Held) => withHolders(held, (field) => (field === from ? to : field));

const renameRecord = (from: string, to: string) => (held: Held) =>
  normal(
    withHolders(held, (field) => (recordOf(field) === from ? `${to}${field.slice(from.length)}` : field)).map((each) => ({
      ...each,
      type: each.type === from ? to : each.type,
    })),
  );

const pairsBy = (before: readonly Held[], patch: (held: Held) => Held): readonly HeldPair[] => before.map((held) => [held, patch(held)]);

/** What is told of the observations as changes. */
const changesIn = (pairs: readonly HeldPair[], respelling: Respelling): unknown[] =>
  pairs.flatMap(([old, now]) => heldChanges(respelled(old, respelling), now));

const fieldsIn = (lists: readonly Held[]): readonly string[] => [
  ...new Set(lists.flatMap((held) => held.flatMap(({ holders }) => holders.map(({ field }) => field)))),
];

const sorted = (map: ReadonlyMap<string, string>): unknown[] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

describe('a name that a patch replaces throughout', () => {
  test('of a field is no change, and just that is told', () => {
    fc.assert(
      fc.property(observations, fc.constantFrom(...fields), (before, field) => {
        const renamed = `${recordOf(field)}.renamed`;
        const pairs = pairsBy(before, renameField(field, renamed));
        const respelling = respellingOf(pairs);
        expect(changesIn(pairs, respelling)).toEqual([]);
        expect(sorted(respelling.types)).toEqual([]);
        expect(sorted(respelling.fields)).toEqual(fieldsIn(before).includes(field) ? [[field, renamed]] : []);
      }),
      { numRuns: 1500 },
    );
  });

  test('of a record, counted or not, is no change, and just that is told', () => {
    fc.assert(
      fc.property(observations, fc.constantFrom(...records), (before, record) => {
        const pairs = pairsBy(before, renameRecord(record, 'renamed'));
        const respelling = respellingOf(pairs);
        expect(changesIn(pairs, respelling)).toEqual([]);
        const held = before.some((each) => each.some(({ type }) => type === record));
        expect(sorted(respelling.types)).toEqual(held ? [[record, 'renamed']] : []);
        const own = fieldsIn(before).filter((field) => recordOf(field) === record);
        expect(sorted(respelling.fields)).toEqual(sorted(new Map(own.map((field) => [field, `renamed${field.slice(record.length)}`]))));
      }),
      { numRuns: 1500 },
    );
  });

  test('of a field, beside another field of the record, is never taken for that one’s', () => {
    fc.assert(
      fc.property(observations, (before) => {
        const names = new Map([
          ['conn.map', 'conn.ids'],
          ['conn.list', 'conn.files'],
        ]);
        const pairs = pairsBy(before, (held) => withHolders(held, (field) => names.get(field) ?? field));
        const respelling = respellingOf(pairs);
        // Where two are replaced at once nothing may tell which is which; then it is told as changes.
        for (const [from, to] of respelling.fields) expect([from, to]).toEqual([from, names.get(from)]);
        if (fieldsIn(before).filter((field) => names.has(field)).length === respelling.fields.size)
          expect(changesIn(pairs, respelling)).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });

  test('is no change in a tree that is the same', () => {
    fc.assert(
      fc.property(observations, (before) => {
        const respelling = respellingOf(pairsBy(before, (held) => held));
        expect([respelling.types.size, respelling.fields.size]).toEqual([0, 0]);
      }),
    );
  });
});

describe('a respelling', () => {
  /** Whatever the two trees hold, in some names that only one of them has. */
  const anyPairs = fc.array(
    fc
      .tuple(observation, observation, fc.constantFrom(...fields), fc.constantFrom(...records))
      .map(([old, now, field, record]): HeldPair => [
        old,
        renameRecord(record, 'renamed')(renameField(field, `${recordOf(field)}.other`)(now)),
      ]),
    { minLength: 1, maxLength: 4 },
  );

  test('changes nothing where it is applied again', () => {
    fc.assert(
      fc.property(anyPairs, (pairs) => {
        const respelling = respellingOf(pairs);
        for (const [old] of pairs) {
          const once = respelled(old, respelling);
          expect(respelled(once, respelling)).toEqual(once);
        }
      }),
      { numRuns: 1500 },
    );
  });

  test('is of names that are gone to names that are new, and never makes one of two', () => {
    fc.assert(
      fc.property(anyPairs, (pairs) => {
        const [before, after] = [fieldsIn(pairs.map(([old]) => old)), fieldsIn(pairs.map(([, now]) => now))];
        const respelling = respellingOf(pairs);
        const { types: typeNames, fields: fieldNames } = respelling;
        for (const names of [typeNames, fieldNames]) expect(new Set(names.values()).size).toBe(names.size);
        for (const [from, to] of fieldNames) {
          expect(before).toContain(from);
          expect(before).not.toContain(to);
          expect(after).not.toContain(from);
        }
        const all = (held: Held): number[] => held.map(({ holders }) => holders.length);
        for (const [old] of pairs) expect(all(respelled(old, respelling))).toEqual(all(old));
      }),
      { numRuns: 1500 },
    );
  });
});

describe('one reference that something else holds', () => {
  const moved = fc
    .tuple(
      observations,
      fc.constantFrom(...fields),
      fc.boolean(),
      fc.nat(),
      fc.constantFrom(...fields, 'conn.fresh', 'inode.fresh', 'fresh.map'),
    )
    .filter(([before]) => fieldsIn(before).length > 0)
    .chain(([before, field, renames, pick, to]) => {
      const rename = renames ? renameField(field, `${recordOf(field)}.renamed`) : (held: Held) => held;
      const places = before.flatMap((held, at) => held.flatMap(({ holders }, index) => holders.map((_, which) => ({ at, index, which }))));
      const place = places[pick % places.length]!;
      return fc.constant({ before, rename, place, to });
    });

  test('is a change, whatever else is called otherwise', () => {
    let looked = 0;
    fc.assert(
      fc.property(moved, ({ before, rename, place, to }) => {
        const from = before[place.at]![place.index]!.holders[place.which]!;
        const left = before.map((held, at) =>
          held.map((each, index) =>
            at === place.at && index === place.index
              ? { ...each, holders: each.holders.filter((_, which) => which !== place.which) }
              : each,
          ),
        );
        const there = before[place.at]![place.index]!.holders.some(({ field, key }) => field === to && key === from.key);
        // A field that holds nothing else cannot be told from one that is called otherwise.
        fc.pre(to !== from.field && !there && (fieldsIn(left).includes(from.field) || fieldsIn(before).includes(to)));
        const after = left.map((held, at) =>
          rename(
            normal(
              held.map((each, index) =>
                at === place.at && index === place.index ? { ...each, holders: [...each.holders, { field: to, key: from.key }] } : each,
              ),
            ),
          ),
        );
        // Two objects may have changed places, so that all is as it was.
        fc.pre(heldOnlyIn(rename(before[place.at]!), after[place.at]!).length > 0);
        looked++;
        const pairs = before.map((held, at): HeldPair => [held, after[at]!]);
        expect(changesIn(pairs, respellingOf(pairs))).not.toEqual([]);
      }),
      { numRuns: 1500 },
    );
    expect(looked).toBeGreaterThan(500);
  });

  test('is a change of its count, too, in a record that is called otherwise', () => {
    fc.assert(
      fc.property(observations, fc.constantFrom(...records), fc.nat(), (before, record, pick) => {
        const flat = before.flatMap((held, at) => held.map((_, index) => ({ at, index })));
        fc.pre(flat.length > 0);
        const place = flat[pick % flat.length]!;
        const after = before.map((held, at) =>
          renameRecord(
            record,
            'renamed',
          )(held.map((each, index) => (at === place.at && index === place.index ? { ...each, count: (each.count ?? 0) + 7 } : each))),
        );
        const pairs = before.map((held, at): HeldPair => [held, after[at]!]);
        expect(changesIn(pairs, respellingOf(pairs))).not.toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });

  /** `fb conn.map[1] inode.one`: held once, by these. */
  const one = (text: string): HeldObject => {
    const [type = '', ...holders] = text.split(' ');
    const named = holders.map((each): Holder => {
      const [, field = '', key] = /^([^[]+)(?:\[(\d)\])?$/.exec(each) ?? [];
      return { field, key: key === undefined ? null : `entry ${key}` };
    });
    return normal([{ type, count: 1, waiting: false, holders: named }])[0]!;
  };
  const pair = (old: readonly string[], now: readonly string[]): HeldPair => [normal(old.map(one)), normal(now.map(one))];

  test('is a change where it goes to a field that is called otherwise and holds others', () => {
    const pairs = [pair(['fb conn.map'], ['fb conn.ids']), pair(['fb conn.map[1] conn.list'], ['fb conn.ids[1] conn.ids'])];
    expect(sorted(respellingOf(pairs).fields)).toEqual([]);
    expect(changesIn(pairs, respellingOf(pairs))).toHaveLength(2);
  });

  test('is no split of a record where the other record does not hold all that the first one did', () => {
    const split = [pair(['fb conn.map[1]'], ['fb chan.map[1]']), pair(['fb conn.map[2]'], ['fb chan.map[2]'])];
    expect(sorted(respellingOf(split).fields)).toEqual([['conn.map', 'chan.map']]);
    const moved = [pair(['fb conn.map[1]'], ['fb chan.map[1]']), pair(['fb conn.map[2]'], ['fb'])];
    expect(sorted(respellingOf(moved).fields)).toEqual([]);
    expect(changesIn(moved, respellingOf(moved))).toHaveLength(2);
  });

  test('is a change of another field, though the record’s are called otherwise', () => {
    const pairs = [
      pair(['fb inode.one'], ['fb node.one']),
      pair(['fb inode.list'], ['fb node.list']),
      pair(['fb inode.one'], ['fb node.list']),
    ];
    expect(changesIn(pairs, respellingOf(pairs))).not.toEqual([]);
  });
});
