// A topic of the kernel's API: all that is known of its names, in one place.
import type { GuardClass, MacroLowering, ObjectClass } from '../program/lowering/api.js';
import type { CType } from '../syntax/ast.js';
import type { Contract } from './contract.js';

/** Several names stand in one text, with white space between. */
export interface Topic {
  readonly contracts: readonly Contract[];
  /** What functions return, for the types of temporaries. Not complete, and nothing depends on it being so. */
  readonly returns?: readonly (readonly [type: CType, names: string])[];
  /** Functions that return a pointer to what their first argument is, or is the type of. */
  readonly returnsArgument?: RegExp;
  /** Macros that are their first argument. */
  readonly transparent?: string;
  readonly macros?: ReadonlyMap<string, MacroLowering>;
  /** Macros that are known by how their names are made. */
  readonly families?: readonly (readonly [names: RegExp, lowering: MacroLowering])[];
  /** By macro: the type of the variable that its first argument declares. */
  readonly declares?: Readonly<Record<string, CType>>;
  readonly guards?: Readonly<Record<string, GuardClass>>;
  readonly objects?: Readonly<Record<string, ObjectClass>>;
}

export function namesIn(text: string): readonly string[] {
  return text.split(/\s+/).filter((name) => name !== '');
}

/** Lowerings by macro; several names may stand in one key. */
export function macros(table: Readonly<Record<string, MacroLowering>>): ReadonlyMap<string, MacroLowering> {
  return new Map(Object.entries(table).flatMap(([names, lowering]) => namesIn(names).map((name) => [name, lowering] as const)));
}
