// Which lines of a C file count under a configuration, with no offset moved: directives and inactive branches become
// spaces, so that a span in the result is a span in the file. Nothing is included and no macro is expanded in the text.
import type { Offset, Span } from '../model/source.js';
import type { MacroDefinition, SourceUnit } from './ast.js';
import { evaluateCondition, type ConditionNames } from './condition.js';
import { PackStack, type PackChange } from './pragma-pack.js';
import { predefined } from './predefined.js';

export interface PreprocessorOptions {
  /** Whether a configuration option is on; the name includes `CONFIG_`. `=m` counts as on. */
  option(name: string): boolean;
  /** For other names: defined or not; undefined where that is not known (then `#ifdef` is false, `#ifndef` true). */
  defined?(name: string): boolean | undefined;
}

export interface Preprocessed {
  /** As long as the input in UTF-16 code units, with the same line ends. */
  readonly text: string;
  /** What stands in the branches not taken, outermost only, in order; the directives around them are not part. */
  readonly inactive: readonly Span[];
  /** `#define`s of active branches, in order, also those that an `#undef` takes back. */
  readonly macros: readonly MacroDefinition[];
  /** Names that an `#undef` of an active branch takes back, and where, in order. */
  readonly undefined: readonly { readonly name: string; readonly at: Offset }[];
  /** Options asked for by conditions that were evaluated, with the answer; each once, in order. */
  readonly options: SourceUnit['options'];
  /** What `#pragma pack` says, in order. */
  readonly packs: readonly PackChange[];
  /** What is wrong with the directives; the text is usable all the same. */
  readonly errors: readonly { readonly span: Span; readonly message: string }[];
}

/** Blanks what is not C. Time is linear in the text's length; no input makes it throw. */
export function preprocess(text: string, options: PreprocessorOptions): Preprocessed {
  return new Preprocessor(text, options).run();
}

/** An `#if` that is open. */
interface Conditional {
  readonly span: Span;
  /** Whether the code around it counts. */
  readonly outer: boolean;
  /** A branch was taken, so no later one is. */
  taken: boolean;
  sawElse: boolean;
}

const TAB = 9;
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
const APOSTROPHE = 39;
const STAR = 42;
const SLASH = 47;
const BACKSLASH = 92;
const UNDERSCORE = 95;

const DIRECTIVE = /^#(?:\s|\\\r?\n)*([A-Za-z_]\w*)?/;
const DEFINE = /^(?:\s|\\\r?\n|\/\*[^]*?\*\/)*([A-Za-z_$][\w$]*)(\(([^)]*)\))?/;
/** gcc's "Push/Pop Macro Pragmas". */
const PUSH_OR_POP = /^\s*(push|pop)_macro\s*\(\s*"([A-Za-z_$][\w$]*)"\s*\)/;
const OPERATOR = /\b_Pragma\s*\(\s*"((?:[^"\\\n]|\\.)*)"\s*\)/y;
const COMMENT_OR_STRING = /\/\*[^]*?(?:\*\/|$)|\/\/[^]*|"(?:[^"\\\n]|\\[^])*"?|'(?:[^'\\\n]|\\[^])*'?/g;

class Preprocessor implements ConditionNames {
  private readonly inactive: Span[] = [];
  private readonly macros: MacroDefinition[] = [];
  private readonly takenBack: { name: string; at: Offset }[] = [];
  private readonly answers = new Map<string, boolean>();
  private readonly errors: { span: Span; message: string }[] = [];
  /** Macros of this file; null for a name that `#undef` took back. */
  private readonly known = new Map<string, MacroDefinition | null>();
  /** By name, what `#pragma push_macro` keeps of it, the last one last. */
  private readonly pushed = new Map<string, readonly (MacroDefinition | null | undefined)[]>();
  private readonly open: Conditional[] = [];
  private readonly packs = new PackStack();
  private readonly pieces: string[] = [];
  /** Up to here the text is in `pieces`. */
  private copied: Offset = 0;
  /** Where the branches not taken began, or -1 in active code. */
  private deadSince: Offset = -1;

