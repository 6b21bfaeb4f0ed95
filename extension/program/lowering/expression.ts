// Expressions: what has effects becomes instructions in evaluation order, what is left is pure.
import type { Span } from '../../model/source.js';
import type { Argument, BinaryOperator, CType, Expression } from '../../syntax/ast.js';
import type { CallArgument, PlaceExpression, PureExpression } from '../graph.js';
import { lowerCall, lowerInitialisedMacro } from './call.js';
import { entryNames, lowerInitialiser } from './initialiser.js';
import { spelledArguments } from './spelled-entries.js';
import { lowerStatement } from './statement.js';
import { stringText } from './string-text.js';
import { addressOf, deref, isTypeName, lowerIdentifier, lowerPlace, lowerSizeof } from './place.js';
import type { BranchSource, Target } from './graph-builder.js';
import type { Lowering } from './lowering.js';
import { compatibleIn, constantIn, expressionType, integerOf, isBitField, isVoid, resolveType, typeOf, typeofType } from './value-types.js';
import { chosenFor } from '../compatible.js';
import { castFromBinary, commonType, constantType, intType, isSameInteger, pointerTo, printType, unknownType, written } from '../types.js';

type CallExpression = Extract<Expression, { kind: 'call' }>;

/** A constant; without a type it is an int. */
export function number(value: bigint | number, span: Span, name: string | null = null, type: CType = intType): PureExpression {
  const whole = BigInt(value);
  return isSameInteger(type, intType)
    ? { kind: 'constant', value: whole, name, span }
    : { kind: 'constant', value: whole, name, type, span };
}

/** The expression's value; instructions that it takes are emitted. */
export function lowerValue(l: Lowering, e: Expression): PureExpression {
  l.enter(e.span);
  const value = valueOf(l, e);
  l.leave();
  return value;
}

function valueOf(l: Lowering, e: Expression): PureExpression {
  const span = e.span;
  switch (e.kind) {
    case 'identifier':
      return lowerIdentifier(l, e.name, span);
    case 'number':
      return number(e.value, span, null, constantType(e.value, written(e)));
    case 'character':
      return number(e.value, span, null, e.type);
    case 'generic':
      return lowerGeneric(l, e);
    case 'float':
      return { kind: 'unknown', text: e.text, span };
    case 'string':
      return { kind: 'string', text: stringText(e.text, (name) => l.context.macro(name)), span };
    case 'unary':
      if (e.operator === '*') return deref(lowerValue(l, e.operand), span);
      if (e.operator === '&') return addressOf(l, e.operand, span);
      return { kind: 'unary', operator: e.operator, operand: lowerValue(l, e.operand), span };
    case 'update': {
      const place = stable(l, lowerPlace(l, e.operand));
      const old = e.prefix ? null : l.saved(place, typeOf(l, place), span);
      const operator = e.operator === '++' ? '+' : '-';
      const before = place.kind === 'variable' ? place : (old ?? place);
      const now = assigned(l, place, { kind: 'binary', operator, left: before, right: number(1, span), span }, span);
      return old ?? now;
    }
    case 'binary': {
      const cast = castFromBinary(e, (name) => isTypeName(l, name));
      if (cast) return lowerValue(l, cast);
      const left = lowerValue(l, e.left);
      return { kind: 'binary', operator: e.operator, left, right: lowerValue(l, e.right), span };
    }
    case 'logical':
    case 'conditional':
      return chosenValue(l, e);
    case 'assignment':
      return lowerAssignment(l, e, stable(l, lowerPlace(l, e.target)));
    case 'call':
      return lowerCall(l, e, { want: 'value' });
    case 'field':
    case 'index':
    case 'compound-literal':
      return lowerPlace(l, e);
    case 'cast': {
      if (isVoid(l, e.type)) {
        lowerEffect(l, e.operand);
        return number(0, span);
      }
      return { kind: 'cast', type: typeofType(l, e.type), operand: lowerValue(l, e.operand), span };
    }
    case 'sizeof':
      return lowerSizeof(l, e.operand, span, e.alignment);
    case 'offsetof':
      return {
        kind: 'sizeof',
        of: 'offset',
        member: e.member,
        type: e.type,
        text: `offsetof(${printType(e.type)}, ${e.member})`,
        value: null,
        span,
      };
    case 'comma':
      lowerEffect(l, e.left);
      return lowerValue(l, e.right);
    case 'statement-expression':
      return lowerStatementExpression(l, e, null) ?? number(0, span);
    case 'initialiser-list': {
      const target = l.temporary(unknownType('{...}'), span);
      lowerInitialiser(l, target, unknownType('{...}'), e);
      return target;
    }
    case 'unknown':
      return l.fail(span, `this is not understood: ${excerpt(e.text)}`);
  }
}

