// The one owner of tree-sitter: text goes in, plain declarations come out. A file is parsed in pieces, and a piece is
// parsed again only when its text changes, so that an edit costs what the function around it costs, and what a file is
// read as never depends on the edits before.
import { Language, Parser } from 'web-tree-sitter';
import { failed, ok, type Result } from '../model/result.js';
import { LineTable, type Offset, type Span } from '../model/source.js';
import type { Block, Declaration, Expression, SourceUnit } from './ast.js';
import { findComments } from './comments.js';
import { convertTopLevel, isFileLevel } from './convert-declarations.js';
import { convertExpression } from './convert-expressions.js';
import { convertBlock } from './convert-statements.js';
import { annotationsOfType, withAttributes } from './convert-types.js';
import { keywords } from './keywords.js';
import { splitIntoPieces } from './pieces.js';
import { unreadFunctions } from './unread.js';
import { packAt, type PackChange } from './pragma-pack.js';
import { preprocess, type PreprocessorOptions } from './preprocessor.js';
import { shifted } from './shift.js';
import { FileMacros } from './file-macros.js';
import { expandMacros } from './expand-macros.js';
import { deepestTree, firstError, firstNamed, inField, isTooDeep, Source, TreeReader, type SyntaxNode } from './syntax-tree.js';

type Problem = SourceUnit['errors'][number];

/** What a piece of a file was read as. */
interface Piece {
  readonly start: Offset;
  readonly declarations: readonly Declaration[];
  readonly problems: readonly Problem[];
  /** The same text where it was first read; null for that itself. */
  readonly origin: Piece | null;
}

/** The pieces of a file's last parse, by text. Those with a problem are left out: their messages name lines. */
type Pieces = ReadonlyMap<string, readonly Piece[]>;

