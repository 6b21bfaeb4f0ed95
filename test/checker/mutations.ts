// Bugs of the kinds that patches to fs/fuse bring, written into Linux 7.2 and 6.12, and edits that bring none.
import type { Mutation } from './mutate.js';

type Row = readonly [title: string, file: string, name: string, edits: Mutation['edits'], ...findings: string[]];

const rows = (...all: readonly Row[]): readonly Mutation[] =>
  all.map(([title, file, name, edits, ...findings]) => ({ title, file, function: name, edits, findings }));

/** In backing.c, passthrough.c and iomode.c of Linux 7.2. */
export const backingBugs = rows(
  [
    'goto past the fput when the file is not regular',
    'backing.c',
    'fuse_backing_open',
    [['if (!d_is_reg(file->f_path.dentry))\n\t\tgoto out_fput;', 'if (!d_is_reg(file->f_path.dentry))\n\t\tgoto out;']],
    'ladder-label',
  ],
  [
    'return instead of goto when stacked too deep',
    'backing.c',
    'fuse_backing_open',
    [['>= fc->max_stack_depth)\n\t\tgoto out_fput;', '>= fc->max_stack_depth)\n\t\treturn res;']],
    'ladder-return',
  ],
  [
    'goto past the fput when the allocation fails',
    'backing.c',
    'fuse_backing_open',
    [['if (!fb)\n\t\tgoto out_fput;', 'if (!fb)\n\t\tgoto out;']],
    'ladder-label',
  ],
  ['no fput under out_fput', 'backing.c', 'fuse_backing_open', [['out_fput:\n\tfput(file);\n', 'out_fput:\n']], 'leak'],
  ['no free when no id is left', 'backing.c', 'fuse_backing_open', [['\t\tfuse_backing_free(fb);\n', '']], 'transfer-mismatch'],
  [
    'freed twice when no id is left',
    'backing.c',
    'fuse_backing_open',
    [['\t\tfuse_backing_free(fb);\n', '\t\tfuse_backing_free(fb);\n\t\tfuse_backing_free(fb);\n']],
    'double-put',
  ],
  ['prepare_creds() unchecked', 'backing.c', 'fuse_backing_open', [['get_current_cred()', 'prepare_creds()']], 'unchecked-acquire'],
  ['fget_raw() unchecked', 'backing.c', 'fuse_backing_open', [['\tif (!file)\n\t\tgoto out;\n', '']], 'unchecked-acquire'],
  ['kmalloc_obj() unchecked', 'backing.c', 'fuse_backing_open', [['\tif (!fb)\n\t\tgoto out_fput;\n', '']], 'unchecked-acquire'],
  ['-ENOMEM not set', 'backing.c', 'fuse_backing_open', [['\tres = -ENOMEM;\n', '']], 'stale-errno'],
  [
    'kfree() instead of the destructor when no id is left',
    'backing.c',
    'fuse_backing_open',
    [['\t\tfuse_backing_free(fb);\n', '\t\tkfree(fb);\n']],
    'ladder-return',
    'leak',
  ],
  [
    'into the ladder after the destructor put the file',
    'backing.c',
    'fuse_backing_open',
    [['\t\tfb = NULL;\n', '\t\tfb = NULL;\n\t\tgoto out_fput;\n']],
    'double-put',
  ],
  [
    'the file put after fb took it over',
    'backing.c',
    'fuse_backing_open',
    [['\t\tfuse_backing_free(fb);\n\t\tfb = NULL;\n', '\t\tfuse_backing_free(fb);\n\t\tfput(file);\n\t\tfb = NULL;\n']],
    'double-put',
  ],
  [
    'a reference kept that nobody puts',
    'backing.c',
    'fuse_backing_close',
    [
      ['\tfb = fuse_backing_id_remove(fc, backing_id);', '\tfb = fuse_backing_lookup(fc, backing_id);'],
      ['\tfuse_backing_put(fb);\n', ''],
    ],
    'leak',
  ],
  [
    'put twice',
    'backing.c',
    'fuse_backing_close',
    [['\tfuse_backing_put(fb);\n', '\tfuse_backing_put(fb);\n\tfuse_backing_put(fb);\n']],
    'double-put',
  ],
  ['put before use', 'backing.c', 'fuse_backing_close', [['\terr = 0;\n', '\terr = fb->file ? 0 : -EIO;\n']], 'use-after-put'],
  [
    'a lent pointer put',
    'backing.c',
    'fuse_backing_close',
    [['fuse_backing_id_remove(fc, backing_id)', 'idr_find(&fc->backing_files_map, backing_id)']],
    'put-not-owned',
  ],
  [
    'the count decides whether to close',
    'backing.c',
    'fuse_backing_close',
    [
      [
        '\tfuse_backing_put(fb);\n',
        '\tif (refcount_read(&fb->count) == 1)\n\t\tpr_debug("last\\n");\n\telse\n\t\tmsleep(1);\n\tfuse_backing_put(fb);\n',
      ],
    ],
    'refcount-as-state',
  ],
  [
    'freed outright though it was published',
    'backing.c',
    'fuse_backing_close',
    [['\tfuse_backing_put(fb);\n', '\tfuse_backing_free(fb);\n']],
    'direct-free',
  ],
  [
    'no put when the backing file cannot be opened',
    'passthrough.c',
    'fuse_passthrough_open',
    [['\t\tfuse_backing_put(fb);\n', '']],
    'leak',
  ],
  [
    'backing_file_open() unchecked',
    'passthrough.c',
    'fuse_passthrough_open',
    [['\tif (IS_ERR(backing_file)) {\n\t\tfuse_backing_put(fb);\n\t\tgoto out;\n\t}\n', '']],
    'unchecked-acquire',
  ],
  [
    'put before use',
    'passthrough.c',
    'fuse_passthrough_open',
    [
      ['\t/* Allocate', '\tfuse_backing_put(fb);\n\t/* Allocate'],
      ['\t\tfuse_backing_put(fb);\n', ''],
    ],
    'use-after-put',
  ],
  ['fuse_backing_lookup() unchecked', 'passthrough.c', 'fuse_passthrough_open', [['\tif (!fb)\n\t\tgoto out;\n', '']], 'unchecked-acquire'],
  [
    'the pointer read after it was handed over',
    'iomode.c',
    'fuse_file_passthrough_open',
    [['\tfuse_backing_put(fb);\n', '\tfuse_backing_put(fb);\n\tpr_debug("%p\\n", fb->file);\n']],
    'use-after-put',
  ],
  ['the reference of the index not put', 'backing.c', 'fuse_backing_close', [['\tfuse_backing_put(fb);\n', '']], 'leak'],
  ['err not reset on success', 'backing.c', 'fuse_backing_close', [['\terr = 0;\n', '']], 'stale-errno'],
  [
    'an ERR_PTR taken for NULL',
    'passthrough.c',
    'fuse_passthrough_open',
    [['if (IS_ERR(backing_file))', 'if (!backing_file)']],
    'unchecked-acquire',
  ],
  [
    'put once more on success',
    'passthrough.c',
    'fuse_passthrough_open',
    [['\tff->cred = get_cred(fb->cred);\n', '\tff->cred = get_cred(fb->cred);\n\tfuse_backing_put(fb);\n']],
    'use-after-put',
  ],
  [
    'the backing file put once more',
    'passthrough.c',
    'fuse_passthrough_release',
    [['\tfput(ff->passthrough);\n', '\tfput(ff->passthrough);\n\tfput(ff->passthrough);\n']],
    'double-put',
  ],
  [
    'the backing file read after the put',
    'passthrough.c',
    'fuse_passthrough_release',
    [['\tff->passthrough = NULL;\n', '\tpr_debug("%x\\n", ff->passthrough->f_flags);\n\tff->passthrough = NULL;\n']],
    'use-after-put',
  ],
  ['no put when the inode refuses', 'iomode.c', 'fuse_file_passthrough_open', [['\tfuse_backing_put(fb);\n', '']], 'transfer-mismatch'],
  [
    'put twice when the inode refuses',
    'iomode.c',
    'fuse_file_passthrough_open',
    [['\tfuse_backing_put(fb);\n', '\tfuse_backing_put(fb);\n\tfuse_backing_put(fb);\n']],
    'double-put',
  ],
  [
    'consumed on failure too',
    'iomode.c',
    'fuse_inode_uncached_io_start',
    [['\t\terr = -EBUSY;\n', '\t\terr = -EBUSY;\n\t\tfuse_backing_put(fb);\n']],
    'transfer-mismatch@fuse_file_passthrough_open',
  ],
);

