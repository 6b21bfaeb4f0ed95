// Memory from the slab and its like: who allocates it, whether that may fail or sleep, and who may free it.
import type { CType } from '../../syntax/ast.js';
import { recordOf, nameOfType } from './types.js';
import type { IntrinsicCall, Machine, Value } from './machine.js';
import { count, each, given, int, joined, plus, unsignedLong, written, type IntrinsicBody } from './values.js';

/** Bits of include/linux/gfp_types.h, the same in 6.1, 6.12 and 7.2. */
const directReclaim = 0x400;
const zero = 0x100;
/** GFP_KERNEL */
export const kernelFlags = 0xcc0;
const noFail = 0x8000;

/** kmalloc(0): an address that may be freed and nothing else (include/linux/slab.h). */
export const zeroSize = 16;
/** What is taken for a type whose layout is not known. */
const unknownSize = 4096;

/**
 * Whether what `allocatedBy` allocated may be given to a free of `freedBy`, both as in `Allocation.by`. kfree() takes
 * what any slab cache gave (mm/slub.c), kvfree() also what came from vmalloc (mm/util.c).
 */
export function mayFree(freedBy: string, allocatedBy: string): boolean {
  if (freedBy === allocatedBy) return true;
  const slab = allocatedBy === 'kmalloc' || allocatedBy.startsWith('kmem_cache ');
  return (freedBy === 'kmalloc' && slab) || (freedBy === 'kvmalloc' && (slab || allocatedBy === 'vmalloc'));
}

/** Says that the caller may sleep where its flags let it, as every allocator does first (might_alloc()). */
export function mayReclaim(m: Machine, gfp: number, what: string): void {
  if ((gfp & directReclaim) !== 0) m.sleeps(what);
}

/** Whether an allocation with these flags fails here. */
export function allocationFails(m: Machine, gfp: number, name: string): boolean {
  return (gfp & noFail) === 0 && m.fails(name);
}

export interface Request {
  readonly bytes: number;
  readonly type: CType | null;
  readonly by: string;
  readonly gfp: number;
  readonly zeroed: boolean;
}

/** New memory, 16 for no bytes at all, or NULL where it fails. */
export function allocate(m: Machine, name: string, request: Request): Value {
  mayReclaim(m, request.gfp, `${name}()`);
  if (request.bytes === 0) return zeroSize;
  if (allocationFails(m, request.gfp, name)) return 0;
  return m.allocate({
    bytes: request.bytes,
    type: request.type,
    name: request.type ? nameOfType(request.type) : `${name}()`,
    zeroed: request.zeroed || (request.gfp & zero) !== 0,
    by: request.by,
  });
}

/** Bytes of the type that argument `at` names or has; taken to be `unknownSize` where it isn't known. */
function sizeOfArgument(m: Machine, call: IntrinsicCall, at: number): number {
  const type = call.types[at];
  const size = type ? call.sizeOf(type) : undefined;
  if (size === undefined) m.assume('type', written(call, at), `has ${unknownSize} bytes`);
  return size ?? unknownSize;
}

/** What the kernel allocates where it is not said: GFP_KERNEL (default_gfp() of include/linux/gfp.h). */
function flags(call: IntrinsicCall, at: number): number {
  return call.values.length > at ? int(call, at) : kernelFlags;
}

const isZeroed = (name: string): boolean => name.includes('zalloc') || name.includes('calloc');
/** What frees what an allocator of that name gave, as in `Allocation.by`. */
export const allocatorOf = (name: string): string =>
  name.startsWith('kv') ? 'kvmalloc' : name.includes('vmalloc') || name.startsWith('v') ? 'vmalloc' : 'kmalloc';

/** The record that a size is of (`sizeof(struct x)`), where the call says so. */
function typeOfSize(call: IntrinsicCall): CType | null {
  const type = call.types[0];
  return type?.kind === 'record' ? type : null;
}

/** `kmalloc(size, gfp)` and its like; `gfp` is GFP_KERNEL for vmalloc(). */
const bySize = (name: string): IntrinsicBody => {
  return (m, call) =>
    allocate(m, name, {
      bytes: count(call, 0),
      type: typeOfSize(call),
      by: allocatorOf(name),
      gfp: flags(call, 1),
      zeroed: isZeroed(name),
    });
};

