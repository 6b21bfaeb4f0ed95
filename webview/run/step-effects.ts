// What a step did: the cells it changed, and what became of objects by it.
import type { ObjectMoment, SimulatedObject, SimulationTrace } from '../../extension/model/simulation.js';
import { lastingHolders, nameOf } from './objects.js';

/** What became of an object at a step. That a variable of a running function points to it, or no longer does, is no turn. */
export type Turn = { readonly object: SimulatedObject } & (
  { readonly kind: 'made' } | { readonly kind: 'changed'; readonly before: ObjectMoment; readonly after: ObjectMoment }
);

const turnsOfTraces = new WeakMap<SimulationTrace, ReadonlyMap<number, readonly Turn[]>>();

/** The turns of a step, in the order of the objects. */
function turnsAt(trace: SimulationTrace, step: number): readonly Turn[] {
  let turns = turnsOfTraces.get(trace);
  if (turns === undefined) turnsOfTraces.set(trace, (turns = turnsOf(trace)));
  return turns.get(step) ?? [];
}

function turnsOf(trace: SimulationTrace): ReadonlyMap<number, readonly Turn[]> {
  const turns = new Map<number, Turn[]>();
  const add = (step: number, turn: Turn): void => {
    const own = turns.get(step);
    if (own === undefined) turns.set(step, [turn]);
    else own.push(turn);
  };
  for (const object of trace.objects) {
    // What has no moments is a variable of the kernel, and what is there from the first step was there before.
    if (object.from > 0 && object.moments.length > 0) add(object.from, { kind: 'made', object });
    for (const [index, after] of object.moments.entries()) {
      const before = object.moments[index - 1];
      if (before !== undefined && !alike(before, after)) add(after.step, { kind: 'changed', object, before, after });
    }
  }
  return turns;
}

/** Whether state, count and lasting holders are the same. */
export function alike(one: ObjectMoment, other: ObjectMoment): boolean {
  return one.state === other.state && one.count === other.count && lastingHolders(one).join('\n') === lastingHolders(other).join('\n');
}

/** Names of the objects that the step changed, or of which it changed who holds them. */
export function touched(trace: SimulationTrace, step: number): ReadonlySet<string> {
  const changed = (trace.steps[step]?.changes ?? []).map(({ object }) => nameOf(trace, object));
  return new Set([...changed, ...turnsAt(trace, step).map(({ object }) => object.name)]);
}

/** Whether the step changed the object that is named, or any for null. */
export function touches(trace: SimulationTrace, step: number, object: string | null): boolean {
  if (object === null) return (trace.steps[step]?.changes.length ?? 0) > 0 || turnsAt(trace, step).length > 0;
  return touched(trace, step).has(object);
}

/**
 * One line for each object that the step changed: `fuse_backing 1 .count 2 → 1, − fuse_inode.fb`, `new file 1`,
 * `fuse_backing 1 freed`. Of a new object `brief` leaves out the cells, and `changes` does not say that it is new.
 */
export function effectTexts(trace: SimulationTrace, step: number, show: 'brief' | 'full' | 'changes' = 'brief'): readonly string[] {
  const effects = new Map<string, string[]>();
  const turns = turnsAt(trace, step).filter(({ kind }) => kind !== 'made' || show !== 'changes');
  const made = new Set(turns.flatMap((turn) => (turn.kind === 'made' ? [turn.object.name] : [])));
  const add = (name: string, parts: readonly string[]): void => void effects.set(name, [...(effects.get(name) ?? []), ...parts]);
  for (const { object, field, before, after } of trace.steps[step]?.changes ?? []) {
    const name = nameOf(trace, object);
    if (show !== 'brief' || !made.has(name)) add(name, [`${field === '' ? '' : `.${field} `}${before} → ${after}`]);
  }
  for (const turn of turns) {
    const { name } = turn.object;
    if (turn.kind === 'made') add(name, []);
    else add(name, turnTexts(turn.before, turn.after, effects.has(name)));
  }
  return [...effects]
    .filter(([name, parts]) => parts.length > 0 || made.has(name))
    .map(([name, parts]) => `${made.has(name) ? 'new ' : ''}${name}${parts.length > 0 ? ` ${parts.join(', ')}` : ''}`);
}

/** `counted`: that the count changed is told already. */
function turnTexts(before: ObjectMoment, after: ObjectMoment, counted: boolean): readonly string[] {
  const parts: string[] = before.state === after.state ? [] : [after.state];
  if (!counted && after.state === 'live' && before.count !== after.count) {
    parts.push(`count ${before.count ?? '-'} → ${after.count ?? '-'}`);
  }
  const [left, right] = [lastingHolders(before), lastingHolders(after)];
  parts.push(...right.filter((holder) => !left.includes(holder)).map((holder) => `+ ${holder}`));
  parts.push(...left.filter((holder) => !right.includes(holder)).map((holder) => `− ${holder}`));
  return parts;
}

const outlines = new WeakMap<SimulationTrace, readonly boolean[]>();
const plain: ReadonlySet<string> = new Set(['statement', 'branch', 'call', 'return', 'switch']);

/** By step: whether it changes or says something, or leads into a call in which a step does. */
export function outlineOf(trace: SimulationTrace): readonly boolean[] {
  const known = outlines.get(trace);
  if (known !== undefined) return known;
  const outline = trace.steps.map((step, index) => !plain.has(step.kind) || touches(trace, index, null));
  // For each thread, how deep the nearest kept step behind is whose call has not been met yet.
  const pending = trace.threads.map(() => -1);
  for (let index = trace.steps.length - 1; index >= 0; index--) {
    const step = trace.steps[index];
    if (step === undefined) continue;
    const { thread, depth, kind } = step;
    const behind = pending[thread] ?? -1;
    if (behind > depth && kind !== 'switch') outline[index] = true;
    if (outline[index] === true) pending[thread] = behind > depth ? depth : Math.max(behind, depth);
  }
  outlines.set(trace, outline);
  return outline;
}
