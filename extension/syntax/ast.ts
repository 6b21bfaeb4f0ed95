// C as plain data: what the rest of the program sees of a parsed file. No parser object leaves `syntax/`.
import type { Offset, Span } from '../model/source.js';

/** Everything has a span in the text of its own file; code that came out of a macro has the span of the macro call. */
interface Node {
  readonly span: Span;
}

// ---- types -----------------------------------------------------------------------------------------------------

export type CType =
  | { readonly kind: 'void' }
  | { readonly kind: 'boolean' }
  | {
      readonly kind: 'integer';
      readonly bits: 8 | 16 | 32 | 64 | 128;
      readonly signed: boolean;
      /** Set where another type has the same values and is another type for all that (C11 6.2.5): unsigned char, and long. */
      readonly own?: 'char' | 'long long';
    }
  | { readonly kind: 'float'; readonly bits: 32 | 64 | 128 }
  /** Of gcc's `vector_size`; `bytes` is its argument as written. */
  | { readonly kind: 'vector'; readonly of: CType; readonly bytes: string }
  /** The type that gcc's `aligned` makes of another in a typedef: the same but for its alignment. Attributes as written. */
  | { readonly kind: 'aligned'; readonly of: CType; readonly attributes: readonly string[] }
  /** `attributes`: annotations and qualifiers of what it points to, as written. */
  | { readonly kind: 'pointer'; readonly to: CType; readonly attributes: readonly string[] }
  | { readonly kind: 'array'; readonly of: CType; readonly length: Expression | null }
  | { readonly kind: 'function'; readonly returns: CType; readonly parameters: readonly CType[]; readonly variadic: boolean }
  /** `tag` is null for an anonymous record; `record` is set where the type is defined in place. */
  | { readonly kind: 'record'; readonly union: boolean; readonly tag: string | null; readonly record: RecordDefinition | null }
  | { readonly kind: 'enum'; readonly tag: string | null; readonly enumeration: EnumDefinition | null }
  /** A typedef's name, not looked up here. */
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'typeof'; readonly of: Expression | CType }
  /** `__auto_type` and what could not be read; `text` says what stood there. */
  | { readonly kind: 'unknown'; readonly text: string };

export interface RecordField extends Node {
  /** null for an anonymous member record, whose fields are reached as the parent's. */
  readonly name: string | null;
  readonly type: CType;
  readonly bitWidth: Expression | null;
  readonly attributes: readonly string[];
}

export interface RecordDefinition extends Node {
  readonly union: boolean;
  readonly tag: string | null;
  readonly fields: readonly RecordField[];
  /** Annotations and attributes as written: `__packed`, `__aligned(8)`, ... */
  readonly attributes: readonly string[];
  /** The most bytes that `#pragma pack` lets a member be aligned to; null where it says nothing. */
  readonly pack: number | null;
}

export interface EnumDefinition extends Node {
  readonly tag: string | null;
  readonly attributes: readonly string[];
  readonly constants: readonly { readonly name: string; readonly value: Expression | null; readonly span: Span }[];
}

// ---- expressions -----------------------------------------------------------------------------------------------

export type UnaryOperator = '!' | '~' | '-' | '+' | '*' | '&';
export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '<<' | '>>' | '&' | '|' | '^' | '==' | '!=' | '<' | '>' | '<=' | '>=';

