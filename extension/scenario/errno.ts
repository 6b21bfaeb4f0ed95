// Answers as people read them.
import type { Value } from '../kernel/intrinsics/machine.js';
import { errnoNames } from '../program/errnos.js';

/** `0`, `1`, `-EBUSY`; `?` for an indeterminate value. */
export function errnoText(value: Value): string {
  if (typeof value === 'number' && Number.isNaN(value)) return '?';
  const name = value < 0 ? errnoNames.get(-Number(value)) : undefined;
  return name === undefined ? String(value) : `-${name}`;
}
