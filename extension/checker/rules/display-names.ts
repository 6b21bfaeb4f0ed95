// Names for people: of resources and of error codes.
import { errnoNames } from '../../program/errnos.js';

/** `-EBUSY` for -16; the number where no name is known. */
export function errnoName(value: number): string {
  const name = errnoNames.get(-value);
  return name === undefined ? `${value}` : `-${name}`;
}

export function resourceName(resource: string): string {
  if (resource === 'counted' || resource === 'reference') return 'reference';
  return resource === 'memory' ? 'memory' : `${resource} reference`;
}
