// What a kernel developer does in the editor, and what they must see. Each test opens windows of its own.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { git, root, scratch } from './harness.mjs';
import { Workbench } from './workbench.mjs';
import { typeBug } from './bug.mjs';
import { changesTests } from './changes.mjs';
import { executionTests } from './execution.mjs';
import { runPageTests } from './run-page.mjs';
import { scenarioTests } from './scenario.mjs';
import { simulationTests } from './simulation.mjs';
import { threadTests } from './threads.mjs';
import { buildSuite } from './suite.mjs';

function digestOf(folder) {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())) {
    hash.update(`${name.parentPath ?? name.path}/${name.name}`).update(readFileSync(join(name.parentPath ?? name.path, name.name)));
  }
  return hash.digest('hex');
}

const bugRules = /leak|ladder-label|ladder-return/;

async function openSeries(workbench, path) {
  await workbench.openSidebar();
  await workbench.command('FUSE Review: Open Patch Series from Files...');
  await workbench.pickFile(path);
}

const isIntroduced = (row) => /\b[1-9]\d* flaws? \(/.test(row);
/** The row of a flaw, which begins with its kind and its place; the rows above it name its kind too. */
const flaw = (workbench, kind) =>
  workbench
    .seriesRows()
    .filter({ hasText: `${kind}, ` })
    .filter({ hasText: /\.c:\d+: / })
    .first();

/** Opens the diff at a flaw. */
/** The rows of the material's patch once it was simulated: the use after free is what the simulation alone finds. */
const isSimulated = (rows) =>
  rows.some((row) => /\buse after free, backing\.c:\d+: /.test(row)) && !rows.some((row) => row.includes('simulating'));

async function showFlaw(workbench, kind) {
  const diff = workbench.page.locator('.diff-editor, .monaco-diff-editor').first();
  await workbench.cause(
    () => flaw(workbench, kind).click({ timeout: 15_000 }),
    () => diff.isVisible(),
    'a click on the flaw opens no diff',
  );
}

export const tests = [
  ...runPageTests,
  ...simulationTests,
  ...changesTests,
  ...threadTests,
  ...scenarioTests,
  ...executionTests,
  {
    name: 'a bug typed into backing.c appears as a problem with its rule, and goes when undone',
    async run({ browser, server, copyTree, keep }) {
      const tree = copyTree('typed');
      const workbench = keep(await Workbench.open(browser, server, tree));
      await typeBug(workbench, tree);
      const rows = await workbench.problemsAre((all) => all.some((row) => bugRules.test(row)), 'no leak is reported', 60_000);
      if (!rows.some((row) => /FUSE Review (leak|ladder-label|ladder-return)/.test(row)))
        throw new Error(`the row names no rule: ${rows.join(' | ')}`);
      await workbench.screenshot('problems-dark');
      await workbench.focusEditor();
      for (let undone = 0; undone < 6; undone++) await workbench.press('Control+z');
      await workbench.problemsAre((all) => !all.some((row) => bugRules.test(row)), 'the problem stays after undo');
    },
  },
  {
    name: 'a problem shows its path and links to the page of its rule',
    async run({ browser, server, copyTree, keep }) {
      const tree = copyTree('path');
      const workbench = keep(await Workbench.open(browser, server, tree));
      await typeBug(workbench, tree);
      await workbench.problemsAre((all) => all.some((row) => bugRules.test(row)), 'no leak is reported', 60_000);
      const row = workbench.page.locator('.markers-panel .monaco-list-row').filter({ hasText: bugRules }).first();
      await workbench.cause(
        async () => {
          await row.click();
          await workbench.press('ArrowRight');
        },
        async () => (await workbench.problems()).some((each) => /backing\.c\[Ln \d+|backing\.c.*Ln \d+/.test(each)),
        'the steps of the path are not shown',
      );
      await row.locator('a').filter({ hasText: bugRules }).first().click();
      await workbench.until(
        async () =>
          (await workbench.page.locator('.tabs-container .tab').allInnerTexts()).some((tab) =>
            /(leak|ladder-label|ladder-return)\.md/.test(tab),
          ),
        'the page of the rule does not open',
      );
    },
  },
  {
    name: 'a finding is allowed by a comment with a reason, from the light bulb',
    async run({ browser, server, copyTree, keep }) {
      const tree = copyTree('allowed');
      const workbench = keep(await Workbench.open(browser, server, tree));
      await typeBug(workbench, tree);
      const rows = await workbench.problemsAre((all) => all.some((row) => bugRules.test(row)), 'no leak is reported', 60_000);
      for (let left = rows.filter((row) => bugRules.test(row)).length; left > 0; left--) {
        // The cursor still stands where the bug was typed.
        const action = workbench.page.locator('.action-widget .monaco-list-row').filter({ hasText: 'with a reason' }).first();
        await workbench.cause(
          () => workbench.press('Control+1', 'Control+.'),
          () => action.isVisible(),
          'the light bulb offers nothing',
        );
        await workbench.cause(
          async () => (await action.isVisible()) && (await workbench.press('Enter')),
          () => workbench.input.isVisible(),
          'no reason is asked for',
        );
        await workbench.answer('the test wants it');
        await workbench.problemsAre((all) => all.filter((row) => bugRules.test(row)).length < left, 'the comment silences nothing');
      }
      const text = await workbench.page.locator('.editor-instance .view-lines').first().innerText();
      if (!text.replace(/\u00a0/g, ' ').includes('// fuse-review: allow')) throw new Error('no comment was written');
    },
  },
  {
    name: 'a series from a file is reviewed, and a click on a finding opens the diff at its place',
    async run({ browser, server, copySeriesTree, material, keep }) {
      const tree = copySeriesTree('series');
      const before = digestOf(join(tree, 'fs'));
      const workbench = keep(await Workbench.open(browser, server, tree));
      await openSeries(workbench, material.patch);
      const rows = await workbench.seriesIs((all) => all.some(isIntroduced), 'nothing is introduced', 120_000);
      if (!rows.some((row) => row.includes('backing.c'))) throw new Error(`backing.c is not listed:\n${rows.join('\n')}`);
      await showFlaw(workbench, material.flaw);
      await workbench.until(
        async () => (await workbench.page.locator('.tabs-container .tab.active').innerText()).includes('backing.c ('),
        'the tab does not say what is compared',
      );
      const squiggle = workbench.page.locator('.monaco-diff-editor .modified .squiggly-warning').first();
      await squiggle.waitFor();
      await workbench.screenshot('series-dark');
      await workbench.command('View: Close All Editors');
      await workbench.problemsAre(
        (all) => all.some((row) => row.includes('FUSE Review')),
        'what stands is no problem once its diff is closed',
      );
      if (digestOf(join(tree, 'fs')) !== before) throw new Error('the tree was written to');
    },
  },
  {
    name: 'findings of a series are walked by keyboard, and copied as text',
    async run({ browser, server, copySeriesTree, material, keep }) {
      const workbench = keep(await Workbench.open(browser, server, copySeriesTree('walk')));
      await openSeries(workbench, material.patch);
      // With the simulation's results the list is another one; where they are known, they come at once.
      await workbench.seriesIs(isSimulated, 'it is not simulated', 300_000);
      const selected = async () =>
        (await workbench.page.locator('.sidebar .monaco-list-row.selected').allInnerTexts()).join().replace(/\s+/g, ' ');
      const stops = [];
      for (const key of ['Alt+BracketRight', 'Alt+BracketRight', 'Alt+BracketLeft']) {
        const last = stops.at(-1);
        await workbench.press(key);
        await workbench.until(async () => ![last, ''].includes(await selected()), `${key} does not move on from "${last}"`);
        stops.push(await selected());
        await workbench.page.locator('.monaco-diff-editor').first().waitFor();
      }
      if (stops[0] !== stops[2] || stops[0] === stops[1]) throw new Error(`the walk is ${stops.join(' -> ')}`);
      await workbench.command('FUSE Review: Copy Finding as Text');
      let copied = '';
      await workbench.until(
        async () => /^fs\/fuse\/\S+:\d+: .* \[[^\]]+\]/.test((copied = await workbench.page.evaluate('navigator.clipboard.readText()'))),
        () => `copied: ${copied}`,
      );
    },
  },
  {
    name: 'a series is simulated in the background, and a click opens the run behind a flaw',
    async run({ browser, server, copySeriesTree, material, keep }) {
      const workbench = keep(await Workbench.open(browser, server, copySeriesTree('simulated')));
      await openSeries(workbench, material.patch);
      await workbench.seriesIs((all) => all.some(isIntroduced), 'nothing is introduced', 120_000);
      const rows = await workbench.seriesIs(isSimulated, 'the use after free is not there', 300_000);
      if (!rows.some((row) => /changed answer: .*-EPERM/.test(row))) throw new Error(`no changed answer:\n${rows.join('\n')}`);
      await showFlaw(workbench, 'use after free');
      const row = workbench.seriesRows().filter({ hasText: '5 steps' }).first();
      await workbench.cause(
        async () => {
          await flaw(workbench, 'use after free').click({ timeout: 15_000 });
          await workbench.press('ArrowRight');
        },
        () => row.isVisible(),
        'the flaw has no run',
      );
      await workbench.screenshot('series-simulated-dark');
      const page = workbench.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
      await workbench.cause(
        () => row.click({ timeout: 15_000 }),
        () => page.locator('run-steps').first().isVisible(),
        'a click on the run opens no page',
      );
      await page.getByText('which is freed').first().waitFor();
      const story = (await page.locator('run-steps [aria-level="1"]').allInnerTexts()).map((line) => line.replace(/\s+/g, ' ').trim());
      const told = story.filter((line) => /^\d (server|client) .*answers/.test(line));
      if (told.length !== 5) throw new Error(`the run does not tell the five steps:\n${story.join('\n')}`);
      if (!told.some((line) => /fuse_backing 1 2 → 1 drops one too many, backing\.c:\d+/.test(line)))
        throw new Error(`nobody is to blame:\n${told.join('\n')}`);
      await page.locator('run-steps [aria-selected=true]', { hasText: 'which is freed' }).waitFor();
      await workbench.screenshot('series-run-dark');
    },
  },
  {
    name: 'open series come back after a reload',
    async run({ browser, server, copySeriesTree, material, keep }) {
      const workbench = keep(await Workbench.open(browser, server, copySeriesTree('reload')));
      await openSeries(workbench, material.patch);
      await workbench.seriesIs((all) => all.some(isIntroduced), 'nothing is introduced', 120_000);
      await workbench.until(() => workbench.stored(material.patch), 'the window does not write down what is open');
      await workbench.reload();
      await workbench.openSidebar();
      await workbench.seriesIs((all) => all.some(isIntroduced), 'the series did not come back', 120_000);
      await showFlaw(workbench, material.flaw);
      await workbench.page.locator('.monaco-diff-editor .modified .squiggly-warning').first().waitFor();
      await workbench.command('FUSE Review: Close Series');
      await workbench.seriesIs((all) => all.length === 0, 'the series stays');
    },
  },
  {
    name: 'FUSE_REVIEW_OPEN opens its series at its first flaw, in a light theme',
    async run({ browser, serve, copySeriesTree, material, keep }) {
      const server = await serve({
        settings: { 'workbench.colorTheme': 'Default Light Modern' },
        environment: { FUSE_REVIEW_OPEN: material.patch },
      });
      const tree = copySeriesTree('light');
      const workbench = keep(await Workbench.open(browser, server, tree));
      await workbench.seriesIs((all) => all.some(isIntroduced), 'nothing is introduced', 120_000);
      await workbench.page.locator('.monaco-diff-editor .squiggly-warning').first().waitFor();
      await workbench.screenshot('series-light');
      await workbench.command('FUSE Review: Close Series');
      await typeBug(workbench, tree);
      await workbench.problemsAre((all) => all.some((row) => bugRules.test(row)), 'no leak is reported', 60_000);
      await workbench.screenshot('problems-light');
      await server.stop();
    },
  },
  {
    name: 'an empty view says how to begin',
    async run({ browser, server, copyTree, keep }) {
      const workbench = keep(await Workbench.open(browser, server, copyTree('empty')));
      await workbench.openSidebar();
      await workbench.page.locator('.sidebar .welcome-view-content').filter({ hasText: 'Open Patches or a Mailbox' }).waitFor();
      await workbench.screenshot('empty-dark');
    },
  },
  {
    name: 'with no tree open the view and the commands say so',
    async run({ browser, server, keep }) {
      const folder = join(scratch, 'nothing');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'hello.c'), 'int main(void)\n{\n\treturn 0;\n}\n');
      const workbench = keep(await Workbench.open(browser, server, folder));
      await workbench.openSidebar();
      await workbench.page.locator('.sidebar .welcome-view-content').filter({ hasText: 'No kernel tree is open' }).waitFor();
      await workbench.screenshot('no-tree-dark');
      await workbench.command('FUSE Review: Open Patch Series from Files...');
      await workbench.until(
        async () => (await workbench.notifications()).some((text) => text.includes('No kernel tree')),
        'nothing is said',
      );
    },
  },
  {
    name: 'bad input is said in the view: a patch that does not apply, a truncated mail, a binary file',
    async run({ browser, server, copyTree, keep }) {
      const folder = join(scratch, 'bad');
      mkdirSync(folder, { recursive: true });
      const hunk = '--- a/fs/fuse/backing.c\n+++ b/fs/fuse/backing.c\n@@ -1,3 +1,3 @@\n no such line\n-nor this\n+but that\n either\n';
      writeFileSync(join(folder, '0001-misfit.patch'), hunk);
      writeFileSync(join(folder, '0002-noise.patch'), Buffer.from(Array.from({ length: 512 }, (_, index) => (index * 97) % 256)));
      const workbench = keep(await Workbench.open(browser, server, copyTree('bad-tree')));
      await openSeries(workbench, join(folder, '0001-misfit.patch'));
      await workbench.seriesIs((all) => all.some((row) => /0 of 1 hunks applied/.test(row)), 'the misfit is not said');
      await openSeries(workbench, join(folder, '0002-noise.patch'));
      await workbench.seriesIs((all) => all.some((row) => /neither a mail nor a diff/.test(row)), 'the noise is not said');
      const said = await workbench.notifications();
      if (said.length > 0) throw new Error(`notifications: ${said.join(' | ')}`);
      await workbench.screenshot('bad-input-dark');
    },
  },
  {
    name: 'a file that is deleted while open loses its problems, and nothing breaks',
    async run({ browser, server, copyTree, keep }) {
      const tree = copyTree('deleted');
      const workbench = keep(await Workbench.open(browser, server, tree));
      await typeBug(workbench, tree);
      await workbench.problemsAre((all) => all.some((row) => bugRules.test(row)), 'no leak is reported', 60_000);
      rmSync(join(tree, 'fs/fuse/backing.c'));
      await workbench.problemsAre((all) => !all.some((row) => bugRules.test(row)), 'problems of a deleted file stay', 60_000);
      const said = await workbench.notifications();
      if (said.some((text) => /fuse review|error/i.test(text))) throw new Error(`notifications: ${said.join(' | ')}`);
    },
  },
  {
    name: 'an untrusted workspace is checked, and a commit range is refused there',
    async run({ browser, serve, copyTree, keep }) {
      const server = await serve({ trust: false });
      const tree = copyTree('untrusted');
      const workbench = keep(await Workbench.open(browser, server, tree));
      await typeBug(workbench, tree);
      await workbench.problemsAre((all) => all.some((row) => bugRules.test(row)), 'no leak is reported', 60_000);
      await workbench.command('FUSE Review: Open Commit Range...');
      await workbench.until(
        async () => (await workbench.notifications()).some((text) => text.includes('do not trust')),
        'the range is not refused',
      );
      await workbench.screenshot('untrusted-dark');
      await server.stop();
    },
  },
  {
    name: 'a range of commits is reviewed against its older end',
    async run({ browser, server, copySeriesTree, material, keep }) {
      const tree = copySeriesTree('commits');
      rmSync(join(tree, 'include'), { recursive: true, force: true });
      git(tree, 'init', '--quiet');
      git(tree, 'add', '.');
      git(tree, 'commit', '--quiet', '-m', 'base');
      git(tree, 'tag', 'base');
      const range = 'base..HEAD';
      git(tree, 'am', '--quiet', '--empty=drop', material.patch);
      const workbench = keep(await Workbench.open(browser, server, tree));
      await workbench.openSidebar();
      await workbench.command('FUSE Review: Open Commit Range...');
      await workbench.answer(range);
      await workbench.seriesIs((all) => all.some((row) => row.includes(range) && isIntroduced(row)), 'nothing is introduced', 120_000);
    },
  },
  {
    name: 'the tree is found from fs/fuse itself, from above it, and among several roots',
    async run({ browser, server, copyTree, keep }) {
      const tree = copyTree('nested/deep/linux');
      const other = join(scratch, 'other');
      mkdirSync(other, { recursive: true });
      const roots = join(scratch, 'roots.code-workspace');
      writeFileSync(roots, JSON.stringify({ folders: [{ path: other }, { path: tree }] }));
      const places = [
        [join(tree, 'fs/fuse'), 'folder'],
        [dirname(dirname(tree)), 'folder'],
        [roots, 'workspace'],
      ];
      for (const [path, kind] of places) {
        const workbench = keep(await Workbench.open(browser, server, path, { kind }));
        await workbench.openSidebar();
        const welcome = workbench.page.locator('.sidebar .welcome-view-content').filter({ hasText: 'Open Patches or a Mailbox' });
        // code-server sometimes opens a .code-workspace without its folders; a reload gives them
        const found = await welcome.waitFor({ timeout: 30_000 }).then(
          () => true,
          () => false,
        );
        if (!found) {
          await workbench.reload();
          await workbench.openSidebar();
          await welcome.waitFor();
        }
        await typeBug(workbench, tree);
        await workbench.problemsAre((all) => all.some((row) => bugRules.test(row)), `no leak is reported with ${path} open`, 60_000);
        await workbench.close();
      }
    },
  },
  {
    name: 'the suite inside the extension host passes, as it does in a desktop VS Code',
    async run({ browser, serve, extensions, copySeriesTree, material }) {
      const server = await serve({ environment: { FUSE_REVIEW_TEST_PATCH: material.patch } });
      const remote = (path) => `vscode-remote://${new URL(server.address).host}${path}`;
      const installed = readdirSync(extensions).find((name) => name.startsWith('fuse-backing-review.'));
      const payload = [
        ['extensionDevelopmentPath', remote(join(extensions, installed))],
        ['extensionTestsPath', remote(await buildSuite(scratch))],
      ];
      const context = await browser.newContext();
      const page = await context.newPage();
      const lines = [];
      const exited = new Promise((done) => void page.exposeFunction('codeAutomationExit', done));
      await page.exposeFunction('codeAutomationLog', (_, values) => void lines.push(...values.map(String)));
      await page.goto(
        `${server.address}/?folder=${encodeURIComponent(copySeriesTree('suite'))}&payload=${encodeURIComponent(JSON.stringify(payload))}`,
      );
      const code = await Promise.race([exited, new Promise((done) => setTimeout(done, 240_000, 'none'))]);
      await context.close();
      await server.stop();
      const said = lines.filter((line) => /^(pass|FAIL|\d+ passed)/.test(line));
      for (const line of said) console.log(`      ${line.replaceAll('\n', '\n      ')}`);
      if (code !== 0) throw new Error(`the suite ended with code ${code}`);
      if (said.filter((line) => line.startsWith('pass')).length < 4) throw new Error('the suite ran fewer than 4 tests');
    },
  },
  {
    name: 'every command of the palette is there, and what was not analysed is listed',
    async run({ browser, server, copyTree, keep }) {
      const workbench = keep(await Workbench.open(browser, server, copyTree('commands')));
      await workbench.openSidebar();
      await workbench.page.locator('.sidebar .welcome-view-content').first().waitFor();
      const offered = await workbench.palette('FUSE Review:');
      const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
      const always = manifest.contributes.commands.filter(
        ({ command, enablement }) =>
          enablement === undefined && !manifest.contributes.menus.commandPalette.some((entry) => entry.command === command),
      );
      // The list shows only as many rows as fit: those that it does not show are searched for one by one.
      for (const { title } of always.filter((each) => !offered.some((row) => row.includes(each.title)))) {
        const found = await workbench.palette(`FUSE Review: ${title}`);
        if (!found.some((row) => row.includes(title))) throw new Error(`not offered: ${title}; offered: ${found.join(' | ')}`);
      }
      await workbench.command('FUSE Review: Check Subsystem');
      await workbench.page.locator('.markers-panel').waitFor();
      await workbench.command('FUSE Review: Show Functions Not Analysed');
      const list = workbench.page.locator('.panel .view-lines');
      await workbench.until(
        async () => /(were analysed|of \d+ not analysed)/.test((await list.first().innerText()).replace(/\u00a0/g, ' ')),
        'the list does not show',
        60_000,
      );
      await workbench.screenshot('not-analysed-dark');
    },
  },
];
