// `fuse-review`: reads the command line, runs the command, and answers with an exit code. No side effect but through io.
import { CommanderError } from 'commander';
import { formatProblem } from '../model/problem.js';
import { ok } from '../model/result.js';
import { printable } from '../review/report/text/terminal.js';
import { exitCodes, type CommandResult, type Io } from './io.js';
import { createProgram } from './command-line.js';

/** Runs one command line, without the names of node and script, and returns the exit code. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const debug = argv.includes('--debug');
  let outcome = ok(exitCodes.clean) as CommandResult;
  const say = (text: string): void => io.err(`fuse-review: ${printable(text)}\n`);
  try {
    const program = createProgram(io, say, (result) => void (outcome = result));
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
