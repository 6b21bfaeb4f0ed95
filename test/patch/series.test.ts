// Mailboxes, mails and diffs as people have them, good and bad, into patches.
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readMail, splitMailbox, type Mail } from '../../extension/patch/mail.js';
import { readSeries, type Series } from '../../extension/patch/series.js';
import { valueOf } from '../support/result.js';

const separator = 'From mboxrd@z Thu Jan  1 00:00:00 1970\n';
const diff = `diff --git a/fs/fuse/iomode.c b/fs/fuse/iomode.c
index 3a4ae63..7d4d613 100644
--- a/fs/fuse/iomode.c
+++ b/fs/fuse/iomode.c
@@ -1,3 +1,4 @@
 // SPDX-License-Identifier: GPL-2.0
+/* I/O modes of an inode */
 #include "fuse_i.h"
 #include <linux/file.h>
`;

interface MailText {
  readonly subject?: string;
  readonly id?: string;
  readonly headers?: string;
  readonly body?: string;
}

function mail({
  subject = '[PATCH] fuse: say what iomode.c is',
  id = 'one@example',
  headers = '',
  body = `---\n${diff}-- \n2.39.5\n`,
}: MailText = {}): string {
  return `From: Miklos Example <miklos@example.org>\nSubject: ${subject}\nDate: Thu, 21 Aug 2025 12:00:00 -0700\nMessage-ID: <${id}>\n${headers}\n${body}\n`;
}

function mbox(...mails: MailText[]): string {
  return mails.map((each, index) => separator + mail({ id: `${index}@example`, ...each })).join('');
}

function bytes(text: string, encoding: BufferEncoding = 'utf8'): Uint8Array {
  return Buffer.from(text, encoding);
}

function read(...texts: (string | Uint8Array)[]): Promise<Series> {
  return readSeries(texts.map((text, index) => ({ name: `input-${index}`, bytes: typeof text === 'string' ? bytes(text) : text })));
}

async function decoded(text: string | Uint8Array): Promise<Mail> {
  return valueOf(await readMail(typeof text === 'string' ? bytes(text) : text));
}

