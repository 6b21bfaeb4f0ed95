// Brings a result to where the user wants it, in the format asked for, and says on stderr where it is partial.
import { formatProblem, type InputProblem } from '../model/problem.js';
import { printable } from '../review/report/text/terminal.js';
import type { Io } from './io.js';
import { writeRequested } from './named-files.js';
import type { Format, SharedOptions } from './options.js';
import { refusedPlace } from './opened-tree.js';

/** How a command shows its result, in the formats that it offers. */
export interface Renderings {
  readonly text: () => string;
  readonly json: () => unknown;
  readonly sarif?: () => unknown;
  readonly ktap?: () => string;
}

/** Prints or writes the result of the tree at `root`; a problem where the file can't be written. */
export function writeReport(
  problems: readonly InputProblem[],
  options: SharedOptions,
  root: string,
  io: Io,
  renderings: Renderings,
): InputProblem | undefined {
  const text = render(options.format, renderings);
  if (options.output === undefined) {
    io.out(text);
  } else {
    const failed = refusedPlace(options.output, io.cwd, root) ?? writeRequested(options.output, text, io.cwd);
    if (failed !== undefined) return failed;
  }
  const errors = problems.filter((problem) => problem.severity === 'error');
  // A text report on the screen has them already.
  if (options.format !== 'text' || options.output !== undefined) {
    for (const error of errors) io.err(`fuse-review: ${printable(formatProblem(error))}\n`);
  }
  if (errors.length > 0) {
    io.err(
      `fuse-review: the result is partial: ${errors.length === 1 ? 'one part' : `${errors.length} parts`} of the input had to be left out\n`,
    );
  }
  return undefined;
}

function render(format: Format, renderings: Renderings): string {
  if (format === 'text') return renderings.text();
  if (format === 'ktap') return renderings.ktap?.() ?? '';
  return `${JSON.stringify(format === 'json' ? renderings.json() : renderings.sarif?.(), null, 2)}\n`;
}
