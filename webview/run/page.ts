// The page of one run, simulated or in a kernel: keeps the view, works out which rows are shown, and takes the keys.
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import {
  initialView,
  type ExecutedRun,
  type FromPage,
  type RunSide,
  type RunView,
  type ShownRun,
  type SimulatedRun,
} from '../../extension/editor/protocol/webview-messages.js';
import type { RunAgreement } from './agreement-table.js';
import { withUnfolded } from './fold.js';
import { listen } from './page-events.js';
import type { RunFilterBar } from './filter.js';
import type { RunHelp } from './help.js';
import { actionFor, kernelActions } from './keys.js';
import { laneObjects } from './lane-layout.js';
import { announcement } from './announcement.js';
import { Listing, type ListLine, type LineTarget } from './lines.js';
import { moved } from './moves.js';
import { opened, withParts } from './opening.js';
import { pageStyles } from './page-styles.js';
import type { RunReports } from './reports.js';
import { mainStep, rowIndexOf, stepOf, type Row } from './step-rows.js';
import { shownText } from './shown-text.js';
import type { RunSteps } from './step-list.js';
import { shared } from './styles.js';
import { subjectOf, type ShownSubject } from './subject.js';

@customElement('run-page')
export class RunPage extends LitElement {
  @property({ attribute: false }) accessor run: ShownRun | null = null;
  @property({ attribute: false }) accessor view: RunView = initialView;
  /** Takes what is for the panel. */
  @property({ attribute: false }) accessor post: (message: FromPage) => void = () => undefined;
  @query('run-steps') private accessor steps!: RunSteps | null;
  @query('run-filter') private accessor filterBar!: RunFilterBar | null;
  @query('run-help') private accessor help!: RunHelp | null;
  @query('run-reports') private accessor reports!: RunReports | null;
  @query('run-agreement') private accessor agreement!: RunAgreement | null;
  private subject: ShownSubject | null = null;
  private listing: Listing | null = null;
  private revealing: ReturnType<typeof setTimeout> | undefined;

  static override styles = [shared, pageStyles];

  constructor() {
    super();
    listen(this, 'run-view', (part) => this.change(part));
    listen(this, 'run-select', ({ side, step }) => this.select(side, step));
    listen(this, 'run-post', (message) => this.post(message));
    listen(this, 'run-fold', ({ part, open }) => this.fold(part, open));
    listen(this, 'run-fold-all', ({ open }) => this.foldAll(open));
    listen(this, 'run-copy', () => this.copy());
    this.addEventListener('run-help', () => this.help?.show());
    this.addEventListener('run-leave', () => this.steps?.focus());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('keydown', this.keydown);
    window.addEventListener('scroll', this.scrolled);
  }

  override disconnectedCallback(): void {
    window.removeEventListener('keydown', this.keydown);
    window.removeEventListener('scroll', this.scrolled);
    super.disconnectedCallback();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.has('run') ? undefined : (changed.get('view') ?? undefined);
    const { run } = this;
    if (run === null || (!changed.has('run') && !changed.has('view'))) return;
    const other = before?.counterexample !== this.view.counterexample || before.compare !== this.view.compare;
    if (other) this.subject = subjectOf(run, this.view);
    const { subject } = this;
    if (subject === null) {
      this.listing = null;
      return;
    }
    if (this.view.selected === null) this.view = opened(this.view, subject);
    const { view } = this;
    if (other || before.filter !== view.filter || before.unfolded !== view.unfolded)
      this.listing = new Listing(subject.traces, subject.rows, view);
  }

  protected override firstUpdated(): void {
    const { page = 0 } = this.view;
    // What is below has no height before it was laid out.
    if (page > 0) void document.fonts.ready.then(() => requestAnimationFrame(() => window.scrollTo(0, page)));
  }

  override render(): TemplateResult | typeof nothing {
    const { run, view, subject } = this;
    if (run === null) return nothing;
    const row = this.selectedRow;
    return html`<main class=${'execution' in run ? 'executed' : ''}>
      ${'execution' in run ? this.executed(run) : this.simulated(run)}
      <div class="visually-hidden" role="status">
        ${subject === null || row === null ? '' : announcement(subject.traces, row, view.object)}
      </div>
      <run-help .shows=${{ kernel: 'execution' in run, steps: subject !== null }}></run-help>
    </main>`;
  }

  private simulated(run: SimulatedRun): TemplateResult {
    const { view, subject } = this;
    const base = run.base?.traces[view.counterexample];
    const below = html`<run-scope .run=${run} .unfolded=${view.unfolded}></run-scope>
      <run-combinations .run=${run} .unfolded=${view.unfolded}></run-combinations>`;
    const top = html`<run-header .run=${run}></run-header>
      <run-behaviours .run=${run} .unfolded=${view.unfolded}></run-behaviours>
      <run-errors .run=${run} .chosen=${view.counterexample} .unfolded=${view.unfolded}></run-errors>
      ${typeof base === 'string' ? html`<div class="note dim">No run of the base beside this one: ${base}</div>` : nothing}`;
    if (subject === null) return html`${top}${below}`;
    return html`<div class="first">
        <div class="top">${top}</div>
        ${this.walked(subject)}
      </div>
      ${below}`;
  }

  private executed(run: ExecutedRun): TemplateResult {
    const { view, subject } = this;
    return html`<run-header .run=${run}></run-header>
      <run-environment .run=${run} .unfolded=${view.unfolded}></run-environment>
      <run-agreement .run=${run} .unfolded=${view.unfolded}></run-agreement>
      <run-reports .run=${run} .unfolded=${view.unfolded}></run-reports>
      ${
        subject === null
          ? nothing
          : html`<h2>The simulator's path</h2>
              ${this.walked(subject)}`
      }`;
  }

