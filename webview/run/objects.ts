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
export interface Holding {
  readonly holder: string;
  readonly from: number;
  readonly to: number;
}

/** Who pointed to the object and for how long, in order of the first time; a holder that comes back has two entries. */
export function holdings(object: SimulatedObject, end: number): readonly Holding[] {
  const all: Holding[] = [];
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

/** What became of an object at a step; `before` is undefined where it came to be. */
export interface Turn {
  readonly object: SimulatedObject;
  readonly before: ObjectMoment | undefined;
  readonly after: ObjectMoment;
}

const turnsOfTraces = new WeakMap<SimulationTrace, ReadonlyMap<number, readonly Turn[]>>();

/** The turns of a step, in the order of the objects. */
export function turnsAt(trace: SimulationTrace, step: number): readonly Turn[] {
  let turns = turnsOfTraces.get(trace);
  if (turns === undefined) turnsOfTraces.set(trace, (turns = turnsOf(trace)));
  return turns.get(step) ?? [];
}

function turnsOf(trace: SimulationTrace): ReadonlyMap<number, readonly Turn[]> {
  const turns = new Map<number, Turn[]>();
  for (const object of trace.objects) {
    for (const [index, after] of object.moments.entries()) {
      const own = turns.get(after.step) ?? [];
      own.push({ object, before: object.moments[index - 1], after });
      turns.set(after.step, own);
    }
  }
  return turns;
}

/** Names of the objects that the step changed, or of which it changed who holds them. */
export function touched(trace: SimulationTrace, step: number): ReadonlySet<string> {
  const changed = (trace.steps[step]?.changes ?? []).map(({ object }) => nameOf(trace, object));
  return new Set([...changed, ...turnsAt(trace, step).map(({ object }) => object.name)]);
}

/** Whether the step changed an object, or the one that is named. */
export function touches(trace: SimulationTrace, step: number, object: string | null): boolean {
  const names = touched(trace, step);
  return object === null ? names.size > 0 : names.has(object);
}

/**
 * One line for each object that the step changed: `fuse_backing 1 .count 2 → 1, − fb in fuse_passthrough_open()`,
 * `new file 1`, `fuse_backing 1 freed`.
 */
export function effectTexts(trace: SimulationTrace, step: number): readonly string[] {
  const effects = new Map<string, string[]>();
  for (const { object, field, before, after } of trace.steps[step]?.changes ?? []) {
    const name = nameOf(trace, object);
    const cell = `${field === '' ? '' : `.${field} `}${before} → ${after}`;
    effects.set(name, [...(effects.get(name) ?? []), cell]);
  }
  const made = new Set<string>();
  for (const turn of turnsAt(trace, step)) {
    const { name } = turn.object;
    const cells = effects.get(name) ?? [];
    if (turn.before === undefined) made.add(name);
    const parts = [...cells, ...turnTexts(turn, cells.length > 0)];
    if (parts.length > 0 || made.has(name)) effects.set(name, parts);
  }
  return [...effects].map(([name, parts]) => `${made.has(name) ? 'new ' : ''}${name}${parts.length > 0 ? ` ${parts.join(', ')}` : ''}`);
}

/** `counted`: that the count changed is told already. */
function turnTexts({ before, after }: Turn, counted: boolean): readonly string[] {
  if (before === undefined) return [];
  const parts: string[] = before.state === after.state ? [] : [after.state];
  if (!counted && after.state === 'live' && before.count !== after.count)
    parts.push(`count ${before.count ?? '-'} → ${after.count ?? '-'}`);
  parts.push(...after.holders.filter((holder) => !before.holders.includes(holder)).map((holder) => `+ ${holder}`));
  parts.push(...before.holders.filter((holder) => !after.holders.includes(holder)).map((holder) => `− ${holder}`));
  return parts;
}

/** An object's name, for a change; ids are of no use to people. */
export function nameOf(trace: SimulationTrace, id: number): string {
  return trace.objects.find((object) => object.id === id)?.name ?? `object ${id}`;
}
