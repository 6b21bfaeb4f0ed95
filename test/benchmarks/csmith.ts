// The simulator beside gcc on programs that csmith makes up: `npm run bench:csmith [-- --programs N --seed S --jobs N]`. Compared is what
// they print: the checksum after each of their global variables, and of all.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inWorker, runAll, serve, tableOf, type Ran } from './c-programs.js';
import { causeOf } from './torture-programs.js';

const shape = (
  '--bitfields --packed-struct --unions --volatiles --no-float --no-argc --concise ' +
  '--max-funcs 4 --max-block-depth 3 --max-block-size 3 --max-expr-complexity 6 --max-array-dim 2 --max-array-len-per-dim 5'
).split(' ');
const flags = '-std=gnu11 -O1 -w -fwrapv -fno-strict-aliasing -funsigned-char'.split(' ');
/** Where Debian's csmith puts the headers that its programs include. */
const headers = '/usr/include/csmith';
/** Those of libc, as far as csmith's need them: gcc and the simulator are to be given the same C. */
const libcHeaders: Readonly<Record<string, string>> = {
  // The simulator knows these types by themselves, and gcc is given its own.
  'stdint.h': '',
  'limits.h': `
#define CHAR_BIT 8
#define SCHAR_MIN (-128)
#define SCHAR_MAX 127
#define UCHAR_MAX 255
#define SHRT_MIN (-32768)
#define SHRT_MAX 32767
#define USHRT_MAX 65535
#define INT_MAX 2147483647
#define INT_MIN (-INT_MAX - 1)
#define UINT_MAX 4294967295U
#define LONG_MAX 9223372036854775807L
#define LONG_MIN (-LONG_MAX - 1L)
#define ULONG_MAX 18446744073709551615UL
#define INT8_MIN SCHAR_MIN
#define INT8_MAX SCHAR_MAX
#define UINT8_MAX UCHAR_MAX
#define INT16_MIN SHRT_MIN
#define INT16_MAX SHRT_MAX
#define UINT16_MAX USHRT_MAX
#define INT32_MIN INT_MIN
#define INT32_MAX INT_MAX
#define UINT32_MAX UINT_MAX
#define INT64_MIN LONG_MIN
#define INT64_MAX LONG_MAX
#define UINT64_MAX ULONG_MAX
`,
  'stdio.h': 'int printf(const char *format, ...);\n',
  'string.h': '',
  'float.h': '#define FLT_MAX __FLT_MAX__\n#define DBL_MAX __DBL_MAX__\n',
  'math.h': 'float fabsf(float f); double fabs(double f);\n',
  'assert.h': '',
};

interface Generated {
  readonly name: string;
  readonly text: string;
  /** What it prints when gcc has compiled it. */
  readonly printed: string;
}

/** The program of a seed with its includes in their places; null where it does not end within seconds. */
function generated(seed: number, folder: string): Generated | null {
  const made = execFileSync('csmith', ['--seed', String(seed), ...shape], { encoding: 'utf8', cwd: folder });
  const source = join(folder, 'program.c');
  writeFileSync(source, made.replace('int print_hash_value = 0;', 'int print_hash_value = 1;'));
  const search = ['-nostdinc', '-I', join(folder, 'libc'), '-I', headers];
  const text = execFileSync('gcc', ['-E', '-P', '-w', ...search, source], { encoding: 'utf8' });
  writeFileSync(source, text);
  execFileSync('gcc', [...flags, '-include', 'stdint.h', '-o', join(folder, 'program'), source, '-lm'], { stdio: 'pipe' });
  const run = spawnSync(join(folder, 'program'), { encoding: 'utf8', timeout: 3000 });
  return run.status === 0 ? { name: String(seed), text, printed: run.stdout } : null;
}

/** The first line that differs. */
function difference(expected: string, printed: string): string | null {
  const [theirs, ours] = [expected, printed].map((each) => each.trim().split('\n'));
  for (const [at, line] of (theirs ?? []).entries()) if (line !== ours?.[at]) return `'${line}' with gcc, '${ours?.[at] ?? ''}' here`;
  return null;
}

function lacking(): string | null {
  for (const [program, packages] of [
    ['gcc', 'gcc'],
    ['csmith', 'csmith libcsmith-dev'],
  ] as const)
    if (spawnSync(program, ['--version'], { stdio: 'ignore' }).error) return `${program} is missing: apt-get install ${packages}`;
  if (!existsSync(join(headers, 'csmith.h'))) return `${headers}/csmith.h is missing: apt-get install libcsmith-dev`;
  return null;
}

async function main(): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { programs: text, seed: text, jobs: text, seconds: text } });
  const lack = lacking();
  if (lack !== null) {
    console.error(lack);
    return 2;
  }
  const [programs, first] = [Number(values.programs ?? 1000), Number(values.seed ?? 1)];
  const folder = mkdtempSync(join(tmpdir(), 'csmith-'));
  mkdirSync(join(folder, 'libc'));
  for (const [name, header] of Object.entries(libcHeaders)) writeFileSync(join(folder, 'libc', name), header);
  const count = { right: 0, said: 0, wrong: 0, hangs: 0, left: 0 };
  const said = new Map<string, number>();
  const made = (function* () {
    for (let seed = first; seed < first + programs; seed++) {
      const program = generated(seed, folder);
      if (program === null) count.left++;
      else yield program;
    }
  })();
  const done = ({ name, printed }: Generated, { ended }: Ran): void => {
    if (ended.kind === 'said') {
      count.said++;
      const cause = causeOf(ended.reasons);
      said.set(cause, (said.get(cause) ?? 0) + 1);
      console.log(`seed ${name}: said: ${ended.reasons[0] ?? ''}`);
    } else if (ended.kind === 'hangs') {
      count.hangs++;
      console.log(`seed ${name}: hangs`);
    } else {
      const differs = ended.kind === 'stopped' ? ended.what : difference(printed, ended.printed);
      if (differs === null) count.right++;
      else {
        count.wrong++;
        console.log(`seed ${name}: wrong: ${differs}`);
      }
    }
  };
  try {
    await runAll(import.meta.url, made, { jobs: Number(values.jobs ?? 1), seconds: Number(values.seconds ?? 20) }, done);
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.log(
    tableOf([
      ['seeds', 'right', 'said', 'wrong', 'hangs', 'left out, as they do not end'],
      [`${first} to ${first + programs - 1}`, count.right, count.said, count.wrong, count.hangs, count.left],
    ]),
  );
  for (const [cause, times] of [...said].sort(([, a], [, b]) => b - a)) console.log(`  said, ${cause}: ${times}`);
  return count.wrong + count.hangs === 0 ? 0 : 1;
}

if (inWorker) await serve();
else process.exitCode = await main();
