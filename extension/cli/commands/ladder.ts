// `fuse-review ladder FILE:FUNCTION`: what a function acquires, and what its error labels release.
import type { Command } from 'commander';
import { formatLadder } from '../../review/ladder-text.js';
import { exitCodes, type Io } from '../io.js';
import { addSharedOptions, paintFor, type SharedOptions } from '../options.js';
import { isProblem, openTree, pathInTree } from '../places.js';
import { report } from '../report.js';
import type { Outcome } from '../run.js';

export function addLadderCommand(program: Command, io: Io, done: (outcome: Outcome) => void): Command {
  const command = program
    .command('ladder')
    .description('show the error ladder of a function: acquisitions, labels, and what each jump leaves held')
    .argument('<file:function>', 'such as fs/fuse/backing.c:fuse_backing_open')
    .action(async (named: string, options: SharedOptions) => done(await ladder(named, options, io)));
  return addSharedOptions(command, ['text', 'json']);
}

async function ladder(named: string, options: SharedOptions, io: Io): Promise<Outcome> {
  const [, file, name] = /^(.+):(\w+)(?:\(\))?$/.exec(named) ?? [];
  if (file === undefined || name === undefined) {
    return { where: named, message: 'is not FILE:FUNCTION, such as fs/fuse/backing.c:fuse_backing_open', severity: 'error' };
  }
  const reviewer = await io.reviewer();
  const tree = openTree(options.tree, options.folder, io.cwd, reviewer);
  if (isProblem(tree)) return tree;
  const path = pathInTree(file, tree, io.cwd);
  if (typeof path !== 'string') return path;
  const result = reviewer.ladder(
    tree,
    { file: path, function: name },
    { config: options.config, ...(options.folder === undefined ? {} : { folder: options.folder }) },
  );
  if ('problem' in result) return result.problem;
  const failed = report([], options, tree.root, io, {
    text: () => formatLadder(result.ladder, paintFor(io, options)),
    json: () => result.ladder,
    sarif: () => undefined,
  });
  return failed ?? exitCodes.clean;
}
