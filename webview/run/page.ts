// The page of one run, simulated or in a kernel: keeps the view, works out which rows are shown, and takes the keys.
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import {
  initialView,
  type ExecutedRun,
  type FromPage,
  type RunSide,
  type RunView,
  type ShownRun,
  type SimulatedRun,
} from '../../extension/editor/simulation/webview-messages.js';
import type { RunAgreement } from './agreement.js';
import { pairedRows } from './compare.js';
import { listen } from './events.js';
import type { RunFilterBar } from './filter.js';
import type { RunHelp } from './help.js';
import { actionFor, kernelActions, moved } from './keys.js';
import { laneObjects } from './lane-layout.js';
import { heard } from './heard.js';
import type { RunReports } from './reports.js';
import { mainStep, rowIndexOf, shownRows, singleRows, stepOf, type Row, type Traces } from './rows.js';
import type { RunSteps } from './steps.js';
import { shared } from './styles.js';

@customElement('run-page')
export class RunPage extends LitElement {
  @property({ attribute: false }) accessor run: ShownRun | null = null;
  @property({ attribute: false }) accessor view: RunView = initialView;
  /** Takes what is for the panel. */
  @property({ attribute: false }) accessor post: (message: FromPage) => void = () => undefined;
  @state() private accessor rows: readonly Row[] = [];
  @query('run-steps') private accessor steps!: RunSteps | null;
  @query('run-filter') private accessor filterBar!: RunFilterBar | null;
  @query('run-help') private accessor help!: RunHelp | null;
  @query('run-reports') private accessor reports!: RunReports | null;
  @query('run-agreement') private accessor agreement!: RunAgreement | null;
  private traces: Traces | null = null;
  private all: readonly Row[] = [];
  private revealing: ReturnType<typeof setTimeout> | undefined;

  static override styles = [
    shared,
    css`
      main {
        display: flex;
        flex-direction: column;
        height: 100vh;
        min-height: 520px;
      }
      .top {
        flex: 0 1 auto;
        max-height: 34vh;
        overflow: auto;
      }
      .body {
        flex: 1 1 0;
        min-height: 200px;
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(250px, 27%);
        border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
      }
      .note {
        padding: 4px 12px;
      }
      .executed {
        height: auto;
        min-height: 100vh;
      }
      .executed .body {
        flex: none;
        height: max(60vh, 320px);
      }
      h2 {
        font-size: 1em;
        font-weight: 600;
        margin: 0;
        padding: 8px 12px 4px;
        border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
      }
      .compared {
        grid-template-columns: minmax(0, 1fr);
        grid-template-rows: minmax(120px, 1fr) minmax(80px, 28%);
      }
      @media (max-width: 820px) {
        .body {
          grid-template-columns: minmax(0, 1fr);
          grid-template-rows: minmax(120px, 1fr) minmax(80px, 30%);
        }
      }
    `,
  ];

  constructor() {
    super();
    listen(this, 'run-view', (part) => this.change(part));
    listen(this, 'run-select', ({ side, step }) => this.select(side, step));
    listen(this, 'run-post', (message) => this.post(message));
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
    if (!changed.has('run') && !changed.has('view')) return;
    const { view } = this;
    if (before?.counterexample !== view.counterexample || before.compare !== view.compare) {
      this.traces = this.chooseTraces();
      this.all = this.traces === null ? [] : rowsOf(this.traces);
    } else if (before.filter === view.filter) return;
    this.rows = this.traces === null ? [] : shownRows(this.traces, this.all, view.filter);
  }

  protected override firstUpdated(): void {
    const { page = 0 } = this.view;
    // What is below has no height before it was laid out.
    if (page > 0) void document.fonts.ready.then(() => requestAnimationFrame(() => window.scrollTo(0, page)));
  }

  override render(): TemplateResult | typeof nothing {
    const { run, view, traces } = this;
    if (run === null) return nothing;
    const row = this.rows[this.current] ?? null;
    return html`<main class=${'execution' in run ? 'executed' : ''}>
      ${'execution' in run ? this.executed(run) : this.simulated(run)}
      <div class="unheard" role="status">${traces === null || row === null ? '' : heard(traces, row, view.object)}</div>
      <run-help .shows=${{ kernel: 'execution' in run, steps: traces !== null }}></run-help>
    </main>`;
  }

  private simulated(run: SimulatedRun): TemplateResult {
    const { view, traces } = this;
    const base = run.base?.traces[view.counterexample];
    return html`<div class=${traces === null ? '' : 'top'}>
        <run-header .run=${run}></run-header>
        <run-errors .run=${run} .chosen=${view.counterexample} .unfolded=${view.unfolded}></run-errors>
        <run-scope .run=${run} .unfolded=${view.unfolded}></run-scope>
        ${typeof base === 'string' ? html`<div class="note dim">No run of the base beside this one: ${base}</div>` : nothing}
      </div>
      ${traces === null ? nothing : this.walked(traces, base !== undefined && typeof base !== 'string')}
      <run-combinations .run=${run} .unfolded=${view.unfolded}></run-combinations>
      <run-behaviours .run=${run} .unfolded=${view.unfolded}></run-behaviours>`;
  }

