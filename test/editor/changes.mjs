// What is typed in the tree is reviewed and simulated as it is typed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { git } from './harness.mjs';
import { Workbench } from './workbench.mjs';

/** Makes a tree a repository whose commit has its files. */
export function commitTree(tree) {
  git(tree, 'init', '-q');
  git(tree, 'add', '-A');
  git(tree, 'commit', '-q', '-m', 'base');
}

/** Puts the cursor before the code of an error that fuse_backing_open() answers where there is no such file. */
export async function atErrorCode(workbench, tree) {
  const file = join(tree, 'fs/fuse/backing.c');
  // As it is on disk: whatever stands there now begins at the same place.
  const [before] = readFileSync(file, 'utf8').split('EBADF');
  const lines = before.split('\n');
  await workbench.openFile(file, lines.length, lines.at(-1).length + 1);
}

export const openChanges = 'FUSE Review: Review Uncommitted Changes as You Type';

export const changesTests = [
  {
    name: 'what is typed in the tree shows what it changes, with the run behind it, and goes when undone',
    async run({ browser, server, copySeriesTree, keep }) {
      const tree = copySeriesTree('typed-changes');
      commitTree(tree);
      const workbench = keep(await Workbench.open(browser, server, tree));
      await workbench.openSidebar();
      await workbench.command(openChanges);
      await workbench.seriesIs((all) => all.some((row) => row.includes('nothing changed')), 'it does not say that nothing is changed');
      await workbench.screenshot('changes-none-dark');
      await atErrorCode(workbench, tree);
      await workbench.press('Delete', 'Delete', 'Delete', 'Delete', 'Delete');
      await workbench.page.keyboard.insertText('ESTALE');
      const answers = (code) => (rows) => rows.some((row) => new RegExp(`changed answer: .*-${code}`).test(row));
      await workbench.seriesIs(answers('ESTALE'), 'no answer changed', 120_000);
      await workbench.screenshot('changes-dark');
      // The right side of its diff is the file itself, so that what is typed there counts too.
      const diff = workbench.page.locator('.monaco-diff-editor').first();
      const file = workbench.seriesRows().and(workbench.page.locator('[aria-level="4"]')).filter({ hasText: 'backing.c' });
      await workbench.cause(
        async () => {
          await workbench.seriesRows().filter({ hasText: 'Files' }).click({ timeout: 15_000 });
          await workbench.press('ArrowRight');
        },
        () => file.isVisible(),
        'the files do not unfold',
      );
      await workbench.cause(
        () => file.click({ timeout: 15_000 }),
        () => diff.isVisible(),
        'a click on the file opens no diff',
      );
      await workbench.until(
        async () => (await workbench.page.locator('.tabs-container .tab.active').innerText()).includes('backing.c (last commit and now)'),
        'the tab does not say what is compared',
      );
      await workbench.screenshot('changes-diff-dark');
      await diff.locator('.modified .view-line').filter({ hasText: 'ESTALE;' }).click();
      await workbench.press('End', ...Array.from({ length: 'ESTALE;'.length }, () => 'Backspace'));
      await workbench.page.keyboard.insertText('ENOENT;');
      const rows = await workbench.seriesIs(answers('ENOENT'), 'the next change is not shown');
      if (answers('ESTALE')(rows)) throw new Error(`what is not there any more is still shown:\n${rows.join('\n')}`);
      for (let undone = 0; undone < 20; undone++) await workbench.press('Control+z');
      await workbench.seriesIs((all) => all.some((row) => row.includes('nothing changed')), 'the change stays after undo');
      for (let redone = 0; redone < 20; redone++) await workbench.press('Control+y');
      await workbench.seriesIs(answers('ENOENT'), 'the change does not come back');
      // Once it is saved and committed, nothing is left.
      await workbench.press('Control+s');
      // What was typed first may be on disk by then: in a browser VS Code saves by itself.
      const saved = () => !/ESTALE|EBADF/.test(readFileSync(join(tree, 'fs/fuse/backing.c'), 'utf8'));
      await workbench.until(() => Promise.resolve(saved()), 'it is not saved');
      git(tree, 'commit', '-q', '-a', '-m', 'another code');
      await workbench.seriesIs((all) => all.some((row) => row.includes('nothing changed')), 'what is committed is still a change');
      git(tree, 'reset', '-q', '--soft', 'HEAD^');
      await workbench.seriesIs(answers('ENOENT'), 'what is committed no more is no change');
      await workbench.seriesIs((all) => !all.some((row) => row.includes('simulating')), 'it is not simulated to its end', 120_000);
      const page = workbench.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
      await workbench.cause(
        () => workbench.seriesRows().filter({ hasText: 'changed answer' }).first().click({ timeout: 15_000 }),
        () => page.getByText('-ENOENT').first().isVisible(),
        'a click on the change opens no run',
      );
      await workbench.screenshot('changes-run-dark');
    },
  },
];