/** The expression for its effects only. */
export function lowerEffect(l: Lowering, e: Expression): void {
  switch (e.kind) {
    case 'call':
      lowerCall(l, e, { want: 'effect' });
      break;
    case 'assignment': {
      if (e.target.kind === 'call' && e.value.kind === 'initialiser-list') {
        lowerInitialisedMacro(l, e.target, e.value);
        break;
      }
      const target = lowerPlace(l, e.target);
      if (e.operator === null) lowerInto(l, e.value, target, e.span);
      else l.assign(target, compound(l, e.operator, target, e), e.span);
      break;
    }
    case 'comma':
      lowerEffect(l, e.left);
      lowerEffect(l, e.right);
      break;
    case 'cast':
    case 'unary':
      if (e.kind === 'unary' && e.operator === '&') lowerPlace(l, e.operand);
      else lowerEffect(l, e.operand);
      break;
    case 'update': {
      const place = lowerPlace(l, e.operand);
      const value: PureExpression = {
        kind: 'binary',
        operator: e.operator === '++' ? '+' : '-',
        left: place,
        right: number(1, e.span),
        span: e.span,
      };
      l.assign(place, value, e.span);
      break;
    }
    case 'logical': {
      const right = l.target();
      const after = l.target();
      if (e.operator === '&&') lowerCondition(l, e.left, right, after, 'logical');
      else lowerCondition(l, e.left, after, right, 'logical');
      l.builder.begin(right.block);
      lowerEffect(l, e.right);
      l.builder.goto(after.block, e.span);
      l.builder.begin(after.block);
      break;
    }
    case 'conditional': {
      const then = l.target();
      const otherwise = l.target();
      const after = l.builder.block();
      lowerCondition(l, e.condition, then, otherwise, 'conditional');
      l.builder.begin(then.block);
      if (e.then) lowerEffect(l, e.then);
      l.builder.goto(after, e.span);
      l.builder.begin(otherwise.block);
      lowerEffect(l, e.else);
      l.builder.goto(after, e.span);
      l.builder.begin(after);
      break;
    }
    case 'statement-expression':
      lowerStatementExpression(l, e, 'effect');
      break;
    default:
      lowerValue(l, e);
  }
}

/** Gives `target` the expression's value, without a temporary where that can be. */
export function lowerInto(l: Lowering, e: Expression, target: PlaceExpression, span: Span): void {
  if (e.kind === 'call') {
    const value = lowerCall(l, e, { want: 'value', into: target });
    if (value !== target) l.assign(target, value, span);
  } else if (e.kind === 'initialiser-list') lowerInitialiser(l, target, typeOf(l, target), e);
  else if ((e.kind === 'conditional' && e.then && !widensUnsigned(l, e, target)) || e.kind === 'logical') chooseInto(l, e, target, span);
  else if (e.kind === 'statement-expression') {
    const value = lowerStatementExpression(l, e, target);
    if (value && value !== target) l.assign(target, value, span);
  } else l.assign(target, lowerValue(l, e), span);
}

/**
 * Whether both arms become unsigned before they are widened to the target's type (C11 6.5.15p5): `long v = x ? -1 : 2u` is
 * 4294967295 or 2. Given to the target one by one they would keep their signs. The type of an outer choice is not known yet, and may
 * be wider.
 */
function widensUnsigned(l: Lowering, e: Extract<Expression, { kind: 'conditional' }>, target: PlaceExpression): boolean {
  const into = integerOf(l, typeOf(l, target));
  if ((into !== undefined && into.bits <= 32) || !e.then) return false;
  const [one, other] = [e.then, e.else].map((arm) => integerOf(l, expressionType(l, arm)));
  if (!one || !other) return false;
  const common = commonType(one, other);
  return !common.signed && common.bits < (into?.bits ?? 64) && (one.signed || other.signed);
}

function chooseInto(l: Lowering, e: Extract<Expression, { kind: 'conditional' | 'logical' }>, target: PlaceExpression, span: Span): void {
  const then = l.target();
  const otherwise = l.target();
  const after = l.builder.block();
  if (e.kind === 'logical') lowerCondition(l, e, then, otherwise, 'logical');
  else lowerCondition(l, e.condition, then, otherwise, 'conditional');
  l.builder.begin(then.block);
  if (e.kind === 'logical') l.assign(target, number(1, span), span);
  else if (e.then) lowerInto(l, e.then, target, span);
  l.builder.goto(after, span);
  l.builder.begin(otherwise.block);
  if (e.kind === 'logical') l.assign(target, number(0, span), span);
  else lowerInto(l, e.else, target, span);
  l.builder.goto(after, span);
  l.builder.begin(after);
}

