// A simulated path as text: what each operation did, and to whom the object belonged that it is about.
import { isLocalHolder } from '../../../model/callers.js';
import {
  errorStep,
  type Change,
  type CodePlace,
  type Counterexample,
  type SimulationStep,
  type SimulationTrace,
} from '../../../model/simulation.js';
import { isModel } from '../../../simulator/code/model-files.js';
import { missingText } from './missing-text.js';
import { printable, type Paint } from './terminal.js';

export interface TraceTextOptions {
  readonly paint: Paint;
  /** Every step, also of the model, and every change. */
  readonly all: boolean;
}

/** Branches before the error that are shown: what decided that it came to that. */
const branchesShown = 6;

/** Steps that are told whatever they are about. */
const always: ReadonlySet<SimulationStep['kind']> = new Set(['operation', 'answer', 'fault', 'input', 'switch', 'warning', 'error']);

/** The operations with what each answered, one line each, then those that were left out, or went on with another number. */
export function operationLines({ trace }: Counterexample, { paint }: TraceTextOptions): string[] {
  const parallel = trace.threads.length > 1;
  const width = Math.max(0, ...trace.operations.map(({ text }) => text.length));
  const performed = trace.operations.map(({ text, answer, actor, thread }, index) => {
    const who = parallel ? `thread ${thread}, ${actor}` : actor;
    const answered = answer ?? paint.warning('does not end');
    return `  ${String(index + 1).padStart(2)}  ${printable(text).padEnd(width)}  = ${answered} ${paint.faint(`(${who})`)}`;
  });
  return [...performed, ...(trace.missing ?? []).map((each) => `      ${each.instead === null ? 'left out: ' : ''}${missingText(each)}`)];
}

/**
 * The steps. In short: those of the tree that change the object which the error is about, or who points to it, and the
 * last branches before the error; without an object, all that change anything in the operation that fails.
 */
export function traceLines(counterexample: Counterexample, options: TraceTextOptions): string[] {
  const { trace } = counterexample;
  if (options.all) return stepLines(trace, options);
  return selection(counterexample).map(({ step, changes }) => stepLine(step, changes, trace, options));
}

/** All steps of a path. */
export function stepLines(trace: SimulationTrace, options: TraceTextOptions): string[] {
  return trace.steps.map((step) => stepLine(step, step.changes, trace, options));
}

/** The steps that the short form tells, in order. */
export function shortSteps(counterexample: Counterexample): readonly SimulationStep[] {
  return selection(counterexample).map(({ step }) => step);
}

/** Steps of a path that are told where a few of them do not tell it. */
const stepsShown = 200;

/** The steps of the code under review up to the error, in order, whatever they change; the last ones where they are many. */
export function ownStepLines({ error, trace }: Counterexample, options: TraceTextOptions): string[] {
  const end = errorStep(error, trace) ?? trace.steps.length - 1;
  const own = trace.steps.slice(0, end + 1).filter(({ at }) => at === null || ofTree(at));
  // What reports an error is a step of its own besides.
  const once = own.filter((step, index) => {
    const next = own[index + 1];
    return step.text !== next?.text || step.thread !== next.thread || step.at?.span.start !== next.at?.span.start;
  });
  const left = once.length - stepsShown;
  const lines = once.slice(-stepsShown).map((step) => stepLine(step, step.changes, trace, options));
  return left > 0 ? [`  ... ${left} steps before these (shown with --all)`, ...lines] : lines;
}

interface Shown {
  readonly step: SimulationStep;
  readonly changes: readonly Change[];
}

