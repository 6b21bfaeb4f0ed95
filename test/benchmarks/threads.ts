// The simulator on small programs of threads with known verdicts, as a table: `npm run bench:threads [-- CLASS...]`; and on programs
// made up at random beside a reference that leaves no order out: `npm run bench:threads -- --generated N [--seed S]`; on those with
// known verdicts beside it: `npm run bench:threads -- --reference`.
import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { createParser } from '../support/parser.js';
import { threadsProgram } from '../simulator/arbitrary-threads.js';
import { compareProgram, compareWithReference, type Compared } from '../simulator/compare-with-reference.js';
import { loaderOf } from '../simulator/small.js';
import { differences, runProgram, threadPrograms } from '../simulator/thread-programs.js';

const wanted = process.argv.slice(2);
const generated = wanted.indexOf('--generated');
const parser = await createParser();
const loader = loaderOf(parser);
const seed = wanted.includes('--seed') ? Number(wanted[wanted.indexOf('--seed') + 1]) : 1;
if (generated >= 0) {
  const numRuns = Number(wanted[generated + 1]);
  const programs = fc.sample(threadsProgram, { numRuns, seed });
  process.exit(compareAll(`seed ${seed}`, programs, (each) => compareWithReference(loader, each)) ? 0 : 1);
}
if (wanted.includes('--reference'))
  process.exit(compareAll('known verdicts', threadPrograms(), (each) => compareProgram(loader, each)) ? 0 : 1);
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

/** Whether exploration and reference came to the same on all programs that the reference goes through; differences are printed. */
function compareAll<T>(name: string, programs: readonly T[], compare: (program: T) => Compared | null): boolean {
  const started = performance.now();
  const total = { compared: 0, left: 0, different: 0, paths: 0, errors: 0, answers: 0 };
  for (const program of programs) {
    const compared = compare(program);
    if (compared === null) {
      total.left++;
      continue;
    }
    total.compared++;
    total.paths += compared.paths;
    total.errors += compared.reference.errors.length;
    total.answers += compared.reference.answers.length;
    if (isDeepStrictEqual(compared.found, compared.reference)) continue;
    total.different++;
    console.log(JSON.stringify({ program, ...compared }, null, 1));
  }
  console.log(
    `${name}: ${total.compared} programs compared (${total.left} left out, as the reference takes too many paths, or does not look for the error): ` +
      `${total.different} different; ${total.errors} errors, ${total.answers} answers, ${total.paths} paths of the reference, ` +
      `${((performance.now() - started) / 1000).toFixed(0)} s`,
  );
  parser.dispose();
  return total.different === 0;
}
