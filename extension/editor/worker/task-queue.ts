// What the worker does next, and whether what it does is still wanted. Free of threads, so that it can be tested.
import { ProgressClock, type OnStage } from '../../model/progress.js';
import type { Answers, HostMessage, Note, Task, WorkerMessage } from '../protocol/messages.js';

/** Thrown out of a running task that nobody waits for any more. */
export class Stopped extends Error {}

export interface QueueActions {
  /** Takes news; called between tasks only, so that a task sees one state of the documents. */
  note(note: Note): void;
  /** Does the work. It calls `stopIfUnwanted` now and then, which throws `Stopped`, and tells how far it is. */
  run(task: Task, stopIfUnwanted: () => void, onProgress: OnStage): Promise<Answers[keyof Answers]>;
  send(message: WorkerMessage): void;
  /** The next message that has arrived and was not pushed yet; does not wait. */
  poll(): HostMessage | undefined;
}

/** What somebody waits for at the keyboard goes first. */
const rank: Readonly<Record<Task['t'], number>> = {
  'find-trees': 0,
  'bundled-scenarios': 0,
  vocabularies: 0,
  'read-scenario': 0,
  'complete-scenario': 0,
  'describe-scenario-word': 0,
  'generate-scenarios': 0,
  'read-replay': 0,
  'function-at': 0,
  'tree-version': 0,
  check: 1,
  review: 2,
  'commits-trees': 2,
};

/** One task at a time; within a lane only the newest counts. */
export class TaskQueue {
  private readonly notes: Note[] = [];
  private waiting: Task[] = [];
  private current: Task | undefined;
  private unwanted = false;
  private pumping = false;

  constructor(private readonly actions: QueueActions) {}

  push(message: HostMessage): void {
    this.take(message);
    void this.pump();
  }

  private take(message: HostMessage): void {
    if (isTask(message)) {
      this.drop(message.lane);
      this.waiting.push(message);
      return;
    }
    if (message.t === 'cancel') this.drop(message.lane);
    else {
      this.notes.push(message);
      if (this.current?.t === 'check' && concerns(message, this.current.tree.root)) this.unwanted = true;
    }
  }

  private drop(lane: string): void {
    if (this.current?.lane === lane) this.unwanted = true;
    for (const task of this.waiting) if (task.lane === lane) this.actions.send({ t: 'cancelled', request: task.request });
    this.waiting = this.waiting.filter((task) => task.lane !== lane);
  }

  private async pump(): Promise<void> {
    if (this.pumping) return;
    this.pumping = true;
    try {
      for (;;) {
        for (const note of this.notes.splice(0)) this.actions.note(note);
        this.waiting.sort((a, b) => rank[a.t] - rank[b.t] || a.request - b.request);
        const task = this.waiting.shift();
        if (task === undefined) return;
        this.current = task;
        this.unwanted = false;
        this.actions.send(await this.outcome(task));
        this.current = undefined;
      }
    } finally {
      this.pumping = false;
    }
  }

  private async outcome(task: Task): Promise<WorkerMessage> {
    try {
      this.stopIfUnwanted();
      const clock = new ProgressClock();
      const onProgress: OnStage = (stage) => {
        const progress = clock.take(stage, Date.now());
        if (progress !== null) this.actions.send({ t: 'progress', request: task.request, progress });
      };
      const answer = await this.actions.run(task, () => this.stopIfUnwanted(), onProgress);
      return { t: 'done', request: task.request, answer };
    } catch (error) {
      if (error instanceof Stopped) return { t: 'cancelled', request: task.request };
      const message = error instanceof Error ? error.message : String(error);
      const detail = error instanceof Error ? (error.stack ?? message) : message;
      return { t: 'failed', request: task.request, message, detail };
    }
  }

  private stopIfUnwanted(): void {
    for (let message = this.actions.poll(); message !== undefined; message = this.actions.poll()) this.take(message);
    if (this.unwanted) throw new Stopped();
  }
}

function isTask(message: HostMessage): message is Task {
  return 'request' in message;
}

/** Whether news makes a check of the tree at `root` out of date; the host asks for a new one then. */
function concerns(note: Note, root: string): boolean {
  return note.t !== 'cancel' && note.path.startsWith(root);
}
