// Types of lowered expressions, as far as the program's own units tell them.
import type { CType, Expression, RecordField } from '../../syntax/ast.js';
import { stringLength, stringUnit } from '../../syntax/literals.js';
import type { CompatibleIn } from '../compatible.js';
import type { PlaceExpression, PureExpression } from '../graph.js';
import { lowerValue } from './expression.js';
import { constantOf } from './constant-folding.js';
import { settledLength } from './array-length.js';
import type { Lowering } from './lowering.js';
import {
  arrayOf,
  charType,
  commonType,
  intType,
  pointerTo,
  promotedType,
  longType,
  enumType,
  isPacked,
  isSameInteger,
  resolvedType,
  unknownType,
  unsignedLongType,
  narrowed,
  type IntegerType,
} from '../types.js';

/** A type with typedefs and typeof looked through, as far as they are known. */
export function resolveType(l: Lowering, type: CType, depth = 0): CType {
  if (depth > 20) return type;
  if (type.kind === 'named') {
    const meant = l.context.typedef(type.name);
    return meant ? resolveType(l, meant, depth + 1) : type;
  }
  if (type.kind === 'aligned') return resolveType(l, type.of, depth + 1);
  if (type.kind === 'typeof') return resolveType(l, typeofType(l, type), depth + 1);
  return type;
}

/**
 * `typeof(x)` as the type of `x`; other types as they are, their parts included. Lengths that hang on names of the function become
 * ones that can be worked out without it.
 */
export function typeofType(l: Lowering, type: CType): CType {
  switch (type.kind) {
    case 'typeof':
      return 'span' in type.of ? expressionType(l, type.of) : typeofType(l, type.of);
    case 'array': {
      const of = typeofType(l, type.of);
      const length = type.length === null ? null : settledLength(l, type.length);
      return of === type.of && length === type.length ? type : { ...type, of, length };
    }
    case 'pointer': {
      const to = typeofType(l, type.to);
      return to === type.to ? type : { ...type, to };
    }
    default:
      return type;
  }
}

/** The type of an operand that C does not evaluate; that of a string, or of a macro that is one, is an array. */
export function expressionType(l: Lowering, expression: Expression): CType {
  const typed = l.attempt(() =>
    l.builder.unevaluated(() => {
      const value = lowerValue(l, expression);
      const isLiteral = value.kind === 'string' && ['string', 'identifier', 'call'].includes(expression.kind);
      return isLiteral ? arrayOf(stringUnit(value.text), stringLength(value.text), expression.span) : typeOf(l, value);
    }),
  );
  return typed ?? unknownType('typeof');
}

export function typeOf(l: Lowering, value: PureExpression): CType {
  switch (value.kind) {
    case 'variable':
      return l.builder.variables[value.variable]?.type ?? unknownType('variable');
    case 'global':
      return l.context.global(value.name) ?? unknownType(value.name);
    case 'field': {
      const field = fieldOf(l, typeOf(l, value.base), value.name);
      if (field?.bitWidth) return bitFieldType(l, field.type, field.bitWidth);
      return field?.type ?? unknownType(`.${value.name}`);
    }
    case 'index': {
      const base = typeOf(l, value.base);
      if (value.base.kind === 'deref') return base;
      const array = resolveType(l, base);
      return array.kind === 'array' ? array.of : unknownType('[]');
    }
    case 'deref': {
      const pointer = resolveType(l, typeOf(l, value.pointer));
      if (pointer.kind === 'pointer') return pointer.to;
      return pointer.kind === 'array' ? pointer.of : unknownType('*');
    }
    case 'constant':
      return value.type ?? intType;
    case 'string':
      return pointerTo(stringUnit(value.text));
    case 'function':
      return { kind: 'function', returns: l.context.returns(value.name) ?? unknownType(value.name), parameters: [], variadic: false };
    case 'address':
      return pointerTo(typeOf(l, value.place));
    case 'unary':
      return value.operator === '!' ? intType : promoted(l, typeOf(l, value.operand));
    case 'binary':
      return binaryType(l, value);
    case 'cast':
      return typeofType(l, value.type);
    case 'sizeof':
      return unsignedLongType;
    case 'container-of':
      return pointerTo(value.type);
    case 'unknown':
      return unknownType(value.text);
  }
}

