// The text a use of a macro stands for: parameters, #, ## and variable arguments (C11 6.10.3 and GNU's `, ## args`).
import type { MacroDefinition } from './ast.js';

const token = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[A-Za-z_]\w*|\.?\d(?:[eEpP][+-]|[\w.])*|##|\s+|./gsu;

/** The tokens of C text, with space and comments among them; together they are the text. */
export function tokensOf(text: string): readonly string[] {
  return text.match(token) ?? [];
}

/**
 * The macro's body with its arguments in place of its parameters, or undefined where the counts don't match. `given` are the
 * arguments as written, for # and ##; `expanded` are the same with the macros in them replaced, for all else.
 */
export function expandMacro(macro: MacroDefinition, given: readonly string[], expanded: readonly string[] = given): string | undefined {
  const body = macro.body.replace(/\\\r?\n/g, ' ');
  const values = bind(macro, given);
  const plain = expanded === given ? values : bind(macro, expanded);
  if (!values || !plain) return undefined;
  const pieces: string[] = [];
  let behindValue = false;
  const tokens = tokensOf(body).map((text) => (/^(?:\/\*|\/\/)/.test(text) ? ' ' : text));
  for (let at = 0; at < tokens.length; at++) {
    const text = tokens[at] ?? '';
    if (text === '#' && macro.parameters) {
      const next = skipBlank(tokens, at + 1);
      const value = values.get(tokens[next] ?? '');
      if (value !== undefined) {
        pieces.push(JSON.stringify(value));
        at = next;
        continue;
      }
    }
    if (text === '##') {
      while (pieces.length > 0 && (pieces.at(-1) ?? '').trim() === '') pieces.pop();
      at = skipBlank(tokens, at + 1);
      const value = values.get(tokens[at] ?? '');
      if (value === '' && macro.variadic && pieces.at(-1) === ',') pieces.pop();
      pieces.push(value ?? tokens[at] ?? '');
      continue;
    }
    const pasted = tokens[skipBlank(tokens, at + 1)] === '##';
    const value = (pasted ? values : plain).get(text);
    if ((value !== undefined || behindValue) && merges(pieces.at(-1), value ?? text)) pieces.push(' ');
    behindValue = value !== undefined && !pasted;
    pieces.push(value ?? text);
  }
  return pieces.join('').trim();
}

/** Whether two tokens would become another one side by side: `-x` with x for `-1`. */
function merges(left: string | undefined, right: string): boolean {
  const last = left?.at(-1) ?? '';
  const first = right.at(0) ?? '';
  return (/\w/.test(last) && /\w/.test(first)) || (/[-+&|<>=]/.test(last) && (first === last || first === '=' || first === '>'));
}

/** `args...` as written: a macro's definition, in `text`, doesn't tell a named rest from a last parameter before `...`. */
export function withNamedRest(macro: MacroDefinition, text: string): MacroDefinition {
  const last = macro.parameters?.at(-1);
  if (!macro.variadic || !macro.parameters || last === undefined) return macro;
  const head = /\(([^)]*)\)/.exec(text.slice(macro.span.start, macro.span.end))?.[1] ?? '';
  if (!new RegExp(`\\b${last}\\s*\\.\\.\\.\\s*$`).test(head)) return macro;
  return { ...macro, parameters: [...macro.parameters.slice(0, -1), `${last}...`] };
}

function bind(macro: MacroDefinition, given: readonly string[]): Map<string, string> | undefined {
  const values = new Map<string, string>();
  if (!macro.parameters) return values;
  const named = macro.parameters.map((name) => name.replace(/\s*\.\.\.$/, ''));
  const last = named.at(-1);
  // `args...` may be listed among the parameters, or `...` be known only by the flag.
  const restIsNamed = macro.variadic && (macro.parameters.at(-1)?.endsWith('...') ?? false) && last !== '' && last !== undefined;
  const plain = named.filter((name) => name !== '' && name !== '__VA_ARGS__');
  if (restIsNamed) plain.pop();
  const arguments_ = given.length === 1 && given[0]?.trim() === '' && plain.length !== 1 ? [] : given;
  if (arguments_.length < plain.length || (!macro.variadic && arguments_.length > plain.length)) return undefined;
  plain.forEach((name, at) => values.set(name, (arguments_[at] ?? '').trim()));
  if (macro.variadic) {
    const rest = arguments_.slice(plain.length).join(', ').trim();
    values.set('__VA_ARGS__', rest);
    if (restIsNamed) values.set(last, rest);
  }
  return values;
}

function skipBlank(tokens: readonly string[], from: number): number {
  let at = from;
  while (at < tokens.length && (tokens[at] ?? '').trim() === '') at++;
  return at;
}

/** The comma-separated parts inside the outermost parentheses of `NAME(a, b)`, trimmed. */
export function splitArguments(text: string): string[] {
  const open = text.indexOf('(');
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const piece of open < 0 ? [] : tokensOf(text.slice(open))) {
    if ('([{'.includes(piece) && depth++ === 0) continue;
    if (')]}'.includes(piece) && --depth === 0) break;
    if (piece === ',' && depth === 1) {
      parts.push(part.trim());
      part = '';
    } else part += piece;
  }
  if (part.trim() !== '' || parts.length > 0) parts.push(part.trim());
  return parts;
}

/** Whether a text has a comma outside of brackets. */
export function hasComma(text: string): boolean {
  let depth = 0;
  for (const token of tokensOf(text)) {
    if ('([{'.includes(token)) depth++;
    else if (')]}'.includes(token)) depth--;
    else if (token === ',' && depth === 0) return true;
  }
  return false;
}
