// Types and declarators: from syntax tree to AST.
import type { CType, EnumDefinition, Expression, RecordField, Parameter, RecordDefinition } from './ast.js';
import { convertArguments, convertExpression } from './convert-expressions.js';
import { firstNamed, inField, ofType, type Source, type SyntaxNode } from './syntax-tree.js';
import { sizedType, wellKnownType } from './well-known-types.js';

/** What a declarator declares: a name with its type, or a type alone where it is abstract. */
export interface Declarator {
  readonly name: SyntaxNode | null;
  readonly type: CType;
  /** Attributes and annotations that stand within the declarator, as written. */
  readonly attributes: readonly string[];
  /** The parameters, where the name is a function's. */
  readonly parameters: { readonly list: readonly Parameter[]; readonly variadic: boolean } | null;
}

/** Specifiers of a declaration: its type, and the attributes written among them. */
export interface Specifiers {
  readonly type: CType;
  readonly attributes: readonly string[];
  /** Words of storage and of inlining, such as `static`. */
  readonly storage: readonly string[];
}

/** Annotations and qualifiers among the children of a node, as written. */
function annotationsIn(source: Source, node: SyntaxNode): readonly string[] {
  const found: string[] = [];
  for (const child of node.children)
    if (child.type === 'kernel_annotation' || child.type === 'type_qualifier') found.push(source.textOf(child));
  return found;
}

/** Annotations, qualifiers and alignments before the first declarator: they are about everything declared, but for those `about` a type. */
function annotationsBefore(source: Source, node: SyntaxNode, about: readonly SyntaxNode[]): readonly string[] {
  const found: string[] = [];
  for (const child of node.children) {
    if (child.type === 'kernel_annotation' && !about.includes(child)) found.push(source.textOf(child));
    else if (child.type === 'type_qualifier') found.push(source.textOf(child));
    else if (child.field === 'declarator') break;
  }
  return found;
}

/** Annotations between a type and what is declared of it: where the type is one that is defined there, they are about it. */
export function annotationsOfType(source: Source, node: SyntaxNode, specifier: SyntaxNode): readonly string[] {
  return directlyBehind(node, specifier).map((child) => source.textOf(child));
}

function directlyBehind(node: SyntaxNode, specifier: SyntaxNode): readonly SyntaxNode[] {
  const behind = node.children.slice(node.children.indexOf(specifier) + 1);
  const end = behind.findIndex((child) => child.type !== 'kernel_annotation');
  return end < 0 ? behind : behind.slice(0, end);
}

/** Whether a specifier defines a record or an enumeration. */
function defines(specifier: SyntaxNode): boolean {
  return ['struct_specifier', 'union_specifier', 'enum_specifier'].includes(specifier.type) && inField(specifier, 'body') !== undefined;
}

/** Annotations that stand behind one declarator and before the next: they are about that one. */
export function annotationsBehind(source: Source, node: SyntaxNode, declarator: SyntaxNode): readonly string[] {
  const found: string[] = [];
  for (let at = node.children.indexOf(declarator) + 1; at < node.children.length; at++) {
    const child = node.children[at];
    if (child?.type === 'kernel_annotation') found.push(source.textOf(child));
    else if (child?.field === 'declarator') break;
  }
  return found;
}

/** The type and modifiers that stand before the declarators of a declaration, field, parameter, typedef or cast. */
export function convertSpecifiers(source: Source, node: SyntaxNode): Specifiers {
  const storage: string[] = [];
  for (const child of node.children) if (child.type === 'storage_class_specifier') storage.push(source.textOf(child));
  const specifier = inField(node, 'type');
  const type: CType =
    specifier === undefined ? { kind: 'unknown', text: '' } : convertType(source, specifier, annotationsOfType(source, node, specifier));
  // Those of a type that is defined here are about the type, wherever it is used.
  if (specifier !== undefined && defines(specifier))
    return { type, attributes: annotationsBefore(source, node, directlyBehind(node, specifier)), storage };
  const inside = specifier === undefined ? [] : annotationsIn(source, specifier);
  return { type, attributes: [...annotationsBefore(source, node, []), ...inside], storage };
}

