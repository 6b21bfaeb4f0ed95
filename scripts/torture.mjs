// Puts gcc's torture tests, programs that compilers got wrong once, where the bench of them looks: .cache/gcc-torture/execute, from
// Debian's package of gcc's sources. `npm run bench:torture` gets them by itself.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { download, forgetLists, machineLists, mirrorsOf, missingTools, unpackTarball } from './debian.mjs';
import { cache, isProgram, main, ScriptError } from './tools.mjs';

const version = '12';
const suites = ['bookworm', 'trixie', 'sid'];
const target = join(cache, 'gcc-torture');

/** Gets them where they are not there; a ScriptError says in one line why that can't be done. */
export async function tortureTests() {
  if (existsSync(join(target, 'execute'))) return 0;
  const tools = missingTools();
  const mirrors = mirrorsOf(machineLists());
  const instead = `put gcc/testsuite/gcc.c-torture/execute of any gcc ${version} into .cache/gcc-torture`;
  if (tools.length > 0) throw new ScriptError(`gcc's torture tests: ${tools.join(', ')} not found; ${instead}`);
  if (!mirrors.archive) throw new ScriptError(`gcc's torture tests: no Debian mirror in the machine’s apt lists; ${instead}`);
  const reasons = [];
  for (const suite of suites) {
    console.error(`gcc ${version}: looking for its torture tests in ${suite}`);
    const { deb, reason } = await download(`gcc-${version}-source`, suite, mirrors);
    if (deb === undefined) {
      reasons.push(`${suite}: ${reason}`);
      continue;
    }
    const unpacked = await unpack(deb);
    rmSync(deb, { force: true });
    if (unpacked) break;
    reasons.push(`${suite}: the package could not be unpacked`);
  }
  forgetLists();
  if (!existsSync(join(target, 'execute'))) throw new ScriptError(`gcc's torture tests: ${reasons.join('; ')}; ${instead}`);
  return 0;
}

async function unpack(deb) {
  const partial = `${target}.${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  // gcc-12-12.3.0/gcc/testsuite/gcc.c-torture/execute/...
  const parts = ['--wildcards', '--strip-components=4', '*/gcc/testsuite/gcc.c-torture/execute'];
  const unpacked =
    (await unpackTarball(deb, `./usr/src/gcc-${version}/gcc-${version}*.tar.xz`, parts, partial)) && existsSync(join(partial, 'execute'));
  if (unpacked) {
    rmSync(target, { recursive: true, force: true });
    renameSync(partial, target);
  } else rmSync(partial, { recursive: true, force: true });
  return unpacked;
}

if (isProgram(import.meta.url)) await main(tortureTests);
