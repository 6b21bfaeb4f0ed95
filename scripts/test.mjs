// `npm test`: installs, builds and runs every check, each stage named with its result. The last line is
// `N passed, N failed`: stages without tests of their own count as one each, the others by their tests.
//
// What misses a part (Chromium, a kernel tree) is skipped by name with the way to get it, unless CI=true: then it fails.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { dependenciesInstalled, everyLine, findChromium, installDependencies, main, npm, root, run } from './tools.mjs';

const ci = process.env.CI === 'true';
const outputFolder = join(root, 'test-output');
const totals = { passed: 0, failed: 0 };
const summary = [];

function report(name, { passed = 0, failed = 0, note = '' }) {
  totals.passed += passed;
  totals.failed += failed;
  const counts = passed + failed > 1 ? ` (${passed} of ${passed + failed})` : '';
  const line = `${failed > 0 ? 'FAILED ' : 'ok     '} ${name}${counts}${note ? `: ${note}` : ''}`;
  summary.push(line);
  console.log(`-- ${line}`);
  return failed === 0;
}

/** A part that misses something: a failure in CI, else named and left out. */
function missing(name, reason) {
  return ci ? report(name, { failed: 1, note: reason }) : skip(name, reason);
}

function skip(name, reason) {
  const line = `skipped ${name}: ${reason}`;
  summary.push(line);
  console.log(`-- ${line}`);
  return true;
}

async function stage(name, work, note) {
  console.log(`\n== ${name}`);
  const started = performance.now();
  const { code } = await work();
  const seconds = `${((performance.now() - started) / 1000).toFixed(1)} s`;
  return code === 0 ? report(name, { passed: 1, note: note?.() ?? seconds }) : report(name, { failed: 1, note: seconds });
}

/** Stages that neither write nor wait for each other, at once; what each says comes when it has ended. */
async function together(stages) {
  await Promise.all(
    Object.entries(stages).map(async ([name, [path, ...args]]) => {
      const started = performance.now();
      const { code, output } = await run(process.execPath, [join(root, 'node_modules', path), ...args]);
      console.log(`\n== ${name}${output.trim() === '' ? '' : `\n${output.trimEnd()}`}`);
      const note = `${((performance.now() - started) / 1000).toFixed(1)} s`;
      report(name, code === 0 ? { passed: 1, note } : { failed: 1, note });
    }),
  );
}

const firstLine = (text = '') => text.split('\n', 1)[0].slice(0, 300);

const script = (...args) => run(process.execPath, args, { show: everyLine });

const noChromium = 'no Chromium on PATH; on Debian: apt-get install chromium (or set CHROMIUM to one)';
const trees = ['6.1', '6.12', '7.2'];

/**
 * A stage of tests that vitest runs; counts from its own report, so that a run which found no test or died half-way is a
 * failure. `whySkipped` says of a test that was skipped why. `nice`: how far it stands back behind what runs beside it (man 2 nice).
 */
