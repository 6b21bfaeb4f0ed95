// The table as data: every topic is in it, no name twice, every reference that can be had can be put back, ranges in order; and rows of the user.
import { readdirSync } from 'node:fs';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import { errors, zero, type Contract, type EffectKind, type IntegerSet, type Outcome } from '../../extension/kernel/contract.js';
import { topics } from '../../extension/kernel/api/index.js';
import { allContracts, contractOf, contractSchema, userContracts } from '../../extension/kernel/contracts.js';
import { outcome, row } from '../../extension/kernel/rows.js';

function resources(kind: 'acquire' | 'release'): Set<string> {
  const effects = allContracts.flatMap((contract) => contract.outcomes.flatMap((each) => each.effects));
  return new Set(effects.flatMap((effect) => (effect.kind === kind ? [effect.resource] : [])));
}

function setsOf(contract: Contract): IntegerSet[] {
  return contract.outcomes.flatMap((each) => [
    ...each.requires.map(({ set }) => set),
    ...(each.ensures ?? []).map(({ set }) => set),
    ...(each.returns?.kind === 'set' ? [each.returns.set] : []),
  ]);
}

const api = new URL('../../extension/kernel/api/', import.meta.url);

describe('the table', () => {
  test.each(readdirSync(api).filter((file) => file !== 'index.ts'))('has the topic of %s', async (file) => {
    const known: readonly unknown[] = topics;
    expect(Object.values((await import(new URL(file, api).href)) as object).some((each) => known.includes(each))).toBe(true);
  });

  test('has no name twice', () => {
    const names = allContracts.map(({ name }) => name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  test('knows how to put back whatever it hands out, and the other way round', () => {
    expect([...resources('acquire')].sort()).toEqual([...resources('release')].sort());
  });

  test('writes ranges in order, and none that is empty', () => {
    const crooked = allContracts.filter((contract) =>
      setsOf(contract).some((set) => set.length === 0 || set.some(([low, high], i) => low > high || (set[i - 1]?.[1] ?? -Infinity) >= low)),
    );
    expect(crooked.map(({ name }) => name)).toEqual([]);
  });

  test('gives every call an outcome, save those that do not come back', () => {
    const without = allContracts.filter((contract) => contract.outcomes.length === 0 && contract.noReturn !== true);
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  test('holds each row to the schema that users are held to', () => {
    for (const contract of allContracts) expect(contractSchema.safeParse(contract).error, contract.name).toBeUndefined();
  });

  test('says where each row comes from', () => {
    expect(allContracts.filter(({ source }) => source === '').map(({ name }) => name)).toEqual([]);
  });
});

/** `returns` and effects of each outcome, short enough to read. */
function told(name: string): string[] {
  return (contractOf(name)?.outcomes ?? []).map((each) => {
    const effects = each.effects.map((effect) => ('resource' in effect ? `${effect.kind} ${effect.resource}` : effect.kind));
    return [each.name, ...effects].join(': ');
  });
}

describe('what the kernel does', () => {
  test('prepare_creds may fail and get_current_cred may not', () => {
    expect(told('prepare_creds')).toEqual(['success: acquire cred', 'no memory']);
    expect(told('get_current_cred')).toEqual(['success: acquire cred']);
  });

  test('d_splice_alias uses the inode up on failure too', () => {
    const failure = contractOf('d_splice_alias')?.outcomes.find(({ name }) => name === 'failure');
    expect(failure?.returns).toEqual({ kind: 'set', set: errors });
    expect(failure?.effects).toMatchObject([{ kind: 'release', resource: 'inode', subject: { root: 0 } }]);
  });

  test('backing_file_open fails with an ERR_PTR and fget with NULL', () => {
    expect(contractOf('backing_file_open')?.outcomes[1]?.returns).toEqual({ kind: 'set', set: errors });
    expect(contractOf('fget')?.outcomes[1]?.returns).toEqual({ kind: 'set', set: zero });
  });

  test('refcount_dec_and_test drops a reference whatever it answers', () => {
    expect(told('refcount_dec_and_test')).toEqual(['last reference: release counted', 'others remain: release counted']);
  });

  test('kfree_rcu frees later, kfree now, and neither minds NULL', () => {
    expect(contractOf('kfree_rcu')?.outcomes[0]?.effects).toMatchObject([{ kind: 'release', deferred: true }]);
    expect(contractOf('kfree')?.outcomes[0]?.effects[0]).not.toHaveProperty('deferred');
    for (const name of ['kfree', 'kfree_rcu', 'iput', 'dput', 'put_cred']) expect(contractOf(name)?.dereferences, name).toEqual([]);
    for (const name of ['fput', 'kmem_cache_free']) expect(contractOf(name)?.dereferences, name).toHaveLength(1);
  });

  test('a tracepoint changes nothing', () => {
    expect(contractOf('trace_fuse_request_send')).toMatchObject({ clobbers: 'none', outcomes: [{ returns: null, effects: [] }] });
    expect(contractOf('trace_fuse_request_send_enabled')?.outcomes[0]?.returns).not.toBeNull();
  });

  test('a name that is not of the kernel has no contract', () => {
    expect(contractOf('fuse_backing_put')).toBeUndefined();
    expect(contractOf('toString')).toBeUndefined();
  });
});

describe('rows of the user', () => {
  const [frobnicate] = row('frobnicate', [outcome('success', zero)], 'our tree');

  test('add a contract', () => {
    const { contracts, problems } = userContracts([frobnicate], 'contracts');
    expect(problems).toEqual([]);
    expect([...contracts]).toEqual([['frobnicate', frobnicate]]);
  });

  test('need to say only what differs from the usual', () => {
    const short = { name: 'frobnicate', outcomes: [{ name: 'success', returns: { kind: 'set', set: [[0, 0]] } }], clobbers: 'none' };
    const { contracts, problems } = userContracts([{ ...short, source: 'our tree' }], 'contracts');
    expect(problems).toEqual([]);
    expect(contracts.get('frobnicate')).toEqual(frobnicate);
  });

  test('may say whatever a row can', () => {
    type Row = z.infer<typeof contractSchema>;
    expectTypeOf<keyof Row>().toEqualTypeOf<keyof Contract>();
    expectTypeOf<keyof Row['outcomes'][number]>().toEqualTypeOf<keyof Outcome>();
    type Fields<T> = T extends { readonly kind: string } ? `${T['kind']}.${keyof T & string}` : never;
    expectTypeOf<Fields<Row['outcomes'][number]['effects'][number]>>().toEqualTypeOf<Fields<EffectKind>>();
  });

  test('are left out where they do not fit, with the place', () => {
    const { contracts, problems } = userContracts([frobnicate, { ...frobnicate, name: 'other', clobbers: 'some' }], 'contracts');
    expect([...contracts.keys()]).toEqual(['frobnicate']);
    expect(problems).toMatchObject([{ where: 'contracts[1].clobbers', path: [1, 'clobbers'], severity: 'error' }]);
  });

  test.each([
    ['a range the wrong way round', { outcomes: [{ ...outcome('x', [[1, 0]]) }] }, 'contracts[0].outcomes[0].returns'],
    ['a field that there is none of', { frees: 1 }, 'contracts[0]'],
    ['a name that is none', { name: 'a b' }, 'contracts[0].name'],
    ['no outcome', { outcomes: [] }, 'contracts[0].outcomes'],
    [
      'an effect of no known kind',
      { outcomes: [{ ...outcome('x', zero), effects: [{ kind: 'steal' }] }] },
      'contracts[0].outcomes[0].effects[0].kind',
    ],
  ])('are left out for %s', (_, wrong, where) => {
    const { contracts, problems } = userContracts([{ ...frobnicate, ...wrong }], 'contracts');
    expect(contracts.size).toBe(0);
    expect(problems[0]?.where).toContain(where);
    expect(problems[0]?.severity).toBe('error');
  });

  test('that are not rows at all are left out', () => {
    expect(userContracts([null, 7, 'kfree'], 'contracts').problems).toHaveLength(3);
  });

  test('given twice: the last one holds, with a warning', () => {
    const { contracts, problems } = userContracts([frobnicate, { ...frobnicate, source: 'second' }], 'contracts');
    expect(contracts.get('frobnicate')?.source).toBe('second');
    expect(problems).toMatchObject([{ where: 'contracts[1]', severity: 'warning' }]);
  });
});
