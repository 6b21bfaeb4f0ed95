// The commands of `fuse-review` with their options and arguments: what is parsed, and what help, completions and the manual tell.
import { Command } from 'commander';
import type { Result } from '../model/result.js';
import type { Runtimes } from '../runner/installed-runtimes.js';
import { addCallCommand } from './commands/call-function.js';
import { addCheckCommand } from './commands/check.js';
import { addCompletionCommand } from './commands/completion.js';
import { addExecuteCommand } from './commands/execute.js';
import { addCacheCommand } from './commands/cache.js';
import { addLadderCommand } from './commands/ladder.js';
import { addPatchCommand } from './commands/patch.js';
import { addSimulateCommand } from './commands/simulate.js';
import { addThreadsCommand } from './commands/threads.js';
import { findInstallation } from './installation.js';
import { exitCodes, exitMeanings, type CommandResult, type Io } from './io.js';
import { helpWordsOf, type HelpWords } from './help-words.js';

/** Command lines that stand for what each command is for. */
export function examplesOf({ example }: HelpWords): readonly string[] {
  const { file, function: name, option, scenario } = example.examples;
  return [
    `fuse-review check ${example.folder} --tree ~/linux`,
    `fuse-review check ${file} --config ${option}=n`,
    'fuse-review patch series.mbox --tree ~/linux --format sarif --output review.sarif',
    'fuse-review patch --commits v7.2..HEAD',
    'fuse-review threads thread.mbox --tree ~/linux',
    `fuse-review simulate ${scenario} --tree ~/linux --patch series.mbox`,
    'fuse-review call mine.c --parallel open,close',
    `fuse-review execute ${scenario} --tree ~/linux --patch series.mbox`,
    `fuse-review ladder ${file}:${name}`,
  ];
}

/** By code: `0 nothing found`. */
export function exitCodeTexts(): readonly (readonly [code: number, meaning: string])[] {
  return (Object.keys(exitCodes) as (keyof typeof exitCodes)[]).map((name) => [exitCodes[name], exitMeanings[name]]);
}

/**
 * The program, not run yet. `say` is given what is wrong with a command line, as one line; `done` what the command that was run
 * came to. Throws a CommanderError where commander would end the process.
 */
export function createProgram(io: Io, say: (text: string) => void, done: (outcome: CommandResult) => void): Command {
  const words = helpWordsOf(io);
  const what = words.subsystems.map(({ title }) => title).join(' and ') || 'a subsystem';
  const program = new Command('fuse-review')
    .description(`Reviews ${what} of a Linux kernel tree, and patches to it.`)
    .version(findInstallation().version)
    .option('--debug', 'print the stack of an internal error')
    .addHelpText('after', helpText(words))
    .exitOverride()
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      outputError: (text) =>
        say(
          text
            .trim()
            .replace(/^error: /, '')
            .replace(/\s*\n\s*/g, ' '),
        ),
    });
  const adds = [
    addCheckCommand,
    addPatchCommand,
    addThreadsCommand,
    addSimulateCommand,
    addCallCommand,
    addExecuteCommand,
    addLadderCommand,
    addCacheCommand,
    addCompletionCommand,
  ];
  for (const add of adds) {
    add(program, io, done, words).copyInheritedSettings(program).option('--debug', 'print the stack of an internal error');
  }
  return program;
}

/** The program as something to read: nothing of it can be run. */
export function describedProgram(runtimes: Result<Runtimes>): Command {
  const unwanted = (): never => {
    throw new Error('this program is only described');
  };
  const io: Io = {
    command: 'fuse-review',
    cwd: '/',
    env: {},
    terminal: false,
    out: unwanted,
    err: unwanted,
    stdin: unwanted,
    reviewer: unwanted,
    runner: unwanted,
    runtimes: () => runtimes,
    guest: '',
  };
  return createProgram(io, unwanted, unwanted);
}

function helpText(words: HelpWords): string {
  const codes = exitCodeTexts().map(([code, meaning]) => `${code} ${meaning}`);
  return ['', 'Examples:', ...examplesOf(words).map((line) => `  ${line}`), '', `Exit codes: ${codes.join(', ')}.`].join('\n');
}
