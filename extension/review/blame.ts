// Where a simulated path goes wrong, which is rarely where it shows: the function that takes or drops a reference too many.
import { actingFrame, framesOf, isLocalHolder } from '../model/callers.js';
import type { CodePlace, Counterexample, ObjectMoment, SimulatedObject, SimulationStep, SimulationTrace } from '../model/simulation.js';

export interface Blame {
  /** The type of the object whose references go wrong; null where the error is about none. */
  readonly object: string | null;
  /** The innermost function that all that goes wrong with the references happens in. */
  readonly function: string;
  /** The statement of it that does it. */
  readonly at: CodePlace;
  /** Index into `SimulationTrace.operations`; -1 in setup and teardown. */
  readonly operation: number;
  /** References that the operation takes beyond those that it leaves; negative for those that it drops; 0 where that is not the matter. */
  readonly excess: number;
}

/** A step that changes an object's count, or who points to it. */
interface Event {
  readonly step: number;
  readonly operation: number;
  /** Of the count, and of the lasting pointers to the object. */
  readonly count: number;
  readonly held: number;
  /** It is freed here though it is counted. */
  readonly freed: boolean;
  /** By the tree's own code. */
  readonly own: boolean;
}

/**
 * An operation leaves as many references behind as pointers that last: what it adds to the count beyond that, or takes from
 * it, is one reference too many. The first operation that does so on the path to an error is to blame, and in it the
 * innermost function that all changes of the count have in common.
 */
export function blameOf({ error, trace }: Counterexample): Blame | null {
  const object = trace.objects.find(({ id }) => id === error.object);
  const own = object === undefined ? null : unbalanced(object, trace);
  if (own !== null) return own;
  const failing = trace.steps.findLast(({ kind }) => kind === 'error' || kind === 'warning');
  const at = error.at ?? error.related[0]?.at ?? null;
  if (object === undefined) return at && { object: null, function: at.function, at, operation: failing?.operation ?? -1, excess: 0 };
  if (error.kind === 'leak') {
    const made = error.related[0]?.at ?? at;
    return made && { object: object.type, function: made.function, at: made, operation: -1, excess: 0 };
  }
  const step = failing === undefined ? trace.steps.length - 1 : trace.steps.indexOf(failing);
  const operation = failing?.operation ?? -1;
  const events = eventsOf(object, trace).filter((event) => event.own && event.operation === operation);
  const before = stepBefore(trace.steps, step);
  return innermost(object, operation, [...events.map((event) => event.step), before], before, 0, trace);
}

/** The first operation on a path after which some counted object has another count than pointers to it. */
export function firstUnbalanced(trace: SimulationTrace): Blame | null {
  const found = trace.objects.flatMap((object) => unbalanced(object, trace) ?? []);
  return found.sort((a, b) => order(a) - order(b))[0] ?? null;
}

function order({ operation }: Blame): number {
  return operation < 0 ? Infinity : operation;
}

function unbalanced(object: SimulatedObject, trace: SimulationTrace): Blame | null {
  const events = eventsOf(object, trace);
  const segments = new Map<number, Event[]>();
  for (const event of events) segments.set(event.operation, [...(segments.get(event.operation) ?? []), event]);
  for (const [operation, changes] of segments) {
    const freed = changes.find((event) => event.freed);
    const sum = changes.reduce((total, { count, held }) => total + count - held, 0);
    if (freed === undefined && sum === 0) continue;
    const made = changes.filter((event) => event.own);
    const wrong = freed ?? made.findLast(({ count }) => (sum < 0 ? count < 0 : count > 0)) ?? made.at(-1);
    const steps = made.map(({ step }) => step);
    const blame = wrong && innermost(object, operation, steps, wrong.step, freed === undefined ? sum : 0, trace);
    if (blame) return blame;
  }
  return null;
}

/** Of counted objects only: where no count is known nothing can be out of balance. */
function eventsOf({ moments }: SimulatedObject, { steps }: SimulationTrace): readonly Event[] {
  const events: Event[] = [];
  let before: ObjectMoment | undefined;
  for (const moment of moments) {
    const { step, state, count } = moment;
    const operation = steps[step]?.operation ?? -1;
    const own = moment.outside !== true;
    if (state !== 'live') {
      if (before?.state === 'live' && count !== null)
        events.push({ step, operation, count: 0, held: 0, freed: (before.count ?? 0) > 0 && count > 0, own });
      before = moment;
      continue;
    }
    const change = (count ?? 0) - (before?.count ?? 0);
    const held = lasting(moment) - (before === undefined ? 0 : lasting(before));
    if (count !== null && (change !== 0 || held !== 0)) events.push({ step, operation, count: change, held, freed: false, own });
    if (count !== null || before === undefined) before = moment;
  }
  return events;
}

/** Holders other than local variables (`fb in fuse_backing_close()`). */
function lasting({ count, holders }: ObjectMoment): number {
  return count === null ? 0 : holders.filter((holder) => !isLocalHolder(holder)).length;
}

/** The step of code that a step which is only told (an error, a warning) stands behind. */
function stepBefore(steps: readonly SimulationStep[], from: number): number {
  const thread = steps[from]?.thread;
  for (let at = from; at >= 0; at--) {
    const step = steps[at];
    if (step?.at && step.depth > 0 && step.thread === thread) return at;
  }
  return from;
}

/** The innermost function that all of the steps are in; `wrong` is the one of them that is told. */
function innermost(
  object: SimulatedObject,
  operation: number,
  all: readonly number[],
  wrong: number,
  excess: number,
  { steps, threads }: SimulationTrace,
): Blame | null {
  const functionAt = (index: number | undefined): string | undefined => (index === undefined ? undefined : steps[index]?.at?.function);
  const own = framesOf(steps, wrong);
  const others = [...new Set(all)].filter((step) => step !== wrong).map((step) => framesOf(steps, step));
  let depth = own.length;
  for (const frames of others) {
    let common = 0;
    while (common < depth && functionAt(frames[common]) === functionAt(own[common])) common++;
    if (common > 0) depth = common;
  }
  depth = actingFrame(object, { steps, threads }, own, { depth, alone: others.length === 0, gains: excess > 0 });
  const at = steps[own[depth - 1] ?? -1]?.at;
  return at ? { object: object.type, function: at.function, at, operation, excess } : null;
}
