// Bytes and strings.
import { nonNegative } from '../contract.js';
import { intType, sizeType, voidPointer } from '../../program/types.js';
import {
  argument,
  fills,
  outcome,
  returnsBoolean,
  returnsCount,
  returnsNothing,
  returnsPointer,
  returnsPointerOrNull,
  returnsValue,
  row,
  write,
} from '../rows.js';
import type { Topic } from '../topic.js';

export const bytes: Topic = {
  contracts: [
    ...fills('memset', argument(0), 'include/linux/string.h', { dereferences: [0] }),
    ...fills('memzero_explicit', null, 'include/linux/string.h', { dereferences: [0] }),
    ...fills('memcpy memmove strcpy strcat', argument(0), 'include/linux/string.h', { dereferences: [0, 1] }),
    ...row(
      'strscpy strscpy_pad',
      [outcome('success', nonNegative, [write(argument(0, '*'))]), outcome('too long', [[-7, -7]], [write(argument(0, '*'))])],
      'include/linux/string.h: -E2BIG',
      { dereferences: [0, 1] },
    ),
    ...fills('sprintf snprintf scnprintf vsnprintf vscnprintf sysfs_emit sysfs_emit_at', nonNegative, 'include/linux/sprintf.h'),
    ...returnsCount('strlen strnlen', 'include/linux/string.h', { dereferences: [0] }),
    ...returnsValue('strcmp strncmp memcmp strcasecmp', 'include/linux/string.h', { dereferences: [0, 1] }),
    ...returnsBoolean('sysfs_streq str_has_prefix strstarts', 'include/linux/string.h'),
    ...returnsPointerOrNull('strchr strrchr memchr strstr strnchr strpbrk', 'include/linux/string.h', { dereferences: [0] }),
    ...returnsPointerOrNull('strsep', 'include/linux/string.h', { dereferences: [0], clobbers: 'arguments' }),
    ...returnsPointer('strim strstrip skip_spaces strreplace', 'include/linux/string.h', { dereferences: [0], clobbers: 'arguments' }),
    ...returnsNothing('get_random_bytes', 'include/linux/random.h', { dereferences: [0], clobbers: 'arguments' }),
    ...returnsValue(
      'get_random_u32 get_random_u64 get_random_long hash_long hash_ptr hash_32 hash_64 jhash',
      'include/linux/random.h, include/linux/hash.h',
    ),
  ],
  returns: [
    [intType, 'strcmp strncmp memcmp'],
    [sizeType, 'strlen strnlen'],
    [voidPointer, 'memchr'],
  ],
};
