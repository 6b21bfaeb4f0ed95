// What operations that run side by side answered together, as text.
import { combinationsNeverGiven, type Combination, type Combinations } from '../../../model/combinations.js';
import { leftOut } from '../../../model/missing.js';
import { counted } from '../../../model/plural.js';
import type { SimulationResult } from '../../../model/simulation.js';
import { printable, type Paint } from './terminal.js';

export interface CombinationsTextOptions {
  readonly paint: Paint;
  /** All combinations, however many. */
  readonly all: boolean;
  /** The command that shows a path again. */
  readonly replay: (path: Pick<SimulationResult, 'scenario'> & Pick<Combination, 'schedule'>) => string;
}

/** Combinations that are shown without `all`. */
const combinationsShown = 8;

/** Each combination of answers with the command that shows an order that gives it; nothing where nothing runs beside anything. */
export function combinationLines(result: SimulationResult, options: CombinationsTextOptions): string[] {
  const { combinations, scenario } = result;
  if (combinations === undefined || combinations.each.length === 0) return [];
  const { paint, all, replay } = options;
  const ended = combinations.each.filter((each) => each.ended === null);
  const failed = combinations.each.length - ended.length;
  const more = failed === 0 ? [] : [`    ${failed === 1 ? 'one more ends' : `${failed} more end`} in an error`];
  if (combinations.differing.length === 0) {
    const same = ended.length === 0 ? 'all end in an error' : 'the same';
    return [`  answers without faults: ${same} in ${ordersText(result, combinations)}`, ...(ended.length === 0 ? [] : more)];
  }
  const shown = all ? ended : ended.slice(0, combinationsShown);
  const hidden = ended.length - shown.length;
  const never = combinationsNeverGiven(combinations);
  return [
    `  answers without faults: ${ended.length} combinations in ${ordersText(result, combinations)}`,
    ...shown.flatMap((combination) => [
      `    ${paint.strong(combinationText(combinations, combination))}`,
      paint.faint(`      replay: ${replay({ scenario, schedule: combination.schedule })}`),
    ]),
    ...(hidden > 0 ? [`    ${hidden} more (shown with --all)`] : []),
    ...(never.length === 0
      ? []
      : [`    ${combinations.exhaustive ? 'never' : 'not seen'}: ${never.map((each) => each.join(' and ')).join('; ')}`]),
    ...more,
  ];
}

function ordersText({ bounds }: SimulationResult, { exhaustive }: Combinations): string {
  const { preemptions } = bounds;
  const most = preemptions === null ? '' : ` with at most ${counted(preemptions, 'preemption')}`;
  return exhaustive
    ? `all orders of threads${most}`
    : `the orders of threads that were run, not exhaustive: ${printable(bounds.stopped ?? '')}`;
}

/** `thread 1: open(inode=1,backing=one) = ok, thread 2: open(inode=1,backing=two) = -EIO; left out: ...`. */
function combinationText({ operations, differing }: Combinations, { answers }: Combination): string {
  const answered = differing.flatMap((at) => {
    const operation = operations[at];
    const answer = answers[at] ?? null;
    if (operation === undefined || answer === null || answer === leftOut) return [];
    return [`${operation.thread === 0 ? '' : `thread ${operation.thread}: `}${printable(operation.text)} = ${answer}`];
  });
  const left = operations.flatMap(({ text }, at) => (answers[at] === leftOut ? [printable(text)] : []));
  return answered.join(', ') + (left.length === 0 ? '' : `; left out: ${left.join(', ')}`);
}
