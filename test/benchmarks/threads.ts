// The simulator on small programs of threads with known verdicts, as a table: `npm run bench:threads [-- CLASS...]`.
import { createParser } from '../support/parser.js';
import { loaderOf } from '../simulator/small.js';
import { differences, runProgram, threadPrograms } from '../simulator/thread-programs.js';

const wanted = process.argv.slice(2);
const parser = await createParser();
const loader = loaderOf(parser);
const rows = new Map<string, { programs: number; right: number; errors: number; steps: number; states: number; seconds: number }>();
for (const program of threadPrograms().filter(({ kind }) => wanted.length === 0 || wanted.includes(kind))) {
  const row = rows.get(program.kind) ?? { programs: 0, right: 0, errors: 0, steps: 0, states: 0, seconds: 0 };
  rows.set(program.kind, row);
  const started = performance.now();
  let different: readonly string[];
  try {
    const result = runProgram(loader, program);
    different = differences(program, result);
    row.steps += result.stats.transitions;
    row.states += result.stats.states;
  } catch (error) {
    different = [error instanceof Error ? error.message : String(error)];
  }
  row.seconds += (performance.now() - started) / 1000;
  row.programs++;
  if (different.length === 0) row.right++;
  if (program.verdict.length > 0) row.errors++;
  for (const each of different) console.log(`${program.kind}/${program.name}: ${each.replace(/\s+/g, ' ')}`);
}
const line = (cells: readonly (string | number)[]): string =>
  cells.map((cell, at) => (at === 0 ? String(cell).padEnd(24) : String(cell).padStart(11))).join('');
console.log(line(['class', 'programs', 'errors', 'as known', 'steps', 'states', 'seconds']));
const sum = { programs: 0, right: 0, errors: 0, steps: 0, states: 0, seconds: 0 };
for (const [kind, row] of rows) {
  for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += row[key];
  console.log(line([kind, row.programs, row.errors, row.right, row.steps, row.states, row.seconds.toFixed(1)]));
}
console.log(line(['all', sum.programs, sum.errors, sum.right, sum.steps, sum.states, sum.seconds.toFixed(1)]));
parser.dispose();
process.exitCode = sum.right === sum.programs ? 0 : 1;
