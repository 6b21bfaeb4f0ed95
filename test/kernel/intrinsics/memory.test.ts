// Allocators, strings and user memory.
import { describe, expect, test } from 'vitest';
import { mayFree } from '../../../extension/kernel/intrinsics/slab.js';
import { FakeMachine } from './fake-machine.js';

const kernel = 0xcc0;
const atomic = 0x820;
const record = { kind: 'record', union: false, tag: 'fuse_backing', record: null } as const;

describe('allocators', () => {
  test('kzalloc_obj() knows type, size and zeros, and may sleep or fail', () => {
    const m = new FakeMachine();
    const about = { types: [record], sizes: { fuse_backing: 24 } };
    const address = m.call('kzalloc_obj', [0], about);
    expect(m.allocations).toEqual([{ address, bytes: 24, type: record, name: 'fuse_backing', zeroed: true, by: 'kmalloc' }]);
    expect(m.slept).toEqual(['kzalloc_obj()']);
    m.failing.push('kzalloc_obj');
    expect(m.call('kzalloc_obj', [0, atomic], about)).toBe(0);
    expect(m.slept).toHaveLength(1);
    expect(m.call('kmalloc_obj', [0, kernel | 0x8000], about)).not.toBe(0);
    expect(m.asked).toEqual(['kzalloc_obj', 'kzalloc_obj']);
    expect(m.call('kvmalloc_objs', [0, 3, kernel], about)).not.toBe(0);
    expect(m.allocations.at(-1)).toMatchObject({ bytes: 72, by: 'kvmalloc', zeroed: false });
  });

  test('an unknown size is said', () => {
    const m = new FakeMachine();
    m.call('kmalloc_obj', [0, kernel], { types: [record], texts: ['*fb'] });
    expect(m.assumed).toEqual(['*fb: has 4096 bytes']);
  });

  test('kmalloc(sizeof(struct x)) has the type that its size is of', () => {
    const m = new FakeMachine();
    m.call('kmalloc', [24, kernel | 0x100], { types: [record] });
    expect(m.allocations[0]).toMatchObject({ bytes: 24, name: 'fuse_backing', zeroed: true });
    m.call('kcalloc', [3, 8, kernel]);
    expect(m.allocations[1]).toMatchObject({ bytes: 24, type: null, name: 'kcalloc()', zeroed: true });
    expect(m.call('kcalloc', [0xffffffffffffffffn, 8, kernel])).toBe(0);
  });

  test('nothing at all is an address that may be freed', () => {
    const m = new FakeMachine();
    expect(m.call('kmalloc', [0, kernel])).toBe(16);
    m.call('kfree', [16]);
    m.call('kfree', [0]);
    m.call('kfree_rcu', [0x40, 0], { texts: ['fb', 'rcu'] });
    m.call('kvfree', [0x50]);
    expect(m.freed).toEqual(['64 as kmalloc after a grace period', '80 as kvmalloc']);
  });

  test('what frees what', () => {
    const pairs = [
      ['kmalloc', 'kmalloc', true],
      ['kmalloc', 'kmem_cache fuse_inode', true],
      ['kmalloc', 'vmalloc', false],
      ['kmalloc', 'kvmalloc', false],
      ['kvmalloc', 'kmalloc', true],
      ['kvmalloc', 'vmalloc', true],
      ['vmalloc', 'kmalloc', false],
      ['kmem_cache a', 'kmem_cache b', false],
      ['kmem_cache a', 'kmalloc', false],
    ] as const;
    for (const [by, from, may] of pairs) expect([by, from, mayFree(by, from)]).toEqual([by, from, may]);
  });

  test('a cache gives objects of its size, which go back to it by name', () => {
    const m = new FakeMachine();
    const cache = Number(m.call('kmem_cache_create', [m.string('fuse_inode'), 40, 0, 0, 0x77]));
    expect(m.call('__sim_kmem_cache_constructor', [cache])).toBe(0x77);
    const made = Number(m.call('__sim_kmem_cache_alloc', [cache, kernel, m.string('alloc_inode_sb')]));
    expect(m.allocations.at(-1)).toMatchObject({ bytes: 40, name: 'fuse_inode', zeroed: false, by: 'kmem_cache fuse_inode' });
    expect(m.asked).toEqual(['kmem_cache_create', 'alloc_inode_sb']);
    m.call('kmem_cache_zalloc', [cache, kernel]);
    expect(m.allocations.at(-1)?.zeroed).toBe(true);
    m.call('kmem_cache_free', [cache, made]);
    m.call('kmem_cache_destroy', [cache]);
    expect(m.freed).toEqual([`${made} as kmem_cache fuse_inode`, `${cache} as kmem_cache_create`]);
  });

  test('copies strings, and says where there is no memory', () => {
    const m = new FakeMachine();
    expect(m.text(Number(m.call('kstrdup', [m.string('backing'), kernel])))).toBe('backing');
    expect(m.text(Number(m.call('kstrndup', [m.string('backing'), 4, kernel])))).toBe('back');
    expect(m.text(Number(m.call('kasprintf', [kernel, m.string('%s-%d'), m.string('id'), 3])))).toBe('id-3');
    expect(m.call('kstrdup', [0, kernel])).toBe(0);
    m.failing.push('kmemdup', 'memdup_user');
    expect(m.call('kmemdup', [m.string('x'), 2, kernel])).toBe(0);
    expect(m.call('memdup_user', [0x1000, 2])).toBe(-12);
    expect(m.call('memdup_user', [0x10, 2])).toBe(-14);
    expect(m.freed).toHaveLength(1);
    expect(m.call('strndup_user', [m.string('long'), 4])).toBe(-22);
  });
});

