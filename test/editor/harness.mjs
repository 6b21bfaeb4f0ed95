// A real VS Code (code-server) with the packed extension in it, and a headless Chromium that a test drives.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const output = join(root, 'test-output');

/** Everything of a run lies under here and goes with it. */
export const scratch = mkdtempSync(join(tmpdir(), 'fuse-review-editor-'));

const children = new Set();
// Whatever way this ends, and whatever was being started then: nothing outlives it.
process.on('exit', () => {
  for (const child of children) signal(child, 'SIGKILL');
});

/** Debian's chromium, or the one that CHROMIUM names; undefined where there is none. */
export function chromiumPath() {
  const candidates = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  return candidates.find((path) => path !== undefined && existsSync(path));
}

/** Runs a command to its end; throws with the end of its output where it fails. */
export function run(command, args, options = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let text = '';
    child.stdout.on('data', (data) => (text += data));
    child.stderr.on('data', (data) => (text += data));
    child.on('error', fail);
    child.on('exit', (code) => (code === 0 ? done(text) : fail(new Error(`${command} ended with ${code}:\n${text.slice(-3000)}`))));
  });
}

/** Installs a .vsix into private folders and answers how to start servers on them. */
export async function installExtension(entry, vsix) {
  const extensions = join(scratch, 'extensions');
  const options = { env: privateEnvironment() };
  await run(
    process.execPath,
    [entry, '--extensions-dir', extensions, '--user-data-dir', join(scratch, 'install'), '--install-extension', vsix],
    options,
  );
  return extensions;
}

function privateEnvironment(more = {}) {
  const home = join(scratch, 'home');
  mkdirSync(home, { recursive: true });
  const { PATH = '', LANG = 'C.UTF-8' } = process.env;
  return {
    PATH,
    LANG,
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CACHE_HOME: join(home, 'cache'),
    ...more,
  };
}

let servers = 0;

/** Starts a server; `trust: false` leaves workspace trust on, so that folders open restricted. */
export async function startServer({ entry, extensions, trust = true, settings = {}, environment = {} }) {
  const data = join(scratch, `data${++servers}`);
  mkdirSync(join(data, 'User'), { recursive: true });
  const all = {
    'workbench.startupEditor': 'none',
    'workbench.colorTheme': 'Default Dark Modern',
    'workbench.tips.enabled': false,
    'workbench.enableExperiments': false,
    'chat.commandCenter.enabled': false,
    'window.commandCenter': false,
    'workbench.layoutControl.enabled': false,
    'security.workspace.trust.startupPrompt': 'never',
    'security.workspace.trust.banner': 'never',
    'extensions.ignoreRecommendations': true,
    'telemetry.telemetryLevel': 'off',
    'git.openRepositoryInParentFolders': 'never',
    'editor.minimap.enabled': false,
    'editor.detectIndentation': false,
    'editor.tabSize': 8,
    'editor.fontSize': 12,
    'workbench.reduceMotion': 'on',
    ...settings,
  };
  writeFileSync(join(data, 'User', 'settings.json'), JSON.stringify(all, null, 2));
  const port = await freePort();
  const flags = [
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-getting-started-override',
    ...(trust ? ['--disable-workspace-trust'] : []),
  ];
  const child = spawn(
    process.execPath,
    [entry, '--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--user-data-dir', data, '--extensions-dir', extensions, ...flags],
    { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: privateEnvironment(environment) },
  );
  children.add(child);
  let log = '';
  child.stdout.on('data', (text) => (log += text));
  child.stderr.on('data', (text) => (log += text));
  const address = `http://127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt++) {
    if (child.exitCode !== null) throw new Error(`code-server ended: ${log.slice(-2000)}`);
    const answered = await fetch(`${address}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return { address, data, stop: () => stop(child) };
    if (attempt > 150) throw new Error(`code-server does not answer: ${log.slice(-2000)}`);
    await new Promise((wake) => setTimeout(wake, 200));
  }
}

