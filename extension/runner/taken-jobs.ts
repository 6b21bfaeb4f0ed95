// Which jobs of some lists are taken, in memory that all workers see: each job is taken once, whoever comes first.

/** Milliseconds that a worker needs for a tree which it has not loaded, roughly: `fs/fuse` of Linux 7.2 in a thread that is new. */
const loading = 900;

/** By list. */
const slots = { next: 0, workers: 1, done: 2, milliseconds: 3 } as const;
const width = Object.keys(slots).length;

export class TakenJobs {
  private readonly numbers: Int32Array;

  /** `lengths`: jobs of each list. */
  constructor(
    private readonly lengths: readonly number[],
    readonly memory: SharedArrayBuffer = new SharedArrayBuffer(4 * width * lengths.length),
  ) {
    this.numbers = new Int32Array(memory);
  }

  /** The index of the list's next job, which is the caller's from now on; undefined where all are taken. */
  take(list: number): number | undefined {
    const at = Atomics.add(this.numbers, this.slot(list, 'next'), 1);
    return at < this.length(list) ? at : undefined;
  }

  isTaken(list: number, job: number): boolean {
    return job < this.get(list, 'next');
  }

  /** Jobs of the list that nobody has taken. */
  left(list: number): number {
    return Math.max(0, this.length(list) - this.get(list, 'next'));
  }

  /** A job of the list has taken so many milliseconds. */
  done(list: number, milliseconds: number): void {
    Atomics.add(this.numbers, this.slot(list, 'done'), 1);
    Atomics.add(this.numbers, this.slot(list, 'milliseconds'), Math.round(milliseconds));
  }

  /**
   * The list that a worker goes on with, as one of its workers: one whose tree it has loaded, else one whose jobs take longer than to
   * load the tree, the one with the fewest workers first. undefined where nothing is left that it should take.
   */
  join(isLoaded: (list: number) => boolean): number | undefined {
    const open = this.lengths.map((_, list) => list).filter((list) => this.left(list) > 0);
    const loaded = open.filter(isLoaded);
    const [first, ...others] = loaded.length > 0 ? loaded : open.filter((list) => this.isWorthLoading(list));
    if (first === undefined) return undefined;
    const list = others.reduce((least, each) => (this.get(each, 'workers') < this.get(least, 'workers') ? each : least), first);
    Atomics.add(this.numbers, this.slot(list, 'workers'), 1);
    return list;
  }

  private isWorthLoading(list: number): boolean {
    const [workers, done] = [this.get(list, 'workers'), this.get(list, 'done')];
    // Nothing is known of how long its jobs take.
    if (workers === 0 || done === 0) return true;
    return (this.left(list) * this.get(list, 'milliseconds')) / done / workers > loading;
  }

  private length(list: number): number {
    return this.lengths[list] ?? 0;
  }

  private slot(list: number, name: keyof typeof slots): number {
    return width * list + slots[name];
  }

  private get(list: number, name: keyof typeof slots): number {
    return Atomics.load(this.numbers, this.slot(list, name));
  }
}
