// Names and places: what an identifier means here, which memory an expression names, how big things are.
import type { Span } from '../../model/source.js';
import type { CType, Expression } from '../../syntax/ast.js';
import { isPlace, type PlaceExpression, type PureExpression } from '../graph.js';
import { lowerEffect, lowerValue, number } from './expression.js';
import { completedType, declaredIn, lowerInitialiser } from './initialiser.js';
import type { Lowering } from './lowering.js';
import { expressionType, isPointerLike, resolveType, typeOf, typeofType } from './value-types.js';
import { expandObjectMacro } from './macro-use.js';
import { printPure } from '../print.js';
import { hasOwnAlignment, intType, pointerTo, printType, sizeOf, typeIndexed } from '../types.js';

export function lowerIdentifier(l: Lowering, name: string, span: Span): PureExpression {
  const variable = l.lookup(name);
  if (variable !== undefined) return { kind: 'variable', variable, span };
  if (name === 'NULL' || name === 'false') return number(0, span, name);
  if (name === 'true') return number(1, span, name);
  const enumerator = l.enumerators.get(name);
  if (enumerator !== undefined) return number(enumerator, span, name);
  const value = l.context.constant(name);
  if (value !== undefined) return number(value, span, name, l.context.constantType(name));
  const enumerated = enumeratorValue(l, name, span);
  if (enumerated) return enumerated;
  if (name.startsWith('CONFIG_')) return number(l.context.option(name) ? 1 : 0, span, name);
  if (name === '__func__' || name === '__FUNCTION__' || name === '__PRETTY_FUNCTION__')
    return { kind: 'string', text: JSON.stringify(l.name), span };
  const expanded = expandObjectMacro(l, name, span, lowerValue);
  if (expanded) return expanded;
  if (l.context.returns(name)) return { kind: 'function', name, span };
  return { kind: 'global', name, span };
}

/** An enumerator of file scope whose value hangs on how types are laid out: that of its expression, which is an int. */
function enumeratorValue(l: Lowering, name: string, span: Span): PureExpression | undefined {
  let count = 0n;
  for (let at = l.context.enumerator(name); at; at = at.previous === null ? undefined : l.context.enumerator(at.previous)) {
    // Behind others that a macro spells out which is not known.
    if (at.value?.kind === 'unknown') return { kind: 'unknown', text: name, span };
    if (at.value) {
      const stated: PureExpression = { kind: 'cast', type: intType, operand: lowerValue(l, at.value), span };
      return count === 0n ? stated : { kind: 'binary', operator: '+', left: stated, right: number(count, span), span };
    }
    count++;
  }
  return undefined;
}

export function lowerPlace(l: Lowering, e: Expression): PlaceExpression {
  l.enter(e.span);
  const place = placeOf(l, e);
  l.leave();
  return place;
}

function placeOf(l: Lowering, e: Expression): PlaceExpression {
  const span = e.span;
  switch (e.kind) {
    case 'field': {
      const base = e.arrow ? deref(lowerValue(l, e.base), span) : lowerPlace(l, e.base);
      return { kind: 'field', base, name: e.name, span };
    }
    case 'index': {
      const first = lowerValue(l, e.base);
      const second = lowerValue(l, e.index);
      // Either of the two is the number (C11 6.5.2.1).
      const [base, index] = isNumber(l, first) && !isNumber(l, second) ? [second, first] : [first, second];
      if (isPlace(base) && !isPointerLike(l, typeOf(l, base))) return { kind: 'index', base: elements(l, base), index, span };
      return { kind: 'index', base: deref(base, span), index, span };
    }
    case 'compound-literal': {
      const type = completedType(typeofType(l, e.type), e.initialiser, declaredIn(l));
      if (l.lasting) {
        const literal = { kind: 'variable', variable: l.builder.variable(`(${printType(type)})`, 'static', type, span), span } as const;
        lowerInitialiser(l, literal, type, e.initialiser);
        return literal;
      }
      const target = l.temporary(type, span);
      l.builder.emit({ kind: 'declare', variable: target.variable, span });
      lowerInitialiser(l, target, type, e.initialiser);
      return target;
    }
    case 'comma':
      lowerEffect(l, e.left);
      return lowerPlace(l, e.right);
    default: {
      const value = lowerValue(l, e);
      return isPlace(value) ? value : l.saved(value, typeOf(l, value), span);
    }
  }
}

function isNumber(l: Lowering, value: PureExpression): boolean {
  const { kind } = resolveType(l, typeOf(l, value));
  return kind === 'integer' || kind === 'enum' || kind === 'boolean';
}

/** The array that `p` points to, in `(*p)[i]`, as the elements that its address points to: `p[i]` is an array itself. */
function elements(l: Lowering, base: PlaceExpression): PlaceExpression {
  const array = resolveType(l, typeOf(l, base));
  if (base.kind !== 'deref' || array.kind !== 'array') return base;
  const { span } = base;
  return { kind: 'deref', pointer: { kind: 'cast', type: pointerTo(array.of), operand: base.pointer, span }, span };
}

/** What a pointer points to; `*&x` is `x`. */
export function deref(pointer: PureExpression, span: Span): PlaceExpression {
  return pointer.kind === 'address' ? pointer.place : { kind: 'deref', pointer, span };
}

export function addressOf(l: Lowering, e: Expression, span: Span): PureExpression {
  if (e.kind === 'identifier') {
    const value = lowerIdentifier(l, e.name, span);
    if (value.kind === 'function') return value;
  }
  const place = lowerPlace(l, e);
  return place.kind === 'deref' ? place.pointer : { kind: 'address', place, span };
}

/** Whether a name is a type's here. */
export function isTypeName(l: Lowering, name: string): boolean {
  return l.lookup(name) === undefined && !l.context.global(name) && !l.context.returns(name) && l.context.typedef(name) !== undefined;
}

/** `sizeof(x)` and `sizeof(x[3])` read as of a variable where x is a type. */
function namedType(l: Lowering, operand: Expression | CType): CType | undefined {
  return 'span' in operand ? typeIndexed(operand, (name) => isTypeName(l, name)) : undefined;
}

/** The type of an operand, which is not turned into a pointer: that of a string is an array. */
function operandType(l: Lowering, operand: Expression): CType {
  if (operand.kind === 'compound-literal') return completedType(typeofType(l, operand.type), operand.initialiser, declaredIn(l));
  return expressionType(l, operand);
}

export function lowerSizeof(l: Lowering, given: Expression | CType, span: Span, alignment: boolean): PureExpression {
  const operand = namedType(l, given) ?? given;
  const isExpression = 'span' in operand;
  const type = isExpression ? operandType(l, operand) : typeofType(l, operand);
  let text = printType(type);
  if (isExpression && (type.kind === 'unknown' || type.kind === 'integer')) {
    text = l.builder.unevaluated(() => printPure(lowerValue(l, operand), l.builder.variables));
  }
  const known = type.kind === 'unknown' || alignment ? undefined : sizeOf(type, (name) => l.context.typedef(name));
  const told = resolveType(l, type).kind !== 'unknown' && !(alignment && hasOwnAlignment(operand));
  return {
    kind: 'sizeof',
    ...(alignment ? { of: 'alignment' as const } : {}),
    type: told ? type : null,
    text: alignment ? `alignof ${text}` : text,
    value: known === undefined ? null : BigInt(known),
    span,
  };
}
