// A subsystem as a program: its functions as graphs, its constants, types and options, and what could not be read.
import type { NotAnalysed } from '../model/finding.js';
import type { CType, MacroDefinition, RecordDefinition, SourceUnit } from '../syntax/ast.js';
import type { FunctionGraph } from './graph.js';

export interface Program {
  /** The subsystem's folder, relative to the tree's root, such as `fs/fuse`. */
  readonly folder: string;
  readonly units: readonly SourceUnit[];
  /** In order of file and place. */
  readonly functions: readonly FunctionGraph[];
  readonly notAnalysed: readonly NotAnalysed[];
  /** The function that a call to `name` in `file` reaches: a static of that file, else one with external linkage or of a header. */
  resolve(name: string, file: string): FunctionGraph | undefined;
  /** The value of a macro or enumerator that is an integer constant. */
  constant(name: string): bigint | undefined;
  record(tag: string): RecordDefinition | undefined;
  typedef(name: string): CType | undefined;
  macro(name: string): MacroDefinition | undefined;
  /** Options asked for and not stated by Kconfig or the user. */
  readonly assumedOptions: readonly { readonly name: string; readonly value: boolean }[];
}