function chosenValue(l: Lowering, e: Extract<Expression, { kind: 'conditional' | 'logical' }>): PureExpression {
  const span = e.span;
  const decided = decidedBy(l, e.kind === 'logical' ? e : e.condition);
  if (decided !== undefined) {
    if (e.kind === 'logical') return number(decided ? 1 : 0, span);
    if (e.then) return asBothArms(l, decided ? e.then : e.else, decided ? e.else : e.then);
  }
  if (e.kind === 'logical') {
    const target = l.temporary(intType, span);
    chooseInto(l, e, target, span);
    return target;
  }
  if (e.then) {
    const target = l.choice(span);
    chooseInto(l, e, target, span);
    return target;
  }
  const condition = lowerValue(l, e.condition);
  const target = l.choice(span);
  l.assign(target, condition, span);
  const otherwise = l.target();
  const after = l.target();
  l.branch(target, after, otherwise, 'conditional', e.condition.span);
  l.builder.begin(otherwise.block);
  lowerInto(l, e.else, target, span);
  l.builder.goto(after.block, span);
  l.builder.begin(after.block);
  return target;
}

/** The value of the arm that is chosen, in the type that both have together (C11 6.5.15p5): `1 ? -1 : 2u` is 4294967295. */
function asBothArms(l: Lowering, chosen: Expression, other: Expression): PureExpression {
  const value = lowerValue(l, chosen);
  const own = integerOf(l, typeOf(l, value));
  const others = own && integerOf(l, expressionType(l, other));
  const type = own && others && commonType(own, others);
  return !type || isSameInteger(type, own) ? value : { kind: 'cast', type, operand: value, span: chosen.span };
}

/** True or false where a configuration option or literals decide the condition and nothing in it has an effect. */
function decidedBy(l: Lowering, e: Expression): boolean | undefined {
  if (e.kind === 'logical') {
    const left = decidedBy(l, e.left);
    if (left === undefined) return undefined;
    return left === (e.operator === '||') ? left : decidedBy(l, e.right);
  }
  if (e.kind === 'unary' && e.operator === '!') {
    const operand = decidedBy(l, e.operand);
    return operand === undefined ? undefined : !operand;
  }
  if (
    e.kind === 'call' &&
    !(e.callee.kind === 'identifier' && /^(IS_ENABLED|IS_BUILTIN|IS_REACHABLE|likely|unlikely)$/.test(e.callee.name))
  )
    return undefined;
  if (!['number', 'call', 'identifier', 'character', 'binary'].includes(e.kind)) return undefined;
  if (e.kind === 'binary' && ![e.left, e.right].every((side) => ['number', 'identifier', 'character'].includes(side.kind)))
    return undefined;
  const value = l.builder.unevaluated(() => constantIn(l, lowerValue(l, e)));
  return value === undefined ? undefined : value !== 0n;
}

/** Goes to one of two blocks by the truth of the expression, one branch for each operand of && and ||. */
export function lowerCondition(l: Lowering, e: Expression, then: Target, otherwise: Target, source: BranchSource): void {
  const span = e.span;
  if (e.kind === 'logical') {
    const right = l.target();
    if (e.operator === '&&') lowerCondition(l, e.left, right, otherwise, source);
    else lowerCondition(l, e.left, then, right, source);
    l.builder.begin(right.block);
    lowerCondition(l, e.right, then, otherwise, source);
    return;
  }
  if (e.kind === 'unary' && e.operator === '!') return lowerCondition(l, e.operand, otherwise, then, source);
  if (e.kind === 'comma') {
    lowerEffect(l, e.left);
    return lowerCondition(l, e.right, then, otherwise, source);
  }
  if (e.kind === 'conditional' && e.then) {
    const first = l.target();
    const second = l.target();
    lowerCondition(l, e.condition, first, second, source);
    l.builder.begin(first.block);
    lowerCondition(l, e.then, then, otherwise, source);
    l.builder.begin(second.block);
    return lowerCondition(l, e.else, then, otherwise, source);
  }
  if (e.kind === 'call') {
    const inner = lowerCall(l, e, { want: 'condition', then, otherwise, source });
    if (inner !== null) decide(l, inner, then, otherwise, source, span);
    return;
  }
  decide(l, lowerValue(l, e), then, otherwise, source, span);
}

function decide(l: Lowering, value: PureExpression, then: Target, otherwise: Target, source: BranchSource, span: Span): void {
  const known = constantIn(l, value);
  if (known !== undefined) l.builder.goto((known !== 0n ? then : otherwise).block, span);
  else l.branch(value, then, otherwise, source, span);
}

