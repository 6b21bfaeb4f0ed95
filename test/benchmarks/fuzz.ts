// Inputs that are almost right, as many as one likes, in a child process with limits of time and memory.
// Usage: npm run bench:fuzz [-- --inputs N] [--seed S] [--kind C] [--seconds N]: the input with number I has the seed S + I.
import { fork, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { SyntaxParser } from '../../extension/syntax/parser.js';
import { readCorpus } from '../fuzz/corpus.js';
import { kindsOf } from '../fuzz/kinds.js';

/** For one input: it is small, and whoever waits for it is not patient. */
const longestSeconds = 10;
const megabytes = 1024;
/** A parser's memory is never given back, so a child takes no more than these before the next one. */
const perChild = 20_000;

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    kind: { type: 'string' },
    seconds: { type: 'string', default: '3600' },
    from: { type: 'string' },
    show: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const inputs = Number(values.inputs);

interface Report {
  /** Where the child is, and in which kind. */
  readonly at: number;
  readonly kind: string;
  readonly wrong: readonly string[];
  readonly input?: string;
}

if (values.from === undefined) await parent();
else await child(Number(values.from));

async function child(from: number): Promise<void> {
  const root = process.cwd();
  const parser = await SyntaxParser.create({
    runtime: resolve('node_modules/web-tree-sitter/web-tree-sitter.wasm'),
    grammar: resolve('grammars/kernel-c/kernel-c.wasm'),
  });
  const kinds = kindsOf(readCorpus(root), parser).filter(({ name }) => values.kind === undefined || name === values.kind);
  // C is most of what people hand in, and what most is done with.
  const turns = kinds.flatMap((kind) => (kind.name === 'C' ? [kind, kind, kind] : [kind]));
  for (let at = from; at < Math.min(inputs, from + perChild); at++) {
    const kind = turns[at % turns.length];
    if (kind === undefined) throw new Error('there is no such kind');
    const [input = ''] = fc.sample(kind.inputs, { seed: seed + at, numRuns: 1 });
    process.send?.({ at, kind: kind.name, wrong: [] } satisfies Report);
    if (values.show) console.log(input);
    const wrong = await complaints(() => kind.check(input));
    if (wrong.length > 0) process.send?.({ at, kind: kind.name, wrong, input } satisfies Report);
  }
  if (process.connected) process.disconnect();
}

async function complaints(check: () => Promise<readonly string[]> | readonly string[]): Promise<readonly string[]> {
  try {
    return await check();
  } catch (error) {
    return [`crash: ${error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 4).join(' ') : String(error)}`];
  }
}

async function parent(): Promise<void> {
  const began = Date.now();
  const end = began + Number(values.seconds) * 1000;
  const counts = new Map<string, number>();
  const failures: string[] = [];
  console.log(`seed ${seed}, ${inputs} inputs; one again: npm run bench:fuzz -- --seed ${seed}+NUMBER --inputs 1 --kind KIND`);
  let next = 0;
  while (next < inputs && Date.now() < end) next = await runChild(next, end, counts, failures);
  const seconds = (Date.now() - began) / 1000;
  const done = [...counts.values()].reduce((sum, each) => sum + each, 0);
  const each = [...counts].map(([kind, count]) => `${kind} ${count}`).join(', ');
  console.log(`${done} inputs (${each}) in ${seconds.toFixed(0)} s, ${(done / seconds).toFixed(0)} a second: ${failures.length} failures`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

/** Runs a child from an input on, until it is done, dies or takes too long; the number of the next input. */
function runChild(from: number, end: number, counts: Map<string, number>, failures: string[]): Promise<number> {
  const script = process.argv[1] ?? '';
  const args = process.argv.slice(2);
  const started: ChildProcess = fork(script, [...args, '--seed', String(seed), '--from', String(from)], {
    execArgv: ['--enable-source-maps', `--max-old-space-size=${megabytes}`],
  });
  let last: Report | undefined;
  let since = Date.now();
  const fail = (report: Report, wrong: string): void => {
    const line = `${report.kind} ${report.at} (--seed ${seed + report.at} --inputs 1 --kind ${report.kind}): ${wrong}`;
    failures.push(line);
    if (failures.length > 40) return;
    console.log(line.slice(0, 600));
    if (report.input !== undefined) writeFileSync(join(tmpdir(), `fuzz-${report.kind}-${seed + report.at}`), report.input);
  };
  started.on('message', (report: Report) => {
    if (report.wrong.length > 0) for (const wrong of report.wrong.slice(0, 3)) fail(report, wrong);
    else {
      last = report;
      since = Date.now();
      counts.set(report.kind, (counts.get(report.kind) ?? 0) + 1);
    }
  });
  return new Promise((done) => {
    const watchdog = setInterval(() => {
      if (Date.now() > end) started.kill('SIGKILL');
      else if (Date.now() - since > longestSeconds * 1000) {
        if (last) fail(last, `no answer in ${longestSeconds} s`);
        started.kill('SIGKILL');
      }
    }, 500);
    started.on('close', (code, signal) => {
      clearInterval(watchdog);
      const at = last?.at ?? from;
      if (code !== 0 && signal !== 'SIGKILL' && last) fail(last, `the process ended: ${signal ?? code}`);
      done(at + 1);
    });
  });
}
