// Arguments of operations and of the setup, held against what they may be.
import type { ParameterDefinition, ScenarioValue } from '../model/scenario.js';
import { failed, ok, type Result } from '../model/result.js';
import type { Offset } from '../model/source.js';
import { describe, entryOf, type Complaints, type Located, type LocatedScalar } from './located-values.js';
import { expectedOneOf, quoted, type Misspelt } from './vocabulary-words.js';

/** What names given by `as` stand for: null where a name is known and stands for that, or what is wrong with it. */
export type Referring = (name: string, to: string) => WrongReference | null;

/** What is wrong with a reference, and the names that could stand there. */
export interface WrongReference {
  readonly message: string;
  readonly known: readonly string[];
}

/** The setup has no steps before it, so nothing to refer to. */
export const referringToNothing: Referring = (name) => ({
  message: `nothing is called ${quoted(name)} here; expected a number`,
  known: [],
});

/**
 * The arguments given for parameters, by name, in the order given; those that are wrong are complained of and left out.
 * `owner` is whose they are, for messages; `at` is where to say that one is missing.
 */
export function readArguments(
  node: Located,
  parameters: readonly ParameterDefinition[],
  owner: { readonly name: string; readonly at: number },
  refers: Referring,
  complaints: Complaints,
): Readonly<Record<string, ScenarioValue>> {
  const given = new Map<string, ScenarioValue>();
  const names = parameters.map(({ name }) => name);
  if (node.kind !== 'map' && !(node.kind === 'scalar' && node.value === null)) {
    complaints.add(node.at, `expected the arguments of ${owner.name} by name${listed(names)}, found ${describe(node)}`);
    return {};
  }
  for (const { key, at, value } of node.kind === 'map' ? node.entries : []) {
    const parameter = parameters.find(({ name }) => name === key);
    if (parameter === undefined) {
      const known = names.filter((name) => node.kind !== 'map' || entryOf(node, name) === undefined);
      complaints.add(at, `${owner.name} has no argument ${quoted(key)}; ${expectedOneOf(key, names, 'it has none')}`, { word: key, known });
      continue;
    }
    const result = readValue(value, parameter, refers);
    if (result.ok) given.set(key, result.value);
    else complaints.add(result.failure.at ?? value.at, `${key} of ${owner.name}: ${result.failure.message}`, result.failure.misspelt);
  }
  for (const parameter of parameters) {
    if (!isRequired(parameter) || (node.kind === 'map' && entryOf(node, parameter.name) !== undefined)) continue;
    complaints.add(owner.at, `${owner.name} needs ${parameter.name}: ${expectedOf(parameter)}`);
  }
  return Object.fromEntries(given);
}

/** Whether an argument has no default and so must be given. */
export function isRequired(parameter: ParameterDefinition): boolean {
  return parameter.default === null;
}

/** What an argument may be, for messages. */
export function expectedOf(parameter: ParameterDefinition): string {
  return `expected ${takenBy(parameter)}`;
}

/** What an argument may be: `true or false`. */
export function takenBy(parameter: ParameterDefinition): string {
  switch (parameter.kind) {
    case 'integer':
      return `a whole number from ${parameter.minimum} to ${parameter.maximum}`;
    case 'choice':
      return `one of ${Object.keys(parameter.choices).join(', ')}`;
    case 'flags':
      return `a list of ${Object.keys(parameter.choices).join(', ')}`;
    case 'boolean':
      return 'true or false';
    case 'reference':
      return `a name that an earlier step gives to a ${parameter.to} with "as", or ${numberOf(parameter)}`;
  }
}

function numberOf({ minimum, maximum }: ReferenceParameter): string {
  if (minimum !== undefined && maximum !== undefined) return `a number from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `a number of at least ${minimum}`;
  return maximum === undefined ? 'a number' : `a number of at most ${maximum}`;
}

/** Whether a number is the same to the kernel: one with more bits than the kernel takes would be another one there. */
export function fitsReference(value: number, { minimum, maximum }: ReferenceParameter): boolean {
  return value >= (minimum ?? -Infinity) && value <= (maximum ?? Infinity);
}

type ReferenceParameter = ParameterDefinition & { readonly kind: 'reference' };

/** What is wrong with a value; `at` is where, if not where the value begins. */
interface WrongValue {
  readonly message: string;
  readonly at?: Offset;
  readonly misspelt?: Misspelt | undefined;
}

type ReadValue = Result<ScenarioValue, WrongValue>;

function readValue(node: Located, parameter: ParameterDefinition, refers: Referring): ReadValue {
  if (parameter.kind === 'flags') return readFlags(node, parameter);
  const message = `${expectedOf(parameter)}, found ${describe(node)}`;
  const wrong = failed({ message });
  if (node.kind !== 'scalar' || node.value === null) return wrong;
  const { value } = node;
  switch (parameter.kind) {
    case 'integer':
      return isWhole(value) && value >= parameter.minimum && value <= parameter.maximum ? ok(value) : wrong;
    case 'boolean':
      return typeof value === 'boolean' ? ok(value) : failed({ message, misspelt: misspeltTruth(node) });
    case 'choice':
      if (typeof value !== 'string') return wrong;
      return Object.hasOwn(parameter.choices, value) ? ok(value) : failed(unknownWord(value, parameter.choices));
    case 'reference': {
      if (isWhole(value)) return fitsReference(value, parameter) ? ok(value) : wrong;
      if (typeof value !== 'string') return wrong;
      const mistake = refers(value, parameter.to);
      return mistake === null ? ok(value) : failed({ message: mistake.message, misspelt: { word: value, known: mistake.known } });
    }
  }
}

function readFlags(node: Located, parameter: ParameterDefinition & { readonly kind: 'flags' }): ReadValue {
  const items = node.kind === 'list' ? node.items : [node];
  const wrong = items.find((item) => !isWord(item));
  if (wrong !== undefined) return failed({ message: `${expectedOf(parameter)}, found ${describe(wrong)}` });
  const words = items.filter(isWord);
  const unknown = words.find(({ value }) => !Object.hasOwn(parameter.choices, value));
  if (unknown !== undefined) return failed({ ...unknownWord(unknown.value, parameter.choices), at: unknown.at });
  return ok([...new Set(words.map(({ value }) => value))]);
}

function unknownWord(word: string, choices: Readonly<Record<string, number>>): WrongValue {
  const known = Object.keys(choices);
  return { message: `there is no ${quoted(word)}; ${expectedOneOf(word, known, 'it has no names')}`, misspelt: { word, known } };
}

/** A word where a truth value should be. */
export function misspeltTruth(node: Located): Misspelt | undefined {
  return isWord(node) ? { word: node.value, known: ['true', 'false'] } : undefined;
}

/** Whether a value is a whole number that is exact. */
export function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/** Whether a node is a text. */
export function isWord(node: Located): node is LocatedScalar & { readonly value: string } {
  return node.kind === 'scalar' && typeof node.value === 'string';
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? ' (it has none)' : ` (${names.join(', ')})`;
}
