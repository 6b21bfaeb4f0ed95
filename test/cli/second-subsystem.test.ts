// A second subsystem is a folder in runtime/ and one in guest/: with those of test/fixtures/toy-subsystem/ beside FUSE's the same
// program checks it, simulates it and makes its guest.
import { valueOf } from '../support/result.js';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../extension/cli/run.js';
import { guestProgram } from '../../extension/executor/guest-program.js';
import { Reviewer } from '../../extension/review/reviewer.js';
import { Runner } from '../../extension/runner/runner.js';
import { installedRuntimes } from '../../extension/runner/installed-runtimes.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
import { testInstallation } from '../support/runner.js';

const root = join(import.meta.dirname, '../..');
const toy = join(root, 'test/fixtures/toy-subsystem');

let folder: string;
let parser: SyntaxParser;

beforeAll(async () => {
  parser = await createParser();
  folder = mkdtempSync(join(tmpdir(), 'fuse-review-second-'));
  for (const part of ['runtime', 'guest']) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
    cpSync(join(toy, part), join(folder, part), { recursive: true });
  }
  cpSync(join(toy, 'tree'), join(folder, 'linux'), { recursive: true });
});
afterAll(() => {
  parser.dispose();
  rmSync(folder, { recursive: true, force: true });
});

async function cli(...argv: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let out = '';
  let err = '';
  const model = join(folder, 'runtime');
  const installation = { ...(await testInstallation()), model };
  const code = await run(argv, {
    command: 'fuse-review',
    cwd: join(folder, 'linux'),
    env: {},
    terminal: false,
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    stdin: () => Promise.resolve(new Uint8Array()),
    reviewer: (subsystems) => Promise.resolve(new Reviewer(parser, subsystems)),
    runner: () => new Runner({ installation, workers: 1 }),
    runtimes: () => installedRuntimes(model),
    guest: join(folder, 'guest'),
  });
  return { code, out, err };
}

describe('a second subsystem', () => {
  test('is checked', async () => {
    const { code, out, err } = await cli('check');
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe('nothing found\n8 functions in 2 files, none of them not analysed\n');
  });

  test('is simulated in its own words', { timeout: 60_000 }, async () => {
    const { code, out, err } = await cli('simulate');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^2 scenarios: .*; exhaustive within 1 fault, any number of preemptions$/m);
    expect((await cli('simulate', '--generate', '2')).code).toBe(0);
    expect((await cli('simulate', 'thread-five-steps')).err).toMatch(/no bundled scenario is called that/);
  });

  test('is reviewed: what a patch breaks is found in its text and by running it', { timeout: 60_000 }, async () => {
    const { code, out } = await cli('patch', join(toy, 'leak.patch'), '--format', 'json');
    expect(code).toBe(1);
    const { findings, simulation } = JSON.parse(out) as {
      readonly findings: readonly { readonly rule: string; readonly function: string }[];
      readonly simulation: { readonly introduced: readonly { readonly counterexample: { readonly error: { readonly kind: string } } }[] };
    };
    expect(findings.map((each) => `${each.rule} in ${each.function}`).sort()).toEqual([
      'double-put in toy_play',
      'transfer-mismatch in toy_register',
    ]);
    const kinds = simulation.introduced.map(({ counterexample }) => counterexample.error.kind);
    expect(kinds).toEqual(expect.arrayContaining(['leak', 'refcount']));
  });

  test('leaves the first one as it was, also where a tree holds both', async () => {
    cpSync(join(root, 'sample/tree'), join(folder, 'linux'), { recursive: true });
    const both = await cli('check', '--format', 'json');
    expect(both.err).toBe('');
    const { problems } = JSON.parse(both.out) as { readonly problems: readonly { readonly message: string }[] };
    expect(problems.map(({ message }) => message)).toEqual([
      'it holds several subsystems; fuse was taken, toy left out (--subsystem takes another)',
    ]);
    expect((await cli('check', '--subsystem', 'toy')).code).toBe(0);
  });

  test('is named in the line that shows a path again', { timeout: 60_000 }, async () => {
    const patch = join(toy, 'leak.patch');
    const { out } = await cli('patch', patch, '--subsystem', 'toy');
    const [, line = ''] = /fuse-review (simulate .*)/.exec(out) ?? [];
    const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    expect(words).toContain('toy');
    const again = await cli(...words);
    expect(again.err).toBe('');
    expect(again.code).toBe(1);
  });

  test('is checked, and patches to it are, before it has a word or a driver', async () => {
    const words = join(folder, 'runtime/toy');
    rmSync(words, { recursive: true });
    cpSync(join(toy, 'runtime/toy/subsystem.yaml'), join(words, 'subsystem.yaml'));
    expect((await cli('check', '--subsystem', 'toy')).code).toBe(0);
    const { code, out } = await cli('patch', join(toy, 'leak.patch'), '--subsystem', 'toy', '--no-simulate');
    expect(code).toBe(1);
    expect(out).toMatch(/^patch 1\/1 /);
  });

  const gcc = existsSync('/usr/bin/gcc');
  test.skipIf(!gcc)(`has a guest of its own${gcc ? '' : ' (there is no gcc)'}`, { timeout: 60_000 }, async () => {
    const program = await guestProgram({ guest: join(folder, 'guest'), cache: join(folder, 'cache') }, 'toy');
    expect(existsSync(valueOf(program))).toBe(true);
  });
});
