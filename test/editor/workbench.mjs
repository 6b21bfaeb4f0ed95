// The workbench in one browser window, in the words of someone who uses it. What is done waits for what it causes, and is
// done again where the editor was not ready for it: there are no waits for a time.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { output } from './harness.mjs';

/** Milliseconds within which the editor shows what a key or a click does, where it took it. */
const heard = 3000;

/** What a browser's failure says first, and how it ended. */
function shortened(message) {
  const lines = message.split('\n').map((line) => (line.length > 200 ? `${line.slice(0, 200)}...` : line));
  return lines.length <= 16 ? lines.join('\n') : [...lines.slice(0, 4), '...', ...lines.slice(-12)].join('\n');
}

export class Workbench {
  constructor(page) {
    this.page = page;
    page.setDefaultTimeout(60_000);
    this.widget = page.locator('.quick-input-widget');
    this.input = this.widget.locator('.quick-input-box input').first();
    this.rows = this.widget.locator('.quick-input-list .monaco-list-row');
    this.activeTab = page.locator('.tabs-container .tab.active');
  }

  /** Opens a folder (or a .code-workspace file) in a fresh browser profile, or in that of another window. */
  static async open(browser, server, path, { context, kind = 'folder' } = {}) {
    const viewport = { width: 1280, height: 800 };
    const own = context ?? (await browser.newContext({ viewport, permissions: ['clipboard-read', 'clipboard-write'] }));
    const workbench = new Workbench(await own.newPage());
    workbench.context = own;
    await workbench.goto(`${server.address}/?${kind}=${encodeURIComponent(path)}`);
    return workbench;
  }

  /** Opens an address; the workbench has brought back what was there, and the extension has its place in it. */
  async goto(address) {
    await this.page.goto(address);
    await this.restored();
  }

  async reload() {
    await this.page.reload();
    await this.restored();
  }

  async restored() {
    const marks = ['code/didStartWorkbench', 'code/didLoadExtensions'];
    await this.page.waitForFunction((names) => names.every((name) => performance.getEntriesByName(name).length > 0), marks);
    await this.page.locator('.activitybar .action-label[aria-label^="FUSE Review"]').waitFor();
  }

  async close() {
    await this.context.close();
  }

  /** Does something until it shows: again each time that nothing came of it. `does` must not harm where it comes too late. */
  async cause(does, shows, what, limit = 60_000) {
    const end = Date.now() + limit;
    let failure = '';
    for (;;) {
      // What it is done to may be gone since it was heard.
      await does().catch((error) => (failure = `; at last: ${shortened(error.message)}`));
      const again = Math.min(end, Date.now() + heard);
      while (Date.now() < again) {
        if (await shows()) return;
        await this.page.waitForTimeout(50);
      }
      if (Date.now() >= end) throw new Error(`${typeof what === 'function' ? what() : what}${failure}`);
    }
  }

  /** Waits for what comes by itself. */
  async until(holds, what, limit = 60_000) {
    const end = Date.now() + limit;
    for (;;) {
      if (await holds()) return;
      if (Date.now() > end) throw new Error(typeof what === 'function' ? what() : what);
      await this.page.waitForTimeout(100);
    }
  }

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  // ---- quick input -------------------------------------------------------------------------------------------------

  /** Opens a quick input by a key. */
  async ask(key) {
    await this.cause(
      () => this.press(key),
      () => this.input.isVisible(),
      `${key} opens nothing to type into`,
    );
  }

  /** Says yes to what stands in the quick input; it goes away, or asks for something else. */
  async accept() {
    const before = await this.input.inputValue();
    await this.cause(
      () => this.input.press('Enter', { timeout: heard }),
      () => this.moved(before),
      `Enter does nothing with "${before}"`,
    );
  }

  /** Whether the quick input has gone, or holds something else than this text. */
  async moved(before) {
    return !(await this.input.isVisible()) || (await this.input.inputValue({ timeout: heard }).catch(() => '')) !== before;
  }

  /** Types into the palette anew: it offers what there is then, and closes where something else takes the focus. */
  async search(text) {
    if (!(await this.input.isVisible())) await this.press('F1');
    await this.input.fill('>', { timeout: heard });
    await this.input.fill(text, { timeout: heard });
  }

  /** Runs a command by its title, as the palette shows it. */
  async command(title) {
    const typed = `>${title}`;
    const name = title.split(': ').at(-1) ?? title;
    const rows = this.rows.filter({ has: this.page.locator('.label-name', { hasText: name }) });
    await this.cause(
      () => this.search(typed),
      () => rows.first().isVisible(),
      `no command is called ${title}`,
    );
    // One title may begin as another does.
    const whole = rows.filter({ has: this.page.locator('.label-name', { hasText: endingIn(name) }) });
    const row = (await whole.count()) > 0 ? whole.first() : rows.first();
    await this.cause(
      () => row.click({ timeout: heard }),
      () => this.moved(typed),
      `${title} does not run`,
    );
  }

