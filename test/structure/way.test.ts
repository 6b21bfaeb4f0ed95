// The way of a patch to a finding: docs/architecture.md tells it as the code takes it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { wayOfAPatch } from '../../scripts/way.js';

const root = join(import.meta.dirname, '../..');

/** The rooms of each row of the table. */
function toldRooms(): readonly (readonly string[])[] {
  const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const [, section = ''] = page.split('## The way of a patch to a finding\n');
  const rows = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| ') && !line.includes('what happens'));
  return rows.map((row) => (row.split('|')[2] ?? '').split(',').map((room) => room.trim())).filter(([first]) => !/^-+$/.test(first ?? ''));
}

test('the page tells the way of a patch as the code takes it', { timeout: 120_000 }, async () => {
  const way = await wayOfAPatch(root);
  const told = toldRooms();
  expect(told.length).toBeGreaterThan(5);
  // Each stretch belongs to the row of the one before it, or to the next.
  let row = 0;
  for (const { room, files } of way) {
    if (told[row]?.includes(room) !== true) row++;
    expect(told[row], `${room} (${files.join(', ')}) comes in row ${row + 1}`).toContain(room);
  }
  expect(row).toBe(told.length - 1);
});