/** The type that a specifier names. */
function convertType(source: Source, node: SyntaxNode, behind: readonly string[]): CType {
  const text = source.textOf(node);
  switch (node.type) {
    case 'primitive_type':
    case 'type_identifier':
    case 'identifier':
      if (text === '__auto_type') return { kind: 'unknown', text };
      return wellKnownType(text) ?? { kind: 'named', name: text };
    case 'sized_type_specifier':
      return sizedType(text.split(/\s+/));
    case 'struct_specifier':
    case 'union_specifier': {
      const record = convertRecord(source, node, behind);
      const tag = inField(node, 'name');
      return { kind: 'record', union: node.type === 'union_specifier', tag: tag === undefined ? null : source.textOf(tag), record };
    }
    case 'enum_specifier': {
      const tag = inField(node, 'name');
      return { kind: 'enum', tag: tag === undefined ? null : source.textOf(tag), enumeration: convertEnum(source, node, behind) };
    }
    case 'type_descriptor':
      return convertTypeDescriptor(source, node);
    case 'typeof_specifier':
      return typeOf(source, node);
    default:
      return { kind: 'unknown', text };
  }
}

const modes: Readonly<Record<string, 8 | 16 | 32 | 64 | 128>> = { QI: 8, byte: 8, HI: 16, SI: 32, DI: 64, word: 64, pointer: 64, TI: 128 };

/** What gcc's attributes `mode` and `vector_size` make of a type; any other leaves it as it is. */
export function withAttributes(type: CType, attributes: readonly string[]): CType {
  let made = type;
  for (const text of attributes) {
    const mode = /\b_*mode_*\s*\(\s*_*([A-Za-z]+?)_*\s*\)/.exec(text)?.[1];
    const bits = mode === undefined ? undefined : modes[mode];
    if (bits !== undefined && made.kind === 'integer') made = { ...made, bits };
    else if (mode !== undefined && /^[SDTX]F$/.test(mode)) made = { kind: 'float', bits: mode === 'SF' ? 32 : mode === 'DF' ? 64 : 128 };
    const bytes = /\b_*vector_size_*\s*(\((?:[^()]|\([^()]*\))*\))/.exec(text)?.[1];
    if (bytes !== undefined) made = { kind: 'vector', of: made, bytes };
  }
  return made;
}

/** The type that a typedef or a type's name with these attributes stands for: one with an alignment of its own, where they state one. */
export function typeWithAttributes(type: CType, attributes: readonly string[]): CType {
  const made = withAttributes(type, attributes);
  return attributes.some(statesAlignment) ? { kind: 'aligned', of: made, attributes } : made;
}

/** Whether an attribute, as written, is about alignment. */
function statesAlignment(text: string): boolean {
  return /aligned|alignas/i.test(text);
}

/** The type that stands in a cast, in `sizeof` or as an argument of a macro. */
export function convertTypeDescriptor(source: Source, node: SyntaxNode): CType {
  const { type, attributes } = convertSpecifiers(source, node);
  const declarator = inField(node, 'declarator');
  if (declarator === undefined) return typeWithAttributes(type, attributes);
  const declared = convertDeclarator(source, declarator, type, attributes);
  return typeWithAttributes(declared.type, declared.attributes);
}

/** What a declarator makes of the type before it. `before` are the annotations that stand between the two. */
export function convertDeclarator(source: Source, outermost: SyntaxNode, base: CType, before: readonly string[] = []): Declarator {
  let type = base;
  let pending = before;
  let parameters: Declarator['parameters'] = null;
  const attributes: string[] = [];
  for (let node: SyntaxNode | undefined = outermost; ;) {
    const inner = inField(node, 'declarator');
    switch (node.type) {
      case 'pointer_declarator':
      case 'abstract_pointer_declarator':
        type = { kind: 'pointer', to: type, attributes: pending };
        pending = annotationsIn(source, node);
        parameters = null;
        break;
      case 'array_declarator':
      case 'abstract_array_declarator':
        type = { kind: 'array', of: type, length: arrayLength(source, node) };
        parameters = null;
        break;
      case 'function_declarator':
      case 'abstract_function_declarator':
        parameters = convertParameters(source, inField(node, 'parameters') ?? ofType(node, 'parameter_list'));
        type = {
          kind: 'function',
          returns: type,
          parameters: parameters.list.map((parameter) => parameter.type),
          variadic: parameters.variadic,
        };
        pending = [];
        attributes.push(...trailingAnnotations(source, node));
        break;
      case 'parenthesized_declarator':
      case 'abstract_parenthesized_declarator':
        break;
      case 'init_declarator':
        break;
      default:
        return { name: node, type, attributes, parameters };
    }
    attributes.push(...annotationsIn(source, node));
    const next: SyntaxNode | undefined = inner ?? innerDeclarator(node);
    if (next === undefined) return { name: null, type, attributes, parameters };
    node = next;
  }
}

