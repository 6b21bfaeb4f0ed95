// Scenarios in QEMU from VS Code: asked for once, refused where nobody trusts the tree, built, run and shown, ended when told to.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root, scratch, Workbench } from './harness.mjs';

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

async function runInQemu(workbench, name) {
  await workbench.command('FUSE Review: Run Scenario in QEMU...');
  const input = workbench.page.locator('.quick-input-widget input[type=text]').first();
  await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'bundled' }).first().waitFor();
  await input.fill(name);
  const row = workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: name });
  await workbench.until(async () => (await row.count()) === 1, `${name} is not the only scenario of that name`);
  await row.click();
  await workbench.press('Enter');
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
      await workbench.press('Escape');
      await dialog(workbench).waitFor({ state: 'detached' });
      await workbench.page.waitForTimeout(1000);
      if ((await status(workbench).count()) > 0 || existsSync(cache)) throw new Error('it was begun all the same');
      await server.stop();
    },
  },
  {
    name: 'an untrusted workspace builds no kernel',
    async run({ browser, serve, copyTree, keep }) {
      const server = await serve({ trust: false });
      const workbench = keep(await Workbench.open(browser, server, copyTree('untrusted-kernel')));
      await runInQemu(workbench, 'thread-five-steps');
      await workbench.until(
        async () => (await workbench.notifications()).some((text) => text.includes('only in a trusted workspace')),
        'it is not refused',
      );
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
    async run({ browser, serve, material, keep }) {
      // Builds outlive the tests: only the first one takes minutes.
      const cache = process.env.FUSE_REVIEW_EXECUTION_CACHE ?? join(root, '.cache', 'execution');
      const server = await serve({ settings: { 'fuseReview.execution.cache': cache, 'fuseReview.execution.rounds': 2 } });
      const workbench = keep(await Workbench.open(browser, server, material.tree));
      await runInQemu(workbench, 'thread-five-steps');
      await dialog(workbench).getByRole('button', { name: 'Build and Run' }).click();
      await status(workbench).waitFor();
      await workbench.screenshot('execution-progress-dark');
      const frame = pageOf(workbench);
      const shown = frame.locator('run-header h1', { hasText: 'Close an id while a file is open on it' });
      const failure = async () => (await workbench.notifications()).find((text) => /^thread-five-steps in QEMU on [^:]*: /.test(text));
      await workbench.until(
        async () => {
          // Progress goes with the status item; what is left then is why it failed.
          const why = (await status(workbench).count()) === 0 ? await failure() : undefined;
          if (why !== undefined) throw new Error(why);
          return (await shown.count()) > 0;
        },
        'no page is shown',
        building,
      );
      await frame.locator('run-header', { hasText: /no error\s+agrees with the simulator/ }).waitFor();
      await frame.locator('run-machine', { hasText: /\d+ canaries seen/ }).waitFor();
      await status(workbench).waitFor({ state: 'detached' });
      await workbench.screenshot('execution-dark');
      await frame.locator('run-machine button', { hasText: cache }).click();
      await workbench.page.locator('.view-lines', { hasText: 'setup 1 0' }).waitFor();

      await runInQemu(workbench, 'thread-five-steps');
      await status(workbench).waitFor();
      await workbench.until(() => processesOf(cache).length > 0, 'nothing was started', 120_000);
      await workbench.command('FUSE Review: Stop QEMU');
      await status(workbench).waitFor({ state: 'detached' });
      await workbench.until(
        () => processesOf(cache).length === 0,
        () => `left behind: ${processesOf(cache).join('\n')}`,
        20_000,
      );
      await server.stop();
    },
  },
];
