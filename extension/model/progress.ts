// How far something is that takes its time, as data; `review/report/text/progress-text.ts` makes words of it.
import type { ExecutionPhase } from './execution.js';

/** What is done: a phase of a check or of simulations, or one of a run in a kernel. */
export type Phase = 'load' | 'find' | 'parse' | 'lower' | 'check' | 'simulate' | ExecutionPhase;

/** A moment of a phase, as whoever works tells it. */
export interface Stage {
  readonly phase: Phase;
  /** How many of what the phase counts are done: files, functions, scenarios, objects. */
  readonly done: number;
  /** All there are; null where that is not known. */
  readonly total: number | null;
  /** What is being done, in a few words: `fs/fuse/backing.c`, a scenario's name; may be empty. */
  readonly text: string;
  /** Of which tree of a series: 0 is the one without patches, `number` the one with so many of `of`. */
  readonly patch?: { readonly number: number; readonly of: number };
}

/** The same for whoever shows it. */
export interface Progress extends Stage {
  /** When the phase began, in milliseconds of `Date.now()`. */
  readonly since: number;
}

/** Takes stages; it is called often and decides nothing. */
export type OnStage = (stage: Stage) => void;

/** Milliseconds between two stages of one phase that are shown. */
const pace = 200;

/** Knows when the phase began, and lets stages through at a pace at which they can be read. */
export class ProgressClock {
  private last: Progress | undefined;
  private shown = -Infinity;

  /** The stage at a time in milliseconds, or null where it need not be shown: a new phase and the end of one always are. */
  take(stage: Stage, now: number): Progress | null {
    const { last } = this;
    const isSame = last?.phase === stage.phase && last.patch?.number === stage.patch?.number;
    const goesOn = isSame && last.done <= stage.done;
    const progress = { ...stage, since: goesOn ? last.since : now };
    this.last = progress;
    if (goesOn && stage.done !== stage.total && now - this.shown < pace) return null;
    this.shown = now;
    return progress;
  }
}