  constructor(
    private readonly source: string,
    private readonly choices: PreprocessorOptions,
  ) {}

  run(): Preprocessed {
    const { source } = this;
    const end = source.length;
    /** Nothing but space and comments since the line began. */
    let fresh = true;
    for (let at = 0; at < end;) {
      const code = source.charCodeAt(at);
      if (code === NEWLINE) {
        fresh = true;
        at++;
      } else if (code === SPACE || code === TAB || code === CARRIAGE_RETURN) {
        at++;
      } else if (code === HASH && fresh) {
        at = this.directive(at);
      } else if (code === SLASH || code === QUOTE || code === APOSTROPHE || code === BACKSLASH) {
        const next = this.skip(at, code);
        const comment = code === SLASH && next > at + 1;
        const continuation = code === BACKSLASH && source.charCodeAt(next - 1) === NEWLINE;
        if (!comment && !continuation) fresh = false;
        at = next;
      } else {
        fresh = false;
        at = code === UNDERSCORE ? this.pragmaOperator(at) : at + 1;
      }
    }
    for (const conditional of this.open) this.error(conditional.span, '#endif is missing for this conditional');
    if (this.deadSince >= 0) this.revive(end);
    this.pieces.push(source.slice(this.copied));
    return {
      text: this.pieces.join(''),
      inactive: this.inactive,
      macros: this.macros,
      undefined: this.takenBack,
      options: [...this.answers].map(([name, value]) => ({ name, value })),
      packs: this.packs.changes,
      errors: this.errors,
    };
  }

  // ---- names in conditions -------------------------------------------------------------------------------------

  isDefined(name: string): boolean {
    const macro = this.known.get(name);
    if (macro !== undefined) return macro !== null;
    if (name.startsWith('CONFIG_')) return this.option(name);
    return this.choices.defined?.(name) ?? (name === '__KERNEL__' || predefined.has(name));
  }

  option(name: string): boolean {
    let answer = this.answers.get(name);
    if (answer === undefined) this.answers.set(name, (answer = this.choices.option(name)));
    return answer;
  }

  replacement(name: string): string | undefined {
    const macro = this.known.get(name);
    return macro?.parameters === null ? plain(macro.body) : undefined;
  }

  functionLike(name: string): { readonly parameters: readonly string[]; readonly body: string } | undefined {
    const macro = this.known.get(name);
    if (!macro?.parameters || macro.variadic) return undefined;
    return { parameters: macro.parameters, body: plain(macro.body) };
  }

  value(name: string): bigint | undefined {
    if (name === 'BITS_PER_LONG' || name === '__BITS_PER_LONG') return this.option('CONFIG_64BIT') ? 64n : 32n;
    if (this.known.has(name)) return undefined;
    return predefined.get(name) ?? (this.choices.defined?.(name) === true ? 1n : undefined);
  }

  // ---- the text ------------------------------------------------------------------------------------------------

  /** Past the comment, literal or escape that begins at `at` with `code`; past one character if there is none. */
  private skip(at: Offset, code: number): Offset {
    const { source } = this;
    if (code === BACKSLASH) {
      const next = source.charCodeAt(at + 1);
      if (next === CARRIAGE_RETURN && source.charCodeAt(at + 2) === NEWLINE) return at + 3;
      return Math.min(next === NEWLINE ? at + 2 : at + 1, source.length);
    }
    if (code === SLASH) {
      const next = source.charCodeAt(at + 1);
      if (next === STAR) {
        const close = source.indexOf('*/', at + 2);
        if (close >= 0) return close + 2;
        this.error({ start: at, end: source.length }, 'this comment is not closed');
        return source.length;
      }
      return next === SLASH ? this.lineEnd(at + 2) : at + 1;
    }
    for (let index = at + 1; index < source.length; index++) {
      const inside = source.charCodeAt(index);
      if (inside === code) return index + 1;
      // A literal ends with its line at the latest: prose in an inactive branch may well have an apostrophe.
      if (inside === NEWLINE) return index;
      if (inside === BACKSLASH) index = this.skip(index, BACKSLASH) - (this.continues(index) ? 1 : 0);
    }
    return source.length;
  }

