// The scripts that complete command lines, in the shells that they are for.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { placeholderOf, placeholders } from '../../extension/cli/completion/completion-words.js';
import type { Io } from '../../extension/cli/io.js';
import { describedProgram } from '../../extension/cli/command-line.js';
import { run } from '../../extension/cli/run.js';
import { installedRuntimes } from '../../extension/runner/installed-runtimes.js';
import { runtimes } from '../support/fuse.js';
import { valueOf } from '../support/result.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fuse-review-completion-'));
  mkdirSync(join(folder, 'my tree'));
  for (const name of ['a.mbox', 'mine.yaml', 'b c.patch']) writeFileSync(join(folder, name), '');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function io(out: (text: string) => void): Io {
  const unwanted = (): never => {
    throw new Error('nothing is to be loaded');
  };
  const texts = { out, err: out, stdin: unwanted };
  return {
    ...texts,
    command: 'fuse-review',
    cwd: folder,
    env: {},
    terminal: false,
    reviewer: unwanted,
    runner: unwanted,
    runtimes: () => runtimes,
    guest: '',
  };
}

const program = describedProgram(runtimes);
const commands = program.createHelp().visibleCommands(program);
const scenarios = valueOf(runtimes).all.flatMap((each) => each.scenarios.map(({ name }) => name));

function flagsOf(command: Command): string[] {
  return program
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, short }) => [long, short].filter((flag) => flag !== undefined));
}

