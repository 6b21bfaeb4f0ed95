// The page in a browser by itself: served as the panel gives it, with what VS Code would put around it.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { pageHtml } from '../../extension/editor/host/simulation/page-html.js';
import type { FromPage, PageState, RunView, ShownRun } from '../../extension/editor/protocol/webview-messages.js';
import { themes, type Theme } from './themes.js';

const root = join(import.meta.dirname, '../..');
const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css', '.ttf': 'font/ttf' };

/** Debian's chromium, or the one that CHROMIUM names; undefined where there is none. */
export const chromiumPath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => path !== undefined && existsSync(path),
);

/** What VS Code gives: a state that outlives a reload, and a way to send. Told in JavaScript, since it runs in the page. */
const api = `
  window.posted = [];
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => window.posted.push(message),
    getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
    setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
  });`;

export interface ShowOptions {
  readonly theme?: Theme;
  readonly view?: RunView | null;
  readonly width?: number;
  readonly height?: number;
}

/** Builds the pages, serves them and opens a browser; `close` ends all of it. */
export class PageBrowser {
  private constructor(
    private readonly browser: Browser,
    private readonly server: Server,
    private readonly folder: string,
  ) {}

  static async start(): Promise<PageBrowser> {
    const folder = mkdtempSync(join(tmpdir(), 'fuse-review-pages-'));
    execFileSync(process.execPath, [join(root, 'scripts/build.mjs'), '--pages', folder], { stdio: 'inherit' });
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://localhost').pathname;
      if (path === '/') {
        response.setHeader('content-type', 'text/html');
        response.end(pageHtml({ title: 'A run', script: '/run.js', style: '/run.css', source: "'self'", nonce: 'abc123' }));
        return;
      }
      const file = join(folder, path);
      if (!existsSync(file)) {
        response.statusCode = 404;
        response.end();
        return;
      }
      response.setHeader('content-type', types[extname(file)] ?? 'text/plain');
      response.end(readFileSync(file));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const browser = await chromium.launch({
      ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--force-device-scale-factor=1'],
    });
    return new PageBrowser(browser, server, folder);
  }

  async show(run: ShownRun, { theme = 'dark', view = null, width = 1100, height = 900 }: ShowOptions = {}): Promise<ShownPage> {
    const context = await this.browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce' });
    await context.addInitScript(api);
    const page = new ShownPage(context, await context.newPage(), theme);
    await page.open(`http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`, run, view);
    return page;
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class ShownPage {
  /** What went wrong in the page: exceptions, and what its policy forbade. */
  readonly errors: string[] = [];

  constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly theme: Theme,
  ) {
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
  }

  async open(address: string, run: ShownRun, view: RunView | null): Promise<void> {
    await this.page.goto(address);
    await this.give(run, view);
  }

  /** Loads the page anew, as VS Code does with a restored panel. */
  async reload(run: ShownRun, view: RunView | null): Promise<void> {
    await this.page.reload();
    await this.give(run, view);
  }

  /** The options of the list that are in the document, as text: number, step, changes and place in one line. */
  async steps(): Promise<readonly string[]> {
    const rows = await this.page.locator('run-steps [role=treeitem]').allInnerTexts();
    return rows.map((row) => row.replace(/\s+/g, ' ').trim());
  }

  /** The text of the selected row. */
  async selected(): Promise<string> {
    return (await this.page.locator('run-steps [role=treeitem][aria-selected=true]').innerText()).replace(/\s+/g, ' ').trim();
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  posted<T extends FromPage['t']>(t: T): Promise<readonly Extract<FromPage, { t: T }>[]> {
    return this.page.evaluate(`window.posted.filter((message) => message.t === ${JSON.stringify(t)})`);
  }

  state(): Promise<PageState> {
    return this.page.evaluate("JSON.parse(sessionStorage.getItem('state'))");
  }

  private async give(run: ShownRun, view: RunView | null): Promise<void> {
    const colours = Object.entries(themes[this.theme])
      .map(
        ([name, value]) => `document.documentElement.style.setProperty(${JSON.stringify(`--vscode-${name}`)}, ${JSON.stringify(value)});`,
      )
      .join('');
    const kind = { light: 'vscode-light', dark: 'vscode-dark', 'high contrast': 'vscode-high-contrast' }[this.theme];
    await this.page.evaluate(`${colours} document.body.className = ${JSON.stringify(kind)};`);
    await this.page.waitForFunction("window.posted.some((message) => message.t === 'ready')");
    await this.page.evaluate(`window.postMessage(${JSON.stringify({ t: 'run', run, view })}, '*')`);
    await this.page.locator('run-header h1').waitFor();
  }
}
