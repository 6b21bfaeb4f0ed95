// cleanup.h: __free, guard, scoped_guard, CLASS and their like, as calls on every way out of the scope.
import type { Span } from '../../model/source.js';
import type { CType, Expression, Statement, VariableDeclaration } from '../../syntax/ast.js';
import type { PlaceExpression, PureExpression } from '../graph.js';
import type { CallExpression } from './call.js';
import type { CleanupDefinition } from './context.js';
import { endOf, lowerInto, lowerValue, number } from './expression.js';
import type { GuardClass } from './api.js';
import type { Lowering } from './lowering.js';
import { lowerStatement } from './statement.js';
import { typeOf } from './value-types.js';
import { parsedExpression, parsedStatements } from './macro-use.js';
import { intType, unknownType, unsignedLongType, voidPointer } from '../types.js';

type Local = Extract<PlaceExpression, { kind: 'variable' }>;

// ---- __free ------------------------------------------------------------------------------------------------------

/** Notes what `__free(name)` or `__cleanup(f)` on a declaration has its scope run. */
export function declareCleanup(l: Lowering, v: VariableDeclaration, variable: Local): void {
  for (const attribute of v.attributes) {
    const free = /^__free\s*\(\s*(\w+)\s*\)$/.exec(attribute)?.[1];
    const cleanup = /\b(?:__)?cleanup(?:__)?\s*\(\s*(\w+)\s*\)/.exec(attribute)?.[1];
    if (free !== undefined) l.onLeave(v.span, (span) => freeOnLeave(l, free, variable, span));
    else if (cleanup !== undefined)
      l.onLeave(v.span, (span) => {
        l.implicit = `__cleanup(${cleanup})`;
        l.call(null, cleanup, [{ kind: 'address', place: variable, span }], span);
      });
  }
}

function freeOnLeave(l: Lowering, name: string, variable: Local, span: Span): void {
  l.implicit = `__free(${name})`;
  const held: PureExpression = { ...variable, span };
  const definition = l.context.free(name);
  if (definition?.kind === 'free') {
    runText(l, definition.body, new Map([['_T', variable]]), span, name);
    return;
  }
  whereHeld(l, held, () => l.call(null, name, [held], span), span);
}

/** Runs `action` where `held` is neither NULL nor an ERR_PTR. */
function whereHeld(l: Lowering, held: PureExpression, action: () => void, span: Span): void {
  const nothing = l.temporary({ kind: 'boolean' }, span);
  l.call(nothing, 'IS_ERR_OR_NULL', [held], span);
  const release = l.target();
  const after = l.target();
  l.branch(nothing, after, release, 'cleanup', span);
  l.builder.begin(release.block);
  action();
  l.builder.goto(after.block, span);
  l.builder.begin(after.block);
}

/** Lowers statements of a cleanup definition, in which the names of `bindings` mean those variables. */
function runText(l: Lowering, text: string, bindings: ReadonlyMap<string, Local>, span: Span, of: string): void {
  const key = {};
  l.push(key);
  for (const [name, variable] of bindings) l.scope.names.set(name, variable.variable);
  for (const statement of parsedStatements(l, of, `${text};`, span)) lowerStatement(l, statement);
  l.pop(span);
}

// ---- guard and CLASS ---------------------------------------------------------------------------------------------

/** Lowers `guard(class)(arguments)` and `CLASS(class, name)(arguments)`; false where the call is neither. */
export function lowerGuard(l: Lowering, e: CallExpression, head: CallExpression): boolean {
  if (head.callee.kind !== 'identifier') return false;
  const macro = head.callee.name;
  const name = (head.arguments[0]?.text ?? '').trim();
  if (macro === 'guard') {
    enterGuard(l, name, valuesOf(l, e), e.span);
    return true;
  }
  if (macro !== 'CLASS' && macro !== 'ACQUIRE') return false;
  const variable = (head.arguments[1]?.text ?? '').trim();
  if (macro === 'ACQUIRE') enterConditional(l, name, variable, valuesOf(l, e), e.span);
  else enterClass(l, name, variable, e);
  return true;
}

function valuesOf(l: Lowering, e: CallExpression): Expression[] {
  return e.arguments.map((argument) => (argument.kind === 'value' ? argument.expression : l.fail(argument.span, 'a guard takes values')));
}

/** Takes the lock of a guard's class; leaving the scope gives it back. */
function enterGuard(l: Lowering, name: string, given: readonly Expression[], span: Span): void {
  const defined = l.context.guardClass(name);
  if (defined) return enterDefined(l, name, defined, given, span);
  const held = given.map((argument) => {
    const value = lowerValue(l, argument);
    return l.saved(value, typeOf(l, value), span);
  });
  const known = l.context.api.guardClass(name);
  if (known) takeLock(l, name, known, held, span);
  else {
    const object = l.temporary(unknownType(`class_${name}_t`), span);
    l.call(object, `class_${name}_constructor`, held, span);
    l.onLeave(span, (at) => {
      l.implicit = `guard(${name})`;
      l.call(null, `class_${name}_destructor`, [{ kind: 'address', place: object, span: at }], at);
    });
  }
}