  private continues(at: Offset): boolean {
    const next = this.source.charCodeAt(at + 1);
    return next === NEWLINE || (next === CARRIAGE_RETURN && this.source.charCodeAt(at + 2) === NEWLINE);
  }

  /** The newline that ends the logical line, or the text's end. */
  private lineEnd(from: Offset): Offset {
    const { source } = this;
    for (let at = from; ; at++) {
      at = source.indexOf('\n', at);
      if (at < 0) return source.length;
      const last = source.charCodeAt(at - 1) === CARRIAGE_RETURN ? at - 2 : at - 1;
      if (last < from || source.charCodeAt(last) !== BACKSLASH) return at;
    }
  }

  /** Where the directive that begins at `at` ends: before its newline, after comments that it opens. */
  private directiveEnd(at: Offset): Offset {
    const { source } = this;
    while (at < source.length) {
      const code = source.charCodeAt(at);
      if (code === NEWLINE) break;
      at = code === SLASH || code === QUOTE || code === APOSTROPHE || code === BACKSLASH ? this.skip(at, code) : at + 1;
    }
    return at < source.length && source.charCodeAt(at - 1) === CARRIAGE_RETURN ? at - 1 : at;
  }

  /** Reads the directive at `at`, blanks it where it stands in active code, and returns its end. */
  private directive(at: Offset): Offset {
    const span: Span = { start: at, end: this.directiveEnd(at) };
    const text = this.source.slice(span.start, span.end);
    const head = DIRECTIVE.exec(text);
    const name = head?.[1] ?? '';
    const rest = text.slice(head?.[0].length ?? 1);
    if (!this.conditional(name, rest, span) && this.deadSince < 0) {
      if (name === 'define') this.define(rest, span);
      else if (name === 'undef') this.undefine(rest, span);
      else if (name === 'include') this.include(rest, span);
      else if (name === 'pragma') this.pragma(plain(rest), span);
    }
    if (this.deadSince < 0) this.blank(span.start, span.end);
    return span.end;
  }

  /** Copies up to `start`, then blanks up to `end`. */
  private blank(start: Offset, end: Offset): void {
    if (start > this.copied) this.pieces.push(this.source.slice(this.copied, start));
    const from = Math.max(start, this.copied);
    this.pieces.push(this.source.slice(from, end).replace(/[^\r\n]+/g, (line) => ' '.repeat(line.length)));
    this.copied = Math.max(end, this.copied);
  }

  // ---- conditionals --------------------------------------------------------------------------------------------

  /** Handles `#if` and its kin; false if `name` is none of them. */
  private conditional(name: string, rest: string, span: Span): boolean {
    switch (name) {
      case 'if':
      case 'ifdef':
      case 'ifndef': {
        const outer = this.deadSince < 0;
        const taken = outer && this.holds(name, rest, span);
        this.open.push({ span, outer, taken, sawElse: false });
        if (outer) this.enter(taken, span);
        return true;
      }
      case 'elif':
      case 'elifdef':
      case 'elifndef':
      case 'else': {
        const innermost = this.open[this.open.length - 1];
        if (innermost === undefined) this.error(span, `#${name} without #if`);
        else if (innermost.sawElse) this.error(span, `#${name} after #else`);
        else {
          if (name === 'else') innermost.sawElse = true;
          if (!innermost.outer) return true;
          const taken = !innermost.taken && (name === 'else' || this.holds(name.slice(2), rest, span));
          if (taken) innermost.taken = true;
          this.enter(taken, span);
        }
        return true;
      }
      case 'endif': {
        const innermost = this.open.pop();
        if (innermost === undefined) this.error(span, '#endif without #if');
        else if (innermost.outer) this.enter(true, span);
        return true;
      }
      default:
        return false;
    }
  }

  /** Ends the branch before `directive` and begins the one after it. */
  private enter(active: boolean, directive: Span): void {
    if (this.deadSince >= 0) this.revive(directive.start);
    this.blank(directive.start, directive.end);
    if (!active) this.deadSince = this.afterNewline(directive.end);
  }

