// Names of members of a program's records.
import type { Program } from './program.js';

/** Of the records that its files declare; those of records within these are not among them. */
export function memberNames({ units }: Pick<Program, 'units'>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { declarations } of units)
    for (const declaration of declarations)
      if (declaration.kind === 'record') for (const { name } of declaration.definition.fields) if (name !== null) names.add(name);
  return names;
}
