// How far a run in a kernel has come, in few words that don't flicker. Free of the editor.
import type { ExecutionPhase, ExecutionProgress } from '../../model/execution.js';

/** `compile 312/840`, `boot`. */
export function phaseText({ phase, done, total }: ExecutionProgress): string {
  return total === null || total === 0 ? phase : `${phase} ${done}/${total}`;
}

/** The same with what is being done: `compile 312/840: fs/fuse/backing.o`. */
export function progressText(progress: ExecutionProgress): string {
  return progress.text === '' ? phaseText(progress) : `${phaseText(progress)}: ${progress.text}`;
}

/** Milliseconds between two texts of one phase. */
const pace = 200;

/** Lets progress through when its phase is new or the last was some time ago. */
export class ProgressPace {
  private phase: ExecutionPhase | undefined;
  private last = -Infinity;

  /** Whether progress at a time in milliseconds is to be shown. */
  admits({ phase, done, total }: ExecutionProgress, now: number): boolean {
    if (phase === this.phase && done !== total && now - this.last < pace) return false;
    this.phase = phase;
    this.last = now;
    return true;
  }
}
