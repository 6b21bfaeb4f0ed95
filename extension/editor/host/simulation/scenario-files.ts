// Which files are scenarios, and what their mistakes are to an editor. Free of the editor, so that it can be tested.
import type { InputProblem } from '../../../model/problem.js';
import type { TextRange } from '../../protocol/messages.js';

/** Where scenario files are, as globs; docs/scenarios.md and `yamlValidation` of the manifest say the same. */
export const scenarioGlobs = ['**/*.fuse-scenario.yaml', '**/.fuse-review/scenarios/*.yaml'] as const;

/** The folder of scenarios in a workspace folder or a tree. */
export const scenarioFolder = '.fuse-review/scenarios';

/** Whether a path names a scenario file. */
export function isScenarioPath(path: string): boolean {
  const parts = path.split(/[\\/]/);
  const name = parts.pop() ?? '';
  if (name.endsWith('.fuse-scenario.yaml')) return true;
  return name.endsWith('.yaml') && parts.slice(-2).join('/') === scenarioFolder;
}

/** The word or value that a problem is about, at least one character; in a text of no lines, which is not at hand, its place. */
export function problemRange({ line = 1, column }: Pick<InputProblem, 'line' | 'column'>, lines: readonly string[]): TextRange {
  const startLine = (lines.length === 0 ? line : Math.min(line, lines.length)) - 1;
  const text = lines[startLine] ?? '';
  const startColumn =
    column === undefined ? text.length - text.trimStart().length : Math.min(column - 1, lines.length === 0 ? column - 1 : text.length);
  const length = column === undefined ? text.trim().length : (/^(?:[\w.+-]+|\S)/.exec(text.slice(startColumn))?.[0].length ?? 1);
  return { startLine, startColumn, endLine: startLine, endColumn: startColumn + length };
}
