// `npm run test:desktop`: the suite inside the extension host, in a desktop VS Code where there is one. Downloads nothing.
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { which } from '../../scripts/tools.mjs';
import { cleanUp, copyTree, root, run, scratch } from './harness.mjs';
import { threadPatch } from './material.mjs';
import { buildSuite } from './suite.mjs';

/** The program itself: `code` on PATH is a script beside it. VSCODE names another. */
function desktopCode() {
  const script = which('code') ?? which('codium');
  const beside =
    script === undefined
      ? []
      : [join(dirname(dirname(realpathSync(script))), 'code'), join(dirname(dirname(realpathSync(script))), 'codium')];
  const candidates = [
    process.env.VSCODE,
    ...beside,
    '/usr/share/code/code',
    '/usr/share/codium/codium',
    '/Applications/Visual Studio Code.app/Contents/MacOS/Electron',
    join(process.env.LOCALAPPDATA ?? '/nowhere', 'Programs', 'Microsoft VS Code', 'Code.exe'),
  ];
  return candidates.find((path) => path !== undefined && existsSync(path));
}

const tree = join(root, '.cache', 'trees', 'linux-7.2');

/** Why the suite does not run here, with the way out; undefined where it does. */
function whyNot(executable) {
  if (executable === undefined)
    return 'there is no desktop VS Code (install one, or set VSCODE to its program); the same suite runs in code-server with npm run test:editor';
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return 'there is no display (xvfb-run npm run test:desktop gives one)';
  if (!existsSync(join(tree, 'fs', 'fuse'))) return '.cache/trees/linux-7.2 is missing (npm run trees)';
  return undefined;
}

const executable = desktopCode();
const reason = whyNot(executable);
if (reason !== undefined) {
  console.log(`skip  the suite in a desktop VS Code: ${reason}`);
  await cleanUp();
} else {
  try {
    await run('npm', ['run', '--silent', 'build'], { cwd: root });
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    process.exitCode = await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: root,
      extensionTestsPath: await buildSuite(scratch),
      extensionTestsEnv: { FUSE_REVIEW_TEST_PATCH: await threadPatch() },
      launchArgs: [
        copyTree(tree, 'desktop'),
        '--disable-extensions',
        '--disable-workspace-trust',
        '--disable-telemetry',
        '--skip-welcome',
        `--user-data-dir=${join(scratch, 'desktop-data')}`,
        ...sandbox,
      ],
    });
  } catch (error) {
    console.log(`FAIL  the suite in a desktop VS Code: ${error.message}`);
    process.exitCode = 1;
  } finally {
    await cleanUp();
  }
}