  /** The steps of a simulation: filter, lanes, list, detail. */
  private walked({ traces, story, error, rows: all, comparable }: ShownSubject): TemplateResult | typeof nothing {
    const { view, listing } = this;
    if (listing === null) return nothing;
    const { rows, lines } = listing;
    const { selected } = view;
    return html`<run-filter
        .traces=${traces}
        .view=${view}
        .counts=${{ shown: rows.length, all: all.length }}
        .comparable=${comparable}
        .anyOpen=${listing.open}
      ></run-filter>
      <run-lanes
        .traces=${traces}
        .rows=${rows}
        .current=${selected === null ? -1 : rowIndexOf(rows, selected.side, selected.step)}
        .object=${view.object}
        .error=${error}
        .unfolded=${view.unfolded}
      ></run-lanes>
      <div class="body">
        <run-steps
          .traces=${traces}
          .story=${story}
          .lines=${lines}
          .counts=${listing.counts}
          .current=${listing.lineIndexOf(selected)}
          .object=${view.object}
          .scrolled=${view.scroll}
        ></run-steps>
        <run-detail
          .traces=${traces}
          .row=${this.selectedRow}
          .story=${story}
          .error=${error}
          .object=${view.object}
          tabindex="0"
          role="region"
          aria-label="The selected step"
        ></run-detail>
      </div>`;
  }

  private get selectedLine(): ListLine | null {
    return this.listing?.lines[this.listing.lineIndexOf(this.view.selected)] ?? null;
  }

  private get selectedRow(): Row | null {
    return this.selectedLine?.row ?? null;
  }

  private change(part: Partial<RunView>): void {
    this.view = { ...this.view, ...part };
    this.post({ t: 'view', view: this.view });
  }

  private select(side: RunSide, step: number): void {
    this.change({ selected: { side, step } });
    const at = this.subject?.traces[side]?.steps[step]?.at ?? null;
    if (!this.view.follow || at === null) return;
    // Holding a key down walks through steps faster than an editor can show them.
    clearTimeout(this.revealing);
    this.revealing = setTimeout(() => this.post({ t: 'reveal', side, at, focus: false }), 60);
  }

  private readonly keydown = (event: KeyboardEvent): void => {
    const { run, subject, listing } = this;
    const inKernel = run !== null && 'execution' in run;
    if ((subject === null && !inKernel) || event.defaultPrevented) return;
    const action = actionFor(event, inKernel);
    if (action === undefined) return;
    if (subject === null && !(kernelActions as readonly string[]).includes(action) && action !== 'help') return;
    event.preventDefault();
    if (action === 'help') this.help?.show();
    else if (action === 'next report') this.reports?.walk(1);
    else if (action === 'previous report') this.reports?.walk(-1);
    else if (action === 'next disagreement') this.agreement?.walk();
    else if (action === 'log') this.post({ t: 'log', line: null });
    else if (subject === null || listing === null) return;
    else if (action === 'filter') this.filterBar?.focusText();
    else if (action === 'open') this.open();
    else if (action === 'object') this.nextObject(subject);
    else if (action === 'copy') this.copy();
    else if (action === 'fold all') this.foldAll(!listing.open);
    else if (action === 'fold' || action === 'unfold') this.step(action);
    else this.goTo(moved(action, { listing, selected: this.view.selected, object: this.view.object, error: subject.errorStep }));
  };

  private goTo(target: LineTarget | undefined): void {
    if (target === undefined) return;
    const { side, step } = mainStep(target.row);
    const part = this.listing?.parts.at(side, step);
    if (target.inside && part !== undefined) this.fold(part.name, true);
    this.select(side, step);
    this.steps?.focus();
  }

  /** As in any tree: out of an operation and then shut, open and then into it. */
  private step(action: 'fold' | 'unfold'): void {
    const line = this.selectedLine;
    if (line === null) return;
    if (line.kind === 'part' && line.open !== (action === 'unfold')) this.fold(line.part.name, action === 'unfold');
    else if (action === 'unfold' && line.kind === 'part') this.goTo(this.listing?.firstOf(line));
    else if (action === 'fold' && line.part.kind !== 'operations') this.fold(line.part.name, false);
    else if (action === 'fold' && line.kind === 'step') this.goTo(this.listing?.headOf(line, this.view.selected));
  }

  private fold(part: string, open: boolean): void {
    if (this.view.unfolded.includes(part) !== open) this.change({ unfolded: withUnfolded(this.view.unfolded, part, open) });
  }

  private foldAll(open: boolean): void {
    if (this.listing !== null) this.change({ unfolded: withParts(this.view.unfolded, open ? this.listing.parts.all : []) });
  }

  private copy(): void {
    const { run, subject, listing } = this;
    if (run === null || subject === null || listing === null) return;
    this.post({ t: 'copy', text: shownText(run, subject, listing.lines), what: 'run, as far as it is shown' });
  }

  private readonly scrolled = (): void => {
    if (Math.round(window.scrollY) !== (this.view.page ?? 0)) this.change({ page: Math.round(window.scrollY) });
  };

  private open(): void {
    const line = this.selectedLine;
    if (line === null) return;
    const { side } = mainStep(line.row);
    const at = this.subject === null ? null : (stepOf(this.subject.traces, line.row, side)?.at ?? null);
    if (line.kind === 'part') this.fold(line.part.name, !line.open);
    else if (at !== null) this.post({ t: 'reveal', side, at, focus: true });
  }

  private nextObject({ traces, error }: ShownSubject): void {
    const names = laneObjects(traces.run, error).map(({ name }) => name);
    const at = this.view.object === null ? -1 : names.indexOf(this.view.object);
    this.change({ object: names[at + 1] ?? null });
  }
}
