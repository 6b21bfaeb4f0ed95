// What can be written at a place of a scenario's text, ready to be put in. The text may be half-written.
import type { Vocabulary } from '../model/scenario.js';
import { LineTable, type Offset, type Span } from '../model/source.js';
import type { Needed, Word } from './known-words.js';
import { contextAt, type CompletionContext } from './completion-context.js';
import { openSpot, type OpenSpot } from './spot.js';

export interface Completion {
  /** The word that is offered. */
  readonly word: string;
  readonly kind: Word['kind'];
  /** In a few words, what it is or takes. */
  readonly detail: string;
  /** In sentences, with `code` as in Markdown; may be empty. */
  readonly description: string;
  /** What of the text it replaces: the word around the cursor. */
  readonly replaces: Span;
  /**
   * What is put in, as a snippet of the Language Server Protocol: `${1:value}` is to be filled in. Its further lines begin
   * relative to the first one's indentation.
   */
  readonly snippet: string;
  /** Where the cursor is afterwards words may be known too. */
  readonly goesOn: boolean;
}

/** Words for the cursor at an offset, in the vocabulary's order. `options` are names of configuration options, for `config`. */
export function completeScenario(
  text: string,
  cursor: Offset,
  vocabulary: Vocabulary,
  options: readonly string[] = [],
): readonly Completion[] {
  const spot = openSpot(text, cursor);
  if (spot === null) return [];
  const lines = new LineTable(text);
  const context = contextAt(spot, { vocabulary, options, line: (at) => lines.lineNumber(at) });
  if (context === null) return [];
  const around = marksAround(context, spot);
  if (around === null) return [];
  const indentation = indentationOf(text, spot, around.before, lines);
  return context.words
    .filter(({ word }) => !context.taken.includes(word))
    .map((word): Completion => {
      const { snippet, goesOn } = written(word, context, spot, indentation);
      return {
        word: word.word,
        kind: word.kind,
        detail: word.detail,
        description: word.description,
        replaces: spot.word,
        snippet: `${spot.before}${around.before}${snippet}${around.after}${spot.after}`,
        goesOn,
      };
    });
}

/** The brackets, or marks of a list on its own line, that the place lacks; null where a step can't be put into brackets. */
function marksAround(
  { lacks, form }: CompletionContext,
  { beginsLine }: OpenSpot,
): { readonly before: string; readonly after: string } | null {
  const lists = lacks.filter((each) => each === 'list').length;
  if (beginsLine) return { before: '- '.repeat(lists), after: '' };
  if (lists > 0) return form === 'step' ? null : { before: '[', after: ']' };
  return lacks.length > 0 ? { before: '{ ', after: ' }' } : { before: '', after: '' };
}

/** Columns from the indentation of the cursor's line to two behind the word: where what a key holds begins on lines of its own. */
function indentationOf(text: string, { word, before }: OpenSpot, marks: string, lines: LineTable): string {
  const start = lines.start(lines.line(word.start));
  const beforeWord = text.slice(start, word.start) + before + marks;
  return ' '.repeat(beforeWord.trimStart().length + 2);
}

/** A word with what belongs behind it. */
function written(
  word: Word,
  context: CompletionContext,
  spot: OpenSpot,
  indentation: string,
): { readonly snippet: string; readonly goesOn: boolean } {
  const { holds } = word;
  if (context.form === 'value' || spot.hasColon) return { snippet: word.word, goesOn: false };
  switch (holds.kind) {
    case 'text':
    case 'value':
      return { snippet: `${word.word}: $0`, goesOn: holds.kind === 'value' };
    case 'list':
      return { snippet: `${word.word}: [$1]$0`, goesOn: true };
    case 'steps':
      return { snippet: `${word.word}:\n${indentation}- $0`, goesOn: true };
    case 'branches':
      return { snippet: `${word.word}:\n${indentation}- - $1\n${indentation}- - $2`, goesOn: true };
    case 'map':
      if (context.form === 'step' && holds.bare) return { snippet: word.word, goesOn: false };
      if (holds.bare) return { snippet: `${word.word}:`, goesOn: false };
      if (holds.needs.length === 0) return { snippet: `${word.word}: { $1 }$0`, goesOn: true };
      return { snippet: `${word.word}: { ${holds.needs.map(neededText).join(', ')} }$0`, goesOn: false };
  }
}

function neededText({ name, values: [first = '', ...others] }: Needed, index: number): string {
  const place = index + 1;
  return `${name}: ${others.length === 0 ? `\${${place}:${first}}` : `\${${place}|${[first, ...others].join(',')}|}`}`;
}