/** `kcalloc(n, size, gfp)`: NULL where the product does not fit. */
const byCount = (name: string): IntrinsicBody => {
  return (m, call) => {
    const bytes = count(call, 0) * count(call, 1);
    if (bytes > Number.MAX_SAFE_INTEGER) return 0;
    return allocate(m, name, { bytes, type: null, by: allocatorOf(name), gfp: flags(call, 2), zeroed: isZeroed(name) });
  };
};

/** `kmalloc_obj(type_or_variable, gfp)`, `kmalloc_objs(type_or_variable, n, gfp)`. */
const byType = (name: string): IntrinsicBody => {
  const many = name.endsWith('objs');
  return (m, call) => {
    const bytes = sizeOfArgument(m, call, 0) * (many ? count(call, 1) : 1);
    const request = { bytes, type: call.types[0] ?? null, by: allocatorOf(name), gfp: flags(call, many ? 2 : 1), zeroed: isZeroed(name) };
    return allocate(m, name, many ? { ...request, type: null } : request);
  };
};

/** `__sim_alloc_flex(call, sizeof(record), bytes, gfp)`: a record with an array at its end. */
const flexible: IntrinsicBody = (m, call) => {
  const name = m.text(given(call, 0));
  const bytes = unsignedLong(call, 2);
  // The largest size is the one that did not fit (include/linux/overflow.h).
  if (!(bytes <= Number.MAX_SAFE_INTEGER)) return 0;
  const request = { bytes: Number(bytes), type: call.types[1] ?? null, by: allocatorOf(name), gfp: flags(call, 3), zeroed: isZeroed(name) };
  return allocate(m, name, request);
};

/** `krealloc(p, size, gfp)`, whose array form has a count before the size: the memory always moves. */
const again = (name: string): IntrinsicBody => {
  return (m, call) => {
    const last = call.values.length - 1;
    const old = given(call, 0);
    const bytes = name.endsWith('_array') ? count(call, 1) * count(call, 2) : count(call, last - 1);
    const by = allocatorOf(name);
    const fresh = old === 0 || old === zeroSize;
    const had = fresh ? 0 : m.bytesAt(old);
    if (bytes === 0 || had === undefined) m.free(fresh ? 0 : old, { by });
    if (had === undefined || bytes > Number.MAX_SAFE_INTEGER) return 0;
    const made = allocate(m, name, { bytes, type: null, by, gfp: int(call, last), zeroed: false });
    if (made === 0 || made === zeroSize || fresh) return made;
    m.copy(made, old, Math.min(bytes, had));
    m.free(old, { by });
    return made;
  };
};

/** `free(pointer)`, now: NULL and what kmalloc(0) gave are nothing. */
const frees = (by: string): IntrinsicBody => {
  return (m, call) => {
    const pointer = given(call, 0);
    if (pointer !== zeroSize) m.free(pointer, { by });
  };
};

/** `kfree_rcu(pointer, member)`: the member, which holds the rcu_head, does not matter to when it is freed. */
const freesLater = (by: string, sleeps: boolean): IntrinsicBody => {
  return (m, call) => {
    if (sleeps) m.sleeps('kfree_rcu_mightsleep()');
    m.free(given(call, 0), { by, afterGracePeriod: true });
  };
};

const general = joined(
  each(
    `kmalloc kzalloc kmalloc_node kzalloc_node kmalloc_track_caller kmalloc_nolock kvmalloc kvzalloc kvmalloc_node kvzalloc_node
     vmalloc vzalloc vmalloc_user __vmalloc`,
    bySize,
  ),
  each(
    `kcalloc kmalloc_array kcalloc_node kmalloc_array_node kvcalloc kvmalloc_array kvcalloc_node kvmalloc_array_node vmalloc_array vcalloc`,
    byCount,
  ),
  each('kmalloc_obj kzalloc_obj kmalloc_objs kzalloc_objs kvmalloc_obj kvzalloc_obj kvmalloc_objs kvzalloc_objs', byType),
  each('krealloc krealloc_array kvrealloc', again),
  {
    __sim_alloc_flex: flexible,
    ksize: (m, call) => (given(call, 0) === 0 || given(call, 0) === zeroSize ? 0 : (m.bytesAt(given(call, 0)) ?? 0)),
  },
  each('kfree kfree_const kfree_sensitive kfree_nolock', () => frees('kmalloc')),
  each('kvfree kvfree_sensitive', () => frees('kvmalloc')),
  each('vfree vfree_atomic', () => frees('vmalloc')),
  each('kfree_rcu', () => freesLater('kmalloc', false)),
  each('kvfree_rcu', () => freesLater('kvmalloc', false)),
  each('kfree_rcu_mightsleep', () => freesLater('kmalloc', true)),
  each('kvfree_rcu_mightsleep', () => freesLater('kvmalloc', true)),
);

