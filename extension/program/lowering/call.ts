// Calls: macros with a meaning of their own, macros of the units, and what is left, ordinary calls.
import type { CType, Expression } from '../../syntax/ast.js';
import type { CallArgument, Callee, PlaceExpression, PureExpression } from '../graph.js';
import type { BranchSource, Target } from './graph-builder.js';
import { lowerGuard } from './cleanup.js';
import { lowerArguments, lowerCondition, lowerEffect, lowerInto, lowerValue, number } from './expression.js';
import { lowerStatement } from './statement.js';
import type { Lowering } from './lowering.js';
import { deref, isTypeName } from './place.js';
import { resolveType, typeOf } from './value-types.js';
import { expandedCall, expandedText, expanding, parsedExpression, parsedStatements, visibleMacro } from './macro-use.js';
import { expandMacro } from '../../syntax/macro-text.js';
import { printPure } from '../print.js';
import { named, pointerTo, unknownType } from '../types.js';

export type CallExpression = Extract<Expression, { kind: 'call' }>;

export type Want =
  | { readonly want: 'value'; readonly into?: PlaceExpression }
  | { readonly want: 'effect' }
  | { readonly want: 'condition'; readonly then: Target; readonly otherwise: Target; readonly source: BranchSource };

/**
 * Lowers a call. For a value: the value, which is `into` where the call wrote it there. For a condition: the value yet to
 * be decided, or null where the branches are emitted.
 */
export function lowerCall(l: Lowering, e: CallExpression, want: Extract<Want, { want: 'value' | 'effect' }>): PureExpression;
export function lowerCall(l: Lowering, e: CallExpression, want: Want): PureExpression | null;
export function lowerCall(l: Lowering, e: CallExpression, want: Want): PureExpression | null {
  const { callee, span } = e;
  if (callee.kind === 'call' && lowerGuard(l, e, callee)) return number(0, span);
  if (callee.kind !== 'identifier' || l.lookup(callee.name) !== undefined) return ordinary(l, e, calleeOf(l, callee), want);
  const name = callee.name;
  const [only, ...others] = e.arguments;
  // `(name)(x)` reads as a call.
  if (only?.kind === 'value' && others.length === 0 && isTypeName(l, name))
    return lowerAs(l, { kind: 'cast', type: named(name), operand: only.expression, span }, want);
  const { api } = l.context;
  const known = api.macro(name)?.(l, e, want, name);
  if (known !== undefined) return known;
  if (api.isTransparent(name)) return lowerAs(l, operand(l, e, 0), want);
  if (want.want === 'effect' && declares(l, name, e)) return lowerDeclarer(l, e, name);
  const macro = visibleMacro(l, name);
  if (macro && !macro.parameters) {
    // An object-like macro in a callee's place is another name for the function.
    const text = expandMacro(macro, []);
    if (text) return expanding(l, name, () => lowerCall(l, { ...e, callee: parsedExpression(l, name, text, span) }, want));
  }
  if (macro && want.want === 'effect') {
    const text = expandedText(l, name, e.arguments, span) ?? '';
    return expanding(l, name, () => {
      for (const statement of parsedStatements(l, name, `${text};`, span)) {
        l.collectLabels(statement, l.path());
        lowerStatement(l, statement);
      }
      return number(0, span);
    });
  }
  const expanded = macro && expandedCall(l, name, e);
  if (expanded) return expanding(l, name, () => lowerAs(l, expanded, want));
  const computed = absoluteValue(l, e, name);
  if (computed) return expanding(l, name, () => lowerAs(l, computed, want));
  return ordinary(l, e, calleeOf(l, callee), want);
}

/** The functions of absolute values (C11 7.22.6.1), by the type that they work in: gcc computes them whatever a program defines by the name. */
const absoluteValues: ReadonlyMap<string, string> = new Map([
  ['abs', 'int'],
  ['labs', 'long'],
  ['llabs', 'long long'],
  ['imaxabs', 'long'],
]);

/** What gcc computes for a call of a function of absolute values that the program declares; undefined for other calls. */
function absoluteValue(l: Lowering, e: CallExpression, name: string): Expression | undefined {
  const type = absoluteValues.get(name);
  const [given, ...others] = e.arguments;
  if (type === undefined || given?.kind !== 'value' || others.length > 0 || !l.context.returns(name)) return undefined;
  return parsedExpression(l, name, `({ ${type} __x = (${given.text}); __x < 0 ? -__x : __x; })`, e.span);
}

/** The expression that is an argument, by its 0-based number. */
export function operand(l: Lowering, e: CallExpression, at: number): Expression {
  const argument = e.arguments[at];
  if (argument?.kind === 'value') return argument.expression;
  // A name alone may have been read as a type.
  if (argument?.kind === 'type' && argument.type.kind === 'named')
    return { kind: 'identifier', name: argument.type.name, span: argument.span };
  return l.fail(e.span, `${nameOf(e)} needs an expression as argument ${at + 1}`);
}

/** What is called, for messages. */
export function nameOf(e: CallExpression): string {
  return e.callee.kind === 'identifier' ? e.callee.name : 'the macro';
}