/** In the other files of fs/fuse of Linux 7.2. */
export const otherBugs = rows(
  ['no kfree when the release arguments cannot be allocated', 'file.c', 'fuse_file_alloc', [['\t\t\tkfree(ff);\n', '']], 'leak'],
  ['no free when the server refuses', 'file.c', 'fuse_file_open', [['\t\t\tfuse_file_free(ff);\n', '']], 'leak'],
  [
    'freed twice when the server refuses',
    'file.c',
    'fuse_file_open',
    [['\t\t\tfuse_file_free(ff);\n', '\t\t\tfuse_file_free(ff);\n\t\t\tfuse_file_free(ff);\n']],
    'double-put',
  ],
  ['fuse_file_alloc() unchecked', 'file.c', 'fuse_file_open', [['\tif (!ff)\n\t\treturn ERR_PTR(-ENOMEM);\n', '']], 'unchecked-acquire'],
  [
    'goto past the kfree of the forget',
    'dir.c',
    'fuse_lookup_name',
    [['\tif (fuse_invalid_attr(&outarg->attr))\n\t\tgoto out_put_forget;', '\tif (fuse_invalid_attr(&outarg->attr))\n\t\tgoto out;']],
    'ladder-label',
  ],
  ['goto past the iput', 'dir.c', 'fuse_lookup', [['FUSE_ROOT_ID)\n\t\tgoto out_iput;', 'FUSE_ROOT_ID)\n\t\tgoto out_err;']], 'leak'],
  [
    'goto past the kfree of the forget',
    'dir.c',
    'fuse_create_open',
    [['\tif (!ff)\n\t\tgoto out_put_forget_req;', '\tif (!ff)\n\t\tgoto out_err;']],
    'ladder-label',
  ],
  [
    'goto past the free of the file',
    'dir.c',
    'fuse_create_open',
    [['fuse_invalid_attr(&outentry.attr))\n\t\tgoto out_free_ff;', 'fuse_invalid_attr(&outentry.attr))\n\t\tgoto out_put_forget_req;']],
    'ladder-label',
  ],
  [
    'labels swapped',
    'dir.c',
    'fuse_create_open',
    [
      [
        'out_free_ff:\n\tfuse_file_free(ff);\nout_put_forget_req:\n\tkfree(forget);\n',
        'out_put_forget_req:\n\tkfree(forget);\nout_free_ff:\n\tfuse_file_free(ff);\n',
      ],
    ],
    'ladder-label',
  ],
  ['the alias not put', 'dir.c', 'fuse_reverse_inval_entry', [['\tdput(dir);\n', '']], 'leak'],
  [
    'the alias put before it is used',
    'dir.c',
    'fuse_reverse_inval_entry',
    [
      ['\tdput(dir);\n', ''],
      ['\tname->hash = full', '\tdput(dir);\n\tname->hash = full'],
    ],
    'use-after-put',
  ],
  [
    'return instead of goto with the parent held',
    'dir.c',
    'fuse_reverse_inval_entry',
    [['\tif (!dir)\n\t\tgoto unlock;', '\tif (!dir)\n\t\treturn err;']],
    'ladder-return',
  ],
  ['the entry put twice', 'dir.c', 'fuse_reverse_inval_entry', [['\tdput(entry);\n', '\tdput(entry);\n\tdput(entry);\n']], 'double-put'],
  ['the folio not put when the request fails', 'dir.c', 'fuse_get_link', [['\t\tfolio_put(folio);\n', '']], 'leak'],
  [
    'the folio put though the caller gets it',
    'dir.c',
    'fuse_get_link',
    [
      [
        '\tset_delayed_call(callback, page_put_link, folio);\n',
        '\tset_delayed_call(callback, page_put_link, folio);\n\tfolio_put(folio);\n',
      ],
    ],
    'use-after-put',
  ],
  [
    'the dentry of a bad inode not put',
    'readdir.c',
    'fuse_direntplus_link',
    [['if (fuse_is_bad(inode)) {\n\t\t\tdput(dentry);\n', 'if (fuse_is_bad(inode)) {\n']],
    'leak',
  ],
  [
    'the dentry not put before it is looked up again',
    'readdir.c',
    'fuse_direntplus_link',
    [['\t\t\tdput(dentry);\n\t\t\tgoto retry;', '\t\t\tgoto retry;']],
    'leak',
  ],
  ['the page not put', 'readdir.c', 'fuse_add_dirent_to_cache', [['\tput_page(page);\n', '']], 'leak'],
  ['the pages not freed', 'readdir.c', 'fuse_readdir_uncached', [['\tkfree(pages);\n', '']], 'leak'],
  [
    'return instead of goto with the name allocated',
    'notify.c',
    'fuse_notify_inval_entry',
    [['\tif (err)\n\t\tgoto err;', '\tif (err)\n\t\treturn err;']],
    'ladder-return',
  ],
  [
    'the name freed before the call',
    'notify.c',
    'fuse_notify_delete',
    [['\tbuf[outarg.namelen] = 0;\n', '\tkfree(buf);\n\tbuf[outarg.namelen] = 0;\n']],
    'double-put',
  ],
  [
    'goto past the iput',
    'notify.c',
    'fuse_notify_store',
    [['\tif (IS_ERR(folio))\n\t\t\tgoto out_iput;', '\tif (IS_ERR(folio))\n\t\t\tgoto out_up_killsb;']],
    'ladder-label',
  ],
  ['the folio not put in the loop', 'notify.c', 'fuse_notify_store', [['\t\tfolio_put(folio);\n', '']], 'leak'],
  [
    'the folio read after the put',
    'notify.c',
    'fuse_notify_store',
    [['\t\tfolio_unlock(folio);\n\t\tfolio_put(folio);\n', '\t\tfolio_put(folio);\n\t\tfolio_unlock(folio);\n']],
    'use-after-put',
  ],
  ['the inode not put', 'notify.c', 'fuse_notify_retrieve', [['\t\tiput(inode);\n', '']], 'leak'],
  [
    '__free() and kfree() too',
    'notify.c',
    'fuse_notify_prune',
    [
      [
        '\tif (size < sizeof(outarg))\n\t\treturn -EINVAL;',
        '\tif (size < sizeof(outarg)) {\n\t\tkfree(nodeids);\n\t\treturn -EINVAL;\n\t}',
      ],
    ],
    'double-put',
  ],
  ['goto past the folio_put', 'cuse.c', 'cuse_send_init', [['goto err_free_folio;', 'goto err;']], 'ladder-label'],
  ['the user page not freed', 'ioctl.c', 'fuse_do_ioctl', [['\tkfree(iov_page);\n', '']], 'leak'],
  [
    'return instead of goto',
    'ioctl.c',
    'fuse_do_ioctl',
    [['\tif (transferred > inarg.out_size)\n\t\tgoto out;', '\tif (transferred > inarg.out_size)\n\t\treturn err;']],
    'ladder-return',
  ],
  [
    'return instead of goto with the file open',
    'ioctl.c',
    'fuse_fileattr_get',
    [['&flags, sizeof(flags));\n\t\tif (err)\n\t\t\tgoto cleanup;', '&flags, sizeof(flags));\n\t\tif (err)\n\t\t\treturn err;']],
    'ladder-return',
  ],
  [
    'goto past the free of the inode',
    'inode.c',
    'fuse_alloc_inode',
    [['\tif (!fi->forget)\n\t\tgoto out_free;', '\tif (!fi->forget)\n\t\treturn NULL;']],
    'ladder-return',
  ],
  ['goto past the free of the forget', 'inode.c', 'fuse_alloc_inode', [['\t\tgoto out_free_forget;', '\t\tgoto out_free;']], 'leak'],
  [
    'goto past the iput',
    'inode.c',
    'fuse_get_dentry',
    [
      [
        '\tif (inode->i_generation != handle->generation)\n\t\tgoto out_iput;',
        '\tif (inode->i_generation != handle->generation)\n\t\tgoto out_err;',
      ],
    ],
    'ladder-label',
    'leak',
  ],
  [
    'iput after d_obtain_alias() consumed the inode',
    'inode.c',
    'fuse_get_dentry',
    [['\treturn entry;\n', '\tiput(inode);\n\treturn entry;\n']],
    'transfer-mismatch',
  ],
  ['the root not put', 'inode.c', 'fuse_fill_super_common', [['\tdput(root_dentry);\n', '']], 'leak'],
  ['kvmalloc_objs() unchecked', 'dev.c', 'fuse_dev_splice_read', [['\tif (!bufs)\n\t\treturn -ENOMEM;\n', '']], 'unchecked-acquire'],
  [
    'the processing queue leaked when the device is taken',
    'dev.c',
    'fuse_dev_ioctl_clone',
    [['\tpq = fuse_pqueue_alloc();\n', '\tpq = fuse_pqueue_alloc();\n\tif (fud->chan == NULL)\n\t\treturn -EINVAL;\n']],
    'leak',
  ],
  [
    'fuse_request_alloc() unchecked',
    'dev.c',
    'fuse_get_req',
    [['\tif (!req) {\n', '\tif (!fch->connected) {\n']],
    'null-deref@fuse_chan_send_notify_reply',
  ],
);

