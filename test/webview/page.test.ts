// The page in a real browser: the keys, the filter, two runs side by side, what survives, and who can use it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { initialView, type ShownRun, type SimulatedRun } from '../../extension/editor/protocol/webview-messages.js';
import { chromiumPath, PageBrowser, type ShownPage, type ShowOptions } from './browser.js';
import type { CodePlace, DataRace } from '../../extension/model/simulation.js';
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
    const chosen = await page.locator('run-errors [role=radio][aria-checked=true]').innerText();
    expect(chosen).toContain('fuse_backing_get() reads count');
    expect(chosen).toContain('in fuse_backing_get(), backing.c:18');
    await page.locator('run-errors summary').click();
    expect(await page.locator('run-errors .error table').innerText()).toContain('fs/fuse/backing.c:18');
  });

  test('says of an error that it hangs on an assumed answer', async () => {
    const counterexamples = run.result.counterexamples.map((each) => ({
      ...each,
      error: { ...each.error, assumed: ['find() taken to return 0'] },
    }));
    const { page } = await show({}, { ...run, result: { ...run.result, counterexamples } });
    expect(await page.locator('run-errors .error').innerText()).toContain('hangs on an assumed answer: find() taken to return 0');
  });

  test('brings what is unfolded into sight, and each side of a data race leads to its place', async () => {
    const at = (line: number, name: string): CodePlace => ({
      file: 'fs/fuse/backing.c',
      line,
      span: { start: 0, end: 1 },
      function: name,
    });
    const dataRaces: DataRace[] = [
      {
        object: 'fuse_backing.state',
        accesses: [
          { at: at(120, 'fuse_backing_open'), write: true, plain: true },
          { at: at(141, 'fuse_backing_lookup'), write: false, plain: false },
        ],
      },
    ];
    const opened = await show({ height: 900 }, { ...run, result: { ...run.result, dataRaces } });
    const { page } = opened;
    await page.locator('run-scope summary').click();
    const row = page.locator('run-scope tr', { hasText: 'fuse_backing.state' });
    const bottom = async (): Promise<number> => {
      const box = await row.boundingBox();
      return box === null ? Infinity : box.y + box.height;
    };
    await expect.poll(bottom).toBeLessThan(901);
    const text = (await row.innerText()).replace(/\s+/g, ' ').trim();
    expect(text).toBe(
      'fuse_backing.state plain write fs/fuse/backing.c:120 fuse_backing_open() marked read fs/fuse/backing.c:141 fuse_backing_lookup()',
    );
    await row.getByRole('button', { name: 'fs/fuse/backing.c:141' }).click();
    await expect.poll(async () => (await opened.posted('reveal')).at(-1)).toMatchObject({ side: 'run', at: { line: 141 } });
  });

  test('tells the story first, and is opened at the error', async () => {
    const page = await show({ height: 780 });
    const heads = page.page.locator('run-steps [aria-level="1"]');
    await expect.poll(() => heads.count()).toBe(5);
    const rows = (await heads.allInnerTexts()).map((row) => row.replace(/\s+/g, ' ').trim());
    const told = (base: string, patched: string, rest: string): string =>
      `on the base answers ${base} on the patched tree answers ${patched} on the patched tree fuse_backing 1 ${rest}`;
    expect(rows.slice(0, 4)).toEqual([
      `1 server backing-open(fd=regular) ${told('1', '1', '– → 1 + index 1 of fuse_conn')}`,
      `2 client open(inode=1, id=1) ${told('0', '0', '1 → 2 + fuse_inode.fb')}`,
      `3 server backing-close(id=1) ${told('0', '-ENOENT', '2 → 1 drops one too many, backing.c:198')}`,
      `4 client release(file=1) ${told('0', '0', '1 → freed freed under index 1 of fuse_conn')}`,
    ]);
    expect(rows[4]).toContain(`5 server backing-close(id=1) ${told('-ENOENT', 'no end', 'freed fuse_backing_get() reads count')}`);
    expect(await page.selected()).toContain('fuse_backing 1 was freed');
    expect(await page.page.locator('run-detail section').innerText()).toContain('fuse_backing 1 was freed');
    expect(await heads.nth(4).getAttribute('aria-expanded')).toBe('true');
    expect(await heads.nth(2).getAttribute('aria-expanded')).toBe('false');
    // Nothing of it is out of sight.
    const list = (await page.page.locator('run-steps [role=tree]').boundingBox())!;
    for (const row of [heads.first(), page.page.locator('run-steps [aria-selected=true]')]) {
      const box = (await row.boundingBox())!;
      expect(box.y).toBeGreaterThanOrEqual(list.y);
      expect(box.y + box.height).toBeLessThanOrEqual(list.y + list.height);
    }
  });

  test('has room for what it lists, as large as VS Code leaves it on a small screen', async () => {
    const { page } = await show({ width: 1090, height: 840 });
    const list = (await page.locator('run-steps [role=tree]').boundingBox())!;
    expect(Math.floor(list.height / 20)).toBeGreaterThanOrEqual(15);
  });

  test('keeps the story in sight while one is among many steps', async () => {
    const { page } = await show({ height: 780 });
    await page.keyboard.press('a');
    await page.keyboard.press('a');
    await page.locator('run-steps [role=tree]').focus();
    await page.keyboard.press('End');
    const pinned = page.locator('run-steps .pinned .text');
    await expect.poll(() => pinned.first().innerText()).toContain('backing-open');
    await pinned.first().click();
    expect(await shown!.selected()).toContain('1 server backing-open(fd=regular)');
    await expect.poll(() => pinned.count()).toBe(0);
  });

  test('unfolds the steps of an operation by mouse and by key, and tells all of an operation', async () => {
    const page = await show();
    await page.page.locator('run-steps [aria-level="1"]', { hasText: 'release' }).click();
    expect(await page.selected()).toContain('release(file=1)');
    const detail = await page.page.locator('run-detail section').innerText();
    expect(detail).toMatch(/Operation 4 of 5\s+by the client, line 13 of the scenario/);
    expect(detail).toMatch(/On the patched tree answers 0\s+fuse_backing 1 1 → freed\s+freed under index 1 of fuse_conn/);
    await page.press('ArrowRight');
    expect(await page.selected()).toMatch(/^\d+ fuse_passthrough_release/);
    await page.press('ArrowLeft', 'ArrowLeft');
    const folded = page.page.locator('run-steps [aria-level="1"]', { hasText: 'release' });
    expect(await folded.getAttribute('aria-expanded')).toBe('false');
    await page.press('Enter');
    expect(await folded.getAttribute('aria-expanded')).toBe('true');
    await page.press('a');
    await expect.poll(() => page.page.locator('run-steps [aria-expanded=true]').count()).toBe(0);
    await page.press('a');
    await expect.poll(() => page.page.locator('run-steps [aria-expanded=false]').count()).toBe(0);
  });

  test('walks by keys: lines, changes, operations, ends', async () => {
    const page = await show();
    const walk = async (...keys: string[]): Promise<string> => {
      await page.press(...keys);
      return page.selected();
    };
    expect(await walk('Home')).toMatch(/^1 server backing-open\(fd=regular\)/);
    // What is folded is stepped over, and unfolded where one looks for something in it.
    expect(await walk('j', 'ArrowDown')).toMatch(/^3 server backing-close/);
    expect(await walk('k', 'k', 'n')).toContain('new file 1');
    expect(await walk('p', 'n')).toContain('new fuse_backing 1');
    expect(await walk(']')).toMatch(/^2 client open\(inode=1, id=1\)/);
    expect(await walk(']', ']', '[')).toMatch(/^3 server backing-close\(id=1\)/);
    expect(await walk('e')).toContain('fuse_backing 1 was freed');
    expect(await walk('End', 'k')).not.toContain('was freed');
    // With an object selected, n goes to its changes only: cred 1 has two.
    await page.page.locator('run-lanes summary').click();
    await page.page.locator('run-lanes button', { hasText: 'cred 1' }).click();
    expect(await walk('Home', 'n')).toContain('new cred 1');
    expect(await walk('n')).toContain('put_cred(fb->cred)');
  });

  test('goes to the step that tells an error, not to the last that tells any', async () => {
    const [first] = run.result.counterexamples;
    const freed = first!.trace.steps.findIndex(({ text }) => text === 'kfree_rcu(fb, rcu)');
    const counterexamples = [{ ...first!, error: { ...first!.error, kind: 'dangling-reference' as const, step: freed } }];
    const page = await show({}, { ...run, result: { ...run.result, counterexamples } });
    expect(await page.selected()).toContain('kfree_rcu(fb, rcu)');
    await page.press('End', 'e');
    expect(await page.selected()).toContain('kfree_rcu(fb, rcu)');
  });

  test('shows the same objects of both trees, one below the other', async () => {
    const { page } = await show({ height: 1100, view: { ...initialView, compare: true } });
    const names = (await page.locator('run-lanes .name').allInnerTexts()).map((name) => name.replace(/\s+/g, ' ').trim());
    expect(names.slice(0, 4)).toEqual(['base T0 main', 'patched', 'base fuse_backing 1', 'patched']);
  });

  test('shows every step in the editor, and moves there on Enter only', async () => {
    const page = await show();
    await page.press('Home', 'ArrowRight', 'j');
    await expect.poll(async () => (await page.posted('reveal')).at(-1)?.at.function).toBe('fuse_dev_ioctl');
    await page.press('Enter');
    const posted = await page.posted('reveal');
    expect(posted.at(-1)).toMatchObject({ side: 'run', focus: true, at: { file: 'fs/fuse/dev.c', line: 2361 } });
    expect(posted.slice(0, -1).every(({ focus }) => !focus)).toBe(true);
    await page.page.locator('vscode-checkbox', { hasText: 'Editor follows' }).click();
    await page.press('k', 'j');
    await page.page.waitForTimeout(200);
    expect(await page.posted('reveal')).toHaveLength(posted.length);
  });

  test('tells all of the selected step', async () => {
    const page = await show();
    await page.press('a', 'a');
    await page.page.locator('run-steps [role=treeitem]', { hasText: 'refcount_set' }).click();
    const detail = await page.page.locator('run-detail section').innerText();
    expect(detail).toContain('operation 1 of 5: backing-open(fd=regular) by the server, line 10 of the scenario');
    expect(detail).toContain('fuse_backing 1 .count.refs 0 → 1');
    expect(detail).toMatch(/cred 1\s+task\s+fuse_backing 1 \.cred\s+2/);
    await expect
      .poll(() => page.page.locator('run-page [role=status].visually-hidden').innerText())
      .toBe('Step 16; refcount_set(&fb->count, 1); fuse_backing 1 .count.refs 0 to 1');
  });

  test('filters by text, detail and object, and says how many are left', async () => {
    const page = await show();
    await page.press('/');
    await page.page.keyboard.type('kfree');
    await expect.poll(() => page.page.locator('run-filter .count').innerText()).toBe('1 of 81 steps shown');
    // Under the operation that it is of.
    expect(await page.steps()).toEqual([expect.stringContaining('release(file=1)'), expect.stringContaining('kfree_rcu(fb, rcu)')]);
    await page.press('Escape');
    await expect.poll(() => page.page.locator('run-filter .count').innerText()).toBe('48 of 81 steps shown');
    await page.page.keyboard.press('Home');
    expect(await page.selected()).toMatch(/^1 server backing-open/);
    const detail = page.page.locator('vscode-single-select').first();
    await detail.click();
    await page.page.locator('vscode-single-select .option', { hasText: 'every step' }).click();
    await expect.poll(() => page.page.locator('run-filter .count').innerText()).toBe('81 of 81 steps shown');
  });

  test('puts the base beside the run, step by step', async () => {
    const page = await show({ height: 1100 });
    await page.page.locator('vscode-checkbox', { hasText: 'Beside base' }).click();
    await page.press('[', '[', '[', '[', '[', 'd');
    expect(await page.selected()).toContain('+');
    expect(await page.selected()).toContain('fuse_passthrough_backing_open(fc, fb)');
    await page.press('a', 'a');
    const differs = page.page.locator('run-steps [role=treeitem]', { hasText: '≠' }).filter({ hasText: '= -ENOENT' });
    expect((await differs.last().innerText()).replace(/\s+/g, ' ')).toContain('= 0 ≠ ');
    await page.page.locator('run-errors [role=radio]').nth(1).click();
    expect(await page.page.locator('run-page .note').innerText()).toContain('the base has no step "close b"');
  });

  test('looks the same after a reload, and after it was closed', async () => {
    const page = await show();
    await page.page.locator('run-errors [role=radio]').nth(1).click();
    await page.press('/');
    await page.page.keyboard.type('fuse_backing');
    await page.press('Enter', 'Home', 'j', 'j', 'o');
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
    const page = await show(
      {
        view: {
          ...initialView,
          counterexample: 1,
          selected: { side: 'run', step: 5 },
          scroll: 4000,
          unfolded: ['operation 0', 'operation 1', 'operation 3', 'operation 5'],
        },
      },
      long,
    );
    await expect
      .poll(() => page.page.locator('run-steps [role=tree]').evaluate((list: { scrollTop: number }) => list.scrollTop))
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
    await page.press('a', 'a');
    expect(await page.page.locator('run-filter .count').innerText()).toMatch(/^2,\d{3} of 2,\d{3} steps shown$/);
    await page.press('End');
    expect(await page.selected()).toContain('the count is 0 already');
    expect((await page.steps()).length).toBeLessThan(80);
  });

  test('gives the schedule to be copied, and what is shown: the story, and the steps that are unfolded', async () => {
    const page = await show();
    await page.page.locator('vscode-button', { hasText: 'Copy Replay Line' }).click();
    await page.page.locator('vscode-button', { hasText: 'Copy What Is Shown' }).click();
    await page.press('a', 'a', 'c');
    const [schedule, brief, whole] = await page.posted('copy');
    expect(schedule).toEqual({ t: 'copy', what: 'replay line', text: 'close-id-in-use: -' });
    expect(brief?.text).toMatch(/^use-after-free: .*\n(.*\n)+.*5 {2}server {2}backing-close\(id=1\)/);
    expect(brief?.text).toContain('5 backing-close(id=1)\n');
    expect(brief?.text).not.toContain('kfree_rcu(fb, rcu)  [fs/fuse/backing.c:26]');
    expect(whole?.text).toContain('kfree_rcu(fb, rcu)  [fs/fuse/backing.c:26]');
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
    await expect.poll(() => page.page.locator('run-behaviours details').innerText()).toContain('kmalloc_obj() of step 1 fails');
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
    for (let stop = 0; stop < 23; stop++) {
      await page.press('Tab');
      const name: string = await page.page.evaluate(
        '(() => { let at = document.activeElement; while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement; return at.getRootNode().host?.localName ?? at.localName; })()',
      );
      if (names.at(-1) !== name) names.push(name);
    }
    const order = ['run-behaviours', 'run-errors', 'vscode-textfield', 'vscode-single-select', 'run-lanes', 'run-steps', 'run-scope'];
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
