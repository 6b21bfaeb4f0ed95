// `fuse-review call`: functions of one file on the modelled kernel, by themselves and at the same time.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from '../../extension/cli/io.js';
import { run } from '../../extension/cli/run.js';
import { calledSchema, type JsonCalled } from '../../extension/review/report/json/call-json.js';
import { installedRuntimes } from '../../extension/runner/installed-runtimes.js';
import { Runner } from '../../extension/runner/runner.js';
import { testInstallation } from '../support/runner.js';

/** Goes on from command to command, as starting a thread takes longer than most calls. */
class LastingRunner extends Runner {
  override dispose(): Promise<void> {
    return Promise.resolve();
  }

  end(): Promise<void> {
    return super.dispose();
  }
}

let folder: string;
let runner: LastingRunner;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fuse-review-call-'));
  runner = new LastingRunner({ installation: await testInstallation(), workers: 1 });
});
afterAll(async () => {
  await runner.end();
  rmSync(folder, { recursive: true, force: true });
});

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function cli(argv: readonly string[], interrupted?: AbortSignal): Promise<Said> {
  let out = '';
  let err = '';
  const installation = await testInstallation();
  const code = await run(argv, {
    command: 'fuse-review',
    cwd: folder,
    env: {},
    terminal: false,
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    stdin: () => Promise.resolve(new Uint8Array()),
    reviewer: () => Promise.reject(new Error('nothing is to be reviewed')),
    runner: () => runner,
    runtimes: () => installedRuntimes(installation.model),
    guest: '',
    ...(interrupted === undefined ? {} : { interrupted }),
  });
  return { code, out, err };
}

/** What is said of a file with this text. */
function call(text: string, ...words: readonly string[]): Promise<Said> {
  writeFileSync(join(folder, 'a.c'), text);
  return cli(['call', 'a.c', ...words]);
}

async function json(text: string, ...words: readonly string[]): Promise<JsonCalled> {
  return calledSchema.parse(JSON.parse((await call(text, ...words, '--format', 'json')).out));
}

const answered = (out: string): Said => ({ code: exitCodes.clean, out, err: '' });

