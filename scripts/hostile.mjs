// Runs the built program on every input of ../shared/cases-hostile: exit code, seconds, peak memory and message of each.
// Usage: npm run bench:hostile [-- --cases=../shared/cases-hostile] [--seconds=120] [CASE…]
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { main, root, ScriptError } from './tools.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { cases: { type: 'string', default: join(root, '../shared/cases-hostile') }, seconds: { type: 'string', default: '120' } },
});
const cases = resolve(values.cases);
const program = join(root, 'dist/cli.js');
const whole = join(root, '.cache/trees/linux-7.2');
const noTree = existsSync(join(whole, 'fs/fuse')) ? undefined : 'needs .cache/trees/linux-7.2: npm run trees';

/** Each writes its peak resident memory where this names, at its end. */
const noted = `import { appendFileSync } from 'node:fs';
process.on('exit', () => appendFileSync(process.env.HOSTILE_PEAKS, process.resourceUsage().maxRSS + '\\n'));`;

let folder = '';

function put(path, text) {
  const to = join(folder, path);
  mkdirSync(join(to, '..'), { recursive: true });
  writeFileSync(to, text);
  return to;
}

function made(name, ...args) {
  return spawnSync(process.execPath, [join(cases, name), ...args], { encoding: 'utf8', maxBuffer: 1 << 28 }).stdout;
}

function tool(...args) {
  return [process.execPath, program, ...args];
}

/** The arguments for a tree whose fs/fuse/backing.c is that text. */
function treeOf(name, text) {
  put(`${name}/fs/fuse/backing.c`, text);
  return ['--tree', join(folder, name)];
}

/** A part of a whole tree that may be spoilt. */
function copied(name) {
  const to = join(folder, name);
  mkdirSync(join(to, 'include/uapi/linux'), { recursive: true });
  cpSync(join(whole, 'fs/fuse'), join(to, 'fs/fuse'), { recursive: true });
  copyFileSync(join(whole, 'include/uapi/linux/fuse.h'), join(to, 'include/uapi/linux/fuse.h'));
  return to;
}

/** What a kernel's Makefile has, as far as a build asks for it. */
const makefile = `ifneq ($(M),)
modules:
	touch $(M)/fuse_review_canary.ko
else
allnoconfig:
	cp $(KCONFIG_ALLCONFIG) $(O)/.config
bzImage modules:
	mkdir -p $(O)/arch/x86/boot
	touch $(O)/vmlinux $(O)/System.map $(O)/arch/x86/boot/bzImage
endif
`;

/** A tree that "builds" at once, and the case in place of QEMU. */
function neverSilent() {
  const tree = copied('silent');
  put('silent/Makefile', makefile);
  put('silent/arch/x86/Makefile', '');
  const qemu = put('bin/qemu-system-x86_64', readFileSync(join(cases, 'never-silent-guest.mjs'), 'utf8'));
  put('bin/package.json', '{"type":"module"}');
  chmodSync(qemu, 0o755);
  const given = ['--tree', tree, '--cache', join(folder, 'cache'), '--limit', '10'];
  return { command: tool('execute', 'thread-five-steps', ...given), path: join(folder, 'bin') };
}

/** By file: how it is run, several times where its size is what matters. `tree`: it needs a whole one. */
const runs = {
  'huge-hunk-line.diff': { tree: true, of: (name) => [['', tool('patch', '--no-simulate', join(cases, name), '--tree', whole)]] },
  'two-hunks-one-fails.diff': { tree: true, of: (name) => [['', tool('patch', '--no-simulate', join(cases, name), '--tree', whole)]] },
  'nested-attachments.mjs': {
    tree: true,
    of: (name) =>
      ['50', '400', '800'].map((depth) => [
        depth,
        tool('patch', '--no-simulate', put(`${depth}.mbox`, made(name, depth)), '--tree', whole),
      ]),
  },
  'arrow-chain.mjs': { of: (name) => ['300', '2000', '5000'].map((n) => [n, tool('check', ...treeOf(`arrow-${n}`, made(name, n)))]) },
  'nested-macro.mjs': { of: (name) => ['8', '18', '22'].map((n) => [n, tool('check', ...treeOf(`macro-${n}`, made(name, n)))]) },
  'conditional-type.c': {
    of: (name) => [
      [
        '',
        tool('check', ...treeOf('type', `${readFileSync(join(cases, name), 'utf8')}\nint fuse_backing_open(void)\n{\n\treturn 0;\n}\n`)),
      ],
    ],
  },
  'unread-function.sh': { tree: true, of: (name) => [['', ['sh', join(cases, name), whole, join(folder, 'unread')]]] },
  'interrupted.sh': { tree: true, of: (name) => [['', ['sh', join(cases, name), whole, '15']]] },
  'output-through-link.sh': { tree: true, of: (name) => [['', ['sh', join(cases, name), copied('linked')]]] },
  'never-silent-guest.mjs': { tree: true, of: () => [['', neverSilent()]] },
};

/** Runs a command to its end, or to the limit, with all that it started. */
function follow(given) {
  const { command, path } = Array.isArray(given) ? { command: given, path: undefined } : given;
  const peaks = put('peaks', '');
  const started = performance.now();
  const child = spawn(command[0], command.slice(1), {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      HOSTILE_PEAKS: peaks,
      NODE_OPTIONS: `--import=${join(folder, 'noted.mjs')}`,
      CLI: `${process.execPath} ${program}`,
      ...(path === undefined ? {} : { PATH: `${path}${delimiter}${process.env.PATH}` }),
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), Number(values.seconds) * 1000);
  return new Promise((done) =>
    child.on('close', (code) => {
      clearTimeout(timer);
      const own = /^exit code (\d+)$/m.exec(output)?.[1];
      const peak = Math.max(0, ...readFileSync(peaks, 'utf8').split('\n').map(Number));
      done({
        code: code === null ? 'no end' : (own ?? String(code)),
        seconds: (performance.now() - started) / 1000,
        peak: peak === 0 ? '' : `${Math.round(peak / 1024)} MB`,
        output,
      });
    }),
  );
}

/** The first lines that say something. */
function message(output) {
  const lines = output.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('exit code'));
  return lines.slice(0, 4).map((line) => `    ${line.slice(0, 200)}`);
}

await main(async () => {
  if (!existsSync(cases)) {
    console.log(`skipped: ${cases} is not here; it is no part of the repository`);
    return 0;
  }
  if (!existsSync(program)) throw new ScriptError(`${program} is missing; run npm run build`);
  folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  put('noted.mjs', noted);
  try {
    const files = readdirSync(cases).filter((name) => name !== 'README.md');
    for (const name of files.filter((each) => positionals.length === 0 || positionals.includes(each))) {
      const known = runs[name];
      const why = known === undefined ? 'this script does not know how to run it' : known.tree ? noTree : undefined;
      if (why !== undefined) {
        console.log(`skipped ${name}: ${why}`);
        continue;
      }
      for (const [size, command] of known.of(name)) {
        const { code, seconds, peak, output } = await follow(command);
        console.log(`${`${name} ${size}`.padEnd(28)} exit ${code.padEnd(7)} ${seconds.toFixed(1).padStart(6)} s ${peak.padStart(8)}`);
        console.log(message(output).join('\n'));
      }
    }
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