export type Expression =
  | (Node & { readonly kind: 'identifier'; readonly name: string })
  /** `value` is exact; `unsigned` and `long` come from the suffix. */
  | (Node & { readonly kind: 'number'; readonly value: bigint; readonly unsigned: boolean; readonly long: boolean; readonly text: string })
  | (Node & { readonly kind: 'float'; readonly text: string })
  | (Node & { readonly kind: 'character'; readonly value: bigint; readonly type: CType & { readonly kind: 'integer' } })
  /** `text` is as written, with its quotes; `stringValue` of literals.ts reads it. */
  | (Node & { readonly kind: 'string'; readonly text: string })
  | (Node & { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression })
  | (Node & { readonly kind: 'update'; readonly operator: '++' | '--'; readonly prefix: boolean; readonly operand: Expression })
  | (Node & { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression })
  | (Node & { readonly kind: 'logical'; readonly operator: '&&' | '||'; readonly left: Expression; readonly right: Expression })
  /** `operator` is null for plain `=`, otherwise the arithmetic part of `+=` and its like. */
  | (Node & {
      readonly kind: 'assignment';
      readonly operator: BinaryOperator | null;
      readonly target: Expression;
      readonly value: Expression;
    })
  /** `then` is null in GNU `a ?: b`. */
  | (Node & { readonly kind: 'conditional'; readonly condition: Expression; readonly then: Expression | null; readonly else: Expression })
  | (Node & { readonly kind: 'call'; readonly callee: Expression; readonly arguments: readonly Argument[] })
  | (Node & { readonly kind: 'field'; readonly base: Expression; readonly name: string; readonly arrow: boolean; readonly nameSpan: Span })
  | (Node & { readonly kind: 'index'; readonly base: Expression; readonly index: Expression })
  | (Node & { readonly kind: 'cast'; readonly type: CType; readonly operand: Expression })
  | (Node & { readonly kind: 'sizeof'; readonly operand: Expression | CType; readonly ofType: boolean; readonly alignment: boolean })
  | (Node & { readonly kind: 'offsetof'; readonly type: CType; readonly member: string })
  | (Node & { readonly kind: 'comma'; readonly left: Expression; readonly right: Expression })
  | (Node & { readonly kind: 'statement-expression'; readonly body: Block })
  | (Node & { readonly kind: 'compound-literal'; readonly type: CType; readonly initialiser: InitialiserList })
  | InitialiserList
  /** `_Generic`; `type` is null for its default. */
  | (Node & {
      readonly kind: 'generic';
      readonly of: Expression;
      readonly choices: readonly { readonly type: CType | null; readonly value: Expression }[];
      readonly text: string;
    })
  /** A construct that is not understood; whoever needs its value must say so. */
  | (Node & { readonly kind: 'unknown'; readonly text: string });

/** What an initialiser's entry is for: a member by its name, an element by its index, or gcc's `[low ... high]`. */
export type Designator = string | Expression | (Node & { readonly kind: 'range'; readonly low: Expression; readonly high: Expression });

export interface InitialiserList extends Node {
  readonly kind: 'initialiser-list';
  readonly entries: readonly {
    /** `.a.b` is ['a', 'b']; `[3]` is an Expression; empty for a positional entry. */
    readonly designators: readonly Designator[];
    readonly value: Expression;
    /** The value is the text of macros side by side, which spell out entries of their own with the commas between them. */
    readonly spelled?: true;
  }[];
}

/** A macro's argument may be a type (`kmalloc_obj(struct x)`) or a block of statements. `text` is as written. */
export type Argument =
  | (Node & { readonly kind: 'value'; readonly expression: Expression; readonly text: string })
  | (Node & { readonly kind: 'type'; readonly type: CType; readonly text: string })
  | (Node & { readonly kind: 'block'; readonly block: Block; readonly text: string });

// ---- statements ------------------------------------------------------------------------------------------------

export interface Block extends Node {
  readonly kind: 'block';
  readonly statements: readonly Statement[];
}

export type Statement =
  | Block
  | (Node & { readonly kind: 'expression'; readonly expression: Expression })
  | (Node & { readonly kind: 'declaration'; readonly variables: readonly VariableDeclaration[] })
  | (Node & { readonly kind: 'if'; readonly condition: Expression; readonly then: Statement; readonly else: Statement | null })
  | (Node & { readonly kind: 'switch'; readonly value: Expression; readonly body: Statement })
  /** `case low ... high:` has both; `default:` is a label of its own kind. The labelled statement follows in the block. */
  | (Node & { readonly kind: 'case'; readonly low: Expression; readonly high: Expression | null })
  | (Node & { readonly kind: 'default' })
  | (Node & { readonly kind: 'while'; readonly condition: Expression; readonly body: Statement })
  | (Node & { readonly kind: 'do'; readonly body: Statement; readonly condition: Expression })
  | (Node & {
      readonly kind: 'for';
      readonly initial: Statement | null;
      readonly condition: Expression | null;
      readonly next: Expression | null;
      readonly body: Statement;
    })
  /** A loop made by a macro: `list_for_each_entry(pos, head, member) body`. */
  | (Node & { readonly kind: 'iterator'; readonly macro: string; readonly arguments: readonly Argument[]; readonly body: Statement })
  /** `scoped_guard(mutex, &lock) body` and `scoped_cond_guard(...)`; `macro` says which. */
  | (Node & { readonly kind: 'scoped-guard'; readonly macro: string; readonly arguments: readonly Argument[]; readonly body: Statement })
  | (Node & { readonly kind: 'goto'; readonly label: string })
  /** `goto *p` */
  | (Node & { readonly kind: 'computed-goto'; readonly target: Expression })
  | (Node & { readonly kind: 'label'; readonly name: string })
  /** GNU C's `__label__ a, b;`: labels of this block alone. */
  | (Node & { readonly kind: 'local-labels'; readonly names: readonly string[] })
  | (Node & { readonly kind: 'break' })
  | (Node & { readonly kind: 'continue' })
  | (Node & { readonly kind: 'return'; readonly value: Expression | null })
  | (Node & { readonly kind: 'asm'; readonly text: string })
  | (Node & { readonly kind: 'empty' })
  | (Node & { readonly kind: 'unknown'; readonly text: string });

