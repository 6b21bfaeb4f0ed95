// Scenarios in VS Code: written, run on what is on screen, found in the Test Explorer, compared before and after a series.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { typeBug } from './bug.mjs';
import { Workbench } from './workbench.mjs';

const pageOf = (workbench) => workbench.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');

function writeScenario(tree, name, text) {
  const folder = join(tree, '.fuse-review/scenarios');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const mine = `name: close-twice
title: Close an id twice
steps:
  - backing-open: { fd: regular }
    as: id
  - backing-close: { id: id }
  - backing-close: { id: id }
    expect: [ENOENT, EFAULT]
`;

const directory = `name: open-a-directory
title: A directory is no backing file
steps:
  - backing-open: { fd: directory }
`;

const chooseScenario = (workbench, name) => workbench.choose(name, 'bundled');

/** The page of a run, once it says `verdict`. */
async function pageShows(workbench, title, verdict) {
  const frame = pageOf(workbench);
  await frame.locator('run-header h1', { hasText: title }).waitFor({ timeout: 120_000 });
  await frame.locator('run-header', { hasText: verdict }).waitFor();
  return frame;
}

export const simulationTests = [
  {
    name: 'a scenario runs on what is on screen, and its page shows the way to the error',
    async run({ browser, server, copyTree, keep }) {
      const tree = copyTree('simulated');
      const workbench = keep(await Workbench.open(browser, server, tree));
      await typeBug(workbench, tree);
      await workbench.command('FUSE Review: Run Scenario on the Open Tree...');
      await chooseScenario(workbench, 'open-directory');
      const frame = await pageShows(workbench, 'Register a directory', /\d+ error/);
      // A leak is told at the end: back to the operation, and into it.
      await frame.locator('run-steps [aria-selected=true]', { hasText: 'is never freed' }).waitFor();
      await frame.locator('run-steps [role=tree]').focus();
      await workbench.press('[', 'ArrowRight');
      await frame.locator('run-steps [role=treeitem]', { hasText: 'fget' }).first().click();
      // Beside the file that was typed into, which has a tab of its own, as the run saw it.
      await workbench.page.locator('.tabs-container .tab.active[aria-label^="backing.c, preview"]').waitFor();
      await workbench.screenshot('simulated-dark');
    },
  },
  {
    name: 'the Test Explorer lists scenarios, runs them and links to the run',
    async run({ browser, server, copyTree, keep }) {
      const tree = copyTree('explored');
      writeScenario(tree, 'directory.yaml', directory);
      const workbench = keep(await Workbench.open(browser, server, tree));
      await typeBug(workbench, tree);
      await workbench.command('Testing: Focus on Test Explorer View');
      const row = (text) => workbench.page.locator('.test-explorer .monaco-list-row', { hasText: text }).first();
      await row('Bundled').waitFor();
      await row('explored').click();
      await workbench.press('ArrowRight');
      await workbench.cause(
        () => row('A directory is no backing file').click({ timeout: 15_000 }),
        () => workbench.activeTab.filter({ hasText: 'directory.yaml' }).isVisible(),
        'the scenario is not opened',
      );
      // The tab is there before the cursor is at a test.
      await workbench.cause(
        () => workbench.command('Test: Run Test at Cursor'),
        () => workbench.page.getByText('No test results yet.').isHidden(),
        'the test at the cursor does not run',
      );
      const failed = row('A directory is no backing file').locator('.codicon-testing-failed-icon, .codicon-testing-error-icon');
      await failed.waitFor({ timeout: 120_000 });
      await workbench.screenshot('test-explorer-dark');
      await workbench.command('FUSE Review: Open Run...');
      const run = workbench.rows.filter({ hasText: 'open-a-directory' }).filter({ hasText: 'failed' });
      await run.waitFor();
      await workbench.screenshot('runs-dark');
      await run.hover();
      await run.locator('.codicon-trash').click();
      await run.waitFor({ state: 'detached' });
    },
  },
  {
    name: 'mistakes in a scenario are problems while it is typed, and a lens runs it once it is right',
    async run({ browser, server, copyTree, keep }) {
      const tree = copyTree('written');
      const file = writeScenario(tree, 'close-twice.yaml', mine.replace('backing-open:', 'bakcing-open:'));
      const workbench = keep(await Workbench.open(browser, server, tree));
      await workbench.openFile(file, 4, 5);
      const name = 'close-twice.yaml';
      await workbench.until(
        async () => (await workbench.problems(name)).some((row) => /backing-open.*FUSE Review.*Ln 4, Col 5/.test(row)),
        'the wrong word is no problem',
      );
      await workbench.screenshot('scenario-problem-dark');
      await workbench.goToLine(4, 5);
      await workbench.press('Control+Delete', 'Control+Delete', 'Control+Delete');
      await workbench.page.keyboard.insertText('backing-open');
      await workbench.until(async () => (await workbench.problems(name)).every((row) => !row.includes('FUSE Review')), 'the problem stays');
      await workbench.page.locator('.codelens-decoration a', { hasText: 'Run on Tree' }).first().click();
      await pageShows(workbench, 'Close an id twice', 'no error');
      await workbench.page.locator('.view-lines').first().click();
      await workbench.page.locator('.codelens-decoration a', { hasText: 'Show Last Run' }).first().waitFor();
      await workbench.screenshot('scenario-lens-dark');
    },
  },
  {
    name: 'a scenario runs on an open series, beside the tree without it',
    async run({ browser, server, copySeriesTree, material, keep }) {
      const tree = copySeriesTree('simulated-series');
      const workbench = keep(await Workbench.open(browser, server, tree));
      await workbench.openSidebar();
      await workbench.command('FUSE Review: Open Patch Series from Files...');
      await workbench.pickFile(material.patch);
      await workbench.seriesIs((all) => all.some((row) => /\d+ flaws? \(/.test(row)), 'the series is not reviewed', 120_000);
      await workbench.command('FUSE Review: Run Scenario on the Open Series...');
      await chooseScenario(workbench, 'thread-five-steps');
      await pageShows(workbench, 'Close an id while a file is open on it, then release the file', /\d+ error/);
      await workbench.screenshot('simulated-series-dark');
    },
  },
];
