// Bytes and strings.
import { nonNegative } from '../contract.js';
import { intType, sizeType, voidPointer } from '../../program/types.js';
import {
  argument,
  outcome,
  write,
  returnsBoolean,
  returnsNothing,
  row,
  returnsValue,
  returnsPointer,
  returnsCount,
  returnsPointerOrNull,
} from '../rows.js';
import type { Topic } from '../topic.js';

export const bytes: Topic = {
  contracts: [
    ...row('memset', [outcome('success', argument(0), [write(argument(0, '*'))])], {
      source: 'include/linux/string.h',
      dereferences: [0],
    }),
    ...row('memzero_explicit', [outcome('success', null, [write(argument(0, '*'))])], {
      source: 'include/linux/string.h',
      dereferences: [0],
    }),
    ...row('memcpy memmove strcpy strcat', [outcome('success', argument(0), [write(argument(0, '*'))])], {
      source: 'include/linux/string.h',
      dereferences: [0, 1],
    }),
    ...row(
      'strscpy strscpy_pad',
      [outcome('success', nonNegative, [write(argument(0, '*'))]), outcome('too long', [[-7, -7]], [write(argument(0, '*'))])],
      {
        source: 'include/linux/string.h: -E2BIG',
        dereferences: [0, 1],
      },
    ),
    ...row(
      'sprintf snprintf scnprintf vsnprintf vscnprintf sysfs_emit sysfs_emit_at',
      [outcome('success', nonNegative, [write(argument(0, '*'))])],
      { source: 'include/linux/sprintf.h' },
    ),
    ...returnsCount('strlen strnlen', { source: 'include/linux/string.h', dereferences: [0] }),
    ...returnsValue('strcmp strncmp memcmp strcasecmp', { source: 'include/linux/string.h', dereferences: [0, 1] }),
    ...returnsBoolean('sysfs_streq str_has_prefix strstarts', { source: 'include/linux/string.h' }),
    ...returnsPointerOrNull('strchr strrchr memchr strstr strnchr strpbrk', { source: 'include/linux/string.h', dereferences: [0] }),
    ...returnsPointerOrNull('strsep', { source: 'include/linux/string.h', dereferences: [0], clobbers: 'arguments' }),
    ...returnsPointer('strim strstrip skip_spaces strreplace', {
      source: 'include/linux/string.h',
      dereferences: [0],
      clobbers: 'arguments',
    }),
    ...returnsNothing('get_random_bytes', { source: 'include/linux/random.h', dereferences: [0], clobbers: 'arguments' }),
    ...returnsValue('get_random_u32 get_random_u64 get_random_long hash_long hash_ptr hash_32 hash_64 jhash', {
      source: 'include/linux/random.h, include/linux/hash.h',
    }),
  ],
  returns: [
    [intType, 'strcmp strncmp memcmp'],
    [sizeType, 'strlen strnlen'],
    [voidPointer, 'memchr'],
  ],
};
