// Two runs of one schedule side by side: operation by operation, which steps are the same and where they part.
import type { SimulationStep, SimulationTrace } from '../../extension/model/simulation.js';
import { effectTexts } from './step-effects.js';
import type { Row } from './step-rows.js';

/** All steps of both, each in exactly one row, in the order of both; a pair does the same at the same place of the code. */
export function pairedRows(base: SimulationTrace, run: SimulationTrace): readonly Row[] {
  const rows: Row[] = [];
  const baseGroups = byOperation(base);
  const runGroups = byOperation(run);
  for (let group = 0; group < Math.max(baseGroups.length, runGroups.length); group++) {
    rows.push(...pairGroup(base, baseGroups[group] ?? [], run, runGroups[group] ?? []));
  }
  return rows;
}

/** Indexes of steps, cut where an operation begins. Setup comes first, and operations by the order of their beginnings. */
function byOperation(trace: SimulationTrace): readonly (readonly number[])[] {
  const groups: number[][] = [[]];
  for (const [index, step] of trace.steps.entries()) {
    if (step.kind === 'operation') groups.push([]);
    groups.at(-1)?.push(index);
  }
  return groups;
}

/** What has to agree for two steps to be a pair. Line numbers don't: a patch moves them. */
function key(step: SimulationStep): string {
  return [step.kind, step.thread, step.at?.function ?? '', step.kind === 'answer' ? '' : step.text].join('\n');
}

function pairGroup(base: SimulationTrace, left: readonly number[], run: SimulationTrace, right: readonly number[]): readonly Row[] {
  const keyOf = (trace: SimulationTrace, index: number): string => {
    const step = trace.steps[index];
    return step === undefined ? '' : key(step);
  };
  const leftKeys = left.map((index) => keyOf(base, index));
  const rightKeys = right.map((index) => keyOf(run, index));
  const rows: Row[] = [];
  let [i, j] = [0, 0];
  for (const [pairLeft, pairRight] of [...commonSubsequence(leftKeys, rightKeys), [left.length, right.length] as const]) {
    const baseOnly = left.slice(i, pairLeft).map((index): Row => ({ base: index, run: null, difference: 'base only' }));
    const runOnly = right.slice(j, pairRight).map((index): Row => ({ base: null, run: index, difference: 'run only' }));
    [i, j] = [pairLeft, pairRight];
    // Where the run ends, as with an error, how it does comes before all that the base goes on with.
    const ends = right[pairRight - 1] === run.steps.length - 1;
    rows.push(...(ends ? [...runOnly, ...baseOnly] : [...baseOnly, ...runOnly]));
    const [before, after] = [left[i], right[j]];
    if (before === undefined || after === undefined) continue;
    rows.push({ base: before, run: after, difference: sameEffect(base, before, run, after) ? 'none' : 'changed' });
    i++;
    j++;
  }
  return rows;
}

function sameEffect(base: SimulationTrace, before: number, run: SimulationTrace, after: number): boolean {
  const [left, right] = [base.steps[before], run.steps[after]];
  if (left === undefined || right === undefined) return false;
  return left.text === right.text && effectTexts(base, before, 'changes').join('\n') === effectTexts(run, after, 'changes').join('\n');
}

/** Pairs of indexes of a longest common subsequence, ascending. Time and memory grow with the product of what differs. */
function commonSubsequence(left: readonly string[], right: readonly string[]): readonly (readonly [number, number])[] {
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start++;
  let tail = 0;
  while (tail < left.length - start && tail < right.length - start && left.at(-1 - tail) === right.at(-1 - tail)) tail++;
  const [height, width] = [left.length - start - tail, right.length - start - tail];
  const lengths = Array.from({ length: height + 1 }, () => new Uint16Array(width + 1));
  const length = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = height - 1; i >= 0; i--) {
    const row = lengths[i];
    for (let j = width - 1; row !== undefined && j >= 0; j--) {
      const same = left[start + i] === right[start + j];
      row[j] = same ? length(i + 1, j + 1) + 1 : Math.max(length(i + 1, j), length(i, j + 1));
    }
  }
  const pairs: [number, number][] = Array.from({ length: start }, (_, at) => [at, at]);
  for (let i = 0, j = 0; i < height && j < width;) {
    if (left[start + i] === right[start + j]) pairs.push([start + i++, start + j++]);
    else if (length(i + 1, j) >= length(i, j + 1)) i++;
    else j++;
  }
  for (let at = tail; at > 0; at--) pairs.push([left.length - at, right.length - at]);
  return pairs;
}
