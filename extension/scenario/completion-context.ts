// What can stand at a place of a scenario: which words, and whether they are keys, steps or values there.
import type { OperationDefinition, ParameterDefinition, Vocabulary } from '../model/scenario.js';
import type { Offset } from '../model/source.js';
import { describedIn, namesOf, parallelField, scenarioFields, stepFields } from './fields.js';
import { knownNames, type KnownName } from './known-names.js';
import {
  argumentWord,
  capabilityWords,
  expectationWordsFor,
  fieldWord,
  operationWord,
  parallelWord,
  plainWord,
  truthWords,
  valueWords,
  type Word,
} from './known-words.js';
import type { Spot } from './spot.js';
import { entryOf, type Located, type LocatedEntry } from './located-values.js';

export interface CompletionContext {
  /** All that can stand there, also what is there already. */
  readonly words: readonly Word[];
  /** Those that are beside the place and can't be there twice. */
  readonly taken: readonly string[];
  /** A step is a word alone or the first key of one. */
  readonly form: 'key' | 'step' | 'value';
  /** Collections that have to be around the word and are not yet, the outer one first. */
  readonly lacks: readonly ('list' | 'map')[];
}

/** What else words are taken from. */
export interface CompletionSources {
  readonly vocabulary: Vocabulary;
  /** Names of configuration options, without `CONFIG_`; they are offered, any other is right too. */
  readonly options: readonly string[];
  /** The 1-based line of an offset. */
  readonly line: (at: Offset) => number;
}

type Path = Spot['path'];

/** What can stand at a spot; null where no words are known, as in prose. */
export function contextAt({ root, path, entry }: Spot, known: CompletionSources): CompletionContext | null {
  const [field, ...rest] = path;
  if (field === undefined) return { ...keys(scenarioFields.map(fieldWord), root, entry), form: 'key' };
  const node = root.kind === 'map' && typeof field === 'string' ? entryOf(root, field)?.value : undefined;
  if (node === undefined) return null;
  const { vocabulary } = known;
  switch (field) {
    case 'subsystem':
      return rest.length > 0 || entry !== null ? null : value([plainWord(vocabulary.subsystem, 'value')]);
    case 'config':
      return configContext(node, rest, entry, known);
    case 'setup':
      return argumentsContext(vocabulary.setup, node, rest, entry, [], known);
    case 'capabilities':
      return listContext(capabilityWords(vocabulary, describedIn(scenarioFields, 'capabilities')), node, rest, entry, ['list']);
    case 'steps':
      return stepsContext(node, rest, entry, known);
    default:
      return null;
  }
}

function configContext(node: Located, path: Path, entry: LocatedEntry | null, { options }: CompletionSources): CompletionContext | null {
  if (path.length === 0) {
    return keys(
      options.map((name) => plainWord(name, 'option')),
      node,
      entry,
    );
  }
  return path.length === 1 && entry === null ? value(truthWords(describedIn(scenarioFields, 'config'))) : null;
}

function stepsContext(steps: Located, path: Path, entry: LocatedEntry | null, known: CompletionSources): CompletionContext | null {
  const { vocabulary } = known;
  const [index, parallel, branch, inner, ...rest] = path;
  const names = knownNames(steps, path, vocabulary);
  const operations = vocabulary.operations.map((operation) => operationWord(operation, names));
  const all = [...operations, parallelWord];
  if (index === undefined) return entry === null ? { words: all, taken: [], form: 'step', lacks: ['list'] } : null;
  const step = itemOf(steps, index);
  if (step === undefined) return null;
  if (parallel !== parallelField.name) return stepPlace(step, path.slice(1), entry, all, names, known);
  const branches = step.kind === 'map' ? entryOf(step, parallelField.name)?.value : undefined;
  if (branches === undefined) return null;
  if (branch === undefined) return entry === null ? { words: operations, taken: [], form: 'step', lacks: ['list', 'list'] } : null;
  if (inner === undefined) return entry === null ? { words: operations, taken: [], form: 'step', lacks: ['list'] } : null;
  const operation = itemOf(itemOf(branches, branch), inner);
  return operation === undefined ? null : stepPlace(operation, rest, entry, operations, names, known);
}

