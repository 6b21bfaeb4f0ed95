// The world outside the command line, given from outside so that tests run it in process; and what a command comes to.
import type { InputProblem } from '../model/problem.js';
import { failed, type Result } from '../model/result.js';
import type { Subsystem } from '../model/subsystem.js';
import type { Reviewer } from '../review/reviewer.js';
import type { Runner } from '../runner/runner.js';
import type { Runtimes } from '../runner/installed-runtimes.js';

export interface Io {
  /** What calls this program in a shell whose folder is `cwd`: `fuse-review`, where that is on the path. */
  readonly command: string;
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Standard output goes to a terminal that people read. */
  readonly terminal: boolean;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly stdin: () => Promise<Uint8Array>;
  /**
   * Loads the parser and all above it; called once it is known that there is something to do. `cache`: the folder in which it is cached
   * what checks come to; null for none.
   */
  readonly reviewer: (subsystems: readonly Subsystem[], cache: string | null) => Promise<Reviewer>;
  /**
   * Threads for simulations, disposed of by whoever asked; called once there is something to simulate. `cache`: the folder in which results
   * are cached; null for none.
   */
  readonly runner: (cache: string | null) => Runner;
  /** What there is to review, with the words and the model of each; or why that can't be read. */
  readonly runtimes: () => Result<Runtimes>;
  /** The folder `guest/` of the installation. */
  readonly guest: string;
  /** Where people wait at standard error, it shows this line until the next or other output; an empty one clears it. */
  readonly status?: (line: string) => void;
  /** The user wants it to end soon, with what there is. */
  readonly interrupted?: AbortSignal;
}

/**
 * What `fuse-review` answers to whoever called it, the same for all commands. `incomplete`: nothing found, but not all could be
 * looked at. `interrupted`: the result is what there was until then (128 + SIGINT, as shells say it).
 */
export const exitCodes = { clean: 0, findings: 1, badInput: 2, incomplete: 3, interrupted: 130 } as const;

/** What each code means, in the words of `--help` and the manual. */
export const exitMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  clean: 'nothing found (patch: nothing introduced)',
  findings: 'found',
  badInput: 'bad input',
  incomplete: 'nothing found but not all could be looked at',
  interrupted: 'interrupted',
};

/** An exit code, or the problems that kept the command from doing anything, at least one: each is said, and the code is that of bad input. */
export type CommandResult = Result<number, readonly InputProblem[]>;

/** The outcome of a command that could not do anything. */
export function refused(...problems: readonly InputProblem[]): CommandResult {
  return failed(problems);
}
