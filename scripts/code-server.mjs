// A real VS Code without the desktop: code-server from PATH, or a private copy from npm under .cache.
//
// npm's package runs install scripts that fetch from elsewhere and compile six native modules. None of that is needed to
// run VS Code with an extension on the loopback, so the copy is installed without scripts. The modules that make it
// nicer (a log on disk, a terminal) are compiled where a compiler is there and left out where not; VS Code goes on
// without them. `kerberos` (proxies) and `@vscode/deviceid` (telemetry) are never compiled.
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cache, main, npm, run, ScriptError, which } from './tools.mjs';

export const codeServerVersion = '4.100.3';

const home = join(cache, 'code-server');
const entry = join(home, 'node_modules', 'code-server', 'out', 'node', 'entry.js');
const vscode = join(home, 'node_modules', 'code-server', 'lib', 'vscode');
const done = join(home, '.complete');

const natives = ['@vscode/spdlog', 'native-watchdog', 'node-pty'];

// code-server loads argon2 at start, and uses it for passwords only. Node's own scrypt does that job uncompiled.
const argon2 = `// Replaces the native argon2 in this private copy of code-server: see scripts/code-server.mjs.
const { randomBytes, scryptSync, timingSafeEqual } = require('node:crypto');
exports.hash = async (text) => {
  const salt = randomBytes(16);
  return salt.toString('hex') + ':' + scryptSync(text, salt, 32).toString('hex');
};
exports.verify = async (hashed, text) => {
  const [salt, key] = hashed.split(':').map((part) => Buffer.from(part, 'hex'));
  return timingSafeEqual(scryptSync(text, salt, 32), key);
};
`;

/**
 * Answers how to start a code-server: `[command, ...args]` to which its options are appended. Installs the private copy
 * where there is none yet (network: npm only, about 470 MB on disk).
 *
 * @param {{ log?: (line: string) => void, usePath?: boolean }} [options] `usePath: false` insists on the pinned version.
 * @returns {Promise<{ command: string, args: string[], version: string, origin: 'path' | 'cache' }>}
 */
export async function ensureCodeServer({ log = console.log, usePath = true } = {}) {
  const installed = usePath ? which('code-server') : undefined;
  if (installed) {
    const { code, output } = await run(installed, ['--version']);
    const version = /^(\d+\.\d+\.\d+)/m.exec(output)?.[1];
    if (code === 0 && version) return { command: installed, args: [], version, origin: 'path' };
    log(`${installed} does not start; using a private copy instead`);
  }
  if (!existsSync(done) || readFileSync(done, 'utf8').trim() !== codeServerVersion) await install(log);
  return { command: process.execPath, args: [entry], version: codeServerVersion, origin: 'cache' };
}

async function install(log) {
  log(`installing code-server ${codeServerVersion} into .cache (once)`);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const manifest = { private: true, scripts: { gyp: 'node-gyp' } };
  writeFileSync(join(home, 'package.json'), JSON.stringify(manifest));

  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await npmOrFail(['install', '--no-save', ...quiet, `code-server@${codeServerVersion}`], home);
  await npmOrFail(['install', '--omit=dev', ...quiet], vscode);
  writeFileSync(join(home, 'node_modules', 'argon2', 'argon2.js'), argon2);
  // As its own postinstall does: VS Code and extensions look for modules in the archive's place too.
  link('node_modules', join(vscode, 'node_modules.asar'));
  link('code-linux.sh', join(vscode, 'bin', 'remote-cli', 'code-server'));
  const ripgrep = which('rg');
  if (ripgrep) link(ripgrep, join(vscode, 'node_modules', '@vscode', 'ripgrep', 'bin', 'rg'));
  else log('no ripgrep (rg) on this machine: searching in files will not work in the private code-server, the rest does');

  // Headers that came with Node spare node-gyp a download.
  const prefix = dirname(dirname(process.execPath));
  const headers = existsSync(join(prefix, 'include', 'node', 'node.h')) ? [`--nodedir=${prefix}`] : [];
  for (const native of natives) {
    const folder = join(vscode, 'node_modules', native);
    // `npm run` puts npm's own node-gyp on PATH.
    const { code } = await npm(['run', '--silent', 'gyp', '--', 'rebuild', '--directory', folder, ...headers], { cwd: home });
    if (code !== 0) log(`${native} could not be compiled (python3, make and g++ are needed); going on without it`);
  }
  writeFileSync(done, `${codeServerVersion}\n`);
}

async function npmOrFail(args, cwd) {
  const { code, output } = await npm(args, { cwd });
  if (code === 0) return;
  const reason = output
    .split('\n')
    .filter((line) => line.includes('npm error'))
    .slice(0, 3)
    .join('\n');
  throw new ScriptError(`code-server could not be installed from npm; put \`code\` or \`code-server\` on PATH instead\n${reason}`);
}

function link(target, path) {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(async () => {
    const { command, args, version, origin } = await ensureCodeServer();
    console.log(`code-server ${version} (${origin}): ${[command, ...args].join(' ')}`);
  });
}
