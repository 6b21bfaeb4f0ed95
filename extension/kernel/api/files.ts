// Files, descriptors, paths, mounts, dentries, inodes and superblocks: whose reference is whose after a call.
import { pointerToRecord, named, booleanType, intType } from '../../program/types.js';
import type { Topic } from '../topic.js';
import { errors, nonZero, valid, zero, type Contract } from '../contract.js';
import {
  acquire,
  acquireOrError,
  acquireOrNull,
  acquires,
  argument,
  borrows,
  borrowsOrNull,
  escape,
  fills,
  holder,
  neitherErrorNorNull,
  notErrors,
  outcome,
  release,
  releases,
  releasesUnlessNull,
  returnsBoolean,
  returnsCount,
  returnsCountOrErrno,
  returnsErrno,
  returnsNothing,
  returnsPointer,
  returnsPointerOrError,
  returnsPointerOrNull,
  returnsValue,
  row,
  stores,
  takes,
  takesSilently,
  takesUnlessNull,
  transfer,
  write,
} from '../rows.js';

const file = 'include/linux/file.h';
const fs = 'include/linux/fs.h';
const dcache = 'fs/dcache.c';
const inode = 'fs/inode.c';

/** From here on the memory is freed by the release method of the device. */
const becomesDevice = [transfer('memory', argument(0), 'its device'), acquire('device', argument(0))];
const inodeToDentry = transfer('inode', argument(1), 'the dentry');

/** Fills a struct path that the caller gives, whose references are the caller's on success. */
function looksUpPath(name: string, path: number): Contract[] {
  const success = outcome('success', zero, [write(argument(path, '*')), acquire('path', argument(path))]);
  return row(name, [success, outcome('failure', errors)], 'fs/namei.c', { dereferences: [path], clobbers: 'all' });
}