describe('a mailbox', () => {
  test('is split where git mailsplit splits it, not at a line of prose that begins with From', () => {
    const body = 'From what I see, fuse_backing_get() is fine.\nFrom here on: 12:34:56\n';
    const mails = splitMailbox(bytes(mbox({ body }, { body: 'second\n' })));
    expect(mails).toHaveLength(2);
    expect(Buffer.from(mails[0] ?? []).toString()).toContain(body);
  });

  test('has >From and >>From unquoted by one, and > From left', () => {
    const [only] = splitMailbox(bytes(mbox({ body: '>From the index\n>>From the inode\n> From a quote\n' })));
    expect(Buffer.from(only ?? []).toString()).toContain('\nFrom the index\n>From the inode\n> From a quote\n');
  });

  test('without a From line is one mail', () => {
    expect(splitMailbox(bytes(mail()))).toHaveLength(1);
  });

  test('gives its patches by number, without the cover letter', async () => {
    const { patches, problems } = await read(
      mbox(
        { subject: '[PATCH v2 2/2] fuse: second' },
        { subject: '[PATCH v2 0/2] fuse: backing ids', body: 'No functional change.\n' },
        { subject: '[PATCH v2 1/2] fuse: first' },
        { subject: 'Re: [PATCH v2 1/2] fuse: first', body: `> ${diff.replaceAll('\n', '\n> ')}\nLooks good.\n` },
      ),
    );
    expect(patches.map(({ subject }) => subject)).toEqual(['[PATCH v2 1/2] fuse: first', '[PATCH v2 2/2] fuse: second']);
    expect(problems).toEqual([]);
  });

  test('with one of three patches missing says which', async () => {
    const { problems } = await read(mbox({ subject: '[PATCH 1/3] a' }, { subject: '[PATCH 3/3] c' }));
    expect(problems).toEqual([{ where: 'input-0', severity: 'warning', message: 'holds 2 of 3 patches; missing: 2/3' }]);
  });

  test('with two versions gives the newest and says so', async () => {
    const { patches, problems } = await read(mbox({ subject: '[PATCH] a' }, { subject: '[PATCH v2] a' }));
    expect(patches.map(({ subject }) => subject)).toEqual(['[PATCH v2] a']);
    expect(problems[0]?.message).toBe('holds several versions of the series; v2 is taken, 1 older left out');
  });

  test('gives a mail that came twice, from the list and by Cc, once', async () => {
    const { patches } = await read(mbox({ id: 'same@example' }, { id: 'same@example' }));
    expect(patches).toHaveLength(1);
  });

  test('with a reply that carries a diff at the margin leaves it out and says so', async () => {
    const { patches, problems } = await read(mbox({}, { subject: 'Re: [PATCH] fuse', body: `How about\n${diff}` }));
    expect(patches).toHaveLength(1);
    expect(problems).toMatchObject([
      { severity: 'warning', line: 20, message: 'the reply "Re: [PATCH] fuse" carries a diff, which is no patch of the series' },
    ]);
  });

  test('as lore.kernel.org packs it is unpacked; a damaged one is said', async () => {
    const packed = gzipSync(mbox({}));
    expect((await read(packed)).patches).toHaveLength(1);
    expect((await read(packed.subarray(0, 60))).problems[0]?.message).toBe('is gzip-compressed and damaged; download it again');
  });

  test('that was cut in the middle of a hunk says so, with the line in the mailbox', async () => {
    const whole = mbox({ subject: '[PATCH 1/2] a' }, { subject: '[PATCH 2/2] b' });
    const { patches } = await read(whole.slice(0, whole.lastIndexOf(' #include "fuse_i.h"')));
    expect(patches[0]?.diff[0]?.problems).toEqual([]);
    expect(patches[1]?.diff[0]).toMatchObject({ hunkCount: 1, hunks: [] });
    const lines = whole.split('\n');
    expect(patches[1]?.diff[0]?.problems).toEqual([
      {
        where: 'input-0',
        severity: 'error',
        line: lines.lastIndexOf('+/* I/O modes of an inode */') + 1,
        message:
          'hunk 1 of fs/fuse/iomode.c (@@ -1,3 +1,4 @@) is cut off: after 1 of 3 old and 2 of 4 new lines the text ends; get the patch again, not wrapped by a mailer',
      },
    ]);
  });
});

