// C types: how they are written, what they point to, how big they are on a 64-bit kernel.
import type { Span } from '../model/source.js';
import type { CType, Expression } from '../syntax/ast.js';
import { wellKnownType } from '../syntax/well-known-types.js';

export type IntegerType = Extract<CType, { kind: 'integer' }>;

export const intType: IntegerType = { kind: 'integer', bits: 32, signed: true };
export const unsignedIntType: IntegerType = { kind: 'integer', bits: 32, signed: false };
export const longType: IntegerType = { kind: 'integer', bits: 64, signed: true };
export const unsignedLongType: IntegerType = { kind: 'integer', bits: 64, signed: false };
export const sizeType: CType = { kind: 'named', name: 'size_t' };
/** The kernel is compiled with -funsigned-char. */
export const charType: IntegerType = { kind: 'integer', bits: 8, signed: false, own: 'char' };
export const stringType: CType = pointerTo(charType);
export const voidPointer: CType = pointerTo({ kind: 'void' });

export const booleanType: CType = { kind: 'boolean' };

export function named(name: string): CType {
  return { kind: 'named', name };
}

export function recordType(tag: string): CType {
  return { kind: 'record', union: false, tag, record: null };
}

export function pointerToRecord(tag: string): CType {
  return pointerTo(recordType(tag));
}

export function unknownType(text: string): CType {
  return { kind: 'unknown', text };
}

export function pointerTo(to: CType): CType {
  return { kind: 'pointer', to, attributes: [] };
}

/** The type of an integer constant (C11 6.4.4.1): the first that holds the value; a decimal one is never unsigned by itself. */
export function constantType(
  value: bigint,
  written: { readonly unsigned: boolean; readonly long: boolean; readonly longLong?: boolean; readonly decimal: boolean },
): IntegerType {
  const { unsigned, long, decimal } = written;
  if (written.longLong) return { ...(unsigned || value > 0x7fffffffffffffffn ? unsignedLongType : longType), own: 'long long' };
  if (!long) {
    if (!unsigned && value >= -0x80000000n && value <= 0x7fffffffn) return intType;
    if ((unsigned || !decimal) && value >= 0n && value <= 0xffffffffn) return unsignedIntType;
  }
  return unsigned || value > 0x7fffffffffffffffn ? unsignedLongType : longType;
}

/** How a number is written, for its type. */
export function written({ unsigned, long, text }: Extract<Expression, { kind: 'number' }>): Parameters<typeof constantType>[1] {
  return { unsigned, long, longLong: /ll/i.test(text), decimal: !text.startsWith('0') };
}

/** What a value of the type is computed as: at least an int (C11 6.3.1.1). */
export function promotedType(type: IntegerType): IntegerType {
  return type.bits < 32 ? intType : type;
}

/** Whether two types are the same integer type. */
export function isSameInteger(a: CType, b: CType): boolean {
  return a.kind === 'integer' && b.kind === 'integer' && a.bits === b.bits && a.signed === b.signed && a.own === b.own;
}

/** The type of a bit-field of more than 32 bits: no type that can be declared, but one that gcc computes in. */
export function narrowed(type: IntegerType, bits: number): IntegerType {
  return { ...type, bits: bits as IntegerType['bits'] };
}

/** The type in which two operands are computed (C11 6.3.1.8). */
export function commonType(left: IntegerType, right: IntegerType): IntegerType {
  const a = promotedType(left);
  const b = promotedType(right);
  if (a.bits === b.bits) {
    const type = a.signed ? b : a;
    return a.own === b.own ? type : { ...type, own: 'long long' };
  }
  return a.bits > b.bits ? a : b;
}

/** A type with typedefs looked through, as far as they are known. */
export function resolvedType(type: CType, typedefOf: (name: string) => CType | undefined): CType {
  let meant = type;
  for (let depth = 0; (meant.kind === 'named' || meant.kind === 'aligned') && depth < 30; depth++) {
    const next = meant.kind === 'aligned' ? meant.of : (typedefOf(meant.name) ?? wellKnownType(meant.name));
    if (!next) break;
    meant = next;
  }
  return meant;
}

/** The type that gcc gives an enumeration with these values: an int's size, unless they need more, or less is asked for by `packed`. */
export function enumType(values: readonly bigint[], packed: boolean): IntegerType {
  const lowest = values.reduce((least, value) => (value < least ? value : least), 0n);
  const highest = values.reduce((most, value) => (value > most ? value : most), 0n);
  const signed = lowest < 0n;
  const holds = (bits: number): boolean =>
    signed ? BigInt.asIntN(bits, lowest) === lowest && BigInt.asIntN(bits, highest) === highest : BigInt.asUintN(bits, highest) === highest;
  const widths = packed ? ([8, 16, 32] as const) : ([32] as const);
  return { kind: 'integer', bits: widths.find(holds) ?? 64, signed };
}

/** Whether `packed` is among attributes as written. */
export function isPacked(attributes: readonly string[]): boolean {
  return attributes.some((text) => /\b_*packed_*\b/.test(text));
}

