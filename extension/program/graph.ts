// The one program form: a control-flow graph a function, of few kinds of statements over side-effect-free expressions.
// Short circuits, conditional expressions, statement expressions, iterator macros and cleanup.h scopes are gone here.
import type { Span } from '../model/source.js';
import type { BinaryOperator, CType, Storage } from '../syntax/ast.js';

export type BlockId = number;
export type VariableId = number;

export interface Variable {
  readonly id: VariableId;
  /** As written; temporaries are named `%1`, `%2`, ... */
  readonly name: string;
  readonly kind: 'parameter' | 'local' | 'static' | 'temporary';
  readonly type: CType;
  readonly span: Span;
  /**
   * Of a static local that does not begin as zero: a function without parameters that sets it. Its variables are those of
   * the function that the local is in, by the same ids, and its own temporaries.
   */
  readonly initialiser?: FunctionGraph;
}

/** An expression that names memory. `p->f` is the field `f` of the dereference of `p`. */
export type PlaceExpression =
  | { readonly kind: 'variable'; readonly variable: VariableId; readonly span: Span }
  /** A variable of file scope, or a name that nothing in the program defines. */
  | { readonly kind: 'global'; readonly name: string; readonly span: Span }
  | { readonly kind: 'field'; readonly base: PlaceExpression; readonly name: string; readonly span: Span }
  /** `base` is the array, or the dereference of the pointer that is indexed: `p[i]` is the index `i` of `*p`. */
  | { readonly kind: 'index'; readonly base: PlaceExpression; readonly index: PureExpression; readonly span: Span }
  | { readonly kind: 'deref'; readonly pointer: PureExpression; readonly span: Span };

/** An expression without calls, assignments or jumps. A place used as an expression is a read of it. */
export type PureExpression =
  | PlaceExpression
  /**
   * `name` is the macro or enumerator that the value came from, such as ENOMEM in -ENOMEM's operand. `type` is absent
   * where it is int.
   */
  | { readonly kind: 'constant'; readonly value: bigint; readonly name: string | null; readonly type?: CType; readonly span: Span }
  | { readonly kind: 'string'; readonly text: string; readonly span: Span }
  | { readonly kind: 'function'; readonly name: string; readonly span: Span }
  | { readonly kind: 'address'; readonly place: PlaceExpression; readonly span: Span }
  | { readonly kind: 'unary'; readonly operator: '!' | '~' | '-' | '+'; readonly operand: PureExpression; readonly span: Span }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: PureExpression;
      readonly right: PureExpression;
      readonly span: Span;
    }
  | { readonly kind: 'cast'; readonly type: CType; readonly operand: PureExpression; readonly span: Span }
  /**
   * `value` is null where the size is not known; equal `text` means equal size. An `offsetof(type, member)` or alignment is
   * one, too, with a `text` that says so.
   */
  | {
      readonly kind: 'sizeof';
      /** What is asked of `type`; absent for its size. */
      readonly of?: 'offset' | 'alignment';
      /** Of an offset, such as `a.b`. */
      readonly member?: string;
      readonly type: CType | null;
      readonly text: string;
      readonly value: bigint | null;
      readonly span: Span;
    }
  /** `container_of(pointer, type, member)` and the macros that are it under another name (`list_entry`, ...). */
  | {
      readonly kind: 'container-of';
      readonly pointer: PureExpression;
      readonly type: CType;
      readonly member: string;
      readonly span: Span;
    }
  /** Not understood; `text` is as written. */
  | { readonly kind: 'unknown'; readonly text: string; readonly span: Span };

export function isPlace(value: PureExpression): value is PlaceExpression {
  return value.kind === 'variable' || value.kind === 'global' || value.kind === 'field' || value.kind === 'index' || value.kind === 'deref';
}

export type CallArgument =
  { readonly kind: 'value'; readonly value: PureExpression } | { readonly kind: 'type'; readonly type: CType; readonly text: string };

export type Callee =
  | { readonly kind: 'direct'; readonly name: string }
  /** Through a pointer; `text` as written, such as `fc->iq.ops->release`. */
  | { readonly kind: 'indirect'; readonly pointer: PureExpression; readonly text: string };

