// `npm start`: installs, builds, reviews a series against a tree in the terminal, then opens VS Code on both.
//
//   npm start                                      the bundled sample
//   npm start -- --tree DIR --patch FILE           real input; several --patch in order
//   npm start -- --no-editor                       the terminal part only
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureCodeServer } from './code-server.mjs';
import { cache, everyLine, installDependencies, main, npm, root, run, ScriptError, which } from './tools.mjs';

const usage = 'usage: npm start -- [--tree DIR --patch FILE [--patch FILE]…] [--no-editor]';

function readArguments() {
  let values;
  try {
    const options = {
      tree: { type: 'string' },
      patch: { type: 'string', multiple: true },
      'no-editor': { type: 'boolean', default: false },
    };
    ({ values } = parseArgs({ options }));
  } catch (error) {
    throw new ScriptError(`${error.message}\n${usage}`);
  }
  if ((values.tree === undefined) !== (values.patch === undefined)) throw new ScriptError(`--tree and --patch go together\n${usage}`);
  // npm sets INIT_CWD to where the user stands; its scripts run in the repository's root.
  const from = process.env.INIT_CWD ?? process.cwd();
  const tree = values.tree === undefined ? join(root, 'sample', 'tree') : resolve(from, values.tree);
  const patches = values.patch?.map((patch) => resolve(from, patch)) ?? [join(root, 'sample', 'series.mbox')];
  if (!existsSync(tree) || !statSync(tree).isDirectory()) throw new ScriptError(`--tree ${tree}: no such folder`);
  for (const patch of patches) if (!existsSync(patch)) throw new ScriptError(`--patch ${patch}: no such file`);
  return { tree, patches, editor: !values['no-editor'] };
}

async function step(name, work) {
  console.log(`\n== ${name}`);
  const { code } = await work;
  if (code !== 0) throw new ScriptError(`${name} failed`);
}

/** The review as `fuse-review patch` prints it. Findings are what it is for: only bad input ends the start. */
async function review(tree, patches) {
  console.log(`\n== review of ${patches.join(', ')} against ${tree}`);
  // Straight to the terminal, so that it may have colours.
  const code = await stay(process.execPath, [join(root, 'dist', 'cli.js'), 'patch', ...patches, '--tree', tree]);
  if (code === 2) throw new ScriptError('the review could not be made; see above');
  if (code === 130) throw new ScriptError('interrupted');
}

/** What there is to do with what was just seen, as lines that can be copied. */
function tryNext(tree, patches, editor) {
  const cli = 'node dist/cli.js';
  const own = tree === join(root, 'sample', 'tree');
  const place = (path) => (path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path);
  const given = `--tree ${place(tree)} --patch ${patches.map(place).join(' ')}`;
  console.log('\n== what to try next');
  for (const [what, line] of [
    ['all steps of one scenario', `${cli} simulate thread-five-steps ${given} --all`],
    ['the same review for scripts', `${cli} patch ${patches.map(place).join(' ')} --tree ${place(tree)} --format json`],
    ['every sequence of three operations', `${cli} simulate ${given} --generate 3`],
    ...(own ? [['your own tree and patches', 'npm start -- --tree ~/linux --patch series.mbox']] : []),
    ...(own ? [] : [['the five steps in a real kernel', `${cli} execute thread-five-steps ${given}`]]),
    ...(editor ? [] : [['the same in VS Code', own ? 'npm start' : `npm start -- ${given}`]]),
  ])
    console.log(`   ${`${what}:`.padEnd(36)} ${line}`);
}

/** Starts a program that stays, in the foreground, and answers its exit code. */
function stay(command, args, env = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env }, shell: command.endsWith('.cmd') });
    // Whoever ends us ends the child, also with a signal that went to us alone.
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    const pass = (signal) => void child.kill(signal);
    for (const signal of signals) process.on(signal, pass);
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`);
      done(127);
    });
    child.on('close', (code) => {
      for (const signal of signals) process.off(signal, pass);
      done(code ?? 130);
    });
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

async function openDesktop(code, tree, env) {
  console.log(`\n== opening VS Code (${code})`);
  // A window of a VS Code that runs already does not see our environment: it is told by an option as well.
  const args = [`--extensionDevelopmentPath=${root}`, `--extensionEnvironment=${JSON.stringify(env)}`, '--new-window', tree];
  if (process.getuid?.() === 0) args.push('--no-sandbox', `--user-data-dir=${join(cache, 'start', 'desktop')}`);
  return stay(code, args, env);
}

/** The private code-server's settings at first: a start without pages that have nothing to do with the review. */
const firstSettings = {
  'workbench.startupEditor': 'none',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.tips.enabled': false,
  // What is typed to try the checks out must not reach the tree by itself.
  'files.autoSave': 'off',
  'git.openRepositoryInParentFolders': 'never',
  'telemetry.telemetryLevel': 'off',
};

async function openBrowser(tree, env) {
  const installed = which('code-server');
  const server = installed ? [installed] : [process.execPath, await ensureCodeServer({ log: console.log })];
  await step('package', npm(['run', '--silent', 'package'], { show: (line) => /error/i.test(line) }));

  const home = join(cache, 'start');
  const settings = join(home, 'data', 'User', 'settings.json');
  mkdirSync(dirname(settings), { recursive: true });
  if (!existsSync(settings)) writeFileSync(settings, `${JSON.stringify(firstSettings, null, 2)}\n`);
  const folders = [
    '--user-data-dir',
    join(home, 'data'),
    '--extensions-dir',
    join(home, 'extensions'),
    '--config',
    join(home, 'config.yaml'),
  ];
  const [command, ...first] = server;
  const vsix = join(root, 'fuse-backing-review.vsix');
  await step('install into code-server', run(command, [...first, ...folders, '--install-extension', vsix, '--force']));

  const port = await freePort();
  const address = `http://127.0.0.1:${port}/?folder=${encodeURIComponent(tree)}`;
  console.log(`\n== VS Code is at ${address}`);
  console.log('   It listens on this machine only and asks for no password. Ctrl+C ends it.');
  const quiet = ['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', '--disable-workspace-trust'];
  return stay(command, [...first, ...folders, '--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, ...quiet, tree], env);
}

await main(async () => {
  const { tree, patches, editor } = readArguments();
  await step('install', installDependencies());
  await step('build', run(process.execPath, [join(root, 'scripts', 'build.mjs')], { show: everyLine }));
  const began = Date.now();
  await review(tree, patches);
  console.log(`\nreviewed in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  tryNext(tree, patches, editor);
  if (!editor) return 0;
  // The extension opens these when it starts.
  const env = { FUSE_REVIEW_OPEN: patches.join(delimiter) };
  const code = which('code');
  return code ? openDesktop(code, tree, env) : openBrowser(tree, env);
});
