// The page of a run in a kernel, in a real browser.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { initialView, type ExecutedRun } from '../../extension/editor/protocol/webview-messages.js';
import { chromiumPath, PageBrowser, type ShownPage, type ShowOptions } from './browser.js';
import { cleanExecution, doubtfulExecution, failedExecution, refusedExecution } from './sample-execution.js';
import type { Theme } from './themes.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe.skipIf(chromiumPath === undefined)('the page of a run in a kernel', () => {
  let browser: PageBrowser;
  let shown: ShownPage | undefined;
  const show = async (what: ExecutedRun = failedExecution, options: ShowOptions = {}): Promise<ShownPage> =>
    (shown = await browser.show(what, options));
  const text = async (locator: string): Promise<string> => (await shown!.page.locator(locator).innerText()).replace(/\s+/g, ' ');

  beforeAll(async () => {
    browser = await PageBrowser.start();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    expect(shown?.errors ?? []).toEqual([]);
    await shown?.context.close();
    shown = undefined;
  });

  test('says what the kernel reported, whether the simulator agrees, and that detection works', async () => {
    await show();
    expect(await text('run-header header')).toContain('2 reports disagrees with the simulator in 1 step');
    const machine = await text('run-environment section');
    expect(machine).toContain(
      'linux-7.2 with 1-shared-backing.patch in QEMU, built to notice what is wrong; the scenario ran 20 times, 13.4 s',
    );
    expect(machine).toContain('works: 5 canaries seen');
    const rows = await shown!.page.locator('run-agreement table.steps > tbody > tr').allInnerTexts();
    expect(rows.map((row) => row.replace(/\s+/g, ' ').trim())).toEqual([
      '1 backing-open(fd=regular) server 1 = agrees with 1 none',
      '2 open(inode=1, backing=id) client 0 = agrees with 0 none',
      '3 backing-close(id=1) server -ENOENT = agrees with -ENOENT ▸3 calls',
      '4 release(file=1) client 0 = agrees with 0 none',
      '5 backing-close(id=1) server -EBUSY or 0 ≠ differs from -ENOENT none',
    ]);
    const report = await text('run-reports article >> nth=0');
    expect(report).toContain(
      'kasan KASAN: slab-use-after-free in fuse_backing_get+0x1c/0x80 12.346 s after boot, in step 5: backing-close(id=1)',
    );
    expect(report).toContain(
      'refcount_inc_not_zero (inlined) include/linux/refcount.h:315 fuse_backing_get+0x1c/0x180 fs/fuse/backing.c:18',
    );
    expect(report).not.toContain('entry_64.S');
  });

  test('leads from a frame to the source, from a step to the scenario, from a report to the log', async () => {
    const { page } = await show();
    await page.locator('run-reports button', { hasText: 'fs/fuse/backing.c:18' }).click();
    expect(await shown!.posted('reveal')).toEqual([
      { t: 'reveal', side: 'run', at: { file: 'fs/fuse/backing.c', line: 18, span: null, function: 'fuse_backing_get' }, focus: true },
    ]);
    await page.locator('run-agreement button', { hasText: 'release(file=1)' }).click();
    expect(await shown!.posted('scenario')).toEqual([{ t: 'scenario', line: 15 }]);
    await page.locator('run-reports vscode-button', { hasText: 'Show in Log' }).first().click();
    await page.locator('run-environment button', { hasText: 'kernel.log' }).click();
    expect(await shown!.posted('log')).toEqual([
      { t: 'log', line: 214 },
      { t: 'log', line: null },
    ]);
    await page.locator('run-reports vscode-button', { hasText: 'Copy Report' }).first().click();
    expect((await shown!.posted('copy'))[0]).toMatchObject({ what: 'report', text: expect.stringContaining('Freed by task 14') });
  });

  test('unfolds what a report is made of, the calls of a step and the canaries', async () => {
    const { page } = await show();
    await page.locator('run-reports summary', { hasText: 'Freed by task 14' }).click();
    await page.locator('run-reports summary', { hasText: '2 more frames' }).click();
    await page.locator('run-reports summary', { hasText: 'As the log has it' }).first().click();
    await expect.poll(() => text('run-reports article >> nth=0')).toContain('kfree+0x12a/0x180 mm/slub.c:4842');
    await expect.poll(() => text('run-reports article >> nth=0')).toContain('entry_64.S');
    await expect.poll(() => text('run-reports article >> nth=0')).toContain('Read of size 4 at addr');
    await page.locator('run-agreement button', { hasText: '3 calls' }).click();
    expect(await text('run-agreement table.events')).toContain('0.041 fuse_backing_get fb=fb#1 count=2');
    await page.locator('run-environment summary', { hasText: '5 canaries' }).click();
    await expect.poll(() => text('run-environment table')).toContain('leak kmemleak seen');
  });

  test('shows the path of the simulator below, and walks through it', async () => {
    const page = await show();
    await page.press('j', 'j', 'e');
    expect(await page.selected()).toContain('fuse_backing 1 was freed');
    await expect.poll(async () => (await page.posted('reveal')).at(-1)?.at.function).toBe('fuse_backing_get');
  });

  test('goes by keys from report to report, to what differs, and to the log', async () => {
    const page = await show();
    const focused = (): Promise<string> =>
      page.page.evaluate(
        '(() => { let at = document.activeElement; while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement; return at.innerText; })()',
      );
    await page.press('r');
    expect(await focused()).toContain('slab-use-after-free');
    await page.press('r');
    expect(await focused()).toContain('underflow');
    await page.press('R');
    expect(await focused()).toContain('slab-use-after-free');
    await page.press('d');
    expect(await focused()).toContain('-EBUSY or 0');
    await page.press('l');
    expect(await page.posted('log')).toEqual([{ t: 'log', line: null }]);
    await page.press('?');
    expect(await page.page.getByRole('dialog').innerText()).toContain('next report of the kernel');
  });

  test('looks the same after a reload, and after it was closed', async () => {
    const page = await show();
    await page.page.locator('run-reports summary', { hasText: 'Freed by task 14' }).click();
    await page.page.locator('run-agreement button', { hasText: '3 calls' }).click();
    await page.press('j', 'j');
    const scroll = (): Promise<number> => page.page.evaluate('window.scrollY');
    await page.page.evaluate('window.scrollTo(0, 230)');
    await expect.poll(async () => (await page.state()).view.page).toBe(230);
    const { view } = await page.state();
    const before = [await page.selected(), await text('run-reports section'), await text('run-agreement section')];
    for (const from of [null, view]) {
      if (from !== null) await page.page.evaluate('sessionStorage.clear()');
      await page.reload(failedExecution, from);
      await expect.poll(scroll).toBe(230);
      expect([await page.selected(), await text('run-reports section'), await text('run-agreement section')]).toEqual(before);
    }
  });

  test('says so where nothing was reported, where that is in doubt, and where nothing was run', async () => {
    await show(cleanExecution);
    expect(await text('run-header header')).toContain('no error agrees with the simulator');
    expect(await text('run-reports section')).toContain('What the kernel reported Nothing.');
    expect(await shown!.page.locator('run-steps').count()).toBe(0);
    await shown!.context.close();
    await show(doubtfulExecution);
    expect(await text('run-header header')).toContain('Unknown: kmemleak did not see its canary');
    const machine = await text('run-environment section');
    expect(machine).toContain('Fault failslab at point 3 of step 1, backing-open(fd=regular)');
    expect(machine).toContain('Outcomes 3 different ones: what the steps answered is not the same in each round');
    expect(machine).toContain('Detection does not work: leak not seen');
    expect(await text('run-agreement section')).toContain('Not compared with the simulator: the simulator was stopped after 60 s');
    await shown!.context.close();
    await show(refusedExecution);
    expect(await text('run-header header')).toContain('Not run: no operation abort in this guest');
    expect(await shown!.page.locator('run-reports article').count()).toBe(0);
  });

  const unfolded = ['related 0 0', 'related 0 1', 'frames 0', 'text 0', 'events 2', 'canaries', 'fault', 'outcomes'];
  const layouts: readonly (readonly [string, ExecutedRun, ShowOptions])[] = [
    ['reports and a disagreement', failedExecution, { height: 1400 }],
    ['all unfolded', failedExecution, { height: 1800, view: { ...initialView, unfolded, selected: { side: 'run', step: 15 } } }],
    ['a narrow panel', failedExecution, { width: 520, view: { ...initialView, unfolded } }],
    ['doubt', doubtfulExecution, { view: { ...initialView, unfolded } }],
    ['nothing found', cleanExecution, {}],
    ['nothing run', refusedExecution, {}],
  ];
  describe.each<Theme>(['light', 'dark', 'high contrast'])('in %s', (theme) => {
    test.each(layouts)('has nothing that axe objects to: %s', async (name, run, options) => {
      const { page } = await show(run, { ...options, theme });
      expect(shown!.errors).toEqual([]);
      const folder = process.env.FUSE_REVIEW_SCREENSHOTS;
      if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}-${theme}.png`.replaceAll(' ', '-'), fullPage: true });
      await page.evaluate(axe);
      const found = await page.evaluate(
        `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
           violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, any }) => [id, help, target.flat().join(' '), any[0]?.message].join(': '))))`,
      );
      expect(found).toEqual([]);
      // The policy keeps axe from styling the page; that is not the page's doing.
      shown!.errors.length = 0;
    });
  });
});