// ---- declarations ----------------------------------------------------------------------------------------------

export interface VariableDeclaration extends Node {
  readonly kind: 'variable';
  readonly name: string;
  readonly nameSpan: Span;
  readonly type: CType;
  readonly storage: Storage;
  /** Annotations, attributes and qualifiers as written: `__free(kfree)`, `__read_mostly`, `const`, ... */
  readonly attributes: readonly string[];
  readonly initialiser: Expression | null;
}

export interface Storage {
  readonly static: boolean;
  readonly inline: boolean;
  readonly extern: boolean;
}

export interface Parameter extends Node {
  /** null where a prototype gives none. */
  readonly name: string | null;
  readonly type: CType;
  readonly attributes: readonly string[];
  /** Lengths of the arrays that it is written as, of which working them out does something: they are, when the function begins. */
  readonly lengths?: readonly Expression[];
}

export interface FunctionDefinition extends Node {
  readonly kind: 'function';
  readonly name: string;
  readonly nameSpan: Span;
  readonly returns: CType;
  readonly parameters: readonly Parameter[];
  readonly variadic: boolean;
  readonly storage: Storage;
  readonly attributes: readonly string[];
  readonly body: Block;
  /** Why the body can't be trusted (the place of the first parse error), or null. */
  readonly error: string | null;
}

export type Declaration =
  | FunctionDefinition
  | VariableDeclaration
  | (Node & {
      readonly kind: 'prototype';
      readonly name: string;
      readonly returns: CType;
      readonly parameters: readonly Parameter[];
      readonly variadic: boolean;
      readonly storage: Storage;
      readonly attributes: readonly string[];
    })
  | (Node & { readonly kind: 'record'; readonly definition: RecordDefinition })
  | (Node & { readonly kind: 'enum'; readonly definition: EnumDefinition })
  | (Node & { readonly kind: 'typedef'; readonly name: string; readonly type: CType })
  /** A macro used at file level: `EXPORT_SYMBOL_GPL(x)`, `TRACE_EVENT(...)`, `DEFINE_FREE(...)`. */
  | (Node & { readonly kind: 'macro-use'; readonly name: string; readonly arguments: readonly Argument[]; readonly text: string })
  | (Node & { readonly kind: 'unknown'; readonly text: string });

/** `parameters` is null for an object-like macro. `body` is the text with line continuations as written. */
export interface MacroDefinition extends Node {
  readonly name: string;
  readonly parameters: readonly string[] | null;
  readonly variadic: boolean;
  readonly body: string;
}

export interface SourceUnit {
  readonly file: string;
  readonly text: string;
  readonly declarations: readonly Declaration[];
  /** Macros of the active branches, in order; a later definition of a name replaces an earlier one. */
  readonly macros: readonly MacroDefinition[];
  /** Names that an `#undef` of an active branch takes back, with the place of each. */
  readonly takenBack: readonly { readonly name: string; readonly at: Offset }[];
  readonly comments: readonly { readonly span: Span; readonly text: string }[];
  /** Parts that an `#if` took out under the configuration in force. */
  readonly inactive: readonly Span[];
  /** Parse errors outside function bodies, with what stood there. */
  readonly errors: readonly { readonly span: Span; readonly message: string }[];
  /** Options asked for by `#if` or `#ifdef`, with the answer they got. */
  readonly options: readonly { readonly name: string; readonly value: boolean }[];
}
