// What is noted while the machine runs and is no part of its state: functions that were entered, what was assumed.
import type { Assumption } from '../../model/simulation.js';
import type { CompiledFunction } from '../code/compiled-function.js';
import type { Core } from '../machine/core.js';

export interface OnTheWay {
  readonly entered: readonly CompiledFunction[];
  readonly assumed: readonly Assumption[];
}

/** Notes what comes from now on apart from what came before, until `end`. */
export class WayNotes {
  private readonly before: OnTheWay;

  constructor(private readonly core: Core) {
    this.before = taken(core);
  }

  /** What came since then; what came before is there again. To be called once. */
  end(): OnTheWay {
    const way = taken(this.core);
    comeAgain(this.core, this.before);
    comeAgain(this.core, way);
    return way;
  }
}

/** It has come this way once more. */
export function comeAgain({ entered, image }: Core, way: OnTheWay): void {
  for (const fn of way.entered) entered.add(fn);
  image.assumeAgain(way.assumed);
}

function taken({ entered, image }: Core): OnTheWay {
  const way = { entered: [...entered], assumed: image.takeAssumptions() };
  entered.clear();
  return way;
}
