import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const sample = new URL('../../sample', import.meta.url).pathname;

describe('the bundled sample', () => {
  let copy: string;

  // Outside of any repository, as git would take paths to be relative to its root.
  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), 'fuse-review-sample-'));
    cpSync(join(sample, 'tree'), copy, { recursive: true });
  });
  afterEach(() => rmSync(copy, { recursive: true, force: true }));

  const git = (...args: string[]) => execFileSync('git', args, { cwd: copy, encoding: 'utf8', stdio: 'pipe' });

  test('is a thread of a cover letter, three patches and a reply', () => {
    const subjects = [...readFileSync(join(sample, 'series.mbox'), 'utf8').matchAll(/^Subject: (.*)$/gm)].map((match) => match[1]);
    expect(subjects.map((subject) => subject?.replace(/\].*/, ']'))).toEqual([
      '[PATCH 0/3]',
      '[PATCH 1/3]',
      '[PATCH 2/3]',
      '[PATCH 3/3]',
      'Re: [PATCH 2/3]',
    ]);
  });

  test('applies to its tree in order, with nothing left over', () => {
    git('apply', '--check', join(sample, 'series.mbox'));
    git('apply', join(sample, 'series.mbox'));
    git('apply', '--check', '--reverse', join(sample, 'series.mbox'));
  });

  test('has the function that the subsystem is detected by', () => {
    expect(readFileSync(join(sample, 'tree/fs/fuse/backing.c'), 'utf8')).toMatch(/^int fuse_backing_open\(/m);
  });
});
