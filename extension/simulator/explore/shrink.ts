// Leaves operations out of a scenario as long as an error stays.
import type { OperationStep, Scenario, ScenarioStep } from '../../model/scenario.js';
import { parseSchedule, type Schedule } from './schedule.js';
import { searchScenario, type Apparatus, type SearchOptions } from './scenario-search.js';

/** A path to an error. */
export interface ErrorPath {
  readonly scenario: Scenario;
  readonly schedule: Schedule;
  readonly faults: number;
  readonly preemptions: number;
}

/** Steps of the machine that shrinking one counterexample may take: by steps, so that it is the same on a busy machine. */
const shrinkingSteps = 2_000_000;

/** A path to the error of that id, with no more faults and preemptions than the given one takes, of a scenario that is as short as can be. */
export function shrunkPath(apparatus: Apparatus, path: ErrorPath, id: string, options: SearchOptions): ErrorPath {
  const bounds = { faults: path.faults, preemptions: path.preemptions };
  let left = shrinkingSteps;
  let best = path;
  for (let again = true; again && left > 0;) {
    again = false;
    for (const scenario of smallerScenarios(best.scenario)) {
      if (left <= 0) break;
      const searched = searchScenario(apparatus, scenario, options, Infinity, { id, bounds, steps: left });
      if (!searched.ok) continue;
      left -= searched.value.totals.transitions;
      const met = searched.value.found.get(id);
      if (!met) continue;
      const schedule = parseSchedule(met.schedule);
      if (!schedule.ok) continue;
      best = { scenario, schedule: schedule.value, faults: met.faults, preemptions: met.preemptions };
      again = true;
      break;
    }
  }
  return best;
}

/** The scenario without one of its operations and those that use what it answers. */
function* smallerScenarios(scenario: Scenario): Generator<Scenario> {
  const all = scenario.steps.flatMap((step) => (step.kind === 'operation' ? [step] : step.branches.flat()));
  // The last first: what comes after the error is never needed.
  for (const left of [...all].reverse()) {
    const gone = new Set<OperationStep>([left]);
    const names = new Set<string>(left.as === null ? [] : [left.as]);
    for (const step of all)
      if (Object.values(step.arguments).some((value) => typeof value === 'string' && names.has(value))) {
        gone.add(step);
        if (step.as !== null) names.add(step.as);
      }
    const steps = scenario.steps.flatMap((step): ScenarioStep[] => {
      if (step.kind === 'operation') return gone.has(step) ? [] : [step];
      const branches = step.branches.map((branch) => branch.filter((each) => !gone.has(each))).filter((branch) => branch.length > 0);
      if (branches.length >= 2) return [{ ...step, branches }];
      return branches[0] ? [...branches[0]] : [];
    });
    yield { ...scenario, steps };
  }
}
