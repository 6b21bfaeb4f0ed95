// `npm run test:editor`: the packed extension in a real VS Code in a real browser, on a private copy of a real tree.
//
//   node test/editor/run.mjs [WORD ...]     only the tests whose name holds one of the words
//   FUSE_REVIEW_VSIX=FILE                   that package instead of a fresh one
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromiumPath, cleanUp, copyTree, givenPackage, installExtension, launchBrowser, output, root, startServer } from './harness.mjs';
import { material } from './material.mjs';
import { tests } from './tests.mjs';

const words = process.argv.slice(2);
const wanted = tests.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
const results = { passed: 0, failed: 0, skipped: [] };
const mustRun = process.env.CI === 'true';

/** What keeps all tests from running here, with the way out; undefined where nothing does. */
async function whyNot() {
  if (chromiumPath() === undefined) return { reason: 'there is no Chromium (Debian: apt-get install chromium)' };
  const program = join(root, 'scripts', 'code-server.mjs');
  const { ensureCodeServer } = await import(pathToFileURL(program).href);
  try {
    return { entry: await ensureCodeServer({ log: (line) => console.log(line) }) };
  } catch (error) {
    return { reason: `there is no code-server: ${error.message}` };
  }
}

async function main() {
  mkdirSync(output, { recursive: true });
  const { entry, reason } = await whyNot();
  if (entry === undefined) {
    if (mustRun) throw new Error(`${reason}, and CI=true allows no skipping`);
    for (const { name } of wanted) {
      console.log(`skip  ${name}: ${reason}`);
      results.skipped.push({ name, reason });
    }
    return;
  }
  const extensions = await installExtension(entry, await givenPackage());
  const given = await material();
  const browser = await launchBrowser(chromiumPath());
  const serve = (options = {}) => startServer({ entry, extensions, ...options });
  try {
    const server = await serve();
    const world = {
      browser,
      server,
      serve,
      extensions,
      material: given,
      copyTree: (name) => copyTree(given.tree, name),
      copySeriesTree: (name) => copyTree(given.seriesTree, name),
    };
    for (const test of wanted) await runTest(test, world);
  } finally {
    await browser.close();
  }
}

async function runTest({ name, run: body, whyNot: lacks }, world) {
  const reason = lacks?.(world);
  if (reason !== undefined) {
    if (mustRun) return fail(name, new Error(`${reason}, and CI=true allows no skipping`));
    console.log(`skip  ${name}: ${reason}`);
    results.skipped.push({ name, reason });
    return;
  }
  const start = Date.now();
  const opened = [];
  try {
    await body({ ...world, keep: (workbench) => (opened.push(workbench), workbench) });
    results.passed++;
    console.log(`pass  ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
  } catch (error) {
    fail(name, error);
    for (const [index, workbench] of opened.entries())
      await workbench.screenshot(`failed-${name.replace(/\W+/g, '-').slice(0, 50)}-${index}`).catch(() => {});
  } finally {
    for (const workbench of opened) await workbench.close().catch(() => {});
  }
}

function fail(name, error) {
  results.failed++;
  console.log(`FAIL  ${name}\n      ${String(error.message ?? error).replaceAll('\n', '\n      ')}`);
}

const interrupted = async (signal) => {
  await cleanUp();
  process.exit(signal === 'SIGINT' ? 130 : 143);
};
process.on('SIGINT', interrupted);
process.on('SIGTERM', interrupted);

try {
  await main();
  if (words.length === 0 && results.skipped.length === 0 && results.passed + results.failed < tests.length)
    throw new Error('not all tests ran');
} catch (error) {
  fail('the test run itself', error);
} finally {
  await cleanUp();
}
writeFileSync(join(output, 'editor.json'), `${JSON.stringify(results, null, 2)}\n`);
// Whatever a library still holds open must not keep a finished run waiting.
process.stdout.write(`${results.passed} passed, ${results.failed} failed\n`, () => process.exit(results.failed === 0 ? 0 : 1));
