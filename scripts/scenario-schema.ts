// Writes schemas/scenario.schema.json, the schema of scenario files, out of the vocabulary of a folder of runtime/.
import { mkdirSync, writeFileSync } from 'node:fs';
import { formatProblem } from '../extension/model/problem.js';
import { installedRuntimes } from '../extension/runner/installed-runtimes.js';
import { scenarioSchema } from '../extension/scenario/schema.js';

const [name = ''] = process.argv.slice(2);
const runtimes = installedRuntimes('runtime');
const subsystem = runtimes.ok ? runtimes.value.subsystems.find((each) => each.name === name) : undefined;
const runtime = runtimes.ok && subsystem ? runtimes.value.of(subsystem) : undefined;
const problems = runtimes.ok ? (runtime?.problems ?? []) : [runtimes.failure];
for (const problem of problems) console.error(formatProblem(problem));
if (problems.length > 0) process.exit(1);
if (runtime === undefined) {
  console.error('usage: node scripts/run-ts.mjs scripts/scenario-schema.ts FOLDER: one of runtime/ that has a subsystem.yaml');
  process.exit(1);
}
mkdirSync('schemas', { recursive: true });
writeFileSync('schemas/scenario.schema.json', `${JSON.stringify(scenarioSchema(runtime.vocabulary), null, 2)}\n`);
