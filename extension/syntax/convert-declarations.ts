// Declarations and definitions, at file level and within functions: from syntax tree to AST.
import type { Span } from '../model/source.js';
import type {
  Argument,
  CType,
  Declaration,
  Expression,
  FunctionDefinition,
  Parameter,
  Statement,
  Storage,
  VariableDeclaration,
} from './ast.js';
import { convertArguments, convertExpression } from './convert-expressions.js';
import { convertBlock } from './convert-statements.js';
import {
  annotationsBehind,
  annotationsOfType,
  convertDeclarator,
  convertEnum,
  convertRecord,
  convertSpecifiers,
  typeWithAttributes,
  withAttributes,
  type Declarator,
  type Specifiers,
} from './convert-types.js';
import { keywords } from './keywords.js';
import { inField, type Source, type SyntaxNode } from './syntax-tree.js';

const fileLevel: ReadonlySet<string> = new Set([
  'function_definition',
  'macro_function_definition',
  'declaration',
  'macro_declaration',
  'macro_invocation',
  'type_definition',
  'struct_specifier',
  'union_specifier',
  'enum_specifier',
]);

/** Whether a node of this type stands at file level of its own right, not as a piece of something that did not parse. */
export function isFileLevel(type: string): boolean {
  return fileLevel.has(type);
}

/**
 * What a node at file level declares, in order; `error` says why its code can't be trusted, or is null. `behind` it stand annotations,
 * where it is a type by itself.
 */
export function convertTopLevel(
  source: Source,
  node: SyntaxNode,
  error: string | null,
  behind: readonly string[] = [],
): readonly Declaration[] {
  const span = source.spanOf(node);
  switch (node.type) {
    case 'function_definition':
      return [functionDefinition(source, node, error) ?? unknown(source, node)];
    case 'declaration':
      return declaration(source, node);
    case 'type_definition':
      return typedefs(source, node);
    case 'struct_specifier':
    case 'union_specifier':
    case 'enum_specifier':
      return inPlace(source, node, behind);
    case 'macro_function_definition':
      return [macroFunctionDefinition(source, node, error)];
    case 'macro_invocation':
    case 'macro_declaration':
      return [macroUse(source, node, span) ?? unknown(source, node)];
    default:
      return [unknown(source, node)];
  }
}

/** A declaration within a function. Types that are declared there are not kept: the statement is `unknown` then. */
export function convertLocalDeclaration(source: Source, node: SyntaxNode): Statement {
  const span = source.spanOf(node);
  if (node.type === 'macro_declaration') return macroAsStatement(source, node, inField(node, 'macro'), inField(node, 'arguments'));
  if (node.type !== 'declaration') return { kind: 'unknown', text: source.textOf(node), span };
  const variables: VariableDeclaration[] = [];
  for (const item of declaration(source, node)) {
    if (item.kind === 'variable') variables.push(item);
    if (item.kind === 'unknown') return { kind: 'unknown', text: item.text, span };
  }
  return { kind: 'declaration', variables, span };
}

/**
 * `static DEFINE_MUTEX(m);` in a function is given as the call of the macro that it looks like, `DECLARE_BITMAP(b, 8) = { 0 };` as an
 * assignment to one.
 */
function macroAsStatement(source: Source, node: SyntaxNode, macro: SyntaxNode | undefined, list: SyntaxNode | undefined): Statement {
  const span = source.spanOf(node);
  const value = inField(node, 'value');
  const isStatic = node.children.some((child) => child.type === 'storage_class_specifier' && source.textOf(child) === 'static');
  // A static one has its value before the function runs.
  if (macro === undefined || list === undefined || (value !== undefined && isStatic))
    return { kind: 'unknown', text: source.textOf(node), span };
  const callee: Expression = { kind: 'identifier', name: source.textOf(macro), span: source.spanOf(macro) };
  const call: Expression = { kind: 'call', callee, arguments: convertArguments(source, list), span };
  if (value === undefined) return { kind: 'expression', expression: call, span };
  const given = convertExpression(source, value);
  return { kind: 'expression', expression: { kind: 'assignment', operator: null, target: call, value: given, span }, span };
}

function unknown(source: Source, node: SyntaxNode): Declaration {
  return { kind: 'unknown', text: source.textOf(node), span: source.spanOf(node) };
}

function storageOf(words: readonly string[], attributes: readonly string[]): Storage {
  return {
    static: words.includes('static'),
    inline:
      words.some((word) => word === 'inline' || word === '__inline' || word === '__inline__') || attributes.includes('__always_inline'),
    extern: words.includes('extern'),
  };
}

function functionDefinition(source: Source, node: SyntaxNode, error: string | null): FunctionDefinition | null {
  const outer = inField(node, 'declarator');
  const body = inField(node, 'body');
  if (outer === undefined || body === undefined) return null;
  const specifiers = convertSpecifiers(source, node);
  const declared = convertDeclarator(source, outer, specifiers.type, specifiers.attributes);
  if (declared.name === null || declared.type.kind !== 'function' || declared.parameters === null) return null;
  if (keywords.has(source.textOf(declared.name))) return null;
  const attributes = [...specifiers.attributes, ...declared.attributes, ...annotationsBehind(source, node, outer)];
  return {
    kind: 'function',
    name: source.textOf(declared.name),
    nameSpan: source.spanOf(declared.name),
    returns: declared.type.returns,
    parameters: declared.parameters.list,
    variadic: declared.parameters.variadic,
    storage: storageOf(specifiers.storage, attributes),
    attributes,
    body: convertBlock(source, body),
    error,
    span: source.spanOf(node),
  };
}

