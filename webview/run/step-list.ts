// The list: a line for each operation, and under those that are unfolded their steps, of one run or of two side by side. Only the lines
// in sight are in the document.
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { classMap } from 'lit/directives/class-map.js';
import { repeat } from 'lit/directives/repeat.js';
import type { RunSide } from '../../extension/editor/protocol/webview-messages.js';
import type { SimulationStep } from '../../extension/model/simulation.js';
import { emit } from './page-events.js';
import { effectTexts } from './step-effects.js';
import type { ListLine, PartLine } from './lines.js';
import { partCells, storyHeads } from './part-line.js';
import { headsAbove, pinnedHeads } from './pinned.js';
import { mainStep, placeText, rowChanges, stepOf, type Row, type Traces } from './step-rows.js';
import { stepsStyles } from './steps-styles.js';
import type { Story } from './story.js';
import { shared } from './styles.js';

/** Pixels of a row, as the styles have it. */
const rowHeight = 20;
/** Rows kept in the document above and below what is in sight. */
const margin = 15;

@customElement('run-steps')
export class RunSteps extends LitElement {
  @property({ attribute: false }) accessor traces: Traces | null = null;
  @property({ attribute: false }) accessor lines: readonly ListLine[] = [];
  @property({ attribute: false }) accessor story: Story | null = null;
  /** Rows that a filter lets through, by the part that they are of. */
  @property({ attribute: false }) accessor counts: ReadonlyMap<string, number> = new Map();
  /** Index into `lines`; -1 for none. */
  @property({ attribute: false }) accessor current = -1;
  @property({ attribute: false }) accessor object: string | null = null;
  /** Where to scroll to when the list comes up. */
  @property({ attribute: false }) accessor scrolled = 0;
  @state() private accessor first = 0;
  @state() private accessor height = 400;
  @query('[role=tree]') private accessor list!: HTMLElement | null;
  @state() private accessor top = 0;
  private came = false;
  private readonly resized = new ResizeObserver(() => {
    // The browser rounds where it scrolls to.
    const inSight = this.current * rowHeight >= this.top - 1 && (this.current + 1) * rowHeight <= this.top + this.height + 1;
    this.look();
    if (inSight) this.showCurrent();
  });

  static override styles = [shared, stepsStyles];

  override connectedCallback(): void {
    super.connectedCallback();
    this.resized.observe(this);
  }

  override disconnectedCallback(): void {
    this.resized.disconnect();
    super.disconnectedCallback();
  }

  /** Puts the keyboard into the list. */
  override focus(): void {
    this.list?.focus({ preventScroll: true });
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { list } = this;
    if (list === null) return;
    if (!this.came) {
      // What comes up first is where it was left.
      this.came = true;
      list.scrollTop = this.scrolled;
      this.look();
      if (this.scrolled === 0) this.showCurrent();
    } else if (changed.has('current') || changed.has('lines')) {
      if (changed.has('traces')) list.scrollTop = 0;
      this.showCurrent();
    }
  }

  private showCurrent(): void {
    const { list, current } = this;
    if (list === null || current < 0) return;
    const top = current * rowHeight;
    const above = headsAbove(this.heads, current, this.mostPinned) * rowHeight;
    if (top < list.scrollTop + above) list.scrollTop = Math.max(0, top - above - 2 * rowHeight);
    else if (top + rowHeight > list.scrollTop + list.clientHeight) list.scrollTop = top - list.clientHeight + 3 * rowHeight;
    this.look();
  }

