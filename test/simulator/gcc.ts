// Runs C with gcc, as the kernel is compiled where that changes what code means.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const compiler = process.env.CC ?? 'gcc';

/** Why tests against gcc have to be skipped, or null. Throws on CI, so that nobody takes skipped tests for passed ones. */
export function gccMissing(): string | null {
  try {
    execFileSync(compiler, ['--version'], { stdio: 'ignore' });
    return process.arch === 'x64' ? null : `${process.arch} is not x86-64`;
  } catch {
    if (process.env.CI === 'true') throw new Error(`${compiler} is missing`);
    return `${compiler} is missing`;
  }
}

/** What stands in C for words that the kernel has from its headers. */
const words = `
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32; typedef unsigned long long u64;
typedef signed char s8; typedef short s16; typedef int s32; typedef long long s64;
#define container_of(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))
#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile __typeof__(x) *)&(x) = (v))
`;

/** The lines that a program prints whose `main` has this body. */
export function linesOfGcc(text: string, main: string): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'gcc-'));
  try {
    const source = join(folder, 'test.c');
    const program = join(folder, 'test');
    writeFileSync(source, `${words}\n${text}\nint main(void)\n{\n${main}\nreturn 0;\n}\n`);
    execFileSync(compiler, [
      '-std=gnu11',
      '-O1',
      '-w',
      '-fwrapv',
      '-fno-strict-aliasing',
      '-funsigned-char',
      '-Wno-packed-bitfield-compat',
      '-o',
      program,
      source,
    ]);
    return execFileSync(program, { encoding: 'utf8', maxBuffer: 1 << 26, timeout: 20_000 })
      .trimEnd()
      .split('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
