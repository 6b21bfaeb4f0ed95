// Commands as a user runs them: each a process of its own, with nothing loaded before.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

export interface ColdRun {
  readonly milliseconds: number;
  /** The most memory that the process had at once, in bytes; NaN where the system does not tell. */
  readonly memory: number;
  readonly output: string;
}

const cli = join(import.meta.dirname, '../../dist/cli.js');

/** Milliseconds between two looks at a process's memory. */
const lookEvery = 50;

/** One run of `fuse-review` with these arguments, with what is cached in a folder; its exit code may be any of a review's. */
async function coldRun(given: readonly string[], cache: string): Promise<ColdRun> {
  const started = performance.now();
  const env = { ...process.env, FUSE_REVIEW_CACHE: cache };
  const child = spawn(process.execPath, [cli, ...given], { stdio: ['ignore', 'pipe', 'pipe'], env });
  let output = '';
  child.stdout.on('data', (part: Buffer) => (output += part.toString()));
  let complaint = '';
  child.stderr.on('data', (part: Buffer) => (complaint += part.toString()));
  let memory = NaN;
  const look = setInterval(() => (memory = peakOf(child.pid) ?? memory), lookEvery);
  const code = await new Promise<number | null>((done) => child.on('close', done));
  clearInterval(look);
  if (code !== 0 && code !== 1) throw new Error(`fuse-review ${given.join(' ')} exits with ${String(code)}: ${complaint}`);
  return { milliseconds: performance.now() - started, memory, output };
}

/** Median time and most memory of several runs, as text; each with an empty cache, or with what `before` leaves in one. */
export async function coldly(given: readonly string[], runs: number, before?: readonly string[]): Promise<string> {
  const all: ColdRun[] = [];
  for (let run = 0; run < runs; run++) {
    const cache = mkdtempSync(join(tmpdir(), 'fuse-review-cold-'));
    if (before !== undefined) await coldRun(before, cache);
    all.push(await coldRun(given, cache));
    rmSync(cache, { recursive: true });
  }
  const times = all.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const seconds = ((times[Math.floor(times.length / 2)] ?? NaN) / 1000).toFixed(2);
  return `${seconds} s, ${Math.round(Math.max(...all.map(({ memory }) => memory)) / 1e6)} MB`;
}

function peakOf(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid ?? 0}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
