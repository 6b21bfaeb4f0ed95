import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../../extension/cli/run.js';
import { Reviewer } from '../../extension/review/reviewer.js';
import { resultSchema, type JsonResult } from '../../extension/review/report/json/json.js';
import { installedRuntimes } from '../../extension/runner/installed-runtimes.js';
import { ToyAnalyst } from '../review/toy-analyst.js';
import { fuse } from '../support/fuse.js';

let folder: string;
let tree: string;

const subsystemText = readFileSync(join(import.meta.dirname, '../../runtime/fuse/subsystem.yaml'));
const backing = 'int fuse_backing_open(void)\n{\n\tint err;\n\tSTALE(err);\n\treturn err;\n}\n';
const dev = 'int dev(void)\n{\n\tLEAK(req);\n\treturn 0;\n}\n';

function write(path: string, content: string | Uint8Array): string {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
  return full;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fuse-review-'));
  tree = join(folder, 'linux');
  write('linux/fs/fuse/backing.c', backing);
  write('linux/fs/fuse/dev.c', dev);
  write('linux/README', 'x\n');
  write('runtime/fuse/subsystem.yaml', subsystemText);
  write('other/empty.c', '\n');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface Surroundings {
  readonly cwd?: string;
  readonly stdin?: string;
  readonly terminal?: boolean;
  readonly env?: Record<string, string>;
  readonly reviewer?: () => Promise<Reviewer>;
}

async function cli(argv: readonly string[], around: Surroundings = {}): Promise<Ran> {
  let out = '';
  let err = '';
  const code = await run(argv, {
    command: 'fuse-review',
    cwd: around.cwd ?? folder,
    env: around.env ?? {},
    terminal: around.terminal ?? false,
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    stdin: () => Promise.resolve(Buffer.from(around.stdin ?? '')),
    reviewer: around.reviewer ?? (() => Promise.resolve(new Reviewer(new ToyAnalyst(), [fuse]))),
    runner: () => {
      throw new Error('nothing is to be simulated');
    },
    // It has no words, so that nothing is simulated: that is tried in simulate.test.ts.
    runtimes: () => installedRuntimes(join(folder, 'runtime')),
    guest: join(folder, 'nowhere'),
  });
  return { code, out, err };
}

async function json(argv: readonly string[], around: Surroundings = {}): Promise<Ran & { readonly json: JsonResult }> {
  const ran = await cli([...argv, '--format', 'json'], around);
  return { ...ran, json: resultSchema.parse(JSON.parse(ran.out)) };
}

/** Exit code 2, nothing on stdout, one line on stderr that says what. */
function refused(ran: Ran, said: RegExp): void {
  expect(ran).toMatchObject({ code: 2, out: '' });
  expect(ran.err).toMatch(/^fuse-review: [^\n]+\n$/);
  expect(ran.err).toMatch(said);
}

const fix = [
  '--- a/fs/fuse/dev.c',
  '+++ b/fs/fuse/dev.c',
  '@@ -1,5 +1,5 @@',
  ' int dev(void)',
  ' {',
  '-\tLEAK(req);',
  '+\tput(req);',
  ' \treturn 0;',
  ' }',
  '',
].join('\n');
const flaw = fix.replace('-\tLEAK(req);\n+\tput(req);', ' \tLEAK(req);\n+\tLEAK(page);').replace('+1,5', '+1,6');
const header = 'From: A <a@example.org>\nSubject: [PATCH] fuse: put it\nMessage-ID: <1@example.org>\n';

describe('fuse-review check', () => {
  test('finds what there is in the whole subsystem, and answers 1', async () => {
    const ran = await json(['check', '--tree', tree]);
    expect(ran.code).toBe(1);
    expect(ran.json.findings.map(({ file, line, rule }) => `${file}:${line} ${rule}`)).toEqual([
      'fs/fuse/backing.c:4 stale-errno',
      'fs/fuse/dev.c:3 leak',
    ]);
    expect(ran.err).toBe('');
  });

  test('answers 0 when there is nothing', async () => {
    write('linux/fs/fuse/dev.c', 'int dev(void)\n{\n\treturn 0;\n}\n');
    expect(await cli(['check', 'fs/fuse/dev.c', '--tree', tree])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^nothing found\n1 function in 1 file/) as string,
    });
  });

  test.each([
    ['relative to the tree', () => ['fs/fuse/dev.c', folder]],
    ['relative to the current folder', () => ['dev.c', join(tree, 'fs/fuse')]],
    ['absolute', () => [join(tree, 'fs/fuse/dev.c'), folder]],
    ['through dots', () => ['../fuse/./dev.c', join(tree, 'fs/fuse')]],
  ])('takes a path %s', async (_how, place) => {
    const [path = '', cwd = ''] = place();
    const ran = await json(['check', path, '--tree', tree], { cwd });
    expect(ran.json.findings.map((finding) => finding.file)).toEqual(['fs/fuse/dev.c']);
  });

  test('takes the tree around the current folder, git checkout or not', async () => {
    expect((await cli(['check'], { cwd: join(tree, 'fs/fuse') })).code).toBe(1);
    mkdirSync(join(tree, '.git'));
    expect((await cli(['check'], { cwd: join(tree, 'fs') })).code).toBe(1);
  });

  test('refuses a path outside the tree, however it leads there', async () => {
    symlinkSync(join(folder, 'other'), join(tree, 'fs/away'));
    for (const path of ['../other/empty.c', join(folder, 'other/empty.c'), '/etc/passwd', join(tree, 'fs/away/empty.c')]) {
      refused(await cli(['check', path, '--tree', tree], { cwd: tree }), /lies outside the tree/);
    }
  });

  test('refuses a path that is not there, a link in a circle, and a file of something else', async () => {
    refused(await cli(['check', 'fs/fuse/gone.c', '--tree', tree]), /fs\/fuse\/gone\.c: there is no such file or folder in the tree/);
    symlinkSync('circle.c', join(tree, 'fs/fuse/circle.c'));
    refused(await cli(['check', 'fs/fuse/circle.c', '--tree', tree]), /leads back to itself/);
    refused(await cli(['check', 'README', '--tree', tree]), /README: holds no file that belongs to fs\/fuse/);
  });

  test('says what a folder lacks to be a tree', async () => {
    refused(await cli(['check', '--tree', 'other']), /^fuse-review: other: no file in it defines fuse_backing_open\(\)/);
    refused(await cli(['check', '--tree', 'gone']), /gone: cannot be opened \(ENOENT\)/);
    refused(await cli(['check', '--tree', 'linux/README']), /is not a folder/);
    refused(await cli(['check'], { cwd: join(folder, 'other') }), /--tree: not given, and .*other is no kernel tree .*fuse_backing_open/);
  });

  test('goes on past a file of 21 MB and a circle of links, and says that the result is partial', async () => {
    write('linux/fs/fuse/big.c', Buffer.alloc(21 * 1024 * 1024, 0x20));
    symlinkSync('.', join(tree, 'fs/fuse/loop'));
    const ran = await json(['check', '--tree', tree]);
    expect(ran.code).toBe(1);
    expect(ran.json).toMatchObject({ complete: false, problems: [{ where: 'fs/fuse/big.c', severity: 'error' }] });
    expect(ran.err).toMatch(/fs\/fuse\/big\.c: has 21 MB.*\n.*the result is partial/);
    refused(await cli(['check', 'fs/fuse/big.c', '--tree', tree]), /fs\/fuse\/big\.c: has 21 MB; files over 20 MB are not read/);
  });

  test('reads a file that is not UTF-8, and says so', async () => {
    write('linux/fs/fuse/dev.c', Buffer.from(`/* Andr\xe9 */\n${dev}`, 'latin1'));
    const ran = await json(['check', '--tree', tree]);
    expect(ran.json.findings).toHaveLength(2);
    expect(ran.json.problems).toEqual([expect.objectContaining({ where: 'fs/fuse/dev.c', line: 1, severity: 'warning' })]);
    expect(ran.json.complete).toBe(true);
  });

  test('hides what a baseline knows, which it can write itself', async () => {
    const written = await cli(['check', '--tree', tree, '--write-baseline', 'known.json']);
    expect(written).toMatchObject({
      code: 0,
      err: 'fuse-review: known.json: 2 findings written\n',
      out: expect.stringMatching(/2 findings suppressed/) as string,
    });
    const ran = await json(['check', '--tree', tree, '--baseline', 'known.json']);
    expect(ran).toMatchObject({ code: 0, json: { findings: [], stats: { suppressed: 2 } } });
    write('linux/fs/fuse/dev.c', dev.replace('LEAK(req)', 'x()'));
    expect((await cli(['check', '--tree', tree, '--baseline', 'known.json'])).out).toMatch(
      /known\.json: 1 entry answers to no finding any more/,
    );
  });

  test('refuses a baseline that is none', async () => {
    write('known.json', '{\n"version": 1,\n"findings": 3 }');
    refused(await cli(['check', '--tree', tree, '--baseline', 'known.json']), /^fuse-review: known\.json:3: not a baseline: findings/);
    refused(
      await cli(['check', '--tree', tree, '--baseline', 'gone.json']),
      /gone\.json: the baseline cannot be read: there is no such file/,
    );
  });

  test('never writes over a file of the tree', async () => {
    refused(await cli(['check', '--tree', tree, '--output', 'linux/fs/fuse/dev.c']), /is a file of the tree, which is never changed/);
    refused(
      await cli(['check', '--tree', tree, '--write-baseline', 'linux/fs/fuse/dev.c']),
      /is a file of the tree, which is never changed/,
    );
    expect(readFileSync(join(tree, 'fs/fuse/dev.c'), 'utf8')).toBe(dev);
    refused(await cli(['check', '--tree', tree, '--output', 'gone/out.txt']), /gone\/out\.txt: cannot be written: there is no such f/);
  });

  test('follows no link into the tree, to a file or to where none is yet', async () => {
    symlinkSync(join(tree, 'fs/fuse/dev.c'), join(folder, 'report.txt'));
    symlinkSync(join(tree, 'fs/fuse/new.c'), join(folder, 'new.txt'));
    symlinkSync('new.txt', join(folder, 'newer.json'));
    symlinkSync('round.txt', join(folder, 'round.txt'));
    for (const name of ['report.txt', 'new.txt', 'newer.json'])
      refused(await cli(['check', '--tree', tree, '--output', name]), new RegExp(`${name}: is a symbolic link into the tree`));
    refused(await cli(['check', '--tree', tree, '--write-baseline', 'newer.json']), /is a symbolic link into the tree/);
    refused(await cli(['check', '--tree', tree, '--output', 'round.txt']), /it is not known where its symbolic links lead/);
    expect(readFileSync(join(tree, 'fs/fuse/dev.c'), 'utf8')).toBe(dev);
    expect(existsSync(join(tree, 'fs/fuse/new.c'))).toBe(false);
    symlinkSync(join(folder, 'elsewhere.txt'), join(folder, 'out.txt'));
    expect(await cli(['check', '--tree', tree, '--output', 'out.txt'])).toMatchObject({ code: 1, err: '' });
    expect(existsSync(join(folder, 'elsewhere.txt'))).toBe(true);
  });

  test('writes the result where asked, in every format', async () => {
    expect(await cli(['check', '--tree', tree, '--format', 'sarif', '--output', 'out.sarif'])).toEqual({ code: 1, out: '', err: '' });
    expect(JSON.parse(readFileSync(join(folder, 'out.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' });
  });

  test('uses colours on a terminal only, unless NO_COLOR is set', async () => {
    expect((await cli(['check', '--tree', tree])).out).not.toContain('\u001b');
    expect((await cli(['check', '--tree', tree], { terminal: true })).out).toContain('\u001b[');
    expect((await cli(['check', '--tree', tree], { terminal: true, env: { NO_COLOR: '1' } })).out).not.toContain('\u001b');
  });

  test('hands options of the kernel on', async () => {
    let config: ReadonlyMap<string, boolean> = new Map();
    const analyst = new ToyAnalyst();
    const analyse = analyst.analyse.bind(analyst);
    Object.assign(analyst, {
      analyse: (...given: [never, { config: ReadonlyMap<string, boolean>; folder: string }]) => {
        config = given[1].config;
        return analyse(...given);
      },
    });
    await cli(['check', '--tree', tree, '--config', 'CONFIG_A=y', '--config', 'CONFIG_B=n'], {
      reviewer: () => Promise.resolve(new Reviewer(analyst, [fuse])),
    });
    expect([...config]).toEqual([
      ['CONFIG_A', true],
      ['CONFIG_B', false],
    ]);
  });
});

describe('--contracts', () => {
  const row = { name: 'thing_get', outcomes: [{ name: 'success', returns: { kind: 'set', set: [[1, 9]] } }] };

  /** Runs a command and answers the names of the rows that the analyst was given. */
  async function handedOn(argv: readonly string[]): Promise<Ran & { readonly names: readonly string[] | undefined }> {
    let names: readonly string[] | undefined;
    const analyst = new ToyAnalyst();
    const analyse = analyst.analyse.bind(analyst);
    Object.assign(analyst, {
      analyse: (...given: Parameters<ToyAnalyst['analyse']>) => {
        const [, { contracts }] = given as unknown as [unknown, { contracts?: ReadonlyMap<string, unknown> }];
        names = contracts && [...contracts.keys()];
        return analyse(...given);
      },
    });
    const ran = await cli(argv, { reviewer: () => Promise.resolve(new Reviewer(analyst, [fuse])) });
    return { ...ran, names };
  }

  test('hands the rows of a file on, for check and for patch', async () => {
    write('rows.json', JSON.stringify([row]));
    write('fix.diff', fix);
    expect(await handedOn(['check', '--tree', tree, '--contracts', 'rows.json'])).toMatchObject({ code: 1, names: ['thing_get'] });
    expect(await handedOn(['patch', 'fix.diff', '--tree', tree, '--no-simulate', '--contracts', 'rows.json'])).toMatchObject({
      code: 0,
      names: ['thing_get'],
    });
    expect((await handedOn(['check', '--tree', tree])).names).toBeUndefined();
  });

  test('says where a row does not fit, and checks nothing then', async () => {
    const good = JSON.stringify(row);
    write('rows.json', `[\n${good},\n{ "name": "thing_put",\n  "outcomes": [],\n  "clobbers": "some" },\n7]`);
    refused(
      await cli(['check', '--tree', tree, '--contracts', 'rows.json']),
      /^fuse-review: rows\.json:5: \[1\]\.clobbers: .*"none"\|"arguments"\|"all".* \(and 1 more place\)$/m,
    );
  });

  test.each([
    ['is not JSON', '[\n{ "name": }\n]', /rows\.json:\d: not JSON from here on/],
    ['is no list', '{ "name": "thing_get" }', /rows\.json:1: .* has to be a JSON array/],
    ['has a row of no outcome', '[{ "name": "f", "outcomes": [] }]', /rows\.json:1: \[0\]\.outcomes: f has no outcome/],
  ])('refuses a file that %s', async (_what, text, said) => {
    write('rows.json', text);
    refused(await cli(['check', '--tree', tree, '--contracts', 'rows.json']), said);
  });

  test('refuses a file that is not there', async () => {
    refused(
      await cli(['check', '--tree', tree, '--contracts', 'gone.json']),
      /gone\.json: the contracts cannot be read: there is no such file/,
    );
  });

  test('says that a name was given twice', async () => {
    write('rows.json', JSON.stringify([row, row]));
    const ran = await json(['check', '--tree', tree, '--contracts', 'rows.json']);
    expect(ran.json.problems).toEqual([expect.objectContaining({ where: 'rows.json', severity: 'warning' })]);
    expect(ran.json.complete).toBe(true);
  });
});

describe('fuse-review patch', () => {
  test('answers 1 for what is introduced and 0 for what is only fixed', async () => {
    write('flaw.diff', flaw);
    write('fix.diff', fix);
    const worse = await json(['patch', 'flaw.diff', '--tree', tree]);
    expect(worse.code).toBe(1);
    expect(worse.json.findings.map(({ status, rule, line }) => `${status} ${rule} ${line}`)).toEqual([
      'unchanged stale-errno 4',
      'unchanged leak 3',
      'introduced leak 4',
    ]);
    const better = await json(['patch', 'fix.diff', '--tree', tree, '--no-simulate']);
    expect(better.code).toBe(0);
    expect(better.json.findings.map(({ status, line }) => `${status} ${line}`)).toEqual(['unchanged 4', 'fixed 3']);
    expect(readFileSync(join(tree, 'fs/fuse/dev.c'), 'utf8')).toBe(dev);
    expect(readdirSync(join(tree, 'fs/fuse'))).toEqual(['backing.c', 'dev.c']);
  });

  test('reads a patch from standard input', async () => {
    expect((await cli(['patch', '-', '--tree', tree], { stdin: flaw })).code).toBe(1);
    refused(await cli(['patch', '-', '-', '--tree', tree], { stdin: flaw }), /only once/);
  });

  test.each([
    ['with CRLF', (): string => `${header}\n${fix}`.replace(/\n/g, '\r\n')],
    [
      'in quoted-printable',
      (): string =>
        `${header}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n${fix.replace(/=/g, '=3D').replace(/\t/g, '=09')}`,
    ],
    [
      'in base64',
      (): string =>
        `${header}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n${Buffer.from(fix).toString('base64').replace(/.{76}/g, '$&\n')}\n`,
    ],
    ['with a diff alone', (): string => fix],
  ])('reads a mail %s', async (_how, text) => {
    write('series.mbox', text());
    const ran = await json(['patch', 'series.mbox', '--tree', tree, '--no-simulate']);
    expect(ran.json.findings.filter((finding) => finding.status === 'fixed')).toHaveLength(1);
    expect(ran.code).toBe(0);
  });

  test('goes on with the other hunks when one does not apply, and says that the result is partial', async () => {
    write('mixed.diff', `${fix.replace(/dev\.c/g, 'backing.c')}${flaw}`);
    const ran = await json(['patch', 'mixed.diff', '--tree', tree]);
    expect(ran.code).toBe(1);
    expect(ran.json.complete).toBe(false);
    expect(ran.json.patches?.[0]?.files.map(({ path, hunks, hunksApplied }) => `${path} ${hunksApplied}/${hunks}`)).toEqual([
      'fs/fuse/backing.c 0/1',
      'fs/fuse/dev.c 1/1',
    ]);
    expect(ran.err).toMatch(
      /^fuse-review: fs\/fuse\/backing\.c:\d+: hunk 1 of 1 .* does not apply: the patch expects .*\n.*the result is partial/,
    );
    const text = await cli(['patch', 'mixed.diff', '--tree', tree]);
    expect(text.out).toMatch(/^patch 1\/1 1 flaw \(leak\); not reviewed as a whole: only 1 of 2 hunks apply;/);
    expect(text.out).toMatch(/error: fs\/fuse\/backing\.c:\d+: hunk 1 of 1/);
    expect(text.err).toMatch(/^fuse-review: the result is partial[^\n]*\n$/);
  });

  test('refuses a patch of which nothing applies', async () => {
    write('wrong.diff', fix.replace(/dev\.c/g, 'backing.c'));
    refused(
      await cli(['patch', 'wrong.diff', '--tree', tree]),
      /backing\.c:\d+: hunk 1 of 1 .* does not apply: the patch expects ".*the file has/,
    );
  });

  test.each([
    ['is not there', undefined, /p: cannot be read: there is no such file/],
    ['is empty', '', /is empty/],
    ['is no patch', 'Hello.\n', /holds neither a mail nor a diff/],
    ['is a mail without a patch', `${header}\nHello.\n`, /p\b/],
    ['is cut off in its header', 'From 12345 Mon Sep 17 00:00:00 2001\nFrom: A <a@example.org>\nSubj', /p\b/],
    ['climbs out of the tree', fix.replace(/fs\/fuse\/dev\.c/g, '../../other/empty.c'), /other\/empty\.c|outside/],
  ])('refuses a file that %s', async (_what, content, said) => {
    if (content !== undefined) write('p', content);
    refused(await cli(['patch', 'p', '--tree', tree]), said);
    expect(readFileSync(join(folder, 'other/empty.c'), 'utf8')).toBe('\n');
  });

  test('says that a mailbox is cut off in a hunk, and reviews what is whole', async () => {
    write(
      'cut.mbox',
      `From 1234567890123456789012345678901234567890 Mon Sep 17 00:00:00 2001\n${header}\n${flaw}${fix.replace(/dev\.c/g, 'backing.c').slice(0, 90)}`,
    );
    const ran = await json(['patch', 'cut.mbox', '--tree', tree]);
    expect(ran.code).toBe(1);
    expect(ran.json.complete).toBe(false);
    expect(ran.json.findings.filter((finding) => finding.status === 'introduced')).toHaveLength(1);
  });

  test('says that a binary patch is left out, and reviews the rest', async () => {
    const binary =
      'diff --git a/fs/fuse/logo.png b/fs/fuse/logo.png\nindex 1111111..2222222 100644\nGIT binary patch\nliteral 3\nKcmZ>\n\n';
    write('binary.diff', `${binary}diff --git a/fs/fuse/dev.c b/fs/fuse/dev.c\n${fix}`);
    const ran = await json(['patch', 'binary.diff', '--tree', tree]);
    expect(ran.json.findings.filter((finding) => finding.status === 'fixed')).toHaveLength(1);
    expect(ran.json.patches?.[0]?.files[0]).toMatchObject({ path: 'fs/fuse/logo.png', change: 'binary' });
    expect(ran.json.problems.some((problem) => problem.where.includes('logo.png') || problem.message.includes('binary'))).toBe(true);
  });

  test('reviews commits of the tree against the older end', async () => {
    const git = (...args: string[]): void =>
      void execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'init.defaultBranch=main', ...args], {
        cwd: tree,
        stdio: 'ignore',
      });
    git('init');
    git('add', '.');
    git('commit', '-m', 'base');
    write('linux/fs/fuse/dev.c', dev.replace('\treturn', '\tLEAK(page);\n\treturn'));
    git('commit', '-am', 'fuse: lose a page');
    const ran = await json(['patch', '--commits', 'HEAD^..HEAD', '--tree', tree]);
    expect(ran.code).toBe(1);
    expect(ran.json.patches?.map((patch) => patch.subject)).toEqual(['fuse: lose a page']);
    expect(ran.json.findings.filter((finding) => finding.status === 'introduced').map((finding) => finding.line)).toEqual([4]);
    refused(await cli(['patch', '--commits', 'HEAD..gone', '--tree', tree]), /gone/);
    refused(await cli(['patch', '--commits', 'HEAD..HEAD', '--tree', tree]), /holds no commits/);
  });

  test('refuses no patch at all, and files together with commits', async () => {
    refused(await cli(['patch', '--tree', tree]), /no patch given/);
    refused(await cli(['patch', 'x', '--commits', 'A..B', '--tree', tree]), /give one of them/);
  });
});

