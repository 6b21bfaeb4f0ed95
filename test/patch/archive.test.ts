// Threads from an archive: a server of the test's own that answers as archives do on bad days, and public-inbox's where it is installed.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetchThread, isArchived } from '../../extension/patch/archive.js';
import { readSeries } from '../../extension/patch/series.js';
import { valueOf } from '../support/result.js';
import { mailboxOf, mails } from './thread/written-thread.js';

const mailbox = mailboxOf(mails);

test.each([
  ['https://lore.kernel.org/all/x@y/', true],
  ['<20250821.x@y.example>', true],
  ['thread.mbox', false],
  ['a@b.mbox', false],
  ['-', false],
])('%s is of an archive: %s', (name, is) => {
  expect(isArchived(name)).toBe(is);
});

describe('an archive', () => {
  let server: Server;
  let base: string;
  const asked: string[] = [];
  beforeAll(async () => {
    server = createServer(({ url = '' }, answer) => {
      asked.push(url);
      if (url.includes('never')) return;
      if (url.includes('cut')) {
        answer.writeHead(200, { 'content-length': '1000' });
        answer.write('From ');
        setTimeout(() => answer.destroy(), 10);
        return;
      }
      const status = Number(/\/(\d{3})(?:@|%40)/.exec(url)?.[1] ?? 200);
      if (status !== 200) return void answer.writeHead(status).end('no');
      if (url.includes('garbage')) return void answer.writeHead(200, { 'content-type': 'text/html' }).end('<html>are you a robot?</html>');
      answer.writeHead(200, { 'content-type': 'application/gzip' }).end(gzipSync(mailbox));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/all`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test.each([
    ['<v1-0@example.com>', '/all/v1-0%40example.com/t.mbox.gz'],
    ['address', '/list/v1-0@example.com/t.mbox.gz'],
    ['address/', '/list/v1-0@example.com/t.mbox.gz'],
    ['address/T/#u', '/list/v1-0@example.com/t.mbox.gz'],
    ['address/t.mbox.gz', '/list/v1-0@example.com/t.mbox.gz'],
  ])('is asked for the thread of %s', async (name, path) => {
    const given = name.replace('address', `${base.replace('/all', '/list')}/v1-0@example.com`);
    const { bytes } = valueOf(await fetchThread(given, base));
    expect(asked.at(-1)).toBe(path);
    expect(gunzipSync(bytes).toString()).toBe(mailbox);
    const series = await readSeries([{ name: given, bytes }]);
    expect(series.messages.length).toBe(mails.length);
  });

  test.each([
    ['<404@x>', 'has no such message (404)'],
    ['<503@x>', 'is busy (503)'],
    ['<500@x>', '500'],
    ['<garbage@x>', 'something else than a mailbox (text/html)'],
    ['<never@x>', 'has not answered within 0.3 s'],
    ['<cut@x>', 'cannot be fetched from 127.0.0.1'],
  ])('that answers badly to %s is one message', async (name, words) => {
    const answer = await fetchThread(name, base, 300);
    expect(answer.ok ? '' : answer.failure.message).toContain(words);
  });

  test('that is nowhere is one message', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const closed = (other.address() as AddressInfo).port;
    await new Promise((resolve) => other.close(resolve));
    for (const [archive, words] of [
      [`http://127.0.0.1:${closed}/all`, 'ECONNREFUSED'],
      ['nowhere', 'is no address of an archive'],
    ] as const) {
      const answer = await fetchThread('<x@y>', archive);
      expect(answer.ok ? '' : answer.failure.message).toContain(words);
    }
  });
});

const isInstalled = spawnSync('public-inbox-httpd', ['--help']).error === undefined;

describe.skipIf(!isInstalled)(`public-inbox${isInstalled ? '' : ' (skipped: public-inbox-httpd is not installed)'}`, () => {
  test('serves a thread that is read as its mailbox is', async () => {
    const home = mkdtempSync(join(tmpdir(), 'fuse-review-inbox-'));
    const env = { ...process.env, HOME: home, PI_CONFIG: join(home, 'config'), PI_DIR: join(home, '.public-inbox') };
    mkdirSync(env.PI_DIR, { recursive: true });
    const port = 20_000 + (process.pid % 20_000);
    const inbox = join(home, 'inbox');
    try {
      execFileSync('public-inbox-init', ['-V2', 'list', inbox, `http://127.0.0.1:${port}/list`, 'list@example.com'], {
        env,
        stdio: 'pipe',
      });
      execFileSync('git', ['config', '--file', env.PI_CONFIG, 'publicinboxmda.spamcheck', 'none']);
      for (const [at, mail] of mailbox.split(/(?=^From mboxrd)/m).entries()) {
        const file = join(home, `${at}.eml`);
        writeFileSync(
          file,
          mail.replace(/^From .*\n/, 'To: list@example.com\n').replace(/^(Message-ID|In-Reply-To): <([^>@]+)>/gm, '$1: <$2@example.com>'),
        );
        execFileSync('public-inbox-mda', ['--no-precheck'], {
          env: { ...env, ORIGINAL_RECIPIENT: 'list@example.com' },
          input: execFileSync('cat', [file]),
          stdio: 'pipe',
        });
      }
      const serving = spawn('public-inbox-httpd', ['-l', `http://127.0.0.1:${port}`, '-W0'], { env, stdio: 'ignore' });
      try {
        let answer = await fetchThread('<v1-0@example.com>', `http://127.0.0.1:${port}/list`);
        for (let tried = 0; !answer.ok && answer.failure.message.includes('ECONNREFUSED') && tried < 100; tried++) {
          await new Promise((resolve) => setTimeout(resolve, 100));
          answer = await fetchThread('<v1-0@example.com>', `http://127.0.0.1:${port}/list`);
        }
        const series = await readSeries([valueOf(answer)]);
        expect(series.messages.map(({ mail }) => mail.subject).sort()).toEqual(
          mails
            .filter(({ id }) => id !== 'v1-2-pat')
            .map(({ subject }) => subject)
            .sort(),
        );
        const none = await fetchThread('<none@example.com>', `http://127.0.0.1:${port}/list`);
        expect(none.ok ? '' : none.failure.message).toContain('has no such message');
      } finally {
        serving.kill();
      }
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }, 60_000);
});
