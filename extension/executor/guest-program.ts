// The program that the kernel runs as its first: compiled from the guest's sources with nothing but libc.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Result } from '../model/result.js';
import { initramfs } from './initramfs.js';
import { runProcess } from './processes.js';
import { notExecutable, type ExecutionFailure, type ExecutorInstallation } from './request.js';
import { compilerVersion } from './toolchain.js';

const flags = ['-static', '-O2', '-g0', '-std=gnu11', '-Wall', '-Wextra', '-pthread'];

/** The program's path in the cache, compiled where it is not there. */
export async function guestProgram(
  { guest, cache }: ExecutorInstallation,
  subsystem: string,
  signal?: AbortSignal,
): Promise<Result<string, ExecutionFailure>> {
  const folders = [join(guest, 'agent'), join(guest, subsystem)];
  const absent = folders.find((folder) => !existsSync(folder));
  if (absent !== undefined) return notExecutable(`${absent} is missing, so there is no guest for ${subsystem}`);
  const paths = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /\.[ch]$/.test(name))
      .sort()
      .map((name) => join(folder, name)),
  );
  const hash = createHash('sha256').update(await compilerVersion());
  for (const path of paths) hash.update(`${path.slice(guest.length)}\0`).update(readFileSync(path));
  const folder = join(cache, 'guests');
  const program = join(folder, hash.digest('hex').slice(0, 16));
  if (existsSync(program)) return ok(program);
  mkdirSync(folder, { recursive: true });
  const partial = `${program}.${process.pid}`;
  const sources = paths.filter((path) => path.endsWith('.c'));
  const result = await runProcess('gcc', [...flags, ...folders.map((each) => `-I${each}`), '-o', partial, ...sources], { signal });
  signal?.throwIfAborted();
  if (result.code !== 0) {
    const why = result.failure?.message ?? result.tail.find((line) => /error|cannot find/.test(line)) ?? result.tail.at(-1) ?? '';
    return notExecutable(`the guest's program could not be compiled: ${why}`);
  }
  renameSync(partial, program);
  return ok(program);
}

/** The first file system of a guest, with the canary's module. */
export function guestFileSystem(program: string, module: string): Buffer {
  return initramfs([
    { path: 'dev', content: 'folder' },
    { path: 'dev/console', content: { major: 5, minor: 1 } },
    { path: 'canary.ko', content: readFileSync(module) },
    { path: 'init', content: readFileSync(program) },
  ]);
}
