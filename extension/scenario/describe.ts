// What a word of a scenario's text means there.
import type { Vocabulary } from '../model/scenario.js';
import { LineTable, type Offset, type Span } from '../model/source.js';
import type { Word } from './known-words.js';
import { contextAt } from './completion-context.js';
import { spotAt } from './spot.js';

export interface DescribedWord {
  readonly word: Word;
  /** The word in the text. */
  readonly span: Span;
}

/** The known word at an offset; null where there is none, or where the text says nothing of it. */
export function describeWord(text: string, offset: Offset, vocabulary: Vocabulary): DescribedWord | null {
  const spot = spotAt(text, offset);
  if (spot === null) return null;
  const lines = new LineTable(text);
  const context = contextAt(spot, { vocabulary, options: [], line: (at) => lines.lineNumber(at) });
  const word = context?.words.find((each) => each.word === spot.value);
  return word === undefined || (word.description === '' && word.detail === '') ? null : { word, span: spot.word };
}