  private executed(run: ExecutedRun): TemplateResult {
    const { view, traces } = this;
    return html`<run-header .run=${run}></run-header>
      <run-machine .run=${run} .unfolded=${view.unfolded}></run-machine>
      <run-agreement .run=${run} .unfolded=${view.unfolded}></run-agreement>
      <run-reports .run=${run} .unfolded=${view.unfolded}></run-reports>
      ${
        traces === null
          ? nothing
          : html`<h2>The simulator's path</h2>
              ${this.walked(traces, false)}`
      }`;
  }

  /** The steps of a simulation: filter, lanes, list, detail. */
  private walked(traces: Traces, comparable: boolean): TemplateResult {
    const { view, rows, current } = this;
    return html`<run-filter
        .traces=${traces}
        .view=${view}
        .counts=${{ shown: rows.length, all: this.all.length }}
        .comparable=${comparable}
      ></run-filter>
      <run-lanes
        .traces=${traces}
        .rows=${rows}
        .current=${current}
        .object=${view.object}
        .error=${this.error}
        .unfolded=${view.unfolded}
      ></run-lanes>
      <div class=${traces.base === null ? 'body' : 'body compared'}>
        <run-steps .traces=${traces} .rows=${rows} .current=${current} .object=${view.object} .scrolled=${view.scroll}></run-steps>
        <run-detail
          .traces=${traces}
          .row=${rows[current] ?? null}
          .error=${this.error}
          .object=${view.object}
          tabindex="0"
          role="region"
          aria-label="The selected step"
        ></run-detail>
      </div>`;
  }

  private chooseTraces(): Traces | null {
    const { run, view } = this;
    if (run === null) return null;
    if ('execution' in run) {
      const { trace: closest } = run.execution.agreement;
      return closest === null ? null : { run: closest, base: null };
    }
    const trace = run.result.counterexamples[view.counterexample]?.trace;
    if (trace === undefined) return null;
    const base = run.base?.traces[view.counterexample];
    return { run: trace, base: view.compare && base !== undefined && typeof base !== 'string' ? base : null };
  }

  /** What the error is about, in words. */
  private get error(): string {
    const { run, traces } = this;
    if (run === null) return '';
    if ('result' in run) return run.result.counterexamples[this.view.counterexample]?.error.message ?? '';
    return traces?.run.steps.findLast(({ kind }) => kind === 'error')?.text ?? '';
  }

  /** The row of the selection; the nearest one before it where a filter hides it. */
  private get current(): number {
    const { selected } = this.view;
    return selected === null ? -1 : rowIndexOf(this.rows, selected.side, selected.step);
  }

  private change(part: Partial<RunView>): void {
    this.view = { ...this.view, ...part };
    this.post({ t: 'view', view: this.view });
  }

  private select(side: RunSide, step: number): void {
    this.change({ selected: { side, step } });
    const at = this.traces?.[side]?.steps[step]?.at ?? null;
    if (!this.view.follow || at === null) return;
    // Holding a key down walks through steps faster than an editor can show them.
    clearTimeout(this.revealing);
    this.revealing = setTimeout(() => this.post({ t: 'reveal', side, at, focus: false }), 60);
  }

  private readonly keydown = (event: KeyboardEvent): void => {
    const { run, traces, rows } = this;
    const inKernel = run !== null && 'execution' in run;
    if ((traces === null && !inKernel) || event.defaultPrevented) return;
    const action = actionFor(event, inKernel);
    if (action === undefined) return;
    if (traces === null && !(kernelActions as readonly string[]).includes(action) && action !== 'help') return;
    event.preventDefault();
    if (action === 'help') this.help?.show();
    else if (action === 'next report') this.reports?.walk(1);
    else if (action === 'previous report') this.reports?.walk(-1);
    else if (action === 'next disagreement') this.agreement?.walk();
    else if (action === 'log') this.post({ t: 'log', line: null });
    else if (traces === null) return;
    else if (action === 'filter') this.filterBar?.focusText();
    else if (action === 'open') this.open();
    else if (action === 'object') this.nextObject(traces);
    else {
      const row = rows[moved(action, { traces, rows, current: this.current, object: this.view.object })];
      if (row === undefined) return;
      const { side, step } = mainStep(row);
      this.select(side, step);
      this.steps?.focus();
    }
  };

  private readonly scrolled = (): void => {
    if (Math.round(window.scrollY) !== (this.view.page ?? 0)) this.change({ page: Math.round(window.scrollY) });
  };

  private open(): void {
    const row = this.rows[this.current];
    if (row === undefined) return;
    const { side } = mainStep(row);
    const at = this.traces === null ? null : (stepOf(this.traces, row, side)?.at ?? null);
    if (at !== null) this.post({ t: 'reveal', side, at, focus: true });
  }

  private nextObject({ run }: Traces): void {
    const names = laneObjects(run, this.error).map(({ name }) => name);
    const at = this.view.object === null ? -1 : names.indexOf(this.view.object);
    this.change({ object: names[at + 1] ?? null });
  }
}

function rowsOf({ base, run }: Traces): readonly Row[] {
  return base === null ? singleRows(run) : pairedRows(base, run);
}
