// A subsystem as a program: its functions as graphs, its constants, types and options, and what could not be read.
import type { NotAnalysed } from '../model/finding.js';
import type { Span } from '../model/source.js';
import type { CType, EnumDefinition, Expression, MacroDefinition, RecordDefinition, SourceUnit } from '../syntax/ast.js';
import type { Measure } from './constants.js';
import type { FunctionGraph } from './graph.js';

/** A variable of file scope. */
export interface GlobalVariable {
  readonly name: string;
  readonly file: string;
  readonly type: CType;
  /** The flexible array at its end, as long as the initialiser makes it; null where that has none of it. */
  readonly flexible: { readonly name: string; readonly type: CType } | null;
  readonly span: Span;
  /** A function without parameters that sets it; null where it begins as zero. */
  readonly initialiser: FunctionGraph | null;
  /** Why its initialiser could not be lowered. */
  readonly notLowered: string | null;
}

/** Values of constant expressions where it is known how types are laid out. */
export interface MeasuredConstants {
  valueOf(e: Expression): bigint | undefined;
  /** The values of an enumeration's constants, in order; of those that can't be worked out undefined. */
  enumerated(definition: EnumDefinition): readonly (bigint | undefined)[];
  valueOfText(text: string): bigint | undefined;
  /** What `typeof` makes of an expression of file scope. */
  typeOfExpression(e: Expression): CType | undefined;
}

export interface Program {
  /** The subsystem's folder, relative to the tree's root, such as `fs/fuse`. */
  readonly folder: string;
  readonly units: readonly SourceUnit[];
  /** A short key; the same for programs of one loader in which all names mean the same: only bodies of functions differ, and places. */
  readonly declarations: string;
  /** In order of file and place. */
  readonly functions: readonly FunctionGraph[];
  readonly notAnalysed: readonly NotAnalysed[];
  /** The functions of a name, in order of file and place. */
  functionsNamed(name: string): readonly FunctionGraph[];
  /** Why the first function of a name that could not be lowered was not; undefined where all of that name are among `functions`. */
  notAnalysedNamed(name: string): NotAnalysed | undefined;
  /** The function that a call to `name` in `file` reaches: a static of that file, else one with external linkage or of a header. */
  resolve(name: string, file: string): FunctionGraph | undefined;
  /** The variable of file scope that `name` means in `file`. */
  global(name: string, file: string): GlobalVariable | undefined;
  /** What a function returns, where a definition or prototype is seen. */
  returns(name: string, file: string): CType | undefined;
  /** The value of a macro or enumerator that is an integer constant. */
  constant(name: string): bigint | undefined;
  /** Values of constant expressions of file scope, for who knows how types are laid out. */
  measured(measure: Measure): MeasuredConstants;
  record(tag: string): RecordDefinition | undefined;
  typedef(name: string): CType | undefined;
  enumeration(tag: string): EnumDefinition | undefined;
  macro(name: string): MacroDefinition | undefined;
  /** Options asked for and not stated by Kconfig or the user. */
  readonly assumedOptions: readonly { readonly name: string; readonly value: boolean }[];
}
