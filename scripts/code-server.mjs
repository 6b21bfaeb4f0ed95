// A real VS Code without the desktop and without a download from GitHub: code-server from npm, kept in .cache/.
// Used by `npm start` where there is no desktop `code`, and by the editor tests.
//
// npm's package runs install scripts that fetch from elsewhere and compile six native modules. None of that is needed to
// run VS Code with an extension on the loopback, so the copy is installed without scripts. The modules that make it
// nicer (a log on disk, a terminal) are compiled where a compiler is there and left out where not; VS Code goes on
// without them. `kerberos` (proxies) and `@vscode/deviceid` (telemetry) are never compiled.
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cache, isProgram, main, npm, ScriptError, which } from './tools.mjs';

/** The last release whose VS Code runs on Node 20; newer ones need Node 24. */
export const codeServerVersion = '4.100.3';

const home = join(cache, `code-server-${codeServerVersion}`);
const entryOf = (folder) => join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js');

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

/** The script to start with Node (`node ENTRY --auth none …`), or undefined where the private copy is not installed. */
export function installedCodeServer() {
  return existsSync(join(home, 'complete')) ? entryOf(home) : undefined;
}

/**
 * Answers the script to start with Node, after installing the private copy where there is none yet (network: npm only;
 * under a minute; about 300 MB). Throws a ScriptError of one sentence where npm can't bring it.
 */
export async function ensureCodeServer({ log = (line) => console.error(line) } = {}) {
  const installed = installedCodeServer();
  if (installed !== undefined) return installed;
  log(`installing code-server ${codeServerVersion} from npm into .cache (once, about a minute)`);
  // Made aside and moved when complete: whoever stops us half-way, or runs beside us, never sees a broken one.
  const work = `${home}.${process.pid}`;
  rmSync(work, { recursive: true, force: true });
  try {
    await install(work, log);
    rmSync(home, { recursive: true, force: true });
    renameSync(work, home);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return entryOf(home);
}

async function install(folder, log) {
  mkdirSync(folder, { recursive: true });
  const manifest = { private: true, scripts: { gyp: 'node-gyp' } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));

  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await npmOrFail(['install', '--no-save', ...quiet, `code-server@${codeServerVersion}`], folder);
  const vscode = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  await npmOrFail(['install', '--omit=dev', ...quiet], vscode);
  writeFileSync(join(folder, 'node_modules', 'argon2', 'argon2.js'), argon2);
  // As its own postinstall does: VS Code and extensions look for modules in the archive's place too.
  link('node_modules', join(vscode, 'node_modules.asar'));
  link('code-linux.sh', join(vscode, 'bin', 'remote-cli', 'code-server'));
  const ripgrep = which('rg');
  if (ripgrep) link(ripgrep, join(vscode, 'node_modules', '@vscode', 'ripgrep', 'bin', 'rg'));
  else log('code-server: no ripgrep (rg) on this machine, so searching in files will not work there; the rest does');

  // Headers that came with Node spare node-gyp a download.
  const prefix = dirname(dirname(process.execPath));
  const headers = existsSync(join(prefix, 'include', 'node', 'node.h')) ? [`--nodedir=${prefix}`] : [];
  for (const native of natives) {
    const target = join(vscode, 'node_modules', native);
    // `npm run` puts npm's own node-gyp on PATH.
    const { code } = await npm(['run', '--silent', 'gyp', '--', 'rebuild', '--directory', target, ...headers], { cwd: folder });
    if (code !== 0) log(`code-server: ${native} could not be compiled (python3, make and g++ are needed); going on without it`);
  }
  writeFileSync(join(folder, 'complete'), `${codeServerVersion}\n`);
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

if (isProgram(import.meta.url)) await main(async () => console.log(await ensureCodeServer()));
