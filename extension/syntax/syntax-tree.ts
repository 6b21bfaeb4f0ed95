// A syntax tree copied out of the parser's memory: plain nodes, so that no parser object is seen by the converters.
import type { Language, TreeCursor } from 'web-tree-sitter';
import type { Offset, Span } from '../model/source.js';
import { packAt, type PackChange } from './pragma-pack.js';

/**
 * A node of the tree. Tokens that the grammar gives no name (`;`, `while`, `+`) are shared where the code parsed
 * without error: their `start` and `end` say nothing then.
 */
export interface SyntaxNode {
  readonly type: string;
  readonly named: boolean;
  /** The field of the parent that this node fills, or null. */
  readonly field: string | null;
  readonly start: Offset;
  readonly end: Offset;
  /** Put in by the parser to recover; nothing stands there in the text. */
  readonly missing: boolean;
  /** Without comments. */
  readonly children: readonly SyntaxNode[];
}

const none: readonly SyntaxNode[] = [];

/**
 * How deep a tree is read: everything above walks it by recursion. Ten times what the deepest function of Linux has; a chain
 * of `else if` takes two levels a link.
 */
export const deepestTree = 500;

/** The type of a node in place of what is nested deeper than that. */
const tooDeep = 'nested too deeply';

/** Named nodes of which only the text matters: what is below them is not copied. */
const leaves: ReadonlySet<string> = new Set([
  'identifier',
  'type_identifier',
  'field_identifier',
  'statement_identifier',
  'primitive_type',
  'number_literal',
  'char_literal',
  'string_literal',
  'storage_class_specifier',
  'type_qualifier',
  'kernel_annotation',
  'comment',
  'true',
  'false',
  'null',
]);

/** Copies trees of one language. Calls into the parser's memory are what costs, so it makes as few as it can. */
export class TreeReader {
  private readonly names: readonly string[];
  private readonly fields: readonly (string | null)[];
  /** The shared node of each token without a name, by the token's number; undefined for named nodes. */
  private readonly tokens: readonly (SyntaxNode | undefined)[];
  private readonly leaves: readonly boolean[];
  /** Whether the tree at hand was read to its leaves. */
  private whole = true;

  constructor(language: Language) {
    this.names = language.types;
    this.fields = language.fields;
    this.leaves = language.types.map((type) => leaves.has(type));
    this.tokens = language.types.map((type, id) =>
      language.nodeTypeIsNamed(id) ? undefined : { type, named: false, field: null, start: 0, end: 0, missing: false, children: none },
    );
  }

  /**
   * The node under the cursor with all below it, as far down as it can be read, in a text that begins at `base`. `exact`
   * gives every token its own place, and finds missing ones.
   */
  read(cursor: TreeCursor, base: Offset, exact: boolean): { readonly root: SyntaxNode; readonly whole: boolean } {
    this.whole = true;
    return { root: this.node(cursor, base, exact, 0), whole: this.whole };
  }

  private node(cursor: TreeCursor, base: Offset, exact: boolean, depth: number): SyntaxNode {
    const id = cursor.nodeTypeId;
    const token = this.tokens[id];
    if (token !== undefined && !exact) return token;
    const start = base + cursor.startIndex;
    const end = base + cursor.endIndex;
    const field = this.fields[cursor.currentFieldId] ?? null;
    const missing = exact && cursor.nodeIsMissing;
    let children = none;
    if (depth > deepestTree) {
      this.whole = false;
      return { type: tooDeep, named: true, field, start, end, missing, children };
    }
    if ((exact || this.leaves[id] !== true) && cursor.gotoFirstChild()) {
      const list: SyntaxNode[] = [];
      do {
        const child = this.node(cursor, base, exact, depth + 1);
        if (child.type !== 'comment') list.push(child);
      } while (cursor.gotoNextSibling());
      cursor.gotoParent();
      children = list;
    }
    return { type: this.names[id] ?? 'ERROR', named: token === undefined, field, start, end, missing, children };
  }
}

/** The first child in a field, or undefined. An annotation may stand anywhere, and fills no field. */
export function inField(node: SyntaxNode, field: string): SyntaxNode | undefined {
  for (const child of node.children) if (child.field === field && child.type !== 'kernel_annotation') return child;
  return undefined;
}

/** The first child of a type, or undefined. */
export function ofType(node: SyntaxNode, type: string): SyntaxNode | undefined {
  for (const child of node.children) if (child.type === type) return child;
  return undefined;
}

/** The first child that the grammar names and that is not an annotation, or undefined. */
export function firstNamed(node: SyntaxNode): SyntaxNode | undefined {
  for (const child of node.children) if (child.named && child.type !== 'kernel_annotation') return child;
  return undefined;
}

/** The first node at or below a node of a tree that was read exactly or cut, at which it can't be trusted: ERROR, MISSING, too deep. */
export function firstError(node: SyntaxNode): SyntaxNode | undefined {
  if (node.type === 'ERROR' || node.missing || isTooDeep(node)) return node;
  for (const child of node.children) {
    const found = firstError(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a node stands for what is nested too deeply to be read. */
export function isTooDeep(node: SyntaxNode): boolean {
  return node.type === tooDeep;
}

/** The text that a tree was parsed from, and the place that its nodes are given. */
export class Source {
  /** With `place`, every node gets that place, or the one that it tells: the text came out of macros. */
  constructor(
    readonly text: string,
    private readonly place: Span | { spanOf(start: Offset, end: Offset): Span } | null = null,
    private readonly packs: readonly PackChange[] = [],
  ) {}

  /** What `#pragma pack` says where a node ends, which is where gcc lays a record out; null where it says nothing. */
  packOf(node: SyntaxNode): number | null {
    return packAt(this.packs, node.end);
  }

  spanOf(node: SyntaxNode): Span {
    const { place } = this;
    if (place === null) return { start: node.start, end: node.end };
    return 'spanOf' in place ? place.spanOf(node.start, node.end) : place;
  }

  textOf(node: SyntaxNode): string {
    return node.named || node.end > node.start ? this.text.slice(node.start, node.end) : node.type;
  }
}
