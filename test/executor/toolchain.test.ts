// What is missing is named with the package that has it.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findProgram, missingTools } from '../../extension/executor/toolchain.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'toolchain-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string, mode = 0o755): void {
  writeFileSync(join(folder, name), '#!/bin/sh\n');
  chmodSync(join(folder, name), mode);
}

test('a program is found where it can be run', () => {
  mkdirSync(join(folder, 'make'));
  expect(findProgram('make', folder)).toBeUndefined();
  program('gcc');
  expect(findProgram('gcc', `/nowhere:${folder}`)).toBe(join(folder, 'gcc'));
  expect(findProgram('gcc', '')).toBeUndefined();
});

test('all that is missing is told in one line with its packages', async () => {
  for (const name of ['make', 'ld', 'flex', 'bc', 'perl']) program(name);
  expect(await missingTools(folder)).toMatch(
    /^gcc, bison(, <gelf\.h>)?, qemu-system-x86_64 not found; on Debian: apt-get install gcc bison( libelf-dev)? qemu-system-x86$/,
  );
});
