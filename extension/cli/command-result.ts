// What a command comes to.
import type { InputProblem } from '../model/problem.js';
import { failed, type Result } from '../model/result.js';

/** An exit code, or the problems that kept the command from doing anything, at least one: each is said, and the code is that of bad input. */
export type CommandResult = Result<number, readonly InputProblem[]>;

/** The outcome of a command that could not do anything. */
export function refused(...problems: readonly InputProblem[]): CommandResult {
  return failed(problems);
}
