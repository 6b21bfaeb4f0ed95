// One holder at a time, also among processes, however they end.
import { valueOf } from '../support/result.js';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { lockFile } from '../../extension/executor/file-lock.js';

let folder: string;
let path: string;
const others: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
  path = join(folder, 'deep/er/lock');
});
afterEach(() => {
  for (const other of others.splice(0)) other.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Another process that holds the lock as a run does: by a flock(1) that ends with its standard input. */
async function otherHolder(): Promise<ChildProcess> {
  const program = `
    const { spawn } = require('node:child_process');
    const child = spawn('flock', [${JSON.stringify(path)}, 'sh', '-c', 'echo held; exec cat'], { stdio: ['pipe', 'pipe', 'ignore'], detached: true });
    child.stdout.on('data', (data) => process.stdout.write(data));`;
  const other = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  others.push(other);
  await new Promise((done) => other.stdout.once('data', done));
  return other;
}

async function held(options: Parameters<typeof lockFile>[1] = {}): Promise<() => void> {
  return valueOf(await lockFile(path, options));
}

/** Whether it is taken within so many milliseconds. */
async function taken(milliseconds: number): Promise<boolean> {
  const given = await held({ signal: AbortSignal.timeout(milliseconds) }).catch(() => null);
  given?.();
  return given !== null;
}

describe('a lock', () => {
  test('is held by one at a time, and given on in turn', async () => {
    const order: string[] = [];
    const user = async (name: string): Promise<void> => {
      const unlock = await held();
      order.push(`${name} begins`);
      await new Promise((done) => setTimeout(done, 20));
      order.push(`${name} ends`);
      unlock();
    };
    await Promise.all(['a', 'b', 'c'].map(user));
    for (let index = 0; index < order.length; index += 2) {
      expect(order[index + 1]).toBe(order[index]?.replace('begins', 'ends'));
    }
    expect(order).toHaveLength(6);
  });

  test('held by another process is waited for, which is told', async () => {
    const unlock = await held();
    const onWait = vi.fn();
    const next = held({ onWait });
    await vi.waitFor(() => expect(onWait).toHaveBeenCalledOnce(), 5000);
    unlock();
    (await next)();
  });

  test('is free when its holder is killed', async () => {
    await held().then((unlock) => unlock());
    const other = await otherHolder();
    expect(await taken(500)).toBe(false);
    other.kill('SIGKILL');
    expect(await taken(5000)).toBe(true);
  });

  test('is no longer waited for when the signal aborts, and then not held', async () => {
    const unlock = await held();
    const ending = new AbortController();
    const waiting = lockFile(path, { signal: ending.signal });
    ending.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    unlock();
    expect(await taken(5000)).toBe(true);
    await expect(lockFile(path, { signal: ending.signal })).rejects.toThrow('enough');
  });

  test('that can not be made is told of', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(lockFile(join(folder, 'file/lock'))).rejects.toThrow(/ENOTDIR|EEXIST/);
  });
});