// ---- caches --------------------------------------------------------------------------------------------------------

function allocatorOfCache(m: Machine, cache: Value): string {
  const name = m.hidden(cache, 'name');
  return `kmem_cache ${name === undefined || name === 0 ? '?' : m.text(name)}`;
}

/** An object of `cache`. A constructor can't be called from here: who does asks `__sim_kmem_cache_constructor()` for it. */
function fromCache(m: Machine, name: string, cache: Value, gfp: number): Value {
  if (!m.usable(cache, `${name}()`)) return 0;
  const by = allocatorOfCache(m, cache);
  const bytes = Number(m.hidden(cache, 'bytes') ?? 0);
  mayReclaim(m, gfp, `${name}()`);
  if (allocationFails(m, gfp, name)) return 0;
  const zeroed = name === 'kmem_cache_zalloc' || (gfp & zero) !== 0;
  return m.allocate({ bytes, type: null, name: by.slice('kmem_cache '.length), zeroed, by });
}

/** `kmem_cache_create(name, size, align, flags, constructor)`, or with a struct kmem_cache_args in the third place. */
const createCache = (name: string): IntrinsicBody => {
  const at = name === 'kmem_cache_create_usercopy' ? 6 : 4;
  return (m, call) => {
    const constructor = call.values.length > at ? given(call, at) : constructorIn(m, call);
    return newCache(m, name, { name: given(call, 0), bytes: count(call, 1), constructor });
  };
};

function newCache(m: Machine, call: string, hidden: Readonly<Record<'name' | 'bytes' | 'constructor', Value>>): Value {
  m.sleeps(`${call}()`);
  if (m.fails(call)) return 0;
  const cache = m.allocate({ bytes: 64, type: recordOf('kmem_cache'), name: 'kmem_cache', zeroed: true, by: 'kmem_cache_create' });
  for (const [key, value] of Object.entries(hidden)) m.setHidden(cache, key, value);
  return cache;
}

/** `struct kmem_cache_args` since 6.12 (include/linux/slab.h). */
function constructorIn(m: Machine, call: IntrinsicCall): Value {
  const args = given(call, 2);
  const at = call.offsetOf(recordOf('kmem_cache_args'), 'ctor');
  return args === 0 || at === undefined ? 0 : m.load(plus(args, at), 8, true);
}

const caches = joined(
  each('kmem_cache_create kmem_cache_create_usercopy', createCache),
  each('kmem_cache_destroy', () => (m, call) => {
    m.sleeps('kmem_cache_destroy()');
    m.free(given(call, 0), { by: 'kmem_cache_create' });
  }),
  // What a constructor wrote would be cleared.
  each('kmem_cache_zalloc', (name) => (m, call) => fromCache(m, name, given(call, 0), int(call, 1))),
  each('kmem_cache_free', () => (m, call) => {
    const [cache, object] = [given(call, 0), given(call, 1)];
    if (m.usable(cache, 'kmem_cache_free()')) m.free(object, { by: allocatorOfCache(m, cache) });
  }),
  {
    kmem_cache_size: (m, call) => m.hidden(given(call, 0), 'bytes') ?? 0,
    /** `struct kmem_cache *__sim_kmem_cache_create(call, name, size)`: for the macros that name a type. */
    __sim_kmem_cache_create: (m, call) =>
      newCache(m, m.text(given(call, 0)), { name: given(call, 1), bytes: count(call, 2), constructor: 0 }),
    /** `void *__sim_kmem_cache_alloc(cache, gfp, const char *name)`: for a model that runs constructors; `name` is the call's. */
    __sim_kmem_cache_alloc: (m, call) => fromCache(m, m.text(given(call, 2)), given(call, 0), int(call, 1)),
    /** `void (*__sim_kmem_cache_constructor(cache))(void *)`: NULL where there is none. */
    __sim_kmem_cache_constructor: (m, call) => m.hidden(given(call, 0), 'constructor') ?? 0,
  },
);

/** Allocators and what frees what they gave. */
export const slab = joined(general, caches);
