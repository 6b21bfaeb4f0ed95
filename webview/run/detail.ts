// All there is to know of the selected step: its line, what it changed, and every object as it is then.
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { RunSide } from '../../extension/editor/protocol/webview-messages.js';
import type { SimulatedObject, SimulationStep, SimulationTrace } from '../../extension/model/simulation.js';
import { emit } from './page-events.js';
import { effectTexts, touched } from './step-effects.js';
import { laneObjects } from './lane-layout.js';
import { momentAt } from './objects.js';
import { chapterDetail } from './chapter-detail.js';
import { mainStep, stepOf, type Row, type Traces } from './step-rows.js';
import type { Story } from './story.js';
import { shared } from './styles.js';

@customElement('run-detail')
export class RunDetail extends LitElement {
  @property({ attribute: false }) accessor traces: Traces | null = null;
  @property({ attribute: false }) accessor row: Row | null = null;
  @property({ attribute: false }) accessor story: Story | null = null;
  @property({ attribute: false }) accessor object: string | null = null;
  /** What the error says: objects that it names come before others. */
  @property({ attribute: false }) accessor error = '';

  static override styles = [
    shared,
    css`
      :host {
        overflow: auto;
        padding: 4px 12px 12px;
        border: 0 solid var(--vscode-panel-border, var(--vscode-contrastBorder));
        border-width: 1px 0 0 1px;
        margin-top: -1px;
      }
      h2,
      h3 {
        font-size: 1em;
        font-weight: 600;
        margin: 8px 0 2px;
      }
      h2:first-child {
        margin-top: 0;
      }
      .statement {
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        padding: 4px 6px;
        margin: 4px 0;
        background: var(--vscode-textCodeBlock-background);
        border: 1px solid var(--vscode-contrastBorder, transparent);
      }
      .fails {
        color: var(--vscode-errorForeground);
      }
      .blamed {
        color: var(--vscode-editorWarning-foreground);
      }
      .holder {
        padding-left: 1.6em;
        text-indent: -1em;
        overflow-wrap: anywhere;
      }
      .touched {
        font-weight: 600;
      }
      .freed {
        color: var(--vscode-descriptionForeground);
      }
      td.count {
        text-align: right;
        vertical-align: top;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  override render(): TemplateResult | typeof nothing {
    const { traces, row } = this;
    if (traces === null || row === null) return html`<p class="dim">No step is selected.</p>`;
    const step = stepOf(traces, row, mainStep(row).side);
    const chapter = step?.kind === 'operation' ? this.story?.chapters[step.operation] : undefined;
    if (chapter !== undefined && this.story !== null) return chapterDetail(chapter, this.story);
    const both = row.run !== null && row.base !== null && row.difference === 'changed';
    const sides: readonly RunSide[] = both ? ['run', 'base'] : [mainStep(row).side];
    return html`${sides.map((side) => this.side(traces, row, side))}`;
  }

  private side(traces: Traces, row: Row, side: RunSide): TemplateResult | typeof nothing {
    const trace = traces[side];
    const step = stepOf(traces, row, side);
    const index = row[side];
    if (trace === null || step === undefined || index === null) return nothing;
    const tree = traces.base === null ? '' : side === 'base' ? ' on the base' : ' on the patched tree';
    const { at } = step;
    return html`<section aria-label="Step ${index + 1}${tree}">
      <h2>Step ${index + 1} of ${trace.steps.length}${tree}</h2>
      <div class="dim">${whereText(trace, step)}</div>
      <div class="statement code">${step.text}</div>
      ${
        at === null
          ? html`<div class="dim">No line of code stands for this.</div>`
          : html`<button class="link code" @click=${() => emit(this, 'run-post', { t: 'reveal', side, at, focus: true })}>
                ${at.file}:${at.line}
              </button>
              <span class="dim code">${at.function}()</span>`
      }
      ${this.changes(trace, index)} ${this.objects(trace, index)}
    </section>`;
  }

  private changes(trace: SimulationTrace, index: number): TemplateResult | typeof nothing {
    const effects = effectTexts(trace, index, 'full');
    if (effects.length === 0) return nothing;
    return html`<h3>Changed</h3>
      ${effects.map((each) => html`<div class="code">${each}</div>`)}`;
  }

  private objects(trace: SimulationTrace, index: number): TemplateResult | typeof nothing {
    const names = touched(trace, index);
    const rank = (object: SimulatedObject): number => (object.name === this.object ? 2 : names.has(object.name) ? 1 : 0);
    const known = laneObjects(trace, this.error).flatMap((object) => {
      const moment = momentAt(object, index);
      return moment === undefined ? [] : [{ object, moment, rank: rank(object) }];
    });
    if (known.length === 0) return nothing;
    known.sort((a, b) => b.rank - a.rank);
    return html`<h3>Objects after it</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">Object, and who holds it</th>
            <th scope="col">Count</th>
          </tr>
        </thead>
        <tbody>
          ${known.map(
            ({ object, moment }) =>
              html`<tr class="${names.has(object.name) ? 'touched' : ''} ${moment.state === 'freed' ? 'freed' : ''}">
                <td>
                  <button
                    class="link"
                    aria-pressed=${object.name === this.object}
                    @click=${() => emit(this, 'run-view', { object: object.name === this.object ? null : object.name })}
                  >
                    ${object.name}
                  </button>
                  ${moment.state === 'live' ? nothing : html`<em>${moment.state}</em>`}
                  ${moment.holders.map((holder) => html`<div class="holder">${holder}</div>`)}
                </td>
                <td class="count">${moment.count ?? ''}</td>
              </tr>`,
          )}
        </tbody>
      </table>`;
  }
}

/** `T1 client, 3 of 5: backing-close(id=1)` */
function whereText(trace: SimulationTrace, step: SimulationStep): string {
  const operation = trace.operations[step.operation];
  const thread = trace.threads.length > 1 ? `T${step.thread} ${trace.threads[step.thread] ?? ''}, ` : '';
  if (operation === undefined) return `${thread}${trace.steps.indexOf(step) < firstOperation(trace) ? 'setup' : 'teardown'}`;
  const line = operation.line > 0 ? `, line ${operation.line} of the scenario` : '';
  return `${thread}operation ${step.operation + 1} of ${trace.operations.length}: ${operation.text} by the ${operation.actor}${line}`;
}

function firstOperation(trace: SimulationTrace): number {
  const first = trace.steps.findIndex((step) => step.operation >= 0);
  return first < 0 ? trace.steps.length : first;
}
