// The words of scenarios as people choose them: each with what it is, what it means and what is written behind it.
import { linuxErrnos } from '../program/errnos.js';
import type { OperationDefinition, ParameterDefinition, Vocabulary } from '../model/scenario.js';
import { isRequired, takenBy } from './arguments.js';
import { parallelField, type Field } from './fields.js';
import type { KnownName } from './known-names.js';

export interface Word {
  readonly word: string;
  readonly kind: 'field' | 'operation' | 'argument' | 'option' | 'value' | 'reference';
  /** In a few words, what it is or takes. */
  readonly detail: string;
  /** In sentences, with `code` as in Markdown; may be empty. */
  readonly description: string;
  readonly holds: Holds;
}

/** What belongs to a word where it is a key. */
export type Holds =
  /** `text`: a value for which no words are known, such as a number. */
  | { readonly kind: 'text' | 'value' | 'list' | 'steps' | 'branches' }
  /** `bare`: nothing can be said in it, so that a step is its name alone. */
  | { readonly kind: 'map'; readonly needs: readonly Needed[]; readonly bare: boolean };

/** An argument that has to be given, and values to begin with: all that there are, or one. */
export interface Needed {
  readonly name: string;
  readonly values: readonly string[];
}

const holdsText: Holds = { kind: 'text' };
const holdsValue: Holds = { kind: 'value' };
const holdsMap: Holds = { kind: 'map', needs: [], bare: false };
const holdsOf: Readonly<Record<string, Holds>> = {
  config: holdsMap,
  setup: holdsMap,
  capabilities: { kind: 'list' },
  steps: { kind: 'steps' },
  parallel: { kind: 'branches' },
  subsystem: holdsValue,
  expect: holdsValue,
};

export function fieldWord({ name, description }: Field): Word {
  return { word: name, kind: 'field', detail: '', description, holds: holdsOf[name] ?? holdsText };
}

export const parallelWord: Word = { ...fieldWord(parallelField), kind: 'operation' };

/** `names` are those that its references may use. */
export function operationWord({ name, description, actor, parameters, answers }: OperationDefinition, names: readonly KnownName[]): Word {
  const needs = parameters.filter(isRequired).map((parameter) => ({ name: parameter.name, values: valuesToBeginWith(parameter, names) }));
  const detail = answers === null ? actor : `${actor}, answers a ${answers}`;
  return {
    word: name,
    kind: 'operation',
    detail,
    description,
    holds: { kind: 'map', needs, bare: parameters.length === 0 && answers === null },
  };
}

function valuesToBeginWith(parameter: ParameterDefinition, names: readonly KnownName[]): readonly string[] {
  switch (parameter.kind) {
    case 'integer':
      return [String(parameter.minimum)];
    case 'choice':
      return Object.keys(parameter.choices);
    case 'reference': {
      const { minimum = 1, maximum = 1, to } = parameter;
      const fitting = names.filter((each) => each.to === to).map(({ name }) => name);
      return fitting.length > 0 ? fitting.toReversed() : [String(Math.max(minimum, Math.min(1, maximum)))];
    }
    case 'flags':
    case 'boolean':
      return [String(parameter.default)];
  }
}

export function argumentWord(parameter: ParameterDefinition): Word {
  const { name, description } = parameter;
  const detail = `${takenBy(parameter)}${defaultOf(parameter)}`;
  return { word: name, kind: 'argument', detail, description, holds: parameter.kind === 'integer' ? holdsText : holdsValue };
}

function defaultOf(parameter: ParameterDefinition): string {
  if (isRequired(parameter)) return '; has to be given';
  const value = String(parameter.default);
  return value === '' ? '' : `; ${value} where left out`;
}

/** The words that an argument may be; numbers are none. */
export function valueWords(parameter: ParameterDefinition, names: readonly KnownName[], lineOf: (at: number) => number): readonly Word[] {
  const { description } = parameter;
  switch (parameter.kind) {
    case 'integer':
      return [];
    case 'boolean':
      return truthWords(description);
    case 'choice':
    case 'flags':
      return Object.keys(parameter.choices).map((word) => ({
        word,
        kind: 'value',
        detail: word === parameter.default ? 'where left out' : '',
        description,
        holds: holdsValue,
      }));
    case 'reference':
      return names
        .filter(({ to }) => to === parameter.to || to === null)
        .map(({ name, to, at }) => ({
          word: name,
          kind: 'reference',
          detail: `${to === null ? 'named' : `a ${to}, named`} in line ${lineOf(at)}`,
          description,
          holds: holdsValue,
        }));
  }
}

export function truthWords(description: string): readonly Word[] {
  return ['true', 'false'].map((word) => ({ word, kind: 'value', detail: '', description, holds: holdsValue }));
}

/** A word without any meaning but its own. */
export function plainWord(word: string, kind: 'option' | 'value', detail = '', description = ''): Word {
  return { word, kind, detail, description, holds: holdsValue };
}

export function capabilityWords({ capabilities, defaultCapabilities }: Vocabulary, description: string): readonly Word[] {
  return capabilities.map((word) =>
    plainWord(word, 'value', defaultCapabilities.includes(word) ? 'of scenarios that name none' : '', description),
  );
}

/** What a step may be expected to answer, but for numbers. */
export function expectationWordsFor(description: string): readonly Word[] {
  const errors = [...linuxErrnos].map(([word, value]) => plainWord(word, 'value', `error ${value}`, description));
  return [plainWord('ok', 'value', '0 or more', description), ...errors];
}