/** Parameters of a function; `(void)` is none. Arrays and functions are pointers there, as C has it. */
function convertParameters(
  source: Source,
  list: SyntaxNode | undefined,
): { readonly list: readonly Parameter[]; readonly variadic: boolean } {
  const result: Parameter[] = [];
  let variadic = false;
  // An annotation at either end of a parameter stands beside it, not in it.
  let before: string[] = [];
  let fresh = true;
  for (const child of list?.children ?? []) {
    if (child.type === ',') fresh = true;
    if (child.type === 'variadic_parameter') variadic = true;
    if (child.type === 'kernel_annotation') {
      const last = result.pop();
      const text = source.textOf(child);
      if (fresh || last === undefined) before.push(text);
      if (last !== undefined) result.push(fresh ? last : { ...last, attributes: [...last.attributes, text] });
    }
    if (child.type !== 'parameter_declaration') continue;
    fresh = false;
    const specifiers = convertSpecifiers(source, child);
    const declarator = inField(child, 'declarator');
    const declared = declarator === undefined ? null : convertDeclarator(source, declarator, specifiers.type, specifiers.attributes);
    const name = declared?.name ?? null;
    const type = declared?.type ?? specifiers.type;
    if (type.kind === 'void' && name === null) continue;
    const lengths = lengthsIn(type).filter(doesSomething);
    result.push({
      name: name === null ? null : source.textOf(name),
      type: decayed(type),
      ...(lengths.length > 0 ? { lengths } : {}),
      attributes: [...before, ...specifiers.attributes, ...(declared?.attributes ?? [])],
      span: source.spanOf(child),
    });
    before = [];
  }
  return { list: result, variadic };
}

/** The record that a `struct` or `union` specifier defines in place, or null where it only names one; `behind` it stand annotations. */
export function convertRecord(source: Source, node: SyntaxNode, behind: readonly string[]): RecordDefinition | null {
  const body = inField(node, 'body');
  if (body === undefined) return null;
  const tag = inField(node, 'name');
  return {
    union: node.type === 'union_specifier',
    tag: tag === undefined ? null : source.textOf(tag),
    fields: body.children.flatMap((child) => fieldsOf(source, child)),
    attributes: [...annotationsIn(source, node), ...behind],
    pack: source.packOf(node),
    span: source.spanOf(node),
  };
}

/** The enumeration that an `enum` specifier defines in place, or null where it only names one; `behind` it stand annotations. */
export function convertEnum(source: Source, node: SyntaxNode, behind: readonly string[]): EnumDefinition | null {
  const body = inField(node, 'body');
  if (body === undefined) return null;
  const tag = inField(node, 'name');
  const constants: EnumDefinition['constants'][number][] = [];
  // What a macro spells out that is not replaced (parser.ts) may be any number of constants: the next one's value is not known.
  let spelled: Expression | null = null;
  for (const child of body.children) {
    const span = source.spanOf(child);
    if (child.type === 'enumerator_macro') spelled = { kind: 'unknown', text: source.textOf(child), span };
    if (child.type !== 'enumerator') continue;
    const name = inField(child, 'name');
    const value = inField(child, 'value');
    constants.push({
      name: name === undefined ? '' : source.textOf(name),
      value: value === undefined ? spelled : convertExpression(source, value),
      span,
    });
    spelled = null;
  }
  return {
    tag: tag === undefined ? null : source.textOf(tag),
    attributes: [...annotationsIn(source, node), ...behind],
    constants,
    span: source.spanOf(node),
  };
}

function fieldsOf(source: Source, node: SyntaxNode): readonly RecordField[] {
  if (node.type === 'field_declaration') return convertFields(source, node);
  if (node.type === 'macro_field') return convertMacroField(source, node);
  return [];
}

/** Fields that a macro declares: `struct_group` is read as its members, bitmaps and flexible arrays as arrays. */
function convertMacroField(source: Source, node: SyntaxNode): readonly RecordField[] {
  const span = source.spanOf(node);
  const macro = inField(node, 'macro');
  const list = inField(node, 'arguments');
  if (macro === undefined || list === undefined) return [];
  const name = source.textOf(macro);
  const inner = list.children.filter((child) => child.type === 'field_argument').flatMap((child) => child.children);
  if (inner.length > 0) return inner.flatMap((child) => fieldsOf(source, child));
  const args = convertArguments(source, list);
  const [first, second] = args;
  const field = (text: string | undefined, type: CType): readonly RecordField[] => [
    { name: text ?? null, type, bitWidth: null, attributes: [], span },
  ];
  if (name === 'DECLARE_BITMAP' && second?.kind === 'value')
    return field(first?.text, { kind: 'array', of: { kind: 'integer', bits: 64, signed: false }, length: words(second.expression) });
  if (name.endsWith('DECLARE_FLEX_ARRAY') && first !== undefined) {
    const of: CType = first.kind === 'type' ? first.type : { kind: 'named', name: first.text };
    return field(second?.text, { kind: 'array', of, length: null });
  }
  return field(args.at(-1)?.text, { kind: 'unknown', text: source.textOf(node) });
}

