// Which types are compatible (C11 6.2.7), by what they are. Qualifiers that a typedef or a typeof brings are not kept in types.
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

/**
 * Whether two types are compatible; undefined where one of them is not known as far as that. Qualifiers of the types themselves are
 * left out (as by __builtin_types_compatible_p()).
 */
export function isCompatible(one: CType, other: CType, around: CompatibleIn): boolean | undefined {
  const [a, b] = [around.resolve(one), around.resolve(other)];
  const inner = (x: CType, y: CType): boolean | undefined => isCompatible(x, y, around);
  if (a.kind === 'named' && b.kind === 'named' && a.name === b.name) return true;
  if (!isResolved(a) || !isResolved(b)) return undefined;
  // An enumeration is compatible with the integer type that it is (6.7.2.2p4).
  if (a.kind === 'enum' && b.kind === 'integer') return withInteger(around.integerOf(a), b, inner);
  if (a.kind === 'integer' && b.kind === 'enum') return withInteger(around.integerOf(b), a, inner);
  if (a.kind !== b.kind) return false;
  if (a.kind === 'pointer' && b.kind === 'pointer') return sameQualifiers(a.attributes, b.attributes) && inner(a.to, b.to);
  if (a.kind === 'array' && b.kind === 'array') return all([inner(a.of, b.of), sameLength(a.length, b.length, around)]);
  if (a.kind === 'function' && b.kind === 'function')
    return all([
      a.parameters.length === b.parameters.length,
      inner(a.returns, b.returns),
      ...a.parameters.map((each, at) => inner(each, b.parameters[at] ?? each)),
    ]);
  // Without a tag each definition is a type of its own.
  if (a.kind === 'record' && b.kind === 'record' && a.tag === null) return a.record === b.record;
  if (a.kind === 'enum' && b.kind === 'enum' && a.tag === null) return a.enumeration === b.enumeration;
  if (a.kind === 'integer' && b.kind === 'integer' && a.own !== b.own) return false;
  return printType(a) === printType(b);
}

function isResolved({ kind }: CType): boolean {
  return kind !== 'named' && kind !== 'typeof' && kind !== 'unknown';
}

function withInteger<T>(integer: CType | undefined, other: CType, compare: (a: CType, b: CType) => T): T | undefined {
  return integer && compare(integer, other);
}

function sameLength(one: Expression | null, other: Expression | null, around: CompatibleIn): boolean | undefined {
  if (one === null || other === null) return true;
  const [a, b] = [around.constant(one), around.constant(other)];
  return a === undefined || b === undefined ? undefined : a === b;
}

/** False where one is, else undefined where one is not known. */
function all(parts: readonly (boolean | undefined)[]): boolean | undefined {
  if (parts.includes(false)) return false;
  return parts.includes(undefined) ? undefined : true;
}

/** The choice of `_Generic` for a type (C11 6.5.1.1); undefined where none fits or where it is not known which does. */
export function chosenFor<T extends { readonly type: CType | null }>(
  of: CType,
  choices: readonly T[],
  around: CompatibleIn,
): T | undefined {
  for (const choice of choices) {
    const fits = choice.type === null ? false : isCompatible(of, choice.type, around);
    if (fits === undefined) return undefined;
    if (fits) return choice;
  }
  return choices.find(({ type }) => type === null);
}

/** Whether two lists of attributes, as written, qualify alike. */
function sameQualifiers(one: readonly string[], other: readonly string[]): boolean {
  return [/^_*const_*$/, /^_*volatile_*$/].every((word) => one.some((text) => word.test(text)) === other.some((text) => word.test(text)));
}
