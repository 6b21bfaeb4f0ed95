// Writes schemas/scenario.schema.json, the schema of scenario files, out of the vocabulary of a folder of runtime/.
import { mkdirSync, writeFileSync } from 'node:fs';
import { formatProblem } from '../extension/model/problem.js';
import { diskTree } from '../extension/patch/disk-tree.js';
import { readRuntime } from '../extension/scenario/runtime.js';
import { scenarioSchema } from '../extension/scenario/schema.js';

const [subsystem = ''] = process.argv.slice(2);
const folder = diskTree('runtime');
const { vocabulary, problems } = folder.ok ? readRuntime(folder.value, subsystem) : { vocabulary: null, problems: [folder.failure] };
for (const problem of problems) console.error(formatProblem(problem));
if (vocabulary === null || vocabulary.operations.length === 0) {
  console.error('usage: node scripts/run-ts.mjs scripts/scenario-schema.ts FOLDER: one of runtime/ that has a vocabulary.yaml');
  process.exit(1);
}
mkdirSync('schemas', { recursive: true });
writeFileSync('schemas/scenario.schema.json', `${JSON.stringify(scenarioSchema(vocabulary), null, 2)}\n`);
