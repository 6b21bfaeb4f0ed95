// A counterexample as the few steps that a reviewer thinks through: what each answered, and whose the references are then.
import { isLocalHolder } from '../../../model/callers.js';
import type { Counterexample, ObjectMoment, SimulationError } from '../../../model/simulation.js';
import type { Blame } from '../../blame.js';
import { counted } from '../../../model/plural.js';
import { printable, type Paint } from './terminal.js';

export interface StoryOptions {
  readonly paint: Paint;
}

/** Columns of the widest first half of a step. */
const widest = 60;

/** One line for each step, with count and holders of the object that the error is about; the step at fault says so. */
export function storyLines({ error, trace }: Counterexample, blame: Blame | null, { paint }: StoryOptions): string[] {
  const object = trace.objects.find(({ id }) => id === error.object);
  const failing = trace.steps.findLast(({ kind }) => kind === 'error' || kind === 'warning');
  const parallel = trace.threads.length > 1;
  const heads = trace.operations.map(
    ({ text, answer, thread }) => `${parallel ? `[${thread}] ` : ''}${text}${answer === null ? '' : ` = ${answer}`}`,
  );
  const width = Math.min(widest, Math.max(0, ...heads.map((head) => head.length)));
  const lines: string[] = [];
  for (const [index, head] of heads.entries()) {
    const last = trace.steps.findLastIndex(({ operation }) => operation === index);
    const notes: string[] = [];
    const moment = object?.moments.findLast(({ step }) => step <= last);
    // The steps of others may come between those of a step that runs beside them.
    if (moment !== undefined && failing?.operation !== index) notes.push(momentText(moment));
    const wrong = blame?.operation === index && blame.object !== null;
    const fails = failing?.operation === index;
    if (fails) notes.push(paint.error(errorText(error)));
    const mark = wrong ? paint.warning(`  <- ${blameText(blame)}`) : '';
    lines.push(
      `  ${String(index + 1).padStart(3)}  ${printable(head).padEnd(width)}  ${paint.faint(notes.filter((note) => note !== '').join('; '))}${mark}`,
    );
  }
  if ((failing?.operation ?? -1) < 0) {
    lines.push(`       ${'at the end'.padEnd(width)}  ${paint.error(errorText(error))}`);
  }
  return lines;
}

/** `5 steps, 1 fault (scenario thread-five-steps)` */
export function storySize({ trace, faults, preemptions }: Counterexample, scenario: string): string {
  const parts = [counted(trace.operations.length, 'step')];
  if (faults > 0) parts.push(counted(faults, 'fault'));
  if (preemptions > 0) parts.push(counted(preemptions, 'preemption'));
  return `${parts.join(', ')}${scenario === '' ? '' : `, scenario ${printable(scenario)}`}`;
}

/** The calls that were made to fail on the path, each with its step. */
export function faultLines({ trace }: Counterexample): string[] {
  return trace.steps.flatMap(({ kind, operation, text, at }) =>
    kind === 'fault'
      ? [`step ${operation + 1}: ${printable(text)}${at === null ? '' : ` in ${at.function}(), ${printable(at.file)}:${at.line}`}`]
      : [],
  );
}

function errorText({ message, at }: SimulationError): string {
  return printable(at === null ? message : `${message}, in ${at.function}(), ${at.file}:${at.line}`);
}

/** What the step does wrong: `fuse_backing_close() drops one reference too many, fs/fuse/backing.c:213`. */
function blameText({ function: name, at, excess }: Blame): string {
  const references = counted(Math.abs(excess), 'reference').replace(/^1 /, 'one ');
  const what = excess < 0 ? ` drops ${references} too many` : excess > 0 ? ` keeps ${references} too many` : '';
  return `${name}()${what}, ${printable(at.file)}:${at.line}`;
}

function momentText({ state, count, holders }: ObjectMoment): string {
  if (state === 'freed') return 'freed';
  const lasting = holders.filter((holder) => !isLocalHolder(holder));
  const held = lasting.length === 0 ? '' : `: ${lasting.map(printable).join(', ')}`;
  const counted = count === null ? '' : `count ${count}`;
  return `${state === 'live' ? '' : `${state}, `}${counted}${held}`;
}