/** The value that `_Generic` chooses; what it is chosen by is not evaluated (C11 6.5.1.1). */
function lowerGeneric(l: Lowering, e: Extract<Expression, { kind: 'generic' }>): PureExpression {
  const of = resolveType(l, valueType(l, e.of));
  if (of.kind === 'unknown' || of.kind === 'typeof' || of.kind === 'named') return { kind: 'unknown', text: e.text, span: e.span };
  const choices = e.choices.map((each) => ({ ...each, type: each.type && typeofType(l, each.type) }));
  const chosen = chosenFor(of, choices, compatibleIn(l));
  return chosen ? lowerValue(l, chosen.value) : l.fail(e.span, `no type of ${excerpt(e.text)} is known to be that of its expression`);
}

/** The type of a value: an array's is a pointer (C11 6.3.2.1). */
function valueType(l: Lowering, e: Expression): CType {
  const type = resolveType(l, expressionType(l, e));
  if (type.kind === 'array') return pointerTo(type.of);
  return type.kind === 'function' ? pointerTo(type) : type;
}

type AssignmentExpression = Extract<Expression, { kind: 'assignment' }>;

function lowerAssignment(l: Lowering, e: AssignmentExpression, target: PlaceExpression): PureExpression {
  if (e.operator !== null) return assigned(l, target, compound(l, e.operator, target, e), e.span);
  lowerInto(l, e.value, target, e.span);
  return target;
}

function compound(l: Lowering, operator: BinaryOperator, target: PlaceExpression, e: AssignmentExpression): PureExpression {
  return { kind: 'binary', operator, left: target, right: lowerValue(l, e.value), span: e.span };
}

/** Assigns, and gives the value that the place has by that: others may have changed it when it is read again. */
function assigned(l: Lowering, place: PlaceExpression, value: PureExpression, span: Span): PureExpression {
  // A variable's name says more than a temporary's; a bit-field holds less than its type does.
  const named = place.kind === 'variable' || (place.kind === 'field' && isBitField(l, place));
  const now = named ? value : l.saved(value, typeOf(l, place), span);
  l.assign(place, now, span);
  return named ? place : now;
}

/** The same place for as long as no variable in it is assigned: what it reads of other memory to get there is saved. */
function stable(l: Lowering, place: PlaceExpression): PlaceExpression {
  switch (place.kind) {
    case 'field':
      return { ...place, base: stable(l, place.base) };
    case 'index':
      return { ...place, base: stable(l, place.base), index: kept(l, place.index) };
    case 'deref':
      return { ...place, pointer: kept(l, place.pointer) };
    default:
      return place;
  }
}

function kept(l: Lowering, value: PureExpression): PureExpression {
  if (value.kind === 'variable' || constantIn(l, value) !== undefined || value.kind === 'address') return value;
  return l.saved(value, typeOf(l, value), value.span);
}

/** `null` as `into` asks for a value, `'effect'` for none. */
function lowerStatementExpression(
  l: Lowering,
  e: Extract<Expression, { kind: 'statement-expression' }>,
  into: PlaceExpression | 'effect' | null,
): PureExpression | null {
  const { body, span } = e;
  l.collectLabels(body, l.path());
  l.push(body);
  const last = body.statements.findLast((statement) => statement.kind !== 'empty');
  let value: PureExpression | null = null;
  for (const statement of body.statements) {
    if (statement === last && statement.kind === 'expression' && into !== 'effect') {
      if (into) {
        lowerInto(l, statement.expression, into, span);
        value = into;
      } else {
        const read = lowerValue(l, statement.expression);
        // The block's variables end before the value is used.
        value = constantIn(l, read) === undefined && l.scope.items.length > 0 ? l.saved(read, typeOf(l, read), span) : read;
      }
    } else lowerStatement(l, statement);
  }
  l.pop(endOf(span));
  return value;
}

export function endOf(span: Span): Span {
  return { start: Math.max(span.start, span.end - 1), end: span.end };
}

// ---- arguments ---------------------------------------------------------------------------------------------------

export function lowerArguments(l: Lowering, call: CallExpression): CallArgument[] {
  const given = call.arguments.flatMap((argument) => spelledOut(l, argument));
  return given.map((argument): CallArgument => {
    switch (argument.kind) {
      case 'value':
        return { kind: 'value', value: lowerValue(l, argument.expression) };
      case 'type':
        return { kind: 'type', type: typeofType(l, argument.type), text: argument.text };
      case 'block':
        return l.fail(argument.span, `a block is handed to a macro whose definition is not at hand: ${excerpt(argument.text)}`);
    }
  });
}

/** An argument, or those that it is where it is a macro for none or for several. */
function spelledOut(l: Lowering, argument: Argument): readonly Argument[] {
  const text = argument.kind === 'value' ? spelledArguments(argument.expression, entryNames(l)) : undefined;
  if (text === undefined) return [argument];
  const parsed = l.context.parseExpression(`spelled_out(${text})`, argument.span);
  return parsed.ok && parsed.value.kind === 'call' ? parsed.value.arguments : [argument];
}

export function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}
