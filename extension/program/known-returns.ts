// What functions of the kernel's headers return, for the types of temporaries. Not complete, and nothing depends on it being so.
import type { CType } from '../syntax/ast.js';
import { intType, longType, pointerTo, sizeType, unsignedLongType, voidPointer } from './types.js';

const boolean: CType = { kind: 'boolean' };
const named = (name: string): CType => ({ kind: 'named', name });
const pointer = (tag: string): CType => pointerTo({ kind: 'record', union: false, tag, record: null });

const lists: readonly (readonly [CType, string])[] = [
  [
    boolean,
    'IS_ERR IS_ERR_OR_NULL S_ISREG S_ISDIR S_ISLNK S_ISCHR S_ISBLK S_ISFIFO S_ISSOCK IS_DAX IS_RDONLY IS_NOCMTIME IS_AUTOMOUNT capable ns_capable test_bit test_and_set_bit test_and_clear_bit refcount_dec_and_test refcount_inc_not_zero kref_put kref_get_unless_zero atomic_dec_and_test atomic_inc_not_zero time_before64 time_after64 time_before time_after uid_eq gid_eq user_backed_iter inode_wrong_type d_is_dir d_is_reg d_really_is_positive d_really_is_negative d_in_lookup timespec64_equal waitqueue_active dir_emit is_sync_kiocb RB_EMPTY_NODE PageUptodate folio_test_uptodate folio_trylock queue_work schedule_work mod_delayed_work cancel_delayed_work_sync fd_empty virtqueue_enable_cb inode_owner_or_capable get_file_active',
  ],
  [
    intType,
    'PTR_ERR_OR_ZERO WARN_ON WARN_ON_ONCE WARN WARN_ONCE list_empty hlist_empty atomic_read refcount_read kref_read iov_iter_rw strcmp strncmp memcmp get_user put_user idr_alloc idr_alloc_cyclic ida_alloc ida_alloc_range xa_alloc xa_err xa_insert d_inode_readonly mutex_lock_interruptible mutex_lock_killable mutex_trylock down_read_trylock down_write_trylock spin_trylock vfs_fsync_range get_unused_fd_flags',
  ],
  [longType, 'PTR_ERR'],
  [sizeType, 'strlen strnlen iov_iter_count folio_size array_size struct_size size_add size_mul iov_iter_single_seg_count'],
  [named('loff_t'), 'i_size_read folio_pos'],
  [
    named('ssize_t'),
    'backing_file_read_iter backing_file_write_iter backing_file_splice_read backing_file_splice_write generic_file_read_iter generic_file_write_iter simple_read_from_buffer',
  ],
  [unsignedLongType, 'copy_from_user copy_to_user clear_user msecs_to_jiffies folio_nr_pages'],
  [named('u64'), 'get_jiffies_64'],
  [
    voidPointer,
    'ERR_PTR ERR_CAST kmalloc kzalloc kcalloc kmalloc_array kvmalloc kvzalloc kvcalloc vmalloc vzalloc krealloc kmemdup memdup_user kmem_cache_alloc kmem_cache_zalloc idr_find idr_remove idr_replace xa_load xa_store xa_erase xa_cmpxchg page_address kmap_local_page kmap_local_folio radix_tree_lookup memchr',
  ],
  [pointer('inode'), 'file_inode d_inode d_backing_inode d_inode_rcu igrab iget5_locked ilookup5 new_inode'],
  [pointer('file'), 'fget fget_raw get_file fd_file get_file_rcu backing_file_open file_open_root'],
  [pointer('cred'), 'get_current_cred get_cred prepare_creds current_cred override_creds revert_creds get_task_cred prepare_kernel_cred'],
  [pointer('dentry'), 'dget dget_parent d_splice_alias d_find_alias d_alloc_parallel d_lookup file_dentry d_obtain_alias d_make_root'],
  [pointer('folio'), '__filemap_get_folio filemap_get_folio folio_alloc page_folio filemap_lock_folio read_mapping_folio'],
  [pointer('page'), 'alloc_page find_get_page find_lock_page folio_page'],
];

export const knownReturns: ReadonlyMap<string, CType> = new Map(
  lists.flatMap(([type, names]) => names.split(' ').map((name): [string, CType] => [name, type])),
);
