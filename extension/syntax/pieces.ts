// Where a file can be cut so that each piece parses on its own: after the functions and declarations at file level.
// A piece that is parsed alone gives the same whatever was edited before, and what is broken in it stays in it.
import type { Offset, Span } from '../model/source.js';

const TAB = 9;
const NEWLINE = 10;
const SPACE = 32;
const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;
const OPEN_PARENTHESIS = 40;
const CLOSE_PARENTHESIS = 41;
const STAR = 42;
const SLASH = 47;
const SEMICOLON = 59;
const EQUALS = 61;
const BACKSLASH = 92;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/**
 * The pieces of a text whose directives are blanked, in order, without the space and the comments between them. Takes
 * time linear in the text's length.
 *
 * Where braces don't match, they are put right by how the kernel lays code out: a `}` at the start of a line ends a
 * function or record, and a `{` there that follows a function's head begins one.
 */
export function splitIntoPieces(text: string): readonly Span[] {
  return new Splitter(text, false).run() ?? new Splitter(text, true).run() ?? [];
}

class Splitter {
  private readonly pieces: Span[] = [];
  /** Where the piece at hand begins, or -1 between pieces. */
  private start: Offset = -1;
  private braces = 0;
  private parentheses = 0;
  /** Behind the last `)` outside braces, or -1. */
  private closed: Offset = -1;
  /** The piece goes on after its `}`, to a `;`. */
  private untilSemicolon = false;

  /** With `byLayout`, braces count by where they stand. */
  constructor(
    private readonly text: string,
    private readonly byLayout: boolean,
  ) {}

  /** The pieces; null where braces don't match and are not put right. */
  run(): readonly Span[] | null {
    const { text } = this;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === SPACE || code === TAB || code === NEWLINE || code === 13) continue;
      if (code === SLASH) {
        const end = this.endOfComment(at);
        if (end > at) {
          at = end - 1;
          continue;
        }
      }
      if (this.start < 0) this.start = at;
      if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) at = this.endOfLiteral(at, code);
      else if (code === OPEN_PARENTHESIS) this.parentheses++;
      else if (code === CLOSE_PARENTHESIS) this.closeParenthesis(at);
      else if (code === OPEN_BRACE) this.openBrace(at);
      else if (code === CLOSE_BRACE) {
        if (this.braces === 0 && !this.byLayout) return null;
        this.closeBrace(at);
      } else if (code === EQUALS) this.untilSemicolon ||= this.outside();
      else if (code === SEMICOLON && (this.outside() || this.unclosed(at))) this.cut(at + 1);
    }
    if (this.braces > 0 && !this.byLayout) return null;
    if (this.start >= 0) this.cut(text.length);
    return this.pieces;
  }

  private outside(): boolean {
    return this.braces === 0 && this.parentheses === 0;
  }

  private cut(end: Offset): void {
    this.pieces.push({ start: this.start, end });
    this.start = -1;
    this.braces = this.parentheses = 0;
    this.closed = -1;
    this.untilSemicolon = false;
  }

  private closeParenthesis(at: Offset): void {
    if (this.parentheses > 0) this.parentheses--;
    if (this.outside()) this.closed = at + 1;
  }

  private openBrace(at: Offset): void {
    if (this.byLayout && this.braces > 0 && this.startsLine(at)) this.cutBeforeHead(at);
    if (this.outside()) this.untilSemicolon ||= this.closed < 0 || this.beginsType(at);
    this.braces++;
  }

  /** Whether the brace, behind a parenthesis, opens a record or an enumeration rather than a body. */
  private beginsType(at: Offset): boolean {
    return /\b(?:struct|union|enum|typedef)\b/.test(this.text.slice(this.closed, at)) || typeHead.test(this.text.slice(this.start, at));
  }

  /** A function begins though the one before did not end: its head is what follows the last empty line. */
  private cutBeforeHead(at: Offset): void {
    const empty = this.text.lastIndexOf('\n\n', at);
    if (empty <= this.start) return;
    const head = this.text.slice(empty + 2, at);
    if (!/^[a-zA-Z_][^;{}=]*\)[\s\w]*$/.test(head)) return;
    this.cut(empty + 1);
    this.start = empty + 2;
    this.closed = empty + 2 + head.lastIndexOf(')') + 1;
  }

  private closeBrace(at: Offset): void {
    this.braces = this.byLayout && this.startsLine(at) ? 0 : Math.max(0, this.braces - 1);
    if (this.braces === 0 && this.startsLine(at)) this.parentheses = 0;
    if (this.outside() && !this.untilSemicolon) this.cut(at + 1);
  }

  private startsLine(at: Offset): boolean {
    return at === 0 || this.text.charCodeAt(at - 1) === NEWLINE;
  }

  /** Whether a `;` within parentheses ends a declaration all the same: the next line of code begins at the margin. */
  private unclosed(at: Offset): boolean {
    if (this.braces > 0) return false;
    pattern.lastIndex = at;
    return pattern.test(this.text);
  }

  /** Behind the comment that begins here, or the same place where none does. */
  private endOfComment(at: Offset): Offset {
    const next = this.text.charCodeAt(at + 1);
    if (next === STAR) {
      const end = this.text.indexOf('*/', at + 2);
      return end < 0 ? this.text.length : end + 2;
    }
    if (next !== SLASH) return at;
    let end = this.text.indexOf('\n', at);
    while (end > 0 && this.text.charCodeAt(end - 1) === BACKSLASH) end = this.text.indexOf('\n', end + 1);
    return end < 0 ? this.text.length : end;
  }

  /** The quote that ends the literal that begins here, or the end of its line. */
  private endOfLiteral(from: Offset, quote: number): Offset {
    for (let at = from + 1; at < this.text.length; at++) {
      const code = this.text.charCodeAt(at);
      if (code === quote || code === NEWLINE) return at;
      if (code === BACKSLASH) at++;
    }
    return this.text.length;
  }
}

const pattern = /;[ \t]*(?:\r?\n)+(?=[a-zA-Z_])/y;

/** `struct __attribute__((packed)) tag`, up to a brace: attributes alone have parentheses there. */
const typeHead =
  /\b(?:struct|union|enum)\b\s*(?:\b__\w+\b\s*(?:\((?:[^(){};]|\((?:[^(){};]|\([^(){};]*\))*\))*\)\s*)?)*(?:\b[A-Za-z_]\w*\b\s*)?$/;
