// A scenario from its file.
import type { InputProblem } from '../model/problem.js';
import type { Scenario, Vocabulary } from '../model/scenario.js';
import { isWord, misspeltTruth, readArguments, referringToNothing } from './arguments.js';
import { namesOf, scenarioFields } from './fields.js';
import { StepReader } from './steps.js';
import { Complaints, describe, entryOf, type Located, type LocatedMap } from './located-values.js';
import { expectedOneOf, quoted } from './vocabulary-words.js';
import { readYaml } from './yaml.js';

export interface ReadScenario {
  /** null where anything is wrong with it. */
  readonly scenario: Scenario | null;
  /** All mistakes of the text, in order, each with line and column. */
  readonly problems: readonly InputProblem[];
}

const fields = namesOf(scenarioFields);

/** The scenario of a YAML text (docs/scenarios.md). `file` names it in problems, and is the scenario's `source`. */
export function readScenario(file: string, text: string, vocabulary: Vocabulary): ReadScenario {
  const complaints = new Complaints(file, text);
  const root = readYaml(text, complaints);
  if (root === null && !complaints.none) return { scenario: null, problems: complaints.problems };
  const broken = new Set(complaints.problems.map(({ line }) => line));
  const checked = new Complaints(file, text);
  const scenario = scenarioOf(root ?? { kind: 'scalar', value: null, at: 0 }, vocabulary, file, checked);
  // What a line that is no YAML was taken for says nothing about the scenario.
  const problems = [...complaints.problems, ...checked.problems.filter(({ line }) => !broken.has(line))];
  problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  return { scenario: problems.length === 0 ? scenario : null, problems };
}

/** The subsystem that the text of a scenario says it is of, however much of it is wrong; undefined where it says nothing. */
export function subsystemNamed(text: string): string | undefined {
  const root = readYaml(text, new Complaints('', text));
  const node = root?.kind === 'map' ? entryOf(root, 'subsystem')?.value : undefined;
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

/** The scenario of a located value, and complaints about it: with any, it is not to be used. */
export function scenarioOf(root: Located, vocabulary: Vocabulary, source: string, complaints: Complaints): Scenario | null {
  if (root.kind !== 'map') {
    complaints.add(root.at, `expected a scenario with ${fields.join(', ')}, found ${describe(root)}`);
    return null;
  }
  for (const { key, at } of root.entries) {
    if (!fields.includes(key)) {
      const known = fields.filter((name) => entryOf(root, name) === undefined);
      complaints.add(at, `a scenario has no ${quoted(key)}; ${expectedOneOf(key, fields, '')}`, { word: key, known });
    }
  }
  const reader = new StepReader(vocabulary, complaints);
  const field = (name: string): Located | undefined => entryOf(root, name)?.value;
  const text = (name: string, otherwise: string): string => {
    const node = field(name);
    if (node === undefined || (isWord(node) && node.value !== '')) return node?.value ?? otherwise;
    complaints.add(node.at, `expected a text as ${name}, found ${describe(node)}`);
    return otherwise;
  };
  const name = text('name', '');
  const nameNode = field('name');
  if (nameNode === undefined) complaints.add(root.at, 'the scenario has no name; expected name: lower-case letters, digits and "-"');
  else if (name !== '' && !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
    complaints.add(
      nameNode.at,
      `${quoted(name)} is no name of a scenario; expected lower-case letters and digits, with single "-" between`,
    );
  }
  const subsystem = text('subsystem', vocabulary.subsystem);
  const subsystemNode = field('subsystem');
  if (subsystemNode !== undefined && subsystem !== vocabulary.subsystem) {
    complaints.add(subsystemNode.at, `there is no vocabulary of ${quoted(subsystem)} here; expected ${vocabulary.subsystem}`, {
      word: subsystem,
      known: [vocabulary.subsystem],
    });
  }
  const setup = entryOf(root, 'setup');
  const capabilities = field('capabilities');
  const steps = field('steps');
  if (steps === undefined) complaints.add(root.at, 'the scenario has no steps; expected steps: a list of operations');
  return {
    name,
    title: text('title', name),
    description: text('description', ''),
    subsystem,
    config: readConfig(root, complaints),
    setup:
      setup === undefined
        ? {}
        : readArguments(setup.value, vocabulary.setup, { name: 'the setup', at: setup.at }, referringToNothing, complaints),
    capabilities: capabilities === undefined ? null : reader.capabilities(capabilities),
    steps: steps === undefined ? [] : reader.steps(steps),
    source,
  };
}

function readConfig(root: LocatedMap, complaints: Complaints): Readonly<Record<string, boolean>> {
  const node = entryOf(root, 'config')?.value;
  const config = new Map<string, boolean>();
  if (node === undefined) return {};
  if (node.kind !== 'map') {
    complaints.add(node.at, `expected options with true or false, by name, found ${describe(node)}`);
    return {};
  }
  for (const { key, at, value } of node.entries) {
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(key)) complaints.add(at, `${quoted(key)} is no option; expected a name with or without CONFIG_`);
    if (value.kind === 'scalar' && typeof value.value === 'boolean') config.set(key, value.value);
    else complaints.add(value.at, `${key}: expected true or false, found ${describe(value)}`, misspeltTruth(value));
  }
  return Object.fromEntries(config);
}
