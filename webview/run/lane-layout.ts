// Which stretches a lane shows, in rows of the list: operations of a thread, states of an object, times of a holder.
import type { RunSide } from '../../extension/editor/protocol/webview-messages.js';
import type { ObjectMoment, PerformedOperation, SimulatedObject, SimulationTrace } from '../../extension/model/simulation.js';
import { alike } from './step-effects.js';
import { holdings, isLocal, lastingHolders, momentText } from './objects.js';
import { objectPairs, type ObjectPair } from './object-pairs.js';
import type { Row, Traces } from './step-rows.js';

/** From a row to before another. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly label: string;
  /** What is shown where the label does not fit; null where the label is to be cut. */
  readonly short: string | null;
  /** All that there is to say, for a tooltip. */
  readonly title: string;
}

export interface StateStretch extends Stretch {
  readonly state: ObjectMoment['state'];
}

/** Where steps are among the rows: the first row that is of this step or of a later one. */
export class StepRows {
  private readonly rowOf: Int32Array;

  constructor(
    trace: SimulationTrace,
    readonly rows: readonly Row[],
    readonly side: RunSide,
  ) {
    this.rowOf = new Int32Array(trace.steps.length + 1).fill(rows.length);
    for (let index = rows.length - 1, next = rows.length; index >= 0; index--) {
      const own = rows[index]?.[side] ?? null;
      if (own === null) continue;
      next = index;
      this.rowOf[own] = next;
    }
    for (let step = trace.steps.length - 1; step >= 0; step--) {
      this.rowOf[step] = Math.min(this.rowOf[step] ?? rows.length, this.rowOf[step + 1] ?? rows.length);
    }
  }

  at(step: number): number {
    return this.rowOf[Math.max(0, step)] ?? this.rows.length;
  }
}

/** What a thread did: an operation a stretch, from its first step to its last; setup and teardown too. */
export function operationStretches(trace: SimulationTrace, where: StepRows, thread: number): readonly Stretch[] {
  const spans: { operation: number; first: number; last: number }[] = [];
  for (const [step, { thread: own, operation }] of trace.steps.entries()) {
    if (own !== thread) continue;
    const span = spans.at(-1);
    if (span?.operation === operation) span.last = step;
    else spans.push({ operation, first: step, last: step });
  }
  return visible(
    spans.flatMap(({ operation, first, last }) => {
      const label = operationText(trace, operation, last);
      return label === '' ? [] : [{ from: where.at(first), to: where.at(last + 1), label, short: null, title: label }];
    }),
  );
}

/** `3 backing-close(id=1) = -ENOENT`; nothing for what lies between operations. */
function operationText(trace: SimulationTrace, operation: number, last: number): string {
  const performed = trace.operations[operation];
  if (performed !== undefined) return `${operation + 1} ${performed.text}${answerText(performed)}`;
  if (trace.steps.findIndex((step) => step.operation >= 0) > last) return 'setup';
  return trace.steps.findLastIndex((step) => step.operation >= 0) < last ? 'teardown' : '';
}

/** ` = -ENOENT`, to be put behind the operation. */
function answerText({ answer }: PerformedOperation): string {
  return answer === null ? ' (does not end)' : ` = ${answer}`;
}

/** The stretches in which the thread was the one that ran, without names. */
export function runningStretches(trace: SimulationTrace, where: StepRows, thread: number): readonly Stretch[] {
  const all: { from: number; to: number; label: string; short: null; title: string }[] = [];
  for (const [step, { thread: own }] of trace.steps.entries()) {
    if (own !== thread) continue;
    const [from, to] = [where.at(step), where.at(step + 1)];
    const last = all.at(-1);
    if (last?.to === from) last.to = to;
    else all.push({ from, to, label: '', short: null, title: '' });
  }
  return visible(all);
}

/**
 * The objects that a lane is worth: counted or freed ones that came to be or of which something became. Those whose type the
 * error names come first, then those of which most became.
 */
export function laneObjects(trace: SimulationTrace, error: string): readonly SimulatedObject[] {
  return trace.objects
    .filter(({ moments }) => moments.some(({ state, count }) => count !== null || state !== 'live'))
    .map((object) => ({ object, turns: merged(object).length, named: error.includes(object.type) ? 1 : 0 }))
    .filter(({ object, turns }) => object.from > 0 || turns > 1)
    .sort((a, b) => b.named - a.named || b.turns - a.turns || a.object.from - b.object.from)
    .map(({ object }) => object);
}

/** The objects that a lane is worth on either tree, in the order of the run; those of the base alone come last. */
export function lanePairs(traces: Traces, error: string): readonly ObjectPair[] {
  const pairs = objectPairs(traces);
  const order = laneObjects(traces.run, error);
  const alone = traces.base === null ? [] : laneObjects(traces.base, error).filter((object) => !isOfRun(pairs, object));
  return [...order, ...alone].flatMap((object) => pairs.find(({ base, run }) => run === object || base === object) ?? []);
}

function isOfRun(pairs: readonly ObjectPair[], object: SimulatedObject): boolean {
  return pairs.some(({ base, run }) => base === object && run !== null);
}

/** The moments at which more changed than which local variables point to the object. */
function merged({ moments }: SimulatedObject): readonly ObjectMoment[] {
  return moments.filter((moment, index) => {
    const before = moments[index - 1];
    return before === undefined || !alike(before, moment);
  });
}

/** What an object was; the label is its count and who holds it. */
export function stateStretches(object: SimulatedObject, where: StepRows): readonly StateStretch[] {
  const moments = merged(object);
  const first = moments[0];
  if (first === undefined) return [];
  const born: ObjectMoment = { step: object.from, state: 'live', count: null, holders: [] };
  const all = first.step > object.from ? [born, ...moments] : moments;
  return visible(
    all.map((moment, index) => {
      const next = all[index + 1];
      const holders = lastingHolders(moment);
      return {
        from: where.at(moment.step),
        to: next === undefined ? where.rows.length : where.at(next.step),
        state: moment.state,
        label: stateLabel(moment.state, moment.count, holders),
        short: moment.count === null ? '' : String(moment.count),
        title: `${object.name}: ${momentText({ ...moment, holders })}`,
      };
    }),
  );
}

function stateLabel(state: ObjectMoment['state'], count: number | null, holders: readonly string[]): string {
  if (state === 'freed') return 'freed';
  const words = [state === 'live' ? '' : 'grace period', count === null ? '' : String(count), holders.join(', ')];
  return words.filter((word) => word !== '').join(' · ');
}

/** Who held an object when: a lane for each lasting holder, and one for all variables of functions that ran. */
export function holderLanes(
  object: SimulatedObject,
  where: StepRows,
  steps: number,
): readonly { readonly holder: string; readonly stretches: readonly Stretch[] }[] {
  const lanes = new Map<string, Stretch[]>();
  const locals: Stretch[] = [];
  for (const { holder, from, to } of holdings(object, steps)) {
    const stretch = { from: where.at(from), to: where.at(to), label: '', short: null, title: `${object.name} held by ${holder}` };
    if (isLocal(holder)) locals.push(stretch);
    else lanes.set(holder, [...(lanes.get(holder) ?? []), stretch]);
  }
  if (locals.length > 0) lanes.set('local variables', locals);
  return [...lanes].map(([holder, stretches]) => ({ holder, stretches: visible(stretches) }));
}

function visible<T extends Stretch>(stretches: readonly T[]): readonly T[] {
  return stretches.filter(({ from, to }) => to > from);
}