  override render(): TemplateResult | typeof nothing {
    const { traces, lines, story } = this;
    if (traces === null || story === null) return nothing;
    const from = Math.max(0, this.first - margin);
    const to = Math.min(lines.length, this.first + Math.ceil(this.height / rowHeight) + margin);
    const active = this.current >= from && this.current < to ? `row${this.current}` : undefined;
    const indexes = Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);
    const both = story.compared;
    return html`<div class=${classMap({ part: true, heads: true, both, objects: story.objects.length > 0 })} aria-hidden="true">
        ${storyHeads(story)}
      </div>
      <div class="list">
        ${this.pinned(story)}
        <div
          role="tree"
          aria-label="Operations and their steps"
          tabindex="0"
          aria-activedescendant=${active ?? nothing}
          class=${classMap({ compared: traces.base !== null, threads: traces.run.threads.length > 1 })}
          @scroll=${this.look}
        >
          <div class="all" role="presentation" .style=${`height: ${lines.length * rowHeight}px`}>
            <div class="window" role="presentation" .style=${`transform: translateY(${from * rowHeight}px)`}>
              ${repeat(
                indexes,
                (index) => index,
                (index) => this.line(traces, story, index),
              )}
            </div>
          </div>
          ${lines.length === 0 ? html`<div class="none" role="treeitem" aria-selected="false">No step is as the filter asks.</div>` : nothing}
        </div>
      </div>`;
  }

  private line(traces: Traces, story: Story, index: number): TemplateResult | typeof nothing {
    const line = this.lines[index];
    if (line === undefined) return nothing;
    return line.kind === 'part' ? this.head(line, story, index) : this.row(traces, line.row, index);
  }

  private get heads(): readonly number[] {
    return this.lines.flatMap(({ kind }, index) => (kind === 'part' ? [index] : []));
  }

  /** The steps have more than half of the list. */
  private get mostPinned(): number {
    return Math.floor(this.height / rowHeight / 2.5);
  }

  /** The story stays in sight while one is among the steps: it is heard where the list has it. */
  private pinned(story: Story): TemplateResult | typeof nothing {
    const pinned = pinnedHeads(this.heads, this.top / rowHeight, this.mostPinned);
    if (pinned.length === 0) return nothing;
    return html`<div class="pinned" aria-hidden="true">
      ${pinned.map((index) => {
        const line = this.lines[index];
        return line?.kind === 'part' ? this.head(line, story, null) : nothing;
      })}
    </div>`;
  }

  /** `index` is null where it only stands for the line of the list. */
  private head(line: PartLine, story: Story, index: number | null): TemplateResult {
    const { part, open, row } = line;
    const classes = { part: true, current: index === this.current, both: story.compared, objects: story.objects.length > 0 };
    const toggle = (event: Event): void => {
      event.stopPropagation();
      emit(this, 'run-select', mainStep(row));
      emit(this, 'run-fold', { part: part.name, open: !open });
    };
    const go = (): void => emit(this, 'run-select', mainStep(row));
    const cells = partCells(line, story, this.counts.get(part.name) ?? 0);
    if (index === null) return html`<div class=${classMap(classes)} @click=${go}>${cells}</div>`;
    return html`<div
      id="row${index}"
      role="treeitem"
      aria-level="1"
      aria-expanded=${open}
      class=${classMap(classes)}
      aria-selected=${index === this.current}
      @click=${toggle}
    >
      ${cells}
    </div>`;
  }

  private row(traces: Traces, row: Row, index: number): TemplateResult {
    const main = mainStep(row);
    const classes = {
      row: true,
      current: index === this.current,
      touched: this.object !== null && rowChanges(traces, row, this.object),
      [stepOf(traces, row, main.side)?.kind ?? 'statement']: true,
      [row.difference.replace(' ', '-')]: row.difference !== 'none',
    };
    return html`<div
      id="row${index}"
      role="treeitem"
      aria-level="2"
      class=${classMap(classes)}
      aria-selected=${index === this.current}
      @click=${() => emit(this, 'run-select', main)}
      @dblclick=${() => this.open(row)}
    >
      <span class="number dim">${main.step + 1}</span>
      ${traces.base === null ? this.cell(traces, row, 'run') : [this.cell(traces, row, 'base'), sign(row), this.cell(traces, row, 'run')]}
    </div>`;
  }

  private cell(traces: Traces, row: Row, side: RunSide): TemplateResult {
    const trace = traces[side];
    const step = stepOf(traces, row, side);
    const index = row[side];
    if (trace === null || step === undefined || index === null) return html`<span class="cell absent"></span>`;
    const effects = effectTexts(trace, index);
    const place = placeText(step);
    return html`<span class=${effects.length === 0 ? 'cell unchanged' : 'cell'}>
      <span class="who dim">${trace.threads.length > 1 ? `T${step.thread}` : ''}</span>
      <span class="text code" title=${step.text} .style=${`padding-left: ${indent(step)}px`}>${step.text}</span>
      <span class="changes" title=${effects.join('\n')}>${effects.join('; ')}</span>
      <span class="place dim" title=${step.at === null ? '' : `${step.at.file}:${step.at.line} in ${step.at.function}()`}>${place}</span>
    </span>`;
  }

  private open(row: Row): void {
    const { side, step } = mainStep(row);
    const at = this.traces?.[side]?.steps[step]?.at ?? null;
    if (at !== null) emit(this, 'run-post', { t: 'reveal', side, at, focus: true });
  }

  private readonly look = (): void => {
    const { list } = this;
    if (list === null) return;
    this.top = list.scrollTop;
    this.first = Math.floor(this.top / rowHeight);
    this.height = list.clientHeight;
    if (list.scrollTop !== this.scrolled) emit(this, 'run-view', { scroll: list.scrollTop });
  };
}

function indent({ depth }: SimulationStep): number {
  return 12 * (Math.min(depth, 12) + 1);
}

function sign({ difference }: Row): TemplateResult {
  const [text, words] = {
    none: ['', ''],
    changed: ['≠', 'differs'],
    'base only': ['−', 'only on the base'],
    'run only': ['+', 'only on the patched tree'],
  }[difference] as [string, string];
  return html`<span class="sign" title=${words}>${text}</span>`;
}
