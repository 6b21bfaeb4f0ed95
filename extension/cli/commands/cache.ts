// `fuse-review cache`: what is cached of earlier simulations.
import type { Command } from 'commander';
import { ok } from '../../model/result.js';
import { errorAt } from '../../patch/problems.js';
import { printable } from '../../review/report/text/terminal.js';
import { cachedBytes, clearResults } from '../../runner/result-cache.js';
import { cacheFolder } from '../cache-folder.js';
import { exitCodes, refused, type CommandResult, type Io } from '../io.js';

interface CacheOptions {
  readonly clear?: boolean;
  readonly size?: boolean;
}

export function addCacheCommand(program: Command, io: Io, done: (outcome: CommandResult) => void): Command {
  return program
    .command('cache')
    .description('show or clear what is cached of trees that were checked and scenarios that were run (builds of kernels are left alone)')
    .option('--size', 'print the bytes that it takes, and where it is')
    .option('--clear', 'remove all of it')
    .action((options: CacheOptions) => done(cache(options, io)));
}

function cache({ clear, size }: CacheOptions, io: Io): CommandResult {
  if (clear !== true && size !== true) return refused(errorAt('cache', 'nothing to do; give --size, --clear or both'));
  const folder = cacheFolder(undefined, io);
  const bytes = cachedBytes(folder);
  const said = `${bytes} bytes in ${printable(folder)}`;
  if (clear === true) {
    try {
      clearResults(folder);
    } catch (error) {
      return refused(errorAt(folder, `cannot be cleared: ${error instanceof Error ? error.message : String(error)}`));
    }
  }
  io.out(clear === true ? `removed ${said}\n` : `${said}\n`);
  return ok(exitCodes.clean);
}
