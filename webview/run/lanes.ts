// The run at a glance: a lane for each thread and each object, along the steps that the list shows.
import { html, LitElement, nothing, svg, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { RunSide } from '../../extension/editor/protocol/webview-messages.js';
import type { SimulationTrace } from '../../extension/model/simulation.js';
import { withUnfolded } from './fold.js';
import { emit } from './page-events.js';
import {
  holderLanes,
  lanePairs,
  operationStretches,
  runningStretches,
  stateStretches,
  StepRows,
  type StateStretch,
  type Stretch,
} from './lane-layout.js';
import { lanesStyles } from './lanes-styles.js';
import type { ObjectPair } from './object-pairs.js';
import { mainStep, type Row, type Traces } from './step-rows.js';
import { shared } from './styles.js';
import { counted } from '../../extension/model/plural.js';

const heights = { thread: 20, object: 20, holder: 14 };
/** Objects that are shown at first, of one run and of two. */
const few = { alone: 3, beside: 2 };
/** Pixels between the steps: never so few that they can't be told apart, never so many that a short run looks lost. */
const narrowest = 3;
const widest = 40;
/** Pixels that the window has to have so that there is room for lanes that nobody asked for. */
const tall = 950;
const summary = html`<summary>Threads and objects over time</summary>`;
/** Pixels of a character in a lane, about. */
const character = 6.2;

interface Lane {
  readonly height: number;
  readonly name: TemplateResult;
  readonly drawn: (y: number) => unknown;
}

interface Side {
  readonly which: RunSide;
  readonly trace: SimulationTrace;
  readonly where: StepRows;
  /** Which tree it is, where there are two. */
  readonly side: TemplateResult | typeof nothing;
}

@customElement('run-lanes')
export class RunLanes extends LitElement {
  @property({ attribute: false }) accessor traces: Traces | null = null;
  @property({ attribute: false }) accessor rows: readonly Row[] = [];
  @property({ attribute: false }) accessor current = -1;
  @property({ attribute: false }) accessor object: string | null = null;
  /** What the error says: objects that it names come first. */
  @property({ attribute: false }) accessor error = '';
  @property({ attribute: false }) accessor unfolded: readonly string[] = [];
  @state() private accessor room = 600;
  @query('.scroll') private accessor scroller!: HTMLElement | null;
  @query('.names') private accessor names!: HTMLElement | null;
  private readonly resized = new ResizeObserver(() => this.measure());

  static override styles = [shared, lanesStyles];

  override connectedCallback(): void {
    super.connectedCallback();
    this.resized.observe(this);
  }

  override disconnectedCallback(): void {
    this.resized.disconnect();
    super.disconnectedCallback();
  }

  protected override updated(changed: PropertyValues<this>): void {
    this.measure();
    if (changed.has('current') || changed.has('rows')) this.showCursor();
  }

  override render(): TemplateResult | typeof nothing {
    const { traces, rows } = this;
    if (traces === null || rows.length === 0) return nothing;
    if (!this.open) return html`<details @toggle=${this.toggled}>${summary}</details>`;
    const lanes = [...this.threadLanes(traces), ...this.objectLanes(traces), ...this.more(traces)];
    const tops = lanes.map((_, index) => lanes.slice(0, index).reduce((sum, lane) => sum + lane.height, 0));
    const height = lanes.reduce((sum, lane) => sum + lane.height, 0);
    const width = this.pitch * rows.length;
    return html`<details open @toggle=${this.toggled}>${summary}</details>
      <section class="scroll" aria-label="Threads and objects" tabindex="-1">
        <div class="names">${lanes.map(({ name }) => name)}</div>
        <svg aria-hidden="true" width=${width} height=${height} @click=${this.clicked}>
          <defs>
            <pattern id="grace" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <rect class="grace-ground" width="6" height="6"></rect>
              <line class="grace-line" y2="6"></line>
            </pattern>
          </defs>
          ${
            this.current < 0
              ? nothing
              : svg`<rect class="current" x=${this.x(this.current)} width=${Math.max(this.pitch, 2)} height=${height}></rect>`
          }
          ${lanes.map((lane, index) => lane.drawn(tops[index] ?? 0))} ${this.marks(height)}
        </svg>
      </section>`;
  }

  private get open(): boolean {
    return this.unfolded.includes('lanes') || (window.innerHeight >= tall && !this.unfolded.includes('no lanes'));
  }

  private readonly toggled = (event: Event): void => {
    const { open } = event.currentTarget as HTMLDetailsElement;
    if (open === this.open) return;
    const others = this.unfolded.filter((name) => name !== 'lanes' && name !== 'no lanes');
    emit(this, 'run-view', { unfolded: [...others, open ? 'lanes' : 'no lanes'] });
  };

  private threadLanes(traces: Traces): readonly Lane[] {
    const names = [traces.run.threads, traces.base?.threads ?? []].reduce((one, other) => (other.length > one.length ? other : one));
    return names.flatMap((name, thread) =>
      this.sides(traces).map(({ trace, where, side }, index): Lane => ({
        height: heights.thread,
        name: html`<div class="name thread">${side}${index === 0 ? `T${thread} ${name}` : ''}</div>`,
        drawn: (y) => [
          operationStretches(trace, where, thread).map((stretch) => this.bar(stretch, y, heights.thread, 'operation')),
          runningStretches(trace, where, thread).map(
            ({ from, to }) =>
              svg`<rect class="running" x=${this.x(from)} y=${y + heights.thread - 4} width=${this.x(to - from)} height="2"></rect>`,
          ),
        ],
      })),
    );
  }

  /** The first few objects, or all where that was asked for; the selected one in any case. Each on both trees, one below the other. */
  private objectLanes(traces: Traces): readonly Lane[] {
    const all = this.unfolded.includes('objects');
    return lanePairs(traces, this.error)
      .filter(({ name }, index) => all || index < this.few || name === this.object)
      .flatMap((pair) => this.sides(traces).flatMap((own, index) => this.objectLane(pair, own, index === 0)));
  }

  private sides(traces: Traces): readonly Side[] {
    const of = (which: RunSide, label: string): readonly Side[] => {
      const trace = traces[which];
      if (trace === null) return [];
      const side = label === '' ? nothing : html`<span class="side">${label}</span>`;
      return [{ which, trace, where: new StepRows(trace, this.rows, which), side }];
    };
    return traces.base === null ? of('run', '') : [...of('base', 'base'), ...of('run', 'patched')];
  }

  private get few(): number {
    return (this.traces?.base ?? null) === null ? few.alone : few.beside;
  }

  /** Says how many objects are not shown, and shows them; nothing where all are. */
  private more(traces: Traces): readonly Lane[] {
    const count = lanePairs(traces, this.error).length;
    if (count <= this.few) return [];
    const all = this.unfolded.includes('objects');
    const name = html`<button
      class="name object link"
      aria-expanded=${all}
      @click=${() => emit(this, 'run-view', { unfolded: withUnfolded(this.unfolded, 'objects', !all) })}
    >
      ${all ? `only the first ${this.few} objects` : counted(count - this.few, 'more object')}
    </button>`;
    return [{ height: heights.object, name, drawn: () => nothing }];
  }

  private objectLane({ name, ...pair }: ObjectPair, { which, trace, where, side }: Side, first: boolean): readonly Lane[] {
    const object = pair[which];
    const chosen = name === this.object;
    const title = `${name}: ${chosen ? 'hide' : 'show'} who holds it, and let n and p go ${chosen ? 'to any change' : 'to its changes'}`;
    const toggle = (): void => emit(this, 'run-view', { object: chosen ? null : name });
    const lane: Lane = {
      height: heights.object,
      name: first
        ? html`<button class="name object" aria-pressed=${chosen} title=${title} @click=${toggle}>${side}${name}</button>`
        : html`<div class="name">${side}</div>`,
      drawn: (y) => (object === null ? nothing : stateStretches(object, where).map((stretch) => this.stateBar(stretch, y))),
    };
    if (!chosen || object === null) return [lane];
    const holders = holderLanes(object, where, trace.steps.length).map(({ holder, stretches }): Lane => ({
      height: heights.holder,
      name: html`<div class="name holder" title=${holder}>${holder}</div>`,
      drawn: (y) =>
        stretches.map(
          ({ from, to, title: held }) =>
            svg`<rect class="held" x=${this.x(from)} y=${y + 4} width=${this.x(to - from)} height=${heights.holder - 8}><title>${held}</title></rect>`,
        ),
    }));
    return [lane, ...holders];
  }

  private stateBar(stretch: StateStretch, y: number): unknown {
    if (stretch.state !== 'freed') return this.bar(stretch, y, heights.object, stretch.state === 'live' ? 'live' : 'grace');
    const [left, right, middle] = [this.x(stretch.from), this.x(stretch.to), y + heights.object / 2];
    return svg`<g><title>${stretch.title}</title>
      <line class="freed" x1=${left} x2=${right} y1=${middle} y2=${middle}></line>
      <text class="freed-mark" x=${left + 1} y=${middle + 4}>✕</text></g>`;
  }

  /** A bar with as much of its label as fits. */
  private bar({ from, to, label, short, title }: Stretch, y: number, height: number, kind: string): unknown {
    const [x, width] = [this.x(from), this.x(to - from)];
    const fits = Math.floor((width - 4) / character);
    const cut = fits > 3 ? `${label.slice(0, fits - 1)}…` : label.slice(0, Math.max(0, fits));
    const brief = short !== null && short.length * character + 2 <= width ? short : '';
    const text = label.length <= fits ? label : short === null ? cut : brief;
    return svg`<g class=${kind}><title>${title}</title>
      <rect x=${x + 0.5} y=${y + 2.5} width=${Math.max(width - 1, 1)} height=${height - 5}></rect>
      <text x=${x + 3} y=${y + height / 2 + 4}>${text}</text></g>`;
  }

  /** Faults and errors, across all lanes. */
  private marks(height: number): unknown {
    const { traces } = this;
    if (traces === null) return nothing;
    return this.rows.map((row, index) => {
      const kind = traces.run.steps[row.run ?? -1]?.kind ?? traces.base?.steps[row.base ?? -1]?.kind;
      if (kind !== 'fault' && kind !== 'error' && kind !== 'warning') return nothing;
      const x = this.x(index) + this.pitch / 2;
      return svg`<g class=${`mark ${kind}`}><title>${kind}</title><line x1=${x} x2=${x} y2=${height}></line><path d=${`M${x - 4} 0h8l-4 6z`}></path></g>`;
    });
  }

  private get pitch(): number {
    return Math.min(widest, Math.max(narrowest, this.room / Math.max(1, this.rows.length)));
  }

  private x(row: number): number {
    return row * this.pitch;
  }

  private measure(): void {
    const room = (this.scroller?.clientWidth ?? 0) - (this.names?.offsetWidth ?? 0) - 8;
    if (room > 0 && Math.abs(room - this.room) >= 1) this.room = room;
  }

  private showCursor(): void {
    const [scroller, names] = [this.scroller, this.names];
    if (scroller === null || names === null || this.current < 0) return;
    const left = this.x(this.current);
    const room = scroller.clientWidth - names.offsetWidth;
    if (left < scroller.scrollLeft || left + this.pitch > scroller.scrollLeft + room) scroller.scrollLeft = left - room / 3;
  }

  private readonly clicked = (event: MouseEvent): void => {
    const row = this.rows[Math.floor(event.offsetX / this.pitch)];
    if (row !== undefined) emit(this, 'run-select', mainStep(row));
  };
}
