// Uses of macros that the program's own units define: expanded as text, parsed, lowered in place.
import type { Span } from '../../model/source.js';
import type { Expression, MacroDefinition, Statement } from '../../syntax/ast.js';
import type { PureExpression } from '../graph.js';
import { expandMacro } from './macro-text.js';
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
  const text = expandMacro(
    macro,
    given.map((argument) => argument.text),
  );
  return text ?? l.fail(span, `'${name}' takes ${macro.parameters.length} arguments, ${given.length} are given`);
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
  const parsed = l.context.parseExpression(text, span);
  return parsed.ok ? parsed.value : l.fail(span, `macro '${name}' does not expand to an expression: ${parsed.failure}`);
}

export function parsedStatements(l: Lowering, name: string, text: string, span: Span): readonly Statement[] {
  l.expand(name, text, span);
  const parsed = l.context.parseStatements(text, span);
  return parsed.ok ? parsed.value.statements : l.fail(span, `macro '${name}' does not expand to statements: ${parsed.failure}`);
}

/** The expression that a call to a macro of the units stands for. */
export function expandedCall(l: Lowering, name: string, call: CallExpression): Expression | undefined {
  const text = expandedText(l, name, call.arguments, call.span);
  return text === undefined ? undefined : parsedExpression(l, name, text, call.span);
}
