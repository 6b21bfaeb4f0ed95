// Puts real kernel trees where tests and people find them: .cache/trees/linux-6.1, linux-6.12 and linux-7.2.
//
//   npm run trees                             from Debian's source packages
//   npm run trees -- --only 7.2               one of them
//   npm run trees -- --link 7.2=/src/linux    a folder of yours instead
//   npm run trees -- --to DIR                 somewhere else
//
// The machine's apt settings are neither used up nor changed: apt gets a private list, made from the machine's own
// mirror with the suite replaced, and private state folders. What no x86 kernel is built from stays in the package.
import { spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cache, isProgram, main, run, ScriptError, which } from './tools.mjs';

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

/**
 * The machine's Debian mirrors: the first entry of its lists for the main archive and for security updates, in either of
 * apt's two formats.
 */
export function mirrorsOf(texts) {
  const mirrors = {};
  const add = (uri, options) => {
    const kind = /debian-security\/?$/.test(uri) ? 'security' : /\/debian\/?$/.test(uri) ? 'archive' : undefined;
    if (kind && !mirrors[kind]) mirrors[kind] = { uri: uri.replace(/\/$/, ''), options };
  };
  for (const text of texts) {
    for (const [, options = '', uri] of text.matchAll(/^deb\s+(\[[^\]]*\]\s+)?(\S+)\s+\S+/gm)) add(uri, options.trim());
    for (const stanza of text.split(/\n\s*\n/)) {
      const field = (name) => new RegExp(`^${name}:[ \\t]*(.+)$`, 'im').exec(stanza)?.[1]?.trim();
      const keyring = field('Signed-By');
      for (const uri of field('URIs')?.split(/\s+/) ?? []) add(uri, keyring ? `[signed-by=${keyring}]` : '');
    }
  }
  return mirrors;
}

/** The texts of the machine's own apt lists. */
export function machineLists() {
  const folder = '/etc/apt/sources.list.d';
  const files = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /\.(list|sources)$/.test(name))
        .sort()
    : [];
  const paths = ['/etc/apt/sources.list', ...files.map((name) => join(folder, name))];
  return paths.filter((path) => existsSync(path)).map((path) => readFileSync(path, 'utf8'));
}

function sourceLine(suite, mirrors) {
  const security = suite.endsWith('-security');
  const archive = mirrors.archive;
  if (security) {
    const uri = mirrors.security?.uri ?? archive.uri.replace(/\/debian$/, '/debian-security');
    return `deb ${mirrors.security?.options ?? archive.options} ${uri} ${suite} main\n`;
  }
  return `deb ${archive.options} ${archive.uri} ${suite} main\n`;
}

/** Downloads one source package from one suite with apt's private state; answers the .deb's path or why not. */
async function download(version, suite, mirrors) {
  const name = `linux-source-${version}`;
  const home = join(cache, 'apt', suite);
  for (const folder of ['lists/partial', 'cache/archives/partial', 'debs']) mkdirSync(join(home, folder), { recursive: true });
  const list = join(home, 'sources.list');
  writeFileSync(list, sourceLine(suite, mirrors));
  const options = Object.entries({
    'Dir::Etc::SourceList': list,
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::Etc::Preferences': '/dev/null',
    'Dir::Etc::PreferencesParts': '/dev/null',
    'Dir::State::Lists': join(home, 'lists'),
    'Dir::Cache': join(home, 'cache'),
    'APT::Sandbox::User': process.getuid?.() === 0 ? 'root' : '',
    'APT::Get::List-Cleanup': 'false',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
  }).flatMap(([key, value]) => (value === '' ? [] : ['-o', `${key}=${value}`]));
  const apt = (...args) => run('apt-get', ['-q', ...options, ...args], { cwd: join(home, 'debs'), env: { LC_ALL: 'C' } });

  const update = await apt('update');
  // Unreachable lists are a mere warning to apt.
  const unreachable = /^(W: Failed to fetch|Err:)/m.test(update.output);
  if (update.code !== 0 || unreachable)
    return { reason: unreachable ? 'its package list could not be fetched' : firstError(update.output) };
  const fetched = await apt('download', name);
  if (fetched.code !== 0) return { reason: firstError(fetched.output) };
  const deb = readdirSync(join(home, 'debs')).find((file) => file.startsWith(`${name}_`) && file.endsWith('.deb'));
  return deb === undefined ? { reason: 'apt-get downloaded nothing' } : { deb: join(home, 'debs', deb) };
}

function firstError(output) {
  const line = output.split('\n').find((each) => /^(E|Err)\b/.test(each)) ?? output.trim().split('\n').at(-1) ?? '';
  return line
    .replace(/^E:\s*/, '')
    .replace(/\bhttps?:\/\/\S+/g, 'the mirror')
    .trim();
}

/** The wanted parts of the tree in a source package, unpacked without a copy of the whole in between. */
async function unpack(version, deb, target) {
  const partial = `${target}.${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const tarball = `linux-source-${version}`;
  const without = leftOut.map((each) => `--exclude='${tarball}/${each}'`).join(' ');
  const script = `set -o pipefail; export LC_ALL=C; dpkg-deb --fsys-tarfile "$1" | tar -xO './usr/src/${tarball}.tar.xz' | xz -dc -T0 | tar -x --wildcards ${without} --strip-components=1 -C "$2"`;
  const code = await new Promise((done) => {
    const child = spawn('bash', ['-c', script, 'bash', deb, partial], { stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', () => done(127));
    child.on('close', done);
  });
  if (code !== 0 || !isWhole(partial)) {
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
  const tools = ['apt-get', 'dpkg-deb', 'tar', 'xz', 'bash'].filter((tool) => which(tool) === undefined);
  if (tools.length > 0 || !mirrors.archive) {
    const lack = tools.length > 0 ? `${tools.join(', ')} not found` : 'no Debian mirror in the machine’s apt lists';
    return `linux-${version}: ${lack}, so it can't come from Debian's packages; ${instead(version)}`;
  }
  const reasons = [];
  for (const suite of suites) {
    console.log(`linux-${version}: looking in ${suite}`);
    const { deb, reason } = await download(version, suite, mirrors);
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
  // The package lists are large and old tomorrow.
  rmSync(join(cache, 'apt'), { recursive: true, force: true });
  for (const problem of problems) console.error(problem);
  return problems.length > 0 ? 1 : 0;
}

if (isProgram(import.meta.url)) await main(() => trees(process.argv.slice(2)));
