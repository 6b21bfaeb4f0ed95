// The series that are open, each with its last review; kept over a reload by name only.
import { createHash } from 'node:crypto';
import { EventEmitter, workspace, type Disposable, type Memento } from 'vscode';
import type { Analyzer } from '../analyzer.js';
import type { SeriesSource, ShownReview, Tree } from '../../protocol/messages.js';
import { settingsOf } from '../settings.js';
import { unsavedTexts } from '../unsaved.js';
import { isMadeOf } from './made-of.js';
import { atRest, reviewed, simulated, toBeSimulated, waitedFor, type SeriesState, type SimulationState } from './series-state.js';

export interface OpenSeries extends SeriesState, Tree {}

interface Saved {
  readonly source: SeriesSource;
  /** Of the tree that it is for. */
  readonly root: string;
}

const key = 'fuseReview.series';

/** Milliseconds from the last keystroke to the review, and from the first to what is then said and shown. */
const typingDelay = 100;
const behindAfter = 1000;
const waitsFor = 3000;

export class SeriesStore implements Disposable {
  private readonly series = new Map<string, OpenSeries>();
  /** How often somebody typed in what each is made of; only the review of the newest text counts. */
  private readonly edits = new Map<string, number>();
  private readonly timers = new Map<string, { pause: NodeJS.Timeout; readonly others: readonly NodeJS.Timeout[] }>();
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
      edited: false,
      upcoming: undefined,
      behind: false,
      failure: undefined,
    });
    this.save();
    void this.review(id);
    return id;
  }

  /** Tries these suggestions of its replies on top of it, and no others. */
  suggest(id: string, suggestions: readonly number[]): void {
    const series = this.series.get(id);
    if (series?.source.kind !== 'files') return;
    const { suggestions: _, ...source } = series.source;
    this.update(id, { source: suggestions.length === 0 ? source : { ...source, suggestions } });
    this.save();
    void this.review(id);
  }

  refresh(id?: string): void {
    for (const series of this.series.values()) if (id === undefined || series.id === id) void this.review(series.id);
  }

  /** Somebody typed in what a series is made of: nothing of an older text comes any more, and it is reviewed again after a pause. */
  edited(id: string): void {
    const series = this.series.get(id);
    if (series === undefined) return;
    this.edits.set(id, (this.edits.get(id) ?? 0) + 1);
    this.analyzer.cancel(laneOf(id));
    const known = this.timers.get(id);
    clearTimeout(known?.pause);
    const pause = setTimeout(() => void this.review(id, true), typingDelay);
    if (known !== undefined) known.pause = pause;
    else {
      const late = setTimeout(() => this.update(id, { behind: true }), behindAfter);
      const waited = setTimeout(() => this.change(id, waitedFor), waitsFor);
      this.timers.set(id, { pause, others: [late, waited] });
    }
    if (!series.edited) this.update(id, { edited: true, upcoming: undefined });
  }

  close(id: string): void {
    this.analyzer.cancel(laneOf(id));
    this.rest(id);
    this.series.delete(id);
    this.save();
    this.changed.fire(id);
  }

  /** Says how far the simulation of a series is; of an older review than the series has it is dropped. */
  setSimulation(id: string, review: ShownReview, simulation: SimulationState): void {
    this.change(id, (series) => simulated(series, review, simulation));
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
    for (const id of this.timers.keys()) this.rest(id);
    this.changed.dispose();
    this.progressed.dispose();
  }

  /** `typed`: because somebody did, who sees what was there until what is now can be shown. */
  private async review(id: string, typed = false): Promise<void> {
    const series = this.series.get(id);
    if (series === undefined) return;
    if (!typed) this.update(id, { running: true, progress: undefined });
    const { root, subsystem, folder, source } = series;
    const tree: Tree = { root, subsystem, folder };
    const given = { source, unsaved: unsavedTexts((path) => isMadeOf(series, path)), trusted: workspace.isTrusted };
    const task = { t: 'review', lane: laneOf(id), tree, settings: settingsOf(root), ...given } as const;
    const edits = this.edits.get(id);
    const outcome = await this.analyzer.run(task, (progress) => {
      const current = this.series.get(id);
      if (current === undefined) return;
      this.series.set(id, { ...current, progress });
      this.progressed.fire(id);
    });
    // What was typed meanwhile has its own review to come.
    if (this.edits.get(id) !== edits) return;
    if (outcome.kind === 'done') this.change(id, (current) => reviewed(current, outcome.answer, typed));
    if (outcome.kind === 'failed') this.update(id, { ...atRest, failure: outcome.message });
  }

  private change(id: string, change: (series: OpenSeries) => Partial<SeriesState> | null): void {
    const series = this.series.get(id);
    const changed = series === undefined ? null : change(series);
    if (changed !== null) this.update(id, changed);
  }

  /** What was typed last is shown, or nobody wants it any more. */
  private rest(id: string): void {
    const known = this.timers.get(id);
    for (const timer of known === undefined ? [] : [known.pause, ...known.others]) clearTimeout(timer);
    this.timers.delete(id);
  }

  private update(id: string, change: Partial<OpenSeries>): void {
    const series = this.series.get(id);
    if (series === undefined) return;
    const next = { ...series, ...change };
    this.series.set(id, next);
    if (!next.edited && next.upcoming === undefined) this.rest(id);
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