/** Parses C of the kernel. Holds memory outside the JavaScript heap until disposed. */
export class SyntaxParser {
  private readonly parser = new Parser();
  private readonly reader: TreeReader;
  private readonly files = new Map<string, Pieces>();

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
    const prepared = preprocess(text, options);
    const masked = prepared.text;
    const previous = this.files.get(file);
    const pieces = new Map<string, Piece[]>();
    const declarations: Declaration[] = [];
    const problems: Problem[] = [];
    const source = new Source(masked, null, prepared.packs);
    let lines: LineTable | undefined;
    let macros: FileMacros | undefined;
    for (const { start, end } of splitIntoPieces(masked)) {
      const pieceText = masked.slice(start, end);
      const key = pieceText + packsWithin(prepared.packs, start, end);
      const known = nearest(previous?.get(key), start);
      const read =
        known === undefined
          ? this.readPiece(source, pieceText, start, start, () => (lines ??= new LineTable(masked)))
          : moved(known, start);
      const piece = this.readExpanded(pieceText, read, (macros ??= new FileMacros(prepared, text)), prepared.packs) ?? read;
      declarations.push(...piece.declarations);
      problems.push(...piece.problems);
      // What macros make of a piece is not told by its text alone.
      if (piece !== read || isBroken(piece)) continue;
      const same = pieces.get(key);
      if (same === undefined) pieces.set(key, [piece]);
      else same.push(piece);
    }
    this.files.set(file, pieces);
    const unread = unreadFunctions(masked, declarations, problems);
    return {
      file,
      text,
      declarations: [...declarations, ...unread.functions],
      macros: prepared.macros,
      takenBack: prepared.undefined,
      comments: findComments(masked),
      inactive: prepared.inactive,
      errors: [...prepared.errors, ...unread.problems],
      options: prepared.options,
    };
  }

  /** Parses text as the inside of a function, every node at `span`; or why that can't be done. */
  parseStatements(text: string, span: Span): Result<Block, string> {
    const ended = /[;}]\s*$/.test(text) ? [text, `${text};`] : [`${text};`];
    let reason = '';
    for (const attempt of ended) {
      const body = this.parseBody(attempt);
      if (body.ok) return ok(convertBlock(new Source(body.value.text, span), body.value.node));
      reason ||= body.failure;
    }
    return failed(reason);
  }

  /** Parses text as an expression or a braced initialiser, every node at `span`; or why that can't be done. */
  parseExpression(text: string, span: Span): Result<Expression, string> {
    const initialiser = text.trimStart().startsWith('{');
    const body = this.parseBody(initialiser ? `int x = ${text}\n;` : `return (${text}\n);`);
    if (!body.ok) return body;
    const { node, text: whole } = body.value;
    const statement = firstNamed(node);
    if (statement === undefined || node.children.filter((child) => child.named).length !== 1)
      return failed(`not one expression: ${excerpt(text)}`);
    const declarator = initialiser ? inField(statement, 'declarator') : undefined;
    const value = initialiser ? declarator && inField(declarator, 'value') : firstNamed(statement);
    if (value === undefined) return failed(`not an expression: ${excerpt(text)}`);
    const expression = convertExpression(new Source(whole, span), value);
    const isKeyword = expression.kind === 'identifier' && keywords.has(expression.name);
    return isKeyword ? failed(`not an expression: ${expression.name}`) : ok(expression);
  }

  /** Forgets a file's last parse. */
  forget(file: string): void {
    this.files.delete(file);
  }

  /** Frees everything; the parser is of no use after. */
  dispose(): void {
    this.files.clear();
    this.parser.delete();
  }

  /**
   * A piece that does not parse as it stands, or that has enumerators which a macro spells out, with the macros of its file replaced; and
   * one that is a use of such a macro, with what that defines behind it. Null where there is nothing to replace, or where it does not parse so either.
   */
  private readExpanded(text: string, read: Piece, macros: FileMacros, packs: readonly PackChange[]): Piece | null {
    const whole = isBroken(read) || spellsEnumerators(text, read.start, macros);
    const uses = whole ? null : read.declarations.filter((each) => isUseOf(macros, each));
    if (uses?.length === 0) return null;
    const expanded = expandMacros(text, read.start, (name, at) => macros.get(name, at));
    if (expanded === null) return null;
    // What holds where the piece begins: nobody changes it within a declaration that macros make.
    const source = new Source(expanded.text, expanded, [{ at: 0, bytes: packAt(packs, read.start) }]);
    const made = this.readPiece(source, expanded.text, 0, read.start, () => new LineTable(expanded.text));
    if (isBroken(made)) return null;
    return uses === null ? made : { ...made, declarations: [...uses, ...made.declarations] };
  }

  /** Reads a text that begins at `base` of the source; `start` is where it does in the file. */
  private readPiece(source: Source, text: string, base: Offset, start: Offset, lines: () => LineTable): Piece {
    const { root, broken } = this.parseText(text, base);
    const declarations: Declaration[] = [];
    const problems: Problem[] = [];
    const problem = (span: Span, what: string): void => {
      problems.push({ span, message: `line ${lines().lineNumber(span.start)}: ${what}` });
    };
    // Where no rule fits, the parser leaves bits of code side by side.
    let bits: Span | null = null;
    const clear = (): void => {
      if (bits === null) return;
      const unread = source.text.slice(bits.start, bits.end);
      declarations.push({ kind: 'unknown', text: unread, span: bits });
      problem(bits, `cannot parse: ${excerpt(unread)}`);
      bits = null;
    };
    // `noinline int f(void)`: an annotation in front stands beside the function, not in it.
    let inFront: string[] = [];
    for (const [at, node] of root.children.entries()) {
      if (node.type === ';') continue;
      if (node.type === 'kernel_annotation') {
        // What stands between a record and its semicolon was read with it.
        if (!isBehindType(root.children, at)) inFront.push(source.textOf(node));
        continue;
      }
      if (!isFileLevel(node.type)) {
        bits = { start: (bits ?? node).start, end: node.end };
        continue;
      }
      clear();
      const error = broken ? firstError(node) : undefined;
      const what = error === undefined ? null : errorMessage(source, error);
      const message = error === undefined ? null : `line ${lines().lineNumber(error.start)}: ${what}`;
      const behind = isType(node) ? annotationsOfType(source, root, node) : [];
      const read = annotated(convertTopLevel(source, node, message, behind), inFront);
      inFront = [];
      declarations.push(...read);
      // A function carries what is wrong with it; of anything else the file must tell.
      const carried = read.some((declaration) => declaration.kind === 'function');
      if (error !== undefined && what !== null && !carried) problem(source.spanOf(error), what);
      else if (!carried) for (const d of read) if (d.kind === 'unknown') problem(d.span, `not understood: ${excerpt(d.text)}`);
    }
    clear();
    return { start, declarations, problems, origin: null };
  }

  /** The tree of a text that begins at `base`, copied; the parser's own is freed. */
  private parseText(text: string, base: Offset): { readonly root: SyntaxNode; readonly broken: boolean } {
    const tree = this.parser.parse(text);
    if (tree === null) throw new Error('tree-sitter gave no tree: the parser has no language');
    const cursor = tree.walk();
    try {
      const { hasError } = tree.rootNode;
      const { root, whole } = this.reader.read(cursor, base, hasError);
      return { root, broken: hasError || !whole };
    } finally {
      cursor.delete();
      tree.delete();
    }
  }

  /** The braces of a function whose inside is `text`, with the whole text that its nodes point into. */
  private parseBody(text: string): Result<{ readonly node: SyntaxNode; readonly text: string }, string> {
    const whole = `void f(void)\n{\n${text}\n}\n`;
    const { root, broken } = this.parseText(whole, 0);
    if (broken) return failed(errorMessage(new Source(whole), firstError(root) ?? root));
    const [definition, ...more] = root.children;
    const body = definition === undefined ? undefined : inField(definition, 'body');
    if (body === undefined || more.length > 0) return failed(`unbalanced: ${excerpt(text)}`);
    return ok({ node: body, text: whole });
  }
}