async function vitestStage(name, file, parameters, whySkipped, nice) {
  const started = performance.now();
  const report_ = join(outputFolder, file);
  rmSync(report_, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report_}`];
  const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...parameters, ...reporters];
  const { code } = await run(process.execPath, vitest, { show: everyLine, nice });
  if (!existsSync(report_)) return report(name, { failed: 1, note: 'vitest left no report' });
  const result = JSON.parse(readFileSync(report_, 'utf8'));
  const skipped = result.testResults.flatMap(({ name: path, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map(({ fullName }) => `${relative(root, path)}: ${fullName}`),
  );
  for (const each of skipped) {
    // Mails of others are no part of the repository: nobody who clones it can be asked to have them.
    const mails = /\.\.\/shared\/\w+/.exec(each)?.[0];
    if (mails && !existsSync(join(root, mails))) skip(each, 'it is not part of the repository');
    else if (/node scripts\/torture\.mjs/.test(each)) skip(each, 'get them with: node scripts/torture.mjs');
    else if (/public-inbox-httpd is not installed/.test(each)) skip(each, 'on Debian: apt-get install public-inbox');
    else missing(each, whySkipped(each));
  }
  // A file that does not load has no tests to count; an empty run proves nothing.
  const broken = result.testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0);
  for (const { name: path, message } of broken) console.log(`${relative(root, path)}: ${message}`);
  const passed = result.numPassedTests;
  let failed = result.numFailedTests + broken.length;
  if (failed === 0 && (code !== 0 || (passed === 0 && skipped.length === 0))) failed = 1;
  const ended = report(name, { passed, failed, note: `${((performance.now() - started) / 1000).toFixed(1)} s` });
  // At the end of everything too, where the log of a whole run is first looked at.
  for (const { name: path } of broken) summary.push(`        ${relative(root, path)} does not load`);
  for (const { name: path, assertionResults } of result.testResults) {
    for (const { status, fullName, failureMessages } of assertionResults) {
      if (status === 'failed') summary.push(`        ${relative(root, path)}: ${fullName}: ${firstLine(failureMessages[0])}`);
    }
  }
  return ended;
}

/** Unit tests. */
function unitTests() {
  console.log('\n== unit tests');
  const lacking = trees.filter((version) => !existsSync(join(root, '.cache', 'trees', `linux-${version}`, 'fs', 'fuse')));
  if (lacking.length > 0) missing(`tests on Linux ${lacking.join(', ')}`, 'the trees are not here; get them with: npm run trees');
  return vitestStage('unit tests', 'unit.json', [], (name) => {
    if (name.startsWith(join('test', 'webview')) && !findChromium()) return noChromium;
    return lacking.length > 0 ? 'needs a kernel tree: npm run trees' : 'skipped by the test itself';
  });
}

/** Tests in kernels that are built and started in QEMU; what a test misses is in its name. */
function kernelTests() {
  console.log('\n== tests in a real kernel (the first run builds two kernels, which takes minutes each)');
  const why = (name) => / \(([^()]*(?:not found|npm run trees)[^()]*)\)/.exec(name)?.[1] ?? 'skipped by the test itself';
  return vitestStage('tests in a real kernel', 'qemu.json', ['--config', 'vitest.qemu.config.ts'], why, 10);
}

/** Editor tests; their runner closes with a `N passed, N failed` line of its own, which is read here and not repeated. */
async function editorTests() {
  console.log('\n== editor tests');
  const program = join(root, 'test', 'editor', 'run.mjs');
  if (!existsSync(program)) return missing('editor tests', 'test/editor/run.mjs is not there');
  if (!findChromium()) return missing('editor tests', noChromium);
  const closing = /^(\d+) passed, (\d+) failed\b/;
  const { code, output } = await run(process.execPath, [program], { show: (line) => !closing.test(line) });
  const last = output
    .split('\n')
    .reverse()
    .map((line) => closing.exec(line))
    .find(Boolean);
  if (!last) return report('editor tests', { failed: 1, note: 'the runner ended without its closing line' });
  const passed = Number(last[1]);
  let failed = Number(last[2]);
  if (failed === 0 && (code !== 0 || passed === 0)) failed = 1;
  const ended = report('editor tests', { passed, failed, note: code === 0 ? '' : `exit code ${code}` });
  for (const [, test] of output.matchAll(/^FAIL {2}(.*)$/gm)) summary.push(`        ${test}`);
  return ended;
}

async function editorTestsOnceBuilt(built) {
  if (!built) return report('editor tests', { failed: 1, note: 'nothing was built' });
  const packed = await stage('package', () => npm(['run', '--silent', 'package'], { show: everyLine }));
  return packed ? editorTests() : report('editor tests', { failed: 1, note: 'there is no package to install' });
}

await main(async () => {
  mkdirSync(outputFolder, { recursive: true });
  const note = dependenciesInstalled() ? 'already there' : undefined;
  const installed = await stage('install', installDependencies, () => note);
  const built = installed && (await stage('build', () => script('scripts/build.mjs')));
  if (installed) {
    await together({
      lint: ['eslint/bin/eslint.js', '.'],
      'layout (prettier)': ['prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
      types: ['typescript/bin/tsc'],
      'types of the pages': ['typescript/bin/tsc', '-p', 'webview'],
    });
    await unitTests();
    // Editor tests wait a good deal, and kernels are built meanwhile, by what they leave of the processor.
    await Promise.all([kernelTests(), editorTestsOnceBuilt(built)]);
  }

  console.log(`\n${summary.join('\n')}\n`);
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
  return totals.failed > 0 ? 1 : 0;
});
