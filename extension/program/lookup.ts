// What a name means in a loaded program: the functions, variables, types and constants that its parts are asked for.
import type { CType } from '../syntax/ast.js';
import type { Constants, Measure } from './constants.js';
import type { Globals } from './globals.js';
import type { LoweredFunctions } from './lowered-functions.js';
import type { Names } from './names.js';
import type { Program } from './program.js';

export type Lookup = Pick<
  Program,
  'resolve' | 'global' | 'returns' | 'constant' | 'measured' | 'record' | 'typedef' | 'enumeration' | 'macro'
>;

export interface Searched {
  readonly names: Names;
  readonly typedef: (name: string) => CType | undefined;
  readonly constants: Constants;
  /** The same constants for who knows how types are laid out. */
  readonly measured: (measure: Measure) => Constants;
  readonly globals: Globals;
  /** Files from which the static functions of every file are seen. */
  readonly everywhere: ReadonlySet<string>;
}

export function lookupIn(functions: LoweredFunctions, { names, typedef, constants, measured, globals, everywhere }: Searched): Lookup {
  return {
    resolve(name, file) {
      const all = functions.named(name).functions;
      return (
        all.find((each) => each.file === file) ??
        all.find((each) => !each.storage.static || each.file.endsWith('.h')) ??
        (everywhere.has(file) ? all[0] : undefined)
      );
    },
    global: (name, file) => globals.get(name, file),
    returns: (name, file) => names.returns(name, file),
    constant: (name) => constants.get(name),
    measured,
    record: (tag) => names.record(tag, undefined),
    typedef,
    enumeration: (tag) => names.enumeration(tag, undefined),
    macro: (name) => names.macro(name, undefined),
  };
}
