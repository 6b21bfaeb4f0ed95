// How long it takes in a real VS Code from a keystroke to the changed behaviour in the sidebar.
// Usage: npm run bench:keystrokes [-- --edits=6]; FUSE_REVIEW_VSIX=FILE takes that package instead of a fresh one.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { atErrorCode, commitTree, openChanges } from './changes.mjs';
import { chromiumPath, cleanUp, copyTree, givenPackage, installExtension, launchBrowser, root, startServer } from './harness.mjs';
import { material } from './material.mjs';
import { Workbench } from './workbench.mjs';

const edits = Number(process.argv.find((word) => word.startsWith('--edits='))?.slice('--edits='.length) ?? 6);
const codes = ['EINVAL', 'ENOENT', 'EACCES', 'ESTALE', 'EFAULT', 'EEXIST', 'ENOMEM'];

/** Milliseconds until a row of the sidebar holds the text. */
async function untilShown(workbench, text) {
  const started = performance.now();
  await workbench.page.waitForFunction(
    (wanted) => [...document.querySelectorAll('.sidebar .pane-body .monaco-list-row')].some((row) => row.textContent.includes(wanted)),
    text,
    { polling: 10, timeout: 120_000 },
  );
  return performance.now() - started;
}

const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(2)} s`;

async function measure() {
  const { ensureCodeServer } = await import(pathToFileURL(join(root, 'scripts', 'code-server.mjs')).href);
  const entry = await ensureCodeServer({ log: (line) => console.log(line) });
  const extensions = await installExtension(entry, await givenPackage());
  const { seriesTree } = await material();
  const tree = copyTree(seriesTree, 'keystrokes');
  commitTree(tree);
  const browser = await launchBrowser(chromiumPath());
  const server = await startServer({ entry, extensions });
  const workbench = await Workbench.open(browser, server, tree);
  await workbench.openSidebar();
  await workbench.command(openChanges);
  await workbench.seriesIs((rows) => rows.some((row) => row.includes('nothing changed')), 'it is not reviewed');
  await atErrorCode(workbench, tree);
  // Until what is known is known, and the threads are at rest.
  await new Promise((done) => setTimeout(done, 30_000));
  await workbench.press('Delete', 'Delete', 'Delete', 'Delete', 'Delete');
  const times = [];
  for (let edit = 0; edit < edits; edit++) {
    const code = codes[edit % codes.length];
    if (edit > 0) await workbench.press(...Array.from({ length: 6 }, () => 'Backspace'));
    await workbench.page.keyboard.insertText(code);
    times.push(await untilShown(workbench, `-${code}`));
    await new Promise((done) => setTimeout(done, 3000));
  }
  const sorted = times.toSorted((a, b) => a - b);
  console.log(`from the keystroke to the changed answer in the sidebar, ${edits} edits of fuse_backing_open():`);
  console.log(
    `  the first ${seconds(times[0])}, median ${seconds(sorted[Math.floor(sorted.length / 2)])}, longest ${seconds(sorted.at(-1))}`,
  );
  await workbench.close();
  await browser.close();
}

try {
  await measure();
} finally {
  await cleanUp();
}
process.exit(0);
