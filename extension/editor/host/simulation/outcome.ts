// What a run comes to, in words and for lists. Free of the editor, so that it can be tested.
import { counted } from '../../../model/plural.js';
import type { Counterexample, SimulationResult, SimulationTrace } from '../../../model/simulation.js';
import { blameOf } from '../../../review/blame.js';
import { causeKind, causeText } from '../../../review/report/text/cause-text.js';
import { causesOf } from '../../../review/causes.js';
import type { Bounds } from '../../../simulator/explore/bounds.js';
import type { BaseRun, RunBlame, RunCause, Simulated } from '../../protocol/webview-messages.js';

export type SimulationVerdict = 'passed' | 'failed' | 'not run' | 'stopped';

/** A run, with that of the tree without the series where there is one. */
type Ran = Pick<Simulated, 'result' | 'base'>;

/** The errors that count: all of them, or those that the tree without the series does not have. */
export function errorsOf({ result, base }: Ran): readonly Counterexample[] {
  const known = new Set(base?.result.counterexamples.map(({ error }) => error.id));
  return result.counterexamples.filter(({ error }) => !known.has(error.id));
}

/** Nothing that was ended before all within its bounds had run has passed. */
export function verdictOf(run: Ran): SimulationVerdict {
  const { result, base } = run;
  const sides = base === null ? [result] : [result, base.result];
  const found = errorsOf(run).length > 0;
  // Of a tree without the series that was not gone through, nobody knows which errors it has.
  if (sides.some(({ bounds }) => bounds.stopped === 'cancelled')) return found && base === null ? 'failed' : 'stopped';
  if (sides.some(({ verdict }) => verdict === 'not run')) return 'not run';
  if (found) return 'failed';
  return sides.some(({ bounds }) => bounds.stopped !== null) ? 'stopped' : 'passed';
}

/** One line for a list of results. */
export function summaryOf(run: Ran): string {
  const { result, base } = run;
  const errors = errorsOf(run);
  const left = result.counterexamples.length - errors.length;
  const old = left > 0 ? `; ${counted(left, 'error')} without the series too` : '';
  const paths = counted(result.stats.executions, 'path');
  switch (verdictOf(run)) {
    case 'not run':
      return `not run: ${result.reason ?? base?.result.reason ?? 'the reason is not known'}`;
    case 'stopped': {
      const why = result.bounds.stopped ?? base?.result.bounds.stopped ?? null;
      // That somebody stopped it needs no saying.
      return `stopped after ${paths}${unfinished(why === 'cancelled' ? null : why)}; ${foundSoFar(result.counterexamples.length)}`;
    }
    case 'failed': {
      const first = errors[0]?.error.message ?? '';
      return `${counted(errors.length, base === null ? 'error' : 'new error')} on ${paths}: ${first}${old}${unfinished(result.bounds.stopped)}`;
    }
    case 'passed':
      return `no ${base === null ? '' : 'new '}error on ${paths}${leftOutIn(result)}${old}`;
  }
}

/** The operations of a path with their answers, one each. */
export function answersOn({ operations }: SimulationTrace): readonly string[] {
  return operations.map(({ text, answer }) => `${text} = ${answer ?? 'does not end'}`);
}

/** The errors of a run by the flaws that they show. */
export function runCauses({ counterexamples, scenario }: SimulationResult): readonly RunCause[] {
  const errors = counterexamples.map((counterexample) => ({ counterexample, scenario: scenario.name, times: 1 }));
  const causes = causesOf({ findings: [], errors, changes: [], paths: new Map(), patchOf: () => null });
  return causes.map((cause) => ({
    kind: causeKind(cause),
    text: causeText(cause),
    errors: cause.errors.map(({ counterexample }) => counterexamples.indexOf(counterexample)),
  }));
}

/** Who is to blame for each error of a run. */
export function runBlames({ counterexamples }: SimulationResult): readonly (RunBlame | null)[] {
  return counterexamples.map((counterexample) => {
    const blame = blameOf(counterexample);
    // Where an error is about no object nobody was looked for: it is where it is told.
    if (!blame?.object) return null;
    const { operation, function: name, at, excess } = blame;
    return { operation, function: name, at, excess };
  });
}

/** The runs of a whole list in one sentence: what failed first. */
export function totalOf(verdicts: readonly SimulationVerdict[]): string {
  const of = (wanted: SimulationVerdict): number => verdicts.filter((verdict) => verdict === wanted).length;
  const parts = [
    ...(of('failed') > 0 ? [`${of('failed')} with errors`] : []),
    ...(of('not run') > 0 ? [`${of('not run')} not run`] : []),
    ...(of('stopped') > 0 ? [`${of('stopped')} stopped`] : []),
    ...(of('passed') > 0 ? [`${of('passed')} without error`] : []),
  ];
  return `${counted(verdicts.length, 'scenario')}: ${parts.join(', ')}`;
}

function foundSoFar(errors: number): string {
  return errors === 0 ? 'nothing was found by then' : `${counted(errors, 'error')} found by then`;
}

/** What was not done can't go wrong. */
function leftOutIn({ missing = [] }: SimulationResult): string {
  const left = missing.filter(({ instead }) => instead === null);
  return left.length === 0 ? '' : `, ${counted(left.length, 'step')} left out`;
}

function unfinished(why: string | null): string {
  return why === null ? '' : ` (not exhaustive: ${why})`;
}

/** A path that was replayed, as a result that a page can show: it says of no other path that it was run. */
export function replayedResult(counterexample: Counterexample, tree: string, bounds: Bounds): SimulationResult {
  return {
    scenario: counterexample.scenario,
    tree,
    verdict: 'errors',
    reason: null,
    counterexamples: [counterexample],
    behaviours: [],
    assumed: [],
    stats: { executions: 1, states: 0, transitions: counterexample.trace.steps.length, pruned: 0, milliseconds: 0 },
    bounds: { ...bounds, exhaustive: false, stopped: 'only the path of the schedule was run' },
  };
}

/** Another run of the same scenario as the side to compare a run with: errors that both show have their paths beside each other. */
export function besideRun(result: SimulationResult, other: SimulationResult): BaseRun {
  const traces = result.counterexamples.map(
    ({ error }) => other.counterexamples.find((each) => each.error.id === error.id)?.trace ?? 'the other run does not show this error',
  );
  return { result: other, traces };
}
