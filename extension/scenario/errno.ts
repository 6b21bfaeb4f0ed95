// Answers as people read them.
import type { Value } from '../kernel/intrinsics/machine.js';
import { builtinErrnos } from '../program/errnos.js';

const names = new Map([...builtinErrnos()].map(([name, value]) => [Number(value), name] as const).reverse());

/** `0`, `1`, `-EBUSY`; `?` for an indeterminate value. */
export function errnoText(value: Value): string {
  if (typeof value === 'number' && Number.isNaN(value)) return '?';
  const name = value < 0 ? names.get(-Number(value)) : undefined;
  return name === undefined ? String(value) : `-${name}`;
}

/** The number that a name such as `EBUSY` stands for; undefined for no error's name. */
export function errnoNumber(name: string): number | undefined {
  const value = builtinErrnos().get(name);
  return value === undefined ? undefined : Number(value);
}
