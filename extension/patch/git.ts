// Runs git without a shell, without the user's environment of another repository, and without letting it write.
import { execFile, execFileSync } from 'node:child_process';
import type { InputProblem } from '../model/problem.js';
import { failed, ok, type Result } from '../model/result.js';
import { errorAt, errorCode } from './problems.js';

const largestOutput = 256 * 1024 * 1024;
const elsewhere =
  /^GIT_(?:DIR|WORK_TREE|INDEX_FILE|PREFIX|OBJECT_DIRECTORY|COMMON_DIR|NAMESPACE|ALTERNATE_OBJECT_DIRECTORIES|EXTERNAL_DIFF|DIFF_OPTS|PAGER|TRACE.*)$/;

function options(cwd: string) {
  const inherited = Object.entries(process.env).filter(([name]) => !elsewhere.test(name));
  const env = {
    ...Object.fromEntries(inherited),
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
  };
  return { cwd, env, encoding: 'buffer', maxBuffer: largestOutput, timeout: 120_000, windowsHide: true } as const;
}

// A repository's own settings can name programs to run, and a partial clone fetches what it lacks; reading needs neither.
const quiet = [
  '--no-pager',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.quotePath=true',
  '-c',
  'diff.orderFile=',
  '-c',
  'protocol.allow=never',
];

/** What git prints, or a problem at `where` with what git says of it. */
export function git(cwd: string, args: readonly string[], where: string): Promise<Result<Buffer>> {
  return new Promise((done) => {
    execFile('git', [...quiet, ...args], options(cwd), (error, stdout, stderr) => {
      done(error ? failed(failure(error, stderr.toString('utf8'), cwd, where)) : ok(stdout));
    });
  });
}

/** As `git`, at once; for trees, which are read synchronously. */
export function gitSync(cwd: string, args: readonly string[], where: string): Result<Buffer> {
  try {
    return ok(execFileSync('git', [...quiet, ...args], { ...options(cwd), stdio: ['ignore', 'pipe', 'pipe'] }));
  } catch (error) {
    const stderr = typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr) : '';
    return failed(failure(error, stderr, cwd, where));
  }
}

function failure(error: unknown, stderr: string, cwd: string, where: string): InputProblem {
  const code = errorCode(error);
  if (code === 'ENOENT') return errorAt(where, 'git was not found; install it, or give patches as files');
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER' || code === 'ENOBUFS')
    return errorAt(where, 'git answers with over 256 MB; give a smaller range');
  if (code === 'ETIMEDOUT' || (typeof error === 'object' && error !== null && 'killed' in error && error.killed === true)) {
    return errorAt(where, 'git did not answer within 2 minutes; give a smaller range');
  }
  if (/not a git repository/i.test(stderr)) return errorAt(where, `${cwd} is not a git repository; give patches as files, or open a clone`);
  if (/dubious ownership/i.test(stderr)) {
    return errorAt(where, `git refuses ${cwd}, which another user owns; allow it with: git config --global --add safe.directory ${cwd}`);
  }
  const said = stderr.split('\n').find((line) => /^(?:fatal|error):/.test(line)) ?? stderr.trim().split('\n')[0] ?? '';
  return errorAt(where, `git failed: ${said.replace(/^(?:fatal|error):\s*/, '') || code || 'no reason given'}`);
}
