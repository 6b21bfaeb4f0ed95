// A plain check as text: the verdict first, then each finding with its path, then what the result rests on.
import type { CheckResult } from '../../../model/finding.js';
import type { InputProblem } from '../../../model/problem.js';
import { findingLines, type TextOptions } from './finding-text.js';
import { problemLines, summaryLines } from './notes-text.js';
import { counted } from '../../../model/plural.js';

/** The text of a plain check. */
export function formatCheck(result: CheckResult & { readonly problems?: readonly InputProblem[] }, options: TextOptions): string {
  const files = new Set(result.findings.map((each) => each.file)).size;
  const left = result.notAnalysed.length === 0 ? '' : `; ${counted(result.notAnalysed.length, 'function')} not analysed`;
  const found = counted(result.findings.length, 'finding');
  const verdict =
    result.findings.length === 0 ? options.paint.good('nothing found') : options.paint.strong(`${found} in ${counted(files, 'file')}`);
  const lines: string[] = [`${verdict}${options.paint.warning(left)}`];
  if (result.findings.length > 0) lines.push('');
  for (const finding of result.findings) lines.push(...findingLines(finding, options), '');
  lines.push(...problemLines(result.problems ?? [], options.paint));
  lines.push(...summaryLines(result, options.paint));
  return `${lines.join('\n')}\n`;
}