/** In Linux 6.12, whose backing code is all in passthrough.c. */
export const olderBugs = rows(
  [
    'goto past the fput',
    'passthrough.c',
    'fuse_backing_open',
    [['if (!fb)\n\t\tgoto out_fput;', 'if (!fb)\n\t\tgoto out;']],
    'ladder-label',
  ],
  ['looked up without a get', 'passthrough.c', 'fuse_passthrough_open', [['\tfb = fuse_backing_get(fb);\n', '']], 'put-not-owned'],
  [
    'put twice',
    'passthrough.c',
    'fuse_backing_close',
    [['\tfuse_backing_put(fb);\n', '\tfuse_backing_put(fb);\n\tfuse_backing_put(fb);\n']],
    'double-put',
  ],
  ['err not reset on success', 'passthrough.c', 'fuse_backing_close', [['\terr = 0;\n', '']], 'stale-errno'],
);

/**
 * Bugs that the checker does not find, with what it should say. A test holds that they are still not found, so that whoever
 * teaches it one moves it up.
 */
export const missedBugs = rows(
  ['-EBADF not set', 'backing.c', 'fuse_backing_open', [['\tres = -EBADF;\n', '']], 'stale-errno'],
  [
    'the reference of the index put after publishing',
    'backing.c',
    'fuse_backing_open',
    [['\t\tfb = NULL;\n\t}\n', '\t\tfb = NULL;\n\t} else {\n\t\tfuse_backing_put(fb);\n\t}\n']],
    'put-not-owned',
  ],
  [
    'looked up without a reference of its own',
    'backing.c',
    'fuse_backing_lookup',
    [['\tfb = fuse_backing_get(fb);\n', '']],
    'put-not-owned@fuse_file_passthrough_open',
    'put-not-owned@fuse_passthrough_open',
  ],
  ['put on success too', 'iomode.c', 'fuse_file_passthrough_open', [['\tif (!err)\n\t\treturn 0;\n', '']], 'transfer-mismatch'],
  [
    'an ERR_PTR taken for NULL',
    'iomode.c',
    'fuse_file_passthrough_open',
    [['\tif (IS_ERR(fb))\n\t\treturn PTR_ERR(fb);\n', '\tif (!fb)\n\t\treturn -ENOENT;\n']],
    'unchecked-acquire',
  ],
  [
    'the second opener keeps its reference',
    'iomode.c',
    'fuse_inode_uncached_io_start',
    [[' else {\n\t\tfuse_backing_put(fb);\n\t}', '']],
    'leak@fuse_file_passthrough_open',
  ],
  [
    "the inode's reference not put",
    'iomode.c',
    'fuse_inode_uncached_io_end',
    [['\tif (oldfb)\n\t\tfuse_backing_put(oldfb);\n', '']],
    'leak',
  ],
  [
    "the inode's reference put twice",
    'iomode.c',
    'fuse_inode_uncached_io_end',
    [['\tif (oldfb)\n\t\tfuse_backing_put(oldfb);\n', '\tif (oldfb)\n\t\tfuse_backing_put(oldfb);\n\tfuse_backing_put(oldfb);\n']],
    'double-put',
  ],
  [
    'the failure of the callee dropped',
    'iomode.c',
    'fuse_file_uncached_io_open',
    [['\tif (err)\n\t\treturn err;\n', '']],
    'leak@fuse_file_passthrough_open',
  ],
  ['error code lost', 'iomode.c', 'fuse_file_passthrough_open', [['\t\treturn PTR_ERR(fb);\n', '\t\treturn 0;\n']], 'stale-errno'],
  [
    'goto to the kfree of a forget that was queued',
    'dir.c',
    'fuse_lookup_name',
    [['outarg->nodeid, 1);\n\t\tgoto out;', 'outarg->nodeid, 1);\n\t\tgoto out_put_forget;']],
    'ladder-label',
  ],
  ['-ENOMEM not set for the forget', 'dir.c', 'fuse_lookup_name', [['\terr = -ENOMEM;\n\tif (!forget)', '\tif (!forget)']], 'stale-errno'],
  ['IS_ERR taken for NULL', 'notify.c', 'fuse_notify_store', [['if (IS_ERR(folio))', 'if (!folio)']], 'unchecked-acquire'],
  ['the connection not put when the server refuses', 'cuse.c', 'cuse_open', [['\tif (rc)\n\t\tfuse_conn_put(&cc->fc);\n', '']], 'leak'],
  ['the arguments not freed when sending fails', 'cuse.c', 'cuse_send_init', [['\t\tkfree(ia);\n', '']], 'transfer-mismatch'],
  ['the device freed outright', 'cuse.c', 'cuse_process_init_reply', [['\tput_device(dev);\n', '\tkfree(dev);\n']], 'direct-free'],
  ['an ERR_PTR taken for NULL', 'ioctl.c', 'fuse_fileattr_set', [['if (IS_ERR(ff))', 'if (!ff)']], 'unchecked-acquire'],
  [
    'the buffers not freed',
    'dev.c',
    'fuse_dev_splice_read',
    [['\tif (ret < 0)\n\t\tgoto out;', '\tif (ret < 0)\n\t\treturn ret;']],
    'ladder-return',
  ],
  ['the instance not put', 'virtio_fs.c', 'virtio_fs_get_tree', [['\tvirtio_fs_put(fs);\n', '']], 'leak'],
  [
    'return instead of goto with the instance held',
    'virtio_fs.c',
    'virtio_fs_get_tree',
    [['\tif (!fc)\n\t\tgoto out_err;', '\tif (!fc)\n\t\treturn err;']],
    'ladder-return',
  ],
);