/** Emits the lock's call and notes the unlock. */
function takeLock(l: Lowering, name: string, known: GuardClass, held: readonly PureExpression[], span: Span): void {
  let extra: Local | null = null;
  if (known.state === 'flags') extra = l.temporary(unsignedLongType, span);
  if (known.state === 'index') extra = l.temporary(intType, span);
  if (known.state === 'flags' && extra) l.call(null, known.lock, [...held, extra], span);
  else l.call(extra, known.lock, held, span);
  l.onLeave(span, (at) => {
    l.implicit = `guard(${name})`;
    l.call(null, known.unlock, extra ? [...held, extra] : held, at);
  });
}

/** A guard that the program's own units define. */
function enterDefined(l: Lowering, name: string, defined: CleanupDefinition, given: readonly Expression[], span: Span): void {
  if (defined.kind === 'class') {
    enterDefinedClass(
      l,
      name,
      `%guard`,
      defined,
      given.map((e) => ({ expression: e })),
      span,
    );
    return;
  }
  if (defined.kind === 'free') return;
  const bindings = new Map<string, Local>();
  const first = given[0];
  const value = first ? lowerValue(l, first) : number(1, span);
  if (defined.kind === 'guard') bindings.set('_T', l.saved(value, typeOf(l, value), span));
  else {
    // The lock stands in a little record, to which _T points.
    const object = l.temporary(unknownType(`class_${name}_t`), span);
    l.assign(object, number(0, span), span);
    l.assign({ kind: 'field', base: object, name: 'lock', span }, value, span);
    bindings.set('_T', l.saved({ kind: 'address', place: object, span }, voidPointer, span));
  }
  runText(l, defined.lock, bindings, span, name);
  l.onLeave(span, (at) => {
    l.implicit = `guard(${name})`;
    runText(l, defined.unlock, bindings, at, name);
  });
}

function enterClass(l: Lowering, name: string, variable: string, e: CallExpression): void {
  const { span } = e;
  const defined = l.context.guardClass(name);
  if (defined?.kind === 'class') {
    const given = e.arguments.map((argument) => ({ text: argument.text }));
    enterDefinedClass(l, name, variable, defined, given, span);
    return;
  }
  const given = valuesOf(l, e).map((argument) => lowerValue(l, argument));
  const known = l.context.api.objectClass(name);
  const object = l.declare(variable, known?.type ?? unknownType(`class_${name}_t`), span);
  if (known) {
    l.call(object, known.acquire, given, span);
    l.onLeave(span, (at) => {
      l.implicit = `CLASS(${name})`;
      const release = (): void => l.call(null, known.release, [{ ...object, span: at }], at);
      if (known.releasedIf === 'always') release();
      else if (known.releasedIf === 'held') whereHeld(l, { ...object, span: at }, release, at);
      else {
        const held = l.target();
        const after = l.target();
        l.branch({ kind: 'binary', operator: '>=', left: object, right: number(0, at), span: at }, held, after, 'cleanup', at);
        l.builder.begin(held.block);
        release();
        l.builder.goto(after.block, at);
        l.builder.begin(after.block);
      }
    });
  } else {
    l.call(object, `class_${name}_constructor`, given, span);
    l.onLeave(span, (at) => {
      l.implicit = `CLASS(${name})`;
      l.call(null, `class_${name}_destructor`, [{ kind: 'address', place: object, span: at }], at);
    });
  }
}

function enterDefinedClass(
  l: Lowering,
  name: string,
  variable: string,
  defined: Extract<CleanupDefinition, { kind: 'class' }>,
  given: readonly { readonly text?: string; readonly expression?: Expression }[],
  span: Span,
): void {
  const type = typeFromText(l, defined.type, span);
  const names = defined.parameters
    .map((parameter) => /(\w+)\s*$/.exec(parameter)?.[1] ?? '')
    .filter((parameter) => parameter !== '' && parameter !== 'void');
  // The constructor's parameters are names of its own, so that an argument's text can't be caught by them.
  const key = {};
  const bound = names.map((parameter, at): [string, Local] => {
    const one = given[at];
    const e = one?.expression ?? parsedExpression(l, name, one?.text ?? '0', span);
    const value = lowerValue(l, e);
    return [parameter, l.saved(value, typeOf(l, value), span)];
  });
  const object = l.declare(variable, type, span);
  l.push(key);
  for (const [parameter, local] of bound) l.scope.names.set(parameter, local.variable);
  lowerInto(l, parsedExpression(l, name, defined.initial, span), object, span);
  l.pop(span);
  l.onLeave(span, (at) => {
    l.implicit = `CLASS(${name})`;
    runText(l, defined.exit, new Map([['_T', object]]), at, name);
  });
}