function binaryType(l: Lowering, value: Extract<PureExpression, { kind: 'binary' }>): CType {
  if (['==', '!=', '<', '>', '<=', '>='].includes(value.operator)) return intType;
  const left = typeOf(l, value.left);
  if (value.operator === '<<' || value.operator === '>>') return promoted(l, left);
  const right = typeOf(l, value.right);
  const pointers = [left, right].filter((type) => ['pointer', 'array'].includes(resolveType(l, type).kind));
  if (pointers.length === 2) return longType;
  const pointer = pointers[0];
  if (pointer) return pointer.kind === 'array' ? pointerTo(pointer.of) : pointer;
  // A plain int gives way to whatever stands on the other side.
  return computedType(l, left, right) ?? (value.left.kind === 'constant' ? right : left);
}

/** The type of `a ? b : c` (C11 6.5.15): a pointer where one side is one. `known` is that of the sides seen so far. */
export function chosenType(l: Lowering, known: CType, more: CType): CType {
  const other = resolveType(l, more);
  const next = other.kind === 'array' ? pointerTo(other.of) : more;
  if (known.kind === 'unknown' || isPointerLike(l, known)) return known.kind === 'unknown' ? next : known;
  return isPointerLike(l, next) ? next : (computedType(l, known, next) ?? known);
}

/** As it is where the same type comes out, by its name. */
function computedType(l: Lowering, left: CType, right: CType): CType | undefined {
  const a = integerOf(l, left);
  const b = integerOf(l, right);
  const common = a && b && commonType(a, b);
  if (!common) return undefined;
  return isSameInteger(common, a) ? left : isSameInteger(common, b) ? right : common;
}

function promoted(l: Lowering, type: CType): CType {
  const integer = integerOf(l, type);
  return integer && integer.bits < 32 ? promotedType(integer) : type;
}

/** The integer type that a type is; undefined for those that are none or are not known. */
export function integerOf(l: Lowering, type: CType): IntegerType | undefined {
  const resolved = resolveType(l, type);
  if (resolved.kind === 'integer') return resolved;
  if (resolved.kind === 'boolean') return charType;
  return resolved.kind === 'enum' ? integerOfEnum(l, resolved) : undefined;
}

/** The value of an expression made of constants only, else undefined. */
export function constantIn(l: Lowering, value: PureExpression): bigint | undefined {
  return constantOf(value, (type) => integerOf(l, type));
}

function integerOfEnum(l: Lowering, type: Extract<CType, { kind: 'enum' }>): IntegerType {
  const definition = type.enumeration ?? (type.tag === null ? undefined : l.context.enumeration(type.tag));
  const values = definition?.constants.map(({ name }) => l.enumerators.get(name) ?? l.context.constant(name) ?? 0n);
  return enumType(values ?? [], isPacked(definition?.attributes ?? []));
}

/**
 * The type that a bit-field's value has: an int where that holds all of them (C11 6.3.1.1); where none does, gcc computes in as many
 * bits as the field has.
 */
function bitFieldType(l: Lowering, type: CType, width: Expression): CType {
  const bits = constantIn(
    l,
    l.builder.unevaluated(() => lowerValue(l, width)),
  );
  const integer = integerOf(l, type);
  if (bits === undefined || integer === undefined) return type;
  if (bits < 32n || (bits === 32n && integer.signed)) return intType;
  return bits < BigInt(integer.bits) ? narrowed(integer, Number(bits)) : type;
}

/** A record's fields, those of anonymous members among them, or undefined where the record isn't known. */
export function fieldsOf(l: Lowering, type: CType): readonly RecordField[] | undefined {
  const record = resolveType(l, type);
  if (record.kind !== 'record') return undefined;
  const definition = record.record ?? (record.tag === null ? undefined : l.context.record(record.tag));
  return definition?.fields;
}

export function fieldOf(l: Lowering, type: CType, name: string): RecordField | undefined {
  for (const field of fieldsOf(l, type) ?? []) {
    if (field.name === name) return field;
    const inner = field.name === null ? fieldOf(l, field.type, name) : undefined;
    if (inner) return inner;
  }
  return undefined;
}

export function isBitField(l: Lowering, place: Extract<PlaceExpression, { kind: 'field' }>): boolean {
  return Boolean(fieldOf(l, typeOf(l, place.base), place.name)?.bitWidth);
}

/** What comparing types asks, answered within a function. */
export function compatibleIn(l: Lowering): CompatibleIn {
  return {
    resolve: (type) => resolvedType(resolveType(l, type), (name) => l.context.typedef(name)),
    integerOf: (type) => integerOf(l, type),
    constant: (e) =>
      constantIn(
        l,
        l.builder.unevaluated(() => lowerValue(l, e)),
      ),
  };
}

export function isPointerLike(l: Lowering, type: CType): boolean {
  return resolveType(l, type).kind === 'pointer';
}

export function isVoid(l: Lowering, type: CType): boolean {
  return resolveType(l, type).kind === 'void';
}