function selection({ error, trace }: Counterexample): readonly Shown[] {
  const { steps } = trace;
  const failed = steps.findLast((step) => step.kind === 'error' || step.kind === 'warning');
  const end = failed ? steps.indexOf(failed) : steps.length;
  const object = trace.objects.find(({ id }) => id === error.object);
  const about = (change: Change): boolean =>
    object === undefined || change.object === object.id || [change.before, change.after].some((value) => names(value, object.name));
  // An error at the end, or in what was put off until then, is of no operation.
  const last = steps.slice(0, end).findLast(({ kind }) => kind === 'operation')?.operation;
  const branches = new Set(
    steps
      .slice(0, end)
      .filter(({ kind, at }) => kind === 'branch' && ofTree(at))
      .slice(-branchesShown),
  );
  return steps.flatMap((step): Shown[] => {
    const changes = step.changes.filter((change) => about(change) && !isLock(change));
    const wanted = object === undefined ? step.operation === last : step.kind !== 'operation';
    const own = ofTree(step.at) && wanted && changes.length > 0;
    if (own) return [{ step, changes }];
    return always.has(step.kind) || branches.has(step) ? [{ step, changes: [] }] : [];
  });
}

function ofTree(at: CodePlace | null): boolean {
  return at !== null && !isModel(at.file);
}

/** Locks and wake-ups are told as changes of fields that C has no name for. */
function isLock({ field }: Change): boolean {
  return field.includes(' of ');
}

/** Whether a value is a pointer to an object or into it: `fuse_backing 1`, `&fuse_backing 1.rcu`. */
function names(value: string, object: string): boolean {
  const bare = value.replace(/^&/, '');
  return bare === object || bare.startsWith(`${object}.`);
}

function stepLine(step: SimulationStep, changes: readonly Change[], trace: SimulationTrace, { paint, all }: TraceTextOptions): string {
  const thread = trace.threads.length > 1 ? `[${step.thread}] ` : '';
  const text = printable(step.text);
  const objects = new Map(trace.objects.map(({ id, name }) => [id, name]));
  const written = changes.map(
    ({ object, field, before, after }) => `${objects.get(object) ?? '?'}${field === '' ? '' : `.${field}`}: ${before} → ${after}`,
  );
  const after = written.length === 0 ? '' : paint.note(`  {${written.join('; ')}}`);
  if (step.kind === 'operation' || step.kind === 'answer') return `  ${thread}${paint.strong(text)}${after}`;
  const indent = all ? '  '.repeat(Math.max(1, step.depth)) : '  ';
  const place = step.at === null ? '' : `${printable(step.at.file)}:${step.at.line} ${step.at.function}(): `;
  return `  ${thread}${indent}${paint.faint(place)}${emphasised(step, text, paint)}${after}`;
}

function emphasised({ kind }: SimulationStep, text: string, paint: Paint): string {
  switch (kind) {
    case 'error':
    case 'warning':
      return paint.error(text);
    case 'fault':
    case 'input':
    case 'switch':
      return paint.warning(text);
    case 'branch':
      return `if (${text})`;
    default:
      return text;
  }
}

/**
 * The references to the object that an error is about, from when it came to be. In short without those of local variables,
 * which come and go. Empty where there is no such object.
 */
export function objectLines({ error, trace }: Counterexample, { paint, all }: TraceTextOptions): string[] {
  const object = trace.objects.find(({ id }) => id === error.object);
  if (object === undefined) return [];
  const lines: string[] = [];
  let before = '';
  for (const { step, state, count, holders } of object.moments) {
    const lasting = all ? holders : holders.filter((holder) => !isLocalHolder(holder));
    const line = [
      ...(state === 'live' ? [] : [state]),
      ...(count === null ? [] : [`count ${count}`]),
      ...(state === 'freed' ? [] : [heldBy(lasting, all)]),
    ].join(', ');
    if (line === before) continue;
    before = line;
    const at = trace.steps[step]?.at;
    lines.push(`  ${paint.faint(at ? `${at.file}:${at.line} ${at.function}(): ` : '')}${printable(line)}`);
  }
  return lines;
}

function heldBy(holders: readonly string[], all: boolean): string {
  if (holders.length > 0) return `held by ${holders.join(', ')}`;
  return all ? 'held by nothing' : 'held by nothing but local variables';
}
