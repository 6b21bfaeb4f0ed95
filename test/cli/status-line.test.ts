// What a terminal shows while a command works, as a terminal would show it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ProgressLine } from '../../extension/cli/progress-line.js';
import { StatusLine } from '../../extension/cli/status-line.js';

/** A terminal that keeps every state of its screen's last line, and the lines above it. */
class Screen {
  readonly lines: string[] = [''];
  /** Each text that the last line had when its rest was cleared. */
  readonly seen: string[] = [];
  private column = 0;

  constructor(readonly columns: number) {}

  write(text: string): void {
    const [first = '', ...more] = text.split('\u001b[K');
    this.print(first);
    for (const part of more) {
      this.lines[this.lines.length - 1] = (this.lines.at(-1) ?? '').slice(0, this.column);
      this.seen.push(this.lines.at(-1) ?? '');
      this.print(part);
    }
  }

  private print(text: string): void {
    for (const each of text) {
      const line = this.lines.at(-1) ?? '';
      if (each === '\n') this.lines.push('');
      if (each === '\n' || each === '\r') this.column = 0;
      else {
        this.lines[this.lines.length - 1] = line.slice(0, this.column) + each + line.slice(this.column + 1);
        this.column++;
      }
    }
  }
}

describe('the status line', () => {
  test('is replaced by the next, also where that is shorter', () => {
    const screen = new Screen(80);
    const line = new StatusLine(screen);
    line.show('parsing 10 of 34 files');
    line.show('checking');
    expect(screen.lines).toEqual(['checking']);
    line.show('');
    expect(screen.lines).toEqual(['']);
  });

  test('is gone before anything else is written', () => {
    const screen = new Screen(80);
    const line = new StatusLine(screen);
    const write = line.before((text) => screen.write(text));
    line.show('building 3 of 9 objects');
    write('a warning\n');
    line.show('building 4 of 9 objects');
    write('nothing found\n');
    expect(screen.lines).toEqual(['a warning', 'nothing found', '']);
  });

  test('never takes more than a line of the terminal', () => {
    const screen = new Screen(20);
    new StatusLine(screen).show('parsing 12 of 34 files: fs/fuse/backing.c');
    expect(screen.lines).toEqual(['parsing 12 of 34 fi']);
  });

  test('leaves a terminal alone on which nothing is shown', () => {
    const screen = new Screen(80);
    new StatusLine(screen).show('');
    expect(screen.seen).toEqual([]);
  });
});

describe('progress on the status line', () => {
  test('is shown a few times a second at most, and never with what would move the cursor', () => {
    const shown: string[] = [];
    const line = new ProgressLine({ status: (text) => void shown.push(text) });
    for (let done = 0; done < 1000; done++) line.report({ phase: 'parse', done, total: null, text: 'odd\u001b[2J.c' });
    expect(shown.length).toBeLessThan(20);
    expect(shown[0]).toMatch(/^parsing: odd.*\.c$/);
    expect(shown.join('')).not.toContain('\u001b');
    line.clear();
    expect(shown.at(-1)).toBe('');
  });

  test('is nothing where there is no terminal', () => {
    const line = new ProgressLine({});
    expect(() => line.report({ phase: 'parse', done: 0, total: null, text: '' })).not.toThrow();
  });
});

const root = join(import.meta.dirname, '../..');
const program = join(root, 'dist/cli.js');
const missing = !existsSync(program)
  ? ' (not built: npm run build)'
  : spawnSync('script', ['--version']).status !== 0
    ? ' (script of util-linux is not installed)'
    : '';

describe.skipIf(missing !== '')(`the built program${missing}`, () => {
  const check = `${process.execPath} ${program} check --tree ${join(root, 'sample/tree')}`;
  const inTerminal = (command: string): string =>
    spawnSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8', env: { ...process.env, TERM: 'xterm', NO_COLOR: '1' } }).stdout;

  test('tells on a terminal how many files are parsed of how many, and leaves nothing but its output', () => {
    const screen = new Screen(80);
    screen.write(inTerminal(check));
    expect(screen.seen.some((line) => /^parsing \d+ of \d+ files/.test(line))).toBe(true);
    expect(screen.seen.some((line) => /^checking \d+ of \d+ functions/.test(line))).toBe(true);
    const piped = spawnSync(process.execPath, check.split(' ').slice(1), { encoding: 'utf8' });
    expect(piped.stderr).toBe('');
    expect(screen.lines.join('\n')).toBe(piped.stdout);
  });

  test('shows none of it on a terminal that can not clear a line', () => {
    const piped = spawnSync(process.execPath, check.split(' ').slice(1), { encoding: 'utf8' });
    expect(inTerminal(`TERM=dumb ${check}`).replaceAll('\r', '')).toBe(piped.stdout);
  });
});
