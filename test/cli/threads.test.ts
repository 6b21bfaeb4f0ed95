// `fuse-review threads`, and `patch --with-suggestion`, on the sample's series and replies to it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from '../../extension/cli/io.js';
import { run } from '../../extension/cli/run.js';
import { threadsSchema } from '../../extension/review/report/json/threads-json.js';
import { installedRuntimes } from '../../extension/runner/installed-runtimes.js';
import { Reviewer } from '../../extension/review/reviewer.js';
import { Runner } from '../../extension/runner/runner.js';
import { createParser } from '../support/parser.js';
import { testInstallation } from '../support/runner.js';

const sample = join(import.meta.dirname, '../../sample');
const tree = join(sample, 'tree');
let folder: string;

/** A reply to the sample's last patch, which suggests to leave out a line that it adds. */
function threadOf(series: string): { readonly text: string; readonly line: string } {
  const mail = series.split(/(?=^From mboxrd)/m).findLast((each) => !/^Subject: Re:/m.test(each)) ?? '';
  const id = /^Message-ID: (<.*>)$/m.exec(mail)?.[1] ?? '';
  const subject = /^Subject: (.*)$/m.exec(mail)?.[1] ?? '';
  const [, ...parts] = mail.split('\n\n');
  const lines = parts.join('\n\n').split('\n');
  const at = lines.findIndex((line) => line.startsWith('+\t'));
  const hunk = lines.slice(0, at).findLastIndex((line) => line.startsWith('@@ '));
  const file = /^diff --git a\/\S+ b\/(\S+)/.exec(lines.slice(0, at).findLast((line) => line.startsWith('diff --git ')) ?? '')?.[1] ?? '';
  const added = lines[at] ?? '';
  const context = lines.slice(hunk + 1, at).filter((line) => line.startsWith(' '));
  const suggestion = [`diff --git a/${file} b/${file}`, lines[hunk] ?? '', ...context, `-${added.slice(1)}`];
  const body = [
    'On Mon, 2 Mar 2026 10:02:10 +0100, Robin Ferrier wrote:',
    ...lines.slice(0, at + 1).map((line) => `> ${line}`),
    '',
    'Is this needed?',
    '',
    ...suggestion,
  ];
  const head = ['From: Ada Reviewer <ada@example.com>', `Subject: Re: ${subject}`, 'Message-ID: <reply@example.com>', `In-Reply-To: ${id}`];
  return { text: `${series}\nFrom mboxrd@z Thu Jan  1 00:00:00 1970\n${head.join('\n')}\n\n${body.join('\n')}\n`, line: added.slice(1) };
}

const { text, line } = threadOf(readFileSync(join(sample, 'series.mbox'), 'utf8'));

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fuse-review-threads-'));
  writeFileSync(join(folder, 'thread.mbox'), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function cli(...argv: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let [out, err] = ['', ''];
  const installation = await testInstallation();
  const code = await run([...argv, '--tree', tree], {
    command: 'fuse-review',
    cwd: folder,
    env: {},
    terminal: false,
    out: (said) => void (out += said),
    err: (said) => void (err += said),
    stdin: () => Promise.resolve(new Uint8Array()),
    reviewer: async (subsystems) => new Reviewer(await createParser(), subsystems),
    runner: () => new Runner({ installation, workers: 1 }),
    runtimes: () => installedRuntimes(installation.model),
    guest: '',
  });
  return { code, out, err };
}

describe('fuse-review threads', () => {
  test('tells each remark with its line, as text and as JSON', async () => {
    const json = await cli('threads', 'thread.mbox', '--format', 'json');
    expect(json.err).toBe('');
    const thread = threadsSchema.parse(JSON.parse(json.out));
    expect(thread.series.length).toBe(4);
    expect(thread.remarks.filter(({ message }) => message === 'reply@example.com')).toMatchObject([
      { voice: 'Ada Reviewer', text: 'Is this needed?', placed: true, side: 'new', reason: null },
    ]);
    expect(thread.suggestions).toMatchObject([{ number: 1, voice: 'Ada Reviewer', problems: [] }]);
    expect(thread.suggestions[0]?.files).toHaveLength(1);
    const words = await cli('threads', 'thread.mbox');
    expect(words.code).toBe(exitCodes.clean);
    expect(words.out).toContain('3 remarks of 2 people, 2 at a line; 1 suggestion');
    expect(words.out).toContain('fuse-review patch thread.mbox --tree');
  });

  test('reads a folder of mails, and a maildir, as one mailbox', async () => {
    const whole = await cli('threads', 'thread.mbox', '--format', 'json');
    const single = text.split(/(?=^From mboxrd)/m);
    mkdirSync(join(folder, 'mails'));
    for (const [at, mail] of single.entries()) writeFileSync(join(folder, 'mails', `${at}.eml`), mail.replace(/^From .*\n/, ''));
    for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(folder, 'maildir', part), { recursive: true });
    for (const [at, mail] of single.entries())
      writeFileSync(join(folder, 'maildir', at % 2 === 0 ? 'cur' : 'new', `17000000${at}.x:2,S`), mail.replace(/^From .*\n/, ''));
    for (const name of ['mails', 'maildir']) {
      const { remarks, suggestions } = threadsSchema.parse(JSON.parse((await cli('threads', name, '--format', 'json')).out));
      const wanted = threadsSchema.parse(JSON.parse(whole.out));
      expect(remarks.length).toBe(wanted.remarks.length);
      expect(suggestions).toEqual(wanted.suggestions);
    }
    mkdirSync(join(folder, 'empty'));
    expect((await cli('threads', 'empty')).err).toContain('is a folder without mails');
  });

  test('says in one line what is no thread', async () => {
    writeFileSync(join(folder, 'nothing.txt'), 'nothing\n');
    const { code, err } = await cli('threads', 'nothing.txt');
    expect([code, err.split('\n').length]).toEqual([exitCodes.badInput, 2]);
    expect(err).toContain('nothing.txt');
  });
});

describe('fuse-review patch --with-suggestion', () => {
  test('reviews the suggestion on top of the series', async () => {
    const { out } = await cli('patch', 'thread.mbox', '--with-suggestion', '1', '--no-simulate', '--format', 'json');
    const { patches = [] } = JSON.parse(out) as { patches?: { subject: string }[] };
    expect(patches.map(({ subject }) => subject).at(-1)).toBe('suggestion 1, by Ada Reviewer');
    expect(line).not.toBe('');
  });

  test.each([
    ['2', 'suggestion 2: is not there; there are 1, from 1'],
    ['x', 'Write the number of a suggestion from 1'],
  ])('says of %s what is wrong', async (number, words) => {
    const { code, err } = await cli('patch', 'thread.mbox', '--with-suggestion', number, '--no-simulate');
    expect(code).toBe(exitCodes.badInput);
    expect(err).toContain(words);
  });
});
