// Puts real kernel trees where tests and people find them: .cache/trees/linux-6.1, linux-6.12 and linux-7.2.
//
//   npm run trees                             from Debian's source packages
//   npm run trees -- --only 7.2               one of them
//   npm run trees -- --link 7.2=/src/linux    a folder of yours instead
//   npm run trees -- --to DIR                 somewhere else
//
// What no x86 kernel is built from stays in the package.
import { existsSync, lstatSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { download, forgetLists, machineLists, mirrorsOf, missingTools, unpackTarball } from './debian.mjs';
import { cache, isProgram, main, ScriptError } from './tools.mjs';

/** Versions and the suites that carry (or carried) their source packages, most lasting first. */
const versions = [
  { version: '6.1', suites: ['bookworm', 'bookworm-security', 'bookworm-updates'] },
  { version: '6.12', suites: ['trixie', 'trixie-security', 'bookworm-security'] },
  { version: '7.2', suites: ['trixie-backports', 'forky', 'sid'] },
];

/** The large parts that no build for x86 reads, as tar patterns below the tree's root: the manual but its Kconfig, boards, registers. */
const leftOut = ['Documentation/[!K]*', 'arch/*/boot/dts', 'drivers/gpu/drm/amd/include/asic_reg', 'tools/testing/selftests'];

/** Whether a folder is a kernel tree as far as reviews read it. */
const isTree = (folder) => existsSync(join(folder, 'fs', 'fuse')) && existsSync(join(folder, 'include', 'linux'));

/** Whether a kernel can be built from it. */
const isWhole = (folder) => isTree(folder) && existsSync(join(folder, 'arch', 'x86', 'Makefile'));

/** The wanted parts of the tree in a source package, unpacked without a copy of the whole in between. */
async function unpack(version, deb, target) {
  const partial = `${target}.${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const tarball = `linux-source-${version}`;
  const without = leftOut.map((each) => `--exclude=${tarball}/${each}`);
  const parts = ['--wildcards', ...without, '--strip-components=1'];
  const unpacked = await unpackTarball(deb, `./usr/src/${tarball}.tar.xz`, parts, partial);
  if (!unpacked || !isWhole(partial)) {
    rmSync(partial, { recursive: true, force: true });
    return 'the package could not be unpacked';
  }
  rmSync(target, { recursive: true, force: true });
  renameSync(partial, target);
  return undefined;
}

const instead = (version) =>
  `unpack any Linux ${version} somewhere and name it: npm run trees -- --link ${version}=/path/to/linux-${version}`;

/** undefined when the tree is there; otherwise one line that says why not and what to do. */
async function provide({ version, suites }, to, mirrors) {
  const target = join(to, `linux-${version}`);
  const linked = lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  if (isWhole(target) || (linked && isTree(target))) {
    console.log(`linux-${version}: there already`);
    return undefined;
  }
  if (existsSync(target) && !isTree(target))
    return `linux-${version}: ${target} is there but has no fs/fuse and include/linux; remove it and try again`;
  const tools = missingTools();
  if (tools.length > 0 || !mirrors.archive) {
    const lack = tools.length > 0 ? `${tools.join(', ')} not found` : 'no Debian mirror in the machine’s apt lists';
    return `linux-${version}: ${lack}, so it can't come from Debian's packages; ${instead(version)}`;
  }
  const reasons = [];
  for (const suite of suites) {
    console.log(`linux-${version}: looking in ${suite}`);
    const { deb, reason } = await download(`linux-source-${version}`, suite, mirrors);
    if (deb === undefined) {
      reasons.push(`${suite}: ${reason}`);
      continue;
    }
    const failure = await unpack(version, deb, target);
    rmSync(deb, { force: true });
    if (failure === undefined) {
      console.log(`linux-${version}: unpacked from ${suite}`);
      return undefined;
    }
    reasons.push(`${suite}: ${failure}`);
  }
  return `linux-${version}: not to be had from Debian now (${reasons.join('; ')}); ${instead(version)}`;
}

function linkTree(argument, to) {
  const [, version, path] = /^([\d.]+)=(.+)$/.exec(argument) ?? [];
  if (version === undefined) throw new ScriptError(`--link ${argument}: write VERSION=FOLDER, such as 7.2=/src/linux`);
  // npm's scripts run in the repository's root; the user stands where INIT_CWD says.
  const folder = resolve(process.env.INIT_CWD ?? process.cwd(), path);
  if (!isTree(folder)) throw new ScriptError(`--link ${argument}: ${folder} has no fs/fuse and include/linux, so it is no kernel tree`);
  const target = join(to, `linux-${version}`);
  const present = lstatSync(target, { throwIfNoEntry: false });
  if (present && !present.isSymbolicLink()) throw new ScriptError(`--link ${argument}: ${target} is a folder already; remove it first`);
  if (present) rmSync(target);
  symlinkSync(folder, target, 'junction');
  console.log(`linux-${version}: linked to ${folder}`);
}

export async function trees(argv) {
  let values;
  try {
    const text = { type: 'string' };
    const list = { type: 'string', multiple: true };
    ({ values } = parseArgs({ args: argv, options: { to: text, link: list, only: list } }));
  } catch (error) {
    throw new ScriptError(`${error.message}\nusage: npm run trees -- [--only VERSION]… [--link VERSION=FOLDER]… [--to DIR]`);
  }
  const to = values.to === undefined ? join(cache, 'trees') : resolve(process.env.INIT_CWD ?? process.cwd(), values.to);
  mkdirSync(to, { recursive: true });
  if (values.link) {
    for (const each of values.link) linkTree(each, to);
    return 0;
  }
  const only = values.only;
  const unknown = only?.find((version) => !versions.some((each) => each.version === version));
  if (unknown)
    throw new ScriptError(`--only ${unknown}: Debian's packages are set up for ${versions.map((each) => each.version).join(', ')}`);
  const mirrors = mirrorsOf(machineLists());
  const problems = [];
  for (const each of versions) {
    if (only && !only.includes(each.version)) continue;
    const problem = await provide(each, to, mirrors);
    if (problem) problems.push(problem);
  }
  forgetLists();
  for (const problem of problems) console.error(problem);
  return problems.length > 0 ? 1 : 0;
}

if (isProgram(import.meta.url)) await main(() => trees(process.argv.slice(2)));
