// The one owner of tree-sitter: text goes in, plain declarations come out, trees are kept so that the next parse is quick.
import { Edit, Language, Parser, type Tree, type TreeCursor } from 'web-tree-sitter';
import { LineTable, type Span } from '../model/source.js';
import type { Block, Declaration, Expression, SourceUnit } from './ast.js';
import { findComments } from './comments.js';
import { convertTopLevel } from './convert-declarations.js';
import { convertExpression } from './convert-expressions.js';
import { convertBlock } from './convert-statements.js';
import { equal } from './equal.js';
import { preprocess, type PreprocessorOptions } from './preprocessor.js';
import { shifted } from './shift.js';
import { firstError, firstNamed, inField, Source, TreeReader, type SyntaxNode } from './tree.js';

type Problem = SourceUnit['errors'][number];

/** What one node at file level was read as. */
interface Item {
  readonly start: number;
  /** Where `origin` was read. */
  readonly originStart: number;
  readonly origin: readonly Declaration[];
  readonly declarations: readonly Declaration[];
  readonly problems: readonly Problem[];
}

/** The last parse of a file. */
interface ParsedFile {
  /** The text that `tree` is of: directives and inactive branches blanked. */
  readonly masked: string;
  readonly tree: Tree;
  /** Items that parsed without error, by type and text. */
  readonly items: ReadonlyMap<string, readonly Item[]>;
}

/** Parses C of the kernel. Holds memory outside the JavaScript heap until disposed. */
export class SyntaxParser {
  private readonly parser = new Parser();
  private readonly reader: TreeReader;
  private readonly files = new Map<string, ParsedFile>();

  private constructor(language: Language) {
    this.parser.setLanguage(language);
    this.reader = new TreeReader(language);
  }

  /** Loads the runtime (`web-tree-sitter.wasm`) and the grammar (`kernel-c.wasm`); both are paths or URLs. */
  static async create(wasm: { readonly runtime: string; readonly grammar: string }): Promise<SyntaxParser> {
    await Parser.init({ locateFile: () => wasm.runtime });
    return new SyntaxParser(await Language.load(wasm.grammar));
  }

  /**
   * Parses a file, quickly where it was parsed before and little changed. A declaration whose text and place are as
   * before is the same object as before; one that only moved is a copy that `originOf` leads back from.
   */
  parse(file: string, text: string, options: PreprocessorOptions): SourceUnit {
    return this.parseFile(file, text, options, false);
  }

  /** Parses a file from nothing, so that nothing an edit left behind remains. Unchanged declarations stay the same objects. */
  parseFresh(file: string, text: string, options: PreprocessorOptions): SourceUnit {
    return this.parseFile(file, text, options, true);
  }