/** The same in Linux 6.12. */
export const olderMissedBugs = rows(
  [
    'no put when the backing file cannot be opened',
    'passthrough.c',
    'fuse_passthrough_open',
    [['\t\tfuse_backing_put(fb);\n', '']],
    'leak',
  ],
  ['put on success too', 'iomode.c', 'fuse_file_passthrough_open', [['\tif (!err)\n\t\treturn 0;\n', '']], 'transfer-mismatch'],
);

const harmless = (title: string, file: string, name: string, edits: Mutation['edits'], before?: string): Mutation => ({
  title,
  file,
  function: name,
  edits,
  findings: [],
  ...(before === undefined ? {} : { before }),
});

/** Edits of Linux 7.2 after which all is as right as it was before. */
export const harmlessEdits: readonly Mutation[] = [
  harmless('a label renamed', 'passthrough.c', 'fuse_passthrough_open', [
    ['if (backing_id <= 0)\n\t\tgoto out;', 'if (backing_id <= 0)\n\t\tgoto done;'],
    ['if (!fb)\n\t\tgoto out;', 'if (!fb)\n\t\tgoto done;'],
    ['\t\tgoto out;\n\t}', '\t\tgoto done;\n\t}'],
    ['\nout:\n', '\ndone:\n'],
  ]),
  harmless('independent lines reordered', 'backing.c', 'fuse_backing_open', [
    [
      '\tfb->file = file;\n\tfb->cred = get_current_cred();\n\trefcount_set(&fb->count, 1);\n',
      '\trefcount_set(&fb->count, 1);\n\tfb->cred = get_current_cred();\n\tfb->file = file;\n',
    ],
  ]),
  harmless('a put guarded by a test', 'backing.c', 'fuse_backing_close', [
    ['\tfuse_backing_put(fb);\n', '\tif (fb)\n\t\tfuse_backing_put(fb);\n'],
  ]),
  harmless('pr_debug() of the pointer after the put', 'iomode.c', 'fuse_file_passthrough_open', [
    ['\tfuse_backing_put(fb);\n', '\tfuse_backing_put(fb);\n\tpr_debug("%s: fb=0x%p put\\n", __func__, fb);\n'],
  ]),
  harmless('the error put into the branch', 'backing.c', 'fuse_backing_open', [
    ['\tres = -ENOMEM;\n\tif (!fb)\n\t\tgoto out_fput;\n', '\tif (!fb) {\n\t\tres = -ENOMEM;\n\t\tgoto out_fput;\n\t}\n'],
  ]),
  harmless('the ladder written out', 'backing.c', 'fuse_backing_open', [
    ['\tif (!fb)\n\t\tgoto out_fput;\n', '\tif (!fb) {\n\t\tfput(file);\n\t\tgoto out;\n\t}\n'],
  ]),
  harmless(
    'the object made in a helper',
    'backing.c',
    'fuse_backing_open',
    [
      ['\tfb = kmalloc_obj(struct fuse_backing);\n', '\tfb = fuse_backing_new(file);\n'],
      ['\tfb->file = file;\n\tfb->cred = get_current_cred();\n\trefcount_set(&fb->count, 1);\n', ''],
    ],
    'static struct fuse_backing *fuse_backing_new(struct file *file)\n{\n\tstruct fuse_backing *fb;\n\n\tfb = kmalloc_obj(struct fuse_backing);\n\tif (!fb)\n\t\treturn NULL;\n\n\tfb->file = file;\n\tfb->cred = get_current_cred();\n\trefcount_set(&fb->count, 1);\n\treturn fb;\n}\n\n',
  ),
  harmless(
    'the put in a helper',
    'passthrough.c',
    'fuse_passthrough_open',
    [['\t\tfuse_backing_put(fb);\n', '\t\tfuse_backing_drop(&fb);\n']],
    'static void fuse_backing_drop(struct fuse_backing **fbp)\n{\n\tfuse_backing_put(*fbp);\n\t*fbp = NULL;\n}\n\n',
  ),
  harmless('__free(fput) instead of the ladder', 'backing.c', 'fuse_backing_open', [
    ['\tstruct file *file;\n', '\tstruct file *file __free(fput) = NULL;\n'],
    ['if (!d_is_reg(file->f_path.dentry))\n\t\tgoto out_fput;', 'if (!d_is_reg(file->f_path.dentry))\n\t\tgoto out;'],
    ['>= fc->max_stack_depth)\n\t\tgoto out_fput;', '>= fc->max_stack_depth)\n\t\tgoto out;'],
    ['if (!fb)\n\t\tgoto out_fput;', 'if (!fb)\n\t\tgoto out;'],
    ['\tfb->file = file;\n', '\tfb->file = no_free_ptr(file);\n'],
    ['\n\nout_fput:\n\tfput(file);\n\tgoto out;\n', '\n'],
  ]),
  harmless('guard() instead of lock and unlock', 'iomode.c', 'fuse_inode_uncached_io_start', [
    ['\tspin_lock(&fi->lock);\n', '\tguard(spinlock)(&fi->lock);\n'],
    ['\t\terr = -EBUSY;\n\t\tgoto unlock;\n', '\t\treturn -EBUSY;\n'],
    ['\t\terr = -ETXTBSY;\n\t\tgoto unlock;\n', '\t\treturn -ETXTBSY;\n'],
    ['unlock:\n\tspin_unlock(&fi->lock);\n', ''],
  ]),
  harmless('a variable renamed', 'notify.c', 'fuse_notify_prune', [
    ['\tu64 *nodeids __free', '\tu64 *ids __free'],
    ['\tif (!nodeids)', '\tif (!ids)'],
    ['fuse_copy_one(cs, nodeids,', 'fuse_copy_one(cs, ids,'],
    ['nodeids[i]', 'ids[i]'],
  ]),
  harmless('success returned early', 'iomode.c', 'fuse_file_passthrough_open', [
    [
      '\tif (!err)\n\t\treturn 0;\n\n\tfuse_passthrough_release(ff, fb);\n\tfuse_backing_put(fb);\n\n\treturn err;\n',
      '\tif (err) {\n\t\tfuse_passthrough_release(ff, fb);\n\t\tfuse_backing_put(fb);\n\t}\n\n\treturn err;\n',
    ],
  ]),
  harmless('a reference of its own while it is printed', 'backing.c', 'fuse_backing_close', [
    [
      '\tfuse_backing_put(fb);\n',
      '\tfuse_backing_get(fb);\n\tfuse_backing_put(fb);\n\tpr_debug("%p\\n", fb->file);\n\tfuse_backing_put(fb);\n',
    ],
  ]),
  harmless('NULL put by a function that takes it', 'dir.c', 'fuse_get_link', [
    ['\tif (!folio)\n\t\tgoto out_err;\n', '\tif (!folio) {\n\t\tkfree(folio);\n\t\tgoto out_err;\n\t}\n'],
  ]),
  harmless('scoped_guard() around the removal', 'backing.c', 'fuse_backing_id_remove', [
    [
      '\tspin_lock(&fc->lock);\n\tfb = idr_remove(&fc->backing_files_map, id);\n\tspin_unlock(&fc->lock);\n',
      '\tscoped_guard(spinlock, &fc->lock)\n\t\tfb = idr_remove(&fc->backing_files_map, id);\n',
    ],
  ]),
  harmless('prepare_creds() checked', 'backing.c', 'fuse_backing_open', [
    [
      '\tfb->cred = get_current_cred();\n',
      '\tfb->cred = prepare_creds();\n\tif (!fb->cred) {\n\t\tkfree(fb);\n\t\tfb = NULL;\n\t\tgoto out_fput;\n\t}\n',
    ],
  ]),
];
