// One program of threads by the exploration and by the reference.
import type { ProgramLoader } from '../../extension/program/load.js';
import type { Program } from '../../extension/program/program.js';
import { defaultBounds } from '../../extension/simulator/simulator.js';
import type { ThreadsProgram } from './arbitrary-threads.js';
import { everythingOf } from './reference.js';
import { wholeText, type ThreadProgram } from './thread-programs.js';
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

/** What is found when all is torn down, or as others come to a structure: the reference does not look for it. */
const notLookedFor = ['leak', 'dangling-reference', 'index-without-lock', 'list-without-lock', 'live-lock'];

/** Of a program with a known verdict; null where the reference would take too long, or does not look for what is wrong with it. */
export function compareProgram(loader: ProgramLoader, program: ThreadProgram): Compared | null {
  if (program.verdict.some((each) => notLookedFor.includes(each))) return null;
  return compared(loader, `${wholeText(program)}\nlong digest(void) { return 0; }\n`, program.threads);
}

/** Of a program made up at random; null where the reference would take too long. */
export function compareWithReference(loader: ProgramLoader, { text }: ThreadsProgram): Compared | null {
  return compared(loader, text, ['one', 'two']);
}

function compared(loader: ProgramLoader, text: string, threads: readonly string[]): Compared | null {
  const program = programOf(loader, text);
  const all = everythingOf(program, threads, 'digest', most);
  if (all === null) return null;
  // However often it is begun anew, it is to find the same.
  const [found, hasty] = [undefined, 3].map((quiet) => search(program, threads, quiet));
  if (found === undefined || JSON.stringify(found) !== JSON.stringify(hasty))
    throw new Error(`begun anew it finds ${JSON.stringify(hasty)}, else ${JSON.stringify(found)}`);
  return { found, reference: { errors: sorted(all.errors), answers: sorted(all.answers) }, paths: all.paths };
}

function search(program: Program, threads: readonly string[], quiet: number | undefined): Done {
  const simulator = simulatorFor(program, { ...Object.fromEntries(threads.map((name) => [name, 0])), digest: 0 });
  const result = simulator.run(
    scenario(
      threads.map((name) => [call(name)]),
      call('digest'),
    ),
    {
      bounds: { ...defaultBounds, faults: 0, executions: 1e6 },
      outcomes: true,
      counterexamples: false,
      ...(quiet === undefined ? {} : { quiet }),
    },
  );
  if (!result.bounds.exhaustive) throw new Error(`${result.reason ?? result.bounds.stopped}`);
  const errors = (result.unexplained ?? []).map(({ error }) => `${error.kind} ${error.at?.function ?? ''}`);
  const answers = (result.outcomes ?? []).filter(({ ended }) => ended === null).map(({ answers: each }) => each.join());
  return { errors: sorted(errors), answers: sorted(answers) };
}

function sorted(all: Iterable<string>): readonly string[] {
  return [...new Set(all)].sort();
}
