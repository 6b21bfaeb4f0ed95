// The manual page: that of the program, and one that what formats manual pages takes.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { manualPage } from '../../extension/cli/manual.js';
import { describedProgram, examplesOf } from '../../extension/cli/command-line.js';
import { helpWordsOf } from '../../extension/cli/help-words.js';
import { runtimes } from '../support/fuse.js';

const root = join(import.meta.dirname, '../..');
const path = 'man/fuse-review.1';
const page = readFileSync(join(root, path), 'utf8');

function section(name: string): string {
  const [, text = ''] = new RegExp(`^\\.SH "?${name}"?\n([^]*?)(?=^\\.SH|(?![^]))`, 'm').exec(page) ?? [];
  return text.replaceAll('\\-', '-').replaceAll('\\(ti', '~');
}

const described = describedProgram(runtimes);

describe('the manual page', () => {
  test('is up to date; `npm run man` writes it', () => {
    expect(page).toBe(manualPage(described, examplesOf(helpWordsOf({ runtimes: () => runtimes }))));
  });

  test('is what is installed with the program', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { man: string };
    expect(join(manifest.man)).toBe(path);
  });

  test('tells of every variable of the environment that the command line reads', () => {
    const sources = readdirSync(join(root, 'extension/cli'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(root, 'extension/cli', name), 'utf8'));
    const read = sources.flatMap((text) => [...text.matchAll(/\bio\.env\.(\w+)/g)].map(([, name = '']) => name));
    const told = [...section('ENVIRONMENT').matchAll(/^\.B (\w+)$/gm)].map(([, name = '']) => name);
    expect(told.sort()).toEqual([...new Set(read)].sort());
  });

  test('has each command with its own options, and those of several commands once', () => {
    const commands = section('COMMANDS')
      .split(/^\.SS /m)
      .slice(1);
    expect(commands.map((text) => text.split('\n', 1)[0])).toEqual(
      described
        .createHelp()
        .visibleCommands(described)
        .map((each) => each.name()),
    );
    expect(commands.filter((text) => text.includes('--fail-on'))).toHaveLength(1);
    expect(commands.filter((text) => text.includes('--tree'))).toHaveLength(0);
    expect(section('COMMON OPTIONS').match(/^\.BI --tree " dir"$/gm)).toHaveLength(1);
  });

  const formatters = [
    { name: 'groff', parameters: ['-man', '-ww', '-Tutf8', '-z'], known: /^$/ },
    // A date would differ with each release and say nothing more than the version; long lines are words, not layout.
    { name: 'mandoc', parameters: ['-T', 'lint', '-W', 'warning'], known: /missing date/ },
  ];
  for (const { name, parameters, known } of formatters) {
    const missing = spawnSync(name, ['--help']).error !== undefined;
    test.skipIf(missing)(`has nothing that ${name} warns of${missing ? ' (not installed)' : ''}`, () => {
      const { stdout, stderr } = spawnSync(name, [...parameters, path], { cwd: root, encoding: 'utf8' });
      expect(`${stdout}${stderr}`.split('\n').filter((line) => line !== '' && !known.test(line))).toEqual([]);
    });
  }

  const noGroff = spawnSync('groff', ['--version']).error !== undefined;
  test.skipIf(noGroff)(`shows words as they are, whatever roff makes of them${noGroff ? ' (groff is not installed)' : ''}`, () => {
    const words = String.raw`.it's "a" \fBtest\fR -- of ~/x^2 and ${'`'}y${'`'}`;
    const program = new Command('toy').version('1').description('Toy.');
    program.command('act').description(words).option('-o, --one <a-b>', words);
    const { stdout } = spawnSync('groff', ['-man', '-Tascii', '-P-cbuo', '-rLL=200n'], {
      input: manualPage(program, []),
      encoding: 'utf8',
    });
    const shown = stdout.split('\n');
    expect(shown.filter((line) => line.trim() === words)).toHaveLength(1);
    expect(shown.map((line) => line.trim())).toContain(`${words}.`);
    expect(shown.map((line) => line.trim())).toContain('-o, --one a-b');
  });
});
