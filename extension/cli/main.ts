// The entry of dist/cli.js: gives the command line this process's streams, folder and environment.
import { basename, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Reviewer } from '../review/reviewer.js';
import { AnalysisCache } from '../runner/analysis-cache.js';
import { Runner } from '../runner/runner.js';
import { installedRuntimes } from '../runner/installed-runtimes.js';
import { SyntaxParser } from '../syntax/parser.js';
import { findInstallation } from './installation.js';
import { run } from './run.js';
import { shellWord } from '../model/shell-word.js';
import { StatusLine } from './status-line.js';

/** Whoever reads us may stop early (`| head`); that is no error, and the exit code stays what it is. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

/** By the name that npm links to us, or by our file. */
function commandName(script: string, cwd: string): string {
  return basename(script) === 'fuse-review' ? 'fuse-review' : `node ${shellWord(relative(cwd, script))}`;
}

// The simulator's code is made anew for each tree and runs for seconds: V8 spends much of the processor on optimising it as if it were to
// run for hours. Less is inlined, and only what runs often is optimised. Measured: docs/architecture.md, "Generated code".
setFlagsFromString('--max-inlined-bytecode-size-cumulative=100');
setFlagsFromString('--interrupt-budget=264000');

process.stdout.on('error', ignoreClosedPipe);
process.stderr.on('error', ignoreClosedPipe);

const installation = findInstallation();
const interruption = new AbortController();

// Ends the run with what it found; a second time the process, as without this.
process.once('SIGINT', () => interruption.abort());

// Where people look at standard error, and lines can be cleared.
const status = process.stderr.isTTY && process.env.TERM !== 'dumb' ? new StatusLine(process.stderr) : undefined;
const writing = (stream: NodeJS.WriteStream): ((text: string) => void) => {
  const write = (text: string): void => void stream.write(text);
  return status?.before(write) ?? write;
};

// Not process.exit(): a pipe may still have to take what was written.
process.exitCode = await run(process.argv.slice(2), {
  command: commandName(process.argv[1] ?? '', process.cwd()),
  cwd: process.cwd(),
  env: process.env,
  terminal: process.stdout.isTTY,
  out: writing(process.stdout),
  err: writing(process.stderr),
  stdin: readStdin,
  reviewer: async (subsystems, cache) => {
    const { runtime, grammar } = installation;
    const store = cache === null ? null : new AnalysisCache(cache, [runtime, grammar, fileURLToPath(import.meta.url)]);
    return new Reviewer(await SyntaxParser.create(installation), subsystems, store);
  },
  runner: (cache) => new Runner({ installation, cache: cache ?? undefined }),
  runtimes: () => installedRuntimes(installation.model),
  guest: installation.guest,
  interrupted: interruption.signal,
  ...(status === undefined ? {} : { status: (line: string) => status.show(line) }),
});
status?.show('');
