// The pages under docs/rules are specifications: each bad example gives its finding and no other, each good one none. What a new rule
// lacks fails by its name.
import { worst } from '../../extension/review/causes.js';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { rules } from '../../extension/checker/rules/index.js';
import { ruleIds } from '../../extension/model/finding.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { checkSource, summary } from '../support/check.js';
import { createParser } from '../support/parser.js';

const folder = new URL('../../docs/rules/', import.meta.url);
const blocks = (page: string): string[] =>
  [...readFileSync(new URL(page, folder), 'utf8').matchAll(/```c\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
const helpers = blocks('README.md').find((block) => block.includes('struct conn {')) ?? '';

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});

describe('the helpers of the rule pages', () => {
  test('are analysed whole and give no finding', () => {
    const result = checkSource(parser, helpers);
    expect(result.notAnalysed).toEqual([]);
    expect(summary(result)).toEqual([]);
    expect(result.stats.functions).toBe(7);
  });
});

describe.each(ruleIds)('the rule %s', (rule) => {
  test('has a page', () => {
    expect(readdirSync(folder)).toContain(`${rule}.md`);
  });

  test('has a row in the README', () => {
    expect(readFileSync(new URL('../../README.md', folder), 'utf8')).toContain(`| [${rule}](docs/rules/${rule}.md)`);
  });

  test('is asked', () => {
    expect(rules.map(({ id }) => id)).toContain(rule);
  });

  test('has its place among what is worst', () => {
    expect(worst).toContain(rule);
  });
});

describe.each(ruleIds.filter((rule) => existsSync(new URL(`${rule}.md`, folder))))('the page of %s', (rule) => {
  const [bad = '', good = ''] = blocks(`${rule}.md`);

  test('has a bad example that gives this finding, with a path, and no other', () => {
    const result = checkSource(parser, `${helpers}\n${bad}`);
    expect(result.notAnalysed).toEqual([]);
    expect(result.findings.map((finding) => finding.rule)).toEqual([rule]);
    expect(result.findings[0]?.trace.length).toBeGreaterThan(0);
  });

  test('has a good example that gives no finding', () => {
    const result = checkSource(parser, `${helpers}\n${good}`);
    expect(result.notAnalysed).toEqual([]);
    expect(summary(result)).toEqual([]);
  });
});
