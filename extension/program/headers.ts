// Headers outside the subsystem's folder that a load of it reads.
import type { Subsystem } from '../model/subsystem.js';

/** The headers of a tree that define error numbers. */
export const errnoHeaders = ['include/uapi/asm-generic/errno-base.h', 'include/uapi/asm-generic/errno.h', 'include/linux/errno.h'] as const;

/** All that are read for a subsystem, where the tree has them. */
export function headersRead({ headers }: Pick<Subsystem, 'headers'>): readonly string[] {
  return [...headers, ...errnoHeaders];
}