/** An array of so many elements; `span` is where its length follows from. */
export function arrayOf(of: CType, length: number, span: Span): CType {
  return { kind: 'array', of, length: { kind: 'number', value: BigInt(length), unsigned: false, long: false, text: String(length), span } };
}

/** The type that an expression is which reads as one: a name of a type, or such a name with lengths behind it. */
export function typeIndexed(e: Expression, isType: (name: string) => boolean): CType | undefined {
  if (e.kind === 'identifier') return isType(e.name) ? named(e.name) : undefined;
  if (e.kind !== 'index') return undefined;
  const lengths: Expression[] = [];
  let base: Expression = e;
  for (; base.kind === 'index'; base = base.base) lengths.push(base.index);
  const of = typeIndexed(base, isType);
  return of && lengths.reduce<CType>((made, length) => ({ kind: 'array', of: made, length }), of);
}

/** The cast that `(name) - x` and its like are, where the name is a type's; undefined for others. */
export function castFromBinary(
  { operator, left, right, span }: Extract<Expression, { kind: 'binary' }>,
  isType: (name: string) => boolean,
): Expression | undefined {
  if (left.kind !== 'identifier' || (operator !== '+' && operator !== '-' && operator !== '*' && operator !== '&')) return undefined;
  if (!isType(left.name)) return undefined;
  return { kind: 'cast', type: named(left.name), operand: { kind: 'unary', operator, operand: right, span: right.span }, span };
}

/**
 * Whether what `_Alignof` is asked of may be aligned otherwise than its type: gcc answers for a variable, a function or a member what
 * its declaration states. Where a name of a type can stand it was looked for before.
 */
export function hasOwnAlignment(operand: Expression | CType): boolean {
  return 'span' in operand && (operand.kind === 'identifier' || operand.kind === 'field');
}

/** A type as C writes it without a name, such as `struct fuse_backing *`. */
export function printType(type: CType): string {
  switch (type.kind) {
    case 'void':
      return 'void';
    case 'boolean':
      return 'bool';
    case 'integer':
      return `${type.signed ? 's' : 'u'}${type.bits}`;
    case 'float':
      return `float${type.bits}`;
    case 'vector':
      return `vector of ${printType(type.of)}`;
    case 'aligned':
      return printType(type.of);
    case 'pointer': {
      const to = printType(type.to);
      return to.endsWith('*') ? `${to}*` : `${to} *`;
    }
    case 'array':
      return `${printType(type.of)}[${type.length?.kind === 'number' ? type.length.text : ''}]`;
    case 'function':
      return `${printType(type.returns)} (${type.parameters.map(printType).join(', ')}${type.variadic ? ', ...' : ''})`;
    case 'record':
      return `${type.union ? 'union' : 'struct'} ${type.tag ?? '{...}'}`;
    case 'enum':
      return `enum ${type.tag ?? '{...}'}`;
    case 'named':
      return type.name;
    case 'typeof':
      return 'typeof(...)';
    case 'unknown':
      return type.text;
  }
}

/** Bytes of the typedefs that every kernel file knows (include/uapi/linux/types.h and its like). */
const namedSizes: Readonly<Record<string, number>> = {
  bool: 1,
  u8: 1,
  s8: 1,
  __u8: 1,
  __s8: 1,
  uint8_t: 1,
  int8_t: 1,
  u16: 2,
  s16: 2,
  __u16: 2,
  __s16: 2,
  __le16: 2,
  __be16: 2,
  uint16_t: 2,
  int16_t: 2,
  umode_t: 2,
  u32: 4,
  s32: 4,
  __u32: 4,
  __s32: 4,
  __le32: 4,
  __be32: 4,
  uint32_t: 4,
  int32_t: 4,
  gfp_t: 4,
  dev_t: 4,
  pid_t: 4,
  fmode_t: 4,
  uint: 4,
  u64: 8,
  s64: 8,
  __u64: 8,
  __s64: 8,
  __le64: 8,
  __be64: 8,
  uint64_t: 8,
  int64_t: 8,
  size_t: 8,
  ssize_t: 8,
  loff_t: 8,
  sector_t: 8,
  ino_t: 8,
  pgoff_t: 8,
  uintptr_t: 8,
  ulong: 8,
  time64_t: 8,
};

/** Bytes of a type, or undefined where that takes a record's layout. `typedefOf` looks a typedef's name up. */
export function sizeOf(type: CType, typedefOf: (name: string) => CType | undefined, depth = 0): number | undefined {
  if (depth > 20) return undefined;
  switch (type.kind) {
    case 'boolean':
    case 'void':
      return 1;
    case 'integer':
    case 'float':
      return type.bits / 8;
    case 'pointer':
      return 8;
    case 'aligned':
      return sizeOf(type.of, typedefOf, depth + 1);
    case 'array': {
      const of = sizeOf(type.of, typedefOf, depth + 1);
      return of !== undefined && type.length?.kind === 'number' ? of * Number(type.length.value) : undefined;
    }
    case 'named': {
      const known = namedSizes[type.name];
      if (known !== undefined) return known;
      const meant = typedefOf(type.name);
      return meant && sizeOf(meant, typedefOf, depth + 1);
    }
    default:
      return undefined;
  }
}
