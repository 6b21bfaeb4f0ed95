// What lowering asks about names that are no part of the program's units: macros and functions of headers that are not read.
import type { CType } from '../../syntax/ast.js';
import type { PureExpression } from '../graph.js';
import type { CallExpression, Want } from './call.js';
import type { Lowering } from './lowering.js';

export interface Api {
  /** Whether the macro is its first argument, and nothing else. */
  isTransparent(name: string): boolean;
  /** How a call of the macro is lowered; undefined for a name that is called as a function is. */
  macro(name: string): MacroLowering | undefined;
  /** The type of the variable that the macro's first argument names and declares (`LIST_HEAD(name)`); undefined for other macros. */
  declares(name: string): CType | undefined;
  /** What a function returns; undefined where that is not known. */
  returns(name: string): CType | undefined;
  /** Whether it returns a pointer to what its first argument is, or is the type of. */
  returnsArgument(name: string): boolean;
  guardClass(name: string): GuardClass | undefined;
  objectClass(name: string): ObjectClass | undefined;
}

/**
 * Returns the value; null where branches to the wanted targets are emitted, undefined where a call with these arguments is none of
 * the macro.
 */
export type MacroLowering = (l: Lowering, e: CallExpression, want: Want, name: string) => PureExpression | null | undefined;

/** A class of `guard()`: which calls it makes. */
export interface GuardClass {
  readonly lock: string;
  readonly unlock: string;
  /** What else lock and unlock share: the flags given to the lock, or the index it returns. */
  readonly state?: 'flags' | 'index';
  /** What a lock that may be refused returns where it was taken; absent where it always is. */
  readonly succeeds?: 'zero' | 'nonzero';
}

/** A class of `CLASS()`. */
export interface ObjectClass {
  readonly type: CType;
  readonly acquire: string;
  readonly release: string;
  /** `held`: where the object is neither NULL nor an ERR_PTR; `valid`: where it is not negative. */
  readonly releasedIf: 'always' | 'held' | 'valid';
}
