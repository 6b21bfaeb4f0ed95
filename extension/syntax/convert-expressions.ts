// Expressions: from syntax tree to AST.
import type { Argument, BinaryOperator, CType, Designator, Expression, InitialiserList, UnaryOperator } from './ast.js';
import { convertBlock } from './convert-statements.js';
import { convertDeclarator, convertSpecifiers, convertTypeDescriptor } from './convert-types.js';
import type { Offset } from '../model/source.js';
import { characterLiteral, integerLiteral } from './literals.js';
import { firstNamed, inField, ofType, type Source, type SyntaxNode } from './syntax-tree.js';
import { wellKnownType } from './well-known-types.js';

const binaryOperators: ReadonlySet<string> = new Set<BinaryOperator>([
  '+',
  '-',
  '*',
  '/',
  '%',
  '<<',
  '>>',
  '&',
  '|',
  '^',
  '==',
  '!=',
  '<',
  '>',
  '<=',
  '>=',
]);

function isBinary(operator: string): operator is BinaryOperator {
  return binaryOperators.has(operator);
}

function unknown(source: Source, node: SyntaxNode): Expression {
  return { kind: 'unknown', text: source.textOf(node), span: source.spanOf(node) };
}

/** The expression that a node is; `unknown` with its text where it is none that we know. Parentheses are dropped. */
export function convertExpression(source: Source, node: SyntaxNode): Expression {
  const span = source.spanOf(node);
  switch (node.type) {
    case 'identifier':
    case 'type_identifier':
    case 'field_identifier':
    case 'true':
    case 'false':
    case 'null':
      return { kind: 'identifier', name: source.textOf(node), span };
    case 'number_literal':
      return number(source, node);
    case 'char_literal':
      return { kind: 'character', ...characterLiteral(source.textOf(node)), span };
    case 'string_literal':
    case 'concatenated_string':
      // What stands for a byte that is no UTF-8 does not tell which it was.
      if (source.textOf(node).includes('\ufffd')) return { kind: 'unknown', text: source.textOf(node), span };
      return { kind: 'string', text: source.textOf(node), span };
    case 'parenthesized_expression':
      return parenthesized(source, node);
    case 'extension_expression':
      return only(source, node);
    case 'unary_expression':
    case 'pointer_expression':
      return {
        kind: 'unary',
        operator: token(node) as UnaryOperator,
        operand: operand(source, node, 'argument'),
        span,
      };
    case 'update_expression': {
      const operator = token(node) === '--' ? '--' : '++';
      const argument = inField(node, 'argument');
      if (node.children[0]?.named === false || argument === undefined)
        return { kind: 'update', operator, prefix: true, operand: operand(source, node, 'argument'), span };
      return postfix(source, argument, operator, span.end);
    }
    case 'binary_expression':
      return binary(source, node);
    case 'assignment_expression': {
      const operator = token(node).slice(0, -1);
      return {
        kind: 'assignment',
        operator: isBinary(operator) ? operator : null,
        target: operand(source, node, 'left'),
        value: operand(source, node, 'right'),
        span,
      };
    }
    case 'conditional_expression': {
      const then = inField(node, 'consequence');
      return {
        kind: 'conditional',
        condition: operand(source, node, 'condition'),
        then: then === undefined ? null : convertExpression(source, then),
        else: operand(source, node, 'alternative'),
        span,
      };
    }
    case 'comma_expression':
      return { kind: 'comma', left: operand(source, node, 'left'), right: operand(source, node, 'right'), span };
    case 'call_expression':
      return call(source, node);
    case 'field_expression': {
      const name = inField(node, 'field');
      if (name === undefined) return unknown(source, node);
      return {
        kind: 'field',
        base: operand(source, node, 'argument'),
        name: source.textOf(name),
        arrow: token(node) === '->',
        nameSpan: source.spanOf(name),
        span,
      };
    }
    case 'subscript_expression':
      return { kind: 'index', base: operand(source, node, 'argument'), index: operand(source, node, 'index'), span };
    case 'cast_expression': {
      const type = inField(node, 'type');
      if (type === undefined) return unknown(source, node);
      return { kind: 'cast', type: convertTypeDescriptor(source, type), operand: operand(source, node, 'value'), span };
    }
    case 'sizeof_expression':
    case 'alignof_expression':
      return size(source, node);
    case 'offsetof_expression': {
      const type = inField(node, 'type');
      const member = inField(node, 'member');
      if (type === undefined || member === undefined) return unknown(source, node);
      return { kind: 'offsetof', type: convertTypeDescriptor(source, type), member: source.textOf(member), span };
    }
    case 'compound_literal_expression': {
      const type = inField(node, 'type');
      const value = inField(node, 'value');
      if (type === undefined || value === undefined) return unknown(source, node);
      return {
        kind: 'compound-literal',
        type: convertTypeDescriptor(source, type),
        initialiser: convertInitialiserList(source, value),
        span,
      };
    }
    case 'initializer_list':
      return convertInitialiserList(source, node);
    case 'generic_expression':
      return generic(source, node);
    default:
      return unknown(source, node);
  }
}

