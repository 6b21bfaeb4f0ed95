// What was decided on a path, as one line that a person can read and a replay can follow:
// `fault 2.1; input 0.3=1; run 1:57 2:12 1`. A fault is the operation's number (from 1) and the number of the fallible call
// in it, as /proc/self/fail-nth counts; an input likewise, with the option taken; a run is a thread and the number of its
// steps after which the next one goes on.
import { failed, ok, type Result } from '../../model/result.js';

export interface ScheduledFault {
  /** 0-based index of the operation; negative for those outside the scenario. */
  readonly operation: number;
  /** 1-based. */
  readonly nth: number;
  readonly name: string;
}

export interface Input {
  readonly operation: number;
  readonly nth: number;
  readonly option: number;
}

/** A thread that is chosen to go on, after the steps that the ones before it had made by then. */
export interface Switch {
  readonly thread: number;
  /** Steps that this thread has made when the next switch comes; null for the last. */
  readonly until: number | null;
}

export interface Schedule {
  readonly faults: readonly Omit<ScheduledFault, 'name'>[];
  readonly inputs: readonly Input[];
  readonly runs: readonly Switch[];
}

export function printSchedule(schedule: Schedule): string {
  const parts: string[] = [];
  if (schedule.faults.length > 0) parts.push(`fault ${schedule.faults.map((each) => `${each.operation + 1}.${each.nth}`).join(' ')}`);
  if (schedule.inputs.length > 0)
    parts.push(`input ${schedule.inputs.map((each) => `${each.operation + 1}.${each.nth}=${each.option}`).join(' ')}`);
  if (schedule.runs.length > 0)
    parts.push(`run ${schedule.runs.map(({ thread, until }) => (until === null ? String(thread) : `${thread}:${until}`)).join(' ')}`);
  return parts.length === 0 ? 'straight' : parts.join('; ');
}

/** The schedule of a line, or what is wrong with it. */
export function parseSchedule(line: string): Result<Schedule, string> {
  const faults: Omit<ScheduledFault, 'name'>[] = [];
  const inputs: Input[] = [];
  const runs: Switch[] = [];
  if (line.trim() === 'straight') return ok({ faults, inputs, runs });
  for (const part of line.split(';')) {
    const [word = '', ...items] = part.trim().split(/\s+/);
    for (const item of items) {
      const fault = /^(-?\d+)\.(\d+)$/.exec(item);
      const input = /^(-?\d+)\.(\d+)=(\d+)$/.exec(item);
      const run = /^(\d+)(?::(\d+))?$/.exec(item);
      if (word === 'fault' && fault) faults.push({ operation: Number(fault[1]) - 1, nth: Number(fault[2]) });
      else if (word === 'input' && input) inputs.push({ operation: Number(input[1]) - 1, nth: Number(input[2]), option: Number(input[3]) });
      else if (word === 'run' && run) runs.push({ thread: Number(run[1]), until: run[2] === undefined ? null : Number(run[2]) });
      else
        return failed(
          `'${item}' after '${word}' is not understood; a schedule reads like 'fault 2.1; input 1.1=2; run 1:57 2:12 1' or 'straight'`,
        );
    }
    if (items.length === 0)
      return failed(`'${part.trim()}' is not understood; a schedule reads like 'fault 2.1; run 1:57 2' or 'straight'`);
  }
  return ok({ faults, inputs, runs });
}