describe('fuse-review ladder', () => {
  test('shows a ladder as text and JSON', async () => {
    expect(await cli(['ladder', 'fs/fuse/backing.c:fuse_backing_open', '--tree', tree])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^fs\/fuse\/backing\.c:3: /) as string,
    });
    expect(
      JSON.parse((await cli(['ladder', 'fs/fuse/backing.c:fuse_backing_open()', '--tree', tree, '--format', 'json'])).out),
    ).toHaveProperty('labels');
  });

  test('refuses what names no function of a file', async () => {
    refused(await cli(['ladder', 'fuse_backing_open', '--tree', tree]), /is not FILE:FUNCTION/);
    refused(await cli(['ladder', 'fs/gone.c:f', '--tree', tree]), /no such file/);
    refused(await cli(['ladder', 'fs/fuse/backing.c:f', '--format', 'sarif']), /sarif/);
  });
});

describe('fuse-review', () => {
  test('refuses unknown commands, options and values in one line', async () => {
    refused(await cli([]), /no command given/);
    refused(await cli(['chek']), /unknown command 'chek'/);
    refused(await cli(['check', '--tre', tree]), /unknown option '--tre'/);
    refused(await cli(['check', '--format', 'xml']), /'xml' is invalid/);
    refused(await cli(['check', '--config', 'FUSE=1']), /Write CONFIG_NAME=y or CONFIG_NAME=n/);
    refused(await cli(['check', '--tree']), /argument missing/);
  });

  test('helps, with examples, and says its version', async () => {
    expect(await cli(['--help'])).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/Examples:[^]*Exit codes: 0 /) as string });
    expect(await cli(['patch', '--help'])).toMatchObject({ code: 0, out: expect.stringContaining('--commits') as string });
    expect(await cli(['--version'])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string });
  });

  test('tells of a bug of its own in one line, and prints the stack only when asked', async () => {
    const broken = { reviewer: () => Promise.reject(new Error('broken\nbadly')) };
    refused(await cli(['check', '--tree', tree], broken), /internal error: broken; please report it/);
    expect((await cli(['check', '--tree', tree, '--debug'], broken)).err).toMatch(/\n {4}at /);
  });
});
