// Scenarios in QEMU from VS Code: asked for once, refused where nobody trusts the tree, built, run and shown, ended when told to.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { scratch } from './harness.mjs';
import { Workbench } from './workbench.mjs';

/** Builds outlive the tests, and are shared with all others: only the first one takes minutes. */
const cache =
  process.env.FUSE_REVIEW_EXECUTION_CACHE ??
  process.env.FUSE_REVIEW_CACHE ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'fuse-review');

/** A kernel may have to be built before a scenario runs. */
const building = 40 * 60_000;

const pageOf = (workbench) => workbench.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
const dialog = (workbench) => workbench.page.locator('.monaco-dialog-box');
const status = (workbench) => workbench.page.locator('.statusbar-item', { hasText: 'QEMU: ' });

const onPath = (program) => (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));

/** What keeps a kernel from being built and run here, with the way out; undefined where nothing does. */
function lacking({ material }) {
  if (!existsSync(join(material.tree, 'Makefile')) || !existsSync(join(material.tree, 'kernel')))
    return 'there is no whole kernel tree (npm run trees)';
  const missing = ['qemu-system-x86_64', 'gcc', 'make'].filter((program) => !onPath(program));
  return missing.length === 0 ? undefined : `${missing.join(', ')} missing (Debian: apt-get install qemu-system-x86 build-essential)`;
}

/** A window on the whole tree. What is typed there is never saved: the tree is not ours. */
async function openTree({ browser, serve, material, keep }) {
  const settings = { 'fuseReview.execution.cache': cache, 'fuseReview.execution.rounds': 2, 'files.autoSave': 'off' };
  const server = await serve({ settings });
  const workbench = keep(await Workbench.open(browser, server, material.tree));
  return { server, workbench };
}

const agree = (workbench) => dialog(workbench).getByRole('button', { name: 'Build and Run' }).click();

const decline = (workbench) =>
  workbench.cause(
    () => workbench.press('Escape'),
    async () => (await dialog(workbench).count()) === 0,
    'the question stays',
  );

/** Waits for something while a kernel is built and runs, and no longer than until that ends otherwise. */
async function untilRan(workbench, holds, what) {
  await status(workbench).waitFor();
  const failure = async () => (await workbench.notifications()).find((text) => /in QEMU on [^:]*: /.test(text));
  await workbench.until(
    async () => {
      // Progress goes with the status item; what is left then is why it failed.
      const why = (await status(workbench).count()) === 0 ? await failure() : undefined;
      if (why !== undefined) throw new Error(why);
      return holds();
    },
    what,
    building,
  );
}

/** The page of a run of thread-five-steps. */
async function pageShown(workbench) {
  const frame = pageOf(workbench);
  const title = frame.locator('run-header h1', { hasText: 'Close an id while a file is open on it' });
  await untilRan(workbench, async () => (await title.count()) > 0, 'no page is shown');
  return frame;
}

/** Nothing that was started is left. */
async function nothingRuns(workbench) {
  await status(workbench).waitFor({ state: 'detached' });
  await workbench.until(
    () => processesOf(cache).length === 0,
    () => `left behind: ${processesOf(cache).join('\n')}`,
    20_000,
  );
}

async function runInQemu(workbench, name, command = 'Run Scenario in QEMU...') {
  await workbench.command(`FUSE Review: ${command}`);
  await workbench.choose(name, 'bundled');
}

/** Command lines of processes that name a folder. */
function processesOf(folder) {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((id) => {
      try {
        const line = readFileSync(join('/proc', id, 'cmdline'), 'utf8').replaceAll('\0', ' ');
        return line.includes(folder) && /qemu|make|gcc|cc1/.test(line) ? [line.slice(0, 200)] : [];
      } catch {
        return [];
      }
    });
}

