// `npm run grammar`: kernel-c's grammar.js -> parser.c (in .cache, not committed) -> kernel-c.wasm and its wasm.json.
// Usage: node scripts/grammar.mjs [--optimise=2] [--only-parser]
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { machineLists, mirrorsOf } from './debian.mjs';

const root = resolve(fileURLToPath(import.meta.url), '../..');
const grammar = join(root, 'grammars/kernel-c');
const cache = join(root, '.cache/grammar');
const generated = join(cache, 'src');
const option = (name) => process.argv.find((argument) => argument.startsWith(`--${name}=`))?.split('=')[1];

/** What the wasm was made from and what came out: `test/grammars/kernel-c.test.ts` compares it with the files. */
function record() {
  const sha256 = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');
  return {
    treeSitterC: JSON.parse(readFileSync(join(root, 'node_modules/tree-sitter-c/package.json'), 'utf8')).version,
    grammar: sha256(join(grammar, 'grammar.js')),
    words: sha256(join(grammar, 'words.js')),
    wasm: sha256(join(grammar, 'kernel-c.wasm')),
  };
}

/** Command and leading arguments that start a tree-sitter CLI of at least 0.25 (ABI 15). */
function treeSitter() {
  for (const command of [process.env.TREE_SITTER, 'tree-sitter']) if (command && works([command])) return [command];
  const unpacked = join(cache, 'tree-sitter-cli');
  if (!existsSync(join(unpacked, 'usr/bin/tree-sitter'))) fetchFromDebian(unpacked);
  const libraries = readdirSync(join(unpacked, 'usr/lib')).find((name) => name.endsWith('-linux-gnu'));
  const folder = join(unpacked, 'usr/lib', libraries ?? '');
  const loader = readdirSync(folder).find((name) => name.startsWith('ld-linux'));
  const command = [join(folder, loader ?? ''), '--library-path', folder, join(unpacked, 'usr/bin/tree-sitter')];
  if (works(command)) return command;
  throw new Error(`the tree-sitter CLI in ${unpacked} does not start`);
}

function works(command) {
  try {
    const [, major, minor] = /(\d+)\.(\d+)/.exec(execFileSync(command[0], [...command.slice(1), '--version'], { stdio: 'pipe' })) ?? [];
    return Number(major) > 0 || Number(minor) >= 25;
  } catch {
    return false;
  }
}

/** Unpacks tree-sitter-cli and the libc it wants from Debian unstable, with apt state of our own: the machine's is not touched. */
function fetchFromDebian(into) {
  const state = join(cache, 'apt');
  for (const folder of ['etc/sources.list.d', 'lists/partial', 'cache/archives/partial', 'packages'])
    mkdirSync(join(state, folder), { recursive: true });
  mkdirSync(into, { recursive: true });
  const { archive } = mirrorsOf(machineLists());
  if (archive === undefined) throw new Error('the machine’s apt lists name no Debian mirror to take one from');
  const signed = archive.options || '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]';
  writeFileSync(join(state, 'etc/sources.list'), `deb ${signed} ${archive.uri} sid main\n`);
  const options = [
    `Dir::Etc=${state}/etc`,
    `Dir::State::lists=${state}/lists`,
    `Dir::Cache=${state}/cache`,
    'Dir::State::status=/dev/null',
    'APT::Get::List-Cleanup=0',
    'APT::Sandbox::User=root',
  ].flatMap((value) => ['-o', value]);
  const run = (command, args, cwd) => execFileSync(command, args, { cwd, stdio: 'pipe' });
  run('apt-get', [...options, 'update']);
  run('apt-get', [...options, 'download', 'tree-sitter-cli', 'libc6', 'libgcc-s1'], join(state, 'packages'));
  for (const name of readdirSync(join(state, 'packages'))) run('dpkg', ['-x', join(state, 'packages', name), into]);
}

function generate() {
  let command;
  try {
    command = treeSitter();
  } catch (error) {
    throw new Error(
      `no tree-sitter CLI: put tree-sitter 0.25 or newer on PATH or in $TREE_SITTER (${String(error.message).split('\n')[0]})`,
    );
  }
  mkdirSync(generated, { recursive: true });
  try {
    const report = execFileSync(command[0], [...command.slice(1), 'generate', '-o', generated, join(grammar, 'grammar.js')], {
      cwd: grammar,
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
    });
    if (report) console.log(report);
  } catch (error) {
    throw new Error(`tree-sitter generate: ${String(error.stderr).split('Stack backtrace')[0]}`);
  }
  return /#define STATE_COUNT (\d+)/.exec(readFileSync(join(generated, 'parser.c'), 'utf8'))?.[1];
}

async function compile() {
  const { commands } = await import('@yowasp/clang');
  const headers = Object.fromEntries(
    readdirSync(join(generated, 'tree_sitter')).map((name) => [name, readFileSync(join(generated, 'tree_sitter', name))]),
  );
  const files = { 'parser.c': readFileSync(join(generated, 'parser.c')), tree_sitter: headers };
  let messages = '';
  const out = await commands
    .clang(
      [
        `-O${option('optimise') ?? '2'}`,
        '-fPIC',
        '-shared',
        '-nostdlib',
        '-w',
        '-I.',
        '-Wl,--export=tree_sitter_kernel_c,--no-entry,--experimental-pic,--allow-undefined,--strip-all',
        'parser.c',
        '-o',
        'kernel-c.wasm',
      ],
      files,
      {
        fetchProgress: () => {},
        stderr: (bytes) => {
          if (bytes) messages += new TextDecoder().decode(bytes);
        },
      },
    )
    .catch((error) => {
      throw new Error(`clang: ${messages || error.message}`);
    });
  writeFileSync(join(grammar, 'kernel-c.wasm'), out['kernel-c.wasm']);
}

try {
  const states = generate();
  console.log(`parser.c: ${states} states`);
  if (!process.argv.includes('--only-parser')) {
    await compile();
    writeFileSync(join(grammar, 'wasm.json'), JSON.stringify(record(), null, 2) + '\n');
    console.log(`kernel-c.wasm: ${readFileSync(join(grammar, 'kernel-c.wasm')).length} bytes`);
  }
} catch (error) {
  console.error(`grammar: ${error.message}`);
  process.exitCode = 1;
}
