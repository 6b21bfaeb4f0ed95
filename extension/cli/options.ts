// The options that the commands share, read into what the review wants.
import { InvalidArgumentError, Option, type Command } from 'commander';
import { colourPaint, plainPaint, type Paint } from '../review/report/text/terminal.js';
import { cacheFolder } from './cache-folder.js';
import type { Io } from './io.js';
import type { HelpWords } from './help-words.js';

export type Format = 'text' | 'json' | 'sarif' | 'ktap';

export interface SharedOptions {
  readonly tree?: string;
  readonly subsystem?: string;
  readonly folder?: string;
  readonly format: Format;
  readonly config: ReadonlyMap<string, boolean>;
  readonly output?: string;
}

/** Adds --tree, --subsystem, --folder, --format, --config and --output to a command. */
export function addSharedOptions(command: Command, formats: readonly Format[], { subsystems, example }: HelpWords): Command {
  return command
    .option('--tree <dir>', 'the kernel tree (default: the one around the current folder)')
    .addOption(
      new Option('--subsystem <name>', 'what is reviewed (default: the first of these that the tree holds)').choices(
        subsystems.map(({ name }) => name),
      ),
    )
    .option('--folder <dir>', `the subsystem in the tree (default: where ${example.marker}() is defined)`)
    .addOption(new Option('--format <format>', 'how to print the result').choices(formats).default('text'))
    .addOption(
      new Option('--config <option>', `set an option, such as ${example.examples.option}=n; may be given several times`)
        .argParser(readConfig)
        .default(new Map<string, boolean>(), 'the defaults of the tree'),
    )
    .option('--output <file>', 'write the result to a file instead of standard output');
}

function readConfig(text: string, before: ReadonlyMap<string, boolean>): ReadonlyMap<string, boolean> {
  const [, name, value] = /^(CONFIG_\w+)=([yn])$/.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('Write CONFIG_NAME=y or CONFIG_NAME=n.');
  return new Map([...before, [name, value === 'y']]);
}

/** Which subsystem is wanted and where it is, of what was given. */
export function placeOptions({
  subsystem,
  folder,
}: Pick<SharedOptions, 'subsystem' | 'folder'>): Pick<SharedOptions, 'subsystem' | 'folder'> {
  return { ...(subsystem === undefined ? {} : { subsystem }), ...(folder === undefined ? {} : { folder }) };
}

/** The files that a check and a review read. */
export interface ReviewFiles {
  readonly contracts?: string;
  readonly baseline?: string;
}

/** Adds --contracts and --baseline to a command. */
export function addReviewFiles(command: Command): Command {
  return command
    .option('--contracts <file>', 'what kernel functions do with references, as a JSON array of rows (see docs/contracts.md)')
    .option('--baseline <file>', 'hide the findings listed in this file');
}

export interface CacheOption {
  /** false for --no-cache. */
  readonly cache: boolean;
}

/** Adds --no-cache to a command that checks or simulates. */
export function addCacheOption(command: Command): Command {
  return command.option('--no-cache', 'look at all of it again, and cache nothing');
}

/** Where results are cached; null for nowhere. */
export function resultCache({ cache }: CacheOption, io: Pick<Io, 'cwd' | 'env'>): string | null {
  return cache ? cacheFolder(undefined, io) : null;
}

/** A parser of numbers from 1 with so many digits at most; `what` is to be written. */
export function upTo(digits: number, what: string): (text: string) => number {
  return (text) => {
    if (!/^[1-9]\d*$/.test(text) || text.length > digits) throw new InvalidArgumentError(`Write ${what} from 1 to ${'9'.repeat(digits)}.`);
    return Number(text);
  };
}

/** Colours on a terminal only, and never where https://no-color.org/ or a dumb terminal speaks against it. */
export function paintFor(io: Io, options: Pick<SharedOptions, 'output'>): Paint {
  const wanted = io.terminal && options.output === undefined && !io.env.NO_COLOR && io.env.TERM !== 'dumb';
  return wanted ? colourPaint : plainPaint;
}

export interface ArchiveOption {
  readonly archive?: string;
}

/** Where threads are fetched from that are named by a message id; nothing is fetched else. */
export function addArchiveOption(command: Command): Command {
  return command.option(
    '--archive <address>',
    'the public-inbox archive in which a <message id> is looked for (default: lore.kernel.org/all)',
  );
}
