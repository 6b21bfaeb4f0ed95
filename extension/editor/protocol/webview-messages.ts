// What the page of a run and the panel around it say to each other: plain data, told apart by `t`.
import type { ExecutionResult } from '../../model/execution.js';
import type { CodePlace, SimulationResult, SimulationTrace } from '../../model/simulation.js';
import type { Span } from '../../model/source.js';

/** Which of the two trees of a comparison; a run without a base has `run` only. */
export type RunSide = 'base' | 'run';

/** A run as it is shown and kept: never changed, and never replaced by another one. */
export type ShownRun = SimulatedRun | ExecutedRun;

export interface RunName {
  /** Names its file; made by the panel. */
  readonly id: string;
  readonly title: string;
  /** When it was shown first, in milliseconds since 1970. */
  readonly time: number;
}

/** What the simulator found. */
export interface Simulated {
  readonly result: SimulationResult;
  readonly base: BaseRun | null;
  /** What belongs together of its errors, worst first; absent for a run that was not looked at so. */
  readonly causes?: readonly RunCause[];
  /** By counterexample; null where nobody in particular is to blame. Absent for a run that was not looked at so. */
  readonly blames?: readonly (RunBlame | null)[];
}

/** Who goes wrong on the way to an error. */
export interface RunBlame {
  /** Index into `SimulationTrace.operations`; -1 in setup and teardown. */
  readonly operation: number;
  readonly function: string;
  readonly at: CodePlace;
  /** References that it takes too many; negative for those that it drops too many, 0 where that is not the matter. */
  readonly excess: number;
}

/** Errors of one flaw. */
export interface RunCause {
  /** In a word or two, and in a sentence. */
  readonly kind: string;
  readonly text: string;
  /** Indices into `SimulationResult.counterexamples`, the one to look at first. */
  readonly errors: readonly number[];
}

/** What a kernel did in a machine of its own. */
export interface Executed {
  readonly execution: ExecutionResult;
  /** The subsystem's folder in the tree. */
  readonly folder: string;
}

export type SimulatedRun = RunName & Simulated;
export type ExecutedRun = RunName & Executed;

/** A place to be shown; `span` is null where no more than the line is known. */
export interface RevealedPlace extends Omit<CodePlace, 'span'> {
  readonly span: Span | null;
}

/** The same scenario on the tree without the patch. */
export interface BaseRun {
  readonly result: SimulationResult;
  /** For each counterexample of the run, what its schedule does on this tree, or why it can't be followed here. */
  readonly traces: readonly (SimulationTrace | string)[];
}

/**
 * `outline` is what changes or says something, and the calls that lead there; `calls` has all calls; `changes` no call that
 * changes nothing itself; `differences` is where two runs part.
 */
export type Detail = 'outline' | 'calls' | 'changes' | 'all' | 'differences';

export interface RunFilter {
  readonly detail: Detail;
  /** `SimulatedObject.name`; null for any. */
  readonly object: string | null;
  /** 0-based; null for any. */
  readonly thread: number | null;
  /** Found in the text, the place or the changes of a step, upper or lower case. */
  readonly text: string;
}

/** What someone made of the page, so that it looks the same when it comes back. */
export interface RunView {
  /** Index into `SimulationResult.counterexamples`. */
  readonly counterexample: number;
  readonly compare: boolean;
  /** Whether the editor follows the selection. */
  readonly follow: boolean;
  /** A step of either side; null where nothing was selected yet. */
  readonly selected: { readonly side: RunSide; readonly step: number } | null;
  /** The object whose holders are told in full and whose changes `n` and `p` go to. */
  readonly object: string | null;
  readonly filter: RunFilter;
  /** Pixels from the top of the list of steps. */
  readonly scroll: number;
  /** Names of the parts that are unfolded. */
  readonly unfolded: readonly string[];
  /** Pixels from the top of the page, where it is longer than its panel; absent for none. */
  readonly page?: number;
}

export const initialView: RunView = {
  counterexample: 0,
  compare: false,
  follow: true,
  selected: null,
  object: null,
  filter: { detail: 'outline', object: null, thread: null, text: '' },
  scroll: 0,
  unfolded: [],
};

export interface ToPage {
  readonly t: 'run';
  readonly run: ShownRun;
  /** How the page was left; null where it is new. */
  readonly view: RunView | null;
}

export type FromPage =
  /** The page listens. */
  | { readonly t: 'ready' }
  | { readonly t: 'view'; readonly view: RunView }
  /** Show a line of source beside the page; `focus` moves the keyboard there. */
  | { readonly t: 'reveal'; readonly side: RunSide; readonly at: RevealedPlace; readonly focus: boolean }
  /** Show the kernel's log of the run at a 0-based line; null for its beginning. */
  | { readonly t: 'log'; readonly line: number | null }
  /** Show a 1-based line of the scenario that was run. */
  | { readonly t: 'scenario'; readonly line: number }
  /** `what` names it for people: "replay line". */
  | { readonly t: 'copy'; readonly text: string; readonly what: string };

/** What the page keeps with VS Code, from which a panel is restored after a reload. */
export interface PageState {
  readonly run: string;
  readonly view: RunView;
}
