// Pages, folios, the page cache, and vectors of user memory. A page and its folio share one count, so both are 'folio'.
import { pointerToRecord, named, booleanType, intType, sizeType, unsignedLongType, voidPointer } from '../../program/types.js';
import { errors, positive, zero } from '../contract.js';
import type { Topic } from '../topic.js';
import {
  acquire,
  acquireOrError,
  acquireOrNull,
  argument,
  borrowsOrNull,
  outcome,
  releases,
  releasesUnlessNull,
  returnsArgument,
  returnsBoolean,
  returnsCount,
  returnsCountOrErrno,
  returnsErrno,
  returnsNothing,
  returnsPointer,
  returnsPointerOrNull,
  returnsValue,
  row,
  takesSilently,
  takesUnlessDead,
  write,
} from '../rows.js';

const gfp = 'include/linux/gfp.h';
const mm = 'include/linux/mm.h';
const pagemap = 'include/linux/pagemap.h';
const uio = 'include/linux/uio.h';

export const pages: Topic = {
  contracts: [
    ...acquireOrNull(
      'alloc_page alloc_pages folio_alloc alloc_pages_node filemap_alloc_folio __page_cache_alloc page_cache_alloc',
      'folio',
      gfp,
      { allocates: true },
    ),
    ...acquireOrNull(
      '__get_free_page __get_free_pages get_zeroed_page alloc_pages_exact',
      'free page',
      `${gfp}: an address, 0 on failure`,
      { allocates: true },
    ),
    ...releasesUnlessNull('free_page free_pages', 'free page', `${gfp}: 0 is ignored`),
    ...releases('free_pages_exact', 'free page', gfp),
    ...releases('__free_page __free_pages put_page folio_put folio_put_refs', 'folio', mm),
    ...takesSilently('get_page folio_get', 'folio', mm),
    ...takesUnlessDead('folio_try_get get_page_unless_zero try_get_page', 'folio', argument(0), mm),
    ...returnsNothing('release_pages folio_batch_release put_pages_list', `${mm}: references in an array`, { dereferences: [0] }),
    ...returnsCount('alloc_pages_bulk alloc_pages_bulk_array', `${gfp}: how many of the array are filled`),
    // Order-0 folios are their page, and the head page of any folio is where it starts.
    ...returnsArgument('page_folio', 'include/linux/page-flags.h', { dereferences: [0] }),
    ...returnsPointer('folio_page folio_file_page', 'include/linux/page-flags.h', { dereferences: [0] }),

    ...acquireOrError(
      '__filemap_get_folio filemap_get_folio filemap_lock_folio filemap_grab_folio read_mapping_folio read_cache_folio',
      'folio',
      `${pagemap}: ERR_PTR since 6.4, in 6.12 and 7.2; NULL before`,
      { dereferences: [0], clobbers: 'all' },
    ),
    ...acquireOrError('read_mapping_page read_cache_page', 'folio', pagemap, { dereferences: [0], clobbers: 'all' }),
    ...acquireOrNull(
      'find_get_page find_get_page_flags find_lock_page find_or_create_page pagecache_get_page grab_cache_page grab_cache_page_write_begin',
      'folio',
      `${pagemap}: NULL where there is none; grab_cache_page_write_begin is gone in 7.2`,
      { dereferences: [0], clobbers: 'all' },
    ),
    ...returnsPointerOrNull('readahead_folio readahead_page', `${pagemap}: NULL at the end`, { dereferences: [0] }),
    ...returnsCount('__readahead_batch readahead_count readahead_index readahead_length readahead_pos', pagemap, { dereferences: [0] }),
    ...returnsErrno('filemap_add_folio add_to_page_cache_lru', pagemap, { dereferences: [0, 1], clobbers: 'all' }),
    ...returnsNothing('replace_page_cache_folio', 'mm/filemap.c: takes its own reference to the new one', {
      dereferences: [0, 1],
      clobbers: 'arguments',
    }),
    ...returnsNothing('folio_add_lru', 'mm/swap.c: takes its own reference', { dereferences: [0] }),

    ...returnsErrno(
      `filemap_write_and_wait filemap_write_and_wait_range filemap_fdatawrite filemap_fdatawrite_range filemap_fdatawait
     filemap_fdatawait_range filemap_flush filemap_check_errors file_write_and_wait_range file_check_and_advance_wb_err
     write_cache_pages iomap_writepages iomap_writeback_folio invalidate_inode_pages2
     invalidate_inode_pages2_range dax_writeback_mapping_range`,
      `${pagemap}, include/linux/iomap.h, mm/truncate.c`,
      { clobbers: 'all' },
    ),
    ...returnsNothing('iomap_readahead iomap_read_folio iomap_finish_folio_read iomap_finish_folio_write', 'include/linux/iomap.h', {
      clobbers: 'all',
    }),
    ...returnsCountOrErrno('iomap_file_buffered_write iomap_dio_rw dax_iomap_rw', 'include/linux/iomap.h, include/linux/dax.h', {
      clobbers: 'all',
    }),
    ...returnsNothing(
      `folio_lock lock_page folio_wait_writeback wait_on_page_writeback folio_wait_stable
     filemap_invalidate_lock filemap_invalidate_lock_shared`,
      pagemap,
      { dereferences: [0], clobbers: 'all' },
    ),
    ...returnsBoolean('folio_trylock trylock_page', pagemap, { dereferences: [0], clobbers: 'all' }),
    ...returnsNothing(
      `folio_unlock unlock_page folio_end_read folio_end_writeback end_page_writeback folio_start_writeback
     folio_mark_uptodate folio_clear_uptodate SetPageUptodate ClearPageUptodate folio_clear_mappedtodisk
     folio_copy folio_zero_segment folio_zero_segments folio_zero_range zero_user_segment zero_user_segments clear_highpage clear_page
     copy_highpage dump_page flush_dcache_page flush_dcache_folio folio_mark_accessed
     inc_node_page_state dec_node_page_state wb_writeout_inc inc_wb_stat dec_wb_stat
     filemap_invalidate_unlock filemap_invalidate_unlock_shared mapping_set_error mapping_set_gfp_mask
     mapping_set_writeback_may_deadlock_on_reclaim mapping_set_large_folios`,
      `${pagemap}, include/linux/page-flags.h, include/linux/highmem.h`,
      { dereferences: [0] },
    ),
    ...returnsNothing(
      'unpin_user_page unpin_folio unpin_user_pages unpin_user_folio',
      `${mm}: pins are taken into arrays, which rows don't follow`,
      { dereferences: [0], clobbers: 'arguments' },
    ),
    ...returnsBoolean('folio_mark_dirty_lock set_page_dirty_lock', `${mm}: whether it was clean`, { dereferences: [0], clobbers: 'all' }),
    ...returnsCountOrErrno('pin_user_pages pin_user_pages_fast get_user_pages_fast', `${mm}: pages pinned into the array`, {
      clobbers: 'all',
    }),
    ...returnsBoolean(
      `folio_mark_dirty folio_clear_dirty_for_io set_page_dirty folio_test_large folio_has_private folio_test_dirty
     folio_test_writeback folio_test_mlocked folio_test_uptodate folio_test_locked folio_test_highmem folio_mapped
     PageUptodate PageDirty PageLocked PageWriteback PageHighMem mapping_mapped filemap_range_has_page filemap_range_needs_writeback
     filemap_range_has_writeback`,
      'include/linux/page-flags.h',
      { dereferences: [0] },
    ),
    ...returnsValue(
      `folio_size folio_pos folio_index folio_nr_pages folio_order folio_next_index folio_pfn folio_page_idx folio_ref_count
     offset_in_folio page_offset page_to_pfn page_count mapping_gfp_mask offset_in_page PFN_PHYS PHYS_PFN totalram_pages`,
      `${mm}, ${pagemap}`,
    ),
    ...returnsPointerOrNull('page_address folio_address folio_mapping page_mapping', mm, { dereferences: [0] }),
    ...returnsPointer('kmap_local_page kmap_local_folio kmap_atomic kmap virt_to_page pfn_to_page', 'include/linux/highmem.h: can’t fail'),
    ...returnsNothing('kunmap_local kunmap kunmap_atomic', 'include/linux/highmem.h: any address in the page will do'),
    ...returnsNothing('vm_flags_set vm_flags_clear', mm, { dereferences: [0], clobbers: 'arguments' }),
    ...returnsNothing('task_io_account_write task_io_account_read', 'include/linux/task_io_accounting_ops.h'),

    // ---- vectors ----
    ...returnsCount(
      `iov_iter_count iov_iter_single_seg_count iov_iter_npages iov_iter_alignment iov_iter_rw iov_length copy_page_to_iter
     copy_page_from_iter copy_page_from_iter_atomic copy_folio_to_iter copy_folio_from_iter copy_folio_from_iter_atomic
     copy_to_iter copy_from_iter iov_iter_zero fault_in_iov_iter_readable fault_in_iov_iter_writeable fault_in_readable`,
      uio,
      { clobbers: 'arguments' },
    ),
    ...returnsNothing(
      'iov_iter_init iov_iter_kvec iov_iter_bvec iov_iter_ubuf iov_iter_advance iov_iter_revert iov_iter_truncate iov_iter_reexpand',
      uio,
      { dereferences: [0], clobbers: 'arguments' },
    ),
    ...returnsBoolean(
      'user_backed_iter iov_iter_is_kvec iov_iter_is_bvec iter_is_iovec iter_is_ubuf iov_iter_extract_will_pin copy_to_iter_full copy_from_iter_full',
      uio,
    ),
    ...returnsPointer('iter_iov', uio, { dereferences: [0] }),
    ...row(
      'iov_iter_get_pages2',
      [
        outcome('success', positive, [write(argument(1, '*')), acquire('folio', argument(1, '*'))]),
        outcome('nothing left', zero),
        outcome('failure', errors),
      ],
      `${uio}: a reference to each page in the array, of which the first stands for all`,
      { dereferences: [0, 1, 4], clobbers: 'arguments' },
    ),
    ...returnsCountOrErrno(
      'iov_iter_extract_pages',
      `${uio}: pinned where iov_iter_extract_will_pin() says so, in an array that it may allocate`,
      { dereferences: [0, 1, 5], clobbers: 'arguments' },
    ),
    ...returnsErrno('import_ubuf', uio, { dereferences: [3], clobbers: 'arguments' }),

    // ---- pipes ----
    ...returnsErrno('pipe_buf_confirm', 'include/linux/pipe_fs_i.h', { dereferences: [1], clobbers: 'all' }),
    ...returnsBoolean('pipe_buf_get pipe_buf_try_steal', 'include/linux/pipe_fs_i.h: buffers live in arrays, which rows don’t follow', {
      dereferences: [1],
      clobbers: 'arguments',
    }),
    ...returnsNothing('pipe_buf_release', 'include/linux/pipe_fs_i.h', { dereferences: [1], clobbers: 'arguments' }),
    ...returnsCountOrErrno('add_to_pipe', 'fs/splice.c: releases the buffer on failure', { dereferences: [0, 1], clobbers: 'arguments' }),
    ...returnsNothing('pipe_lock', 'fs/pipe.c', { dereferences: [0], clobbers: 'all' }),
    ...returnsNothing('pipe_unlock', 'fs/pipe.c', { dereferences: [0] }),
    ...returnsCount('pipe_occupancy pipe_buf_usage', 'include/linux/pipe_fs_i.h'),
    ...returnsBoolean('pipe_empty pipe_full', 'include/linux/pipe_fs_i.h'),
    ...returnsPointer('pipe_buf', 'include/linux/pipe_fs_i.h', { dereferences: [0] }),

    // ---- DAX ----
    ...acquireOrError('alloc_dax', 'dax device', 'include/linux/dax.h'),
    ...releasesUnlessNull('put_dax', 'dax device', 'drivers/dax/super.c: NULL is ignored'),
    ...returnsNothing('kill_dax', 'drivers/dax/super.c: NULL is ignored', { clobbers: 'all' }),
    ...borrowsOrNull('dax_get_private', 'include/linux/dax.h', { dereferences: [0] }),
    ...returnsValue(
      'dax_read_lock dax_direct_access dax_mem2blk_err dax_iomap_fault dax_finish_sync_fault phys_to_pfn_t',
      'include/linux/dax.h',
      { clobbers: 'arguments' },
    ),
    ...returnsNothing('dax_read_unlock dax_flush', 'include/linux/dax.h'),
    ...returnsPointerOrNull('dax_layout_busy_page_range dax_layout_busy_page', 'fs/dax.c', { clobbers: 'all' }),
  ],
  returns: [
    [booleanType, 'user_backed_iter PageUptodate folio_test_uptodate folio_trylock'],
    [intType, 'iov_iter_rw'],
    [sizeType, 'iov_iter_count folio_size iov_iter_single_seg_count'],
    [named('loff_t'), 'folio_pos'],
    [unsignedLongType, 'folio_nr_pages'],
    [voidPointer, 'page_address kmap_local_page kmap_local_folio'],
    [pointerToRecord('folio'), '__filemap_get_folio filemap_get_folio folio_alloc page_folio filemap_lock_folio read_mapping_folio'],
    [pointerToRecord('page'), 'alloc_page find_get_page find_lock_page folio_page'],
  ],
};
