// Scenarios written in VS Code by the keyboard alone: words are offered as they are typed, and misspelt ones are mended.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Workbench } from './workbench.mjs';

const begun = `name: written
title: Written by the keyboard
steps:
  - backing-open: { fd: regular }
    as: id
`;

/** The lines on screen. */
async function lines(workbench) {
  const all = await workbench.page
    .locator('.editor-instance .view-line')
    .evaluateAll((found) => found.map((line) => ({ top: parseInt(line.style.top, 10), text: line.textContent ?? '' })));
  return all.sort((a, b) => a.top - b.top).map(({ text }) => text.replaceAll('\u00a0', ' ').trimEnd());
}

/** Waits until the last lines that are not empty are these. */
async function endsWith(workbench, expected) {
  let found = [];
  await workbench.until(
    async () => {
      found = (await lines(workbench)).filter((line) => line !== '');
      return found.slice(-expected.length).join('\n') === expected.join('\n');
    },
    () => `expected the text to end with\n${expected.join('\n')}\nit is\n${found.join('\n')}`,
    10_000,
  );
}

const offers = (workbench) => workbench.page.locator('.suggest-widget.visible .monaco-list-row');

/** Waits until the first word that is offered is this one, and takes it. */
async function take(workbench, word) {
  const first = offers(workbench).first();
  await workbench.until(
    async () =>
      (await first
        .locator('.label-name')
        .textContent({ timeout: 1000 })
        .catch(() => '')) === word,
    `${word} is not the first that is offered`,
    10_000,
  );
  await workbench.press('Enter');
}

export const scenarioTests = [
  {
    name: 'a scenario is written by the keyboard: words are offered, and a misspelt one is mended by a quick fix',
    async run({ browser, server, copyTree, keep }) {
      const tree = copyTree('scenario-words');
      const folder = join(tree, '.fuse-review/scenarios');
      mkdirSync(folder, { recursive: true });
      const file = join(folder, 'written.yaml');
      writeFileSync(file, begun);
      const workbench = keep(await Workbench.open(browser, server, tree));
      const type = (text) => workbench.page.keyboard.type(text);
      await workbench.openFile(file, 6, 1);

      await type('  - ');
      await offers(workbench).filter({ hasText: 'backing-open' }).first().waitFor();
      await type('op');
      // With what it means beside it.
      await workbench.cause(
        () => workbench.press('Control+ '),
        () => workbench.page.locator('.suggest-details', { hasText: 'A client opens a file' }).isVisible(),
        'what open means is not shown',
      );
      await workbench.screenshot('scenario-operations-dark');
      await take(workbench, 'open');
      await endsWith(workbench, ['  - open: { inode: 1 }']);
      await type('2');
      await endsWith(workbench, ['  - open: { inode: 2 }']);
      // Back into the brackets for one more argument.
      await workbench.press('Tab', 'ArrowLeft', 'ArrowLeft');
      await type(', b');
      await take(workbench, 'backing');
      await take(workbench, 'id');
      await endsWith(workbench, ['  - open: { inode: 2, backing: id }']);
      await workbench.press('End', 'Enter', 'Tab');
      await type('a');
      await take(workbench, 'as');
      await type('file');
      await endsWith(workbench, ['  - open: { inode: 2, backing: id }', '    as: file']);

      await workbench.press('Enter', 'Shift+Tab');
      await type('- raed: { file: file');
      await workbench.press('Escape', 'End', 'Enter');
      await type('  ex');
      await take(workbench, 'expect');
      await offers(workbench).filter({ hasText: 'EPERM' }).first().waitFor();
      await workbench.screenshot('scenario-expect-dark');
      await type('ok');
      await endsWith(workbench, ['  - raed: { file: file}', '    expect: ok']);
      // A word that is typed to its end is not offered, so that Enter is the end of the line.
      await offers(workbench).first().waitFor({ state: 'hidden' });
      await workbench.press('Enter');
      await workbench.page.locator('.statusbar-item', { hasText: 'Ln 10, Col ' }).first().waitFor();

      await workbench.until(
        async () => (await workbench.problems('written.yaml')).some((row) => row.includes('no operation "raed"')),
        'the wrong word is no problem',
      );
      await workbench.goToLine(8, 7);
      const fixes = workbench.page.locator('.action-widget .monaco-list-row');
      await workbench.cause(
        () => workbench.press('Control+.'),
        async () => (await fixes.filter({ hasText: 'Change raed to' }).count()) > 0,
        'no fix is offered',
      );
      await workbench.screenshot('scenario-fix-dark');
      const [best] = (await fixes.allInnerTexts()).filter((row) => row.includes('Change'));
      if (best?.trim() !== 'Change raed to read') throw new Error(`the first fix is ${best}`);
      await workbench.press('Enter');
      await endsWith(workbench, ['  - read: { file: file}', '    expect: ok']);
      await workbench.until(
        async () => (await workbench.problems('written.yaml')).every((row) => !row.includes('FUSE Review')),
        'the mended scenario has problems',
      );
    },
  },
];
