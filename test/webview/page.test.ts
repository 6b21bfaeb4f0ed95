// The page in a real browser: the keys, the filter, two runs side by side, what survives, and who can use it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { initialView, type ShownRun, type SimulatedRun } from '../../extension/editor/simulation/webview-messages.js';
import { chromiumPath, PageBrowser, type ShownPage, type ShowOptions } from './browser.js';
import { sampleRun } from './sample-result.js';
import type { Theme } from './themes.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe.skipIf(chromiumPath === undefined)('the page of a run', () => {
  let browser: PageBrowser;
  let shown: ShownPage | undefined;
  const run = sampleRun();
  const show = async (options: ShowOptions = {}, what: ShownRun = run): Promise<ShownPage> => (shown = await browser.show(what, options));

  beforeAll(async () => {
    browser = await PageBrowser.start();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    expect(shown?.errors ?? []).toEqual([]);
    await shown?.context.close();
    shown = undefined;
  });

  test('says what was run, what came of it, and how far that goes', async () => {
    const { page } = await show();
    const header = await page.locator('run-header header').innerText();
    expect(header).toContain('2 errors');
    const scope = await page.locator('run-scope section').innerText();
    expect(scope).toContain('linux-7.2 with 1-shared-backing.patch');
    expect(scope).toContain('not exhaustive: the limit of 200,000 paths; paths with at most 1 fault, at most 2 preemptions');
    expect(scope).toContain('all paths with at most 1 fault, any number of preemptions were run');
    await page.locator('run-scope summary').click();
    expect(await page.locator('run-scope table').innerText()).toContain('fuse_file_io_release()');
    const error = await page.locator('run-errors .error').innerText();
    expect(error).toContain('use-after-free: fuse_backing_get() reads count');
    expect(error).toContain('fs/fuse/backing.c:18');
  });

  test('says of an error that it hangs on an assumed answer', async () => {
    const counterexamples = run.result.counterexamples.map((each) => ({
      ...each,
      error: { ...each.error, assumed: ['find() taken to return 0'] },
    }));
    const { page } = await show({}, { ...run, result: { ...run.result, counterexamples } });
    expect(await page.locator('run-errors .error').innerText()).toContain('hangs on an assumed answer: find() taken to return 0');
  });

  test('walks by keys: steps, changes, operations, ends', async () => {
    const page = await show();
    const walk = async (...keys: string[]): Promise<string> => {
      await page.press(...keys);
      return page.selected();
    };
    expect(await walk('j')).toMatch(/^4 backing-open\(fd=regular\) = 1$/);
    expect(await walk('j', 'ArrowDown')).toMatch(/^7 fuse_backing_open/);
    expect(await walk('k')).toMatch(/^5 fuse_dev_ioctl_backing_open/);
    expect(await walk('n')).toContain('new file 1');
    expect(await walk('p', 'n')).toContain('new fuse_backing 1');
    expect(await walk(']')).toMatch(/open\(inode=1, id=1\) = 0/);
    expect(await walk(']', ']', '[')).toMatch(/backing-close\(id=1\) = -ENOENT/);
    expect(await walk('e')).toContain('fuse_backing 1 was freed');
    expect(await walk('Home')).toMatch(/^4 /);
    expect(await walk('End', 'k')).not.toContain('was freed');
    // With an object selected, n goes to its changes only: cred 1 has two.
    await page.page.locator('run-lanes button', { hasText: 'cred 1' }).click();
    expect(await walk('Home', 'n')).toContain('new cred 1');
    expect(await walk('n')).toContain('put_cred(fb->cred)');
  });

  test('shows every step in the editor, and moves there on Enter only', async () => {
    const page = await show();
    await page.press('j', 'j');
    await expect.poll(async () => (await page.posted('reveal')).at(-1)?.at.function).toBe('fuse_dev_ioctl');
    await page.press('Enter');
    const posted = await page.posted('reveal');
    expect(posted.at(-1)).toMatchObject({ side: 'run', focus: true, at: { file: 'fs/fuse/dev.c', line: 2361 } });
    expect(posted.slice(0, -1).every(({ focus }) => !focus)).toBe(true);
    await page.page.locator('vscode-checkbox', { hasText: 'Editor follows' }).click();
    await page.press('j', 'j');
    await page.page.waitForTimeout(200);
    expect(await page.posted('reveal')).toHaveLength(posted.length);
  });

  test('tells all of the selected step', async () => {
    const page = await show();
    await page.page.locator('run-steps [role=option]', { hasText: 'refcount_set' }).click();
    const detail = await page.page.locator('run-detail section').innerText();
    expect(detail).toContain('operation 1 of 5: backing-open(fd=regular) by the server, line 10 of the scenario');
    expect(detail).toContain('fuse_backing 1 .count.refs 0 → 1');
    expect(detail).toMatch(/cred 1\s+2\s+task/);
    await expect
      .poll(() => page.page.locator('run-page [role=status].unheard').innerText())
      .toBe('Step 16; refcount_set(&fb->count, 1); fuse_backing 1 .count.refs 0 to 1');
  });

  test('filters by text, detail and object, and says how many are left', async () => {
    const page = await show();
    await page.press('/');
    await page.page.keyboard.type('kfree');
    await expect.poll(() => page.page.locator('run-filter .count').innerText()).toBe('1 of 81 steps shown');
    expect(await page.steps()).toHaveLength(1);
    await page.press('Escape');
    await expect.poll(() => page.page.locator('run-filter .count').innerText()).toBe('48 of 81 steps shown');
    await page.page.keyboard.press('j');
    expect(await page.selected()).toMatch(/^4 /);
    const detail = page.page.locator('vscode-single-select').first();
    await detail.click();
    await page.page.locator('vscode-single-select .option', { hasText: 'every step' }).click();
    await expect.poll(() => page.page.locator('run-filter .count').innerText()).toBe('81 of 81 steps shown');
  });

  test('puts the base beside the run, step by step', async () => {
    const page = await show({ height: 1100 });
    await page.page.locator('vscode-checkbox', { hasText: 'Beside base' }).click();
    await page.press('d');
    expect(await page.selected()).toContain('+');
    expect(await page.selected()).toContain('fuse_passthrough_backing_open(fc, fb)');
    await page.page.locator('run-steps [role=option]', { hasText: '≠' }).filter({ hasText: '= -ENOENT' }).first().scrollIntoViewIfNeeded();
    const answers = page.page.locator('run-steps [role=option]', { hasText: '≠' }).filter({ hasText: '= -ENOENT' });
    expect((await answers.last().innerText()).replace(/\s+/g, ' ')).toContain('= 0 ≠ ');
    await page.page.locator('run-errors [role=radio]').nth(1).click();
    expect(await page.page.locator('run-page .note').innerText()).toContain('the base has no step "close b"');
  });

  test('looks the same after a reload, and after it was closed', async () => {
    const page = await show();
    await page.page.locator('run-errors [role=radio]').nth(1).click();
    await page.press('/');
    await page.page.keyboard.type('fuse_backing');
    await page.press('Enter', 'j', 'j', 'o');
    const before = [await page.selected(), await page.steps()];
    const { view, run: id } = await page.state();
    expect(id).toBe('sample');
    await page.reload(run, null);
    expect([await page.selected(), await page.steps()]).toEqual(before);
    await page.page.evaluate('sessionStorage.clear()');
    await page.reload(run, view);
    expect([await page.selected(), await page.steps()]).toEqual(before);
  });

  test('comes back to where it was scrolled, which need not be where the selection is', async () => {
    const long = sampleRun(130);
    const page = await show({ view: { ...initialView, counterexample: 1, selected: { side: 'run', step: 5 }, scroll: 4000 } }, long);
    await expect
      .poll(() => page.page.locator('run-steps [role=listbox]').evaluate((list: { scrollTop: number }) => list.scrollTop))
      .toBe(4000);
    expect((await page.state()).view.scroll).toBe(4000);
  });

  test('is not replaced by another run', async () => {
    const page = await show();
    await page.page.evaluate(
      `window.postMessage(${JSON.stringify({ t: 'run', run: { ...run, id: 'other', title: 'Other' }, view: null })}, '*')`,
    );
    await page.press('j');
    expect((await page.state()).run).toBe('sample');
  });

  test('keeps few rows in the document, however many steps there are', async () => {
    const page = await show(
      { view: { ...initialView, counterexample: 1, filter: { ...initialView.filter, detail: 'all' } } },
      sampleRun(130),
    );
    expect(await page.page.locator('run-filter .count').innerText()).toMatch(/^2,\d{3} of 2,\d{3} steps shown$/);
    await page.press('End');
    expect(await page.selected()).toContain('the count is 0 already');
    expect((await page.steps()).length).toBeLessThan(80);
  });

  test('gives the schedule and the trace to be copied', async () => {
    const page = await show();
    await page.page.locator('vscode-button', { hasText: 'Copy Replay Line' }).click();
    await page.page.locator('vscode-button', { hasText: 'Copy Trace' }).click();
    const [schedule, trace] = await page.posted('copy');
    expect(schedule).toEqual({ t: 'copy', what: 'replay line', text: 'close-id-in-use: -' });
    expect(trace?.text).toContain('kfree_rcu(fb, rcu)  [fs/fuse/backing.c:26]');
  });

  test('shows what operations answered together, with orders to be copied, and what was left out', async () => {
    const raced: SimulatedRun = {
      ...run,
      base: null,
      result: {
        ...run.base!.result,
        missing: [{ operation: 'read(file=a)', line: 9, refersTo: 'open(a)', answered: '-EIO', instead: null, always: false }],
        combinations: {
          operations: ['open(a)', 'read(file=a)', 'open(b)'].map((text, at) => ({ text, thread: at === 2 ? 2 : 1 })),
          differing: [0, 2],
          each: [
            { answers: ['ok', '4096', '-EIO'], ended: null, schedule: 'run 1:7 2', replay: 'first' },
            { answers: ['-EIO', 'left out', 'ok'], ended: null, schedule: 'run 2:5 1', replay: 'second' },
          ],
          exhaustive: true,
        },
      },
    };
    const page = await show({}, raced);
    expect(await page.page.locator('run-header header').innerText()).toContain('no error, 1 step left out');
    const part = page.page.locator('run-combinations');
    expect(await part.locator('.missing').innerText()).toBe('Left out on some paths: read(file=a), as open(a) answers -EIO');
    expect(await part.locator('summary').innerText()).toContain('2 combinations in all orders of threads');
    await part.locator('summary').click();
    expect(await part.locator('table').innerText()).toMatch(/Thread 1: open\(a\)\s+Thread 2: open\(b\)/);
    expect(await part.locator('.table').innerText()).toContain('Never: ok and ok; -EIO and -EIO');
    await part.locator('vscode-button').nth(1).click();
    expect((await page.posted('copy')).at(-1)).toEqual({ t: 'copy', what: 'replay line', text: 'second' });
    await page.page.evaluate(axe);
    const found = await page.page.evaluate(
      `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, help }) => [id, help].join(': ')))`,
    );
    expect(found).toEqual([]);
    shown!.errors.length = 0;
  });

  test('says so where nothing was found, and where nothing was run', async () => {
    const clean: SimulatedRun = { ...run, result: run.base!.result, base: null };
    const page = await show({}, clean);
    expect(await page.page.locator('run-header header').innerText()).toContain('no error');
    expect(await page.page.locator('run-steps').count()).toBe(0);
    await page.page.locator('run-behaviours summary').click();
    expect(await page.page.locator('run-behaviours details').innerText()).toContain('kmalloc_obj() of step 1 fails');
    await page.context.close();
    const lacking: SimulatedRun = {
      ...run,
      base: null,
      result: { ...run.base!.result, verdict: 'not run', reason: 'the tree defines no fuse_backing_open()', behaviours: [] },
    };
    const other = await show({}, lacking);
    expect(await other.page.locator('run-header header').innerText()).toContain('Not run: the tree defines no fuse_backing_open()');
  });

  test('can be walked through with Tab, and explains its keys', async () => {
    const page = await show();
    const names: string[] = [];
    for (let stop = 0; stop < 20; stop++) {
      await page.press('Tab');
      const name: string = await page.page.evaluate(
        '(() => { let at = document.activeElement; while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement; return at.getRootNode().host?.localName ?? at.localName; })()',
      );
      if (names.at(-1) !== name) names.push(name);
    }
    const order = ['run-errors', 'run-scope', 'vscode-textfield', 'vscode-single-select', 'run-lanes', 'run-steps', 'run-behaviours'];
    expect(names.filter((name) => order.includes(name))).toEqual(order);
    await page.press('?');
    expect(await page.page.getByRole('dialog').innerText()).toContain('next operation');
    await page.press('Escape');
    await expect.poll(() => page.page.getByRole('dialog').count()).toBe(0);
  });

  const layouts: readonly (readonly [string, ShowOptions])[] = [
    ['one run', {}],
    ['two runs', { view: { ...initialView, compare: true, selected: { side: 'run', step: 17 }, object: 'fuse_backing 1' } }],
    ['threads', { view: { ...initialView, counterexample: 1, unfolded: ['assumed', 'behaviours'], selected: { side: 'run', step: 60 } } }],
    ['a narrow panel', { width: 560, view: { ...initialView, selected: { side: 'run', step: 15 } } }],
  ];
  describe.each<Theme>(['light', 'dark', 'high contrast'])('in %s', (theme) => {
    test.each(layouts)('has nothing that axe objects to: %s', async (_, options) => {
      const { page } = await show({ ...options, theme });
      expect(shown!.errors).toEqual([]);
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
