// The table of exit codes in README.md, command by command.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exitCodes } from '../../extension/cli/io.js';
import { run } from '../../extension/cli/run.js';
import { Reviewer } from '../../extension/review/reviewer.js';
import { installedRuntimes } from '../../extension/runner/installed-runtimes.js';
import { ToyAnalyst } from '../review/toy-analyst.js';
import { fuse } from '../support/fuse.js';
import { testInstallation, testRunner } from '../support/runner.js';

const root = join(import.meta.dirname, '../..');
const sample = join(root, 'sample/tree');

let folder: string;
let tree: string;

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fuse-review-codes-'));
  tree = join(folder, 'linux');
  write('linux/fs/fuse/backing.c', 'int fuse_backing_open(void)\n{\n\treturn 0;\n}\n');
  write('linux/fs/fuse/dev.c', 'int dev(void)\n{\n\treturn 0;\n}\n');
  write('linux/mm/slab.c', 'int slab;\n');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Around {
  readonly interrupted?: AbortSignal;
  readonly model?: string;
  readonly env?: Readonly<Record<string, string>>;
}

async function cli(
  argv: readonly string[],
  around: Around = {},
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let out = '';
  let err = '';
  const installation = await testInstallation();
  const runner = await testRunner();
  const code = await run(argv, {
    command: 'fuse-review',
    cwd: folder,
    env: around.env ?? {},
    terminal: false,
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    stdin: () => Promise.resolve(new Uint8Array()),
    reviewer: () => Promise.resolve(new Reviewer(new ToyAnalyst(), [fuse])),
    runner: () => runner,
    runtimes: () => installedRuntimes(around.model ?? installation.model),
    guest: join(root, 'guest'),
    ...(around.interrupted === undefined ? {} : { interrupted: around.interrupted }),
  });
  return { code, out, err };
}

const diff = (file: string, before: string, after: string): string =>
  [`--- a/${file}`, `+++ b/${file}`, '@@ -1,4 +1,4 @@', ' int dev(void)', ' {', `-\t${before}`, `+\t${after}`, ' }', ''].join('\n');

describe('check', () => {
  test('answers 0 where nothing is found', async () => {
    expect((await cli(['check', '--tree', tree])).code).toBe(exitCodes.clean);
  });

  test('answers 1 where something is', async () => {
    write('linux/fs/fuse/dev.c', 'int dev(void)\n{\n\tLEAK(x);\n}\n');
    expect((await cli(['check', '--tree', tree])).code).toBe(exitCodes.findings);
  });

  test('answers 2 for what is no input', async () => {
    expect((await cli(['check', '--tree', join(folder, 'nowhere')])).code).toBe(exitCodes.badInput);
    expect((await cli(['check', '--nonsense'])).code).toBe(exitCodes.badInput);
  });

  test('answers 3 where a function was not analysed, and says so first', async () => {
    write('linux/fs/fuse/dev.c', 'int dev(void)\n{\n\tODD();\n}\n');
    const { code, out } = await cli(['check', '--tree', tree]);
    expect(code).toBe(exitCodes.incomplete);
    expect(out).toMatch(/^nothing found; 1 function not analysed\n/);
  });

  test('answers 1 where something is found beside what was not analysed', async () => {
    write('linux/fs/fuse/dev.c', 'int dev(void)\n{\n\tODD();\n}\nint lost(void)\n{\n\tLEAK(x);\n}\n');
    expect((await cli(['check', '--tree', tree])).code).toBe(exitCodes.findings);
  });
});

describe('cache', () => {
  const cache = (...words: string[]): ReturnType<typeof cli> =>
    cli(['cache', ...words], { env: { FUSE_REVIEW_CACHE: join(folder, 'cache') } });

  test('answers 0 with what it takes, and removes results alone', async () => {
    write('cache/results/v1/q/t', '1234');
    write('cache/builds/kernel', '');
    expect(await cache('--size')).toEqual({ code: exitCodes.clean, out: `4 bytes in ${folder}/cache\n`, err: '' });
    expect((await cache('--clear')).out).toBe(`removed 4 bytes in ${folder}/cache\n`);
    expect((await cache('--size', '--clear')).out).toBe(`removed 0 bytes in ${folder}/cache\n`);
    expect(existsSync(join(folder, 'cache/builds/kernel'))).toBe(true);
  });

  test('answers 2 where nothing is to be done', async () => {
    const { code, err } = await cache();
    expect(code).toBe(exitCodes.badInput);
    expect(err).toBe('fuse-review: cache: nothing to do; give --size, --clear or both\n');
  });
});

