// The options that the commands share, read into what the review wants.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { InputProblem } from '../model/problem.js';
import { failed, ok, type Result } from '../model/result.js';
import { parseBaseline, type Baseline } from '../review/baseline.js';
import { parseContracts, type ReadContracts } from '../review/contract-files.js';
import { colourPaint, plainPaint, type Paint } from '../review/terminal.js';
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

/** The baseline in a file, or the problem with it; none where no file is named. */
export function readBaseline(named: string | undefined, cwd: string): Result<Baseline | undefined> {
  if (named === undefined) return ok(undefined);
  let text: string;
  try {
    text = readFileSync(resolve(cwd, named), 'utf8');
  } catch (error) {
    return failed({ where: named, message: `the baseline cannot be read: ${whyUnreadable(error)}`, severity: 'error' });
  }
  return parseBaseline(text, named);
}

/** The contracts in a file, with warnings, or the problem with it. None where no file is named. */
export function readContracts(named: string | undefined, cwd: string): Result<Partial<ReadContracts>> {
  if (named === undefined) return ok({});
  try {
    return parseContracts(readFileSync(resolve(cwd, named), 'utf8'), named);
  } catch (error) {
    return failed({ where: named, message: `the contracts cannot be read: ${whyUnreadable(error)}`, severity: 'error' });
  }
}

export const contractsOption = [
  '--contracts <file>',
  'what kernel functions do with references, as a JSON array of rows (see docs/contracts.md)',
] as const;

/** Writes a file that the user asked for; a problem where that fails. */
export function writeRequested(named: string, text: string, cwd: string): InputProblem | undefined {
  try {
    writeFileSync(resolve(cwd, named), text);
    return undefined;
  } catch (error) {
    return { where: named, message: `cannot be written: ${whyUnreadable(error)}`, severity: 'error' };
  }
}

/** Colours on a terminal only, and never where https://no-color.org/ or a dumb terminal speaks against it. */
export function paintFor(io: Io, options: Pick<SharedOptions, 'output'>): Paint {
  const wanted = io.terminal && options.output === undefined && !io.env.NO_COLOR && io.env.TERM !== 'dumb';
  return wanted ? colourPaint : plainPaint;
}

/** Why a file could not be read or written, in words. */
export function whyUnreadable(error: unknown): string {
  const code = (error as { readonly code?: unknown }).code;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a folder';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'ELOOP':
      return 'it is a symbolic link that leads back to itself';
    default:
      return typeof code === 'string' ? code : String(error);
  }
}