/** `all` are the words that a step may begin with. */
function stepPlace(
  step: Located,
  path: Path,
  entry: LocatedEntry | null,
  all: readonly Word[],
  names: readonly KnownName[],
  known: CompletionSources,
): CompletionContext | null {
  const { vocabulary } = known;
  const [key, ...rest] = path;
  if (key === undefined) return step.kind === 'map' && entry !== null ? keyOfStep(step.entries, entry, all, vocabulary) : step_(all);
  if (step.kind !== 'map' || typeof key !== 'string') return null;
  const node = entryOf(step, key)?.value;
  if (node === undefined) return null;
  const description = describedIn(stepFields, key);
  if (key === 'capabilities') return listContext(capabilityWords(vocabulary, description), node, rest, entry, ['list']);
  if (key === 'expect') return listContext(expectationWordsFor(description), node, rest, entry, []);
  const operation = vocabulary.operations.find(({ name }) => name === key);
  return operation === undefined ? null : argumentsContext(operation.parameters, node, rest, entry, names, known);
}

function step_(words: readonly Word[]): CompletionContext {
  return { words, taken: [], form: 'step', lacks: [] };
}

/** A key of a step is its operation, or a field where another key is there that must be the operation. */
function keyOfStep(entries: readonly LocatedEntry[], entry: LocatedEntry, all: readonly Word[], vocabulary: Vocabulary): CompletionContext {
  const others = entries.filter((each) => each !== entry).map(({ key }) => key);
  const fields = namesOf(stepFields);
  const operation = others.find((key) => !fields.includes(key));
  const answers = (name: string): boolean => vocabulary.operations.some((each) => each.name === name && each.answers !== null);
  if (operation === undefined) {
    if (others.length === 0) return step_(all);
    const words = all.filter(({ word }) => word !== parallelWord.word && (!others.includes('as') || answers(word)));
    return { words, taken: others, form: 'key', lacks: [] };
  }
  const definition: OperationDefinition | undefined = vocabulary.operations.find(({ name }) => name === operation);
  const words = stepFields.filter(({ name }) => name !== 'as' || definition?.answers !== null).map(fieldWord);
  return { words: operation === parallelField.name ? [] : words, taken: others, form: 'key', lacks: [] };
}

function argumentsContext(
  parameters: readonly ParameterDefinition[],
  node: Located,
  path: Path,
  entry: LocatedEntry | null,
  names: readonly KnownName[],
  { line }: CompletionSources,
): CompletionContext | null {
  const [key, ...rest] = path;
  if (key === undefined) return keys(parameters.map(argumentWord), node, entry);
  const parameter = parameters.find(({ name }) => name === key);
  const given = node.kind === 'map' && typeof key === 'string' ? entryOf(node, key)?.value : undefined;
  if (parameter === undefined || given === undefined) return null;
  const words = valueWords(parameter, names, line);
  if (parameter.kind === 'flags') return listContext(words, given, rest, entry, []);
  return rest.length === 0 && entry === null ? value(words) : null;
}

/** A key of a map, or the first one of a map that is not there yet. */
function keys(words: readonly Word[], node: Located, entry: LocatedEntry | null): CompletionContext {
  const entries = node.kind === 'map' ? node.entries : [];
  const taken = entries.filter((each) => each !== entry).map(({ key }) => key);
  return { words, taken, form: 'key', lacks: node.kind === 'map' ? [] : ['map'] };
}

/** A value alone, which may need a list around it, or one of a list. */
function listContext(
  words: readonly Word[],
  node: Located,
  path: Path,
  entry: LocatedEntry | null,
  lacks: CompletionContext['lacks'],
): CompletionContext | null {
  if (entry !== null || path.length > 1) return null;
  if (path.length === 0) return { ...value(words), lacks };
  const others = node.kind === 'list' ? node.items.filter((_, index) => index !== path[0]) : [];
  return { ...value(words), taken: others.flatMap((item) => (item.kind === 'scalar' ? [String(item.value)] : [])) };
}

function value(words: readonly Word[]): CompletionContext {
  return { words, taken: [], form: 'value', lacks: [] };
}

function itemOf(node: Located | undefined, index: number | string): Located | undefined {
  return node?.kind === 'list' && typeof index === 'number' ? node.items[index] : undefined;
}