describe('a mail', () => {
  test('has its subject unfolded and decoded, with author, date and id', async () => {
    const subject = '=?utf-8?q?=5BPATCH_v2=5D_fuse=3A_Gr=C3=BC=C3=9Fe?=\n =?utf-8?q?_from?= the index';
    expect(await decoded(mail({ subject }))).toMatchObject({
      subject: '[PATCH v2] fuse: Grüße from the index',
      author: 'Miklos Example <miklos@example.org>',
      date: 'Thu, 21 Aug 2025 12:00:00 -0700',
      messageId: 'one@example',
      problems: [],
    });
  });

  test.each([
    ['iso-8859-1', 'Grüße', 'latin1' as const, 'Grüße'],
    ['windows-1252', 'a\x96b', 'latin1' as const, 'a–b'],
    ['iso-8859-2', '\xb9koda', 'latin1' as const, 'škoda'],
    ['windows-1251', '\xff\xe4\xf0\xee', 'latin1' as const, 'ядро'],
    ['koi8-r', '\xd1\xc4\xd2\xcf', 'latin1' as const, 'ядро'],
    ['gb2312', '\xc4\xda\xba\xcb', 'latin1' as const, '内核'],
    ['utf-8', 'Grüße', 'utf8' as const, 'Grüße'],
    ['us-ascii', 'Grüße', 'utf8' as const, 'Grüße'],
    ['iso-8859-1', 'Grüße', 'utf8' as const, 'Grüße'],
  ])('in %s, %j as %s, reads %j', async (charset, text, encoding, expected) => {
    const source = mail({ headers: `Content-Type: text/plain; charset=${charset}\n`, body: text });
    expect((await decoded(bytes(source, encoding))).body.trim()).toBe(expected);
  });

  test('in a charset that nobody knows says so and is read', async () => {
    const result = await decoded(bytes(mail({ headers: 'Content-Type: text/plain; charset=x-klingon\n', body: 'Gr\xfc\xdfe' }), 'latin1'));
    expect(result.body.trim()).toBe('Grüße');
    expect(result.problems[0]?.message).toBe('has an unknown charset "x-klingon"; read as UTF-8 or Latin-1');
  });

  test('in quoted-printable or base64 gives the same patch as in plain text', async () => {
    const plain = (await read(mail())).patches[0];
    const wrapped = diff.replaceAll('=', '=3D').replaceAll('linux/file', 'linux/f=\nile');
    const quoted = await read(mail({ headers: 'Content-Transfer-Encoding: quoted-printable\n', body: `---\n${wrapped}-- =\n\n2.39.5\n` }));
    const base64 = await read(
      mail({
        headers: 'Content-Transfer-Encoding: base64\n',
        body: Buffer.from(`---\r\n${diff}`.replace(/\r?\n/g, '\r\n')).toString('base64'),
      }),
    );
    for (const { patches } of [quoted, base64]) {
      expect(patches[0]?.diff[0]?.hunks[0]?.lines).toEqual(plain?.diff[0]?.hunks[0]?.lines);
      expect(patches[0]?.diff[0]?.problems).toEqual([]);
    }
  });

  test('whose transport ends lines in CRLF gives LF; a patch to a CRLF file keeps its CRs', async () => {
    const lines = (await read(mail())).patches[0]?.diff[0]?.hunks[0]?.lines;
    const sent = await read(mail().replaceAll('\n', '\r\n'));
    expect(sent.patches[0]?.diff[0]?.hunks[0]?.lines).toEqual(lines);
    const returns = diff.replace(/^([ +](?!\+\+).*)$/gm, '$1\r');
    const kept = await read(mail({ body: `---\n${returns}` }));
    expect(kept.patches[0]?.diff[0]?.hunks[0]?.lines.map(({ text }) => text)).toEqual(lines?.map(({ text }) => text.replace('\n', '\r\n')));
  });

  test('in format=flowed is left as it is, with a warning', async () => {
    const { patches } = await read(mail({ headers: 'Content-Type: text/plain; charset=utf-8; format=flowed\n' }));
    expect(patches[0]?.diff[0]?.hunks[0]?.lines[2]?.text).toBe('#include "fuse_i.h"\n');
    expect(patches[0]?.problems[0]?.message).toMatch(/^is format=flowed: /);
  });

  test('with the patch attached gives it, in text/x-patch, in octets by name, in base64', async () => {
    const part = (headers: string, body: string) => `--cut\n${headers}\n\n${body}\n`;
    const body = [
      part('Content-Type: text/plain; charset=utf-8', 'Patch attached.'),
      part('Content-Type: text/x-patch; charset=utf-8\nContent-Disposition: inline; filename="a.patch"', diff),
      part(
        'Content-Type: application/octet-stream\nContent-Disposition: attachment; filename="b.diff"\nContent-Transfer-Encoding: base64',
        Buffer.from(diff).toString('base64'),
      ),
      part('Content-Type: text/plain\nContent-Disposition: attachment; filename="0001-c.patch"', mail({ subject: '[PATCH] inner' })),
      '--cut--\n',
    ].join('');
    const { patches } = await read(mail({ headers: 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="cut"\n', body }));
    expect(patches.map(({ source, subject }) => [source, subject])).toEqual([
      ['input-0 (a.patch)', '[PATCH] fuse: say what iomode.c is'],
      ['input-0 (b.diff)', '[PATCH] fuse: say what iomode.c is'],
      ['input-0 (0001-c.patch)', '[PATCH] inner'],
    ]);
    expect(patches.every((patch) => patch.diff[0]?.hunks.length === 1)).toBe(true);
  });

  test('forwarded for another author carries that author', async () => {
    const body = `From: Amir Example <amir@example.org>\n\nWhy this is right.\n\nSigned-off-by: A\n---\nv2: rebased\n\n${diff}`;
    const { patches } = await read(mail({ body }));
    expect(patches[0]).toMatchObject({ author: 'Amir Example <amir@example.org>' });
  });
});

describe('inputs that hold no patch', () => {
  test.each([
    ['nothing', '', 'is empty'],
    ['blank lines', '\n \n', 'is empty'],
    ['prose', 'Dear list,\nplease apply.\n', 'holds neither a mail nor a diff; give an mbox, a patch or a diff'],
    ['bytes of a program', '\x7fELF\0\0\0', 'holds neither a mail nor a diff; give an mbox, a patch or a diff'],
    [
      'a cover letter alone',
      mbox({ subject: '[PATCH 0/2] ids', body: 'Hi\n' }),
      'holds no patch: no mail has a diff of its own (quoted ones do not count); it holds "[PATCH 0/2] ids" (a cover letter)',
    ],
    [
      'a mail that quotes a diff',
      mail({ subject: 'question', body: `> ${diff.replaceAll('\n', '\n> ')}` }),
      'holds no patch: no mail has a diff of its own (quoted ones do not count); it holds "question"',
    ],
  ])('%s: one error that says so', async (_, text, message) => {
    expect(await read(text)).toMatchObject({
      patches: [],
      problems: [{ where: 'input-0', severity: 'error', message }],
    });
  });
});

test('several inputs give their patches in the order given, whatever their numbers', async () => {
  const { patches } = await read(mail({ subject: '[PATCH 2/2] b' }), mail({ subject: '[PATCH 1/2] a' }), diff);
  expect(patches.map(({ subject }) => subject)).toEqual(['[PATCH 2/2] b', '[PATCH 1/2] a', '']);
});

test('a mail under a From line without a time is a mail', async () => {
  expect((await read(`From nobody\n${mail()}`)).patches[0]?.author).toBe('Miklos Example <miklos@example.org>');
});

test('a reply with a diff of its own, alone, is no patch, and that is an error', async () => {
  const { patches, problems } = await read(mail({ subject: 'Re: [PATCH] x' }));
  expect(patches).toEqual([]);
  expect(problems.map(({ severity }) => severity)).toEqual(['warning', 'error']);
});

test('a bare diff as PowerShell writes it, in UTF-16, is read', async () => {
  const { patches } = await read(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(diff.replaceAll('\n', '\r\n'), 'utf16le')]));
  expect(patches[0]?.diff[0]?.hunks[0]?.lines[0]?.text).toBe('// SPDX-License-Identifier: GPL-2.0\n');
});

describe('attachments in attachments', () => {
  /** A patch in an attachment of a mail, in an attachment of a mail, so many times. */
  function nested(depth: number): Uint8Array {
    let text = diff;
    for (let at = 0; at < depth; at++) {
      const parts = `--q${at}\nContent-Type: text/plain\n\nhi\n--q${at}\nContent-Type: text/x-patch; name="a.patch"\n\n${text}\n--q${at}--\n`;
      text = `From: a\nSubject: [PATCH] x${at}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="q${at}"\n\n${parts}`;
    }
    return Buffer.from(text);
  }

  test('are read', async () => {
    const { patches, problems } = await readSeries([{ name: 'x.mbox', bytes: nested(20) }]);
    expect(patches.map(({ source, subject }) => [source, subject])).toEqual([['x.mbox (a.patch)', '[PATCH] x0']]);
    expect(problems).toEqual([]);
  });

  test.each([101, 800])('are left out where they are %i deep, with one message that names the mail', async (depth) => {
    const started = performance.now();
    const { patches, problems } = await readSeries([{ name: 'x.mbox', bytes: nested(depth) }]);
    expect(patches).toEqual([]);
    expect(problems).toEqual([
      {
        where: 'x.mbox',
        line: 1,
        severity: 'error',
        message: `the mail "[PATCH] x${depth - 1}" nests attachments more than 100 deep, or to 8 times its size; the innermost are left out`,
      },
    ]);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test('as parts of one mail are bounded too', async () => {
    let part = 'Content-Type: text/plain\n\nhi\n';
    for (let at = 0; at < 300; at++) part = `Content-Type: multipart/mixed; boundary="q${at}"\n\n--q${at}\n${part}\n--q${at}--\n`;
    const { problems } = await readSeries([{ name: 'x.mbox', bytes: Buffer.from(`From: a\nSubject: x\nMIME-Version: 1.0\n${part}`) }]);
    expect(problems.map(({ message }) => message)).toEqual([
      'a mail here cannot be read: Maximum MIME nesting depth of 100 levels exceeded; left out',
    ]);
  });
});
