// What lowering one function needs to know of the rest of the program.
import type { Result } from '../../model/result.js';
import type { Span } from '../../model/source.js';
import type { Enumerator } from '../constants.js';
import type { Api } from './api.js';
import type { Block, CType, EnumDefinition, Expression, MacroDefinition, RecordDefinition } from '../../syntax/ast.js';

/** A `DEFINE_FREE`, `DEFINE_CLASS` or guard definition that the program's units hold, as texts. */
export type CleanupDefinition =
  | { readonly kind: 'free'; readonly type: string; readonly body: string }
  | {
      readonly kind: 'class';
      readonly type: string;
      readonly exit: string;
      readonly initial: string;
      readonly parameters: readonly string[];
    }
  | { readonly kind: 'guard'; readonly type: string; readonly lock: string; readonly unlock: string }
  | { readonly kind: 'lock-guard'; readonly type: string | null; readonly lock: string; readonly unlock: string };

export interface LoweringContext {
  readonly file: string;
  /** What is known of headers that are no part of the program's units. */
  readonly api: Api;
  /** A macro that the file can see among those that the program's units define. */
  macro(name: string): MacroDefinition | undefined;
  /** The value of a macro or enumerator that is an integer constant. */
  constant(name: string): bigint | undefined;
  enumerator(name: string): Enumerator | undefined;
  /** The value of a constant expression of file scope, as far as it does not hang on how types are laid out. */
  valueOf(e: Expression): bigint | undefined;
  /** The type of such a constant. */
  constantType(name: string): CType | undefined;
  /** Whether an option is set; the name carries its `CONFIG_`. */
  option(name: string): boolean;
  /** What a function returns, where a definition or prototype of it is seen. */
  returns(name: string): CType | undefined;
  /** The type of a variable of file scope. */
  global(name: string): CType | undefined;
  record(tag: string): RecordDefinition | undefined;
  typedef(name: string): CType | undefined;
  enumeration(tag: string): EnumDefinition | undefined;
  /** A `DEFINE_FREE` by its name. */
  free(name: string): CleanupDefinition | undefined;
  /** A `DEFINE_CLASS`, `DEFINE_GUARD` or `DEFINE_LOCK_GUARD_*` by its name. */
  guardClass(name: string): CleanupDefinition | undefined;
  /** The statements or the reason why the text is none. Every node has the span given. */
  parseStatements(text: string, span: Span): Result<Block, string>;
  parseExpression(text: string, span: Span): Result<Expression, string>;
}

/** Thrown and caught inside `program/`: the function can't be lowered. */
export class CannotLower extends Error {
  constructor(
    readonly span: Span,
    reason: string,
  ) {
    super(reason);
  }
}
