// What FUSE's transports call: virtio, io_uring, device memory.
import { zero } from '../contract.js';
import { booleanType } from '../../program/types.js';
import {
  acquireOrNull,
  argument,
  returnsBoolean,
  returnsErrno,
  returnsNothing,
  returnsPointer,
  returnsPointerOrError,
  returnsPointerOrNull,
  returnsValue,
  storesOrError,
} from '../rows.js';
import type { Topic } from '../topic.js';

export const transports: Topic = {
  contracts: [
    ...returnsNothing('io_uring_cmd_done io_uring_cmd_complete_in_task io_uring_cmd_mark_cancelable', 'include/linux/io_uring/cmd.h', {
      dereferences: [0],
      clobbers: 'all',
    }),
    ...returnsPointer(
      'io_uring_cmd_to_pdu io_uring_sqe_cmd io_uring_sqe128_cmd io_uring_cmd_from_tw io_uring_cmd_ctx_handle',
      'include/linux/io_uring/cmd.h',
    ),
    ...storesOrError(
      'virtqueue_add_outbuf virtqueue_add_inbuf',
      argument(3),
      zero,
      'include/linux/virtio.h: the token comes back from virtqueue_get_buf()',
      { clobbers: 'arguments' },
    ),
    ...storesOrError('virtqueue_add_sgs', argument(4), zero, 'include/linux/virtio.h: the token comes back from virtqueue_get_buf()', {
      dereferences: [0],
      clobbers: 'arguments',
    }),
    ...returnsErrno('virtio_find_vqs register_virtio_driver', 'include/linux/virtio_config.h', { dereferences: [0], clobbers: 'all' }),
    ...returnsBoolean(
      'virtqueue_kick virtqueue_kick_prepare virtqueue_notify virtqueue_enable_cb virtio_get_shm_region virtio_has_feature virtqueue_is_broken',
      'include/linux/virtio.h',
      { clobbers: 'arguments' },
    ),
    ...returnsPointerOrNull('virtqueue_get_buf', 'include/linux/virtio.h: what was added, NULL where nothing is done', {
      dereferences: [0, 1],
      clobbers: 'arguments',
    }),
    ...returnsNothing(
      'virtqueue_disable_cb virtio_device_ready virtio_reset_device unregister_virtio_driver virtio_break_device',
      'include/linux/virtio.h',
      { dereferences: [0], clobbers: 'all' },
    ),
    ...returnsNothing('virtio_cread virtio_cread_le virtio_cread_bytes', 'include/linux/virtio_config.h', { clobbers: 'arguments' }),
    ...returnsValue('virtqueue_get_vring_size', 'include/linux/virtio.h', { dereferences: [0] }),
    ...returnsNothing('sg_init_one sg_init_table sg_set_page sg_set_folio sg_set_buf', 'include/linux/scatterlist.h', {
      dereferences: [0],
      clobbers: 'arguments',
    }),
    ...acquireOrNull('group_cpus_evenly', 'memory', 'include/linux/group_cpus.h: an array of masks, to kfree', { allocates: true }),
    ...returnsPointerOrNull('devm_request_mem_region', 'include/linux/ioport.h', { clobbers: 'arguments' }),
    ...returnsPointerOrError('devm_memremap_pages', 'include/linux/memremap.h', { clobbers: 'arguments' }),
    ...returnsErrno('devm_add_action_or_reset devm_add_action', 'include/linux/device/devres.h', { clobbers: 'arguments' }),
  ],
  returns: [[booleanType, 'virtqueue_enable_cb']],
};
