// Initialiser lists: the whole becomes zero, then each stated part is assigned.
import type { Span } from '../../model/source.js';
import type { CType, Designator, Expression, InitialiserList, RecordField } from '../../syntax/ast.js';
import { stringValue } from '../../syntax/literals.js';
import type { FunctionGraph, PlaceExpression, VariableId } from '../graph.js';
import { constantOf } from './constant-folding.js';
import { lowerInto, lowerValue, number } from './expression.js';
import { Lowering } from './lowering.js';
import { stringOf } from './string-text.js';
import { expressionType, fieldsOf, resolveType, typeOf } from './value-types.js';
import { arrayOf } from '../types.js';

/** What completing a type asks of what is declared around it. */
export interface Declared {
  /** The literal that a string is, by itself or by a macro; undefined for what is none. */
  string(e: Expression): string | undefined;
  /** The value of an index that a list states. */
  constant(e: Expression): bigint | undefined;
  /** With typedefs looked through. */
  resolve(type: CType): CType;
  /** Of a record that is known. */
  fields(type: CType): readonly RecordField[] | undefined;
}

/** The type of a variable whose initialiser tells the length of the array that it is (C11 6.7.9); other types as they are. */
export function completedType(type: CType, initialiser: Expression | null, declared: Declared): CType {
  const array = type.kind === 'named' && initialiser ? declared.resolve(type) : type;
  if (array.kind !== 'array' || array.length !== null || !initialiser) return type;
  const { span } = initialiser;
  const [only, ...others] = initialiser.kind === 'initialiser-list' ? initialiser.entries : [];
  const braced = only && others.length === 0 && only.designators.length === 0 ? declared.string(only.value) : undefined;
  const text = declared.string(initialiser) ?? (declared.resolve(array.of).kind === 'integer' ? braced : undefined);
  if (text !== undefined) return arrayOf(array.of, stringLength(text), span);
  if (initialiser.kind !== 'initialiser-list') return type;
  const most = scalarsIn(array.of, declared);
  let length = 0;
  let next = 0;
  // Scalars of the element that is being filled where its own braces are left out.
  let filled = 0;
  for (const { designators, value } of initialiser.entries) {
    const [first] = designators;
    if (first !== undefined && typeof first !== 'string') {
      next = Number(declared.constant(first) ?? next);
      filled = 0;
    }
    if (most > 1 && designators.length === 0 && isScalar(value, array.of, declared)) {
      length = Math.max(length, next + 1);
      if (++filled < most) continue;
      next++;
    } else {
      if (filled > 0) next++;
      length = Math.max(length, ++next);
    }
    filled = 0;
  }
  return arrayOf(array.of, length, span);
}

/** The flexible array at the end of a record with the length that the initialiser gives it; undefined where there is none. */
export function flexibleMember(
  type: CType,
  initialiser: Expression | null,
  declared: Declared,
): { readonly name: string; readonly type: CType } | undefined {
  const fields = declared.fields(type);
  const last = fields?.at(-1);
  const name = last?.name ?? null;
  if (!last || name === null || initialiser?.kind !== 'initialiser-list') return undefined;
  const array = declared.resolve(last.type);
  if (array.kind !== 'array' || (array.length !== null && declared.constant(array.length) !== 0n)) return undefined;
  const found = initialiser.entries.find(
    ({ designators }, at) => designators[0] === name || (designators.length === 0 && at === (fields?.length ?? 0) - 1),
  );
  return found && { name, type: completedType({ ...array, length: null }, found.value, declared) };
}

function stringLength(text: string): number {
  return stringValue(text).length + 1;
}

function scalarsIn(given: CType, declared: Declared, depth = 0): number {
  const type = declared.resolve(given);
  if (depth > 20) return 1;
  if (type.kind === 'array')
    return Number((type.length === null ? undefined : declared.constant(type.length)) ?? 1n) * scalarsIn(type.of, declared, depth + 1);
  const fields = declared.fields(type);
  if (type.kind !== 'record' || !fields) return 1;
  if (type.union) return scalarsIn(fields[0]?.type ?? { kind: 'void' }, declared, depth + 1);
  return fields.reduce((sum, field) => sum + scalarsIn(field.type, declared, depth + 1), 0);
}

/** Whether an entry is one scalar of an element rather than the whole of it. */
function isScalar(value: Expression, element: CType, declared: Declared): boolean {
  if (value.kind === 'string') {
    const inner = declared.resolve(element);
    return inner.kind !== 'array' || declared.resolve(inner.of).kind !== 'integer';
  }
  return !['initialiser-list', 'compound-literal', 'call', 'statement-expression'].includes(value.kind);
}

/** What completing a type asks, answered within a function. */
export function declaredIn(l: Lowering): Declared {
  return {
    string: (e) => stringOf(e, (name) => l.context.macro(name)),
    constant: (e) => constantOf(l.builder.unevaluated(() => lowerValue(l, e))),
    resolve: (type) => resolveType(l, type),
    fields: (type) => fieldsOf(l, type),
  };
}

/**
 * The function that gives a static local its initial value. It has the variables of the function that it is in, so that an
 * initialiser can name other static ones.
 */
