// A scenario back to YAML.
import { Document, isCollection, type Node } from 'yaml';
import type { Scenario, ScenarioStep, Vocabulary } from '../../extension/model/scenario.js';
import { expectationWords } from '../../extension/scenario/expectation.js';

/** The YAML of a scenario, which `readScenario` reads back as the same but for `source` and lines. */
export function printScenario(scenario: Scenario, vocabulary: Vocabulary): string {
  const { name, title, description, subsystem, config, setup, capabilities, steps } = scenario;
  const document = new Document({});
  const add = (key: string, value: unknown, flow: boolean): void => {
    const node = document.createNode(value) as Node;
    document.set(key, flow ? onOneLine(node) : node);
  };
  add('name', name, false);
  if (title !== name) add('title', title, false);
  if (description !== '') add('description', description, false);
  if (subsystem !== vocabulary.subsystem) add('subsystem', subsystem, false);
  if (Object.keys(config).length > 0) add('config', config, true);
  if (Object.keys(setup).length > 0) add('setup', setup, true);
  if (capabilities !== null) add('capabilities', capabilities, true);
  document.set(
    'steps',
    steps.map((step) => printStep(step, document)),
  );
  return document.toString({ lineWidth: 140, flowCollectionPadding: true });
}

function printStep(step: ScenarioStep, document: Document): unknown {
  if (step.kind === 'parallel') return { parallel: step.branches.map((branch) => branch.map((each) => printStep(each, document))) };
  const given = document.createNode(step.arguments) as Node;
  const fields: Record<string, unknown> = {};
  if (step.as !== null) fields.as = step.as;
  if (step.capabilities !== null) fields.capabilities = onOneLine(document.createNode(step.capabilities));
  if (step.expect !== null) {
    const [first, ...rest] = expectationWords(step.expect);
    fields.expect = rest.length === 0 ? first : onOneLine(document.createNode([first, ...rest]) as Node);
  }
  const bare = Object.keys(fields).length === 0 && Object.keys(step.arguments).length === 0;
  return bare ? step.operation : { [step.operation]: onOneLine(given), ...fields };
}

function onOneLine(node: Node): Node {
  if (isCollection(node)) node.flow = true;
  return node;
}
