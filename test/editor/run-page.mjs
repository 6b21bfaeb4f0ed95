// The page of a run inside VS Code: what only a real panel shows.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './harness.mjs';
import { Workbench } from './workbench.mjs';

/** Folders in which the server keeps what extensions store, one a workspace. */
function storages(server) {
  const storage = join(server.data, 'User', 'workspaceStorage');
  return existsSync(storage) ? readdirSync(storage).map((folder) => join(storage, folder)) : [];
}

/** Puts the sample run where the extension keeps the runs of a workspace. */
async function keepSample(storage, tree) {
  const text = await run(process.execPath, [join(root, 'scripts/run-ts.mjs'), join(root, 'test/webview/print-sample.ts'), tree]);
  const kept = JSON.parse(text.slice(text.indexOf('{')));
  const { publisher, name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const folder = join(storage, `${publisher}.${name}`, 'runs', kept.run.id);
  mkdirSync(folder, { recursive: true });
  const { id, title, time } = kept.run;
  writeFileSync(join(folder, 'run.json'), JSON.stringify(kept));
  writeFileSync(join(folder, 'about.json'), JSON.stringify({ id, title, time }));
}

const pageOf = (workbench) => workbench.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
const selectedIn = (frame) => frame.locator('run-steps [role=treeitem][aria-selected=true]');

async function openRun(workbench) {
  await workbench.command('FUSE Review: Open Run...');
  await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'close-id-in-use' }).click();
  const frame = pageOf(workbench);
  await frame.locator('run-header h1').waitFor();
  return frame;
}

export const runPageTests = [
  {
    name: 'a simulated run walks through the source, and is there again as it was left after it was closed',
    async run({ browser, server, copyTree, keep }) {
      const tree = copyTree('run');
      const others = new Set(storages(server));
      const workbench = keep(await Workbench.open(browser, server, tree));
      const own = () => storages(server).find((folder) => !others.has(folder));
      await workbench.until(() => own() !== undefined, 'the workspace has no storage');
      await keepSample(own(), tree);
      let frame = await openRun(workbench);
      // It comes up at the error, with the story around it; the steps of another operation are behind its line.
      await frame.locator('run-steps [aria-selected=true]', { hasText: 'fuse_backing 1 was freed' }).waitFor();
      await frame.locator('run-steps [aria-level="1"]', { hasText: 'backing-open' }).click();
      await frame.locator('run-steps [role=treeitem]', { hasText: 'refcount_set(&fb->count, 1)' }).click();
      // The file on disk, at the line of the step, marked, while the keyboard stays in the page.
      const tab = (name) => workbench.page.locator('.tabs-container .tab', { hasText: name });
      await tab('backing.c').waitFor();
      await workbench.page.locator('.line-numbers.active-line-number', { hasText: /^115$/ }).waitFor();
      await workbench.press('j', 'j');
      // The patch changes this one: it is shown as the run saw it.
      await tab('passthrough.c').waitFor();
      await workbench.page.locator('.view-lines', { hasText: 'as the patch has it' }).first().waitFor();
      // A line that is wider than the editor is shown from its beginning.
      const left = await workbench.page
        .locator('.editor-instance .lines-content')
        .first()
        .evaluate((lines) => lines.offsetLeft);
      if (left !== 0) throw new Error(`the source is scrolled to the right by ${-left} pixels`);
      await workbench.screenshot('run-dark');
      const before = await selectedIn(frame).innerText();
      await frame.locator('run-steps [role=tree]').focus();
      await workbench.press('j');
      const later = await selectedIn(frame).innerText();
      if (later === before) throw new Error('the page does not take keys');
      await workbench.page.waitForTimeout(600);
      await workbench.command('View: Close All Editor Groups');
      await workbench.page.locator('iframe.webview').waitFor({ state: 'detached' });
      frame = await openRun(workbench);
      await selectedIn(frame).waitFor();
      if ((await selectedIn(frame).innerText()) !== later) throw new Error(`after it was closed: ${await selectedIn(frame).innerText()}`);
    },
  },
];