function isBroken({ problems, declarations }: Piece): boolean {
  return problems.length > 0 || declarations.some((each) => each.kind === 'function' && each.error !== null);
}

function isUseOf(macros: FileMacros, declaration: Declaration): boolean {
  const macro = declaration.kind === 'macro-use' ? macros.get(declaration.name, declaration.span.start) : undefined;
  return macro !== undefined && macro.parameters !== null;
}

/** Whether a macro of the file stands where an enumerator does in a text that begins at `start`: `enum { NAMES(AS_ENUM) MAX }`. */
function spellsEnumerators(text: string, start: Offset, macros: FileMacros): boolean {
  for (const list of text.matchAll(/\benum\b[^{};()]*\{([^}]*)\}/g)) {
    const body = (list[1] ?? '').replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, (comment) => ' '.repeat(comment.length));
    const begins = start + list.index + list[0].length - 1 - body.length;
    for (const { 1: before = '', 2: name = '', index } of body.matchAll(/(^\s*|[,)]\s*)([A-Za-z_]\w*)/g))
      if (macros.get(name, begins + index + before.length)) return true;
  }
  return false;
}

function isType({ type }: SyntaxNode): boolean {
  return type === 'struct_specifier' || type === 'union_specifier' || type === 'enum_specifier';
}

/** What `#pragma pack` says of a piece, as text: nothing where it says nothing. */
function packsWithin(packs: readonly PackChange[], start: Offset, end: Offset): string {
  if (packs.length === 0) return '';
  const inside = packs.filter(({ at }) => at > start && at <= end).map(({ at, bytes }) => ` ${at - start}:${bytes}`);
  const before = packAt(packs, start);
  return before === null && inside.length === 0 ? '' : `\n#pragma pack ${before}${inside.join('')}`;
}

function isBehindType(nodes: readonly SyntaxNode[], at: number): boolean {
  let before = at - 1;
  while (nodes[before]?.type === 'kernel_annotation') before--;
  const node = nodes[before];
  return node !== undefined && isType(node);
}

function annotated(declarations: readonly Declaration[], annotations: readonly string[]): readonly Declaration[] {
  if (annotations.length === 0) return declarations;
  return declarations.map((declaration) => {
    if (!('attributes' in declaration)) return declaration;
    const attributes = [...annotations, ...declaration.attributes];
    if (declaration.kind !== 'variable') return { ...declaration, attributes };
    return { ...declaration, attributes, type: withAttributes(declaration.type, annotations) };
  });
}

/** Of pieces with the same text, the one at a place, else the first. */
function nearest(pieces: readonly Piece[] | undefined, start: Offset): Piece | undefined {
  return pieces?.find((piece) => piece.start === start) ?? pieces?.[0];
}

/** A piece at another place: always a copy of where it was first read, so that copies of copies don't pile up. */
function moved(piece: Piece, start: Offset): Piece {
  if (piece.start === start) return piece;
  const origin = piece.origin ?? piece;
  if (origin.start === start) return origin;
  const declarations = origin.declarations.map((declaration) => shifted(declaration, start - origin.start));
  return { start, declarations, problems: [], origin };
}

function excerpt(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}

function errorMessage(source: Source, error: SyntaxNode): string {
  if (isTooDeep(error)) return `nested too deeply: more than ${deepestTree} levels`;
  return error.missing ? `expected ${error.type}` : `cannot parse: ${excerpt(source.textOf(error))}`;
}
