// A real VS Code (code-server) with the packed extension in it, and a headless Chromium that a test drives.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const output = join(root, 'test-output');

/** Everything of a run lies under here and goes with it. */
export const scratch = mkdtempSync(join(tmpdir(), 'fuse-review-editor-'));

const children = new Set();
// Whatever way this ends, and whatever was being started then: nothing outlives it.
process.on('exit', () => {
  for (const child of children) signal(child, 'SIGKILL');
});

/** Debian's chromium, or the one that CHROMIUM names; undefined where there is none. */
export function chromiumPath() {
  const candidates = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  return candidates.find((path) => path !== undefined && existsSync(path));
}

/** Runs a command to its end; throws with the end of its output where it fails. */
export function run(command, args, options = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let text = '';
    child.stdout.on('data', (data) => (text += data));
    child.stderr.on('data', (data) => (text += data));
    child.on('error', fail);
    child.on('exit', (code) => (code === 0 ? done(text) : fail(new Error(`${command} ended with ${code}:\n${text.slice(-3000)}`))));
  });
}

/** The package that FUSE_REVIEW_VSIX names, or a fresh one. */
export async function givenPackage() {
  const given = process.env.FUSE_REVIEW_VSIX;
  if (given !== undefined) return given;
  console.log('packing the extension ...');
  await run('npm', ['run', '--silent', 'package'], { cwd: root });
  return join(root, 'fuse-backing-review.vsix');
}

/** Runs git in a tree, as somebody who may commit. */
export function git(tree, ...args) {
  execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'init.defaultBranch=main', ...args], {
    cwd: tree,
    stdio: 'pipe',
  });
}

/** Installs a .vsix into private folders and answers how to start servers on them. */
export async function installExtension(entry, vsix) {
  const extensions = join(scratch, 'extensions');
  const options = { env: privateEnvironment() };
  await run(
    process.execPath,
    [entry, '--extensions-dir', extensions, '--user-data-dir', join(scratch, 'install'), '--install-extension', vsix],
    options,
  );
  return extensions;
}

function privateEnvironment(more = {}) {
  const home = join(scratch, 'home');
  mkdirSync(home, { recursive: true });
  const { PATH = '', LANG = 'C.UTF-8' } = process.env;
  return {
    PATH,
    LANG,
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CACHE_HOME: join(home, 'cache'),
    // VS Code leaves its sockets where it was killed.
    TMPDIR: scratch,
    ...more,
  };
}

let servers = 0;

/** Starts a server; `trust: false` leaves workspace trust on, so that folders open restricted. */
export async function startServer({ entry, extensions, trust = true, settings = {}, environment = {} }) {
  const data = join(scratch, `data${++servers}`);
  mkdirSync(join(data, 'User'), { recursive: true });
  const all = {
    'workbench.startupEditor': 'none',
    'workbench.colorTheme': 'Default Dark Modern',
    'workbench.tips.enabled': false,
    'workbench.enableExperiments': false,
    'chat.commandCenter.enabled': false,
    'window.commandCenter': false,
    'workbench.layoutControl.enabled': false,
    'security.workspace.trust.startupPrompt': 'never',
    'security.workspace.trust.banner': 'never',
    'extensions.ignoreRecommendations': true,
    'telemetry.telemetryLevel': 'off',
    'git.openRepositoryInParentFolders': 'never',
    'editor.minimap.enabled': false,
    'editor.detectIndentation': false,
    'editor.tabSize': 8,
    'editor.fontSize': 12,
    'workbench.reduceMotion': 'on',
    ...settings,
  };
  writeFileSync(join(data, 'User', 'settings.json'), JSON.stringify(all, null, 2));
  const port = await freePort();
  const flags = [
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-getting-started-override',
    ...(trust ? ['--disable-workspace-trust'] : []),
  ];
  const child = spawn(
    process.execPath,
    [entry, '--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--user-data-dir', data, '--extensions-dir', extensions, ...flags],
    { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: privateEnvironment(environment) },
  );
  children.add(child);
  let log = '';
  child.stdout.on('data', (text) => (log += text));
  child.stderr.on('data', (text) => (log += text));
  const address = `http://127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt++) {
    if (child.exitCode !== null) throw new Error(`code-server ended: ${log.slice(-2000)}`);
    const answered = await fetch(`${address}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return { address, data, stop: () => stop(child) };
    if (attempt > 150) throw new Error(`code-server does not answer: ${log.slice(-2000)}`);
    await new Promise((wake) => setTimeout(wake, 200));
  }
}

/** Ends a server with all of its children: extension hosts outlive it otherwise. */
function stop(child) {
  return new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      // It is gone, its children may not be.
      signal(child, 'SIGKILL');
      children.delete(child);
      return done();
    }
    const late = setTimeout(() => signal(child, 'SIGKILL'), 3000);
    child.on('exit', () => {
      clearTimeout(late);
      signal(child, 'SIGKILL');
      children.delete(child);
      done();
    });
    signal(child, 'SIGTERM');
  });
}

function signal(child, name) {
  try {
    process.kill(-child.pid, name);
  } catch {
    // The group is gone.
  }
}

export async function cleanUp() {
  await Promise.all([...children].map(stop));
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

export function launchBrowser(executablePath) {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--force-device-scale-factor=1',
    ],
  });
}

function freePort() {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** A private copy of the parts of a tree that the review reads. Headers are never edited: copies share one set by links. */
export function copyTree(tree, name) {
  const headers = join(scratch, 'pristine', tree.replaceAll(/\W+/g, '-'), 'include');
  const hasHeaders = existsSync(join(tree, 'include'));
  if (hasHeaders && !existsSync(headers)) cpSync(join(tree, 'include'), headers, { recursive: true, verbatimSymlinks: true });
  const copy = join(scratch, name);
  mkdirSync(join(copy, 'fs'), { recursive: true });
  for (const part of ['Kconfig', 'Makefile', 'fs/fuse']) {
    if (existsSync(join(tree, part))) cpSync(join(tree, part), join(copy, part), { recursive: true, verbatimSymlinks: true });
  }
  if (hasHeaders) execFileSync('cp', ['-al', headers, join(copy, 'include')]);
  return copy;
}