  /** Blanks the inactive stretch that ends at `end`. */
  private revive(end: Offset): void {
    let last = end;
    while (last > this.deadSince && isBlank(this.source.charCodeAt(last - 1))) last--;
    if (last > this.deadSince) this.inactive.push({ start: this.deadSince, end: last });
    this.blank(this.deadSince, end);
    this.deadSince = -1;
  }

  private afterNewline(at: Offset): Offset {
    if (this.source.charCodeAt(at) === CARRIAGE_RETURN) at++;
    return this.source.charCodeAt(at) === NEWLINE ? at + 1 : at;
  }

  private holds(directive: string, rest: string, span: Span): boolean {
    const condition = plain(rest);
    if (directive === 'if') {
      const result = evaluateCondition(condition, this);
      if (result.ok) return result.value !== 0n;
      this.error(span, result.failure);
      return false;
    }
    const name = /^\s*([A-Za-z_$][\w$]*)/.exec(condition)?.[1];
    if (name === undefined) {
      this.error(span, `a name is expected after #${directive}`);
      return false;
    }
    return this.isDefined(name) === (directive === 'ifdef');
  }

  // ---- other directives ----------------------------------------------------------------------------------------

  private define(rest: string, span: Span): void {
    const match = DEFINE.exec(rest);
    const name = match?.[1];
    if (match === null || name === undefined) return this.error(span, 'a name is expected after #define');
    const written = match[3];
    const parameters =
      written === undefined
        ? null
        : plain(written)
            .split(',')
            .map((parameter) => parameter.trim())
            .filter(Boolean);
    const macro: MacroDefinition = {
      name,
      parameters: parameters?.map((parameter) => parameter.replace(/\s*\.\.\.$/, '')).filter(Boolean) ?? null,
      variadic: parameters?.some((parameter) => parameter.endsWith('...')) ?? false,
      body: rest.slice(match[0].length).trim(),
      span,
    };
    this.macros.push(macro);
    this.known.set(name, macro);
  }

  private undefine(rest: string, span: Span): void {
    const name = DEFINE.exec(rest)?.[1];
    if (name === undefined) this.error(span, 'a name is expected after #undef');
    else {
      this.known.set(name, null);
      this.takenBack.push({ name, at: span.start });
    }
  }

  private pragma(text: string, span: Span): void {
    this.packs.pragma(text, span.end);
    const [, action, name = ''] = PUSH_OR_POP.exec(text) ?? [];
    if (action === undefined) return;
    const saved = this.pushed.get(name) ?? [];
    if (action === 'push') this.pushed.set(name, [...saved, this.known.get(name)]);
    else if (saved.length > 0) {
      this.pushed.set(name, saved.slice(0, -1));
      this.restore(name, saved.at(-1), span);
    }
  }

  /** Gives a name the meaning that it had, from a place on. */
  private restore(name: string, meaning: MacroDefinition | null | undefined, span: Span): void {
    if (meaning) this.macros.push({ ...meaning, span });
    this.known.set(name, meaning ?? null);
  }

  private include(rest: string, span: Span): void {
    const named = /^\s*(?:<[^>\n]+>|"[^"\n]+")/.test(rest);
    if (!named && plain(rest).trim() === '') this.error(span, 'a file is expected after #include');
  }

  /** Past the `_Pragma("...")` that begins at `at` (C11 6.10.9), which is read; past one character if there is none. */
  private pragmaOperator(at: Offset): Offset {
    OPERATOR.lastIndex = at;
    const found = OPERATOR.exec(this.source);
    if (!found) return at + 1;
    const span: Span = { start: at, end: at + found[0].length };
    if (this.deadSince < 0) this.pragma((found[1] ?? '').replace(/\\(.)/g, '$1'), span);
    return at + found[0].length;
  }

  private error(span: Span, message: string): void {
    this.errors.push({ span, message });
  }
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** A directive's text with its comments and line continuations taken out. */
function plain(text: string): string {
  if (!text.includes('\\') && !text.includes('/')) return text;
  const joined = text.replace(/\\\r?\n/g, '');
  return joined.replace(COMMENT_OR_STRING, (found) => (found.startsWith('/') ? ' ' : found));
}
