// Which object of one run is which of another: two are the same that the same operation made as the same one of its type.
import type { SimulatedObject, SimulationTrace } from '../../extension/model/simulation.js';
import type { Traces } from './step-rows.js';

/** An object on both trees; null where a run has none like it. */
export interface ObjectPair {
  readonly name: string;
  readonly base: SimulatedObject | null;
  readonly run: SimulatedObject | null;
}

const known = new WeakMap<Traces, readonly ObjectPair[]>();

/** All objects of both runs, those of the run first, named as there; what only the base has comes last. */
export function objectPairs(traces: Traces): readonly ObjectPair[] {
  let pairs = known.get(traces);
  if (pairs === undefined) known.set(traces, (pairs = pairsOf(traces)));
  return pairs;
}

function pairsOf({ base, run }: Traces): readonly ObjectPair[] {
  const left = new Map(base === null ? [] : identified(base));
  const pairs = identified(run).map(([key, object]): ObjectPair => {
    const other = left.get(key) ?? null;
    left.delete(key);
    return { name: object.name, base: other, run: object };
  });
  return [...pairs, ...[...left.values()].map((object): ObjectPair => ({ name: object.name, base: object, run: null }))];
}

/** Each object by its type, the operation that made it, and which one of that type it was there. */
function identified({ objects, steps }: SimulationTrace): readonly (readonly [string, SimulatedObject])[] {
  const counts = new Map<string, number>();
  return objects.map((object) => {
    const kind = `${object.type} of ${steps[object.from]?.operation ?? -1}`;
    const nth = counts.get(kind) ?? 0;
    counts.set(kind, nth + 1);
    return [`${kind}, ${nth}`, object];
  });
}
