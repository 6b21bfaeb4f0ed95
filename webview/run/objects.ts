// What an object was at a step, read off its moments.
import type { ObjectMoment, SimulatedObject, SimulationTrace } from '../../extension/model/simulation.js';

/** What the object is once the step is done; undefined before it exists. */
export function momentAt(object: SimulatedObject, step: number): ObjectMoment | undefined {
  let low = 0;
  let high = object.moments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const moment = object.moments[middle];
    if (moment !== undefined && moment.step <= step) low = middle + 1;
    else high = middle;
  }
  return object.moments[low - 1];
}

/** A time for which somebody pointed to an object, in steps; `to` is exclusive. */
export interface HoldingSpan {
  readonly holder: string;
  readonly from: number;
  readonly to: number;
}

/** Who pointed to the object and for how long, in order of the first time; a holder that comes back has two entries. */
export function holdings(object: SimulatedObject, end: number): readonly HoldingSpan[] {
  const all: HoldingSpan[] = [];
  const open = new Map<string, number>();
  const close = (holder: string, to: number): void => {
    all.push({ holder, from: open.get(holder) ?? to, to });
    open.delete(holder);
  };
  for (const { step, holders } of object.moments) {
    for (const holder of [...open.keys()]) if (!holders.includes(holder)) close(holder, step);
    for (const holder of holders) if (!open.has(holder)) open.set(holder, step);
  }
  for (const holder of [...open.keys()]) close(holder, end);
  return all.sort((a, b) => a.from - b.from || a.holder.localeCompare(b.holder));
}

/** `count 2, held by index 1, fuse_inode.fb`, or what else there is to say of it. */
export function momentText({ state, count, holders }: ObjectMoment): string {
  const parts: string[] = state === 'live' ? [] : [state];
  if (count !== null) parts.push(`count ${count}`);
  parts.push(holders.length > 0 ? `held by ${holders.join(', ')}` : 'held by nobody');
  return parts.join(', ');
}

/** An object's name, for a change; ids are of no use to people. */
export function nameOf(trace: SimulationTrace, id: number): string {
  return trace.objects.find((object) => object.id === id)?.name ?? `object ${id}`;
}

/** Whether a holder is a variable of a function that runs, as in `fb in fuse_backing_close()`; it comes and goes with the call. */
export function isLocal(holder: string): boolean {
  return / in \w+\(\)/.test(holder);
}

/** Those that go on holding when all calls have returned. */
export function lastingHolders({ holders }: ObjectMoment): readonly string[] {
  return holders.filter((holder) => !isLocal(holder));
}
