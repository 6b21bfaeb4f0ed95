// What the scripts share: where the repository is, running programs, and installing what package-lock.json lists.
// Plain Node and nothing else, so that `npm start` and `npm test` work before anything is installed.
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { setPriority } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
export const cache = join(root, '.cache');

const windows = process.platform === 'win32';

/** A mistake or a lack that is the user's to put right: its message is printed without a stack. */
export class ScriptError extends Error {}

/** Full path of a program on PATH, or undefined. */
export function which(name) {
  const names = windows ? [`${name}.exe`, `${name}.cmd`, name] : [name];
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const candidate of names.map((each) => join(folder, each))) {
      try {
        accessSync(candidate, constants.X_OK);
        if (statSync(candidate).isFile()) return candidate;
      } catch {
        // Not there, or not ours to run: the next folder may have it.
      }
    }
  }
  return undefined;
}

/**
 * Runs a program to its end and answers its exit code and what it printed. `show` is called with each whole line as it
 * comes and says whether to print it; without it nothing is printed. `alive` is asked every five seconds what to print of
 * how far it is. `nice`: how far it stands back behind other programs (man 2 nice).
 */
export function run(command, args, { cwd = root, env = {}, show = () => false, alive, nice } = {}) {
  return new Promise((done) => {
    const ticking = alive && setInterval(() => console.log(`   ${alive()}`), 5000);
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: windows && command.endsWith('.cmd'),
    });
    if (nice !== undefined && child.pid !== undefined) setPriority(child.pid, nice);
    let output = '';
    const follow = (stream, target) => {
      let rest = '';
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        output += text;
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (show(line)) target.write(`${line}\n`);
      });
      stream.on('end', () => {
        if (rest !== '' && show(rest)) target.write(`${rest}\n`);
      });
    };
    follow(child.stdout, process.stdout);
    follow(child.stderr, process.stderr);
    child.on('error', (error) => {
      clearInterval(ticking);
      done({ code: 127, output: `${command}: ${error.message}` });
    });
    child.on('close', (code, signal) => {
      clearInterval(ticking);
      done({ code: code ?? 1, output: signal ? `${output}\nended by ${signal}` : output });
    });
  });
}

export const everyLine = () => true;

/** npm, by the copy that started us where there is one: PATH may hold another. */
export function npm(args, options) {
  const own = process.env.npm_execpath;
  return own?.endsWith('.js') ? run(process.execPath, [own, ...args], options) : run(windows ? 'npm.cmd' : 'npm', args, options);
}

/** Whether node_modules holds what package-lock.json asks for; compared by content, since a checkout changes times. */
export function dependenciesInstalled() {
  const installedLock = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedLock)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedLock, 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = installed[path];
    return found === undefined ? entry.optional === true || entry.devOptional === true : found.version === entry.version;
  });
}

/** Folders of packages in node_modules as they are now, nested ones left out. */
function installedPackages() {
  const folder = join(root, 'node_modules');
  const names = (path) => (existsSync(path) ? readdirSync(path).filter((name) => !name.startsWith('.')) : []);
  return names(folder).reduce((sum, name) => sum + (name.startsWith('@') ? names(join(folder, name)).length : 1), 0);
}

/** Installs the packages of package-lock.json where they are not there yet. No package's own script is run. */
export async function installDependencies() {
  if (dependenciesInstalled()) return { code: 0, output: 'already installed' };
  const wanted = Object.keys(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages).length - 1;
  console.log(`installing ${wanted} packages from the npm registry (once)`);
  const alive = () => `${installedPackages()} of ${wanted} packages are there`;
  return npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { show: everyLine, alive });
}

/** Debian's or the machine's Chromium, or undefined. */
export function findChromium() {
  const named = process.env.CHROMIUM;
  if (named) return existsSync(named) ? named : undefined;
  return ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map(which).find(Boolean);
}

/** Whether a module is the program that Node was started with, rather than imported by another. */
export const isProgram = (url) => url === pathToFileURL(process.argv[1] ?? '').href;

/** Runs a script's main function: a ScriptError is printed as one line, and the exit code is 2. */
export async function main(work) {
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}
