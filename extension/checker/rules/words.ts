// Names for people: of resources and of error codes.

/** Generic errno values of include/uapi/asm-generic/errno-base.h and errno.h that file systems return. */
const errnos: Readonly<Record<number, string>> = {
  1: 'EPERM',
  2: 'ENOENT',
  4: 'EINTR',
  5: 'EIO',
  6: 'ENXIO',
  7: 'E2BIG',
  9: 'EBADF',
  11: 'EAGAIN',
  12: 'ENOMEM',
  13: 'EACCES',
  14: 'EFAULT',
  15: 'ENOTBLK',
  16: 'EBUSY',
  17: 'EEXIST',
  18: 'EXDEV',
  19: 'ENODEV',
  20: 'ENOTDIR',
  21: 'EISDIR',
  22: 'EINVAL',
  23: 'ENFILE',
  24: 'EMFILE',
  25: 'ENOTTY',
  26: 'ETXTBSY',
  27: 'EFBIG',
  28: 'ENOSPC',
  29: 'ESPIPE',
  30: 'EROFS',
  31: 'EMLINK',
  32: 'EPIPE',
  34: 'ERANGE',
  36: 'ENAMETOOLONG',
  38: 'ENOSYS',
  39: 'ENOTEMPTY',
  40: 'ELOOP',
  61: 'ENODATA',
  75: 'EOVERFLOW',
  95: 'EOPNOTSUPP',
  103: 'ECONNABORTED',
  107: 'ENOTCONN',
  110: 'ETIMEDOUT',
  116: 'ESTALE',
};

/** `-EBUSY` for -16; the number where no name is known. */
export function errnoName(value: number): string {
  const name = errnos[-value];
  return name === undefined ? `${value}` : `-${name}`;
}

export function resourceName(resource: string): string {
  if (resource === 'counted' || resource === 'reference') return 'reference';
  return resource === 'memory' ? 'memory' : `${resource} reference`;
}
