// `fuse-review`: reads the command line, runs the command, and answers with an exit code. No side effect but through io.
import { Command, CommanderError } from 'commander';
import { formatProblem } from '../model/problem.js';
import { ok } from '../model/result.js';
import { printable } from '../review/terminal.js';
import { addCheckCommand } from './commands/check.js';
import { addExecuteCommand } from './commands/execute.js';
import { addLadderCommand } from './commands/ladder.js';
import { addPatchCommand } from './commands/patch.js';
import { addSimulateCommand } from './commands/simulate.js';
import { findInstallation } from './installation.js';
import { exitCodes, type Io } from './io.js';
import type { Outcome } from './outcome.js';

const examples = `
Examples:
  fuse-review check fs/fuse --tree ~/linux
  fuse-review check fs/fuse/backing.c --config CONFIG_FUSE_PASSTHROUGH=n
  fuse-review patch series.mbox --tree ~/linux --format sarif --output review.sarif
  fuse-review patch --commits v7.2..HEAD
  fuse-review simulate thread-five-steps --tree ~/linux --patch series.mbox
  fuse-review execute thread-five-steps --tree ~/linux --patch series.mbox
  fuse-review ladder fs/fuse/backing.c:fuse_backing_open

Exit codes: 0 nothing found (patch: nothing introduced), 1 found, 2 bad input, 3 nothing found but not all could be
looked at, 130 interrupted.`;

/** Runs one command line, without the names of node and script, and returns the exit code. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const debug = argv.includes('--debug');
  let outcome = ok(exitCodes.clean) as Outcome;
  const say = (text: string): void => io.err(`fuse-review: ${printable(text)}\n`);
  try {
    const program = new Command('fuse-review')
      .description('Reviews the FUSE backing code of a Linux kernel tree, and patches to it.')
      .version(findInstallation().version)
      .option('--debug', 'print the stack of an internal error')
      .addHelpText('after', examples)
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
    const done = (result: Outcome): void => void (outcome = result);
    for (const add of [addCheckCommand, addPatchCommand, addSimulateCommand, addExecuteCommand, addLadderCommand]) {
      add(program, io, done).copyInheritedSettings(program).option('--debug', 'print the stack of an internal error');
    }
    if (argv.length === 0) {
      say(`no command given; \`${io.command} --help\` lists them`);
      return exitCodes.badInput;
    }
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.badInput;
    const text = error instanceof Error ? error.message : String(error);
    say(`internal error: ${text.split('\n')[0] ?? ''}; please report it${debug ? '' : ' (--debug prints more)'}`);
    if (debug && error instanceof Error) io.err(`${error.stack ?? ''}\n`);
    return exitCodes.badInput;
  }
  if (outcome.ok) return outcome.value;
  for (const each of outcome.failure) say(formatProblem(each));
  return exitCodes.badInput;
}
