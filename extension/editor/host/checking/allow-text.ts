// The line that allows a finding, as review/allow.ts reads it.
import type { RuleId } from '../../../model/finding.js';

/** A comment of its own line, indented as the line below it. */
export function allowComment(line: string, rule: RuleId, reason: string, eol: string): string {
  const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
  return `${indent}// fuse-review: allow ${rule} ${reason.trim().replace(/\s+/g, ' ')}${eol}`;
}
