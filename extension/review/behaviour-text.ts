// What a patch changes of the behaviour, as text.
import type { BehaviourReview, ChangedBehaviour } from './behaviour.js';
import { counterexampleLines, number, type SimulationTextOptions } from './simulation-text.js';
import { printable } from './terminal.js';

/** The changes a step each, the errors with their replay, what was run. */
export function formatBehaviour(review: BehaviourReview, options: SimulationTextOptions): string {
  const { paint } = options;
  const lines: string[] = [];
  for (const { counterexample, scenario, times } of review.introduced) {
    lines.push(...counterexampleLines(counterexample, scenario, options));
    if (times > 1) lines.push(paint.faint(`the same in ${times} scenarios`));
    lines.push('');
  }
  const plain = review.changes.filter(({ under }) => under === '');
  const faulty = review.changes.filter(({ under }) => under !== '');
  if (plain.length > 0) lines.push(paint.strong('behaviour, before and after:'), ...plain.flatMap((each) => changeLines(each)), '');
  if (faulty.length > 0) {
    lines.push(paint.strong('behaviour under a fault, before and after:'));
    lines.push(...(options.all ? faulty : faulty.slice(0, 10)).flatMap((each) => changeLines(each)));
    if (!options.all && faulty.length > 10) lines.push(`  ${faulty.length - 10} more (shown with --all)`);
    lines.push('');
  }
  const errors = (count: number): string => number(count, 'error');
  const verdict =
    review.compared === 0
      ? 'nothing was simulated'
      : `simulated: ${errors(review.introduced.length)} introduced, ${errors(review.fixed.length)} fixed, ${number(
          review.changes.length,
          'change',
        )} of behaviour`;
  lines.push(review.introduced.length > 0 ? paint.strong(verdict) : verdict);
  if (review.fixed.length > 0)
    lines.push(...review.fixed.map(({ counterexample }) => `  fixed: ${printable(counterexample.error.message)}`));
  const notes = [`${number(review.compared, 'scenario')} on both trees, ${number(review.executions, 'execution')}`];
  for (const [reason, times] of counted(review.notRun)) notes.push(`${number(times, 'scenario')} not run: ${printable(reason)}`);
  for (const [reason, times] of counted(review.stopped)) notes.push(`${number(times, 'scenario')} not exhaustive: ${printable(reason)}`);
  lines.push(...notes.map((note) => paint.faint(note)));
  return `${lines.join('\n')}\n`;
}

function changeLines({ scenario, operation, under, before, after, alsoIn }: ChangedBehaviour): string[] {
  const also = alsoIn.length > 0 ? `, also in ${number(alsoIn.length, 'scenario')}` : '';
  const where = under === '' ? '' : `, where ${under}`;
  const lines = [
    `  ${printable(operation)}: ${before?.answer ?? '-'} → ${after?.answer ?? '-'}${printable(where)} (${printable(scenario)}${also})`,
  ];
  const held = (list: readonly string[] | undefined, others: readonly string[] | undefined): readonly string[] =>
    (list ?? []).filter((each) => !(others ?? []).includes(each));
  lines.push(...held(before?.held, after?.held).map((each) => `    - ${printable(each)}`));
  lines.push(...held(after?.held, before?.held).map((each) => `    + ${printable(each)}`));
  return lines;
}

function counted(list: readonly { readonly reason: string }[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { reason } of list) times.set(reason, (times.get(reason) ?? 0) + 1);
  return times;
}