describe('user memory', () => {
  test('is copied, or not at all', () => {
    const m = new FakeMachine();
    const [to, from] = [m.room(8), m.room(8)];
    m.store(from, 8, 0x1234);
    expect(m.call('copy_from_user', [to, from, 8])).toBe(0);
    expect(m.load(to, 8, false)).toBe(0x1234);
    m.failing.push('copy_from_user', 'copy_to_user');
    expect(m.call('copy_from_user', [to, from, 8])).toBe(8);
    expect(m.load(to, 8, false)).toBe(0);
    expect(m.call('copy_to_user', [from, to, 8])).toBe(8);
    expect(m.load(from, 8, false)).toBe(0x1234);
    expect(m.call('copy_to_user', [0, to, 8])).toBe(8);
    expect(m.call('copy_from_user', [to, 0, 0])).toBe(0);
    expect(m.slept).toHaveLength(5);
    expect(m.reports).toEqual([]);
  });

  test('put_user() is as wide as its pointer says', () => {
    const m = new FakeMachine();
    const at = m.room(8);
    m.call('put_user', [-1, at], { types: [record, { kind: 'named', name: 'u16' }], sizes: { u16: 2 } });
    expect(m.load(at, 8, false)).toBe(0xffff);
  });

  test('a structure may have grown on either side', () => {
    const m = new FakeMachine();
    const [to, from] = [m.room(16), m.room(16)];
    m.store(from, 8, 5);
    m.store(to + 8, 8, 7);
    expect(m.call('copy_struct_from_user', [to, 16, from, 8])).toBe(0);
    expect([m.load(to, 8, false), m.load(to + 8, 8, false)]).toEqual([5, 0]);
    expect(m.call('copy_struct_from_user', [to, 8, from, 16])).toBe(0);
    m.store(from + 8, 8, 1);
    expect(m.call('copy_struct_from_user', [to, 8, from, 16])).toBe(-7);
  });
});

describe('privileges and choices', () => {
  test('capabilities are asked by number, wherever the call has it', () => {
    const m = new FakeMachine();
    m.capabilities.add(21);
    expect([m.call('capable', [21]), m.call('ns_capable', [0x1000, 21]), m.call('file_ns_capable', [0x1000, 0x2000, 21])]).toEqual([
      1, 1, 1,
    ]);
    expect(m.call('capable', [12])).toBe(0);
    expect(m.call('perfmon_capable', [])).toBe(1);
  });

  test('the model in C asks the explorer', () => {
    const m = new FakeMachine();
    m.failing.push('open');
    expect(m.call('__sim_fails', [m.string('open')])).toBe(1);
    expect(m.call('__sim_choose', [m.string('which'), 3])).toBe(2);
  });
});

