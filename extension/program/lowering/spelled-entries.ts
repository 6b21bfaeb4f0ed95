// Entries of an initialiser that macros spell out: `{ SET_OPS(suspend, resume) .prepare = prepare }`.
import type { Result } from '../../model/result.js';
import type { Span } from '../../model/source.js';
import type { Expression, InitialiserList, MacroDefinition } from '../../syntax/ast.js';
import { expandMacros } from '../../syntax/expand-macros.js';
import { hasComma, tokensOf } from '../../syntax/macro-text.js';

type Entries = InitialiserList['entries'];

/** What names mean where the initialiser stands. */
export interface EntryNames {
  macro(name: string): MacroDefinition | undefined;
  /** Whether a name is a variable or a constant: no macro that could be more than one value. */
  isValue(name: string): boolean;
  parse(text: string, span: Span): Result<Expression, string>;
}

/** The entries with those that macros stand for in their places; what is not known is left as it is, marked as `spelled`. */
export function withSpelledEntries(entries: Entries, names: EntryNames): Entries {
  return entries.flatMap((entry) => expanded(entry, names));
}

/** An entry, or those that it is where its value is a macro that stands for more than one value. */
function expanded(entry: Entries[number], names: EntryNames): Entries {
  const { value, designators, spelled } = entry;
  const text = designators.length > 0 ? undefined : spelled && value.kind === 'unknown' ? value.text : macroAsWritten(value, names);
  const made = text === undefined ? null : expandMacros(text, 0, (name) => names.macro(name));
  if (made === null || (spelled !== true && !maybeSeveral(made.text))) return [entry];
  const list = names.parse(`{ ${made.text} }`, value.span);
  if (!list.ok || list.value.kind !== 'initialiser-list') return [entry];
  const { entries } = list.value;
  const [only, ...others] = entries;
  const isOneValue = only !== undefined && others.length === 0 && only.designators.length === 0;
  return isOneValue && spelled !== true ? [entry] : entries;
}

/** What an argument of a call is that is a macro for none or for several, as text: `f(ARGS)`; undefined for any other. */
export function spelledArguments(value: Expression, names: EntryNames): string | undefined {
  const text = macroAsWritten(value, names);
  const made = text === undefined ? null : expandMacros(text, 0, (name) => names.macro(name));
  return made !== null && (made.text.trim() === '' || hasComma(made.text)) ? made.text : undefined;
}

/** Whether a text is more than one entry, or begins with a designator. */
function maybeSeveral(text: string): boolean {
  return hasComma(text) || /^\s*[.[]/.test(text);
}

/** The text of an expression that is a use of a macro; undefined for others. */
function macroAsWritten(value: Expression, names: EntryNames): string | undefined {
  // `LIST "z"`: a macro in front of a string may be more than a part of it.
  if (value.kind === 'string') return tokensOf(value.text).some((each) => names.macro(each)) ? value.text : undefined;
  const used = value.kind === 'call' ? value.callee : value;
  if (used.kind !== 'identifier' || names.isValue(used.name)) return undefined;
  const macro = names.macro(used.name);
  if (!macro || (macro.parameters !== null) !== (value.kind === 'call')) return undefined;
  return value.kind === 'call' ? `${used.name}(${value.arguments.map((each) => each.text).join(', ')})` : used.name;
}
