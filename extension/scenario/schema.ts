// The JSON Schema of scenario files, for editors that complete and check YAML.
import { linuxErrnos } from '../program/errnos.js';
import type { OperationDefinition, ParameterDefinition, Vocabulary } from '../model/scenario.js';
import { isRequired } from './arguments.js';
import { describedIn, parallelField, scenarioFields, stepFields } from './fields.js';
import { namePattern } from './vocabulary-words.js';

/** A JSON Schema, as far as it is told here: what it holds is JSON. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Draft 07 (json-schema.org/draft-07/schema), as the YAML extension of VS Code reads it. Whatever `readScenario` takes
 * fits the schema. What no schema can say, such as which names earlier steps gave, it leaves open.
 */
export function scenarioSchema(vocabulary: Vocabulary): JsonSchema {
  const { operations, setup, subsystem, capabilities } = vocabulary;
  const described = (name: string): string => describedIn(scenarioFields, name);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `Scenario of ${subsystem}`,
    description: 'What a server, its clients and the kernel do, step by step; the simulator tries every fault and interleaving.',
    type: 'object',
    required: ['name', 'steps'],
    additionalProperties: false,
    properties: {
      name: {
        description: described('name'),
        type: 'string',
        pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
      },
      title: { description: described('title'), type: 'string', minLength: 1 },
      description: { description: described('description'), type: 'string', minLength: 1 },
      subsystem: { description: described('subsystem'), const: subsystem },
      config: {
        description: described('config'),
        type: 'object',
        propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9_]*$' },
        additionalProperties: { type: 'boolean' },
      },
      setup: argumentsSchema(setup, described('setup')),
      capabilities: { $ref: '#/definitions/capabilities' },
      steps: { description: described('steps'), type: 'array', items: { $ref: '#/definitions/step' } },
    },
    definitions: {
      capabilities: { description: 'Privileges.', type: 'array', items: capabilities.length > 0 && { enum: capabilities } },
      step: stepSchema(operations, {
        description: parallelField.description,
        type: 'array',
        minItems: 1,
        items: { type: 'array', minItems: 1, items: { $ref: '#/definitions/operation' } },
      }),
      operation: stepSchema(operations, null),
      expectation: expectationSchema(),
    },
  };
}

/**
 * An operation by its name alone, or with arguments and fields; or `parallel`, where a schema for it is given. That is one
 * object rather than a choice of two, so that editors offer all words where a step begins. Draft 07 wants at least one
 * schema in anyOf and one value in enum: where there is none, `false` refuses all.
 */
function stepSchema(operations: readonly OperationDefinition[], parallel: JsonSchema | null): JsonSchema {
  const bare = operations.filter(({ parameters }) => !needsArguments(parameters));
  const answering = operations.filter(({ answers }) => answers !== null);
  const described = operations.map(({ name, description, actor, parameters }): [string, JsonSchema] => [
    name,
    argumentsSchema(parameters, `${description} (${actor})`),
  ]);
  const words = [...described, ...(parallel === null ? [] : [['parallel', parallel] as const])];
  return {
    anyOf: [
      {
        type: 'object',
        additionalProperties: false,
        oneOf: words.map(([name]) => ({ required: [name] })),
        dependencies: {
          as: answering.length > 0 && { anyOf: answering.map(({ name }) => ({ required: [name] })) },
          ...(parallel === null ? {} : { parallel: { maxProperties: 1 } }),
        },
        properties: {
          ...Object.fromEntries(words),
          as: { description: describedIn(stepFields, 'as'), type: 'string', pattern: namePattern.source },
          capabilities: { $ref: '#/definitions/capabilities' },
          expect: { $ref: '#/definitions/expectation' },
        },
      },
      ...(bare.length === 0 ? [] : [{ type: 'string', enum: bare.map(({ name }) => name) }]),
    ],
  };
}

function needsArguments(parameters: readonly ParameterDefinition[]): boolean {
  return parameters.some(isRequired);
}

function argumentsSchema(parameters: readonly ParameterDefinition[], description: string): JsonSchema {
  const required = parameters.filter(isRequired).map(({ name }) => name);
  return {
    description,
    type: required.length === 0 ? ['object', 'null'] : 'object',
    additionalProperties: false,
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(parameters.map((parameter) => [parameter.name, parameterSchema(parameter)])),
  };
}

function parameterSchema(parameter: ParameterDefinition): JsonSchema {
  const described = { description: parameter.description, ...(parameter.default === null ? {} : { default: parameter.default }) };
  switch (parameter.kind) {
    case 'integer':
      return { ...described, type: 'integer', minimum: parameter.minimum, maximum: parameter.maximum };
    case 'choice':
      return { ...described, enum: Object.keys(parameter.choices) };
    case 'flags': {
      const words = { enum: Object.keys(parameter.choices) };
      return { ...described, anyOf: [{ type: 'array', items: words }, words] };
    }
    case 'boolean':
      return { ...described, type: 'boolean' };
    case 'reference': {
      const { minimum, maximum } = parameter;
      const bounds = { ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) };
      return {
        ...described,
        markdownDescription: `${parameter.description}\n\nThe \`as\` of an earlier step that answers a ${parameter.to}, or a number.`,
        anyOf: [
          { type: 'string', pattern: namePattern.source },
          { type: 'integer', ...bounds },
        ],
      };
    }
  }
}

function expectationSchema(): JsonSchema {
  const answers = [{ const: 'ok' }, { type: 'integer' }, { enum: [...linuxErrnos.keys()] }];
  return {
    description: describedIn(stepFields, 'expect'),
    anyOf: [...answers, { type: 'array', minItems: 1, items: { anyOf: answers } }],
  };
}