/** Whether a macro of headers that are not read declares a variable. */
function declares(l: Lowering, name: string, e: CallExpression): boolean {
  const known = l.context.api.declares(name) !== undefined || /^(DEFINE|DECLARE)_[A-Z0-9_]+$/.test(name);
  return known && !l.context.macro(name) && e.arguments.length > 0;
}

/** The variable comes into being and is handed to the macro by address, as to a function that sets it up. */
function lowerDeclarer(l: Lowering, e: CallExpression, name: string): PureExpression {
  const declared = operand(l, e, 0);
  if (declared.kind !== 'identifier') return l.fail(e.span, `${name} declares no name that can be read`);
  const variable = l.declare(declared.name, l.context.api.declares(name) ?? unknownType(name), e.span);
  const list = e.arguments.map((argument, index): CallArgument => {
    if (index === 0) return { kind: 'value', value: { kind: 'address', place: variable, span: e.span } };
    if (argument.kind === 'type') return { kind: 'type', type: argument.type, text: argument.text };
    return { kind: 'value', value: lowerValue(l, operand(l, e, index)) };
  });
  l.builder.emit({ kind: 'call', target: null, callee: { kind: 'direct', name }, arguments: list, implicit: l.implicit, span: e.span });
  return number(0, e.span);
}

/** `DECLARE_BITMAP(seen, 8) = { 0 };`: the variable that the macro declares gets the value. */
export function lowerInitialisedMacro(l: Lowering, e: CallExpression, value: Expression): void {
  const { items } = l.scope;
  const before = items.length;
  lowerCall(l, e, { want: 'effect' });
  const [made, ...others] = items.slice(before).flatMap((item) => (item.kind === 'variable' ? [item.id] : []));
  if (made === undefined || others.length > 0) l.fail(e.span, `${nameOf(e)} is given a value, and declares no variable that is known`);
  lowerInto(l, value, { kind: 'variable', variable: made, span: e.span }, e.span);
}

/** Another expression in place of the call. */
export function lowerAs(l: Lowering, e: Expression, want: Want): PureExpression | null {
  switch (want.want) {
    case 'value':
      if (!want.into) return lowerValue(l, e);
      lowerInto(l, e, want.into, e.span);
      return want.into;
    case 'effect':
      lowerEffect(l, e);
      return number(0, e.span);
    case 'condition':
      lowerCondition(l, e, want.then, want.otherwise, want.source);
      return null;
  }
}

function calleeOf(l: Lowering, e: Expression): Callee {
  // `(*f)(x)`, `(&f)(x)` and `f(x)` call the same (C11 6.3.2.1), but where `f` points to a pointer.
  if (e.kind === 'unary' && e.operator === '&') return calleeOf(l, e.operand);
  if (e.kind === 'unary' && e.operator === '*') {
    const callee = calleeOf(l, e.operand);
    return callee.kind === 'indirect' && pointsToPointer(l, callee.pointer) ? indirect(l, deref(callee.pointer, e.span)) : callee;
  }
  if (e.kind === 'identifier' && l.lookup(e.name) === undefined) {
    const type = l.context.global(e.name);
    if (!type || l.context.returns(e.name)) return { kind: 'direct', name: e.name };
  }
  const pointer = lowerValue(l, e);
  if (pointer.kind === 'function') return { kind: 'direct', name: pointer.name };
  return indirect(l, pointer);
}

function indirect(l: Lowering, pointer: PureExpression): Callee {
  return { kind: 'indirect', pointer, text: printPure(pointer, l.builder.variables) };
}

function pointsToPointer(l: Lowering, pointer: PureExpression): boolean {
  const type = resolveType(l, typeOf(l, pointer));
  const to = type.kind === 'pointer' ? type.to : type.kind === 'array' ? type.of : type;
  return to !== type && resolveType(l, to).kind === 'pointer';
}

function ordinary(l: Lowering, e: CallExpression, callee: Callee, want: Want): PureExpression {
  const given = lowerArguments(l, e);
  const emit = (target: PlaceExpression | null): void =>
    l.builder.emit({ kind: 'call', target, callee, arguments: given, implicit: l.implicit, span: e.span });
  if (want.want === 'effect') {
    emit(null);
    return number(0, e.span);
  }
  const type = (): CType => returnType(l, callee, e);
  const target = (want.want === 'value' ? want.into : undefined) ?? l.temporary(type(), e.span);
  l.learnType(target, type);
  emit(target);
  return target;
}

function returnType(l: Lowering, callee: Callee, e: CallExpression): CType {
  if (callee.kind === 'indirect') {
    const type = resolveType(l, typeOf(l, callee.pointer));
    const meant = type.kind === 'pointer' ? resolveType(l, type.to) : type;
    return meant.kind === 'function' ? meant.returns : unknownType(`${callee.text}()`);
  }
  const declared = l.context.returns(callee.name) ?? l.context.api.returns(callee.name);
  if (declared) return declared;
  const first = e.arguments[0];
  if (first && l.context.api.returnsArgument(callee.name)) {
    if (first.kind === 'type') return pointerTo(first.type);
    if (first.kind === 'value') return pointerTo(l.builder.unevaluated(() => typeOf(l, lowerValue(l, first.expression))));
  }
  return unknownType(`${callee.name}()`);
}
