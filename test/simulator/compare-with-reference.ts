// One program of threads by the exploration and by the reference.
import type { ProgramLoader } from '../../extension/program/load.js';
import { defaultBounds } from '../../extension/simulator/simulator.js';
import type { ThreadsProgram } from './arbitrary-threads.js';
import { everythingOf } from './reference.js';
import { call, programOf, scenario, simulatorFor } from './small.js';

export interface Done {
  /** `kind function` */
  readonly errors: readonly string[];
  readonly answers: readonly string[];
}

export interface Compared {
  readonly found: Done;
  readonly reference: Done;
  readonly paths: number;
}

/** Paths of the reference, beyond which a program is not compared. */
const most = 3000;

/** null where the reference would take too long. */
export function compareWithReference(loader: ProgramLoader, { text }: ThreadsProgram): Compared | null {
  const program = programOf(loader, text);
  const all = everythingOf(program, ['one', 'two'], 'digest', most);
  if (all === null) return null;
  const simulator = simulatorFor(program, { one: 0, two: 0, digest: 0 });
  const result = simulator.run(scenario([[call('one')], [call('two')]], call('digest')), {
    bounds: { ...defaultBounds, faults: 0, executions: 1e6 },
    outcomes: true,
    counterexamples: false,
  });
  if (!result.bounds.exhaustive) throw new Error(`${result.reason ?? result.bounds.stopped}`);
  const errors = (result.unexplained ?? []).map(({ error }) => `${error.kind} ${error.at?.function ?? ''}`);
  const answers = (result.outcomes ?? []).filter(({ ended }) => ended === null).map(({ answers: each }) => each.join());
  return {
    found: { errors: sorted(errors), answers: sorted(answers) },
    reference: { errors: sorted(all.errors), answers: sorted(all.answers) },
    paths: all.paths,
  };
}

function sorted(all: Iterable<string>): readonly string[] {
  return [...new Set(all)].sort();
}
