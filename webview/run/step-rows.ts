// The lines of the list of steps: a run's own steps, or those of two runs side by side, and which of them are shown.
import type { RunFilter, RunSide } from '../../extension/editor/protocol/webview-messages.js';
import type { SimulationStep, SimulationTrace } from '../../extension/model/simulation.js';
import { effectTexts, outlineOf, touches } from './step-effects.js';

/** Indexes into the steps of either run; null where that run has no such step. */
export interface Row {
  readonly base: number | null;
  readonly run: number | null;
  readonly difference: 'none' | 'changed' | 'base only' | 'run only';
}

/** The runs that rows are about; `base` is null where one run is shown by itself. */
export interface Traces {
  readonly base: SimulationTrace | null;
  readonly run: SimulationTrace;
}

export function singleRows(trace: SimulationTrace): readonly Row[] {
  return trace.steps.map((_, run) => ({ base: null, run, difference: 'none' }));
}

/** The step that a row tells of: the run's where it has one. */
export function mainStep(row: Row): { readonly side: RunSide; readonly step: number } {
  if (row.run !== null) return { side: 'run', step: row.run };
  return { side: 'base', step: row.base ?? 0 };
}

export function stepOf(traces: Traces, row: Row, side: RunSide): SimulationStep | undefined {
  const index = row[side];
  return index === null ? undefined : traces[side]?.steps[index];
}

/** `backing.c:112`, or nothing for a step without a line. */
export function placeText(step: SimulationStep): string {
  return step.at === null ? '' : `${step.at.file.slice(step.at.file.lastIndexOf('/') + 1)}:${step.at.line}`;
}

const plain: ReadonlySet<SimulationStep['kind']> = new Set(['statement', 'branch', 'return']);
const incidental: ReadonlySet<SimulationStep['kind']> = new Set([...plain, 'call', 'switch', 'print']);

/** The rows that a filter lets through, in their order. */
export function shownRows(traces: Traces, rows: readonly Row[], filter: RunFilter): readonly Row[] {
  const text = filter.text.trim().toLowerCase();
  const shows = (row: Row, side: RunSide): boolean => {
    const trace = traces[side];
    const index = row[side];
    const step = stepOf(traces, row, side);
    if (trace === null || index === null || step === undefined) return false;
    const changed = touches(trace, index, null);
    if (filter.detail === 'outline' && outlineOf(trace)[index] !== true) return false;
    if (filter.detail === 'calls' && plain.has(step.kind) && !changed) return false;
    if (filter.detail === 'changes' && incidental.has(step.kind) && !changed) return false;
    if (filter.thread !== null && step.thread !== filter.thread) return false;
    if (text !== '' && !haystack(trace, step, index).includes(text)) return false;
    if (filter.object === null || isLandmark(step)) return true;
    return touches(trace, index, filter.object);
  };
  return rows.filter((row) => {
    if (filter.detail === 'differences' && row.difference === 'none' && !rowIsLandmark(traces, row)) return false;
    return shows(row, 'run') || shows(row, 'base');
  });
}

/** Where someone who sees a part of the steps finds out where they are. */
function isLandmark(step: SimulationStep): boolean {
  return step.kind === 'operation' || step.kind === 'error';
}

function rowIsLandmark(traces: Traces, row: Row): boolean {
  return [stepOf(traces, row, 'run'), stepOf(traces, row, 'base')].some((step) => step !== undefined && isLandmark(step));
}

function haystack(trace: SimulationTrace, step: SimulationStep, index: number): string {
  const place = step.at === null ? '' : `${step.at.file}:${step.at.line} ${step.at.function}()`;
  return [step.text, place, ...effectTexts(trace, index)].join('\n').toLowerCase();
}

/** Where the row of a step is among those shown, or the last one before it that is; -1 where none is. */
export function rowIndexOf(rows: readonly Row[], side: RunSide, step: number): number {
  let last = -1;
  for (const [index, row] of rows.entries()) {
    const own = row[side];
    if (own === null) continue;
    if (own > step) break;
    last = index;
  }
  return last < 0 && rows.length > 0 ? 0 : last;
}

/** The next row in a direction that `holds`; the one we are on where there is none. */
export function seekRow(rows: readonly Row[], from: number, direction: 1 | -1, holds: (row: Row) => boolean): number {
  for (let at = from + direction; at >= 0 && at < rows.length; at += direction) {
    const row = rows[at];
    if (row !== undefined && holds(row)) return at;
  }
  return from;
}

/** Whether either side's step changed an object, or the one that is named. */
export function rowChanges(traces: Traces, row: Row, object: string | null): boolean {
  return (['run', 'base'] as const).some((side) => {
    const trace = traces[side];
    const index = row[side];
    return trace !== null && index !== null && touches(trace, index, object);
  });
}
