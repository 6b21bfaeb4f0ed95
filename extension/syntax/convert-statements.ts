// Statements: from syntax tree to AST. Labels and `case` markers become statements of their own, before what they label.
import type { Argument, Block, Expression, Statement } from './ast.js';
import { convertLocalDeclaration } from './convert-declarations.js';
import { convertArguments, convertExpression } from './convert-expressions.js';
import { withAttributes } from './convert-types.js';
import { firstNamed, inField, ofType, type Source, type SyntaxNode } from './syntax-tree.js';

/** The statements within the braces of a node. */
export function convertBlock(source: Source, node: SyntaxNode): Block {
  const statements: Statement[] = [];
  // `__aligned(8) int x;`: an annotation in front stands beside the declaration, not in it.
  let inFront: string[] = [];
  for (const child of node.children) {
    if (child.type === 'kernel_annotation') inFront.push(source.textOf(child));
    else {
      const before = statements.length;
      if (child.named) flatten(source, child, statements);
      const first = statements[before];
      if (inFront.length > 0 && first?.kind === 'declaration') statements[before] = annotated(first, inFront);
      inFront = [];
    }
  }
  return { kind: 'block', statements, span: source.spanOf(node) };
}

function annotated(statement: Extract<Statement, { kind: 'declaration' }>, annotations: readonly string[]): Statement {
  const variables = statement.variables.map((variable) => ({
    ...variable,
    attributes: [...annotations, ...variable.attributes],
    type: withAttributes(variable.type, annotations),
  }));
  return { ...statement, variables };
}

/** A statement where C wants exactly one; labels before it make a block of it. */
function single(source: Source, node: SyntaxNode | undefined, within: SyntaxNode): Statement {
  if (node === undefined) return unknown(source, within);
  const statements: Statement[] = [];
  flatten(source, node, statements);
  const [first] = statements;
  if (first !== undefined && statements.length === 1) return first;
  return { kind: 'block', statements, span: source.spanOf(node) };
}

function unknown(source: Source, node: SyntaxNode): Statement {
  return { kind: 'unknown', text: source.textOf(node), span: source.spanOf(node) };
}

/** Appends what a node is to a list: several statements where it is labelled. */
function flatten(source: Source, node: SyntaxNode, into: Statement[]): void {
  switch (node.type) {
    case 'kernel_annotation':
      return;
    case 'labeled_statement': {
      const label = inField(node, 'label');
      if (label === undefined) {
        into.push(unknown(source, node));
        return;
      }
      into.push({ kind: 'label', name: source.textOf(label), span: source.spanOf(label) });
      for (const child of node.children) if (child.named && child !== label) flatten(source, child, into);
      return;
    }
    case 'case_statement': {
      into.push(caseMarker(source, node));
      for (const child of node.children) if (child.named && child.field !== 'value' && child.field !== 'high') flatten(source, child, into);
      return;
    }
    default:
      into.push(convertStatement(source, node));
  }
}

function caseMarker(source: Source, node: SyntaxNode): Statement {
  const low = inField(node, 'value');
  const colon = node.children.findIndex((child) => child.type === ':');
  const lastOfMarker = node.children[colon - 1];
  const first = node.children[0];
  const end = lastOfMarker?.named === true ? source.spanOf(lastOfMarker).end : undefined;
  const whole = source.spanOf(node);
  if (low === undefined) {
    // Tokens carry no place of their own: `default` is as long as its name.
    const length = first?.type.length ?? 0;
    return { kind: 'default', span: { start: whole.start, end: Math.min(whole.end, whole.start + length) } };
  }
  const high = inField(node, 'high');
  return {
    kind: 'case',
    low: convertExpression(source, low),
    high: high === undefined ? null : convertExpression(source, high),
    span: { start: whole.start, end: end ?? whole.end },
  };
}

/** The expression within the parentheses of an `if`, `while` or `switch`. */
function condition(source: Source, node: SyntaxNode): Expression {
  const child = inField(node, 'condition');
  return child === undefined ? { kind: 'unknown', text: source.textOf(node), span: source.spanOf(node) } : convertExpression(source, child);
}

