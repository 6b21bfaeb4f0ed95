// Vocabularies and runtimes: what is read from their files, and what is said about mistakes.
import { describe, expect, test } from 'vitest';
import { formatProblem } from '../../extension/model/problem.js';
import { readRuntime } from '../../extension/scenario/runtime.js';
import { readVocabulary } from '../../extension/scenario/vocabulary.js';
import { fuseRuntime } from '../support/fuse.js';
import { memoryTree } from '../support/memory-tree.js';
import { toySubsystem, toyVocabulary, toyVocabularyText } from './toy-vocabulary.js';

/** The problems of the toy vocabulary with one text in it exchanged. */
function mistakes(from: string, to: string): string[] {
  expect(toyVocabularyText).toContain(from);
  const { vocabulary, problems } = readVocabulary('v.yaml', toyVocabularyText.replace(from, to), toySubsystem);
  expect(vocabulary).toBeNull();
  return problems.map(formatProblem);
}

describe('a vocabulary', () => {
  test('is read in full, in the order of its file', () => {
    const vocabulary = toyVocabulary();
    expect(vocabulary).toMatchObject({
      subsystem: 'fuse-backing',
      setupDriver: 'model_setup',
      teardownDriver: 'model_teardown',
      boundary: { fuse_request: 'model_request' },
      capabilities: ['CAP_SYS_ADMIN', 'CAP_DAC_OVERRIDE'],
      defaultCapabilities: ['CAP_SYS_ADMIN'],
    });
    expect(vocabulary.operations.map(({ name }) => name)).toEqual(['backing-open', 'open', 'backing-close', 'grace-period']);
    expect(vocabulary.operations[0]).toEqual({
      name: 'backing-open',
      description: 'The server hands over an open file.',
      actor: 'server',
      driver: 'model_backing_open',
      parameters: [
        {
          name: 'fd',
          description: 'What the descriptor is.',
          kind: 'choice',
          choices: { regular: 0, directory: 1, bad: 2 },
          default: 'regular',
        },
        { name: 'flags', description: 'Flags of the request.', kind: 'flags', choices: { ONE: 1, TWO: 2 }, default: [] },
        { name: 'retry', description: 'Once more.', kind: 'boolean', default: false },
      ],
      answers: 'backing',
      generate: [{}],
    });
    expect(vocabulary.operations[1]?.parameters[0]).toMatchObject({ default: null, alike: 'inode' });
    expect(vocabulary.operations[1]?.parameters[1]).toEqual({
      name: 'backing',
      description: 'What the server answers.',
      kind: 'reference',
      to: 'backing',
      default: 0,
      minimum: -2147483648,
      maximum: 2147483647,
      onFailure: 99,
    });
    expect(vocabulary.operations[3]).toMatchObject({ parameters: [], answers: null, generate: [] });
  });

  test.each([
    ['actor: client', 'actor: klient', 'v.yaml:23:5: operations.open.actor: there is no "klient"; did you mean client?'],
    ['actor: client', 'actor: client\n    actress: x', 'v.yaml:24:5: operations.open has no "actress"'],
    ['kind: boolean', 'kind: bool', 'v.yaml:17:41: operations.backing-open.parameters.retry.kind: Invalid discriminator value'],
    ['driver: model_open', 'driver: model-open', 'v.yaml:24:5: operations.open.driver: expected the name of a C function'],
    ['  grace-period:', '  parallel:', 'v.yaml:43:3: expected another word than as, expect, capabilities, parallel, with'],
    ['  grace-period:', '  3:', 'v.yaml:43:3: expected a name of letters, digits, "-" and "_" that begins with a letter'],
    ['subsystem: fuse-backing\n', '', 'v.yaml:1:1: subsystem: Invalid input: expected string, received undefined'],
    ['default: regular', 'default: reglar', 'v.yaml:15:7: fd: the default: expected one of regular, directory, bad, found "reglar"'],
    ['maximum: 2', 'maximum: -1', 'v.yaml:4:3: max-stack-depth: the minimum 0 is above the maximum -1'],
    ['default: 1 }', 'default: 3 }', 'v.yaml:4:3: max-stack-depth: the default: expected a whole number from 0 to 2, found 3'],
    [', default: 1 }', ' }', 'v.yaml:4:3: max-stack-depth: needs a default, for scenarios without a setup'],
    ['to: backing, default: 0', 'to: file2', 'v.yaml:27:74: no operation answers a file2'],
    [
      'default: 0, minimum',
      'default: 4294967296, minimum',
      'v.yaml:27:7: backing: the default: expected a name that an earlier step gives to a backing with "as", or a number from -2147483648 to 2147483647, found 4294967296',
    ],
    [
      'on-failure: 99',
      'on-failure: 2147483648',
      'v.yaml:27:7: backing: the on-failure: expected a name that an earlier step gives to a backing with "as", or a number from -2147483648 to 2147483647, found 2147483648',
    ],
    ['default-capabilities: [CAP_SYS_ADMIN]', 'default-capabilities: [CAP_X]', 'v.yaml:8:24: "CAP_X" is not in capabilities'],
    ['- { inode: 2 }', '- { inode: 7 }', 'v.yaml:31:18: inode of open: expected a whole number from 1 to 4, found the number 7'],
    ['- { inode: 2 }', '- {}', 'v.yaml:31:9: open needs inode: expected a whole number from 1 to 4'],
    [
      '- { id: 7 }',
      '- { id: a }',
      'v.yaml:42:15: id of backing-close: a generated row has no names such as "a"; leave it out, or give a number',
    ],
  ])('with %j as %j', (from, to, expected) => {
    const [first = '', ...others] = mistakes(from, to);
    expect(others).toEqual([]);
    expect(first.slice(0, expected.length)).toBe(expected);
  });

  describe('with probes', () => {
    const withProbes = (lines: string): ReturnType<typeof readVocabulary> =>
      readVocabulary('v.yaml', `${toyVocabularyText}probes:\n${lines}`, toySubsystem);
    const object = 'type: struct object, fields: [count, refs.counter]';

    test('says what is shown', () => {
      const functions = `  functions:\n    get: { arguments: { obj: { index: 1, ${object} } } }\n    find: { result: { type: int } }\n`;
      const { vocabulary, problems } = withProbes(`  headers: [object.h]\n  tracepoints: [objects, objects/one]\n${functions}`);
      expect(problems).toEqual([]);
      expect(vocabulary?.probes).toEqual({
        headers: ['object.h'],
        tracepoints: ['objects', 'objects/one'],
        functions: [
          { name: 'get', arguments: [{ name: 'obj', index: 1, type: 'struct object', fields: ['count', 'refs.counter'] }], result: null },
          { name: 'find', arguments: [], result: { name: 'result', type: 'int', fields: [] } },
        ],
      });
    });

    test.each([
      ['get: { arguments: { obj: { index: 7, type: int } } }', 'Too big'],
      [
        'get: { arguments: { obj: { index: 1, type: object } } }',
        'expected int, unsigned int, long, unsigned long, pointer, or the address of',
      ],
      ['get: { arguments: { obj: { index: 1, type: int, fields: [count] } } }', 'get: obj: only the address of a structure has fields'],
      [`get: { arguments: { count: { index: 1, ${object} } } }`, 'get: two values are shown as count'],
      ['get: { result: { type: struct object, fields: [a->b] } }', 'expected a member of a structure'],
    ])('complains of %s', (line, expected) => {
      const { vocabulary, problems } = withProbes(`  functions:\n    ${line}\n`);
      expect(vocabulary).toBeNull();
      expect(problems.map(({ message }) => message).join('\n')).toContain(expected);
    });
  });

  test('that is no map', () => {
    const { vocabulary, problems } = readVocabulary('v.yaml', '', toySubsystem);
    expect(vocabulary).toBeNull();
    expect(problems.map(formatProblem)).toEqual(['v.yaml:1:1: the vocabulary: Invalid input: expected object, received null']);
  });
});

