// A subsystem's vocabulary from its file (docs/scenarios.md).
import { z } from 'zod';
import type { InputProblem } from '../model/problem.js';
import type { OperationDefinition, ParameterDefinition, ScenarioValue, Vocabulary } from '../model/scenario.js';
import type { Subsystem } from '../model/subsystem.js';
import { expectedOf, fitsReference, isRequired, readArguments, type Referring } from './arguments.js';
import { mistakeInProbe, probesOf, probesSchema } from './probes.js';
import { Complaints, entryOf, placeOf, plainValue, type Located } from './located-values.js';
import { expectedOneOf, namePattern, reservedWords, quoted } from './vocabulary-words.js';
import { readYaml } from './yaml.js';

export interface ReadVocabulary {
  /** null where anything is wrong with it. */
  readonly vocabulary: Vocabulary | null;
  /** All mistakes of the text, in order, each with line and column. */
  readonly problems: readonly InputProblem[];
}

/** What stands for a vocabulary that could not be read: there is nothing to say with it. */
export const emptyVocabulary: Vocabulary = {
  subsystem: '',
  operations: [],
  setup: [],
  setupDriver: '',
  teardownDriver: '',
  boundary: {},
  capabilities: [],
  defaultCapabilities: [],
};

const nameSchema = z.string().regex(namePattern, 'expected a name of letters, digits, "-" and "_" that begins with a letter');
const driverSchema = z.string().regex(/^[A-Za-z_]\w*$/, 'expected the name of a C function');
const descriptionSchema = z.string().min(1);
const wholeSchema = z.int();
const choicesSchema = z.record(nameSchema, wholeSchema).refine((choices) => Object.keys(choices).length > 0, 'expected at least one name');

const parameterSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('integer'),
    description: descriptionSchema,
    minimum: wholeSchema,
    maximum: wholeSchema,
    default: wholeSchema.nullable().default(null),
    alike: nameSchema.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('choice'),
    description: descriptionSchema,
    choices: choicesSchema,
    default: z.string().nullable().default(null),
    alike: nameSchema.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('flags'),
    description: descriptionSchema,
    choices: choicesSchema,
    default: z.array(z.string()).default([]),
  }),
  z.strictObject({ kind: z.literal('boolean'), description: descriptionSchema, default: z.boolean().default(false) }),
  z.strictObject({
    kind: z.literal('reference'),
    description: descriptionSchema,
    to: nameSchema,
    default: wholeSchema.nullable().default(null),
    minimum: wholeSchema.exactOptional(),
    maximum: wholeSchema.exactOptional(),
    'on-failure': wholeSchema.exactOptional(),
  }),
]);

const rowSchema = z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.array(z.string())]));

const operationSchema = z.strictObject({
  description: descriptionSchema,
  actor: z.string().min(1),
  driver: driverSchema,
  parameters: z.record(nameSchema, parameterSchema).default({}),
  answers: nameSchema.nullable().default(null),
  opaque: z.boolean().exactOptional(),
  generate: z.array(rowSchema).default([]),
});

const vocabularySchema = z.strictObject({
  subsystem: nameSchema,
  'setup-driver': driverSchema,
  'teardown-driver': driverSchema,
  setup: z.record(nameSchema, parameterSchema).default({}),
  boundary: z.record(driverSchema, driverSchema).default({}),
  capabilities: z.array(nameSchema).default([]),
  'default-capabilities': z.array(nameSchema).default([]),
  probes: probesSchema.exactOptional(),
  operations: z.record(
    nameSchema.refine((name) => !reservedWords.includes(name), `expected another word than ${reservedWords.join(', ')}`),
    operationSchema,
  ),
});

type VocabularyFile = z.infer<typeof vocabularySchema>;

/** The vocabulary of a YAML text, whose operations are done by the subsystem's actors. `file` names it in problems. */
export function readVocabulary(file: string, text: string, subsystem: Pick<Subsystem, 'name' | 'actors'>): ReadVocabulary {
  const complaints = new Complaints(file, text);
  const root = readYaml(text, complaints) ?? { kind: 'scalar', value: null, at: 0 };
  const parsed = vocabularySchema.safeParse(plainValue(root));
  if (!parsed.success) {
    for (const issue of parsed.error.issues) complainOf(issue, root, complaints);
    return { vocabulary: null, problems: complaints.problems };
  }
  const vocabulary = vocabularyOf(parsed.data);
  checkMeaning(vocabulary, root, complaints);
  checkSubsystem(vocabulary, subsystem, root, complaints);
  return { vocabulary: complaints.none ? vocabulary : null, problems: complaints.problems };
}

/** That it is the subsystem's own, and that nobody acts in it but the subsystem's actors. */
function checkSubsystem(
  { subsystem, operations }: Vocabulary,
  { name, actors }: Pick<Subsystem, 'name' | 'actors'>,
  root: Located,
  complaints: Complaints,
): void {
  if (subsystem !== name) complaints.add(placeOf(root, ['subsystem']), `subsystem: expected ${name}, as its folder is called`);
  for (const { name: operation, actor } of operations) {
    if (actors.includes(actor)) continue;
    const path = ['operations', operation, 'actor'];
    complaints.add(placeOf(root, path), `${path.join('.')}: there is no ${quoted(actor)}; ${expectedOneOf(actor, actors, '')}`);
  }
}

function complainOf(issue: z.core.$ZodIssue, root: Located, complaints: Complaints): void {
  if (issue.code === 'unrecognized_keys') {
    const owner = issue.path.length === 0 ? 'a vocabulary' : issue.path.join('.');
    for (const key of issue.keys) complaints.add(placeOf(root, [...issue.path, key]), `${owner} has no ${quoted(key)}`);
  } else if (issue.code === 'invalid_key') {
    complaints.add(placeOf(root, issue.path), issue.issues[0]?.message ?? issue.message);
  } else {
    const path = issue.path.length === 0 ? 'the vocabulary' : issue.path.join('.');
    complaints.add(placeOf(root, issue.path), `${path}: ${issue.message}`);
  }
}

