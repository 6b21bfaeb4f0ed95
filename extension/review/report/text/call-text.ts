// What called functions answered, as text: each answer or error, whether that was everything, and what it rests on.
import type { CallAnswer, Called } from '../../../model/called.js';
import type { Assumption, Counterexample, SimulatedFault } from '../../../model/simulation.js';
import { counted } from '../../../model/plural.js';
import { dataRaceText } from './data-race-text.js';
import { errorLines, relatedLines } from './simulation-text.js';
import { printable } from './terminal.js';
import { operationLines, ownStepLines, stepLines, type TraceTextOptions } from './trace-text.js';

/** Answers first, then each error, data races, and what was assumed. */
export function formatCalled(called: Called, options: TraceTextOptions): string {
  const { result } = called;
  const { paint } = options;
  const lines = answerLines(called).map((line) => paint.strong(line));
  for (const each of result.counterexamples) {
    if (lines.length > 0) lines.push('');
    lines.push(...errorText(each, options));
  }
  const { stopped, preemptions } = result.bounds;
  const within = preemptions === null ? '' : ` within ${counted(preemptions, 'preemption')}`;
  const end = stopped === null ? null : `not exhaustive: ${printable(stopped)}`;
  if (result.counterexamples.length > 0) {
    if (end !== null) lines.push(paint.warning(end));
  } else if (called.request.functions.length > 1) {
    lines.push(`${paint.good('no error')}, ${end === null ? `exhaustive${within}` : paint.warning(end)}`);
  } else if (end !== null) {
    lines.push(paint.warning(end));
  }
  lines.push(...(result.dataRaces ?? []).map((race) => `${paint.note('data race:')} ${dataRaceText(race)}`));
  lines.push(...result.assumed.map((each) => paint.faint(`assumed: ${printable(assumptionText(each))}`)));
  return `${lines.join('\n')}\n`;
}

/** What is wrong and where; and the path, where it is not the only one. */
function errorText(counterexample: Counterexample, options: TraceTextOptions): readonly string[] {
  const { error, faults, preemptions, trace } = counterexample;
  const { paint, all } = options;
  const straight = faults === 0 && trace.threads.length < 2;
  const path = [
    `path with ${counted(faults, 'fault')} and ${counted(preemptions, 'preemption')}:`,
    ...operationLines(counterexample, options),
    ...(all ? ['all steps:', ...stepLines(trace, options)] : ['steps:', ...ownStepLines(counterexample, options)]),
  ];
  return [...errorLines(error, '', paint), ...(straight && !all ? [] : path), ...relatedLines(error, () => true, paint)];
}

/** `answers -12 where kzalloc() fails (file.c:12)`; the same answer after other faults is a line of its own. */
function answerLines({ answers, nothing }: Called): readonly string[] {
  const lines = answers.map((each) => `answers ${answerText(each, nothing)}${faultsText(each.faults)}`);
  return [...new Set(lines)];
}

function answerText({ value }: CallAnswer, nothing: boolean): string {
  return nothing ? 'nothing' : (value ?? 'a value that was never set');
}

function faultsText(faults: readonly SimulatedFault[]): string {
  if (faults.length === 0) return '';
  return ` where ${faults.map(({ name, at }) => `${name}() fails (${printable(at.file)}:${at.line})`).join(' and ')}`;
}

function assumptionText({ kind, name, assumed }: Assumption): string {
  return `${kind === 'callee' ? `${name}()` : `${kind} ${name}`}: ${assumed}`;
}