describe('a runtime', () => {
  const files = {
    'kernel/b.h': 'b',
    'kernel/a.h': 'a',
    'kernel/README': '',
    'fuse-backing/a.h': 'c',
    'fuse-backing/vocabulary.yaml': toyVocabularyText,
    'fuse-backing/scenarios/one.yaml': 'name: second\nsteps: [grace-period]\n',
    'fuse-backing/scenarios/two.yaml': 'name: first\nsteps: []\n',
    'other/a.h': '',
  };

  test('is headers in order, words, and scenarios by name', () => {
    const { prelude, vocabulary, scenarios, problems } = readRuntime(memoryTree(files), toySubsystem);
    expect(prelude).toEqual([
      { file: 'runtime/kernel/a.h', text: 'a' },
      { file: 'runtime/kernel/b.h', text: 'b' },
      { file: 'runtime/fuse-backing/a.h', text: 'c' },
    ]);
    expect(vocabulary).toEqual(toyVocabulary());
    expect(scenarios.map(({ name, source }) => [name, source])).toEqual([
      ['first', 'runtime/fuse-backing/scenarios/two.yaml'],
      ['second', 'runtime/fuse-backing/scenarios/one.yaml'],
    ]);
    expect(problems).toEqual([]);
  });

  test('has all problems of its files', () => {
    const wrong = {
      ...files,
      'fuse-backing/scenarios/two.yaml': 'name: second\nsteps: []\n',
      'fuse-backing/scenarios/a.yaml': 'name: a\nsteps: [nothing]\n',
    };
    const { scenarios, problems } = readRuntime(memoryTree(wrong), toySubsystem);
    expect(scenarios.map(({ name }) => name)).toEqual(['second']);
    expect(problems.map((problem) => formatProblem(problem).slice(0, 104))).toEqual([
      'runtime/fuse-backing/scenarios/a.yaml:2:9: there is no operation "nothing"; expected one of backing-open',
      'runtime/fuse-backing/scenarios/two.yaml:1: the name second is that of runtime/fuse-backing/scenarios/one',
    ]);
  });

  test('without a vocabulary has no scenarios', () => {
    const { vocabulary, scenarios, problems } = readRuntime(memoryTree(files), { ...toySubsystem, name: 'other' });
    expect([vocabulary.operations, scenarios]).toEqual([[], []]);
    expect(problems.map(formatProblem)).toEqual(['runtime/other/vocabulary.yaml: cannot be read; the installation is not complete']);
  });

  test('that is bundled has no mistake', () => {
    const { vocabulary, problems } = fuseRuntime;
    expect(problems).toEqual([]);
    expect(vocabulary.operations.length).toBeGreaterThan(5);
  });
});
