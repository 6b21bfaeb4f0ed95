// A path of a scenario on one line, for `--replay`: the scenario and its schedule, `backing-open->a; ... @ fault 2.1`.
import { fitting, type InputProblem } from '../model/problem.js';
import { failed, ok, type Result } from '../model/result.js';
import type { Scenario, Vocabulary } from '../model/scenario.js';
import type { Counterexample } from '../model/simulation.js';
import { parseScenarioLine, scenarioLine } from '../scenario/line.js';
import { parseSchedule } from '../simulator/explore/schedule.js';

/** Between a scenario and a schedule; neither of the two can hold it. */
const mark = ' @ ';

/** Never with a quote, so that a shell takes it between single ones. */
export function replayLine({ scenario, schedule }: Pick<Counterexample, 'scenario' | 'schedule'>): string {
  return scenarioLine(scenario) + mark + schedule;
}

export interface ReplayedPath {
  readonly scenario: Scenario;
  readonly schedule: string;
}

/** What a line says, or all that is wrong with it. A line without a schedule is the path without faults and switches. */
export function parseReplayLine(line: string, vocabulary: Vocabulary, where = '--replay'): Result<ReplayedPath, readonly InputProblem[]> {
  const end = line.lastIndexOf(mark);
  const schedule = end < 0 ? 'straight' : line.slice(end + mark.length).trim();
  const { scenario, problems } = parseScenarioLine(end < 0 ? line : line.slice(0, end), vocabulary, where);
  if (scenario === null) return failed(problems);
  const parsed = parseSchedule(schedule);
  if (parsed.ok) return ok({ scenario, schedule });
  return failed([{ where, line: 1, column: end + mark.length + 1, message: fitting(parsed.failure), severity: 'error' }]);
}
