// Text with the macros in it replaced as the C preprocessor does (C11 6.10.3), and where each part of it came from.
import type { Offset, Span } from '../model/source.js';
import type { MacroDefinition } from './ast.js';
import { expandMacro, tokensOf } from './macro-text.js';

/** What a name is defined as where it is asked for. */
export type MacroLookup = (name: string) => MacroDefinition | undefined;

/** How much of arguments and bodies is looked through for one text, in UTF-16 code units: macros can double at each level. */
const most = 100_000;
/** No macro is replaced within more of others. */
const deepest = 60;

/** What is left to look through. */
interface Budget {
  left: number;
}

/** A stretch of the text made: `start` and `end` are those of what it came from, as it is or as a use of a macro. */
interface Stretch {
  readonly at: Offset;
  readonly start: Offset;
  readonly end: Offset;
  readonly isMacro: boolean;
}

/** A text in which macros are replaced. */
export class ExpandedText {
  constructor(
    readonly text: string,
    private readonly stretches: readonly Stretch[],
  ) {}

  /** The place, in the text that was expanded, of a part of what came out; a part of a macro has that of its use. */
  spanOf(start: Offset, end: Offset): Span {
    const first = this.stretchAt(start);
    const last = this.stretchAt(Math.max(start, end - 1));
    return {
      start: first.isMacro ? first.start : first.start + start - first.at,
      end: last.isMacro ? last.end : last.start + end - last.at,
    };
  }

  private stretchAt(offset: Offset): Stretch {
    let low = 0;
    let high = this.stretches.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.stretches[middle]?.at ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return this.stretches[low] ?? { at: 0, start: 0, end: 0, isMacro: false };
  }
}

/**
 * `text`, which stands at `base`, with its macros replaced by what they are defined as at each place; null where there is none
 * in it, or where that becomes too much.
 */
export function expandMacros(
  text: string,
  base: Offset,
  macroAt: (name: string, at: Offset) => MacroDefinition | undefined,
): ExpandedText | null {
  const tokens = tokensOf(text);
  const stretches: Stretch[] = [];
  const pieces: string[] = [];
  let from = base;
  let length = 0;
  let changed = false;
  const budget: Budget = { left: most };
  for (let at = 0; at < tokens.length;) {
    const here = from;
    const macro: MacroLookup = (name) => macroAt(name, here);
    const use = useAt(tokens, at, macro);
    const written = tokens.slice(at, use?.end ?? at + 1).join('');
    const expansion = use === null ? written : replaced(use, macro, new Set(), budget);
    // Spaces keep it apart from what stands beside it.
    const made = use === null || expansion === null ? expansion : ` ${expansion} `;
    if (made === null) return null;
    if (made !== '') stretches.push({ at: length, start: from, end: from + written.length, isMacro: use !== null });
    pieces.push(made);
    changed ||= use !== null;
    length += made.length;
    from += written.length;
    at = use?.end ?? at + 1;
  }
  return changed ? new ExpandedText(pieces.join(''), stretches) : null;
}

/** A use of a macro among tokens. */
interface Use {
  readonly macro: MacroDefinition;
  /** As written. */
  readonly given: readonly string[];
  /** Behind its last token. */
  readonly end: number;
}

function useAt(tokens: readonly string[], at: number, lookup: MacroLookup): Use | null {
  const name = tokens[at] ?? '';
  const macro = /^[A-Za-z_]/.test(name) ? lookup(name) : undefined;
  if (!macro) return null;
  if (macro.parameters === null) return { macro, given: [], end: at + 1 };
  let open = at + 1;
  while (isBlank(tokens[open])) open++;
  return tokens[open] === '(' ? withArguments(macro, tokens, open) : null;
}

function isBlank(token: string | undefined): boolean {
  return token !== undefined && (token.trim() === '' || token.startsWith('/*') || token.startsWith('//'));
}

/** The use whose arguments are in the parentheses that open there; null where they don't close. */
function withArguments(macro: MacroDefinition, tokens: readonly string[], open: number): Use | null {
  const given = [''];
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    const token = tokens[at] ?? '';
    if (token === '(' && depth++ === 0) continue;
    if (token === ')' && --depth === 0) return { macro, given: given.map((each) => each.trim()), end: at + 1 };
    if (token === ',' && depth === 1) given.push('');
    else given.push(`${given.pop() ?? ''}${isBlank(token) ? ' ' : token}`);
  }
  return null;
}

/** What a use becomes; `busy` are the macros around it, which are not replaced again. Null where it is not known. */
function replaced({ macro, given }: Use, lookup: MacroLookup, busy: ReadonlySet<string>, budget: Budget): string | null {
  if (busy.size > deepest) return null;
  const expanded: string[] = [];
  for (const each of given) {
    const text = replacedIn(each, lookup, busy, budget);
    if (text === null) return null;
    expanded.push(text);
  }
  const body = expandMacro(macro, given, expanded);
  return body === undefined ? null : replacedIn(body, lookup, new Set(busy).add(macro.name), budget);
}

function replacedIn(text: string, lookup: MacroLookup, busy: ReadonlySet<string>, budget: Budget): string | null {
  if ((budget.left -= text.length) < 0) return null;
  const visible: MacroLookup = (name) => (busy.has(name) ? undefined : lookup(name));
  const tokens = tokensOf(text);
  let made = '';
  for (let at = 0; at < tokens.length;) {
    const use = useAt(tokens, at, visible);
    const part = use === null ? (tokens[at] ?? '') : replaced(use, lookup, busy, budget);
    if (part === null) return null;
    made += use === null ? part : ` ${part} `;
    at = use?.end ?? at + 1;
  }
  return made;
}
