// An error ladder as text: three short tables with line numbers.
import type { Ladder } from '../../../model/ladder.js';
import { printable, type Paint } from './terminal.js';

/** Acquisitions, then jumps and early returns with what they leave held, then labels with what they release. */
export function formatLadder(ladder: Ladder, paint: Paint): string {
  const lines = [paint.strong(`${printable(ladder.file)}:${ladder.line}: ${printable(ladder.function)}()`), ''];
  lines.push(paint.strong('acquires'));
  lines.push(
    ...rows(
      ladder.acquisitions.map((each) => [String(each.line), each.what, each.text]),
      'nothing',
    ),
  );

  lines.push('', paint.strong('jumps'));
  const jumps = [
    ...ladder.gotos.map((each) => ({
      line: each.line,
      cells: [`goto ${each.label}`, each.condition ?? 'always', `holds ${names(each.held)}`],
      flaws: [...flaw('leaves', each.missed, 'held'), ...flaw('releases', each.notHeld, 'though not held')],
    })),
    ...ladder.returns.map((each) => ({
      line: each.line,
      cells: [each.text, each.condition ?? 'always', `holds ${names(each.held)}`],
      flaws: [],
    })),
  ].sort((a, b) => a.line - b.line);
  lines.push(
    ...rows(
      jumps.map((each) => [String(each.line), ...each.cells, each.flaws.map((text) => `! ${text}`).join('; ')]),
      'none',
    ),
  );

  lines.push('', paint.strong('labels'));
  const labels = ladder.labels.flatMap((label) => {
    if (label.loop) return [[String(label.line), `${label.name}:`, 'head of a loop']];
    const leads =
      label.fallsInto !== null ? `falls into ${label.fallsInto}` : label.returns !== null ? `return ${label.returns}` : 'leaves';
    return [
      [String(label.line), `${label.name}:`, label.releases.length === 0 ? leads : ''],
      ...label.releases.map((each, index) => [
        String(each.line),
        `  releases ${each.what}`,
        `${each.text}${index === label.releases.length - 1 ? `; ${leads}` : ''}`,
      ]),
    ];
  });
  lines.push(...rows(labels, 'none'));
  return `${lines.join('\n')}\n`;
}

function flaw(verb: string, what: readonly string[], end: string): string[] {
  return what.length === 0 ? [] : [`${verb} ${what.join(', ')} ${end}`];
}

function names(what: readonly string[]): string {
  return what.length === 0 ? 'nothing' : what.join(', ');
}

/** Cells in columns, the first (line numbers) to the right. */
function rows(table: readonly (readonly string[])[], none: string): string[] {
  if (table.length === 0) return [`      ${none}`];
  const clean = table.map((row) => row.map((cell) => printable(cell).replace(/\s+/g, (gap) => (gap.startsWith(' ') ? gap : ' '))));
  const widths: number[] = [];
  for (const row of clean) for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  return clean.map((row) =>
    row
      .map((cell, index) => (index === 0 ? cell.padStart(6) : cell.padEnd(Math.min(widths[index] ?? 0, 48))))
      .join('  ')
      .trimEnd(),
  );
}