export const files: Topic = {
  contracts: [
    // ---- struct file ----
    ...acquireOrNull('fget fget_raw fget_task fget_task_next get_file_rcu get_file_active', 'file', `${file}, fs/file.c`),
    ...takes('get_file', 'file', fs),
    ...releases('fput __fput_sync fput_close fput_close_sync', 'file', 'fs/file_table.c: reads the count before anything else'),
    ...acquireOrError(
      'backing_file_open backing_tmpfile_open',
      'file',
      'fs/backing-file.c: takes its own references to the paths and the credentials',
      { dereferences: [0], clobbers: 'all' },
    ),
    ...acquireOrError(
      'filp_open file_open_name file_open_root dentry_open dentry_open_nonotify dentry_create kernel_file_open',
      'file',
      'fs/open.c',
      { clobbers: 'all' },
    ),
    ...acquireOrError(
      'anon_inode_getfile anon_inode_create_getfile anon_inode_getfile_fmode alloc_file_clone',
      'file',
      'fs/anon_inodes.c, fs/file_table.c: the private data stays the caller’s on failure',
    ),
    ...returnsCountOrErrno('anon_inode_getfd', 'fs/anon_inodes.c: a descriptor', { clobbers: 'all' }),
    ...returnsCountOrErrno('get_unused_fd_flags receive_fd', 'fs/file.c: a descriptor'),
    ...returnsNothing('put_unused_fd', 'fs/file.c'),
    ...row(
      'fd_install',
      [outcome('success', null, [transfer('file', argument(1), 'the descriptor table')])],
      'fs/file.c: uses up the reference',
      { dereferences: [1] },
    ),
    // A struct fd is a value, not a pointer; CLASS(fd, ...) is lowered before a row is asked for.
    ...returnsValue('fdget fdget_raw fdget_pos', `${file}: a struct fd, empty where there is no such descriptor`),
    ...borrowsOrNull('fd_file', file),
    ...returnsBoolean('fd_empty', file),
    ...returnsNothing('fdput fdput_pos', `${file}: does nothing for an empty one`),
    ...borrows('file_inode file_dentry file_user_inode file_user_path backing_file_user_path file_mnt_idmap', fs, { dereferences: [0] }),
    ...returnsCountOrErrno('backing_file_read_iter backing_file_write_iter', 'fs/backing-file.c: bytes, -EIOCBQUEUED or an errno', {
      dereferences: [0, 1, 2, 4],
      clobbers: 'all',
    }),
    ...returnsCountOrErrno('backing_file_splice_read', 'fs/backing-file.c', { dereferences: [0, 1, 2, 5], clobbers: 'all' }),
    ...returnsCountOrErrno('backing_file_splice_write', 'fs/backing-file.c', { dereferences: [0, 1, 2, 5], clobbers: 'all' }),
    ...returnsErrno('backing_file_mmap', 'fs/backing-file.c', { dereferences: [0, 1, 2], clobbers: 'all' }),
    ...returnsErrno(
      'vfs_open generic_file_open nonseekable_open stream_open file_modified kiocb_modified file_remove_privs file_update_time',
      'fs/open.c, fs/inode.c',
      { clobbers: 'arguments' },
    ),
    ...returnsNothing('file_accessed touch_atime', fs),
    ...returnsCountOrErrno(
      `generic_file_read_iter generic_file_write_iter generic_file_direct_write direct_write_fallback generic_write_checks
     generic_write_sync filemap_splice_read copy_splice_read iter_file_splice_write splice_copy_file_range splice_file_range
     generic_file_llseek generic_file_llseek_size vfs_setpos noop_llseek vfs_iter_read vfs_iter_write vfs_iocb_iter_read
     vfs_iocb_iter_write kernel_read kernel_write simple_read_from_buffer simple_write_to_buffer vfs_copy_file_range`,
      `${fs}, mm/filemap.c, fs/splice.c, fs/read_write.c, fs/libfs.c`,
      { clobbers: 'all' },
    ),
    ...returnsErrno('generic_file_mmap generic_file_readonly_mmap vfs_mmap vfs_fsync vfs_fsync_range vfs_fallocate', fs, {
      clobbers: 'all',
    }),
    ...returnsErrno('locks_lock_file_wait', 'include/linux/filelock.h, fs/locks.c', { clobbers: 'all' }),
    ...returnsCountOrErrno('posix_lock_file', 'fs/locks.c: 1 where it is deferred', { clobbers: 'all' }),
    ...returnsNothing('posix_test_lock', 'fs/locks.c', { clobbers: 'arguments' }),
    ...returnsBoolean('is_sync_kiocb iocb_is_dsync', fs, { dereferences: [0] }),
    ...fills('init_sync_kiocb', null, fs, { dereferences: [0, 1] }),
    ...returnsCountOrErrno('fasync_helper', 'fs/fcntl.c', { clobbers: 'arguments' }),
    ...returnsNothing('kill_fasync', 'fs/fcntl.c', { dereferences: [0] }),
    ...returnsErrno('finish_open', 'fs/open.c: does not consume the dentry', { dereferences: [0, 1], clobbers: 'all' }),
    ...row(
      'finish_no_open',
      [
        outcome('success', zero, [transfer('dentry', argument(1), 'the file')], [[argument(1), neitherErrorNorNull]]),
        outcome('success without a dentry', zero, [], [[argument(1), zero]]),
        outcome('the dentry is an error', argument(1), [], [[argument(1), errors]]),
      ],
      'fs/open.c: consumes the dentry',
      { dereferences: [0] },
    ),

    // ---- paths and mounts ----
    ...takesSilently('path_get', 'path', 'fs/namei.c'),
    ...releases('path_put', 'path', 'fs/namei.c', { clobbers: 'all' }),
    ...looksUpPath('kern_path', 2),
    ...looksUpPath('user_path_at', 3),
    ...looksUpPath('vfs_path_lookup', 4),
    ...takesUnlessNull('mntget', 'mount', 'fs/namespace.c'),
    ...releasesUnlessNull('mntput', 'mount', 'fs/namespace.c', { clobbers: 'all' }),
    ...row(
      'kern_unmount',
      [
        outcome('released', null, [release('mount')], [[argument(0), notErrors]]),
        outcome('argument is an error', null, [], [[argument(0), errors]]),
      ],
      'fs/namespace.c',
      { clobbers: 'all' },
    ),
    ...acquireOrError(
      'fc_mount fc_mount_longterm vfs_create_mount vfs_kern_mount kern_mount clone_private_mount',
      'mount',
      'fs/namespace.c',
      { dereferences: [0], clobbers: 'all' },
    ),
    ...acquireOrError(
      'fs_context_for_submount fs_context_for_mount fs_context_for_reconfigure vfs_dup_fs_context',
      'fs context',
      'fs/fs_context.c',
      { dereferences: [0] },
    ),
    ...releases('put_fs_context', 'fs context', 'fs/fs_context.c', { clobbers: 'all' }),

    // ---- dentries ----
    ...takesUnlessNull('dget dget_dlock', 'dentry', 'include/linux/dcache.h'),
    ...releasesUnlessNull('dput', 'dentry', `${dcache}: NULL is ignored; the last one may evict the inode`, { clobbers: 'all' }),
    ...acquireOrNull('d_find_alias d_find_any_alias', 'dentry', dcache, { dereferences: [0] }),
    ...acquires('dget_parent', 'dentry', `${dcache}: a root is its own parent`, { dereferences: [0] }),
    ...acquireOrNull('d_lookup', 'dentry', dcache, { dereferences: [0, 1] }),
    ...acquireOrNull('d_alloc d_alloc_name', 'dentry', dcache, { dereferences: [0, 1], allocates: true }),
    ...acquireOrNull('d_alloc_anon', 'dentry', dcache, { dereferences: [0], allocates: true }),
    ...acquireOrError(
      'd_alloc_parallel',
      'dentry',
      `${dcache}: (parent, name, wait queue) in 6.12, (parent, name) in 7.2; a new one or one that was there`,
      { dereferences: [0, 1], clobbers: 'all' },
    ),
    ...acquireOrError(
      'lookup_one_len lookup_one lookup_noperm lookup_one_unlocked lookup_positive_unlocked lookup_noperm_unlocked',
      'dentry',
      'fs/namei.c',
      { clobbers: 'all' },
    ),
    // The inode is used up whatever happens; d_splice_alias(ERR_PTR) hands the error on.
    ...row(
      'd_splice_alias',
      [
        outcome('the dentry was used', zero, [transfer('inode', argument(0), 'the dentry')], [[argument(0), neitherErrorNorNull]]),
        outcome(
          'another dentry of the directory was moved here',
          valid,
          [transfer('inode', argument(0), 'the dentry'), acquire('dentry')],
          [[argument(0), neitherErrorNorNull]],
        ),
        outcome('failure', errors, [release('inode', argument(0))], [[argument(0), neitherErrorNorNull]]),
        outcome('no inode: the dentry is negative', zero, [], [[argument(0), zero]]),
        outcome('the inode is an error', argument(0), [], [[argument(0), errors]]),
      ],
      `${dcache}: consumes the inode, on failure too`,
      { dereferences: [1], clobbers: 'all' },
    ),
    ...row(
      'd_make_root',
      [
        outcome('success', valid, [transfer('inode', argument(0), 'the dentry'), acquire('dentry')], [[argument(0), nonZero]]),
        outcome('no memory', zero, [release('inode', argument(0))], [[argument(0), nonZero]]),
        outcome('no inode', zero, [], [[argument(0), zero]]),
      ],
      `${dcache}: consumes the inode, on failure too`,
      { allocates: true },
    ),
    ...row(
      'd_obtain_alias d_obtain_root',
      [
        outcome('success', valid, [transfer('inode', argument(0), 'the dentry'), acquire('dentry')], [[argument(0), neitherErrorNorNull]]),
        outcome('failure', errors, [release('inode', argument(0))], [[argument(0), neitherErrorNorNull]]),
        outcome('no inode', errors, [], [[argument(0), zero]]),
        outcome('the inode is an error', argument(0), [], [[argument(0), errors]]),
      ],
      `${dcache}: consumes the inode, on failure too; -ESTALE for NULL`,
    ),
    ...row(
      'd_instantiate d_instantiate_new d_add',
      [outcome('success', null, [inodeToDentry], [[argument(1), nonZero]]), outcome('no inode', null, [], [[argument(1), zero]])],
      `${dcache}: the dentry takes over the reference to the inode`,
      { dereferences: [0], clobbers: 'arguments' },
    ),
    ...row(
      'd_make_persistent',
      [
        outcome('success', argument(0), [
          inodeToDentry,
          acquire('dentry', argument(0)),
          transfer('dentry', argument(0), 'the file system'),
        ]),
      ],
      `${dcache}: takes over the inode; pins the dentry with a reference of its own, the caller keeps the one it had`,
      { dereferences: [0, 1], clobbers: 'arguments' },
    ),
    ...returnsNothing('d_make_discardable', `${dcache}: drops what d_make_persistent took`, { dereferences: [0], clobbers: 'all' }),
    ...returnsNothing('d_drop d_delete d_rehash dont_mount d_mark_dontcache d_set_d_op set_default_d_op d_tmpfile', dcache, {
      dereferences: [0],
    }),
    ...returnsNothing(
      'd_invalidate d_prune_aliases shrink_dcache_parent shrink_dcache_sb shrink_dentry_list d_lookup_done simple_remove_by_name simple_recursive_removal d_genocide',
      `${dcache}, fs/libfs.c`,
      { dereferences: [0], clobbers: 'all' },
    ),
    ...returnsBoolean('__move_to_shrink_list', dcache, { dereferences: [0, 1] }),
    ...returnsBoolean(
      `d_is_dir d_is_reg d_is_symlink d_is_special d_is_negative d_is_positive d_really_is_positive d_really_is_negative d_unhashed d_mountpoint d_can_lookup d_is_file d_unlinked IS_ROOT`,
      'include/linux/dcache.h',
      { dereferences: [0] },
    ),
    ...borrowsOrNull('d_inode d_inode_rcu d_backing_inode d_real_inode', 'include/linux/dcache.h: NULL for a negative one', {
      dereferences: [0],
    }),
    ...returnsPointer('d_real', 'include/linux/dcache.h', { dereferences: [0] }),
    ...returnsValue('full_name_hash QSTR QSTR_INIT QSTR_LEN hashlen_string', 'include/linux/stringhash.h, include/linux/dcache.h'),
    ...returnsPointerOrNull('page_get_link page_get_link_raw simple_get_link', 'fs/namei.c: or ERR_PTR; freed by the delayed call'),
    ...row(
      'set_delayed_call',
      [outcome('set', null, [escape(argument(2))])],
      'include/linux/delayed_call.h: argument 1 is called with it later',
      { dereferences: [0] },
    ),
    ...returnsNothing('clear_delayed_call do_delayed_call', 'include/linux/delayed_call.h', { dereferences: [0], clobbers: 'arguments' }),

    // ---- inodes ----
    ...acquireOrNull('igrab', 'inode', `${inode}: NULL where it is being freed`, { dereferences: [0] }),
    ...takesSilently('ihold', 'inode', inode),
    ...acquireOrNull(
      'new_inode new_inode_pseudo iget_locked iget5_locked',
      'inode',
      `${inode}: I_NEW where it was not there before; NULL where there is no memory`,
      { dereferences: [0], allocates: true, clobbers: 'all' },
    ),
    ...acquireOrError('alloc_anon_inode', 'inode', 'fs/libfs.c', { dereferences: [0] }),
    ...acquireOrNull('ilookup ilookup5 ilookup5_nowait find_inode_nowait', 'inode', `${inode}: NULL where it is not there`, {
      dereferences: [0],
      clobbers: 'all',
    }),
    ...releasesUnlessNull('iput', 'inode', `${inode}: NULL is ignored; the last one may evict it`, { clobbers: 'all' }),
    ...releases('iget_failed discard_new_inode', 'inode', `fs/bad_inode.c, ${inode}`, { clobbers: 'all' }),
    ...returnsErrno('insert_inode_locked insert_inode_locked4', inode, { clobbers: 'all' }),
    ...returnsNothing('unlock_new_inode inode_init_once inode_init_owner init_special_inode clear_inode make_bad_inode', inode, {
      clobbers: 'arguments',
    }),
    ...returnsNothing(
      `remove_inode_hash __remove_inode_hash mark_inode_dirty mark_inode_dirty_sync __mark_inode_dirty inode_nohighmem
     set_nlink inc_nlink drop_nlink clear_nlink i_size_write inode_set_bytes inode_set_iversion inode_set_flags cache_no_acl generic_fillattr inode_dio_begin inode_dio_end i_size_ordered_init set_cached_acl forget_cached_acl
     forget_all_cached_acls fileattr_fill_flags fileattr_fill_xflags`,
      `${fs}, include/linux/iversion.h`,
      { clobbers: 'arguments' },
    ),
    ...returnsNothing(
      'inode_dio_wait truncate_inode_pages truncate_inode_pages_final truncate_inode_pages_range truncate_pagecache truncate_pagecache_range truncate_setsize',
      'mm/truncate.c',
      { dereferences: [0], clobbers: 'all' },
    ),
    ...returnsValue(
      `i_size_read inode_get_atime inode_get_mtime inode_get_ctime inode_get_atime_sec inode_get_mtime_sec inode_get_ctime_sec
     inode_get_atime_nsec inode_get_mtime_nsec inode_get_ctime_nsec inode_set_ctime_current current_time inode_query_iversion
     inode_peek_iversion inode_state_read inode_state_read_once inode_get_bytes i_blocksize get_next_ino iminor imajor`,
      `${fs}, include/linux/iversion.h`,
    ),
    ...returnsBoolean(
      `inode_maybe_inc_iversion inode_is_locked inode_wrong_type inode_unhashed inode_owner_or_capable inode_eq_iversion is_bad_inode
     S_ISREG S_ISDIR S_ISLNK S_ISCHR S_ISBLK S_ISFIFO S_ISSOCK simple_empty sb_rdonly mapping_writably_mapped`,
      `${fs}, include/linux/stat.h`,
    ),
    ...returnsValue(
      'inode_set_atime inode_set_mtime inode_set_ctime inode_set_atime_to_ts inode_set_mtime_to_ts inode_set_ctime_to_ts simple_inode_init_ts',
      `${fs}: the time that was set`,
      { dereferences: [0], clobbers: 'arguments' },
    ),
    ...returnsErrno('inode_init_always', inode, { dereferences: [0, 1], clobbers: 'arguments' }),
    ...returnsCount(
      'IS_RDONLY IS_AUTOMOUNT IS_NOCMTIME IS_DAX IS_APPEND IS_IMMUTABLE IS_SWAPFILE IS_NOSEC IS_DEADDIR IS_SYNC IS_POSIXACL d_in_lookup',
      `${fs}: the bit of the flag, or 0`,
      { dereferences: [0] },
    ),
    ...borrows('i_user_ns', fs, { dereferences: [0] }),
    ...returnsErrno(
      `generic_permission inode_permission setattr_prepare notify_change inode_newsize_ok write_inode_now sync_inode_metadata
     vfs_getattr vfs_setxattr dax_break_layout posix_acl_update_mode`,
      `${fs}, fs/attr.c, fs/fs-writeback.c`,
      { clobbers: 'all' },
    ),
    ...returnsNothing('setattr_copy', 'fs/attr.c', { clobbers: 'arguments' }),
    ...returnsValue('setattr_should_drop_suidgid setattr_should_drop_sgid', 'fs/attr.c: ATTR_KILL_ bits'),
    ...returnsNothing('dax_break_layout_final', 'fs/dax.c', { dereferences: [0], clobbers: 'all' }),

    // ---- superblocks and file systems ----
    // The active reference of sget_fc lives on in fc->root, which is set from s_root: no row can say that.
    ...returnsPointerOrError('sget_fc', 'fs/super.c: an active superblock with s_umount held', { dereferences: [0], clobbers: 'all' }),
    ...returnsNothing(
      'deactivate_locked_super deactivate_super retire_super kill_anon_super kill_block_super kill_litter_super generic_shutdown_super',
      'fs/super.c',
      { dereferences: [0], clobbers: 'all' },
    ),
    ...returnsErrno(
      `get_tree_bdev get_tree_nodev get_tree_single get_tree_keyed vfs_get_tree set_anon_super_fc simple_fill_super
     super_setup_bdi super_setup_bdi_name sync_filesystem`,
      'fs/super.c, fs/libfs.c',
      { clobbers: 'all' },
    ),
    ...row('sb_set_blocksize', [outcome('success', [[1, 65536]]), outcome('failure', zero)], 'block/bdev.c: 0 is failure', {
      dereferences: [0],
      clobbers: 'arguments',
    }),
    ...returnsErrno('register_filesystem unregister_filesystem', 'fs/filesystems.c', { dereferences: [0] }),
    ...returnsErrno('sb_init_dio_done_wq', 'fs/direct-io.c', { dereferences: [0] }),
    ...returnsCountOrErrno('fs_parse', 'fs/fs_parser.c: the option found, or an errno', { clobbers: 'arguments' }),
    ...row('invalf invalfc inval_plog', [outcome('failure', [[-22, -22]])], 'include/linux/fs_context.h: always -EINVAL'),
    ...returnsNothing('infof infofc warnf warnfc errorf errorfc', 'include/linux/fs_context.h'),
    ...takes('bdi_get', 'backing device', 'include/linux/backing-dev.h'),
    ...acquireOrNull('bdi_alloc', 'backing device', 'include/linux/backing-dev.h', { allocates: true }),
    ...releases('bdi_put', 'backing device', 'include/linux/backing-dev.h'),
    ...returnsErrno('bdi_set_max_ratio bdi_set_min_ratio', 'include/linux/backing-dev.h', { dereferences: [0] }),
    ...borrows('inode_to_bdi', 'include/linux/backing-dev.h', { dereferences: [0] }),
    ...returnsErrno('sysfs_create_mount_point sysfs_create_group sysfs_create_link sysfs_create_file', 'include/linux/sysfs.h'),
    ...returnsNothing('sysfs_remove_mount_point sysfs_remove_group sysfs_remove_link sysfs_remove_file', 'include/linux/sysfs.h'),

    // ---- objects of the driver model ----
    ...acquireOrNull('kobject_create_and_add', 'kobject', 'include/linux/kobject.h', { allocates: true }),
    ...takesUnlessNull('kobject_get', 'kobject', 'include/linux/kobject.h'),
    ...releasesUnlessNull('kobject_put', 'kobject', 'include/linux/kobject.h: NULL is ignored', { clobbers: 'all' }),
    // From here on the memory is freed by the release method of its type, never by kfree.
    ...row(
      'kobject_init',
      [outcome('success', null, [transfer('memory', holder(0), 'its kobject')])],
      'Documentation/core-api/kobject.rst',
      { dereferences: [0, 1] },
    ),
    ...returnsErrno('kobject_add kobject_init_and_add', 'include/linux/kobject.h: kobject_put() on failure too', {
      dereferences: [0],
      clobbers: 'arguments',
    }),
    ...returnsNothing('kobject_del', 'include/linux/kobject.h', { clobbers: 'arguments' }),
    ...returnsErrno('kobject_uevent kobject_uevent_env add_uevent_var', 'include/linux/kobject.h'),
    ...acquireOrNull('kset_create_and_add', 'kset', 'include/linux/kobject.h', { allocates: true }),
    ...releasesUnlessNull('kset_unregister', 'kset', 'include/linux/kobject.h', { clobbers: 'all' }),
    ...takesUnlessNull('get_device', 'device', 'include/linux/device.h'),
    ...releasesUnlessNull('put_device', 'device', 'include/linux/device.h: NULL is ignored', { clobbers: 'all' }),
    // From here on put_device() frees it, after a failed device_add() or device_register() too.
    ...row('device_initialize', [outcome('success', null, becomesDevice)], 'include/linux/device.h, drivers/base/core.c', {
      dereferences: [0],
      clobbers: 'arguments',
    }),
    ...returnsErrno('device_add', 'include/linux/device.h', { dereferences: [0], clobbers: 'all' }),
    // A failure leaves the reference too: put_device() is the caller's.
    ...row(
      'device_register',
      [outcome('success', zero, becomesDevice), outcome('failure', errors, becomesDevice)],
      'drivers/base/core.c: device_initialize() and device_add()',
      { dereferences: [0], clobbers: 'all' },
    ),
    ...returnsNothing('device_del', 'include/linux/device.h', { dereferences: [0], clobbers: 'all' }),
    ...releases('device_unregister', 'device', 'drivers/base/core.c: device_del and put_device', { clobbers: 'all' }),
    ...returnsErrno('dev_set_name', 'include/linux/device.h', { dereferences: [0, 1], clobbers: 'arguments' }),
    ...returnsPointerOrNull('dev_name dev_get_drvdata', 'include/linux/device.h', { dereferences: [0] }),
    ...stores('dev_set_drvdata', argument(1), null, 'include/linux/device.h', { clobbers: 'arguments' }),
    ...returnsNothing('dev_set_uevent_suppress', 'include/linux/device.h', { dereferences: [0], clobbers: 'arguments' }),
    ...returnsValue('dev_to_node', 'include/linux/device.h', { dereferences: [0] }),
    ...acquireOrError('class_create', 'device class', 'include/linux/device/class.h'),
    ...releasesUnlessNull('class_destroy', 'device class', 'drivers/base/class.c: NULL and ERR_PTR are ignored', { clobbers: 'all' }),
    ...acquireOrNull('cdev_alloc', 'character device', 'fs/char_dev.c', { allocates: true }),
    ...returnsErrno('cdev_add', 'fs/char_dev.c: cdev_del() on failure too', { dereferences: [0], clobbers: 'arguments' }),
    ...releases('cdev_del', 'character device', 'fs/char_dev.c: kobject_put at its end', { clobbers: 'all' }),
    ...returnsErrno('alloc_chrdev_region register_chrdev_region misc_register', 'fs/char_dev.c, include/linux/miscdevice.h', {
      clobbers: 'arguments',
    }),
    ...returnsNothing('unregister_chrdev_region misc_deregister', 'fs/char_dev.c, include/linux/miscdevice.h'),
    ...acquireOrNull('register_sysctl register_sysctl_sz', 'sysctl table', 'include/linux/sysctl.h', { allocates: true }),
    ...releasesUnlessNull('unregister_sysctl_table', 'sysctl table', 'fs/proc/proc_sysctl.c: NULL is ignored', { clobbers: 'all' }),
  ],
  returns: [
    [
      booleanType,
      'S_ISREG S_ISDIR S_ISLNK S_ISCHR S_ISBLK S_ISFIFO S_ISSOCK IS_DAX IS_RDONLY IS_NOCMTIME IS_AUTOMOUNT inode_wrong_type d_is_dir d_is_reg d_really_is_positive d_really_is_negative d_in_lookup is_sync_kiocb fd_empty inode_owner_or_capable get_file_active',
    ],
    [intType, 'd_inode_readonly vfs_fsync_range get_unused_fd_flags'],
    [named('loff_t'), 'i_size_read'],
    [
      named('ssize_t'),
      'backing_file_read_iter backing_file_write_iter backing_file_splice_read backing_file_splice_write generic_file_read_iter generic_file_write_iter simple_read_from_buffer',
    ],
    [pointerToRecord('inode'), 'file_inode d_inode d_backing_inode d_inode_rcu igrab iget5_locked ilookup5 new_inode'],
    [pointerToRecord('file'), 'fget fget_raw get_file fd_file get_file_rcu backing_file_open file_open_root'],
    [
      pointerToRecord('dentry'),
      'dget dget_parent d_splice_alias d_find_alias d_alloc_parallel d_lookup file_dentry d_obtain_alias d_make_root',
    ],
  ],
};