export const executionTests = [
  {
    name: 'a scenario in QEMU is asked for once, and not begun where the answer is no',
    async run({ browser, serve, copyTree, keep }) {
      const cache = join(scratch, 'declined-cache');
      const server = await serve({ settings: { 'fuseReview.execution.cache': cache } });
      const workbench = keep(await Workbench.open(browser, server, copyTree('declined')));
      await runInQemu(workbench, 'thread-five-steps');
      await dialog(workbench).waitFor();
      const text = await dialog(workbench).innerText();
      for (const part of ['Build the kernel of declined and run it?', "by the tree's own Makefiles", cache])
        if (!text.includes(part)) throw new Error(`the question does not say "${part}": ${text}`);
      await workbench.screenshot('execution-question-dark');
      await decline(workbench);
      // What is asked again was not begun.
      await runInQemu(workbench, 'thread-five-steps');
      await dialog(workbench).waitFor();
      await decline(workbench);
      if ((await status(workbench).count()) > 0 || existsSync(cache)) throw new Error('it was begun all the same');
      await server.stop();
    },
  },
  {
    name: 'an untrusted workspace builds no kernel',
    async run({ browser, serve, copyTree, keep }) {
      const server = await serve({ trust: false });
      const workbench = keep(await Workbench.open(browser, server, copyTree('untrusted-kernel')));
      await workbench.command('FUSE Review: Run Scenario in QEMU...');
      await workbench.until(
        async () => (await workbench.notifications()).some((text) => text.includes('only in a trusted workspace')),
        'it is not refused',
      );
      if (await workbench.input.isVisible()) throw new Error('it asks for a scenario first');
      if ((await dialog(workbench).count()) > 0) throw new Error('it asks all the same');
      await server.stop();
    },
  },
  {
    name: 'what can not be built says so, with the way to the output, and the next run is asked for no more',
    async run({ browser, serve, copyTree, keep }) {
      const server = await serve({ settings: { 'fuseReview.execution.cache': join(scratch, 'broken-cache') } });
      // A part of a tree has no Makefiles to be built by.
      const workbench = keep(await Workbench.open(browser, server, copyTree('broken')));
      await runInQemu(workbench, 'thread-five-steps');
      await dialog(workbench).getByRole('button', { name: 'Build and Run' }).click();
      const failed = async () =>
        (await workbench.notifications()).some((text) => /thread-five-steps in QEMU on broken: (?!internal)/.test(text));
      await workbench.until(failed, 'nothing says that it failed', 120_000);
      await workbench.screenshot('execution-failed-dark');
      await workbench.page.locator('.notification-list-item').getByRole('button', { name: 'Show Build Output' }).click();
      await workbench.page.locator('.panel .view-lines', { hasText: 'thread-five-steps' }).waitFor();
      await workbench.command('Notifications: Clear All Notifications');
      await runInQemu(workbench, 'thread-five-steps');
      await workbench.until(failed, 'the second run does not end', 120_000);
      if ((await dialog(workbench).count()) > 0) throw new Error('it asks again');
      await server.stop();
    },
  },
  {
    name: 'a scenario runs in the kernel of the tree, and its page shows it beside the simulator',
    whyNot: lacking,
    async run(world) {
      const { server, workbench } = await openTree(world);
      await runInQemu(workbench, 'thread-five-steps');
      await agree(workbench);
      const frame = await pageShown(workbench);
      await frame.locator('run-header', { hasText: /no error\s+agrees with the simulator/ }).waitFor();
      await frame.locator('run-environment', { hasText: /\d+ canaries seen/ }).waitFor();
      await status(workbench).waitFor({ state: 'detached' });
      await workbench.screenshot('execution-dark');
      await frame.locator('run-environment button', { hasText: cache }).click();
      await workbench.page.locator('.view-lines', { hasText: 'setup 1 0' }).waitFor();

      await runInQemu(workbench, 'thread-five-steps');
      await status(workbench).waitFor();
      await workbench.until(() => processesOf(cache).length > 0, 'nothing was started', 120_000);
      await workbench.command('FUSE Review: Stop QEMU');
      await nothingRuns(workbench);
      await server.stop();
    },
  },
  {
    name: 'what the kernel of a series reports leads to its source, and to the way that the simulator found',
    whyNot: lacking,
    async run(world) {
      const { server, workbench } = await openTree(world);
      await workbench.openSidebar();
      await workbench.command('FUSE Review: Open Patch Series from Files...');
      await workbench.pickFile(world.material.patch);
      await workbench.seriesIs((all) => all.some((row) => /\d+ flaws? \(/.test(row)), 'the series is not reviewed', 120_000);
      await runInQemu(workbench, 'thread-five-steps', 'Run Scenario on the Open Series in QEMU...');
      await agree(workbench);
      const frame = await pageShown(workbench);
      const first = frame.locator('run-reports article').first();
      await first.locator('h3', { hasText: 'KASAN: slab-use-after-free in fuse_backing_' }).waitFor();
      await frame.locator('h2', { hasText: "The simulator's path" }).waitFor();
      await status(workbench).waitFor({ state: 'detached' });
      await workbench.command('View: Toggle Primary Side Bar Visibility');
      await workbench.screenshot('execution-report-dark');
      await first.locator('button.link', { hasText: 'fs/fuse/backing.c:' }).first().click();
      await workbench.page.locator('.view-lines', { hasText: 'fuse_backing_get' }).waitFor();
      // The report and its source, without what is above them.
      await frame.locator('run-agreement').evaluate((element) => element.scrollIntoView());
      await workbench.screenshot('execution-frame-dark');
      await workbench.command('Preferences: Toggle between Light/Dark Themes');
      await workbench.screenshot('execution-frame-light');
      await server.stop();
    },
  },
  {
    name: 'an error of the compiler in what is typed is a problem at its line until it is built without',
    whyNot: lacking,
    async run(world) {
      const { server, workbench } = await openTree(world);
      const file = join(world.material.tree, 'fs/fuse/backing.c');
      const line =
        readFileSync(file, 'utf8')
          .split('\n')
          .findIndex((each) => each.includes('refcount_set(&fb->count, 1)')) + 1;
      await workbench.openFile(file, line, 1);
      await workbench.page.keyboard.insertText('\tfb->colour = 1;');
      await workbench.press('Enter');
      await runInQemu(workbench, 'open-directory');
      await agree(workbench);
      const ofBuild = (rows) => rows.filter((row) => row.includes('kernel build'));
      let rows = [];
      await workbench.until(async () => (rows = ofBuild(await workbench.problems())).length > 0, 'the error is no problem', building);
      await workbench.screenshot('execution-problem-dark');
      if (!rows.some((row) => /no member named .colour./.test(row) && row.includes(`Ln ${line}`))) throw new Error(rows.join('\n'));
      await status(workbench).waitFor({ state: 'detached' });
      await workbench.command('Notifications: Clear All Notifications');
      await workbench.command('File: Revert File');
      await runInQemu(workbench, 'open-directory');
      const title = pageOf(workbench).locator('run-header h1', { hasText: 'Register a directory' });
      await untilRan(workbench, async () => (await title.count()) > 0, 'no page is shown');
      rows = ofBuild(await workbench.problems());
      if (rows.length > 0) throw new Error(`the error stays: ${rows.join('\n')}`);
      await server.stop();
    },
  },
];