/** `_Generic(e, int: a, default: b)`. Its children are the expression, then types and values in turn. */
function generic(source: Source, node: SyntaxNode): Expression {
  const [of, ...rest] = node.children.filter((child) => (child.named && child.type !== 'kernel_annotation') || child.type === 'default');
  if (of === undefined || rest.length % 2 !== 0) return unknown(source, node);
  const choices: { type: CType | null; value: Expression }[] = [];
  for (let at = 0; at + 1 < rest.length; at += 2) {
    const [type, value] = [rest[at], rest[at + 1]];
    if (type === undefined || value === undefined) continue;
    const isDefault = source.textOf(type) === 'default';
    choices.push({ type: isDefault ? null : convertTypeDescriptor(source, type), value: convertExpression(source, value) });
  }
  return { kind: 'generic', of: convertExpression(source, of), choices, text: source.textOf(node), span: source.spanOf(node) };
}

/** An `{ ... }` initialiser. */
function convertInitialiserList(source: Source, node: SyntaxNode): InitialiserList {
  const entries: { designators: Designator[]; value: Expression; spelled?: true }[] = [];
  let run: SyntaxNode | undefined;
  for (const child of node.children) {
    // Macros side by side make their entries together: one may end within one of another's.
    if (child.type === 'initializer_macro') {
      if (run !== undefined) entries.pop();
      run = run === undefined ? child : { ...run, end: child.end };
      entries.push({ designators: [], value: unknown(source, run), spelled: true });
      continue;
    }
    run = undefined;
    if (!child.named || child.type === 'kernel_annotation') continue;
    if (child.type !== 'initializer_pair') {
      entries.push({ designators: [], value: convertExpression(source, child) });
      continue;
    }
    const designators = child.children.filter((part) => part.named && part.field !== 'value').map((part) => designator(source, part));
    entries.push({ designators, value: operand(source, child, 'value') });
  }
  return { kind: 'initialiser-list', entries, span: source.spanOf(node) };
}

/** The arguments of a call or of a macro. A name that is a type in every tree counts as a type. */
export function convertArguments(source: Source, list: SyntaxNode): readonly Argument[] {
  const result: Argument[] = [];
  const parts = list.children.filter((child) => child.type !== 'kernel_annotation');
  for (const [at, child] of parts.entries()) {
    if (isArgument(child)) {
      result.push(convertArgument(source, child));
    } else if (child.type === ',' || (child.type === ')' && at > 1)) {
      const before = parts[at - 1];
      if (before !== undefined && !isArgument(before)) result.push(emptyArgument(source, list));
    }
  }
  return result;
}

function isArgument(child: SyntaxNode): boolean {
  return child.named;
}

/** `f(a, , b)`: macros take arguments that are not there. */
function emptyArgument(source: Source, list: SyntaxNode): Argument {
  const span = source.spanOf(list);
  return { kind: 'value', expression: { kind: 'unknown', text: '', span }, text: '', span };
}

function convertArgument(source: Source, node: SyntaxNode): Argument {
  const span = source.spanOf(node);
  const text = source.textOf(node);
  switch (node.type) {
    case 'identifier': {
      const known = wellKnownType(text);
      if (known !== undefined) return { kind: 'type', type: known, text, span };
      break;
    }
    case 'type_descriptor':
      return { kind: 'type', type: convertTypeDescriptor(source, node), text, span };
    // A type with a name, for a macro that declares: `DEFINE_CLASS(.., int fd)`.
    case 'parameter_declaration': {
      const declarator = inField(node, 'declarator');
      const { type, attributes } = convertSpecifiers(source, node);
      const whole = declarator === undefined ? type : convertDeclarator(source, declarator, type, attributes).type;
      return { kind: 'type', type: whole, text, span };
    }
    case 'compound_statement':
    case 'statement_argument':
      return { kind: 'block', block: convertBlock(source, node), text, span };
  }
  return { kind: 'value', expression: convertExpression(source, node), text, span };
}

function designator(source: Source, node: SyntaxNode): Designator {
  const inner = firstNamed(node);
  switch (node.type) {
    case 'field_designator':
      return inner === undefined ? '' : source.textOf(inner);
    case 'field_identifier':
      return source.textOf(node);
    case 'subscript_designator':
      return inner === undefined ? unknown(source, node) : convertExpression(source, inner);
    case 'subscript_range_designator':
      return { kind: 'range', low: operand(source, node, 'start'), high: operand(source, node, 'end'), span: source.spanOf(node) };
    default:
      return unknown(source, node);
  }
}