function vocabularyOf(file: VocabularyFile): Vocabulary {
  return {
    subsystem: file.subsystem,
    operations: Object.entries(file.operations).map(([name, { parameters, ...rest }]): OperationDefinition => ({
      name,
      ...rest,
      parameters: parametersOf(parameters),
    })),
    setup: parametersOf(file.setup),
    setupDriver: file['setup-driver'],
    teardownDriver: file['teardown-driver'],
    boundary: file.boundary,
    capabilities: file.capabilities,
    defaultCapabilities: file['default-capabilities'],
    ...(file.probes === undefined ? {} : { probes: probesOf(file.probes) }),
  };
}

function parametersOf(map: VocabularyFile['setup']): readonly ParameterDefinition[] {
  return Object.entries(map).map(([name, parameter]): ParameterDefinition => {
    if (parameter.kind !== 'reference') return { name, ...parameter };
    const { 'on-failure': onFailure, ...rest } = parameter;
    return { name, ...rest, ...(onFailure === undefined ? {} : { onFailure }) };
  });
}

/** What no schema can say: that what is named is there, and that what is given fits. */
function checkMeaning(vocabulary: Vocabulary, root: Located, complaints: Complaints): void {
  const { operations, capabilities } = vocabulary;
  vocabulary.defaultCapabilities.forEach((name, index) => {
    if (capabilities.includes(name)) return;
    complaints.add(placeOf(root, ['default-capabilities', index]), `${quoted(name)} is not in capabilities`);
  });
  for (const probed of vocabulary.probes?.functions ?? []) {
    const message = mistakeInProbe(probed);
    if (message !== null) complaints.add(placeOf(root, ['probes', 'functions', probed.name]), `${probed.name}: ${message}`);
  }
  const answered = new Set(operations.map(({ answers }) => answers));
  const check = (parameter: ParameterDefinition, path: readonly string[]): void => {
    const message = mistakeIn(parameter);
    if (message !== null) complaints.add(placeOf(root, path), `${parameter.name}: ${message}`);
    if (parameter.kind === 'reference' && !answered.has(parameter.to)) {
      complaints.add(placeOf(root, [...path, 'to']), `no operation answers a ${parameter.to}`);
    }
  };
  for (const parameter of vocabulary.setup) {
    check(parameter, ['setup', parameter.name]);
    const place = placeOf(root, ['setup', parameter.name]);
    if (parameter.kind === 'reference') complaints.add(place, `${parameter.name}: there is nothing to refer to before the first step`);
    else if (isRequired(parameter)) complaints.add(place, `${parameter.name}: needs a default, for scenarios without a setup`);
  }
  for (const { name, parameters, generate } of operations) {
    for (const parameter of parameters) check(parameter, ['operations', name, 'parameters', parameter.name]);
    const rows = placeIn(root, ['operations', name, 'generate']);
    generate.forEach((row, index) => checkRow(name, parameters, row, rows?.kind === 'list' ? rows.items[index] : undefined, complaints));
  }
}

/** A generated row is read as a step would be, but that references are bound later: one may be left out, none has a name. */
function checkRow(
  operation: string,
  parameters: readonly ParameterDefinition[],
  row: Readonly<Record<string, ScenarioValue>>,
  node: Located | undefined,
  complaints: Complaints,
): void {
  if (node === undefined) return;
  const noNames: Referring = (name) => ({
    message: `a generated row has no names such as ${quoted(name)}; leave it out, or give a number`,
    known: [],
  });
  const needed = parameters.filter(({ name, kind }) => kind !== 'reference' || Object.hasOwn(row, name));
  readArguments(node, needed, { name: operation, at: node.at }, noNames, complaints);
}

function placeIn(root: Located, path: readonly string[]): Located | undefined {
  return path.reduce<Located | undefined>((node, key) => (node?.kind === 'map' ? entryOf(node, key)?.value : undefined), root);
}

/** What is wrong with the definition of a parameter in itself, or null. */
function mistakeIn(parameter: ParameterDefinition): string | null {
  switch (parameter.kind) {
    case 'integer': {
      const { minimum, maximum, default: otherwise } = parameter;
      if (minimum > maximum) return `the minimum ${minimum} is above the maximum ${maximum}`;
      const fits = otherwise === null || (otherwise >= minimum && otherwise <= maximum);
      return fits ? null : `the default: ${expectedOf(parameter)}, found ${otherwise}`;
    }
    case 'choice':
      return parameter.default === null || Object.hasOwn(parameter.choices, parameter.default)
        ? null
        : `the default: ${expectedOf(parameter)}, found ${quoted(parameter.default)}`;
    case 'flags': {
      const unknown = parameter.default.find((name) => !Object.hasOwn(parameter.choices, name));
      return unknown === undefined ? null : `the default: ${expectedOf(parameter)}, found ${quoted(unknown)}`;
    }
    case 'reference': {
      const { minimum = -Infinity, maximum = Infinity, default: otherwise, onFailure } = parameter;
      if (minimum > maximum) return `the minimum ${minimum} is above the maximum ${maximum}`;
      for (const [name, value] of [['default', otherwise] as const, ['on-failure', onFailure ?? null] as const])
        if (value !== null && !fitsReference(value, parameter)) return `the ${name}: ${expectedOf(parameter)}, found ${value}`;
      return null;
    }
    case 'boolean':
      return null;
  }
}
