// Packages from the machine's Debian mirrors, whatever suite they are in. The machine's apt settings are neither used up nor
// changed: apt gets a private list, made from the machine's own mirror with the suite replaced, and private state folders.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache, run, which } from './tools.mjs';

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

/** Downloads a package from one suite with apt's private state; answers the .deb's path or why not. */
export async function download(name, suite, mirrors) {
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

/**
 * Unpacks parts of a tarball that lies in a package, without a copy of the whole in between; `tar` are the arguments that say
 * which parts. Answers whether that went well.
 */
export async function unpackTarball(deb, tarball, tar, target) {
  const script = `set -o pipefail; export LC_ALL=C; dpkg-deb --fsys-tarfile "$1" | tar -xO --wildcards "$2" | xz -dc -T0 | tar -x -C "$3" "\${@:4}"`;
  const code = await new Promise((done) => {
    const child = spawn('bash', ['-c', script, 'bash', deb, tarball, target, ...tar], { stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', () => done(127));
    child.on('close', done);
  });
  return code === 0;
}

/** Which of the programs that this file starts are not there. */
export function missingTools() {
  return ['apt-get', 'dpkg-deb', 'tar', 'xz', 'bash'].filter((tool) => which(tool) === undefined);
}

/** The package lists are large and old tomorrow. */
export function forgetLists() {
  rmSync(join(cache, 'apt'), { recursive: true, force: true });
}
