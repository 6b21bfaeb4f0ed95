// Programs that are run to their end, or ended with all that they started.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { lines, runProcess } from '../../extension/executor/processes.js';
import { isAlive } from './processes-left.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'processes-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a program that is run', () => {
  test('gives its exit code and its last lines, of both outputs, in the C locale', async () => {
    const seen: string[] = [];
    const script = 'echo out; echo err >&2; echo "$LC_ALL $X"; printf rest; exit 3';
    const { code, tail, failure, cancelled } = await runProcess('sh', ['-c', script], {
      env: { X: 'x' },
      onLine: (line) => seen.push(line),
    });
    expect([...seen].sort()).toEqual(['C x', 'err', 'out', 'rest']);
    expect({ code, failure, cancelled }).toEqual({ code: 3, failure: null, cancelled: false });
    expect(tail).toEqual(seen);
    expect((await runProcess('seq', ['500'])).tail).toEqual(Array.from({ length: 200 }, (_, index) => String(index + 301)));
  });

  test('reads what it is given, also where it does not want it', async () => {
    expect((await runProcess('cat', [], { input: 'one\ntwo\n' })).tail).toEqual(['one', 'two']);
    expect((await runProcess('true', [], { input: 'x'.repeat(1 << 20) })).code).toBe(0);
  });

  test('that is not there is no exception', async () => {
    const { code, failure } = await runProcess('no-such-program', []);
    expect(failure?.code).toBe('ENOENT');
    expect(code).not.toBe(0);
  });

  test('is ended with its children when the signal aborts', async () => {
    const ending = new AbortController();
    const pids = join(folder, 'pids');
    const script = `sleep 100 & echo $! > ${pids}; echo ready; wait`;
    const result = await runProcess('sh', ['-c', script], { signal: ending.signal, onLine: () => ending.abort() });
    expect(result).toMatchObject({ code: null, cancelled: true });
    await vi.waitFor(() => expect(isAlive(Number(readFileSync(pids, 'utf8')))).toBe(false), 2000);
    expect(await runProcess('touch', [join(folder, 'never')], { signal: ending.signal })).toMatchObject({ cancelled: true, tail: [] });
  });

  test('that does not listen is ended by force', async () => {
    const ending = new AbortController();
    const began = Date.now();
    const script = 'trap "" TERM; echo ready; while :; do sleep 0.1; done';
    const result = await runProcess('sh', ['-c', script], { signal: ending.signal, onLine: () => ending.abort() });
    expect(result.cancelled).toBe(true);
    expect(Date.now() - began).toBeGreaterThan(1500);
  });
});

test('lines are cut where they end, whatever the chunks', () => {
  const stream = new PassThrough();
  const seen: string[] = [];
  const rest = lines(stream, (line) => seen.push(line));
  for (const chunk of ['a\nb', 'c\r\n\nd\nä', 'e']) stream.emit('data', chunk);
  expect(seen).toEqual(['a', 'bc', '', 'd']);
  rest();
  rest();
  expect(seen.slice(4)).toEqual(['äe']);
});
