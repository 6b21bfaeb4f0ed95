// What became of an object on a path, as places that explain an error about it.
import { actingFrame, framesOf } from '../../model/callers.js';
import type { CodePlace, ObjectMoment, SimulatedObject, SimulationError, SimulationTrace } from '../../model/simulation.js';

/** As many of the last as are told. */
const shown = 8;

/** Where its references were taken and dropped, by whoever did so rather than by the helper that counts, and where it was freed. */
export function historyOf(object: SimulatedObject, trace: SimulationTrace): SimulationError['related'] {
  const related: SimulationError['related'][number][] = [];
  let before: ObjectMoment | undefined;
  for (const moment of object.moments) {
    const { step, state, count } = moment;
    const known = before?.count ?? null;
    const at = trace.steps[step]?.at;
    if (at && state === 'live' && known !== null && count !== null && known !== count) {
      const { acting, helper } = actorsAt(object, trace, step, count > known);
      related.push({ at: acting ?? at, message: `count ${known} → ${count}${helper === undefined ? '' : ` by ${helper}()`}` });
    }
    if (at && state !== 'live' && before?.state === 'live')
      related.push({ at, message: state === 'freed' ? 'freed here' : 'freed here after a grace period' });
    before = moment;
  }
  return related.slice(-shown);
}

/** Where the function stands that acts at a step, and the one that it calls for that, if any. */
function actorsAt(
  object: SimulatedObject,
  trace: SimulationTrace,
  step: number,
  gains: boolean,
): { readonly acting: CodePlace | null; readonly helper: string | undefined } {
  const frames = framesOf(trace.steps, step);
  const depth = actingFrame(object, trace, frames, { depth: frames.length, alone: true, gains });
  const placeAt = (index: number): CodePlace | null => trace.steps[frames[index] ?? -1]?.at ?? null;
  return { acting: placeAt(depth - 1), helper: placeAt(depth)?.function };
}
