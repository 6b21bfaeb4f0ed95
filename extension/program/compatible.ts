// Which types are compatible (C11 6.2.7), by what they are. Qualifiers are not kept in types.
import type { CType, Expression } from '../syntax/ast.js';
import { printType } from './types.js';

export interface CompatibleIn {
  /** With typedefs and typeof looked through. */
  resolve(type: CType): CType;
  /** The integer type that an enumeration is. */
  integerOf(type: CType): CType | undefined;
  /** The value of a length, where it is constant. */
  constant(e: Expression): bigint | undefined;
}

/** Whether two types are compatible; qualifiers of the types themselves and of what they point to are left out. */
export function isCompatible(one: CType, other: CType, around: CompatibleIn): boolean {
  const [a, b] = [around.resolve(one), around.resolve(other)];
  const inner = (x: CType, y: CType): boolean => isCompatible(x, y, around);
  // An enumeration is compatible with the integer type that it is (6.7.2.2p4).
  if (a.kind === 'enum' && b.kind === 'integer') return inner(around.integerOf(a) ?? a, b);
  if (a.kind === 'integer' && b.kind === 'enum') return inner(a, around.integerOf(b) ?? b);
  if (a.kind !== b.kind) return false;
  if (a.kind === 'pointer' && b.kind === 'pointer') return inner(a.to, b.to);
  if (a.kind === 'array' && b.kind === 'array') {
    const [first, second] = [a, b].map(({ length }) => (length === null ? null : around.constant(length)));
    return inner(a.of, b.of) && (first === null || second === null || first === second);
  }
  if (a.kind === 'function' && b.kind === 'function')
    return (
      inner(a.returns, b.returns) &&
      a.parameters.length === b.parameters.length &&
      a.parameters.every((each, at) => inner(each, b.parameters[at] ?? each))
    );
  // Without a tag each definition is a type of its own.
  if (a.kind === 'record' && b.kind === 'record' && a.tag === null) return a.record === b.record;
  if (a.kind === 'enum' && b.kind === 'enum' && a.tag === null) return a.enumeration === b.enumeration;
  return printType(a) === printType(b);
}