describe('error pointers', () => {
  test.each([
    ['IS_ERR', -12, 1],
    ['IS_ERR', -4095, 1],
    ['IS_ERR', -4096, 0],
    ['IS_ERR', 0, 0],
    ['IS_ERR_VALUE', 0xfffffffffffffff4n, 1],
    ['IS_ERR_OR_NULL', 0, 1],
    ['IS_ERR_OR_NULL', 0x1000, 0],
    ['PTR_ERR_OR_ZERO', -5, -5],
    ['PTR_ERR_OR_ZERO', 0x1000, 0],
    ['ERR_PTR', 0xfffffffffffffff4n, -12],
  ] as const)('%s(%s) is %s', (name, value, expected) => {
    expect(new FakeMachine().call(name, [value])).toBe(expected);
  });
});

describe('strings', () => {
  test('are measured, compared and searched', () => {
    const m = new FakeMachine();
    const [a, b] = [m.string('fuse-backing'), m.string('fuse')];
    expect([m.call('strlen', [a]), m.call('strnlen', [a, 4])]).toEqual([12, 4]);
    expect([m.call('strcmp', [a, b]), m.call('strcmp', [b, a]), m.call('strncmp', [a, b, 4])]).toEqual([1, -1, 0]);
    expect(m.call('strchr', [a, 45])).toBe(a + 4);
    expect(m.call('strrchr', [a, 98])).toBe(a + 5);
    expect(m.call('strchr', [a, 0])).toBe(a + 12);
    expect(m.call('strstr', [a, m.string('back')])).toBe(a + 5);
    expect(m.call('strstr', [a, m.string('front')])).toBe(0);
    expect(m.call('memcmp', [a, b, 5])).toBe(1);
    expect(m.call('memchr', [a, 45, 4])).toBe(0);
    expect(m.call('strstarts', [a, b])).toBe(1);
  });

  test('are copied with and without room', () => {
    const m = new FakeMachine();
    const [to, from] = [m.room(8), m.string('backing')];
    expect(m.call('strscpy', [to, from, 8])).toBe(7);
    expect(m.call('strscpy', [to, from, 5])).toBe(-7);
    expect(m.text(to)).toBe('back');
    expect(m.call('strscpy', [to, from], { types: [record], sizes: { fuse_backing: 3 } })).toBe(-7);
    expect(m.text(to)).toBe('ba');
    expect(m.call('snprintf', [to, 5, m.string('id %d'), 1234])).toBe(7);
    expect(m.text(to)).toBe('id 1');
    expect(m.call('scnprintf', [to, 5, m.string('id %d'), 1234])).toBe(4);
  });

  test('strsep() and strim() cut', () => {
    const m = new FakeMachine();
    const [text, at] = [m.string(' a,b '), m.room(8)];
    m.store(at, 8, text);
    expect(m.text(Number(m.call('strsep', [at, m.string(',')])))).toBe(' a');
    expect(m.text(Number(m.call('strim', [m.load(at, 8, true)])))).toBe('b');
    m.call('strsep', [at, m.string(',')]);
    expect(m.call('strsep', [at, m.string(',')])).toBe(0);
  });

  test.each([
    ['kstrtouint', '42\n', 10, 0, 42],
    ['kstrtouint', '0x10', 0, 0, 16],
    ['kstrtoint', '-3', 0, 0, -3],
    ['kstrtoint', '010', 0, 0, 8],
    ['kstrtouint', '-3', 0, -22, null],
    ['kstrtou8', '256', 10, -34, null],
    ['kstrtouint', '4x', 10, -22, null],
    ['kstrtouint', '9', 8, -22, null],
    ['kstrtouint', '', 10, -22, null],
  ] as const)('%s("%s", %i) answers %i', (name, text, base, result, value) => {
    const m = new FakeMachine();
    const at = m.room(8);
    expect(m.call(name, [m.string(text), base, at])).toBe(result);
    if (value !== null) expect(m.load(at, 4, true)).toBe(value);
  });
});
