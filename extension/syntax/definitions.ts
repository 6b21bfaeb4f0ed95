// Which functions a text defines, by their outline alone: `name(...) {` at file level, or at the margin where a brace before
// it is missing. What the parser made of the text is held against this, so that no function is lost without a word.
import type { Offset, Span } from '../model/source.js';

export interface Definition {
  readonly name: string;
  readonly nameSpan: Span;
  /** Where its body opens. */
  readonly open: Offset;
  /** From the name to the end of its body. */
  readonly span: Span;
  /** It begins at the margin within another body. */
  readonly inside: boolean;
  /** Its head is whole and begins at the margin, so that the name is no guess. */
  readonly sure: boolean;
}

/** What stands before a `{`, without what is in parentheses. */
type Item =
  | { readonly kind: 'word'; readonly text: string; readonly at: Offset }
  /** A group in parentheses. */
  | { readonly kind: 'group' }
  | { readonly kind: 'end' | 'equals' | 'other' };

const skipped = /\/\*[^]*?(?:\*\/|$)|\/\/(?:\\\r?\n|[^\n])*|"(?:\\[^]|[^"\\\n])*"?|'(?:\\[^]|[^'\\\n])*'?/.source;
const outside = new RegExp(`${skipped}|[A-Za-z_$][\\w$]*|[(){};=*]`, 'g');
const inParentheses = new RegExp(`${skipped}|[()]|\\n[A-Za-z_{}]`, 'g');
const inBody = new RegExp(`${skipped}|\\n[A-Za-z_]|\\n?\\}|\\{`, 'g');

