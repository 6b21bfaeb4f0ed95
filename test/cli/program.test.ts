// dist/cli.js as its users start it: a process of its own on the bundled sample, answering by exit code.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const program = join(root, 'dist/cli.js');
const built = existsSync(program);

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'fuse-review-program-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Nothing is known from runs before the tests. */
const ownCache = (): NodeJS.ProcessEnv => ({ ...process.env, FUSE_REVIEW_CACHE: join(folder, 'cache') });

/** Starts the program in a folder that is none of ours. */
function started(...args: readonly string[]): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  return new Promise((done) => {
    const child = execFile(process.execPath, [program, ...args], { cwd: folder, env: ownCache() }, (_error, out, err) =>
      done({ code: child.exitCode, out, err }),
    );
  });
}

const tree = join(root, 'sample/tree');

describe.skipIf(!built)(`the built program${built ? '' : ' (not built: npm run build)'}`, () => {
  test('answers 0 for the sample tree, in which there is nothing to report', async () => {
    const { code, out, err } = await started('check', '--tree', tree);
    expect(out).toMatch(/^nothing found\n/);
    expect(err).toBe('');
    expect(code).toBe(0);
  });

  test('answers 1 for the sample series, with the patch that each finding comes with', async () => {
    const { code, out, err } = await started('patch', join(root, 'sample/series.mbox'), '--tree', tree);
    // A line a patch, then the flaws of each.
    expect(out).toMatch(/^patch 1\/4 1 flaw \(use after free\): /);
    expect(out).toMatch(/^patch 2\/4 1 flaw \(NULL dereference\): /m);
    expect(out).toMatch(/^patch 4\/4 1 change of behaviour: /m);
    expect(out).toMatch(/^simulated: 5 steps, scenario thread-five-steps/m);
    expect(out).toMatch(/\nsimulated: \d+ scenarios on both trees, \d+ executions; exhaustive /);
    // What README.md shows of it is what it prints.
    const [, shown = ''] = /```text\n([^]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
    expect(shown.split('\n').length).toBeGreaterThan(8);
    for (const line of shown.split('\n').filter((each) => each !== '...' && each !== '')) expect(out.split('\n')).toContain(line);
    expect(err).toBe('');
    expect(code).toBe(1);
  });

  test('answers 2 and one line for a patch that is not there', async () => {
    expect(await started('patch', 'gone.mbox', '--tree', tree)).toEqual({
      code: 2,
      out: '',
      err: 'fuse-review: gone.mbox: cannot be read: there is no such file\n',
    });
  });

  test('finds the leak of a reference that only a file of contracts tells it of', async () => {
    mkdirSync(join(folder, 'linux/fs/fuse'), { recursive: true });
    writeFileSync(
      join(folder, 'linux/fs/fuse/backing.c'),
      'int fuse_backing_open(void)\n{\n\tstruct thing *thing = thing_get();\n\n\treturn thing->size;\n}\n',
    );
    const outcome = {
      name: 'success',
      returns: { kind: 'set', set: [[1, 9007199254740991]] },
      effects: [{ kind: 'acquire', resource: 'thing', subject: { root: 'result', path: [] } }],
    };
    writeFileSync(join(folder, 'rows.json'), JSON.stringify([{ name: 'thing_get', outcomes: [outcome] }]));
    expect(await started('check', '--tree', 'linux')).toMatchObject({ code: 0 });
    const { code, out } = await started('check', '--tree', 'linux', '--contracts', 'rows.json');
    expect(out).toMatch(/fs\/fuse\/backing\.c:5:\d+: warning: .* \[leak\]/);
    expect(code).toBe(1);
  });
});
