// Headers outside the subsystem's folder that a load of it reads.

/** The protocol's header, whose constants and records the subsystem's code uses. */
export const protocolHeader = 'include/uapi/linux/fuse.h';

/** The headers of a tree that define error numbers. */
export const errnoHeaders = ['include/uapi/asm-generic/errno-base.h', 'include/uapi/asm-generic/errno.h', 'include/linux/errno.h'] as const;

/** All of them, where the tree has them. */
export const headersRead: readonly string[] = [protocolHeader, ...errnoHeaders];
