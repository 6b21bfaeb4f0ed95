// Memory: what allocates it and what frees it, and when. An allocation whose flags contain __GFP_NOFAIL can't fail, which no
// row can say: a caller of the table leaves the failure of an `allocates` row out where an argument names that flag.
import { sizeType, voidPointer } from '../../program/types.js';
import type { Topic } from '../topic.js';
import { errors, nonNegative, nonZero, valid, zero } from '../contract.js';
import {
  acquire,
  acquireOrError,
  acquireOrErrorOrNull,
  acquireOrNull,
  allocation,
  argument,
  outcome,
  release,
  releaseLater,
  releases,
  releasesUnlessNull,
  returnsBoolean,
  returnsCount,
  returnsNothing,
  returnsValue,
  row,
  write,
} from '../rows.js';

const slab = 'include/linux/slab.h';
const strings = 'include/linux/string.h';
const rcu = 'include/linux/rcupdate.h';

export const memory: Topic = {
  contracts: [
    ...allocation(
      `kmalloc kzalloc kcalloc kmalloc_array kmalloc_node kzalloc_node kcalloc_node kmalloc_array_node kmalloc_track_caller
     kvmalloc kvzalloc kvcalloc kvmalloc_array kvmalloc_node kvzalloc_node kvcalloc_node
     kmalloc_nolock`,
      slab,
    ),
    ...allocation('kmem_cache_alloc kmem_cache_zalloc kmem_cache_alloc_node kmem_cache_alloc_lru', slab, { dereferences: [0] }),
    // Who owns what is in an array is not followed.
    ...row(
      'kmem_cache_alloc_bulk',
      [outcome('success', nonZero), outcome('no memory', zero)],
      `${slab}: the count or 0 in 6.12, true or false in 7.2`,
      { dereferences: [0, 3], clobbers: 'arguments', allocates: true },
    ),
    ...returnsNothing('kmem_cache_free_bulk kfree_bulk', slab, { clobbers: 'arguments' }),
    ...allocation(
      `kmalloc_obj kmalloc_objs kmalloc_flex kzalloc_obj kzalloc_objs kzalloc_flex
     kvmalloc_obj kvmalloc_objs kvmalloc_flex kvzalloc_obj kvzalloc_objs kvzalloc_flex`,
      `${slab}: macros over a type or a variable, in mainline since 7.0; GFP_KERNEL where no flags are given`,
    ),
    ...allocation('alloc_inode_sb', 'include/linux/fs.h: kmem_cache_alloc_lru', { dereferences: [0] }),
    ...allocation('vmalloc vzalloc vmalloc_user vmalloc_array vcalloc __vmalloc', 'include/linux/vmalloc.h'),
    ...allocation('alloc_percpu alloc_percpu_gfp __alloc_percpu', 'include/linux/percpu.h'),
    ...allocation('kmemdup kvmemdup kmemdup_nul kmemdup_array kstrndup', strings, { dereferences: [0] }),
    // NULL in is NULL out, which is no failed allocation.
    ...row(
      'kstrdup kstrdup_const',
      [
        outcome('success', valid, [acquire('memory')], [[argument(0), nonZero]]),
        outcome('no memory', zero, [], [[argument(0), nonZero]]),
        outcome('argument is NULL', zero, [], [[argument(0), zero]]),
      ],
      `${strings}, mm/util.c`,
      { allocates: true },
    ),
    ...allocation('kasprintf kvasprintf', 'include/linux/sprintf.h', { dereferences: [1] }),
    ...acquireOrError(
      'memdup_user vmemdup_user memdup_user_nul strndup_user memdup_array_user',
      'memory',
      `${strings}, mm/util.c: -ENOMEM, -EFAULT or -EINVAL`,
      { clobbers: 'none' },
    ),
    // On failure the old memory still belongs to the caller.
    ...row(
      'krealloc krealloc_array kvrealloc',
      [
        outcome('success, it was allocated before', valid, [release('memory', argument(0)), acquire('memory')], [[argument(0), nonZero]]),
        outcome('success, nothing was allocated before', valid, [acquire('memory')], [[argument(0), zero]]),
        outcome('no memory', zero),
      ],
      `${slab}, mm/slub.c`,
      { allocates: true },
    ),

    ...releasesUnlessNull(
      'kfree kfree_const kvfree kfree_sensitive kfree_nolock vfree vfree_atomic free_percpu',
      'memory',
      `${slab}, include/linux/vmalloc.h: NULL is ignored`,
    ),
    ...releasesUnlessNull('kvfree_sensitive', 'memory', slab),
    // mm/slub.c looks up the cache of the object, which NULL has none of.
    ...releases('kmem_cache_free', 'memory', `${slab}, mm/slub.c`, {}, 1),
    // One argument: sleeps where there is no memory for the list, named so until 6.1. Two: freed through the rcu_head in it.
    ...row(
      'kfree_rcu kvfree_rcu kfree_rcu_mightsleep kvfree_rcu_mightsleep',
      [
        outcome('freed after a grace period', null, [releaseLater('memory')], [[argument(0), nonZero]]),
        outcome('argument is NULL', null, [], [[argument(0), zero]]),
      ],
      `${rcu}: kvfree_rcu_arg_2 and kvfree_rcu_arg_1 ignore NULL`,
    ),

    ...acquireOrNull(
      'kmem_cache_create kmem_cache_create_usercopy KMEM_CACHE KMEM_CACHE_USERCOPY',
      'slab cache',
      `${slab}, mm/slab_common.c`,
      { allocates: true },
    ),
    ...releasesUnlessNull('kmem_cache_destroy', 'slab cache', `${slab}, mm/slab_common.c`, { clobbers: 'all' }),

    ...returnsValue('kmem_cache_size kmem_cache_shrink', slab, { dereferences: [0] }),

    ...acquireOrNull('vm_map_ram vmap', 'kernel mapping', 'include/linux/vmalloc.h', { allocates: true }),
    ...releases('vm_unmap_ram', 'kernel mapping', 'include/linux/vmalloc.h, mm/vmalloc.c'),
    ...releasesUnlessNull('vunmap', 'kernel mapping', 'include/linux/vmalloc.h, mm/vmalloc.c'),

    // Owned by the device: freed when the driver is unbound.
    ...row(
      'devm_kmalloc devm_kzalloc devm_kcalloc devm_kmalloc_array devm_kstrdup',
      [outcome('success', valid), outcome('no memory', zero)],
      'include/linux/device/devres.h',
      { dereferences: [0], allocates: true },
    ),

    ...acquireOrErrorOrNull('posix_acl_from_xattr', 'posix acl', 'fs/posix_acl.c: NULL for an empty list'),
    ...acquireOrNull('posix_acl_alloc posix_acl_clone', 'posix acl', 'include/linux/posix_acl.h', { allocates: true }),
    ...releasesUnlessNull('posix_acl_release', 'posix acl', 'include/linux/posix_acl.h'),
    // 6.12: fills a buffer, returns its size or an errno. 7.2: returns the buffer or NULL. One row can't own both.
    ...returnsValue('posix_acl_to_xattr', 'fs/posix_acl.c: the size in 6.12, a buffer to kfree in 7.2', {
      dereferences: [1],
      clobbers: 'arguments',
    }),

    // A small vector is copied into the array that *iovp points to, and *iovp becomes NULL.
    ...row(
      'import_iovec',
      [outcome('success', nonNegative, [write(argument(4, '*'))]), outcome('failure', errors, [write(argument(4, '*'))])],
      'lib/iov_iter.c: *iovp is NULL or memory to kfree on success, NULL on failure',
      { dereferences: [4, 5] },
    ),

    ...returnsCount(
      'ksize array_size array3_size struct_size struct_size_t size_mul size_add flex_array_size posix_acl_xattr_size kmalloc_size_roundup',
      'include/linux/overflow.h',
    ),
    ...returnsBoolean('is_vmalloc_addr virt_addr_valid ZERO_OR_NULL_PTR', 'include/linux/mm.h'),
    ...returnsValue('memalloc_nofs_save memalloc_noio_save memalloc_noreclaim_save', 'include/linux/sched/mm.h'),
    ...returnsNothing('memalloc_nofs_restore memalloc_noio_restore memalloc_noreclaim_restore', 'include/linux/sched/mm.h'),
    ...returnsNothing('invalidate_kernel_vmap_range flush_kernel_vmap_range', 'include/linux/highmem.h'),
  ],
  returns: [
    [sizeType, 'array_size struct_size size_add size_mul'],
    [
      voidPointer,
      'kmalloc kzalloc kcalloc kmalloc_array kvmalloc kvzalloc kvcalloc vmalloc vzalloc krealloc kmemdup memdup_user kmem_cache_alloc kmem_cache_zalloc',
    ],
  ],
  returnsArgument: /^kv?[mz]alloc_(obj|objs|flex)$/,
};