/** The longs that a bitmap of so many bits takes: `(bits + 63) / 64`. */
function words(bits: Expression): Expression {
  const { span } = bits;
  const number = (value: bigint): Expression => ({ kind: 'number', value, unsigned: false, long: false, text: `${value}`, span });
  const rounded: Expression = { kind: 'binary', operator: '+', left: bits, right: number(63n), span };
  return { kind: 'binary', operator: '/', left: rounded, right: number(64n), span };
}

function convertFields(source: Source, node: SyntaxNode): readonly RecordField[] {
  const { type, attributes } = convertSpecifiers(source, node);
  const fields: RecordField[] = [];
  for (const child of node.children) {
    if (child.field === 'declarator') {
      const declared = convertDeclarator(source, child, type, attributes);
      const all = [...attributes, ...declared.attributes, ...annotationsBehind(source, node, child)];
      fields.push({
        name: declared.name === null ? null : source.textOf(declared.name),
        type: withAttributes(declared.type, all),
        bitWidth: null,
        attributes: all,
        span: source.spanOf(child),
      });
    } else if (child.type === 'bitfield_clause') {
      const width = firstNamed(child);
      const bitWidth = width === undefined ? null : convertExpression(source, width);
      const last = fields.pop();
      fields.push(last !== undefined ? { ...last, bitWidth } : { name: null, type, bitWidth, attributes, span: source.spanOf(child) });
    }
  }
  if (fields.length === 0) fields.push({ name: null, type, bitWidth: null, attributes, span: source.spanOf(node) });
  return fields;
}

/** Of an array and its elements, from the outermost on. */
function lengthsIn(type: CType): readonly Expression[] {
  return type.kind === 'array' ? [...(type.length === null ? [] : [type.length]), ...lengthsIn(type.of)] : [];
}

/** Whether an expression changes something, or calls what may. */
function doesSomething(e: unknown): boolean {
  if (typeof e !== 'object' || e === null) return false;
  if ('kind' in e && (e.kind === 'update' || e.kind === 'assignment' || e.kind === 'call')) return true;
  return Object.values(e).some(doesSomething);
}

function decayed(type: CType): CType {
  if (type.kind === 'array') return { kind: 'pointer', to: type.of, attributes: [] };
  if (type.kind === 'function') return { kind: 'pointer', to: type, attributes: [] };
  return type;
}

function arrayLength(source: Source, node: SyntaxNode): Expression | null {
  const size = inField(node, 'size');
  return size?.named === true ? convertExpression(source, size) : null;
}

/** Annotations that the grammar does not know by name: `int f(void) __frobs(lock)`. */
function trailingAnnotations(source: Source, node: SyntaxNode): readonly string[] {
  return node.children
    .filter((child) => child.field === null && (child.type === 'identifier' || child.type === 'call_expression'))
    .map((child) => source.textOf(child));
}

/** The declarator within parentheses, which the grammar keeps in no field. */
function innerDeclarator(node: SyntaxNode): SyntaxNode | undefined {
  return node.children.find((child) => child.type.endsWith('declarator') || child.type.endsWith('identifier'));
}

/** `typeof(x)`, in whatever spelling. */
function typeOf(source: Source, node: SyntaxNode): CType {
  const text = source.textOf(node);
  const inner = inField(node, 'value') ?? inField(node, 'type');
  if (inner === undefined) return { kind: 'unknown', text };
  // By its look a lone name may be a type or a variable; in the kernel it is nearly always a variable.
  const named = inner.type === 'type_descriptor' && inner.children.length === 1 ? firstNamed(inner) : inner;
  if (named?.type === 'identifier' || named?.type === 'type_identifier')
    return { kind: 'typeof', of: wellKnownType(source.textOf(named)) ?? convertExpression(source, named) };
  return {
    kind: 'typeof',
    of: inner.type === 'type_descriptor' ? convertTypeDescriptor(source, inner) : convertExpression(source, inner),
  };
}
