// C types as intrinsics need them: records by tag, and names for people.
import type { CType } from '../../syntax/ast.js';

/** The type `struct tag`, wherever it is defined. */
export function recordOf(tag: string): CType {
  return { kind: 'record', union: false, tag, record: null };
}

/** A type as an object's name: `fuse_backing` of `struct fuse_backing`. */
export function nameOfType(type: CType): string {
  switch (type.kind) {
    case 'record':
    case 'enum':
      return type.tag ?? 'anonymous';
    case 'named':
      return type.name;
    case 'pointer':
      return `${nameOfType(type.to)} *`;
    case 'array':
      return `${nameOfType(type.of)}[]`;
    case 'unknown':
      return type.text || 'unknown';
    default:
      return type.kind;
  }
}
