// Jobs that run for long, and threads that have nothing else to do: who helps with which.
import type { MessagePort } from 'node:worker_threads';
import { SharedSearch, sharedSearchMemory, type SharedSearchMemory } from '../simulator/explore/shared-search.js';
import type { Done, HelpOffered, HelpWanted, HelpWork, JobList } from './jobs.js';

/** Threads that may help. */
export interface Helpers {
  /** Whether one has nothing to do; a new one counts where it `mayBeNew`. */
  has(mayBeNew: boolean): boolean;
  /** Has it help; it does until the promise is there. */
  start(work: Pick<HelpWork, 'tree' | 'job' | 'memory'>): Promise<void>;
}

/** Milliseconds after which a job is worth a thread that has to load the tree first, and whose code is slow at first. */
const veryLong = 3000;

class LongJob {
  helpers = 0;
  /** It has run for so long that a new thread is worth it. */
  isVeryLong = false;
  /** One that helped has left: more are of no use, or others need the thread. */
  hasEnough = false;
  /** Made when somebody helps, as threads collect garbage more often that have much of it. */
  private memory: SharedSearchMemory | null = null;
  private readonly timer: NodeJS.Timeout;

  /** `grew` is called when it has run for very long. */
  constructor(
    private readonly wanted: HelpWanted,
    private readonly work: Pick<HelpWork, 'tree' | 'job'>,
    private readonly port: MessagePort,
    grew: () => void,
  ) {
    this.timer = setTimeout(() => {
      this.isVeryLong = true;
      grew();
    }, veryLong).unref();
  }

  start(helpers: Helpers): void {
    if (this.memory === null) {
      this.memory = sharedSearchMemory();
      const { list, job } = this.wanted;
      this.port.postMessage({ list, job, memory: this.memory } satisfies HelpOffered);
    }
    this.helpers++;
    void helpers.start({ ...this.work, memory: this.memory }).then(() => {
      this.helpers--;
      this.hasEnough = true;
    });
  }

  dismiss(): void {
    this.hasEnough = true;
    if (this.memory) new SharedSearch(this.memory).dismiss();
  }

  end(): void {
    clearTimeout(this.timer);
    if (this.memory) new SharedSearch(this.memory).giveUp();
  }
}

export class Helping {
  /** By list and job. */
  private readonly jobs = new Map<string, LongJob>();

  constructor(
    private readonly lists: readonly JobList[],
    private readonly helpers: Helpers,
  ) {}

  /** A job runs for long on the thread at that port. */
  offer(wanted: HelpWanted, port: MessagePort): void {
    const { tree, jobs } = this.lists[wanted.list] ?? {};
    const job = jobs?.[wanted.job];
    if (tree === undefined || job?.kind !== 'run') return;
    const long = new LongJob(wanted, { tree, job }, port, () => {
      this.spread();
    });
    this.jobs.set(keyOf(wanted), long);
    this.spread();
  }

  /** Has threads with nothing to do help where the fewest do. */
  spread(): void {
    for (;;) {
      const open = [...this.jobs.values()].filter((each) => !each.hasEnough && this.helpers.has(each.isVeryLong));
      const [first, ...others] = open;
      if (first === undefined) return;
      others.reduce((least, each) => (each.helpers < least.helpers ? each : least), first).start(this.helpers);
    }
  }

  /** A thread that helps is needed for something else: it leaves soon; false where none helps. */
  dismiss(): boolean {
    const helped = [...this.jobs.values()].find((each) => each.helpers > 0 && !each.hasEnough);
    helped?.dismiss();
    return helped !== undefined;
  }

  /** The job needs no help any more. */
  done(job: Pick<Done, 'list' | 'job'>): void {
    const key = keyOf(job);
    this.jobs.get(key)?.end();
    this.jobs.delete(key);
  }

  /** No job does. */
  end(): void {
    for (const job of this.jobs.values()) job.end();
    this.jobs.clear();
  }
}

function keyOf({ list, job }: Pick<Done, 'list' | 'job'>): string {
  return `${list} ${job}`;
}