async function script(shell: string): Promise<string> {
  let text = '';
  expect(
    await run(
      ['completion', shell],
      io((part) => void (text += part)),
    ),
  ).toBe(0);
  return text;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** In zsh, completions are handed to functions of its own; here they print what they were given. */
const zshPrinting = `
compdef() { : }
compadd() { shift; print -rl -- "$@" }
compset() { words[CURRENT]="\${words[CURRENT]#*=}" }
_describe() { local array="\${@[-1]}"; print -rl -- "\${(@)\${(@P)array}%%:*}" }
_files() {
  setopt local_options extended_glob
  case "\${1-}" in
    -/) print -rl -- *(N/) ;;
    -g) print -rl -- \${~2}(N) *(N/) ;;
    *) print -rl -- *(N) ;;
  esac
}
`;

interface Shell {
  readonly name: string;
  /** A script that prints what the last word may become, a line each, with all that the shell would drop. */
  readonly asking: (completion: string, words: readonly string[]) => string;
  readonly parameters: readonly string[];
}

const shells: readonly Shell[] = [
  {
    name: 'bash',
    parameters: ['--norc', '--noprofile'],
    // As readline cuts words: at = too.
    asking: (completion, words) => {
      const cut = words.flatMap((word) => (word.startsWith('--') ? word.split(/(=)/) : [word]));
      return `${completion}
COMP_WORDS=(${cut.map(quoted).join(' ')})
COMP_CWORD=${cut.length - 1}
_fuse_review
printf '%s\\n' "\${COMPREPLY[@]}"`;
    },
  },
  {
    name: 'zsh',
    parameters: ['-f'],
    asking: (completion, words) => `${zshPrinting}${completion}
words=(${words.map(quoted).join(' ')})
CURRENT=${words.length}
_fuse_review`,
  },
  {
    name: 'fish',
    parameters: ['--no-config'],
    asking: (completion, words) => `${completion}
complete -C ${quoted(words.join(' '))}`,
  },
];

/** What a shell offers for the last word. */
function offered(shell: Shell, completion: string, words: readonly string[]): string[] {
  const parameters = [...shell.parameters, '-c', shell.asking(completion, words)];
  const { stdout, stderr } = spawnSync(shell.name, parameters, { cwd: folder, env: { ...process.env, HOME: folder }, encoding: 'utf8' });
  expect(stderr).toBe('');
  const last = words.at(-1) ?? '';
  const start = last.includes('=') ? last.slice(last.indexOf('=') + 1) : last;
  const lines = stdout.split('\n').map((line) =>
    line
      .replace(/\t.*$/, '')
      .replace(/\/$/, '')
      .replace(/^--[\w-]+=/, ''),
  );
  return [...new Set(lines.filter((line) => line !== '' && line.startsWith(start)))].sort();
}

const files = ['a.mbox', 'b c.patch', 'mine.yaml', 'my tree'];
const names = commands.map((each) => each.name());

const questions: readonly (readonly [what: string, words: readonly string[], expected: readonly string[]])[] = [
  ['commands', [''], names],
  ['the rest of a command', ['simul'], ['simulate']],
  ['commands after an option', ['--debug', 'che'], ['check']],
  ['options before a command', ['-'], flagsOf(program)],
  ...commands.map((command) => [`the options of ${command.name()}`, [command.name(), '-'], flagsOf(command)] as const),
  ['the choices of an option', ['check', '--format', ''], ['json', 'sarif', 'text']],
  ['the choices of an option of another command', ['execute', '--format', 'k'], ['ktap']],
  ['the choices of an option after =', ['patch', '--format=s'], ['sarif']],
  [
    'the choices of an option after words that belong to others',
    ['patch', 'a.mbox', '--tree', 'x', '--fail-on', ''],
    ['behaviour', 'error'],
  ],
  ['the choices of an argument', ['completion', ''], ['bash', 'fish', 'zsh']],
  ['nothing after the last argument', ['completion', 'bash', ''], []],
  ['nothing for what nobody knows', ['check', '--config', ''], []],
  ['commands as what help is for', ['help', ''], names],
  ['files and folders', ['patch', ''], files],
  ['folders where a folder is meant', ['check', '--tree', ''], ['my tree']],
  ['folders after =', ['check', '--tree=m'], ['my tree']],
  ['files where an option takes one', ['check', '--baseline', 'a'], ['a.mbox']],
  ['further files of an option that takes several', ['simulate', '--patch', 'a.mbox', ''], files],
  ['options after those', ['simulate', '--patch', 'a.mbox', '--thr'], ['--threads']],
  ['scenarios again after those', ['simulate', '--patch', 'a.mbox', '--threads', '1', 'thread'], ['thread-five-steps']],
  ['scenarios again after one with =', ['simulate', '--patch=a.mbox', 'thread'], ['thread-five-steps']],
  ['bundled scenarios, and files that may be some', ['execute', ''], [...scenarios, 'mine.yaml', 'my tree']],
  ['no option after --', ['check', '--', '--'], []],
];

for (const shell of shells) {
  const missing = spawnSync(shell.name, ['-c', 'true']).status !== 0;
  describe.skipIf(missing)(`${shell.name} completes${missing ? ' (not installed)' : ''}`, () => {
    let completion: string;
    beforeAll(async () => void (completion = await script(shell.name)));

    test.each(questions)('%s', (_what, words, expected) => {
      expect(offered(shell, completion, ['fuse-review', ...words])).toEqual([...expected].sort());
    });
  });
}

describe('what is completed', () => {
  test('is known for every option and argument', () => {
    const values = commands.flatMap((command) => [
      ...command.options.filter(({ argChoices }) => argChoices === undefined).map((option) => placeholderOf(option)),
      ...command.registeredArguments.filter(({ argChoices }) => argChoices === undefined).map((argument) => argument.name()),
    ]);
    const used = new Set(values.filter((each) => each !== undefined && each !== 'command'));
    expect([...used].sort()).toEqual(Object.keys(placeholders).sort());
  });

  test('is said to be broken where the installation is', async () => {
    let text = '';
    const broken = { ...io((part) => void (text += part)), runtimes: () => installedRuntimes(folder) };
    expect(await run(['completion', 'bash'], broken)).toBe(2);
    expect(text).toMatch(/^fuse-review: .*no folder in it has a subsystem.yaml.*\n$/);
  });

  test('is for three shells', async () => {
    let text = '';
    expect(
      await run(
        ['completion', 'tcsh'],
        io((part) => void (text += part)),
      ),
    ).toBe(2);
    expect(text).toMatch(/Allowed choices are bash, zsh, fish/);
  });
});
