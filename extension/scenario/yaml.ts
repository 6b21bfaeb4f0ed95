// YAML into located values.
import { isAlias, isMap, isScalar, isSeq, Lexer, parseDocument, type ParsedNode, type YAMLError } from 'yaml';
import type { Offset } from '../model/source.js';
import { Complaints, type Located, type LocatedEntry } from './located-values.js';
import { quoted } from './vocabulary-words.js';

/** The text's value, read as far as it can be; null where there is none. Mistakes of the YAML itself are complained of. */
export function readYaml(text: string, complaints: Complaints): Located | null {
  const deep = tooDeep(text);
  if (deep !== null) {
    complaints.add(deep, 'values are nested too deeply here; no scenario needs as much');
    return null;
  }
  const document = parseDocument(text, { prettyErrors: false });
  // One a line: what follows from a mistake is no mistake of its own, and a tab leads to several.
  const found = [...document.errors, ...document.warnings].sort(
    (a, b) => Number(b.code === 'TAB_AS_INDENT') - Number(a.code === 'TAB_AS_INDENT'),
  );
  const first = new Map(found.toReversed().map((each) => [complaints.line(each.pos[0]), each]));
  for (const each of first.values()) complaints.add(each.pos[0], wordsFor(each, text));
  return document.contents === null ? null : located(document.contents, 0, complaints);
}

/** The text's value as far as it can be read, with how many mistakes the YAML has; null where there is none. */
export function readBrokenYaml(text: string): { readonly value: Located; readonly mistakes: number } | null {
  if (tooDeep(text) !== null) return null;
  const { contents, errors, warnings } = parseDocument(text, { prettyErrors: false });
  if (contents === null) return null;
  return { value: located(contents, 0, new Complaints('', text)), mistakes: errors.length + warnings.length };
}

/** More levels, or columns before a value, than anybody writes; the parser takes some ten times as many. */
const deepest = 200;

/**
 * Where values are nested too deeply for the parser, which calls itself for each level and would take the process down; null
 * where they are not. Levels are brackets, columns of indentation and marks of lists on one line.
 */
function tooDeep(text: string): Offset | null {
  let at = 0;
  let brackets = 0;
  let inLine = 0;
  let before = '\n';
  for (const token of new Lexer().lex(text)) {
    // Marks of the lexer's own, which are not in the text: begin of a document, end of a bracket, text follows.
    const isMark = '\x02\x18\x1f'.includes(token);
    if (token === '[' || token === '{') brackets++;
    else if (token === ']' || token === '}') brackets--;
    else if (/^\r?\n$/.test(token)) inLine = 0;
    else if (/^ +$/.test(token) && before.endsWith('\n')) inLine = token.length;
    else if (/^[-?:]$/.test(token) && before !== '\x1f') inLine++;
    if (brackets + inLine > deepest) return at;
    if (!isMark) at += token.length;
    before = token;
  }
  return null;
}

/** What is said where the parser's own words leave open what to do. */
function wordsFor({ code, message, pos }: YAMLError, text: string): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return `the key ${quoted(/^[^\s:{}[\],]+/.exec(text.slice(pos[0]))?.[0] ?? '')} is there a second time; a key is given once`;
    case 'TAB_AS_INDENT':
      return 'a tab; YAML is indented by spaces only';
    case 'MULTIPLE_DOCS':
      return 'a second document begins here; expected one in a file';
    default:
      return `no YAML: ${message}`;
  }
}

function located(node: ParsedNode, around: Offset, complaints: Complaints): Located {
  const at = node.range[0];
  if (isAlias(node) || node.anchor !== undefined) complaints.add(at, 'anchors and aliases are not used here; write the value out');
  if (isMap(node)) {
    const entries = node.items.flatMap(({ key, value }): LocatedEntry[] => {
      const name = keyName(key);
      if (name === null) {
        complaints.add(key.range[0], 'this key is no plain word; expected a name');
        return [];
      }
      const keyAt = key.range[0];
      return [{ key: name, at: keyAt, value: value === null ? nothing(keyAt) : located(value, keyAt, complaints) }];
    });
    return { kind: 'map', entries, at };
  }
  if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => located(item, item.range[0], complaints)), at };
  if (!isScalar(node) || node.value === null) return nothing(isScalar(node) && node.source === '' ? around : at);
  const { value } = node;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return { kind: 'scalar', value, at };
  complaints.add(at, 'expected a text, a number, true or false');
  return nothing(at);
}

/** The text of a key; null where it is no scalar. */
function keyName(key: ParsedNode): string | null {
  if (!isScalar(key)) return null;
  return typeof key.value === 'string' ? key.value : key.source;
}

function nothing(at: Offset): Located {
  return { kind: 'scalar', value: null, at };
}