export type Instruction =
  /**
   * `once`: a READ_ONCE, WRITE_ONCE or their like (smp_load_acquire, xchg, ...). An initialiser list is an assignment of
   * constant 0 to the whole variable (or temporary, for a compound literal) and one for each field it states; a positional
   * entry of a record that the program doesn't define goes to a field named `#0`, `#1`, ...
   */
  | {
      readonly kind: 'assign';
      readonly target: PlaceExpression;
      readonly value: PureExpression;
      readonly once: boolean;
      /** Set where it is but a part of the statement at `span`: the place that is read before the rest (single-accesses.ts). */
      readonly part?: Span;
      readonly span: Span;
    }
  | {
      readonly kind: 'call';
      readonly target: PlaceExpression | null;
      readonly callee: Callee;
      readonly arguments: readonly CallArgument[];
      /** Set where no call stands in the source: `__free(kfree)` at the end of a scope, a guard's unlock. */
      readonly implicit: string | null;
      readonly span: Span;
    }
  /**
   * A local comes into being; without an initialiser its value is indeterminate until assigned. A static local is never
   * declared: it is there, with what earlier calls left in it.
   */
  | { readonly kind: 'declare'; readonly variable: VariableId; readonly span: Span }
  /** A local's scope ends. Not said before a return, which ends all. Temporaries neither begin nor end. */
  | { readonly kind: 'end'; readonly variable: VariableId; readonly span: Span }
  /**
   * A macro loop asks for its next element: `target` becomes 1 and each of `cursors` is given an element, or 0 and the
   * loop ends. Emitted only where the macro's definition is not at hand.
   */
  | {
      readonly kind: 'iterate';
      readonly target: PlaceExpression;
      readonly cursors: readonly PlaceExpression[];
      readonly macro: string;
      readonly arguments: readonly CallArgument[];
      readonly span: Span;
    }
  /** Something with effects that is not understood (inline assembly, a strange macro); `text` as written. */
  | { readonly kind: 'opaque'; readonly text: string; readonly span: Span };

export interface SwitchCase {
  /** A single value has `high` equal to `low`; null where it isn't known, as with the size of a record. */
  readonly low: bigint | null;
  readonly high: bigint | null;
  /** What the two are, for who knows sizes. */
  readonly lowest: PureExpression;
  readonly highest: PureExpression;
  readonly text: string;
  readonly to: BlockId;
}

export type Terminator =
  /** `label` is set for a C `goto`. */
  | { readonly kind: 'goto'; readonly to: BlockId; readonly label: string | null; readonly span: Span }
  | {
      readonly kind: 'branch';
      readonly condition: PureExpression;
      readonly then: BlockId;
      readonly else: BlockId;
      /** What in the source this decides: each operand of `a && b` in an `if` is an `if`, as a value it is `logical`. */
      readonly source: 'if' | 'loop' | 'conditional' | 'logical' | 'cleanup';
      /** The statement on that side ends in goto, return, break or continue, so it does not join the other side. */
      readonly thenJumps: boolean;
      readonly elseJumps: boolean;
      readonly span: Span;
    }
  /** `default` is what follows where there is none. */
  | {
      readonly kind: 'switch';
      readonly value: PureExpression;
      readonly cases: readonly SwitchCase[];
      readonly default: BlockId;
      readonly span: Span;
    }
  | { readonly kind: 'return'; readonly value: PureExpression | null; readonly span: Span }
  /** After a call that does not return. */
  | { readonly kind: 'unreachable'; readonly span: Span };

export interface BasicBlock {
  readonly id: BlockId;
  /** The C labels that stand at its head. */
  readonly labels: readonly string[];
  readonly instructions: readonly Instruction[];
  readonly terminator: Terminator;
}

export interface FunctionGraph {
  readonly name: string;
  readonly file: string;
  readonly span: Span;
  readonly nameSpan: Span;
  readonly returns: CType;
  readonly storage: Storage;
  /** By id: parameters first, in order. */
  readonly variables: readonly Variable[];
  readonly parameterCount: number;
  readonly variadic: boolean;
  /** `blocks[i].id === i`; block 0 is the entry. Blocks that nothing reaches are left out. */
  readonly blocks: readonly BasicBlock[];
  /** C labels in source order. */
  readonly labels: readonly { readonly name: string; readonly block: BlockId; readonly span: Span }[];
  /** The `if` statements as they are written, in source order; an inner one comes after the one around it. */
  readonly ifs: readonly IfStatement[];
}

/** Where its parts stand; `else` is null where there is none. */
export interface IfStatement {
  readonly condition: Span;
  readonly then: Span;
  readonly else: Span | null;
}
