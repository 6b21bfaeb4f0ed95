// The host's side of a worker: starts it when there is work, matches answers to tasks, starts it anew when it dies.
import { Worker } from 'node:worker_threads';
import type { Progress } from '../../model/progress.js';
import type { Answers, HostMessage, Note, TaskOutcome, Task, WorkerMessage } from '../protocol/messages.js';

type TaskOf<T extends Task['t']> = Omit<Extract<Task, { t: T }>, 'request'>;

interface Pending {
  readonly lane: string;
  readonly onProgress: ((progress: Progress) => void) | undefined;
  watchdog?: NodeJS.Timeout;
  settle(outcome: TaskOutcome<never>): void;
}

/** Where to say what went wrong; VS Code's log channel is one. */
export interface Log {
  error(message: string): void;
  debug(message: string): void;
}

/** Free of the editor, so that its deaths can be tested. */
export class Analyzer {
  private worker: Worker | undefined;
  private nextRequest = 1;
  private readonly pending = new Map<number, Pending>();
  private deaths: number[] = [];
  private disposed = false;
  private readonly started = new Listeners<void>();
  private readonly resync = new Listeners<string>();
  /** A fresh worker knows no document; listeners send theirs. */
  readonly onDidStart = this.started.add;
  /** The worker lost track of a document's text. */
  readonly onDidLoseDocument = this.resync.add;

  constructor(
    private readonly script: string,
    private readonly name: string,
    private readonly log: Log,
    /**
     * A task that nobody wants any more stops by itself at the next file; one that goes on for longer than `patience`
     * (milliseconds) is stuck. After more than `deaths` within a minute the worker stays down until the next task.
     */
    private readonly limits: { readonly patience: number; readonly deaths: number } = { patience: 20_000, deaths: 3 },
    /** What the worker is given to begin with. */
    private readonly data?: unknown,
  ) {}

  /** Runs a task in the worker. Whatever its lane did before is cancelled; a dead worker cancels everything. */
  run<T extends Task['t']>(
    task: TaskOf<T> & { readonly t: T },
    onProgress?: (progress: Progress) => void,
  ): Promise<TaskOutcome<Answers[T]>> {
    const request = this.nextRequest++;
    this.watch(task.lane);
    return new Promise((resolve) => {
      this.pending.set(request, { lane: task.lane, onProgress, settle: (outcome) => resolve(outcome) });
      this.post({ ...task, request } as unknown as Task);
    });
  }

  /** Tells the worker news. Nothing is sent (or started) while no worker runs: it asks for all when it starts. */
  note(note: Note): void {
    if (this.worker !== undefined) this.post(note);
  }

  cancel(lane: string): void {
    this.watch(lane);
    this.note({ t: 'cancel', lane });
  }

  dispose(): void {
    this.disposed = true;
    this.settleAll({ kind: 'cancelled' });
    void this.worker?.terminate();
    this.worker = undefined;
  }

  /** Gives what runs or waits in a lane a last chance to stop; then its worker is replaced. */
  private watch(lane: string): void {
    for (const pending of this.pending.values()) {
      if (pending.lane !== lane || pending.watchdog !== undefined) continue;
      const worker = this.worker;
      pending.watchdog = setTimeout(() => {
        if (worker === undefined || worker !== this.worker) return;
        this.died(worker, `a cancelled task went on for ${this.limits.patience / 1000} s`);
        void worker.terminate();
      }, this.limits.patience);
    }
  }

  private post(message: HostMessage): void {
    if (this.disposed) return;
    (this.worker ?? this.start()).postMessage(message);
  }

  private start(): Worker {
    const worker = new Worker(this.script, { name: this.name, stdout: true, stderr: true, workerData: this.data });
    this.worker = worker;
    worker.stderr.on('data', (data: Buffer) => this.log.debug(`${this.name}: ${data.toString().trimEnd()}`));
    worker.on('message', (message: WorkerMessage) => this.receive(message));
    worker.on('error', (error) => this.died(worker, error.message));
    worker.on('exit', (code) => this.died(worker, `it ended with code ${code}`));
    this.started.fire();
    return worker;
  }

  private receive(message: WorkerMessage): void {
    switch (message.t) {
      case 'resync':
        this.resync.fire(message.path);
        return;
      case 'progress':
        this.pending.get(message.request)?.onProgress?.(message.progress);
        return;
      case 'done':
        this.settle(message.request, { kind: 'done', answer: message.answer as never });
        return;
      case 'cancelled':
        this.settle(message.request, { kind: 'cancelled' });
        return;
      case 'failed':
        this.log.error(`${this.name}: ${message.detail}`);
        this.settle(message.request, { kind: 'failed', message: message.message });
        return;
    }
  }

  private settle(request: number, outcome: TaskOutcome<never>): void {
    const pending = this.pending.get(request);
    clearTimeout(pending?.watchdog);
    this.pending.delete(request);
    pending?.settle(outcome);
  }

  private settleAll(outcome: TaskOutcome<never>): void {
    for (const request of [...this.pending.keys()]) this.settle(request, outcome);
  }

  private died(worker: Worker, why: string): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    if (this.disposed) return;
    const now = Date.now();
    this.deaths = [...this.deaths.filter((at) => now - at < 60_000), now];
    const often = this.deaths.length > this.limits.deaths;
    this.log.error(
      often
        ? `The ${this.name} worker stopped again (${why}). It stays down until the next change.`
        : `The ${this.name} worker stopped (${why}) and is started anew.`,
    );
    this.settleAll({ kind: 'failed', message: `the ${this.name} worker stopped: ${why}` });
    if (!often) this.start();
  }
}

class Listeners<T> {
  private readonly all = new Set<(value: T) => void>();

  readonly add = (listener: (value: T) => void): { dispose(): void } => {
    this.all.add(listener);
    return { dispose: () => void this.all.delete(listener) };
  };

  fire(value: T): void {
    for (const listener of this.all) listener(value);
  }
}
