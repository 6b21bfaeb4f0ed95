// What the executor is asked for, and what it needs to do it.
import type { ExecutionProgress, KernelProfile } from '../model/execution.js';
import { failed, type Failed } from '../model/result.js';
import type { Scenario, Vocabulary } from '../model/scenario.js';
import type { TreeSource } from '../model/source.js';

/** Where the executor's own files are; absolute paths. */
export interface ExecutorInstallation {
  /** The folder `guest/`: the program that runs in the kernel, and the kernel's configuration. */
  readonly guest: string;
  /** Private copies of trees, builds and logs; outlives a run and may be removed at any time that none runs. */
  readonly cache: string;
}

/** No fault, the point N of every operation, or every point of every operation. */
export type FaultPlan = 'none' | 'all' | number;

export interface ExecutionRequest {
  /** `root` must not be null: a kernel is built from a whole tree. */
  readonly tree: TreeSource;
  readonly profile: KernelProfile;
  readonly vocabulary: Vocabulary;
  readonly scenarios: readonly Scenario[];
  readonly faults: FaultPlan;
  /** How often each scenario is run in one kernel, so that leaks add up and races have their chance. */
  readonly rounds: number;
  /** Keep the folder of the run, with the log and the command that starts the machine by hand. */
  readonly keep: boolean;
  /** Seconds that a kernel may take to boot, and a scenario to run with all its rounds; absent for as many as each should need. */
  readonly limit?: number;
}

export interface ExecutionHandling {
  /** Ends the build or the machine at once, with all their children. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ExecutionProgress) => void;
  /** Output of tools, whole lines, as it comes. */
  readonly onOutput?: (line: string) => void;
}

/** An error or warning of the compiler, below the tree's root; 1-based line and byte column. */
export interface BuildProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** Why there is no result: one message for people, with the way out; the compiler's errors where it has any. */
export interface ExecutionFailure {
  readonly message: string;
  readonly problems: readonly BuildProblem[];
}

export function notExecutable(message: string, problems: readonly BuildProblem[] = []): Failed<ExecutionFailure> {
  return failed({ message, problems });
}
