// What has to be on this machine to build a kernel and to start it, and which package has it.
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runProcess } from './processes.js';

interface Need {
  /** A program, or a C header in `<...>`. */
  readonly name: string;
  /** Debian's package. */
  readonly debian: string;
}

const toBuild: readonly Need[] = [
  { name: 'make', debian: 'make' },
  { name: 'gcc', debian: 'gcc' },
  { name: 'ld', debian: 'binutils' },
  { name: 'flex', debian: 'flex' },
  { name: 'bison', debian: 'bison' },
  { name: 'bc', debian: 'bc' },
  { name: 'perl', debian: 'perl' },
  { name: '<gelf.h>', debian: 'libelf-dev' },
];

const toRun: readonly Need[] = [{ name: 'qemu-system-x86_64', debian: 'qemu-system-x86' }];

/** One line that names all that is missing and how to get it, or null where nothing is. */
export async function missingTools(path = process.env.PATH ?? ''): Promise<string | null> {
  const missing: Need[] = [];
  for (const need of [...toBuild, ...toRun]) {
    if (need.name.startsWith('<') ? !(await hasHeader(need.name)) : findProgram(need.name, path) === undefined) missing.push(need);
  }
  if (missing.length === 0) return null;
  const names = missing.map(({ name }) => name).join(', ');
  return `${names} not found; on Debian: apt-get install ${missing.map(({ debian }) => debian).join(' ')}`;
}

/** The absolute path of a program on the search path. */
export function findProgram(name: string, path = process.env.PATH ?? ''): string | undefined {
  return path
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** The compiler's own word on its version: what is built depends on it. Empty where it can't be run. */
export async function compilerVersion(): Promise<string> {
  const { code, tail } = await runProcess('gcc', ['-v']);
  return code === 0 ? (tail.find((line) => line.startsWith('gcc version')) ?? '') : '';
}

async function hasHeader(name: string): Promise<boolean> {
  const { code, failure } = await runProcess('gcc', ['-E', '-x', 'c', '-o', '/dev/null', '-'], { input: `#include ${name}\n` });
  // Without a compiler nothing is known about headers; that it is missing is told by itself.
  return failure !== null || code === 0;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