/** The records and enumerations that a type specifier defines in place. */
function inPlace(source: Source, specifier: SyntaxNode | undefined, behind: readonly string[]): readonly Declaration[] {
  if (specifier === undefined) return [];
  const span = source.spanOf(specifier);
  if (specifier.type === 'enum_specifier') {
    const definition = convertEnum(source, specifier, behind);
    return definition === null ? [] : [{ kind: 'enum', definition, span }];
  }
  if (specifier.type === 'struct_specifier' || specifier.type === 'union_specifier') {
    const definition = convertRecord(source, specifier, behind);
    return definition !== null && definition.tag !== null ? [{ kind: 'record', definition, span }] : [];
  }
  return [];
}

/** The records and enumerations that the type of a declaration defines in place. */
function definedIn(source: Source, node: SyntaxNode): readonly Declaration[] {
  const specifier = inField(node, 'type');
  return specifier === undefined ? [] : inPlace(source, specifier, annotationsOfType(source, node, specifier));
}

function declaration(source: Source, node: SyntaxNode): readonly Declaration[] {
  const specifiers = convertSpecifiers(source, node);
  const declarators = node.children.filter((child) => child.field === 'declarator');
  const result: Declaration[] = [...definedIn(source, node)];
  for (const outer of declarators) {
    const declared = convertDeclarator(source, outer, specifiers.type, specifiers.attributes);
    if (declared.name === null) {
      result.push(unknown(source, node));
      continue;
    }
    const alone = declarators.length === 1 ? node : outer;
    const behind = annotationsBehind(source, node, outer);
    result.push(
      declaredItem(source, alone, outer, specifiers, { ...declared, attributes: [...declared.attributes, ...behind] }, declared.name),
    );
  }
  return result;
}

function declaredItem(
  source: Source,
  whole: SyntaxNode,
  outer: SyntaxNode,
  specifiers: Specifiers,
  declared: Declarator,
  name: SyntaxNode,
): Declaration {
  const attributes = [...specifiers.attributes, ...declared.attributes];
  const storage = storageOf(specifiers.storage, attributes);
  const span = source.spanOf(whole);
  if (declared.type.kind === 'function' && declared.parameters !== null)
    return {
      kind: 'prototype',
      name: source.textOf(name),
      returns: declared.type.returns,
      parameters: declared.parameters.list,
      variadic: declared.parameters.variadic,
      storage,
      attributes,
      span,
    };
  const value = outer.type === 'init_declarator' ? inField(outer, 'value') : undefined;
  return {
    kind: 'variable',
    name: source.textOf(name),
    nameSpan: source.spanOf(name),
    type: withAttributes(declared.type, attributes),
    storage,
    attributes,
    initialiser: value === undefined ? null : convertExpression(source, value),
    span,
  };
}

function typedefs(source: Source, node: SyntaxNode): readonly Declaration[] {
  const { type, attributes } = convertSpecifiers(source, node);
  const result: Declaration[] = [...definedIn(source, node)];
  for (const outer of node.children) {
    if (outer.field !== 'declarator') continue;
    const declared = convertDeclarator(source, outer, type, attributes);
    const all = [...attributes, ...declared.attributes, ...annotationsBehind(source, node, outer)];
    result.push(
      declared.name === null
        ? unknown(source, node)
        : { kind: 'typedef', name: source.textOf(declared.name), type: typeWithAttributes(declared.type, all), span: source.spanOf(node) },
    );
  }
  return result;
}

/** A macro used like a call at file level. */
function macroUse(source: Source, node: SyntaxNode, span: Span): Declaration | null {
  const callee = inField(node, 'macro');
  const list = inField(node, 'arguments');
  const text = source.textOf(node);
  if (callee === undefined || list === undefined) return null;
  return { kind: 'macro-use', name: source.textOf(callee), arguments: convertArguments(source, list), text, span };
}

/** `SYSCALL_DEFINE2(name, int, fd, ..) { }` defines `sys_name`; other macros that define functions are not understood. */
function macroFunctionDefinition(source: Source, node: SyntaxNode, error: string | null): Declaration {
  const macro = inField(node, 'macro');
  const list = inField(node, 'arguments');
  const body = inField(node, 'body');
  if (macro === undefined || list === undefined || body === undefined) return unknown(source, node);
  const name = source.textOf(macro);
  const args = convertArguments(source, list);
  const { storage, attributes } = convertSpecifiers(source, node);
  // A name in capitals is a macro that is given the function's; any other is a function's own, whose type was left out.
  const first = /^[A-Z]/.test(name) && /^\w+$/.test(args[0]?.text ?? '') ? args[0] : undefined;
  const named = first?.text ?? name;
  const systemCall = /^(COMPAT_)?SYSCALL_DEFINE[0-6]$/.test(name);
  return {
    kind: 'function',
    name: systemCall ? `sys_${args[0]?.text ?? ''}` : named,
    nameSpan: first === undefined ? source.spanOf(macro) : first.span,
    returns: { kind: 'integer', bits: 64, signed: true },
    parameters: systemCall ? systemCallParameters(args.slice(1)) : [],
    variadic: false,
    storage: storageOf(storage, attributes),
    attributes,
    body: convertBlock(source, body),
    error: error ?? (systemCall ? null : `${name} defines this function; what it makes of it is not known`),
    span: source.spanOf(node),
  };
}

/** Types and names in turn. */
function systemCallParameters(args: readonly Argument[]): readonly Parameter[] {
  const result: Parameter[] = [];
  for (let at = 0; at + 1 < args.length; at += 2) {
    const type = args[at];
    const name = args[at + 1];
    if (type === undefined || name === undefined) continue;
    const named: CType = { kind: 'named', name: type.text };
    result.push({
      name: name.text,
      type: type.kind === 'type' ? type.type : named,
      attributes: [],
      span: { start: type.span.start, end: name.span.end },
    });
  }
  return result;
}
