// Which macro a name is at a place of a file, by the directives of that file alone.
import type { Offset } from '../model/source.js';
import type { MacroDefinition } from './ast.js';
import { withNamedRest } from './macro-text.js';
import { predefinedTypes } from './predefined.js';
import type { Preprocessed } from './preprocessor.js';

/** What a name becomes at a place; null where an `#undef` takes it back. */
interface Change {
  readonly at: Offset;
  readonly macro: MacroDefinition | null;
}

/** The macros of a file whose text is `text`. */
export class FileMacros {
  private readonly changes = new Map<string, Change[]>();

  constructor(
    { macros, undefined: takenBack }: Preprocessed,
    private readonly text: string,
  ) {
    const all = [
      ...macros.map((macro) => ({ name: macro.name, at: macro.span.start, macro })),
      ...takenBack.map(({ name, at }) => ({ name, at, macro: null })),
    ].sort((a, b) => a.at - b.at);
    for (const { name, ...change } of all) {
      const known = this.changes.get(name);
      if (known === undefined) this.changes.set(name, [change]);
      else known.push(change);
    }
  }

  /** The definition that counts at an offset of the file, or undefined. */
  get(name: string, at: Offset): MacroDefinition | undefined {
    const macro = this.changes.get(name)?.findLast((change) => change.at < at)?.macro;
    if (macro === undefined) return predefinedMacro(name);
    return macro === null ? undefined : withNamedRest(macro, this.text);
  }
}

/** What gcc defines before a file begins. */
function predefinedMacro(name: string): MacroDefinition | undefined {
  const body = predefinedTypes.get(name);
  return body === undefined ? undefined : { name, parameters: null, variadic: false, body, span: { start: 0, end: 0 } };
}
