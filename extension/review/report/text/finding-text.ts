// A finding as text, the way a good compiler talks: source line, caret, and the path as notes.
import type { Finding } from '../../../model/finding.js';
import type { Span } from '../../../model/source.js';
import { sideOf, type Side, type Sources } from '../../sources.js';
import { excerpt, printable, type Paint } from './terminal.js';

export interface TextOptions {
  readonly sources: Sources;
  readonly paint: Paint;
  /** Of a review: show unchanged findings too, not only their number. */
  readonly all?: boolean;
  /** The source of each step of a path, not only its words; true unless said otherwise. */
  readonly excerpts?: boolean;
}

/** The finding with its source, then its path; `patch` is the 0-based one that brings it. */
export function findingLines(finding: Finding, options: TextOptions, patch?: number): string[] {
  const { paint } = options;
  const side = sideOf(finding.status);
  const label = finding.status === 'fixed' ? paint.good('fixed:') : paint.warning('warning:');
  const by = patch === undefined ? '' : paint.faint(` (patch ${patch + 1})`);
  const lines = [
    `${at(finding.file, finding.line, finding.span, side, options)} ${label} ${paint.strong(printable(finding.message))} [${finding.rule}]${by}`,
    ...excerptLines(finding.file, finding.span, side, options),
  ];
  for (const step of finding.trace) {
    lines.push(
      `${at(step.file, step.line, step.span, side, options)} ${paint.note('note:')} ${printable(step.message)}`,
      ...(options.excerpts === false ? [] : excerptLines(step.file, step.span, side, options)),
    );
  }
  return lines;
}

function at(file: string, line: number, span: Span, side: Side, { sources, paint }: TextOptions): string {
  const region = sources.region(file, span, side);
  return paint.strong(`${printable(file)}:${line}:${region === undefined ? '' : `${region.column}:`}`);
}

function excerptLines(file: string, span: Span, side: Side, { sources, paint }: TextOptions): string[] {
  const region = sources.region(file, span, side);
  const text = region === undefined ? undefined : sources.line(file, region.line, side);
  if (region === undefined || text === undefined) return [];
  const end = region.endLine === region.line ? region.endColumn : text.length + 1;
  return excerpt(text, region.line, region.column - 1, end - 1, paint);
}
