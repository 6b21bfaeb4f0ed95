// Statements: blocks, jumps, loops and declarations, with the scopes that leaving them ends.
import type { Span } from '../../model/source.js';
import type { Block, Expression, Statement, VariableDeclaration } from '../../syntax/ast.js';
import { lowerEmptyAssembly } from './assembly.js';
import { declareCleanup, lowerScopedGuard } from './cleanup.js';
import { endOf, excerpt, lowerCondition, lowerEffect, lowerInto, lowerValue, number } from './expression.js';
import { fileConstant } from './array-length.js';
import { isConstant } from './constant-folding.js';
import { completedType, declaredIn, staticInitialiser } from './initialiser.js';
import { iteratorBody, lowerIterator } from './iterator.js';
import type { Draft } from './graph-builder.js';
import type { Lowering, SwitchCases } from './lowering.js';
import { constantIn, expressionType, isVoid, typeOf, typeofType } from './value-types.js';
import { expanding, parsedStatements, visibleMacro } from './macro-use.js';
import { expandMacro } from '../../syntax/macro-text.js';
import { printPure } from '../print.js';
import type { PureExpression } from '../graph.js';

export function lowerStatement(l: Lowering, s: Statement): void {
  l.enter(s.span);
  lowerOne(l, s);
  l.leave();
}

function lowerOne(l: Lowering, s: Statement): void {
  switch (s.kind) {
    case 'block':
      l.push(s);
      for (const each of s.statements) lowerStatement(l, each);
      l.pop(endOf(s.span));
      break;
    case 'expression':
      lowerExpressionStatement(l, s.expression);
      break;
    case 'declaration':
      for (const variable of s.variables) lowerDeclaration(l, variable);
      break;
    case 'if':
      lowerIf(l, s);
      break;
    case 'switch':
      lowerSwitch(l, s);
      break;
    case 'case':
      lowerCase(l, s);
      break;
    case 'default': {
      const block = l.builder.block();
      l.builder.goto(block, s.span);
      l.builder.begin(block);
      const around = l.switches.at(-1) ?? l.fail(s.span, "'default' outside of a switch");
      around.default = block;
      break;
    }
    case 'while':
    case 'do':
      lowerWhile(l, s);
      break;
    case 'for':
      lowerFor(l, s);
      break;
    case 'iterator':
      lowerIterator(l, s);
      break;
    case 'scoped-guard':
      lowerScopedGuard(l, s);
      break;
    case 'goto':
      l.goto(s.label, s.span);
      break;
    case 'computed-goto':
      l.fail(s.span, 'a computed goto is not followed');
      break;
    case 'label': {
      const { block } = l.label(s.name, s.span);
      l.builder.goto(block, s.span);
      l.builder.begin(block);
      block.labels.push({ name: s.name, span: s.span });
      break;
    }
    case 'break':
    case 'continue':
      lowerLeave(l, s.kind, s.span);
      break;
    case 'return':
      lowerReturn(l, s.value, s.span);
      break;
    case 'asm':
      if (!lowerEmptyAssembly(l, s.text, s.span)) l.builder.emit({ kind: 'opaque', text: s.text, span: s.span });
      break;
    case 'empty':
    case 'local-labels':
      break;
    case 'unknown':
      l.fail(s.span, `this is not understood: ${excerpt(s.text)}`);
  }
}

function lowerExpressionStatement(l: Lowering, e: Expression): void {
  if (e.kind === 'call' && e.callee.kind === 'identifier') {
    const name = e.callee.name;
    if (name === iteratorBody) return l.bodies.at(-1)?.();
    const argument = e.arguments[0];
    if (name === 'return_ptr' && argument?.kind === 'value' && !visibleMacro(l, name)) {
      const taken: Expression = { ...e, callee: { ...e.callee, name: 'no_free_ptr' } };
      return lowerReturn(l, taken, e.span);
    }
  }
  if (e.kind === 'identifier' && l.lookup(e.name) === undefined) {
    if (e.name === 'fallthrough') return;
    const macro = visibleMacro(l, e.name);
    if (macro && !macro.parameters && l.context.constant(e.name) === undefined) {
      const text = expandMacro(macro, []) ?? '';
      return expanding(l, e.name, () => {
        for (const each of parsedStatements(l, e.name, `${text};`, e.span)) lowerStatement(l, each);
      });
    }
    if (lowerValue(l, e).kind === 'global') l.builder.emit({ kind: 'opaque', text: e.name, span: e.span });
    return;
  }
  lowerEffect(l, e);
}