  /** Parses text as the inside of a function, every node at `span`; a string says why that can't be done. */
  parseStatements(text: string, span: Span): Block | string {
    const ended = /[;}]\s*$/.test(text) ? [text, `${text};`] : [`${text};`];
    let reason = '';
    for (const attempt of ended) {
      const body = this.parseBody(attempt);
      if (typeof body !== 'string') return convertBlock(new Source(body.text, span), body.node);
      reason ||= body;
    }
    return reason;
  }

  /** Parses text as an expression or a braced initialiser, every node at `span`; a string says why that can't be done. */
  parseExpression(text: string, span: Span): Expression | string {
    const initialiser = text.trimStart().startsWith('{');
    const body = this.parseBody(initialiser ? `int x = ${text}\n;` : `return (${text}\n);`);
    if (typeof body === 'string') return body;
    const statement = firstNamed(body.node);
    if (statement === undefined || body.node.children.filter((child) => child.named).length !== 1)
      return `not one expression: ${excerpt(text)}`;
    const declarator = initialiser ? inField(statement, 'declarator') : undefined;
    const value = initialiser ? declarator && inField(declarator, 'value') : firstNamed(statement);
    if (value === undefined) return `not an expression: ${excerpt(text)}`;
    return convertExpression(new Source(body.text, span), value);
  }

  /** Forgets a file's last parse. */
  forget(file: string): void {
    this.files.get(file)?.tree.delete();
    this.files.delete(file);
  }

  /** Frees everything; the parser is of no use after. */
  dispose(): void {
    for (const { tree } of this.files.values()) tree.delete();
    this.files.clear();
    this.parser.delete();
  }

  private parseFile(file: string, text: string, options: PreprocessorOptions, fresh: boolean): SourceUnit {
    const prepared = preprocess(text, options);
    const previous = this.files.get(file);
    const tree = this.parseText(prepared.text, fresh ? undefined : previous);
    const items = this.readItems(tree, prepared.text, previous, fresh);
    const byText = new Map<string, Item[]>();
    for (const { key, item } of items) {
      if (key === null) continue;
      const list = byText.get(key);
      if (list === undefined) byText.set(key, [item]);
      else list.push(item);
    }
    previous?.tree.delete();
    this.files.set(file, { masked: prepared.text, tree, items: byText });
    return {
      file,
      text,
      declarations: items.flatMap(({ item }) => item.declarations),
      macros: prepared.macros,
      includes: prepared.includes,
      comments: findComments(prepared.text),
      inactive: prepared.inactive,
      errors: [...prepared.errors, ...items.flatMap(({ item }) => item.problems)],
      options: prepared.options,
    };
  }

  /** The tree of a text; the previous tree, edited to match, saves parsing again what did not change. */
  private parseText(masked: string, previous: ParsedFile | undefined): Tree {
    if (previous !== undefined) previous.tree.edit(difference(previous.masked, masked));
    const tree = this.parser.parse(masked, previous?.tree);
    if (tree === null) throw new Error('tree-sitter gave no tree: the parser has no language');
    return tree;
  }

  private readItems(
    tree: Tree,
    masked: string,
    previous: ParsedFile | undefined,
    fresh: boolean,
  ): readonly { readonly key: string | null; readonly item: Item }[] {
    const source = new Source(masked);
    const result: { key: string | null; item: Item }[] = [];
    const cursor = tree.walk();
    try {
      const anyError = tree.rootNode.hasError;
      let lines: LineTable | undefined;
      if (!cursor.gotoFirstChild()) return result;
      do {
        const type = this.reader.type(cursor);
        if (type === 'comment' || type === ';') continue;
        if (anyError && cursor.currentNode.hasError) {
          lines ??= new LineTable(masked);
          result.push({ key: null, item: this.readBroken(source, cursor, lines) });
          continue;
        }
        const start = cursor.startIndex;
        const key = `${type} ${masked.slice(start, cursor.endIndex)}`;
        const known = nearest(previous?.items.get(key), start);
        const item = known === undefined || fresh ? this.readItem(source, cursor, start) : moved(known, start);
        const same = fresh && known?.start === start && equal(known.declarations, item.declarations);
        result.push({ key, item: same ? known : item });
      } while (cursor.gotoNextSibling());
    } finally {
      cursor.delete();
    }
    return result;
  }

  private readItem(source: Source, cursor: TreeCursor, start: number): Item {
    const node = this.reader.read(cursor, false);
    const declarations = convertTopLevel(source, node, null);
    const problems = declarations
      .filter((declaration) => declaration.kind === 'unknown')
      .map(({ span, text }) => ({ span, message: `not understood: ${excerpt(text)}` }));
    return { start, originStart: start, origin: declarations, declarations, problems };
  }

  /** Code that did not parse: a function carries the reason itself, anything else is a problem of the file. */
  private readBroken(source: Source, cursor: TreeCursor, lines: LineTable): Item {
    const node = this.reader.read(cursor, true);
    const error = firstError(node) ?? node;
    const message = `line ${lines.lineNumber(error.start)}: ${errorMessage(source, error)}`;
    const declarations = convertTopLevel(source, node, message);
    const carried = declarations.some((declaration) => declaration.kind === 'function');
    const problems = carried ? [] : [{ span: source.spanOf(error), message }];
    return { start: node.start, originStart: node.start, origin: declarations, declarations, problems };
  }

  /** The braces of a function whose inside is `text`, with the whole text that its nodes point into. */
  private parseBody(text: string): { readonly node: SyntaxNode; readonly text: string } | string {
    const whole = `void f(void)\n{\n${text}\n}\n`;
    const tree = this.parser.parse(whole);
    if (tree === null) throw new Error('tree-sitter gave no tree: the parser has no language');
    const cursor = tree.walk();
    try {
      const broken = tree.rootNode.hasError;
      const root = this.reader.read(cursor, broken);
      const [definition, ...more] = root.children;
      const body = definition === undefined ? undefined : inField(definition, 'body');
      if (broken) return errorMessage(new Source(whole), firstError(root) ?? root);
      if (body === undefined || more.length > 0) return `unbalanced: ${excerpt(text)}`;
      return { node: body, text: whole };
    } finally {
      cursor.delete();
      tree.delete();
    }
  }
}

/** Of items with the same text, the one at a place, else the first. */
function nearest(items: readonly Item[] | undefined, start: number): Item | undefined {
  return items?.find((item) => item.start === start) ?? items?.[0];
}

/** An item at another place: always a copy of where it was first read, so that copies of copies don't pile up. */
function moved(item: Item, start: number): Item {
  if (item.start === start) return item;
  const by = start - item.originStart;
  return {
    start,
    originStart: item.originStart,
    origin: item.origin,
    declarations: item.origin.map((declaration) => shifted(declaration, by)),
    problems: item.problems.map(({ span, message }) => {
      const distance = start - item.start;
      return { span: { start: span.start + distance, end: span.end + distance }, message };
    }),
  };
}

function excerpt(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}

function errorMessage(source: Source, error: SyntaxNode): string {
  return error.missing ? `expected ${error.type}` : `cannot parse: ${excerpt(source.textOf(error))}`;
}

/** The one edit that makes a text of another: everything between what they share at the start and at the end. */
function difference(before: string, after: string): Edit {
  const shortest = Math.min(before.length, after.length);
  let start = 0;
  while (start < shortest && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  while (tail < shortest - start && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) tail++;
  const oldEndIndex = before.length - tail;
  const newEndIndex = after.length - tail;
  const startPosition = pointAfter({ row: 0, column: 0 }, after, 0, start);
  return new Edit({
    startIndex: start,
    oldEndIndex,
    newEndIndex,
    startPosition,
    oldEndPosition: pointAfter(startPosition, before, start, oldEndIndex),
    newEndPosition: pointAfter(startPosition, after, start, newEndIndex),
  });
}

function pointAfter(from: { row: number; column: number }, text: string, start: number, end: number): { row: number; column: number } {
  let { row } = from;
  let lineStart = start - from.column;
  for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) {
    row++;
    lineStart = at + 1;
  }
  return { row, column: end - lineStart };
}
