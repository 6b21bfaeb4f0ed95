// The JSON Schema of scenarios: the published one is that of the bundled vocabulary, and what the reader takes fits it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { printScenario } from './print-scenario.js';
import { readScenario } from '../../extension/scenario/read.js';
import { scenarioSchema, type JsonSchema } from '../../extension/scenario/schema.js';
import { fuseRuntime } from '../support/fuse.js';
import { scenarioArbitrary } from './arbitrary-scenario.js';
import { toyVocabulary } from './toy-vocabulary.js';

const root = join(import.meta.dirname, '../..');
const vocabulary = toyVocabulary();

function compile(schema: JsonSchema): (text: string) => boolean {
  // `markdownDescription` is VS Code's.
  const ajv = new Ajv({
    strict: true,
    allowUnionTypes: true,
    strictRequired: false,
    strictTypes: false,
    keywords: ['markdownDescription'],
  });
  const validate = ajv.compile(schema);
  return (text) => validate(parse(text));
}

const fits = compile(scenarioSchema(vocabulary));

describe('the published schema', () => {
  const published = JSON.parse(readFileSync(join(root, 'schemas/scenario.schema.json'), 'utf8')) as JsonSchema;
  const runtime = fuseRuntime;

  test('is up to date; `npm run schema` writes it', () => {
    expect(published).toEqual(scenarioSchema(runtime.vocabulary));
  });

  test('is what editors are told of', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      contributes: { yamlValidation: { fileMatch: string; url: string }[] };
    };
    const { yamlValidation } = manifest.contributes;
    expect(new Set(yamlValidation.map(({ url }) => url))).toEqual(new Set(['./schemas/scenario.schema.json']));
    expect(yamlValidation.map(({ fileMatch }) => fileMatch)).toContain('*.fuse-scenario.yaml');
  });

  test('takes the bundled scenarios', () => {
    const takes = compile(published);
    const wrong = runtime.scenarios.filter(({ source }) => !takes(readFileSync(join(root, source), 'utf8')));
    expect(wrong.map(({ source }) => source)).toEqual([]);
  });
});

describe('the schema of a vocabulary', () => {
  test('takes whatever the reader takes', () => {
    fc.assert(
      fc.property(scenarioArbitrary, (scenario) => {
        expect(fits(printScenario(scenario, vocabulary))).toBe(true);
      }),
    );
  });

  test.each([
    ['- opne: { inode: 1 }'],
    ['- open'],
    ['- open: {}'],
    ['- open: { inode: 5 }'],
    ['- open: { inode: 1, x: 1 }'],
    ['- open: { inode: 1 }\n  grace-period:'],
    ['- grace-period:\n  as: x'],
    ['- as: x'],
    ['- backing-open: { fd: reglar }'],
    ['- backing-open: { flags: [FOUR] }'],
    ['- backing-open: { retry: 1 }'],
    ['- grace-period:\n  expect: EBUSSY'],
    ['- grace-period:\n  expect: []'],
    ['- grace-period:\n  expect: [ok, fine]'],
    ['- open: { inode: 1, backing: 4294967297 }'],
    ['- grace-period:\n  capabilities: [CAP_X]'],
    ['- parallel: []'],
    ['- parallel: [[]]'],
    ['- parallel: [[{ parallel: [[grace-period]] }]]'],
    ['- parallel: [[grace-period]]\n  expect: ok'],
  ])('refuses what the reader refuses: %j', (steps) => {
    const text = `name: x\nsteps:\n${steps}\n`;
    expect(readScenario('s.yaml', text, vocabulary).scenario).toBeNull();
    expect(fits(text)).toBe(false);
  });

  test.each([
    ['name: Bad\nsteps: []'],
    ['steps: []'],
    ['name: x'],
    ['name: x\nsteps: []\nsubsystem: ext4'],
    ['name: x\nsteps: []\nconfig: { A: 1 }'],
  ])('refuses as a whole: %j', (text) => {
    expect(readScenario('s.yaml', text, vocabulary).scenario).toBeNull();
    expect(fits(text)).toBe(false);
  });

  test('has a description for every word', () => {
    const text = JSON.stringify(scenarioSchema(vocabulary));
    for (const operation of vocabulary.operations) {
      expect(text).toContain(operation.description);
      for (const { description } of operation.parameters) expect(text).toContain(description);
    }
  });
});