function optionalExpression(source: Source, node: SyntaxNode | undefined): Expression | null {
  return node === undefined ? null : convertExpression(source, node);
}

function argumentsOf(source: Source, node: SyntaxNode): readonly Argument[] {
  const list = inField(node, 'arguments') ?? ofType(node, 'argument_list');
  return list === undefined ? [] : convertArguments(source, list);
}

/** A statement that carries no label. */
function convertStatement(source: Source, node: SyntaxNode): Statement {
  const span = source.spanOf(node);
  switch (node.type) {
    case 'compound_statement':
      return convertBlock(source, node);
    case 'expression_statement': {
      const inner = firstNamed(node);
      if (inner === undefined) return { kind: 'empty', span };
      if (inner.type === 'gnu_asm_expression') return { kind: 'asm', text: source.textOf(inner), span };
      return { kind: 'expression', expression: convertExpression(source, inner), span };
    }
    case 'local_label_declaration':
      return {
        kind: 'local-labels',
        names: node.children.filter((child) => child.field === 'label').map((child) => source.textOf(child)),
        span,
      };
    case 'declaration':
    case 'type_definition':
      return convertLocalDeclaration(source, node);
    case 'struct_specifier':
    case 'union_specifier':
    case 'enum_specifier':
      return convertLocalDeclaration(source, node);
    case 'if_statement': {
      const otherwise = inField(node, 'alternative');
      return {
        kind: 'if',
        condition: condition(source, node),
        then: single(source, inField(node, 'consequence'), node),
        else: otherwise === undefined ? null : single(source, firstNamed(otherwise), otherwise),
        span,
      };
    }
    case 'switch_statement':
      return { kind: 'switch', value: condition(source, node), body: single(source, inField(node, 'body'), node), span };
    case 'while_statement':
      return { kind: 'while', condition: condition(source, node), body: single(source, inField(node, 'body'), node), span };
    case 'do_statement':
      return { kind: 'do', body: single(source, inField(node, 'body'), node), condition: condition(source, node), span };
    case 'for_statement':
      return {
        kind: 'for',
        initial: forInitial(source, inField(node, 'initializer')),
        condition: optionalExpression(source, inField(node, 'condition')),
        next: optionalExpression(source, inField(node, 'update')),
        body: single(source, inField(node, 'body'), node),
        span,
      };
    case 'iterator_statement': {
      const macro = inField(node, 'iterator');
      if (macro === undefined) return unknown(source, node);
      return {
        kind: 'iterator',
        macro: source.textOf(macro),
        arguments: argumentsOf(source, node),
        body: single(source, inField(node, 'body'), node),
        span,
      };
    }
    case 'macro_declaration':
      return convertLocalDeclaration(source, node);
    // A macro with a block, whose name says nothing: most that are written so are loops, and a loop may run once.
    case 'macro_statement':
    case 'scoped_guard_statement': {
      const macro = inField(node, 'macro');
      if (macro === undefined) return unknown(source, node);
      return {
        kind: node.type === 'macro_statement' ? 'iterator' : 'scoped-guard',
        macro: source.textOf(macro),
        arguments: argumentsOf(source, node),
        body: single(source, inField(node, 'body'), node),
        span,
      };
    }
    case 'goto_statement': {
      const label = inField(node, 'label');
      if (label !== undefined) return { kind: 'goto', label: source.textOf(label), span };
      const target = firstNamed(node);
      return target === undefined ? unknown(source, node) : { kind: 'computed-goto', target: convertExpression(source, target), span };
    }
    case 'break_statement':
      return { kind: 'break', span };
    case 'continue_statement':
      return { kind: 'continue', span };
    case 'return_statement':
      return { kind: 'return', value: optionalExpression(source, firstNamed(node)), span };
    case 'gnu_asm_expression':
      return { kind: 'asm', text: source.textOf(node), span };
    default:
      return unknown(source, node);
  }
}

function forInitial(source: Source, node: SyntaxNode | undefined): Statement | null {
  if (node === undefined) return null;
  if (node.type === 'declaration') return convertLocalDeclaration(source, node);
  return { kind: 'expression', expression: convertExpression(source, node), span: source.spanOf(node) };
}