describe('patch', () => {
  const given = (): string[] => ['patch', 'a.diff', '--tree', tree, '--no-simulate'];

  test('answers 0 where nothing is introduced', async () => {
    write('a.diff', diff('fs/fuse/dev.c', 'return 0;', 'return 1;'));
    const { code, out } = await cli(given());
    expect(code).toBe(exitCodes.clean);
    expect(out).toMatch(/^patch 1\/1 nothing introduced: a\.diff\n/);
  });

  test('answers 1 where something is', async () => {
    write('a.diff', diff('fs/fuse/dev.c', 'return 0;', 'LEAK(x);'));
    expect((await cli(given())).code).toBe(exitCodes.findings);
  });

  test('answers 3 where a part does not apply and the rest introduces nothing', async () => {
    write('a.diff', diff('fs/fuse/dev.c', 'return 0;', 'return 1;') + diff('fs/fuse/backing.c', 'return 5;', 'return 6;'));
    const { code, out } = await cli(given());
    expect(code).toBe(exitCodes.incomplete);
    expect(out).toMatch(/^patch 1\/1 nothing introduced in what was looked at; not reviewed as a whole: only 1 of 2 hunks apply/);
  });

  test('answers 3 where the only function that changes was not analysed', async () => {
    write('a.diff', diff('fs/fuse/dev.c', 'return 0;', 'ODD();'));
    const { code, out } = await cli(given());
    expect(code).toBe(exitCodes.incomplete);
    expect(out).toMatch(/^patch 1\/1 nothing introduced in what was looked at; not analysed: dev\(\): a\.diff\n/);
  });

  test('answers 3 for a patch that touches nothing of the subsystem, and simulates nothing for it', async () => {
    write('a.diff', '--- a/mm/slab.c\n+++ b/mm/slab.c\n@@ -1 +1 @@\n-int slab;\n+int slub;\n');
    const { code, out } = await cli(['patch', 'a.diff', '--tree', tree]);
    expect(code).toBe(exitCodes.incomplete);
    expect(out).toMatch(/^patch 1\/1 not reviewed: it touches nothing of fs\/fuse: a\.diff\n/);
    expect(out).toContain('not simulated: the series touches nothing of it');
  });

  test('answers 3 where no scenario could be run', async () => {
    write('a.diff', diff('fs/fuse/dev.c', 'return 0;', 'return 1;'));
    const { code, out } = await cli(given().slice(0, -1));
    expect(out).toMatch(/^patch 1\/1 nothing introduced in what was looked at; \d+ scenarios not run: /);
    expect(code).toBe(exitCodes.incomplete);
  });

  test('answers 130 where it was interrupted', async () => {
    write('a.diff', diff('fs/fuse/dev.c', 'return 0;', 'return 1;'));
    expect((await cli(given().slice(0, -1), { interrupted: AbortSignal.abort() })).code).toBe(exitCodes.interrupted);
  });
});

describe('execute', () => {
  test('answers 2 where its cache would lie in the tree, also through a link', async () => {
    symlinkSync(tree, join(folder, 'cache'));
    for (const name of ['linux/cache', 'cache/below']) {
      const { code, err } = await cli(['execute', '--tree', tree, '--cache', name]);
      expect(err).toMatch(/lies in the tree, which is never changed/);
      expect(code).toBe(exitCodes.badInput);
    }
    expect(existsSync(join(tree, 'cache'))).toBe(false);
  });
});

describe('simulate', () => {
  test('answers 3 where nothing could be run to its end, and 130 where it was interrupted', async () => {
    expect((await cli(['simulate', '--tree', tree])).code).toBe(exitCodes.incomplete);
    expect((await cli(['simulate', '--tree', tree], { interrupted: AbortSignal.abort() })).code).toBe(exitCodes.interrupted);
  });

  test('answers 3 where the function that a scenario comes to is not analysed, and says so', async () => {
    cpSync(sample, join(folder, 'unread'), { recursive: true });
    const text = readFileSync(join(sample, 'fs/fuse/backing.c'), 'utf8');
    write('unread/fs/fuse/backing.c', text.replace(/(\nint fuse_backing_open\([^{]*\{)/, '$1\n\t@@@;'));
    const { code, out } = await cli(['simulate', 'id-after-close', 'close-unknown-id', '--tree', join(folder, 'unread')]);
    expect(out).toMatch(
      /^id-after-close: not run: fuse_backing_open\(\) is not analysed: fs\/fuse\/backing\.c, line \d+: cannot parse: @@@$/m,
    );
    expect(out).toMatch(/^close-unknown-id: no error/m);
    expect(out).toMatch(/^no error in what was run, not analysed: fuse_backing_open\(\)$/m);
    expect(code).toBe(exitCodes.incomplete);
  });

  test('says how many of the scenarios were run where it was interrupted', async () => {
    const { code, out } = await cli(['simulate', '--generate', '5', '--tree', sample], { interrupted: AbortSignal.abort() });
    expect(out).toMatch(/^interrupted: 0 of \d{3} run; nothing found until then$/m);
    expect(out).not.toContain('; exhaustive');
    expect(code).toBe(exitCodes.interrupted);
  });

  test('answers 0 where no error is found', async () => {
    expect((await cli(['simulate', 'close-unknown-id', '--tree', sample])).code).toBe(exitCodes.clean);
  });
});

test('the table of README.md has each code', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  for (const code of Object.values(exitCodes)) expect(readme).toMatch(new RegExp(`^\\| +${code} +\\|`, 'm'));
});
