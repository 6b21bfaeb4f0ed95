// The memory of user space, and texts that come from there.
import { errors, nonNegative, positive, zero } from '../contract.js';
import { intType, unsignedLongType } from '../../program/types.js';
import { argument, outcome, returnsBoolean, returnsCountOrErrno, returnsErrno, returnsValue, row, write } from '../rows.js';
import type { Topic } from '../topic.js';

const uaccess = 'include/linux/uaccess.h';

export const userMemory: Topic = {
  contracts: [
    ...row(
      'copy_from_user __copy_from_user',
      [outcome('all was copied', zero, [write(argument(0, '*'))]), outcome('a part was not', positive, [write(argument(0, '*'))])],
      `${uaccess}: bytes not copied`,
      { dereferences: [0] },
    ),
    ...row(
      'copy_to_user __copy_to_user clear_user',
      [outcome('all was copied', zero), outcome('a part was not', positive)],
      `${uaccess}: bytes not copied`,
    ),
    ...row(
      'get_user __get_user',
      [outcome('success', zero, [write(argument(0))]), outcome('failure', [[-14, -14]], [write(argument(0))])],
      `${uaccess}: -EFAULT`,
    ),
    ...row('put_user __put_user', [outcome('success', zero), outcome('failure', [[-14, -14]])], `${uaccess}: -EFAULT`),
    ...row(
      'copy_struct_from_user',
      [outcome('success', zero, [write(argument(0, '*'))]), outcome('failure', errors, [write(argument(0, '*'))])],
      uaccess,
      { dereferences: [0] },
    ),
    ...row('strncpy_from_user', [outcome('success', nonNegative, [write(argument(0, '*'))]), outcome('failure', errors)], uaccess, {
      dereferences: [0],
    }),
    ...returnsBoolean('access_ok in_compat_syscall in_x32_syscall', uaccess),
    ...returnsValue('u64_to_user_ptr compat_ptr ptr_to_compat untagged_addr', 'include/linux/compat.h'),
    ...returnsErrno('kstrtoul_from_user kstrtouint_from_user kstrtoint_from_user', 'include/linux/kstrtox.h', {
      dereferences: [3],
      clobbers: 'arguments',
    }),
    ...returnsErrno('kstrtoul kstrtouint kstrtoint kstrtou64 kstrtoull kstrtol', 'include/linux/kstrtox.h', {
      dereferences: [0, 2],
      clobbers: 'arguments',
    }),
    ...returnsErrno('kstrtobool', 'include/linux/kstrtox.h', { dereferences: [0, 1], clobbers: 'arguments' }),
    ...returnsErrno('param_set_uint param_set_int param_set_bool param_set_ulong', 'include/linux/moduleparam.h', {
      clobbers: 'arguments',
    }),
    ...returnsCountOrErrno('param_get_uint param_get_int param_get_bool', 'include/linux/moduleparam.h', { clobbers: 'arguments' }),
  ],
  returns: [
    [intType, 'get_user put_user'],
    [unsignedLongType, 'copy_from_user copy_to_user clear_user'],
  ],
  transparent: 'unsafe_memcpy_ok',
};
