import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const root = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fuse-review-scripts-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script as a user who stands in `folder` does through npm. */
function script(
  name: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number; out: string; err: string }> {
  return new Promise((done) => {
    const options = { cwd: root, env: { ...process.env, INIT_CWD: folder, ...env } };
    const child = execFile(process.execPath, [join(root, 'scripts', name), ...args], options, (_error, out, err) =>
      done({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

const fakeTree = (path: string) => {
  mkdirSync(join(path, 'fs/fuse'), { recursive: true });
  mkdirSync(join(path, 'include/linux'), { recursive: true });
};

describe('npm run trees', () => {
  interface Debian {
    readonly mirrorsOf: (texts: readonly string[]) => Record<string, { uri: string; options: string } | undefined>;
  }
  const load = async (): Promise<Debian> => (await import(new URL('../../scripts/debian.mjs', import.meta.url).href)) as Debian;

  test('finds the mirror in a list of one line an entry, past other archives', async () => {
    const { mirrorsOf } = await load();
    const list =
      '# comment\ndeb https://tools.example/apt stable main\ndeb [signed-by=/k.gpg] http://mirror.example/debian/ bookworm main\n';
    expect(mirrorsOf([list])).toEqual({ archive: { uri: 'http://mirror.example/debian', options: '[signed-by=/k.gpg]' } });
  });

  test('finds the mirrors in stanzas', async () => {
    const { mirrorsOf } = await load();
    const sources = [
      'Types: deb\nURIs: http://mirror.example/debian\nSuites: trixie trixie-updates\nComponents: main\nSigned-By: /k.gpg\n',
      'Types: deb\nURIs: http://mirror.example/debian-security\nSuites: trixie-security\nComponents: main\n',
    ].join('\n');
    expect(mirrorsOf([sources])).toEqual({
      archive: { uri: 'http://mirror.example/debian', options: '[signed-by=/k.gpg]' },
      security: { uri: 'http://mirror.example/debian-security', options: '' },
    });
  });

  test('links a tree of the user, again and again', async () => {
    fakeTree(join(folder, 'mine'));
    for (let time = 0; time < 2; time++) {
      const { code, out } = await script('trees.mjs', ['--to', 'trees', '--link', '7.2=mine']);
      expect(out).toContain('linux-7.2: linked to');
      expect(code).toBe(0);
    }
    expect(readlinkSync(join(folder, 'trees/linux-7.2'))).toBe(join(folder, 'mine'));
  });

  test('refuses a folder that is no kernel tree, in one line', async () => {
    const { code, err } = await script('trees.mjs', ['--to', 'trees', '--link', '7.2=nowhere']);
    expect(err).toMatch(/^--link 7\.2=nowhere: .* is no kernel tree\n$/);
    expect(code).toBe(2);
    expect(existsSync(join(folder, 'trees/linux-7.2'))).toBe(false);
  });

  test('leaves a tree alone that is there as a whole', async () => {
    fakeTree(join(folder, 'trees/linux-7.2'));
    mkdirSync(join(folder, 'trees/linux-7.2/arch/x86'), { recursive: true });
    writeFileSync(join(folder, 'trees/linux-7.2/arch/x86/Makefile'), '');
    const { code, out } = await script('trees.mjs', ['--to', 'trees', '--only', '7.2']);
    expect(out).toBe('linux-7.2: there already\n');
    expect(code).toBe(0);
  });

  test('says what to do where there is no apt', async () => {
    const { code, err } = await script('trees.mjs', ['--to', 'trees', '--only', '7.2'], { PATH: folder });
    expect(err).toMatch(/^linux-7\.2: apt-get, .* not found, .*npm run trees -- --link 7\.2=\/path\/to\/linux-7\.2\n$/);
    expect(code).toBe(1);
  });
});

describe('npm start', () => {
  test.each([
    [['--patch', 'a.patch'], '--tree and --patch go together'],
    [['--tree', 'nowhere', '--patch', 'a.patch'], 'no such folder'],
    [['--tree', '.', '--patch', 'nowhere.patch'], 'no such file'],
    [['--fast'], "Unknown option '--fast'"],
  ])('refuses %j before it installs or builds', async (args, message) => {
    const { code, out, err } = await script('start.mjs', args);
    expect(err).toContain(message);
    expect(err).not.toMatch(/^\s+at /m);
    expect(out).toBe('');
    expect(code).toBe(2);
  });
});

test('every script of package.json names a file that is there', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  const named = Object.values(scripts).flatMap((command) =>
    [...command.matchAll(/\bnode (\S+\.mjs)(?: (\S+\.ts))?/g)].flatMap((match) => match.slice(1)),
  );
  const missing = named.filter((path: string | undefined) => path !== undefined && !existsSync(join(root, path)));
  expect(missing).toEqual([]);
});

test('no script names a host to download from: packages come by npm and apt, as the machine has them set up', () => {
  const files = readdirSync(join(root, 'scripts')).map((name) => `scripts/${name}`);
  const hosts = [...files, '.ci/run', 'package.json'].flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/https?:\/\/([\w.-]+)/g)].map(([, host = '']) => `${file}: ${host}`),
  );
  expect(hosts.filter((each) => !each.endsWith(': 127.0.0.1'))).toEqual([]);
});

test('package-lock.json names no registry', () => {
  expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toContain('"resolved"');
});