export function staticInitialiser(l: Lowering, variable: VariableId, initialiser: Expression, span: Span): FunctionGraph {
  const own = new Lowering(l.context, l.name, { kind: 'void' }, l.effort);
  own.lasting = true;
  own.builder.variables.push(...l.builder.variables);
  for (const [name, value] of l.enumerators) own.enumerators.set(name, value);
  for (const scope of l.scopes) own.scopes.push({ ...scope, items: [] });
  const target = { kind: 'variable', variable, span } as const;
  lowerInto(own, initialiser, target, span);
  own.builder.end({ kind: 'return', value: null, span });
  const written = own.builder.finish(span);
  return {
    name: l.name,
    file: l.context.file,
    span,
    nameSpan: span,
    returns: { kind: 'void' },
    storage: { static: true, extern: false, inline: false },
    variables: own.builder.variables,
    parameterCount: 0,
    variadic: false,
    ...written,
  };
}

/** Assigns 0 to the whole of `target`, then what the list states. */
export function lowerInitialiser(l: Lowering, target: PlaceExpression, type: CType, list: InitialiserList): void {
  l.assign(target, number(0, list.span), list.span);
  lowerParts(l, target, type, list);
}

function lowerParts(l: Lowering, target: PlaceExpression, type: CType, { entries }: InitialiserList): void {
  const [only, ...others] = entries;
  // `{ 0 }` says no more than `{}`.
  if (only && others.length === 0 && only.designators.length === 0 && only.value.kind === 'number' && only.value.value === 0n) return;
  takeParts(l, target, type, { entries, at: 0, designated: false }, true);
}

/** A list that is being read. */
interface Reading {
  readonly entries: InitialiserList['entries'];
  at: number;
  /** The designators of the entry at hand are followed: what is left of it is the value. */
  designated: boolean;
}

/** Assigns entries to the parts of `target`: to all that there are, or as many as it has where its own braces are left out. */
function takeParts(l: Lowering, target: PlaceExpression, type: CType, list: Reading, braced: boolean): void {
  const resolved = resolveType(l, type);
  const fields = fieldsOf(l, type)?.filter((field) => field.name !== null || fieldsOf(l, field.type) !== undefined);
  const parts = braced ? Infinity : partsOf(l, resolved, fields?.length);
  for (let next = 0; next < parts && list.at < list.entries.length; next++) {
    const entry = list.entries[list.at];
    const designators = list.designated ? [] : (entry?.designators ?? []);
    if (!entry || (!braced && designators.length > 0)) return;
    const span = entry.value.span;
    let place = target;
    if (designators.length === 0) place = positional(target, resolved, fields, next, span);
    else {
      const first = designators[0];
      if (typeof first === 'string') {
        const at = fields?.findIndex((field) => field.name === first) ?? -1;
        if (at >= 0) next = at;
      } else if (first) next = Number(constantOf(lowerValue(l, first)) ?? next);
      for (const designator of designators) place = designated(l, place, designator, span);
    }
    const part = typeOf(l, place);
    list.designated = true;
    if (withoutBraces(l, part, entry.value)) {
      const before = list.at;
      takeParts(l, place, part, list, false);
      if (list.at === before) l.fail(span, 'an initialiser has a value for what holds none');
    } else {
      list.at++;
      list.designated = false;
      if (entry.value.kind === 'initialiser-list') lowerParts(l, place, part, entry.value);
      else lowerInto(l, entry.value, place, span);
    }
  }
}

/** Whether a value is that of the first scalar in an array or record rather than of the whole (C11 6.7.9). */
function withoutBraces(l: Lowering, part: CType, value: Expression): boolean {
  if (value.kind === 'initialiser-list') return false;
  const resolved = resolveType(l, part);
  if (resolved.kind === 'array') return value.kind !== 'string' || resolveType(l, resolved.of).kind === 'array';
  return (fieldsOf(l, part)?.length ?? 0) > 0 && !['record', 'unknown'].includes(resolveType(l, expressionType(l, value)).kind);
}

function partsOf(l: Lowering, type: CType, fields: number | undefined): number {
  if (type.kind === 'array') return type.length === null ? Infinity : Number(constantOf(lowerValue(l, type.length)) ?? Infinity);
  return type.kind === 'record' && (type.union || fields === undefined) ? 1 : (fields ?? 1);
}

function designated(l: Lowering, base: PlaceExpression, designator: Designator, span: Span): PlaceExpression {
  if (typeof designator === 'string') return { kind: 'field', base, name: designator, span };
  return { kind: 'index', base, index: lowerValue(l, designator), span };
}

/** The part at a position. A field of a record that isn't known goes by its position, `#0`. */
function positional(base: PlaceExpression, type: CType, fields: ReturnType<typeof fieldsOf>, at: number, span: Span): PlaceExpression {
  if (type.kind === 'array') return { kind: 'index', base, index: number(at, span), span };
  const name = fields?.[at]?.name;
  if (type.kind !== 'record' && type.kind !== 'named' && type.kind !== 'unknown') return base;
  return { kind: 'field', base, name: name ?? `#${at}`, span };
}
