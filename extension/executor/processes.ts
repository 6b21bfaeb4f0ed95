// Child processes that end with all their own children.
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';

export interface ProcessOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Whole lines of standard output and standard error, without their ends. */
  readonly onLine?: (line: string) => void;
  /** Written to its standard input, which is closed then. */
  readonly input?: string;
}

export interface RunResult {
  /** The exit code; null where a signal ended it or it could not be started. */
  readonly code: number | null;
  /** The last 200 lines of both outputs. */
  readonly tail: readonly string[];
  /** Why it could not be started; null where it was. */
  readonly failure: NodeJS.ErrnoException | null;
  readonly cancelled: boolean;
}

/** Milliseconds from the request to end to the end by force. */
const grace = 2000;

/** Starts a program as the leader of a process group of its own, in the C locale. */
export function start(program: string, parameters: readonly string[], options: SpawnOptions): ChildProcess {
  return spawn(program, parameters, { ...options, env: { ...process.env, LC_ALL: 'C', ...options.env }, detached: true });
}

let binding: Promise<readonly string[]> | undefined;

/**
 * The words to put before a program so that it ends when this process does, however that ends: setpriv(1) of util-linux 2.33 or
 * newer. None where there is none: then it outlives a killed process.
 */
export function boundToThis(): Promise<readonly string[]> {
  const words = ['setpriv', '--pdeathsig', 'KILL'];
  return (binding ??= runProcess('setpriv', [...words.slice(1), 'true']).then(({ code }) => (code === 0 ? words : [])));
}

/** Ends a process that `start` started, and its group: asked first, by force after two seconds. Returns at once. */
export function end(child: ChildProcess): void {
  kill(child, 'SIGTERM');
  const force = setTimeout(() => kill(child, 'SIGKILL'), grace);
  child.once('close', () => {
    clearTimeout(force);
    // What the leader left behind when it ended.
    kill(child, 'SIGKILL');
  });
}

/** Signals the whole group; nothing where it has ended. */
export function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Ended already.
  }
}

/** Runs a program to its end. Never rejects. */
export function runProcess(program: string, parameters: readonly string[], options: ProcessOptions = {}): Promise<RunResult> {
  return new Promise((done) => {
    const { signal, onLine, input } = options;
    if (signal?.aborted === true) {
      done({ code: null, tail: [], failure: null, cancelled: true });
      return;
    }
    const child = start(program, parameters, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: { ...process.env, ...options.env } }),
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    const tail: string[] = [];
    const take = (line: string): void => {
      tail.push(line);
      if (tail.length > 200) tail.shift();
      onLine?.(line);
    };
    const cancel = (): void => end(child);
    signal?.addEventListener('abort', cancel, { once: true });
    const rests = [child.stdout, child.stderr].map((stream) => lines(stream, take));
    let failure: NodeJS.ErrnoException | null = null;
    child.on('error', (error) => (failure = error));
    child.on('close', (code) => {
      for (const rest of rests) rest();
      signal?.removeEventListener('abort', cancel);
      done({ code, tail, failure, cancelled: signal?.aborted === true });
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** Cuts a stream into lines; the function that is returned hands over what is left without an end. */
export function lines(stream: NodeJS.ReadableStream | null, take: (line: string) => void): () => void {
  let rest = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) take(part.replace(/\r+$/, ''));
  });
  return () => {
    if (rest !== '') take(rest);
    rest = '';
  };
}
