// The commands of `fuse-review` with their options and arguments: what is parsed, and what help, completions and the manual tell.
import { Command } from 'commander';
import { addCheckCommand } from './commands/check.js';
import { addCompletionCommand } from './commands/completion.js';
import { addExecuteCommand } from './commands/execute.js';
import { addLadderCommand } from './commands/ladder.js';
import { addPatchCommand } from './commands/patch.js';
import { addSimulateCommand } from './commands/simulate.js';
import { findInstallation } from './installation.js';
import { exitCodes, exitMeanings, type Io } from './io.js';
import type { Outcome } from './outcome.js';

/** Command lines that stand for what each command is for. */
export const examples = [
  'fuse-review check fs/fuse --tree ~/linux',
  'fuse-review check fs/fuse/backing.c --config CONFIG_FUSE_PASSTHROUGH=n',
  'fuse-review patch series.mbox --tree ~/linux --format sarif --output review.sarif',
  'fuse-review patch --commits v7.2..HEAD',
  'fuse-review simulate thread-five-steps --tree ~/linux --patch series.mbox',
  'fuse-review execute thread-five-steps --tree ~/linux --patch series.mbox',
  'fuse-review ladder fs/fuse/backing.c:fuse_backing_open',
] as const;

/** By code: `0 nothing found`. */
export function exitCodeTexts(): readonly (readonly [code: number, meaning: string])[] {
  return (Object.keys(exitCodes) as (keyof typeof exitCodes)[]).map((name) => [exitCodes[name], exitMeanings[name]]);
}

/**
 * The program, not run yet. `say` is given what is wrong with a command line, as one line; `done` what the command that was run
 * came to. Throws a CommanderError where commander would end the process.
 */
export function createProgram(io: Io, say: (text: string) => void, done: (outcome: Outcome) => void): Command {
  const program = new Command('fuse-review')
    .description('Reviews the FUSE backing code of a Linux kernel tree, and patches to it.')
    .version(findInstallation().version)
    .option('--debug', 'print the stack of an internal error')
    .addHelpText('after', helpText())
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
  const adds = [addCheckCommand, addPatchCommand, addSimulateCommand, addExecuteCommand, addLadderCommand, addCompletionCommand];
  for (const add of adds) {
    add(program, io, done).copyInheritedSettings(program).option('--debug', 'print the stack of an internal error');
  }
  return program;
}

/** The program as something to read: nothing of it can be run. */
export function describedProgram(): Command {
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
    model: '',
    guest: '',
  };
  return createProgram(io, unwanted, unwanted);
}

function helpText(): string {
  const codes = exitCodeTexts().map(([code, meaning]) => `${code} ${meaning}`);
  return ['', 'Examples:', ...examples.map((line) => `  ${line}`), '', `Exit codes: ${codes.join(', ')}.`].join('\n');
}