  /** What the command palette offers for a search, as text. */
  async palette(text) {
    const words = text.split(': ').at(-1) ?? '';
    await this.cause(
      () => this.search(`>${text}`),
      () => this.rows.filter({ hasText: words }).first().isVisible(),
      `the palette has nothing for ${text}`,
    );
    const rows = await this.rows.allInnerTexts();
    await this.cause(
      () => this.input.press('Escape', { timeout: heard }),
      async () => !(await this.input.isVisible()),
      'the palette stays',
    );
    return rows;
  }

  /** Answers a question for a line of text. */
  async answer(text) {
    await this.input.waitFor();
    await this.input.fill(text);
    await this.accept();
  }

  /** Ticks the only row with a name in a list of several, once the list is there: it holds `some`. */
  async choose(name, some) {
    await this.rows.filter({ hasText: some }).first().waitFor();
    await this.input.fill(name);
    const row = this.rows.filter({ hasText: name });
    await this.until(async () => (await row.count()) === 1, `${name} is not the only one of that name`);
    const box = row.locator('.monaco-custom-toggle');
    await this.cause(
      () => row.click({ timeout: heard }),
      async () => (await box.getAttribute('aria-checked')) === 'true',
      `${name} is not ticked`,
    );
    await this.accept();
  }

  /** Answers a dialog that asks for a file. */
  async pickFile(path) {
    await this.rows.filter({ hasText: '..' }).first().waitFor();
    const name = path.split('/').at(-1);
    // It fills itself in at first, which would overwrite what is said; and is deaf to Enter until it has looked the path up.
    await this.cause(
      () => this.input.fill(path),
      async () => (await this.input.inputValue()) === path && (await this.rows.filter({ hasText: name }).count()) > 0,
      `the dialog does not find ${path}`,
    );
    await this.accept();
  }

  // ---- editors -----------------------------------------------------------------------------------------------------

  /** Gives the keyboard to the editor that is shown. */
  async focusEditor() {
    await this.activeTab.click();
    await this.page.locator('.editor-instance .monaco-editor.focused').first().waitFor();
  }

  /** Opens a file by its absolute path. Not by quick open: that needs ripgrep, which npm's code-server lacks. */
  async openFile(path, line = 1, column = 1) {
    const name = path.split('/').at(-1);
    await this.ask('Control+o');
    await this.pickFile(path);
    await this.activeTab.filter({ hasText: name, hasNotText: '(' }).waitFor();
    await this.page.locator('.editor-instance .view-lines').first().waitFor();
    await this.goToLine(line, column);
  }

  /** Puts the cursor at a place of the editor that was used last, which then has the keyboard. Both numbers are 1-based. */
  async goToLine(line, column = 1) {
    await this.ask('Control+g');
    await this.input.fill(`:${line}:${column}`);
    await this.rows
      .filter({ hasText: new RegExp(`\\b${line}\\b.*\\b${column}\\b`) })
      .first()
      .waitFor();
    await this.accept();
    // Its column counts tabs by their width.
    await this.page
      .locator('.statusbar-item', { hasText: `Ln ${line}, Col ` })
      .first()
      .waitFor();
    await this.page.locator('.editor-instance .monaco-editor.focused').first().waitFor();
  }

  // ---- problems ----------------------------------------------------------------------------------------------------

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

  // ---- the sidebar -------------------------------------------------------------------------------------------------

  async openSidebar() {
    const title = this.page.locator('.sidebar .composite.title').filter({ hasText: /FUSE Review/i });
    await this.cause(
      async () => {
        if (!(await title.isVisible())) await this.command('FUSE Review: Focus on Patch Series View');
      },
      () => title.isVisible(),
      'the sidebar does not open',
    );
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

  // ---- the rest ----------------------------------------------------------------------------------------------------

  async notifications() {
    return (await this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts()).map((text) => text.trim());
  }

  /** Whether the window has written a text down for the next time that it is opened. */
  stored(text) {
    return this.page.evaluate(async (wanted) => {
      const { indexedDB } = globalThis;
      const answer = (request) =>
        new Promise((done, fail) => {
          request.onsuccess = () => done(request.result);
          request.onerror = () => fail(request.error);
        });
      for (const { name } of await indexedDB.databases()) {
        if (!name?.startsWith('vscode-web-state-db')) continue;
        const database = await answer(indexedDB.open(name));
        const tables = [...database.objectStoreNames];
        const rows = tables.map((table) => answer(database.transaction(table, 'readonly').objectStore(table).getAll()));
        const all = (await Promise.all(rows)).flat();
        database.close();
        if (all.some((row) => String(row).includes(wanted))) return true;
      }
      return false;
    }, text);
  }

  /** A picture, with the pointer out of the way and no hover left. */
  async screenshot(name) {
    mkdirSync(output, { recursive: true });
    await this.page.mouse.move(640, 5);
    await this.page
      .locator('.workbench-hover-container')
      .waitFor({ state: 'detached', timeout: heard })
      .catch(() => undefined);
    await this.page.screenshot({ path: join(output, `${name}.png`), animations: 'disabled' });
  }
}

/** A label that ends in these words. */
function endingIn(words) {
  return new RegExp(`${words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);
}
