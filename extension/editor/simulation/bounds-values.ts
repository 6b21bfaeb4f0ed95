// The bounds of a simulation from settings, whatever somebody wrote there. Free of the editor, so that it can be tested.
import { defaultBounds, type Bounds } from '../../simulator/bounds.js';

/** Settings that are no numbers, or below what makes sense, are left at their defaults; the settings editor marks them. */
export function readBounds(get: (name: 'faults' | 'preemptions' | 'paths' | 'seconds') => unknown): Bounds {
  const preemptions = get('preemptions');
  const seconds = get('seconds');
  return {
    faults: whole(get('faults'), 0) ?? defaultBounds.faults,
    preemptions: preemptions === null ? null : (whole(preemptions, 0) ?? defaultBounds.preemptions),
    executions: whole(get('paths'), 1) ?? defaultBounds.executions,
    milliseconds: typeof seconds === 'number' && seconds > 0 ? Math.round(1000 * seconds) : defaultBounds.milliseconds,
  };
}

function whole(value: unknown, least: number): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= least ? value : undefined;
}
