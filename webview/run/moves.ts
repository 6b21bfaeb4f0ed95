// Where a key leads: to another line of the list, or to a step that may have to be unfolded first.
import type { RunView } from '../../extension/editor/protocol/webview-messages.js';
import type { ListLine, Listing, LineTarget } from './lines.js';
import { rowChanges, rowIndexOf, seekRow, type Row } from './step-rows.js';

export type Move =
  | 'next'
  | 'previous'
  | 'next ten'
  | 'previous ten'
  | 'first'
  | 'last'
  | 'error'
  | 'next change'
  | 'previous change'
  | 'next operation'
  | 'previous operation'
  | 'next difference';

export interface Position {
  readonly listing: Listing;
  readonly selected: RunView['selected'];
  readonly object: string | null;
  /** Index of the step that the error is told at. */
  readonly error: number | undefined;
}

/** Undefined where there is nothing to go to. */
export function moved(move: Move, position: Position): LineTarget | undefined {
  const { listing, object, error } = position;
  const { lines, traces } = listing;
  const current = listing.lineIndexOf(position.selected);
  const last = lines.length - 1;
  switch (move) {
    case 'next':
      return lineAt(lines, Math.min(last, current + 1));
    case 'previous':
      return lineAt(lines, Math.max(0, stop(lines, current - 1, -1)));
    case 'next ten':
      return lineAt(lines, Math.min(last, current + 10));
    case 'previous ten':
      return lineAt(lines, Math.max(0, stop(lines, current - 10, -1)));
    case 'first':
      return lineAt(lines, 0);
    case 'last':
      return lineAt(lines, last);
    case 'next operation':
      return lineAt(lines, operationFrom(lines, current, 1));
    case 'previous operation':
      return lineAt(lines, operationFrom(lines, current, -1));
    case 'error':
      return error === undefined ? lineAt(lines, last) : inside(listing.all[rowIndexOf(listing.all, 'run', error)]);
    case 'next change':
      return seek(position, 1, (row) => rowChanges(traces, row, object));
    case 'previous change':
      return seek(position, -1, (row) => rowChanges(traces, row, object));
    case 'next difference':
      return seek(position, 1, (row) => row.difference !== 'none');
  }
}

function seek({ listing: { rows }, selected }: Position, direction: 1 | -1, holds: (row: Row) => boolean): LineTarget | undefined {
  const from = selected === null ? -1 : rowIndexOf(rows, selected.side, selected.step);
  return inside(rows[seekRow(rows, from, direction, holds)]);
}

function inside(row: Row | undefined): LineTarget | undefined {
  return row && { row, inside: true };
}

function lineAt(lines: readonly ListLine[], index: number): LineTarget | undefined {
  const line = lines[index];
  return line && { row: line.row, inside: false };
}

/** Past the head of setup or teardown while that is open: its first step stands for it. */
function stop(lines: readonly ListLine[], index: number, direction: 1 | -1): number {
  const line = lines[index];
  return line?.kind === 'part' && line.operation === null && line.open ? index + direction : index;
}

function operationFrom(lines: readonly ListLine[], from: number, direction: 1 | -1): number {
  for (let at = from + direction; at >= 0 && at < lines.length; at += direction) {
    const line = lines[at];
    if (line?.kind === 'part' && line.operation !== null) return at;
  }
  return from;
}
