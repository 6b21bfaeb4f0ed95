// Files of contracts: the example of the page that explains them, and where a mistake is said to be.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseContracts } from '../../extension/review/contract-files.js';
import { contractSchema } from '../../extension/kernel/contracts.js';
import { valueOf } from '../support/result.js';

const page = readFileSync(join(import.meta.dirname, '../../docs/contracts.md'), 'utf8');

describe('a file of contracts', () => {
  test('may be the example of docs/contracts.md', () => {
    const [, example = ''] = /```json\n([^]*?)```/.exec(page) ?? [];
    const { contracts, warnings } = valueOf(parseContracts(example, 'rows.json'));
    expect(warnings).toEqual([]);
    expect([...contracts.keys()]).toEqual(['thing_get', 'thing_put']);
  });

  test('has no field that the page does not tell of', () => {
    expect(Object.keys(contractSchema.shape).filter((field) => !page.includes(`\`${field}\``))).toEqual([]);
  });

  test('may begin with a byte-order mark, and names the line of a mistake all the same', () => {
    expect(valueOf(parseContracts('\uFEFF[]', 'rows.json')).warnings).toEqual([]);
    expect(parseContracts('\uFEFF[\n7]', 'rows.json')).toMatchObject({ failure: { where: 'rows.json', line: 2 } });
  });
});
