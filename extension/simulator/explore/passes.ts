// In which order a scenario is gone through, so that what is found first is what costs least.
import type { Bounds } from './bounds.js';
import type { Script } from './script.js';
import type { PassBounds } from './search.js';

/** One fault more costs more than any number of preemptions. */
const faultCost = 1000;

/** What a path takes: faults first, then preemptions. */
export function cost({ faults, preemptions }: { readonly faults: number; readonly preemptions: number }): number {
  return faults * faultCost + Math.min(faultCost - 1, preemptions);
}

/** Preemptions that bounds allow; Infinity for any number. */
export function mostPreemptions({ preemptions }: Bounds, script: Script): number {
  return script.concurrent.size > 0 ? (preemptions ?? Infinity) : 0;
}

/**
 * What is cheap first, then everything within the bounds; where that shows errors, the passes with less in ascending order,
 * so that each error is told with the fewest faults, then the fewest preemptions. `worst` is the cost of what was found.
 * `combining`: all orders without faults come before anything with faults, of which there may be too many to go through.
 */
export function* passes(bounds: Bounds, script: Script, worst: () => number, combining: boolean): Generator<PassBounds> {
  const { faults } = bounds;
  const most = mostPreemptions(bounds, script);
  const isAll = (f: number, p: number): boolean => f === faults && p === most;
  const tried = Math.min(1, most);
  for (let p = 0; p <= tried; p++) if (!isAll(0, p)) yield { faults: 0, preemptions: p };
  const last = most === Infinity ? null : most;
  if (combining && most > tried && faults > 0) yield { faults: 0, preemptions: last };
  yield { faults, preemptions: last };
  for (let f = 0; f <= faults; f++)
    for (let p = f === 0 ? tried + 1 : 0; p <= most && !isAll(f, p) && f * faultCost + p < worst(); p++)
      yield { faults: f, preemptions: p };
}
