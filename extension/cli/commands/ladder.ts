// `fuse-review ladder FILE:FUNCTION`: what a function acquires, and what its error labels release.
import type { Command } from 'commander';
import { ok } from '../../model/result.js';
import { errorAt } from '../../patch/problems.js';
import { formatLadder } from '../../review/report/text/ladder-text.js';
import { exitCodes, refused, type CommandResult, type Io } from '../io.js';
import { addSharedOptions, paintFor, type SharedOptions } from '../options.js';
import { loadReviewer, pathInTree } from '../opened-tree.js';
import { ProgressLine } from '../progress-line.js';
import { writeReport } from '../write-report.js';
import type { HelpWords } from '../help-words.js';

export function addLadderCommand(program: Command, io: Io, done: (outcome: CommandResult) => void, words: HelpWords): Command {
  const command = program
    .command('ladder')
    .description('show the error ladder of a function: acquisitions, labels, and what each jump leaves held')
    .argument('<file:function>', `such as ${exampleOf(words)}`)
    .action(async (named: string, options: SharedOptions) => done(await ladder(named, options, io, words)));
  return addSharedOptions(command, ['text', 'json'], words);
}

function exampleOf({ example: { examples } }: HelpWords): string {
  return `${examples.file}:${examples.function}`;
}

async function ladder(named: string, options: SharedOptions, io: Io, words: HelpWords): Promise<CommandResult> {
  const [, file, name] = /^(.+):(\w+)(?:\(\))?$/.exec(named) ?? [];
  if (file === undefined || name === undefined) {
    return refused(errorAt(named, `is not FILE:FUNCTION, such as ${exampleOf(words)}`));
  }
  const progress = new ProgressLine(io);
  const opened = await loadReviewer(options, io, progress);
  progress.clear();
  if (!opened.ok) return refused(opened.failure);
  const { reviewer, tree, place } = opened.value;
  const path = pathInTree(file, tree, io.cwd);
  if (!path.ok) return refused(path.failure);
  const result = reviewer.ladder(tree, { file: path.value, function: name }, { config: options.config, at: place });
  if (!result.ok) return refused(result.failure);
  const failed = writeReport([], options, tree.root, io, {
    text: () => formatLadder(result.value, paintFor(io, options)),
    json: () => result.value,
  });
  return failed === undefined ? ok(exitCodes.clean) : refused(failed);
}
