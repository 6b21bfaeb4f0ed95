// `fuse-review completion SHELL`: the script that completes its command lines.
import { Argument, type Command } from 'commander';
import { ok } from '../../model/result.js';
import { bashCompletion } from '../completion/bash.js';
import { fishCompletion } from '../completion/fish.js';
import { programWords, type ProgramWords } from '../completion/completion-words.js';
import { zshCompletion } from '../completion/zsh.js';
import { bundledScenarios } from '../simulate/scenarios.js';
import { exitCodes, refused, type CommandResult, type Io } from '../io.js';

const shells = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const satisfies Record<
  string,
  (words: ProgramWords) => string
>;
type Shell = keyof typeof shells;

const help = `
To have it in each new shell, put one of these lines into its file:
  ~/.bashrc                   source <(fuse-review completion bash)
  ~/.zshrc, after compinit    source <(fuse-review completion zsh)
  ~/.config/fish/config.fish  fuse-review completion fish | source`;

export function addCompletionCommand(program: Command, io: Io, done: (outcome: CommandResult) => void): Command {
  return program
    .command('completion')
    .description('print a script with which a shell completes commands, options, files and names of scenarios')
    .addArgument(new Argument('<shell>', 'whose script').choices(Object.keys(shells)))
    .addHelpText('after', help)
    .action((shell: Shell) => done(completion(shell, program, io)));
}

function completion(shell: Shell, program: Command, io: Io): CommandResult {
  const scenarios = bundledScenarios(io);
  if (!scenarios.ok) return refused(scenarios.failure);
  io.out(shells[shell](programWords(program, scenarios.value)));
  return ok(exitCodes.clean);
}
