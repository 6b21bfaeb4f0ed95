// Macros that declare a variable.
import { recordType, named, unknownType, unsignedLongType } from '../../program/types.js';
import type { CType } from '../../syntax/ast.js';
import { returnsNothing } from '../rows.js';
import type { Topic } from '../topic.js';

/** By macro: the type of the variable that its first argument names. */
const declares: Readonly<Record<string, CType>> = {
  LIST_HEAD: recordType('list_head'),
  HLIST_HEAD: recordType('hlist_head'),
  LLIST_HEAD: recordType('llist_head'),
  DEFINE_WAIT: recordType('wait_queue_entry'),
  DEFINE_WAIT_FUNC: recordType('wait_queue_entry'),
  DECLARE_WAITQUEUE: recordType('wait_queue_entry'),
  DEFINE_WAIT_BIT: recordType('wait_bit_queue_entry'),
  DECLARE_WAIT_QUEUE_HEAD: recordType('wait_queue_head'),
  DECLARE_WAIT_QUEUE_HEAD_ONSTACK: recordType('wait_queue_head'),
  DECLARE_COMPLETION: recordType('completion'),
  DECLARE_COMPLETION_ONSTACK: recordType('completion'),
  DECLARE_BITMAP: { kind: 'array', of: unsignedLongType, length: null },
  DEFINE_SPINLOCK: named('spinlock_t'),
  DEFINE_MUTEX: recordType('mutex'),
  DEFINE_RATELIMIT_STATE: recordType('ratelimit_state'),
  DEFINE_READAHEAD: recordType('readahead_control'),
  DEFINE_IDR: recordType('idr'),
  DEFINE_IDA: recordType('ida'),
  DEFINE_XARRAY: recordType('xarray'),
  XA_STATE: recordType('xa_state'),
  XA_STATE_ORDER: recordType('xa_state'),
  MA_STATE: recordType('ma_state'),
  DEFINE_SHOW_ATTRIBUTE: unknownType(''),
  DEFINE_DELAYED_CALL: recordType('delayed_call'),
  DEFINE_WAKE_Q: recordType('wake_q_head'),
  DEFINE_FOLIO_VMA_WALK: recordType('page_vma_mapped_walk'),
  BVEC_ITER: recordType('bvec_iter'),
  DECLARE_KFIFO: unknownType('kfifo'),
};

export const declarations: Topic = {
  contracts: [
    ...returnsNothing(
      'DEFINE_WAIT DECLARE_WAITQUEUE DECLARE_COMPLETION_ONSTACK DECLARE_WAIT_QUEUE_HEAD_ONSTACK LIST_HEAD HLIST_HEAD DEFINE_SPINLOCK DEFINE_MUTEX DECLARE_WORK',
      'include/linux/wait.h, include/linux/list.h: declares a variable',
    ),
  ],
  declares,
};