/** A whole head at the margin: a type, a name, parameters, annotations, the brace. */
const head = /^((?:[A-Za-z_]\w*[\s*]+)+)([A-Za-z_]\w*)\s*\((?:[^(){};]|\([^(){};]*\))*\)(?:\s*\b\w+(?:\s*\([^(){};]*\))?)*\s*\{/;

/** No head is longer: how far one is looked for from the margin, and how many items before a brace are kept. */
const longestHead = 600;
const mostItems = 400;

const control = /\b(?:if|else|for|while|do|switch|return|case|goto)\b/;
const operator = /^(?:sizeof|typeof|asm|_Alignof|_Static_assert)$/;

/** In the order of the text, whose directives are blanked. Time is linear in its length. */
export function definitionsIn(text: string): readonly Definition[] {
  return new Outline(text).run();
}

class Outline {
  private readonly found: Definition[] = [];
  private items: Item[] = [];
  /** Where the last line began that has a word at the margin. */
  private margin: Offset = 0;

  constructor(private readonly text: string) {}

  run(): readonly Definition[] {
    for (let token = this.next(outside, 0); token !== null; token = this.next(outside, token.end)) {
      const { word, end } = token;
      if (word === '(') token.end = this.afterParentheses(end);
      else if (word === '{') token.end = this.opened(token.end);
      else if (word === '}') this.items = [];
      else if (word === ';') this.push({ kind: 'end' });
      else if (word === '=') this.push({ kind: 'equals' });
      else if (/^[A-Za-z_$]/.test(word)) this.word(word, end - word.length);
      else if (word === '*') this.push({ kind: 'other' });
    }
    return this.found;
  }

  private next(pattern: RegExp, from: Offset): { readonly word: string; end: Offset } | null {
    pattern.lastIndex = from;
    const match = pattern.exec(this.text);
    return match && { word: match[0], end: match.index + match[0].length };
  }

  private word(text: string, at: Offset): void {
    if (this.startsLine(at)) this.margin = at;
    this.push({ kind: 'word', text, at });
  }

  private startsLine(at: Offset): boolean {
    return at === 0 || this.text[at - 1] === '\n';
  }

  private push(item: Item): void {
    this.items.push(item);
    if (this.items.length > mostItems) this.items = this.items.slice(-mostItems / 2);
  }

  /** Behind the group that opened before `from`; a brace at the margin ends one that is not closed. */
  private afterParentheses(from: Offset): Offset {
    let depth = 1;
    for (let token = this.next(inParentheses, from); token !== null; token = this.next(inParentheses, token.end)) {
      const { word, end } = token;
      if (word === '(') depth++;
      else if (word === ')') depth--;
      else if (word === '\n{' || word === '\n}') return end - 1;
      else if (word.startsWith('\n')) this.margin = end - 1;
      if (depth > 0) continue;
      this.push({ kind: 'group' });
      return token.end;
    }
    return this.text.length;
  }

  /** Behind the body whose `{` ends at `from`. */
  private opened(from: Offset): Offset {
    // A head that begins at the margin is one whatever stands before it, such as a parenthesis that is not closed.
    const whole = this.startsLine(from - 1) ? this.headAt(this.margin) : null;
    const name = whole?.end === from ? whole.name : nameBefore(this.items);
    const end = this.body(from, name, name === whole?.name);
    if (name === null) this.push({ kind: 'other' });
    else this.items = [];
    return end;
  }

  /** Reads to the `}` that closes a body, or to the one at the margin; says where that of `name` ended. */
  private body(from: Offset, name: NamedAt | null, whole: boolean): Offset {
    let named: NamedAt | null = name;
    let open = from - 1;
    let inside = false;
    let sure = whole;
    const close = (end: Offset): void => {
      if (named === null) return;
      const { text, at } = named;
      this.found.push({ name: text, nameSpan: { start: at, end: at + text.length }, open, span: { start: at, end }, inside, sure });
    };
    let depth = 1;
    for (let token = this.next(inBody, from); token !== null; token = this.next(inBody, token.end)) {
      const { word, end } = token;
      if (word === '{') depth++;
      else if (word === '}' || word === '\n}') {
        depth = word === '}' ? depth - 1 : 0;
        if (depth > 0) continue;
        close(end);
        return end;
      } else if (word.startsWith('\n')) {
        const within = this.headAt(end - 1);
        if (within === null) continue;
        close(end - 1);
        named = within.name;
        open = within.end - 1;
        inside = sure = true;
        depth = 1;
        token.end = within.end;
      }
    }
    close(this.text.length);
    return this.text.length;
  }

  private headAt(at: Offset): { readonly name: NamedAt; readonly end: Offset } | null {
    const match = head.exec(this.text.slice(at, at + longestHead));
    const [whole = '', type = '', name = ''] = match ?? [];
    if (match === null || name.startsWith('__') || control.test(type) || control.test(name) || /\b(?:struct|union|enum)\s*$/.test(type))
      return null;
    return { name: { text: name, at: at + type.length }, end: at + whole.length };
  }
}

interface NamedAt {
  readonly text: string;
  readonly at: Offset;
}

/** The name of the function whose body opens behind these items; null where something else does. */
function nameBefore(items: readonly Item[]): NamedAt | null {
  const start = items.findLastIndex(({ kind }) => kind === 'end') + 1;
  const last = items.slice(start);
  return last.length > 0 ? nameIn(last) : oldStyleName(items.slice(0, -1));
}

function nameIn(items: readonly Item[]): NamedAt | null {
  if (items.some(({ kind }) => kind === 'equals') || isRecord(items)) return null;
  const named = items.flatMap((item, index) =>
    item.kind === 'word' && items[index + 1]?.kind === 'group' && !operator.test(item.text) ? [item] : [],
  );
  // Attributes and annotations are written like calls too.
  const name = named.find(({ text }) => !text.startsWith('__')) ?? named.at(-1);
  return name === undefined || control.test(name.text) ? null : name;
}

/** Whether `struct`, its attributes and at most one more word are all that stands there. */
function isRecord(items: readonly Item[]): boolean {
  const at = items.findLastIndex((item) => item.kind === 'word' && /^(?:struct|union|enum)$/.test(item.text));
  if (at < 0) return false;
  const rest = items.slice(at + 1);
  const plain = rest.filter((item, index) => item.kind === 'word' && rest[index + 1]?.kind !== 'group' && !item.text.startsWith('__'));
  const called = rest.some((item, index) => item.kind === 'word' && rest[index + 1]?.kind === 'group' && !item.text.startsWith('__'));
  return !called && plain.length <= 1 && !rest.some(({ kind }) => kind === 'other');
}

/** `int f(a, b) int a; char *b; {`: declarations of parameters stand between the parentheses and the brace. */
function oldStyleName(items: readonly Item[]): NamedAt | null {
  for (let end = items.length; end > 0;) {
    const start = items.slice(0, end).findLastIndex(({ kind }) => kind === 'end') + 1;
    const part = items.slice(start, end);
    const group = part.findIndex(({ kind }) => kind === 'group');
    const words = part.slice(group + 1).filter(({ kind }) => kind === 'word').length;
    if (words < 2 || part.some(({ kind }) => kind === 'equals')) return null;
    const name = part[group - 1];
    if (group > 0) return name?.kind === 'word' && !control.test(name.text) ? name : null;
    end = start - 1;
  }
  return null;
}