/** Ends a server with all of its children: extension hosts outlive it otherwise. */
function stop(child) {
  return new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      // It is gone, its children may not be.
      signal(child, 'SIGKILL');
      children.delete(child);
      return done();
    }
    const late = setTimeout(() => signal(child, 'SIGKILL'), 3000);
    child.on('exit', () => {
      clearTimeout(late);
      signal(child, 'SIGKILL');
      children.delete(child);
      done();
    });
    signal(child, 'SIGTERM');
  });
}

function signal(child, name) {
  try {
    process.kill(-child.pid, name);
  } catch {
    // The group is gone.
  }
}

export async function cleanUp() {
  await Promise.all([...children].map(stop));
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

export function launchBrowser(executablePath) {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--force-device-scale-factor=1',
    ],
  });
}

function freePort() {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** A private copy of the parts of a tree that the review reads. Headers are never edited: copies share one set by links. */
export function copyTree(tree, name) {
  const headers = join(scratch, 'pristine', tree.replaceAll(/\W+/g, '-'), 'include');
  const hasHeaders = existsSync(join(tree, 'include'));
  if (hasHeaders && !existsSync(headers)) cpSync(join(tree, 'include'), headers, { recursive: true, verbatimSymlinks: true });
  const copy = join(scratch, name);
  mkdirSync(join(copy, 'fs'), { recursive: true });
  for (const part of ['Kconfig', 'Makefile', 'fs/fuse']) {
    if (existsSync(join(tree, part))) cpSync(join(tree, part), join(copy, part), { recursive: true, verbatimSymlinks: true });
  }
  if (hasHeaders) execFileSync('cp', ['-al', headers, join(copy, 'include')]);
  return copy;
}

/** The workbench in one browser window, in the words of someone who uses it. */
export class Workbench {
  constructor(page) {
    this.page = page;
    this.errors = [];
    page.setDefaultTimeout(60_000);
  }

  /** Opens a folder (or a .code-workspace file) in a fresh browser profile, or in that of another window. */
  static async open(browser, server, path, { context, kind = 'folder' } = {}) {
    const own =
      context ?? (await browser.newContext({ viewport: { width: 1280, height: 800 }, permissions: ['clipboard-read', 'clipboard-write'] }));
    const workbench = new Workbench(await own.newPage());
    workbench.context = own;
    await workbench.goto(`${server.address}/?${kind}=${encodeURIComponent(path)}`);
    return workbench;
  }

  async goto(address) {
    await this.page.goto(address);
    await this.page.waitForSelector('.monaco-workbench .part.statusbar', { timeout: 60_000 });
    await this.page.waitForSelector('.activitybar .action-label[aria-label^="FUSE Review"]', { timeout: 60_000 });
  }

  async close() {
    await this.context.close();
  }

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Runs a command by its title, as the palette shows it. */
  async command(title) {
    const input = this.page.locator('.quick-input-widget input').first();
    await this.press('F1');
    await input.waitFor({ state: 'visible' });
    await input.fill(`>${title}`);
    const labels = this.page.locator('.quick-input-list .monaco-list-row .label-name');
    await labels
      .filter({ hasText: title.split(': ').at(-1) })
      .first()
      .waitFor({ state: 'visible' });
    // One title may begin as another does: a whole label goes before the one that is offered first.
    const whole = labels.filter({ hasText: endOf(title) }).first();
    if ((await whole.count()) > 0) await whole.click();
    else await this.press('Enter');
  }

  /** What the command palette offers for a search, as text. */
  async palette(text) {
    await this.press('F1');
    await this.page.locator('.quick-input-widget input').first().fill(`>${text}`);
    await this.page.waitForTimeout(500);
    const rows = await this.page.locator('.quick-input-list .monaco-list-row').allInnerTexts();
    await this.press('Escape');
    return rows;
  }

  async answer(text) {
    const input = this.page.locator('.quick-input-widget input').first();
    await input.waitFor({ state: 'visible' });
    await input.fill(text);
    await this.page.waitForTimeout(300);
    await this.press('Enter');
  }

  /** Answers a dialog that asks for a file. It fills itself in at first, which must not overwrite what we say. */
  async pickFile(path) {
    const widget = this.page.locator('.quick-input-widget');
    await widget.locator('.monaco-list-row').filter({ hasText: '..' }).first().waitFor();
    const input = widget.locator('input').first();
    await this.until(async () => {
      await input.fill(path);
      await this.page.waitForTimeout(400);
      return (await input.inputValue()) === path;
    }, 'the dialog does not take the path');
    // It is deaf to Enter until it has looked the path up, which shows in the row that it offers.
    await widget
      .locator('.monaco-list-row')
      .filter({ hasText: path.split('/').at(-1) })
      .first()
      .waitFor();
    await this.press('Enter');
  }

  /** Opens a file by its absolute path. Not by quick open: that needs ripgrep, which npm's code-server lacks. */
  async openFile(path, line = 1, column = 1) {
    const name = path.split('/').at(-1);
    await this.press('Control+o');
    await this.pickFile(path);
    await this.page.locator('.tabs-container .tab.active').filter({ hasText: name, hasNotText: '(' }).waitFor();
    await this.page.locator('.editor-instance .view-lines').first().waitFor();
    await this.goToLine(line, column);
  }

  async goToLine(line, column = 1) {
    await this.press('Control+g');
    await this.answer(`:${line}:${column}`);
  }

  /** The rows of the Problems panel for one file; the panel is opened and filtered where it is not yet. */
  async problems(file = 'backing.c') {
    const panel = this.page.locator('.markers-panel');
    if (!(await panel.isVisible())) await this.command('View: Focus Problems');
    await panel.waitFor();
    const filter = this.page.locator('.panel .viewpane-filter input').first();
    await filter.waitFor();
    if ((await filter.inputValue()) !== `**/${file}`) await filter.fill(`**/${file}`);
    const rows = await panel.locator('.monaco-list-row').allInnerTexts();
    return rows.map((row) => row.replace(/\s+/g, ' ').trim());
  }

  /** Waits for the problems to be as a predicate says; answers them. */
  async problemsAre(says, what, limit = 30_000) {
    let rows = [];
    await this.until(
      async () => says((rows = await this.problems())),
      () => `${what}; the Problems panel shows:\n${rows.join('\n')}`,
      limit,
    );
    return rows;
  }

  async openSidebar() {
    const item = this.page.locator('.activitybar .action-item', { has: this.page.locator('[aria-label^="FUSE Review"]') });
    if (
      !(await this.page
        .locator('.sidebar .composite.title')
        .filter({ hasText: /FUSE Review/i })
        .isVisible())
    )
      await item.click();
    await this.page
      .locator('.sidebar .composite.title')
      .filter({ hasText: /FUSE Review/i })
      .waitFor();
  }

  seriesRows() {
    return this.page.locator('.sidebar .pane-body .monaco-list-row');
  }

  /** The rows of the series view as text, top to bottom. */
  async series() {
    const rows = await this.seriesRows().evaluateAll((all) =>
      all.map((row) => ({
        index: Number(row.getAttribute('data-index')),
        text: ['.label-name', '.label-description'].map((part) => row.querySelector(part)?.textContent ?? '').join(' '),
        level: Number(row.getAttribute('aria-level')),
      })),
    );
    return rows.sort((a, b) => a.index - b.index).map(({ text, level }) => `${'  '.repeat(level - 1)}${text.replace(/\s+/g, ' ').trim()}`);
  }

  async seriesIs(says, what, limit = 60_000) {
    let rows = [];
    await this.until(
      async () => says((rows = await this.series())),
      () => `${what}; the view shows:\n${rows.join('\n')}`,
      limit,
    );
    return rows;
  }

  async until(holds, what, limit = 60_000) {
    const end = Date.now() + limit;
    for (;;) {
      if (await holds()) return;
      if (Date.now() > end) throw new Error(typeof what === 'function' ? what() : what);
      await this.page.waitForTimeout(100);
    }
  }

  async notifications() {
    return (await this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts()).map((text) => text.trim());
  }

  async screenshot(name) {
    mkdirSync(output, { recursive: true });
    await this.page.mouse.move(640, 5);
    await this.page.waitForTimeout(400);
    await this.page.screenshot({ path: join(output, `${name}.png`) });
  }
}

/** The words of a command after its category, and nothing after them. */
function endOf(title) {
  const words = title.split(': ').at(-1) ?? title;
  return new RegExp(`${words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);
}
