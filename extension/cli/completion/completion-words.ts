// What can be typed after `fuse-review`, out of the commands themselves.
import type { Argument, Command, Option } from 'commander';
import type { Scenario } from '../../model/scenario.js';

/** What a value is: one of some words, a file or folder, a bundled scenario or the file of one, or nothing that could be known. */
export type ValueKind = 'words' | 'file' | 'directory' | 'scenario' | 'any';

/**
 * By the placeholder that help shows, such as `<file>`: what is written there. Where an option has choices, they go before this;
 * a placeholder that is missing here is completed with nothing.
 */
export const placeholders: Readonly<Record<string, Exclude<ValueKind, 'words'>>> = {
  bounds: 'any',
  dir: 'directory',
  file: 'file',
  'file:function': 'file',
  function: 'any',
  functions: 'any',
  line: 'any',
  number: 'any',
  operations: 'any',
  option: 'any',
  path: 'file',
  points: 'any',
  range: 'any',
  address: 'any',
  scenario: 'scenario',
  seconds: 'any',
};

export interface ValueWords {
  readonly kind: ValueKind;
  /** With the kind `words`: those that are taken. */
  readonly words: readonly string[];
  /** Several may follow each other. */
  readonly many: boolean;
}

export interface OptionWords {
  /** `--tree`, and a short form where there is one. */
  readonly flags: readonly string[];
  readonly description: string;
  /** null for an option that is there or not. */
  readonly value: ValueWords | null;
}

export interface CommandWords {
  /** Empty for what may be written before a command. */
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionWords[];
  readonly arguments: readonly ValueWords[];
}

export interface ProgramWords {
  readonly name: string;
  /** First what may be written before a command. */
  readonly commands: readonly CommandWords[];
  readonly scenarios: readonly { readonly name: string; readonly title: string }[];
}

/** The words of a program. Texts are on one line each. */
export function programWords(program: Command, scenarios: readonly Pick<Scenario, 'name' | 'title'>[]): ProgramWords {
  const help = program.createHelp();
  const subcommands = help.visibleCommands(program);
  const names = subcommands.map((each) => each.name());
  const command = (each: Command, name: string): CommandWords => ({
    name,
    description: line(each.description()),
    options: help.visibleOptions(each).map(optionWords),
    arguments: each.registeredArguments.map((argument) => argumentWords(argument, names)),
  });
  const choice: ValueWords = { kind: 'words', words: names, many: false };
  return {
    name: program.name(),
    commands: [{ ...command(program, ''), arguments: [choice] }, ...subcommands.map((each) => command(each, each.name()))],
    scenarios: scenarios.map(({ name, title }) => ({ name, title: line(title) })),
  };
}

/** The placeholder of an option's value, such as `dir`; undefined where it has none. */
export function placeholderOf({ flags }: Pick<Option, 'flags'>): string | undefined {
  return /[<[]([^>\]]+?)(?:\.\.\.)?[>\]]/.exec(flags)?.[1];
}

function optionWords(option: Option): OptionWords {
  const placeholder = placeholderOf(option);
  return {
    flags: [option.long, option.short].filter((flag) => flag !== undefined),
    description: line(option.description),
    value: placeholder === undefined ? null : valueWords(placeholder, option.argChoices, option.variadic),
  };
}

function argumentWords(argument: Argument, commands: readonly string[]): ValueWords {
  const choices = argument.argChoices ?? (argument.name() === 'command' ? commands : undefined);
  return valueWords(argument.name(), choices, argument.variadic);
}

function valueWords(placeholder: string, choices: readonly string[] | undefined, many: boolean): ValueWords {
  return choices === undefined ? { kind: placeholders[placeholder] ?? 'any', words: [], many } : { kind: 'words', words: choices, many };
}

function line(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
