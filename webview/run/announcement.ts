// What a screen reader says while one walks through the steps.
import type { SimulationTrace } from '../../extension/model/simulation.js';
import { effectTexts } from './step-effects.js';
import { momentAt, momentText } from './objects.js';
import { mainStep, stepOf, type Row, type Traces } from './step-rows.js';

/** What a screen reader says of a step beside its line: what it changed, and how the selected object is then. */
export function announcement(traces: Traces, row: Row, object: string | null): string {
  const { side, step: index } = mainStep(row);
  const trace: SimulationTrace | null = traces[side];
  const step = stepOf(traces, row, side);
  if (trace === null || step === undefined) return '';
  const chosen = trace.objects.find(({ name }) => name === object);
  const moment = chosen === undefined ? undefined : momentAt(chosen, index);
  const parts = [`Step ${index + 1}`, step.text, ...effectTexts(trace, index).map((text) => text.replace(' → ', ' to '))];
  if (chosen !== undefined && moment !== undefined) parts.push(`${chosen.name}: ${momentText(moment)}`);
  if (row.difference !== 'none') parts.push(row.difference);
  return parts.join('; ');
}
