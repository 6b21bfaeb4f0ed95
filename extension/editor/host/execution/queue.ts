// Requests to run scenarios in a kernel: one at a time, each with an end that says what became of it. Free of the editor.
import { linkedSignal } from '../../../runner/linked-signal.js';
import type { BuildProblem, ExecutionHandling } from '../../../executor/request.js';
import type { ExecutionResult } from '../../../model/execution.js';
import type { Scenario } from '../../../model/scenario.js';
import type { TreeSource } from '../../../model/source.js';
import type { ExecuteSettings, Executions } from '../../../runner/executions.js';

/** What builds, boots and runs. */
export type ScenarioExecutor = Pick<Executions, 'run' | 'dispose'>;

export interface QueuedRun {
  /** The folder for builds and logs, absolute. */
  readonly cache: string;
  readonly tree: TreeSource;
  readonly scenarios: readonly Scenario[];
  readonly settings: ExecuteSettings;
}

export interface QueuedHandling extends ExecutionHandling {
  readonly signal: AbortSignal;
  /** Its turn has come. */
  readonly onStart?: () => void;
  readonly onResult: (result: ExecutionResult) => void;
}

export type QueuedEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'cancelled' }
  /** `message` is for people; `detail` is there where it is a bug of ours. */
  | { readonly kind: 'failed'; readonly message: string; readonly problems: readonly BuildProblem[]; readonly detail?: string };

export class ExecutionQueue {
  private readonly waiting: (() => void)[] = [];
  private busy = false;
  private executor: { readonly cache: string; readonly started: Promise<ScenarioExecutor> } | undefined;
  private readonly ending = new AbortController();

  /** `start` is called with the first run, and again where the folder of the cache is another. */
  constructor(private readonly start: (cache: string) => Promise<ScenarioExecutor>) {}

  /** Requests that wait for their turn. */
  get length(): number {
    return this.waiting.length;
  }

  /** Runs scenarios once all earlier requests have ended. Never rejects; one that is cancelled while it waits is not begun. */
  async run({ cache, tree, scenarios, settings }: QueuedRun, handling: QueuedHandling): Promise<QueuedEnd> {
    const { onStart, onResult, ...given } = handling;
    const { signal, unlink } = linkedSignal([given.signal, this.ending.signal]);
    try {
      return await this.runInTurn({ cache, tree, scenarios, settings }, { ...given, signal, onResult, ...(onStart && { onStart }) });
    } finally {
      unlink();
    }
  }

  private async runInTurn({ cache, tree, scenarios, settings }: QueuedRun, handling: QueuedHandling): Promise<QueuedEnd> {
    const { onStart, onResult, signal, ...given } = handling;
    if (!(await this.turn(signal))) return { kind: 'cancelled' };
    try {
      onStart?.();
      const executor = await this.executorFor(cache);
      const results = signal.aborted ? [] : executor.run(tree, scenarios, settings, { ...given, signal });
      for await (const result of results) {
        if (result.ok) onResult(result.value);
        else return signal.aborted ? { kind: 'cancelled' } : { kind: 'failed', ...result.failure };
      }
      return { kind: signal.aborted ? 'cancelled' : 'done' };
    } catch (error) {
      // What a run that is torn down says of it is of no interest.
      return signal.aborted ? { kind: 'cancelled' } : internal(error);
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.busy = false;
      else next();
    }
  }

  /** Ends what runs and what waits, for good. */
  async dispose(): Promise<void> {
    this.ending.abort();
    const executor = await this.executor?.started.catch(() => undefined);
    await executor?.dispose();
  }

  /** Waits for the turn; false where it was cancelled before it came. */
  private turn(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    if (!this.busy) {
      this.busy = true;
      return Promise.resolve(true);
    }
    return new Promise((come) => {
      const enter = (): void => {
        signal.removeEventListener('abort', leave);
        come(true);
      };
      const leave = (): void => {
        this.waiting.splice(this.waiting.indexOf(enter), 1);
        come(false);
      };
      this.waiting.push(enter);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  private async executorFor(cache: string): Promise<ScenarioExecutor> {
    if (this.executor?.cache === cache) return this.executor.started;
    const before = await this.executor?.started;
    this.executor = undefined;
    await before?.dispose();
    const started = this.start(cache);
    this.executor = { cache, started };
    started.catch(() => (this.executor = undefined));
    return started;
  }
}

function internal(error: unknown): QueuedEnd {
  const message = error instanceof Error ? error.message : String(error);
  const detail = error instanceof Error ? (error.stack ?? message) : message;
  return { kind: 'failed', message: `internal error: ${message.split('\n')[0] ?? ''}`, problems: [], detail };
}