/** `!n++` comes from the grammar as `(!n)++`; a postfix operator binds first (C11 6.5.2, 6.5.3). Parentheses are a node of their own. */
function postfix(source: Source, argument: SyntaxNode, operator: '++' | '--', end: Offset): Expression {
  const span = { start: source.spanOf(argument).start, end };
  const inner = argument.type === 'unary_expression' || argument.type === 'pointer_expression' ? inField(argument, 'argument') : undefined;
  if (inner === undefined) return { kind: 'update', operator, prefix: false, operand: convertExpression(source, argument), span };
  return { kind: 'unary', operator: token(argument) as UnaryOperator, operand: postfix(source, inner, operator, end), span };
}

/** The operand in a field; an absent one (the code did not parse) is `unknown`. */
function operand(source: Source, node: SyntaxNode, field: string): Expression {
  const child = inField(node, field);
  return child === undefined ? unknown(source, node) : convertExpression(source, child);
}

function only(source: Source, node: SyntaxNode): Expression {
  const child = firstNamed(node);
  return child === undefined ? unknown(source, node) : convertExpression(source, child);
}

/** The first token without a name among the children, brackets aside: the operator. */
function token(node: SyntaxNode): string {
  for (const child of node.children) if (!child.named) return child.type;
  return '';
}

function number(source: Source, node: SyntaxNode): Expression {
  const span = source.spanOf(node);
  const text = source.textOf(node);
  // The grammar lets a literal carry its sign.
  const sign = text.startsWith('-') || text.startsWith('+') ? text.slice(0, 1) : '';
  const digits = text.slice(sign.length);
  const literal = integerLiteral(digits);
  const value: Expression = literal !== null ? { kind: 'number', ...literal, text: digits, span } : { kind: 'float', text: digits, span };
  return sign === '' ? value : { kind: 'unary', operator: sign === '-' ? '-' : '+', operand: value, span };
}

function parenthesized(source: Source, node: SyntaxNode): Expression {
  const inner = firstNamed(node);
  if (inner === undefined) return unknown(source, node);
  if (inner.type === 'compound_statement')
    return { kind: 'statement-expression', body: convertBlock(source, inner), span: source.spanOf(node) };
  return convertExpression(source, inner);
}

/** The type that `(name)` is, where the name is a type in every tree: C can't tell `(u64) - x` from a subtraction by its look. */
function parenthesizedType(source: Source, node: SyntaxNode | undefined): CType | undefined {
  if (node?.type !== 'parenthesized_expression') return undefined;
  const inner = firstNamed(node);
  return inner?.type === 'identifier' ? wellKnownType(source.textOf(inner)) : undefined;
}

function binary(source: Source, node: SyntaxNode): Expression {
  const span = source.spanOf(node);
  const operator = token(node);
  const type = parenthesizedType(source, inField(node, 'left'));
  const right = operand(source, node, 'right');
  if (type !== undefined && (operator === '+' || operator === '-' || operator === '*' || operator === '&'))
    return { kind: 'cast', type, operand: { kind: 'unary', operator, operand: right, span: right.span }, span };
  const left = operand(source, node, 'left');
  if (operator === '&&' || operator === '||') return { kind: 'logical', operator, left, right, span };
  if (isBinary(operator)) return { kind: 'binary', operator, left, right, span };
  return unknown(source, node);
}

function size(source: Source, node: SyntaxNode): Expression {
  const span = source.spanOf(node);
  const alignment = node.type === 'alignof_expression';
  const descriptor = inField(node, 'type') ?? ofType(node, 'type_descriptor');
  const value = inField(node, 'value') ?? firstNamed(node);
  const type = descriptor !== undefined ? convertTypeDescriptor(source, descriptor) : parenthesizedType(source, value);
  if (type !== undefined) return { kind: 'sizeof', operand: type, ofType: true, alignment, span };
  if (value === undefined) return unknown(source, node);
  return { kind: 'sizeof', operand: convertExpression(source, value), ofType: false, alignment, span };
}

function call(source: Source, node: SyntaxNode): Expression {
  const span = source.spanOf(node);
  const callee = inField(node, 'function');
  const list = inField(node, 'arguments');
  if (callee === undefined || list === undefined) return unknown(source, node);
  const args = convertArguments(source, list);
  const first = args[0];
  const type = parenthesizedType(source, callee);
  if (type !== undefined && args.length === 1 && first?.kind === 'value') return { kind: 'cast', type, operand: first.expression, span };
  if (callee.type === 'identifier' && args.length === 2 && isOffsetof(source.textOf(callee))) {
    const member = args[1]?.text ?? '';
    if (first?.kind === 'type') return { kind: 'offsetof', type: first.type, member, span };
    if (first?.kind === 'value' && first.expression.kind === 'identifier')
      return { kind: 'offsetof', type: { kind: 'named', name: first.expression.name }, member, span };
  }
  return { kind: 'call', callee: convertExpression(source, callee), arguments: args, span };
}

function isOffsetof(name: string): boolean {
  return name === 'offsetof' || name === '__builtin_offsetof';
}
