// The series that are open, each with its last review; kept over a reload by name only.
import { createHash } from 'node:crypto';
import { EventEmitter, type Disposable, type Memento } from 'vscode';
import type { Analyzer } from '../analyzer.js';
import type { SeriesSource, ShownReview, Tree } from '../messages.js';
import { settingsOf } from '../settings.js';
import { toBeSimulated, type SeriesState, type SimulationState } from './series-state.js';

export interface OpenSeries extends SeriesState, Tree {}

interface Saved {
  readonly source: SeriesSource;
  /** Of the tree that it is for. */
  readonly root: string;
}

const key = 'fuseReview.series';

export class SeriesStore implements Disposable {
  private readonly series = new Map<string, OpenSeries>();
  private readonly changed = new EventEmitter<string>();
  private readonly progressed = new EventEmitter<string>();
  /** The series with this id was opened, reviewed or closed. */
  readonly onDidChange = this.changed.event;
  /** Its review went on: nothing but `progress` is new. */
  readonly onDidProgress = this.progressed.event;

  constructor(
    private readonly analyzer: Analyzer,
    private readonly state: Memento,
  ) {}

  get all(): readonly OpenSeries[] {
    return [...this.series.values()];
  }

  get(id: string): OpenSeries | undefined {
    return this.series.get(id);
  }

  /** The review of a series once it is there; undefined where the series is closed or could not be reviewed. */
  async whenReviewed(id: string): Promise<ShownReview | undefined> {
    await this.until(() => {
      const series = this.series.get(id);
      return series?.running !== true || series.review !== undefined;
    });
    return this.series.get(id)?.review;
  }

  /** Resolves once something holds: at once, or when a series has changed. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      if (holds()) return resolve();
      const listener = this.onDidChange(() => {
        if (!holds()) return;
        listener.dispose();
        resolve();
      });
    });
  }

  /** Opens a series and reviews it; one that is open already is reviewed again. Returns its id. */
  open(source: SeriesSource, { root, subsystem, folder }: Tree): string {
    const id = createHash('sha256')
      .update(JSON.stringify([source, root]))
      .digest('hex')
      .slice(0, 12);
    const before = this.series.get(id);
    this.series.set(id, {
      id,
      source,
      root,
      subsystem,
      folder,
      running: false,
      review: before?.review,
      simulation: before?.simulation ?? toBeSimulated,
      failure: undefined,
    });
    this.save();
    void this.review(id);
    return id;
  }

  refresh(id?: string): void {
    for (const series of this.series.values()) if (id === undefined || series.id === id) void this.review(series.id);
  }

  close(id: string): void {
    this.analyzer.cancel(laneOf(id));
    this.series.delete(id);
    this.save();
    this.changed.fire(id);
  }

  /** Says how far the simulation of a series is; of an older review than the series has it is dropped. */
  setSimulation(id: string, review: ShownReview, simulation: SimulationState): void {
    if (this.series.get(id)?.review === review) this.update(id, { simulation });
  }

  /** Opens again what was open when the window closed, on the trees that there are. */
  restore(trees: readonly Tree[]): void {
    const saved = this.state.get<readonly Saved[]>(key, []);
    for (const { source, root } of saved) {
      const tree = trees.find((each) => each.root === root);
      if (tree !== undefined) this.open(source, tree);
    }
  }

  dispose(): void {
    this.changed.dispose();
    this.progressed.dispose();
  }

  private async review(id: string): Promise<void> {
    const series = this.series.get(id);
    if (series === undefined) return;
    this.update(id, { running: true, progress: undefined });
    const { root, subsystem, folder, source } = series;
    const tree: Tree = { root, subsystem, folder };
    const task = { t: 'review', lane: laneOf(id), tree, settings: settingsOf(root), source } as const;
    const outcome = await this.analyzer.run(task, (progress) => {
      const current = this.series.get(id);
      if (current === undefined) return;
      this.series.set(id, { ...current, progress });
      this.progressed.fire(id);
    });
    if (outcome.kind === 'done')
      this.update(id, { running: false, progress: undefined, review: outcome.answer, simulation: toBeSimulated, failure: undefined });
    if (outcome.kind === 'failed') this.update(id, { running: false, progress: undefined, failure: outcome.message });
  }

  private update(id: string, change: Partial<OpenSeries>): void {
    const series = this.series.get(id);
    if (series === undefined) return;
    this.series.set(id, { ...series, ...change });
    this.changed.fire(id);
  }

  private save(): void {
    const saved: Saved[] = this.all.map(({ source, root }) => ({ source, root }));
    void this.state.update(key, saved);
  }
}

function laneOf(id: string): string {
  return `review ${id}`;
}
