// Checks C that a test carries in itself, as the only file of a subsystem.
import { kernelLoader } from '../../extension/kernel/loader.js';
import { readFileSync } from 'node:fs';
import { Checker } from '../../extension/checker/check.js';
import type { CheckResult } from '../../extension/model/finding.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { fuse } from './fuse.js';
import { memoryTree } from './memory-tree.js';

const page = readFileSync(new URL('../../docs/rules/README.md', import.meta.url), 'utf8');
/** The C that the examples of docs/rules/README.md stand on. */
export const helpers =
  [...page.matchAll(/```c\n([\s\S]*?)```/g)].map((match) => match[1] ?? '').find((block) => block.includes('struct conn {')) ?? '';

/** The result of a check of `fs/fuse/test.c` with the given text. */
export function checkSource(parser: SyntaxParser, text: string, config: Readonly<Record<string, boolean>> = {}): CheckResult {
  const tree = memoryTree({ 'fs/fuse/test.c': text });
  const program = kernelLoader(parser).load(tree, {
    folder: 'fs/fuse',
    headers: fuse.headers,
    config: new Map(Object.entries(config)),
  });
  return new Checker().check(program);
}

/** `rule@function` of each finding, in order. */
export function summary(result: CheckResult): string[] {
  return result.findings.map((finding) => `${finding.rule}@${finding.function}`);
}