function typeFromText(l: Lowering, text: string, span: Span): CType {
  const parsed = l.context.parseStatements(`${text} x;`, span);
  const first = parsed.ok ? parsed.value.statements[0] : undefined;
  return (first?.kind === 'declaration' ? first.variables[0]?.type : undefined) ?? unknownType(text);
}

// ---- conditional guards ------------------------------------------------------------------------------------------

/** The variable of a conditional guard: the lock where it was taken, else NULL or the error. */
function enterConditional(l: Lowering, name: string, variable: string, given: readonly Expression[], span: Span): Local {
  const known = l.context.api.guardClass(name);
  if (!known) {
    const values = given.map((argument) => lowerValue(l, argument));
    const object = l.declare(variable, unknownType(`class_${name}_t`), span);
    l.call(object, `class_${name}_constructor`, values, span);
    l.onLeave(span, (at) => {
      l.implicit = `ACQUIRE(${name})`;
      l.call(null, `class_${name}_destructor`, [{ kind: 'address', place: object, span: at }], at);
    });
    return object;
  }
  const held = given.map((argument) => {
    const value = lowerValue(l, argument);
    return l.saved(value, typeOf(l, value), span);
  });
  const object = l.declare(variable, voidPointer, span);
  const lock = held[0] ?? number(1, span);
  const result = l.temporary(intType, span);
  l.call(known.succeeds ? result : null, known.lock, held, span);
  const taken = l.target();
  const refused = l.target();
  const after = l.builder.block();
  if (known.succeeds === 'zero') l.branch(result, refused, taken, 'conditional', span);
  else if (known.succeeds) l.branch(result, taken, refused, 'conditional', span);
  else l.builder.goto(taken.block, span);
  l.builder.begin(taken.block);
  l.assign(object, lock, span);
  l.builder.goto(after, span);
  l.builder.begin(refused.block);
  l.assign(object, known.succeeds === 'zero' ? result : number(0, span, 'NULL'), span);
  l.builder.goto(after, span);
  l.builder.begin(after);
  l.onLeave(span, (at) => {
    l.implicit = `guard(${name})`;
    const unlock = (): void => l.call(null, known.unlock, held.length > 0 ? [{ ...object, span: at }] : [], at);
    if (known.succeeds) whereHeld(l, { ...object, span: at }, unlock, at);
    else unlock();
  });
  return object;
}

/** `ACQUIRE_ERR(class, &variable)`: 0, or why the lock was not taken. */
export function lowerAcquireError(l: Lowering, e: CallExpression): PureExpression {
  const argument = e.arguments[1];
  if (argument?.kind !== 'value') return l.fail(e.span, 'ACQUIRE_ERR needs the address of a guard');
  const pointer = lowerValue(l, argument.expression);
  const result = l.temporary(intType, e.span);
  l.call(result, 'PTR_ERR_OR_ZERO', [pointer.kind === 'address' ? pointer.place : pointer], e.span);
  return result;
}

// ---- scoped guards -----------------------------------------------------------------------------------------------

/** `scoped_guard` and its like: the macro is a loop of one round, so break and continue leave it. */
export function lowerScopedGuard(l: Lowering, s: Extract<Statement, { kind: 'scoped-guard' }>): void {
  const span: Span = { start: s.span.start, end: Math.max(s.span.start, s.body.span.start) };
  const name = (s.arguments[0]?.text ?? '').trim();
  const conditional = s.macro === 'scoped_cond_guard';
  const rest = s.arguments.slice(conditional ? 2 : 1);
  const given = rest.map((argument) =>
    argument.kind === 'value' ? argument.expression : l.fail(argument.span, `${s.macro} takes values`),
  );
  const after = l.builder.block();
  l.push(s);
  const isTry = l.context.api.guardClass(name)?.succeeds;
  if (conditional || isTry) {
    const object = enterConditional(l, name, '%scope', given, span);
    const nothing = l.temporary({ kind: 'boolean' }, span);
    l.call(nothing, 'IS_ERR_OR_NULL', [object], span);
    const refused = l.target();
    const taken = l.target();
    l.branch(nothing, refused, taken, 'if', span);
    l.builder.begin(refused.block);
    const fail = (s.arguments[1]?.text ?? '').trim();
    if (conditional && fail !== '')
      for (const statement of parsedStatements(l, s.macro, `${fail};`, s.arguments[1]?.span ?? span)) lowerStatement(l, statement);
    l.unwind(l.scopes.length - 1, span);
    l.builder.goto(after, span);
    l.builder.begin(taken.block);
  } else enterGuard(l, name, given, span);
  // What break and continue reach lies outside of the scope.
  l.breakables.push({ breakTo: after, continueTo: after, depth: l.scopes.length - 1 });
  lowerStatement(l, s.body);
  l.breakables.pop();
  l.pop(endOf(s.span));
  l.builder.goto(after, endOf(s.span));
  l.builder.begin(after);
}