describe('a function that is called', () => {
  test.each([
    ['long f(void) { return 42; }', [], '42'],
    ['long f(void) { return -EINVAL; }', [], '-22'],
    ['long add(long a, int b) { return a + b; }', ['-3', '5'], '2'],
    ['long f(long x) { return x; }', ['0x7fffffffffffffff'], '9223372036854775807'],
    ['long f(long x) { return x; }', ['-9223372036854775808'], '-9223372036854775808'],
    ['long f(long x) { return x; }', ['9007199254740993'], '9007199254740993'],
    ['long f(unsigned long x) { return x; }', ['18446744073709551615'], '-1'],
    ['unsigned int f(void) { return -1; }', [], '4294967295'],
    ['u8 f(u8 x) { return x; }', ['300'], '44'],
    ['bool f(int x) { return x; }', ['7'], '1'],
    ['int *f(int *p) { return p; }', ['5'], '5'],
    ['int f(void) { int x; return x; }', [], 'a value that was never set'],
    ['static int n;\nvoid f(void) { n = 1; }', [], 'nothing'],
    ['#include <linux/slab.h>\nstatic int twice(int x) { return 2 * x; }\nint f(int x) { return twice(x); }', ['4'], '8'],
    ['int f(void) { return current_uid().val; }', [], '0'],
  ])('answers as C does: %s', async (text, numbers, answer) => {
    const name = /(\w+)\([^()]*\) \{[^{]*$/.exec(text)?.[1] ?? '';
    expect(await call(text, name, ...numbers)).toEqual(answered(`answers ${answer}\n`));
  });

  test('runs between setup() and teardown() of its file', async () => {
    const text = 'static int n;\nvoid setup(void) { n = 5; }\nint f(void) { return n++; }\nvoid teardown(void) { WARN_ON(n == 6); }\n';
    const { code, out } = await call(text, 'f');
    expect(out).toBe('answers 5\n\na.c:4: error: WARN_ON(n == 6), in teardown() [warning]\n');
    expect(code).toBe(exitCodes.findings);
  });

  test('is told with the error that it runs into, with its place', async () => {
    const { code, out, err } = await call('struct box { int v; };\n\nint f(struct box *b)\n{\n\treturn b->v;\n}\n', 'f', '0');
    expect({ code, out, err }).toEqual({ code: exitCodes.findings, out: 'a.c:5: error: reads NULL, in f() [null-dereference]\n', err: '' });
  });

  test('is told with what it leaves behind', async () => {
    const { code, out } = await call('long f(void)\n{\n\tkmalloc(8, GFP_KERNEL);\n\treturn 0;\n}\n', 'f');
    expect(out).toMatch(/^answers 0\n\nat the end: error: .* is never freed \[leak\]\na\.c:3: note: .* was allocated here\n$/);
    expect(code).toBe(exitCodes.findings);
  });

  test('lets calls fail where it is asked to', async () => {
    const text = 'long f(void)\n{\n\tchar *p = kmalloc(8, GFP_KERNEL);\n\n\tif (!p)\n\t\treturn -ENOMEM;\n\tkfree(p);\n\treturn 0;\n}\n';
    expect(await call(text, 'f')).toEqual(answered('answers 0\n'));
    expect(await call(text, 'f', '--faults', '1')).toEqual(answered('answers 0\nanswers -12 where kmalloc() fails (a.c:3)\n'));
    const unchecked = text.replace('if (!p)\n\t\treturn -ENOMEM;', '*p = 1;');
    expect(await call(unchecked, 'f')).toEqual(answered('answers 0\n'));
    const { code, out } = await call(unchecked, 'f', '--faults', '1');
    expect(out).toContain('a.c:5: error: writes NULL, in f() [null-dereference]\npath with 1 fault and 0 preemptions:\n');
    expect(out).toContain('kmalloc() fails');
    expect(code).toBe(exitCodes.findings);
  });

  test('says what was assumed', async () => {
    const text = '#ifdef CONFIG_ODD\nint f(void) { return nobody_knows(1) + 1; }\n#endif\n';
    expect(await call(text, 'f')).toEqual(
      answered('answers 1\nassumed: nobody_knows(): does nothing and returns 0\nassumed: option CONFIG_ODD: is on\n'),
    );
  });

  test('has no answer where it does not end', async () => {
    const { code, out } = await call('static int n;\nint f(void) { while (1) n++; return 0; }\n', 'f');
    expect(out).toBe('not exhaustive: an operation ran more than 200,000 steps\n');
    expect(code).toBe(exitCodes.incomplete);
  });

  test('may lie in a folder that is called as those of the model are', async () => {
    mkdirSync(join(folder, 'runtime'), { recursive: true });
    writeFileSync(join(folder, 'runtime/a.c'), 'void f(void) { WARN_ON(1); }\n');
    const { code, out } = await cli(['call', 'runtime/a.c', 'f']);
    expect(out).toContain('runtime/a.c:1: error: WARN_ON(1), in f() [warning]\n');
    expect(code).toBe(exitCodes.findings);
  });
});

const lost = `static int n;
long setup(void) { n = 0; return 0; }
long teardown(void) { WARN_ON(n != 2); return 0; }
long up(void)
{
	int v = READ_ONCE(n);

	WRITE_ONCE(n, v + 1);
	return 0;
}
`;
const kept = lost
  .replace('static int n;', 'static int n; static DEFINE_SPINLOCK(lock);')
  .replace('int v = READ_ONCE(n);\n', 'spin_lock(&lock);')
  .replace('WRITE_ONCE(n, v + 1);', 'n++;\n\tspin_unlock(&lock);');

describe('functions at the same time', () => {
  test('lose an update, which is shown by a shortest path, step by step', async () => {
    const { code, out, err } = await call(lost, '--parallel', 'up,up');
    expect(out).toMatch(/^a\.c:3: error: WARN_ON\(n != 2\), in teardown\(\) \[warning\]\npath with 0 faults and 1 preemption:\n/);
    const steps = out.split('\n').filter((line) => /^ {2}\[[12]\] {3}a\.c:[68] /.test(line));
    expect(steps).toEqual([
      '  [1]   a.c:6 up(): int v = READ_ONCE(n);',
      '  [2]   a.c:6 up(): int v = READ_ONCE(n);',
      '  [2]   a.c:8 up(): WRITE_ONCE(n, v + 1)  {n: 0 → 1}',
      '  [1]   a.c:8 up(): WRITE_ONCE(n, v + 1)',
    ]);
    expect(out.match(/error:/g)).toHaveLength(1);
    expect(err).toBe('');
    expect(code).toBe(exitCodes.findings);
  });

  test('are right under a lock, in all orders', async () => {
    expect(await call(kept, '--parallel', 'up,up')).toEqual(answered('no error, exhaustive\n'));
  });

  test('take each other in a deadlock', async () => {
    const text = [
      'static DEFINE_SPINLOCK(a);\nstatic DEFINE_SPINLOCK(b);',
      'void f(void) { spin_lock(&a); spin_lock(&b); spin_unlock(&b); spin_unlock(&a); }',
      'void g(void) { spin_lock(&b); spin_lock(&a); spin_unlock(&a); spin_unlock(&b); }\n',
    ].join('\n');
    const { code, out } = await call(text, '--parallel', 'f,g');
    expect(out).toContain('[deadlock]');
    expect(code).toBe(exitCodes.findings);
  });

  test('are told as not exhaustive where a bound ends it', async () => {
    const { code, out } = await call(kept, '--parallel', 'up,up', '--bound', 'executions=1');
    expect(out).toBe('no error, not exhaustive: 1 paths are run\n');
    expect(code).toBe(exitCodes.incomplete);
    expect((await call(kept, '--parallel', 'up,up', '--bound', 'preemptions=1')).out).toBe('no error, exhaustive within 1 preemption\n');
    const long = kept.replace('n++', 'for (int i = 0; i < 50; i++)\n\t\tWRITE_ONCE(other, READ_ONCE(other) + 1)').replace('n = 0', 'n = 2');
    const { out: late } = await call(
      `static int other;\n${long}`.replaceAll(/spin_(?:un)?lock\(&lock\);/g, ''),
      '--parallel',
      'up,up,up',
      '--limit',
      '1',
    );
    expect(late).toBe('no error, not exhaustive: the time is up\n');
  });
});

describe('as JSON', () => {
  test('has the answer, and large ones in digits', async () => {
    expect(await json('long f(long a, long b) { return a - b; }', 'f', '1', '0x2')).toMatchObject({
      file: 'a.c',
      functions: ['f'],
      arguments: ['1', '2'],
      answer: -1,
      answers: [{ answer: -1, faults: [] }],
      errors: [],
      exhaustive: true,
      stopped: null,
      assumed: [],
    });
    expect((await json('long f(void) { return 1L << 62; }', 'f')).answer).toBe('4611686018427387904');
    expect((await json('void f(void) { }', 'f')).answer).toBeNull();
  });

  test('has each error with its path, and how much was run', async () => {
    const { errors, exhaustive, stats } = await json(lost, '--parallel', 'up,up');
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({
      kind: 'warning',
      message: 'WARN_ON(n != 2)',
      file: 'a.c',
      line: 3,
      function: 'teardown',
      faults: 0,
      preemptions: 1,
      threads: ['main', 'thread 1', 'thread 2'],
    });
    expect(errors[0]?.schedule).toMatch(/^run 1:\d+ 2:\d+ 1$/);
    expect(errors[0]?.steps).toContainEqual({
      thread: 2,
      kind: 'statement',
      file: 'a.c',
      line: 8,
      function: 'up',
      text: 'WRITE_ONCE(n, v + 1)',
    });
    expect(exhaustive).toBe(true);
    expect(stats.states).toBeGreaterThan(0);
    expect(stats.transitions).toBeGreaterThan(0);
  });

  test('has the calls that failed', async () => {
    const text = 'long f(void) { void *p = kmalloc(8, GFP_KERNEL); kfree(p); return p ? 0 : -1; }\n';
    expect((await json(text, 'f', '--faults', '1')).answers).toEqual([
      { answer: 0, faults: [] },
      { answer: -1, faults: [{ call: 'kmalloc', file: 'a.c', line: 1, function: 'f' }] },
    ]);
  });
});

describe('what can not be run', () => {
  const one = 'long f(long a) { return a; }\nlong g(void) { return 0; }\nstruct s { int a; };\nint h(struct s s) { return s.a; }\n';
  // A function in a function is no C of the kernel's.
  const unread =
    'long odd(long v)\n{\n\tint in(int a) { return a; }\n\treturn in(v);\n}\nlong f(long v) { return v ? odd(v) : 4; }\nlong g(void) { return odd(1); }\n';

  test.each([
    ['a function that is not there', one, ['x'], 'a.c: defines no function x; it has f, g, h'],
    ['a file without functions', 'int x;\n', ['x'], 'a.c: defines no function x; it defines no function'],
    ['too few numbers', one, ['f'], 'a.c: f() takes 1 argument, and 0 are given'],
    ['too many numbers', one, ['g', '1', '2'], 'a.c: g() takes no arguments, and 2 are given'],
    ['a number that is none', one, ['f', 'x'], "f: 'x' is no whole number of up to 64 bits, such as 12, -1 or 0x10"],
    ['a number that is too large', one, ['f', '99999999999999999999'], /^f: '9+' is no whole number/],
    ['a record by value', one, ['h', '1'], 'a.c: h() takes a whole record as s, which no number is'],
    ['no function', one, [], 'a.c: name the function to call, or several with --parallel F,G'],
    ['arguments beside others', one, ['--parallel', 'f,g'], /^a\.c: f\(\) takes 1 argument; functions that run at the same time/],
    ['one thread', one, ['--parallel', 'g'], /Write two functions or more: F,G\.$/],
    ['too many threads', one, ['--parallel', 'g,g,g,g,g,g,g'], 'a.c: 7 functions at the same time; 6 is the most'],
    ['functions in both ways', one, ['g', '--parallel', 'g,g'], /^--parallel: takes no function beside it/],
    ['a number of faults that is none', one, ['g', '--faults', 'many'], /Write a whole number\.$/],
    ['a format that does not exist', one, ['g', '--format', 'sarif'], /Allowed choices are text, json\.$/],
    ['a function that could not be read', unread, ['odd', '1'], /^a\.c: odd\(\) could not be read: line 3: /],
    ['a function with a syntax error', 'int f(void)\n{\n\treturn 1 +;\n}\n', ['f'], /^a\.c: f\(\) could not be read: line 3: /],
    ['what is no C', 'hello world, this is no C at all\n', ['f'], /^a\.c: does not parse: line 1: /],
    [
      'a static function of the model by name',
      'static int list_empty(int x) { return x; }\n',
      ['list_empty', '1'],
      /the model .* rename it$/,
    ],
    [
      'a setup that fails',
      'int setup(void) { return -1; }\nint f(void) { return 0; }\n',
      ['f'],
      /^a\.c: not run: setup does not go through: /,
    ],
    ['an unread function on the way', unread, ['f', '1'], /^a\.c: not run to the end: odd\(\) is not analysed: a\.c, line 3: /],
    [
      'a part of a function that was not understood',
      'int f(void) { int x = 1; asm volatile("mov $1, %0" : "=r"(x)); return x; }\n',
      ['f'],
      /^a\.c: not run to the end: f\(\) is not analysed as a whole: a\.c, line 1: not understood: asm volatile/,
    ],
    ['an unread function in a thread', unread, ['--parallel', 'g,g'], /^a\.c: not run to the end: odd\(\) is not analysed: a\.c, line 3: /],
  ])('is said in one line: %s', async (_, text, words, said) => {
    const { code, out, err } = await call(text, ...words);
    const [, line = ''] = /^fuse-review: (.*)\n$/.exec(err) ?? [];
    if (typeof said === 'string') expect(line).toBe(said);
    else expect(line).toMatch(said);
    expect(line.length).toBeLessThanOrEqual(200);
    expect(out).toBe('');
    expect(code).toBe(exitCodes.badInput);
  });

  test('is none of what no path comes to', async () => {
    expect(await call(unread, 'f', '0')).toEqual(answered('answers 4\n'));
  });

  test.each([
    ['nowhere.c', 'nowhere.c: cannot be read: there is no such file'],
    ['.', '.: is no C file; its name ends in .c or .h'],
    ['folder.c', 'folder.c: cannot be read: it is a folder'],
  ])('is a file that is none: %s', async (file, said) => {
    mkdirSync(join(folder, 'folder.c'), { recursive: true });
    expect(await cli(['call', file, 'f'])).toEqual({ code: exitCodes.badInput, out: '', err: `fuse-review: ${said}\n` });
  });

  test('is what was interrupted before it began', async () => {
    writeFileSync(join(folder, 'a.c'), one);
    expect((await cli(['call', 'a.c', 'g'], AbortSignal.abort())).code).toBe(exitCodes.interrupted);
  });
});

describe('docs/simulator.md', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/simulator.md'), 'utf8');
  const [, file = '', text = '', shown = ''] = /`(\w+\.c)` is\n\n```c\n([^]*?)```\n[^]*?```\n([^]*?)```/.exec(page) ?? [];
  const commands = shown.split(/^\$ fuse-review /m).slice(1);

  test.each(commands.map((each) => each.split('\n', 1)[0] ?? ''))('shows what is answered: %s', async (line) => {
    writeFileSync(join(folder, file), text);
    const { out } = await cli(line.split(' '));
    expect(commands).toContain(`${line}\n${out}`);
  });

  test('shows a single function and several', () => {
    expect(commands).toHaveLength(3);
  });
});
