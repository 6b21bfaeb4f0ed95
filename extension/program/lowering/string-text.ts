// Strings that are made of macros: `NAME ": " TEXT`, or a macro alone that stands for one.
import type { Expression, MacroDefinition } from '../../syntax/ast.js';

const piece = /"(?:\\[^]|[^"\\])*"|[A-Za-z_]\w*|[^]/g;

/** The text of a string with its macros in their places; names of headers that are not read stay, and add nothing. */
export function stringText(text: string, macro: (name: string) => MacroDefinition | undefined, depth = 0): string {
  if (depth > 20 || !/[A-Za-z_]/.test(text.replace(/"(?:\\[^]|[^"\\])*"/g, ''))) return text;
  return (text.match(piece) ?? [])
    .map((part) => {
      if (!/^[A-Za-z_]/.test(part)) return part;
      const found = macro(part);
      return found && !found.parameters && isString(found.body) ? stringText(found.body.trim(), macro, depth + 1) : part;
    })
    .join('');
}

/** The string that an expression is, by itself or by a macro; undefined for any other. */
export function stringOf(e: Expression, macro: (name: string) => MacroDefinition | undefined): string | undefined {
  if (e.kind === 'string') return stringText(e.text, macro);
  if (e.kind !== 'identifier') return undefined;
  const text = stringText(e.name, macro);
  return text.includes('"') ? text : undefined;
}

/** Whether a macro's body is made of strings and of names of more of them. */
function isString(body: string): boolean {
  return /^\s*(?:"(?:\\[^]|[^"\\])*"|[A-Za-z_]\w*|\s)+$/.test(body);
}