function lowerDeclaration(l: Lowering, v: VariableDeclaration): void {
  noteEnumerators(l, v);
  if (v.type.kind === 'function' || v.storage.extern) {
    // It hides a variable of that name that is declared further out.
    if (l.lookup(v.name) !== undefined) l.scope.names.set(v.name, null);
    return;
  }
  const stated =
    v.type.kind === 'unknown' && v.initialiser && /__auto_type|auto/.test(v.type.text) ? autoType(l, v.initialiser) : typeofType(l, v.type);
  const type = completedType(stated, v.initialiser, declaredIn(l));
  if (v.storage.static) {
    // Its initialiser ran before the program did.
    const variable = l.builder.variable(v.name, 'static', type, v.nameSpan);
    l.scope.names.set(v.name, variable);
    if (v.initialiser) l.builder.setInitialiser(variable, staticInitialiser(l, variable, v.initialiser, v.span));
    return;
  }
  const auto = v.type.kind === 'unknown' || v.type.kind === 'typeof';
  // `auto x = x` of a macro means the outer x.
  const early = auto && v.initialiser ? lowerValue(l, v.initialiser) : null;
  const variable = l.declare(v.name, type, v.nameSpan);
  if (early) l.assign(variable, early, v.span);
  else if (v.initialiser) lowerInto(l, v.initialiser, variable, v.span);
  declareCleanup(l, v, variable);
}

function autoType(l: Lowering, initialiser: Expression): ReturnType<typeof typeOf> {
  return l.builder.unevaluated(() => typeOf(l, lowerValue(l, initialiser)));
}

function noteEnumerators(l: Lowering, v: VariableDeclaration): void {
  if (v.type.kind !== 'enum' || !v.type.enumeration) return;
  let next: bigint | undefined = 0n;
  for (const each of v.type.enumeration.constants) {
    const stated: bigint | undefined = each.value ? constantIn(l, lowerValue(l, each.value)) : next;
    if (stated !== undefined) l.enumerators.set(each.name, stated);
    next = stated === undefined ? undefined : stated + 1n;
  }
}

// ---- choices -----------------------------------------------------------------------------------------------------

function lowerIf(l: Lowering, s: Extract<Statement, { kind: 'if' }>): void {
  l.builder.ifs.push({ condition: s.condition.span, then: s.then.span, else: s.else?.span ?? null });
  const after = l.builder.block();
  const then = l.target(jumps(s.then));
  const otherwise = s.else ? l.target(jumps(s.else)) : { block: after, jumps: false };
  lowerCondition(l, s.condition, then, otherwise, 'if');
  l.builder.begin(then.block);
  lowerStatement(l, s.then);
  l.builder.goto(after, endOf(s.then.span));
  if (s.else) {
    l.builder.begin(otherwise.block);
    lowerStatement(l, s.else);
    l.builder.goto(after, endOf(s.else.span));
  }
  l.builder.begin(after);
}

/** Whether a statement ends in goto, return, break or continue. */
function jumps(s: Statement): boolean {
  switch (s.kind) {
    case 'goto':
    case 'computed-goto':
    case 'return':
    case 'break':
    case 'continue':
      return true;
    case 'block': {
      const last = s.statements.findLast((each) => each.kind !== 'empty');
      return last !== undefined && jumps(last);
    }
    case 'if':
      return s.else !== null && jumps(s.then) && jumps(s.else);
    case 'scoped-guard':
      return jumps(s.body);
    case 'expression':
      return s.expression.kind === 'call' && s.expression.callee.kind === 'identifier' && s.expression.callee.name === 'return_ptr';
    default:
      return false;
  }
}

function lowerSwitch(l: Lowering, s: Extract<Statement, { kind: 'switch' }>): void {
  const value = lowerValue(l, s.value);
  const after = l.builder.block();
  const body = l.builder.block();
  const cases: SwitchCases = { cases: [], default: null };
  const end = { kind: 'switch' as const, value, cases: cases.cases, default: body, span: s.value.span };
  l.builder.end(end);
  l.switches.push(cases);
  l.breakables.push({ breakTo: after, continueTo: null, depth: l.scopes.length });
  lowerStatement(l, s.body);
  l.breakables.pop();
  l.switches.pop();
  l.builder.goto(after, endOf(s.span));
  end.default = cases.default ?? after;
  l.builder.begin(after);
}

