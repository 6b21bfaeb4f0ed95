// Where is a real VS Code that runs without a download from GitHub? code-server from npm, kept in .cache/.
// Used by `npm start` where there is no desktop `code`, and by the editor tests.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The last release whose VS Code runs on Node 20; newer ones need Node 24. */
export const codeServerVersion = '4.100.3';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const home = join(root, '.cache', `code-server-${codeServerVersion}`);
const entryOf = (folder) => join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js');

/** What the installation needs besides npm; the same list stands in .ci/run. */
export const codeServerPackages = ['g++', 'make', 'python3', 'libkrb5-dev'];

// Without these the server does not start; the others of its natives are optional at run time.
const natives = [
  ['@vscode/spdlog', 'build/Release/spdlog.node'],
  ['native-watchdog', 'build/Release/watchdog.node'],
  ['node-pty', 'build/Release/pty.node'],
  ['@vscode/deviceid', null],
  ['kerberos', 'build/Release/kerberos.node'],
];

/** The script to start with Node (`node <entry> --auth none ...`), or undefined where code-server is not installed. */
export function installedCodeServer() {
  return existsSync(join(home, 'ready')) && existsSync(entryOf(home)) ? entryOf(home) : undefined;
}

/**
 * Installs code-server from npm into .cache/ unless it is there (about a minute), and returns the script to start with
 * Node. Throws an Error of one sentence where that is not possible: offline, or no C++ compiler for its native parts.
 */
export async function ensureCodeServer({ log = () => {} } = {}) {
  const installed = installedCodeServer();
  if (installed !== undefined) return installed;
  log(`installing code-server ${codeServerVersion} from npm (once, about a minute) ...`);
  const work = `${home}.${process.pid}`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    writeFileSync(join(work, 'package.json'), '{"private":true}\n');
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    await npm(['install', `code-server@${codeServerVersion}`, ...quiet], work, 'npm could not install code-server');
    const server = join(work, 'node_modules', 'code-server', 'lib', 'vscode');
    await npm(['install', '--omit=dev', ...quiet], server, "npm could not install code-server's own packages");
    for (const [name, built] of natives) {
      const failed = await npm(['rebuild', name, '--loglevel=error'], server).then(
        () => undefined,
        (error) => error,
      );
      // The install scripts of some do more than compile and may fail after that; what counts is the module.
      if (built !== null && !existsSync(join(server, 'node_modules', name, built)))
        throw new Error(
          `the native module ${name} of code-server could not be compiled (Debian: apt-get install ${codeServerPackages.join(' ')})`,
          { cause: failed },
        );
    }
    writeFileSync(join(work, 'ready'), `${codeServerVersion}\n`);
    rmSync(home, { recursive: true, force: true });
    renameSync(work, home);
  } catch (error) {
    rmSync(work, { recursive: true, force: true });
    // Someone else may have finished it meanwhile.
    const other = installedCodeServer();
    if (other !== undefined) return other;
    throw error;
  }
  return entryOf(home);
}

function npm(args, cwd, message = 'npm failed') {
  return new Promise((done, fail) => {
    const child = spawn('npm', args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
    let tail = '';
    child.stderr.on('data', (data) => (tail = (tail + data).slice(-2000)));
    child.on('error', (error) => fail(new Error(`${message}: ${error.message}`)));
    child.on('exit', (code) => {
      if (code === 0) done();
      else fail(new Error(`${message}: ${lastLine(tail)}`));
    });
  });
}

function lastLine(text) {
  return text.trim().split('\n').filter((line) => line.trim() !== '').at(-1) ?? 'no message';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(await ensureCodeServer({ log: (line) => console.error(line) }));
  } catch (error) {
    console.error(`code-server: ${error.message}`);
    process.exitCode = 1;
  }
}
