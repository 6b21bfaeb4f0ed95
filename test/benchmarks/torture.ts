// The simulator on gcc's own torture tests: `npm run bench:torture [-- NAME... --list wrong|said|hangs --jobs N --json]`.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { inWorker, runAll, serve, tableOf } from './c-programs.js';
import { kernelC, optionNeeded, resultOf, sourceOf, type TortureResult } from './torture-programs.js';

const root = resolve(import.meta.dirname, '../..');

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { list: { type: 'string' }, jobs: { type: 'string' }, seconds: { type: 'string' }, json: { type: 'boolean' } },
  });
  const folder = join(root, '.cache/gcc-torture/execute');
  if (!existsSync(folder)) {
    console.error(`there are no torture tests in ${folder}: node scripts/torture.mjs gets them`);
    return 2;
  }
  const all = readdirSync(folder).flatMap((name) => (name.endsWith('.c') ? [name.slice(0, -2)] : []));
  const unknown = positionals.find((name) => !all.includes(name));
  if (unknown !== undefined) {
    console.error(`there is no torture test ${unknown}`);
    return 2;
  }
  const asked = positionals.length > 0 ? positionals : all;
  const names = asked.filter((name) => optionNeeded(sourceOf(folder, name)) === undefined);
  const results: TortureResult[] = [];
  const programs = (function* () {
    for (const name of names) yield { name, text: sourceOf(folder, name) };
  })();
  await runAll(
    import.meta.url,
    programs,
    { jobs: Number(values.jobs ?? 1), seconds: Number(values.seconds ?? 20) },
    ({ name }, ran) => void results.push(resultOf(name, ran)),
  );
  results.sort((a, b) => (a.name < b.name ? -1 : 1));
  if (values.json === true) {
    console.log(JSON.stringify(results));
    return 0;
  }
  report(results, folder, positionals.length > 0 ? 'all' : values.list);
  for (const name of asked)
    if (!names.includes(name)) console.log(`\n${name} is not run: it needs ${optionNeeded(sourceOf(folder, name))}`);
  return results.some(({ verdict }) => verdict === 'wrong' || verdict === 'hangs') ? 1 : 0;
}

function report(results: readonly TortureResult[], folder: string, list: string | undefined): void {
  const of = (verdict: TortureResult['verdict']): readonly TortureResult[] => results.filter((each) => each.verdict === verdict);
  const wanted =
    list === 'all' ? results : results.filter(({ verdict }) => verdict === (list ?? 'wrong') || (!list && verdict === 'hangs'));
  for (const { name, verdict, what } of wanted) console.log(`${name}: ${verdict}${what === '' ? '' : `: ${what}`}`);
  const inKernel = ({ name, cause }: TortureResult): boolean => kernelC(readFileSync(join(folder, `${name}.c`), 'utf8'), cause);
  const causes = [...new Set([...results.map(({ cause }) => cause), ...results.map(({ unread }) => unread)])].filter((each) => each !== '');
  const rows = causes.map((cause): readonly [string, number, number, number] => {
    const ran = results.filter((each) => each.cause === cause);
    return [cause, ran.length, ran.filter(inKernel).length, results.filter(({ unread }) => unread === cause).length];
  });
  const said = of('said').length;
  console.log(
    tableOf([
      ['programs', 'right', 'said', 'wrong', 'hangs'],
      [results.length, of('right').length, said, of('wrong').length, of('hangs').length],
    ]),
  );
  if (said === 0) return;
  const sorted = rows.sort(([, a, , c], [, b, , d]) => b - a || d - c);
  console.log();
  console.log(tableOf([['said, by cause', 'programs not run', 'a kernel could have it', 'programs not read as a whole'], ...sorted]));
  const kernel = results.filter(inKernel);
  const left = kernel.filter(({ verdict }) => verdict === 'said').length;
  console.log(
    `\n${kernel.length} are C that a kernel could contain: ${left} of them are said (${((100 * left) / kernel.length).toFixed(1)} %)`,
  );
}

if (inWorker) await serve();
else process.exitCode = await main();
