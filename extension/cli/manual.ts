// The manual page of the program in man(7), out of the commands themselves and of what help does not tell.
import type { Command, Option } from 'commander';
import { exitCodeTexts } from './command-line.js';

/** What is read of the environment. */
const environment: readonly (readonly [name: string, meaning: string])[] = [
  ['FUSE_REVIEW_CACHE', 'The folder in which execute copies trees and builds kernels, where --cache does not name one.'],
  ['XDG_CACHE_HOME', 'The folder of caches in which that folder is, where FUSE_REVIEW_CACHE does not name it; it has to be absolute.'],
  ['NO_COLOR', 'No colours, where it is set to anything.'],
  ['TERM', 'No colours where it is dumb.'],
];

const files: readonly (readonly [name: string, meaning: string])[] = [
  ['*.fuse-scenario.yaml', 'A scenario, for simulate and execute.'],
  ['.fuse-review/scenarios/*.yaml', 'Scenarios that belong to a tree.'],
  [
    '~/.cache/fuse-review/',
    'What execute keeps: copies of trees, builds, kernels and the logs of runs. It may be deleted while nothing runs.',
  ],
];

/** An option that several commands have in the same words. */
interface Shared {
  readonly option: Option;
  readonly commands: readonly Command[];
}

/** How many commands have an option before it is told apart from them. */
const several = 3;

/** The page as the text of a file, for section 1. */
export function manualPage(program: Command, examples: readonly string[]): string {
  const help = program.createHelp();
  const commands = help.visibleCommands(program);
  const shared = sharedOptions(commands, (command) => help.visibleOptions(command), keyOf);
  const isShared = (option: Option): boolean => shared.some((each) => keyOf(each.option) === keyOf(option));
  const entry = (option: Option): readonly string[] => ['.TP', optionLine(option), text(help.optionDescription(option))];
  const name = program.name();
  return [
    '.\\" Written by `npm run man` out of the program.',
    `.TH ${macroWord(name.toUpperCase())} 1 "" ${macroWord(`${name} ${program.version() ?? ''}`)} "User Commands"`,
    '.SH NAME',
    `${text(name)} \\- ${text(lowerFirst(program.description().replace(/\.$/, '')))}`,
    '.SH SYNOPSIS',
    ...commands.flatMap((command) => [`.B ${text(`${name} ${command.name()}`)}`, text(command.usage()), '.br']).slice(0, -1),
    '.SH DESCRIPTION',
    text(program.description()),
    'Nothing is written into the tree, and nothing is sent anywhere.',
    '.SH COMMANDS',
    ...commands.flatMap((command) => [
      `.SS ${macroWord(command.name())}`,
      `${text(upperFirst(command.description()))}.`,
      ...command.registeredArguments.flatMap((argument) => [
        '.TP',
        `.I ${text(argument.name())}`,
        text(help.argumentDescription(argument) || 'one of the commands'),
      ]),
      ...help
        .visibleOptions(command)
        .filter((option) => !isShared(option))
        .flatMap(entry),
    ]),
    '.SH "COMMON OPTIONS"',
    ...shared.flatMap(({ option, commands: having }) => [
      ...entry(option),
      ...(having.length === commands.length ? [] : ['.br', text(`Of ${having.map((each) => each.name()).join(', ')}.`)]),
    ]),
    '.SH "EXIT STATUS"',
    ...exitCodeTexts().flatMap(([code, meaning]) => ['.TP', `.B ${code}`, text(meaning)]),
    '.SH ENVIRONMENT',
    ...environment.flatMap(([variable, meaning]) => ['.TP', `.B ${text(variable)}`, text(meaning)]),
    '.SH FILES',
    ...files.flatMap(([path, meaning]) => ['.TP', `.I ${text(path)}`, text(meaning)]),
    '.SH EXAMPLES',
    '.EX',
    ...examples.map(text),
    '.EE',
    '.SH "SEE ALSO"',
    '.BR git\\-am (1),',
    '.BR qemu\\-system\\-x86_64 (1)',
    '',
  ].join('\n');
}

/** Options that at least `several` commands have, in the order of the first command that has them. */
function sharedOptions(
  commands: readonly Command[],
  optionsOf: (command: Command) => readonly Option[],
  key: (option: Option) => string,
): readonly Shared[] {
  const all = new Map<string, { option: Option; commands: Command[] }>();
  for (const command of commands) {
    for (const option of optionsOf(command)) {
      const known = all.get(key(option));
      if (known === undefined) all.set(key(option), { option, commands: [command] });
      else known.commands.push(command);
    }
  }
  return [...all.values()].filter((each) => each.commands.length >= several);
}

function keyOf({ flags, description, argChoices }: Option): string {
  return JSON.stringify([flags, description, argChoices]);
}

/** `.BI --tree " dir"`: flags in bold, the value in italics. */
function optionLine({ flags }: Option): string {
  const [, names = flags, value = ''] = /^([^<[]*?)(?: ([<[].*))?$/.exec(flags) ?? [];
  const said = value.replace(/[<>]/g, '');
  return said === '' ? `.B ${text(names)}` : `.BI ${macroWord(names)} ${macroWord(` ${said}`)}`;
}

function upperFirst(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function lowerFirst(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}

/** One parameter of a macro. */
function macroWord(words: string): string {
  const escaped = text(words);
  return escaped.includes(' ') ? `"${escaped}"` : escaped;
}

const special: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '"': '\\(dq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
};

/** Words as roff prints them, on a line that is no request. */
function text(words: string): string {
  const line = words.replace(/\s+/g, ' ').trimEnd();
  return line.replace(/[-\\'"`^~]/g, (each) => special[each] ?? each).replace(/^\./, '\\&.');
}
