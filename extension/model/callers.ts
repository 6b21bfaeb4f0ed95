// Which calls a step of a path is in, and which of their functions acts: one that only gets or puts what it is handed does so for its caller.
import type { ObjectMoment, SimulatedObject, SimulationStep, SimulationTrace } from './simulation.js';

/** Whether a holder of a moment is a local variable: `fb in fuse_backing_close()`, with `of` its thread where there are several. */
export function isLocalHolder(holder: string): boolean {
  return holder.includes(' in ') && holder.includes('()');
}

/** The calls that a step is in, outermost first, the step itself last: indices of steps that have a place. */
export function framesOf(steps: readonly SimulationStep[], index: number): readonly number[] {
  const step = steps[index];
  if (!step?.at) return [];
  const frames = [index];
  let wanted = step.depth - 1;
  for (let at = index - 1; at >= 0 && wanted > 0; at--) {
    const each = steps[at];
    if (!each?.at || each.thread !== step.thread || each.depth !== wanted) continue;
    if (each.operation !== step.operation) break;
    frames.unshift(at);
    wanted--;
  }
  return frames;
}

export interface Acting {
  /** How many of the calls are looked at, outermost first. */
  readonly depth: number;
  /** Nothing else was done to the object there. */
  readonly alone: boolean;
  /** It is a reference that is taken, which may be for a caller. */
  readonly gains: boolean;
}

/** How many of the calls that a step is in, outermost first, lead to the function that acts; the last of those is where it does. */
export function actingFrame(
  object: SimulatedObject,
  { steps, threads }: Pick<SimulationTrace, 'steps' | 'threads'>,
  frames: readonly number[],
  { depth: all, alone, gains }: Acting,
): number {
  let depth = all;
  const functionAt = (index: number | undefined): string | undefined => (index === undefined ? undefined : steps[index]?.at?.function);
  const thread = threads[steps[frames.at(-1) ?? -1]?.thread ?? 0] ?? '';
  const handed = (): boolean => depth > 1 && wasHanded(object, frames[depth - 2], functionAt(frames[depth - 1]), thread);
  // A function that does nothing with the object but what it was called for acts for its caller.
  if (alone && depth === frames.length && handed()) depth--;
  // So does one that hands a reference out, as a lookup does: whoever was given it is to drop it.
  while (depth > 1 && gains && !handed() && handsOut(object, frames[depth - 1], functionAt(frames[depth - 2]), thread, steps)) depth--;
  return depth;
}

/** Whether a caller has the object in a variable once the call that a step is in has ended. */
function handsOut(
  { moments }: SimulatedObject,
  inside: number | undefined,
  caller: string | undefined,
  thread: string,
  steps: readonly SimulationStep[],
): boolean {
  const step = inside === undefined ? undefined : steps[inside];
  if (step === undefined) return false;
  const after = steps.findIndex(
    (each, at) => at > (inside ?? 0) && each.thread === step.thread && each.at !== null && each.depth < step.depth,
  );
  if (after < 0) return false;
  return moments.some(
    (moment) => moment.step >= after - 1 && steps[moment.step]?.operation === step.operation && isHeldIn(moment, caller, thread),
  );
}

/** Whether a function had the object in a variable as it was called, by the thread of that name: others may be in it too. */
function wasHanded({ moments }: SimulatedObject, call: number | undefined, name: string | undefined, thread: string): boolean {
  const moment = moments.findLast(({ step }) => call !== undefined && step <= call);
  return moment !== undefined && isHeldIn(moment, name, thread);
}

function isHeldIn({ holders }: ObjectMoment, name: string | undefined, thread: string): boolean {
  const ends = [` in ${name}()`, ` in ${name}() of ${thread}`];
  return holders.some((holder) => ends.some((end) => holder.endsWith(end)));
}
