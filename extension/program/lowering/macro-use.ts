// Uses of macros that the program's own units define: expanded as text, parsed, lowered in place.
import type { Result } from '../../model/result.js';
import type { Span } from '../../model/source.js';
import type { Expression, MacroDefinition, Statement } from '../../syntax/ast.js';
import type { PureExpression } from '../graph.js';
import { expandMacros } from '../../syntax/expand-macros.js';
import { expandMacro, tokensOf } from '../../syntax/macro-text.js';
import type { Lowering } from './lowering.js';

type CallExpression = Extract<Expression, { kind: 'call' }>;

/** The macro that a name in the source means here, unless it is being expanded already. */
export function visibleMacro(l: Lowering, name: string): MacroDefinition | undefined {
  return l.expansions.has(name) ? undefined : l.context.macro(name);
}

/** Runs `action` while `name` is not expanded again. */
export function expanding<T>(l: Lowering, name: string, action: () => T): T {
  l.expansions.add(name);
  try {
    return action();
  } finally {
    l.expansions.delete(name);
  }
}

export function expandObjectMacro(
  l: Lowering,
  name: string,
  span: Span,
  lower: (l: Lowering, e: Expression) => PureExpression,
): PureExpression | undefined {
  const macro = visibleMacro(l, name);
  if (!macro || macro.parameters) return undefined;
  const text = expandMacro(macro, []);
  if (!text || text === name) return undefined;
  return expanding(l, name, () => lower(l, parsedExpression(l, name, text, span)));
}

/** What a use of a function-like macro of the units reads as, or undefined where the name is no such macro. */
export function expandedText(l: Lowering, name: string, given: readonly { readonly text: string }[], span: Span): string | undefined {
  const macro = visibleMacro(l, name);
  if (!macro?.parameters) return undefined;
  const written = given.map((argument) => argument.text);
  // Within its own arguments a macro is replaced before it is itself: `max(max(a, b), c)`; any is, before it is spelled or pasted.
  const all = handsOn(l, macro);
  const replaced = (used: string): MacroDefinition | undefined => (used === name ? macro : all ? visibleMacro(l, used) : undefined);
  const expanded = written.map((each) => expandMacros(each, 0, replaced)?.text ?? each);
  const text = expandMacro(macro, written, expanded);
  return text ?? l.fail(span, `'${name}' takes ${macro.parameters.length} arguments, ${given.length} are given`);
}

/** Whether a macro hands on what it is given to one that spells or pastes its own parameters (C11 6.10.3.1). */
function handsOn(l: Lowering, macro: MacroDefinition, seen = new Set<string>()): boolean {
  return tokensOf(macro.body).some((token) => {
    const inner = /^[A-Za-z_]/.test(token) && !seen.has(token) ? l.context.macro(token) : undefined;
    if (!inner?.parameters) return false;
    seen.add(token);
    return inner.body.includes('#') || handsOn(l, inner, seen);
  });
}

export function parsedExpression(l: Lowering, name: string, text: string, span: Span): Expression {
  l.expand(name, text, span);
  // An initialiser in braces is no expression; it parses as what a declaration is given.
  if (text.startsWith('{')) {
    const block = l.context.parseStatements(`int initialised_by_macro = ${text};`, span);
    const first = block.ok ? block.value.statements[0] : undefined;
    const value = first?.kind === 'declaration' ? first.variables[0]?.initialiser : null;
    return value ?? l.fail(span, `macro '${name}' does not expand to an expression`);
  }
  const parsed = parsedWhole(l, name, text, span, (whole) => l.context.parseExpression(whole, span));
  return parsed.ok ? parsed.value : l.fail(span, `macro '${name}' does not expand to an expression: ${parsed.failure}`);
}

/** What a text parses as; where it does not as it stands, with the macros in it replaced, which may be no whole parts of it. */
function parsedWhole<T>(
  l: Lowering,
  name: string,
  text: string,
  span: Span,
  parse: (text: string) => Result<T, string>,
): Result<T, string> {
  const parsed = parse(text);
  if (parsed.ok) return parsed;
  const expanded = expandMacros(text, 0, (each) => visibleMacro(l, each));
  if (expanded === null) return parsed;
  l.expand(name, expanded.text, span);
  const whole = parse(expanded.text);
  return whole.ok ? whole : parsed;
}

export function parsedStatements(l: Lowering, name: string, text: string, span: Span): readonly Statement[] {
  l.expand(name, text, span);
  const parsed = parsedWhole(l, name, text, span, (whole) => l.context.parseStatements(whole, span));
  return parsed.ok ? parsed.value.statements : l.fail(span, `macro '${name}' does not expand to statements: ${parsed.failure}`);
}

/** The expression that a call to a macro of the units stands for. */
export function expandedCall(l: Lowering, name: string, call: CallExpression): Expression | undefined {
  const text = expandedText(l, name, call.arguments, call.span);
  return text === undefined ? undefined : parsedExpression(l, name, text, call.span);
}
