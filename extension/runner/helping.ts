// Jobs that run for long, and threads that have nothing else to do: who helps with which.
import type { MessagePort } from 'node:worker_threads';
import { SharedSearch, sharedSearchMemory, type SharedSearchMemory } from '../simulator/explore/shared-search.js';
import type { Done, HelpOffered, HelpWanted, HelpWork, JobList } from './jobs.js';

interface Helped {
  readonly work: Pick<HelpWork, 'tree' | 'job'>;
  readonly memory: SharedSearchMemory;
  helpers: number;
  /** Has run for so long that a thread which has loaded nothing is worth it. */
  isLong: boolean;
  readonly timer: NodeJS.Timeout;
  /** One of them has left: more are of no use, or others need the thread. */
  hasEnough: boolean;
}

/** Milliseconds after which a job is worth a thread that has to load the tree first, and whose code is slow at first. */
const veryLong = 3000;

export class Helping {
  /** By list and job. */
  private readonly helped = new Map<string, Helped>();

  /** `start` has a thread help, a `new` one if need be, until the promise it gives is there; null where none is left. */
  constructor(
    private readonly lists: readonly JobList[],
    private readonly start: (work: Helped['work'], memory: SharedSearchMemory, mayBeNew: boolean) => Promise<void> | null,
  ) {}

  /** A job runs for long on the thread at that port. */
  offer({ list, job }: HelpWanted, port: MessagePort): void {
    const { tree, jobs } = this.lists[list] ?? {};
    const run = jobs?.[job];
    if (tree === undefined || run?.kind !== 'run') return;
    const memory = sharedSearchMemory();
    const timer = setTimeout(() => {
      helped.isLong = true;
      this.spread();
    }, veryLong);
    const helped: Helped = { work: { tree, job: run }, memory, helpers: 0, isLong: false, timer: timer.unref(), hasEnough: false };
    this.helped.set(keyOf({ list, job }), helped);
    port.postMessage({ list, job, memory } satisfies HelpOffered);
    this.spread();
  }

  /** Has threads with nothing to do help where the fewest do. */
  spread(): void {
    const open = [...this.helped.values()].filter(({ hasEnough }) => !hasEnough);
    for (const helped of open.sort((one, other) => one.helpers - other.helpers)) {
      const ended = this.start(helped.work, helped.memory, helped.isLong);
      if (ended === null) continue;
      helped.helpers++;
      void ended.then(() => {
        helped.helpers--;
        helped.hasEnough = true;
      });
      return this.spread();
    }
  }

  /** A thread that helps is needed for something else: it leaves soon; false where none helps. */
  dismiss(): boolean {
    for (const helped of this.helped.values()) {
      if (helped.helpers === 0 || helped.hasEnough) continue;
      helped.hasEnough = true;
      new SharedSearch(helped.memory).dismiss();
      return true;
    }
    return false;
  }

  /** The job needs no help any more. */
  done(job: Pick<Done, 'list' | 'job'>): void {
    const key = keyOf(job);
    const helped = this.helped.get(key);
    this.helped.delete(key);
    if (helped) leave(helped);
  }

  /** No job does. */
  end(): void {
    for (const helped of this.helped.values()) leave(helped);
    this.helped.clear();
  }
}

function leave({ memory, timer }: Helped): void {
  clearTimeout(timer);
  new SharedSearch(memory).giveUp();
}

function keyOf({ list, job }: Pick<Done, 'list' | 'job'>): string {
  return `${list} ${job}`;
}