function lowerCase(l: Lowering, s: Extract<Statement, { kind: 'case' }>): void {
  const block = l.builder.block();
  l.builder.goto(block, s.span);
  l.builder.begin(block);
  const around = l.switches.at(-1) ?? l.fail(s.span, "'case' outside of a switch");
  const low = caseValue(l, s.low);
  const high = s.high ? caseValue(l, s.high) : low;
  const print = (value: PureExpression): string => printPure(value, l.builder.variables);
  around.cases.push({
    low: constantIn(l, low) ?? null,
    high: constantIn(l, high) ?? null,
    lowest: low,
    highest: high,
    text: s.high ? `${print(low)} ... ${print(high)}` : print(low),
    to: block,
  });
}

/** The value of a case, which nothing is run for; of one that is not known here whoever needs it must say so. */
function caseValue(l: Lowering, e: Expression): PureExpression {
  const value = l.builder.unevaluated(() => lowerValue(l, e));
  if (isConstant(value) || value.kind === 'global') return value;
  const known = fileConstant(l, e);
  if (known !== undefined) return number(known, e.span, null, expressionType(l, e));
  return { kind: 'unknown', text: `case ${excerpt(printPure(value, l.builder.variables))}`, span: e.span };
}

// ---- loops -------------------------------------------------------------------------------------------------------

function lowerWhile(l: Lowering, s: Extract<Statement, { kind: 'while' | 'do' }>): void {
  const head = l.builder.block();
  const body = l.builder.block();
  const after = l.builder.block();
  l.builder.goto(s.kind === 'do' ? body : head, s.span);
  const condition = (): void => {
    l.builder.begin(head);
    lowerCondition(l, s.condition, { block: body, jumps: false }, { block: after, jumps: false }, 'loop');
  };
  if (s.kind === 'while') condition();
  l.builder.begin(body);
  lowerBody(l, s.body, head, after);
  l.builder.goto(head, endOf(s.span));
  if (s.kind === 'do') condition();
  l.builder.begin(after);
}

function lowerFor(l: Lowering, s: Extract<Statement, { kind: 'for' }>): void {
  l.push(s);
  if (s.initial) lowerStatement(l, s.initial);
  const head = l.builder.block();
  const body = l.builder.block();
  const next = l.builder.block();
  const after = l.builder.block();
  l.builder.goto(head, s.span);
  l.builder.begin(head);
  if (s.condition) lowerCondition(l, s.condition, { block: body, jumps: false }, { block: after, jumps: false }, 'loop');
  else l.builder.goto(body, s.span);
  l.builder.begin(body);
  lowerBody(l, s.body, next, after);
  l.builder.goto(next, endOf(s.span));
  l.builder.begin(next);
  if (s.next) lowerEffect(l, s.next);
  l.builder.goto(head, s.span);
  l.builder.begin(after);
  l.pop(endOf(s.span));
}

/** A loop's body, with where `continue` and `break` lead. */
export function lowerBody(l: Lowering, body: Statement, continueTo: Draft, breakTo: Draft): void {
  l.breakables.push({ breakTo, continueTo, depth: l.scopes.length });
  lowerStatement(l, body);
  l.breakables.pop();
}

// ---- ways out ----------------------------------------------------------------------------------------------------

function lowerLeave(l: Lowering, kind: 'break' | 'continue', span: Span): void {
  const around = l.breakables.findLast((each) => kind === 'break' || each.continueTo !== null);
  const to = kind === 'break' ? around?.breakTo : around?.continueTo;
  if (!around || !to) return l.fail(span, `'${kind}' outside of a loop`);
  l.unwind(around.depth, span);
  l.builder.goto(to, span);
}

function lowerReturn(l: Lowering, e: Expression | null, span: Span): void {
  if (l.implicit !== null) l.fail(span, `a cleanup of ${l.implicit} returns`);
  let value: PureExpression | null = null;
  if (e && isVoid(l, l.returns)) lowerEffect(l, e);
  else if (e) {
    value = lowerValue(l, e);
    // What a cleanup undoes must not change what was already read.
    if (l.hasCleanups && constantIn(l, value) === undefined && value.kind !== 'function') {
      const isTemporary = value.kind === 'variable' && l.builder.variables[value.variable]?.kind === 'temporary';
      if (!isTemporary) value = l.saved(value, l.returns, span);
    }
  }
  if (l.hasCleanups) l.unwind(0, span, true);
  l.builder.end({ kind: 'return', value, span });
}

/** The body of a function, whose end returns. */
export function lowerFunctionBody(l: Lowering, body: Block): void {
  l.collectLabels(body, new Set());
  l.push(body);
  for (const each of body.statements) lowerStatement(l, each);
  const end = endOf(body.span);
  if (l.hasCleanups) l.unwind(0, end, true);
  l.builder.end({ kind: 'return', value: null, span: end });
  l.scopes.pop();
}
