// The steps of a scenario as the simulator and the kernel answered them, side by side, and the tree's functions that each called.
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ExecutedRun } from '../../extension/editor/protocol/webview-messages.js';
import { addressNames } from '../../extension/model/event-names.js';
import type { KernelEvent } from '../../extension/model/execution.js';
import { withUnfolded } from './fold.js';
import { emit } from './page-events.js';
import { comparedSteps, type ComparedStep } from './execution-text.js';
import { sectionStyles, shared } from './styles.js';
import { counted } from '../../extension/model/plural.js';
import { verdictColours } from './verdict-label.js';

/** What is shown for a value that was seen. */
type NameOf = (value: string) => string;

@customElement('run-agreement')
export class RunAgreement extends LitElement {
  @property({ attribute: false }) accessor run: ExecutedRun | null = null;
  @property({ attribute: false }) accessor unfolded: readonly string[] = [];

  static override styles = [
    shared,
    sectionStyles,
    verdictColours,
    css`
      .steps {
        width: 100%;
      }
      .steps > * > tr > * {
        padding: 2px 14px 2px 4px;
        overflow-wrap: anywhere;
      }
      .steps > tbody > tr {
        border-top: 1px solid color-mix(in srgb, var(--vscode-panel-border, var(--vscode-contrastBorder)) 60%, transparent);
      }
      tr.differs > td {
        background: color-mix(in srgb, var(--vscode-charts-yellow) 12%, transparent);
      }
      tr.differs > td:first-child {
        box-shadow: inset 2px 0 var(--vscode-editorWarning-foreground);
      }
      .number,
      .mark {
        width: 1%;
        white-space: nowrap;
      }
      .number {
        text-align: right;
      }
      .answer {
        font-weight: 600;
      }
      .answer span {
        white-space: nowrap;
      }
      .events {
        margin: 2px 0 4px 8px;
      }
      .events td {
        overflow-wrap: anywhere;
      }
      .chevron {
        display: inline-block;
        width: 1.2em;
      }
    `,
  ];

  /** Puts the keyboard on the next step on which the two differ, from the top again after the last. */
  walk(): void {
    const all = [...this.renderRoot.querySelectorAll<HTMLElement>('tr.differs')];
    const here = this.shadowRoot?.activeElement?.closest('tr') ?? null;
    const next = all[(here === null ? -1 : all.indexOf(here)) + 1] ?? all[0];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  }

  override render(): TemplateResult | typeof nothing {
    if (this.run === null) return nothing;
    const { execution } = this.run;
    const { agreement, operations } = execution;
    const steps = comparedSteps(execution);
    const compared = agreement.verdict !== 'not compared';
    const threads = operations.some(({ thread }) => thread > 0);
    const traced = operations.some(({ events }) => events.length > 0);
    const nameOf = addressNames(
      operations.flatMap(({ events }) => events),
      String,
    );
    const columns = 3 + (threads ? 1 : 0) + (compared ? 2 : 0) + (traced ? 1 : 0);
    return html`<section aria-labelledby="steps">
      <h2 id="steps">Steps</h2>
      ${
        agreement.reason === null
          ? nothing
          : html`<div class=${agreement.verdict === 'disagrees' ? 'warn' : 'dim'}>
              ${compared ? '' : 'Not compared with the simulator: '}${agreement.reason}
            </div>`
      }
      ${
        steps.length === 0
          ? html`<div class="dim">
              ${execution.verdict === 'not run' ? 'None was run.' : 'The scenario has none: setup and teardown are tried.'}
            </div>`
          : html`<table class="steps">
              <thead>
                <tr>
                  <th scope="col"><span aria-hidden="true">#</span><span class="visually-hidden">Number</span></th>
                  <th scope="col">Step</th>
                  ${threads ? html`<th scope="col">Thread</th>` : nothing}
                  ${
                    compared
                      ? html`<th scope="col">Simulator</th>
                          <th scope="col"><span class="visually-hidden">Agreement</span></th>`
                      : nothing
                  }
                  <th scope="col">Kernel</th>
                  ${traced ? html`<th scope="col">Calls seen</th>` : nothing}
                </tr>
              </thead>
              <tbody>
                ${steps.map((step) => this.step(step, { compared, threads, traced, columns, nameOf }))}
              </tbody>
            </table>`
      }
    </section>`;
  }

  private step(
    { index, text, operation, row }: ComparedStep,
    {
      compared,
      threads,
      traced,
      columns,
      nameOf,
    }: { compared: boolean; threads: boolean; traced: boolean; columns: number; nameOf: NameOf },
  ): TemplateResult {
    const differs = row !== null && !row.agrees;
    const name = `events ${index}`;
    const open = this.unfolded.includes(name);
    const events = operation?.events ?? [];
    return html`<tr class=${differs ? 'differs' : ''} tabindex=${differs ? -1 : nothing}>
        <td class="number dim">${index < 0 ? '' : index + 1}</td>
        <td class="code">${this.name(text, operation?.line ?? 0)} <span class="dim">${operation?.actor ?? ''}</span></td>
        ${threads ? html`<td class="dim">${operation === null ? '' : threadText(operation.thread)}</td>` : nothing}
        ${
          compared
            ? html`<td class="code answer">
                  ${row === null ? html`<span class="dim">not compared</span>` : row.simulated.map((each, at) => html`${at === 0 ? '' : ' or '}<span>${each}</span>`)}
                </td>
                <td class="mark">${mark(row)}</td>`
            : nothing
        }
        <td class="code answer">${answered(operation, row)}</td>
        ${
          traced
            ? html`<td>
                ${
                  events.length === 0
                    ? html`<span class="dim">none</span>`
                    : html`<button class="link" aria-expanded=${open} @click=${() => this.toggle(name)}>
                        <span class="chevron" aria-hidden="true">${open ? '▾' : '▸'}</span>${counted(events.length, 'call')}
                      </button>`
                }
              </td>`
            : nothing
        }
      </tr>
      ${
        open && events.length > 0
          ? html`<tr>
              <td></td>
              <td colspan=${columns - 1}>${eventsTable(events, nameOf)}</td>
            </tr>`
          : nothing
      }`;
  }

  private name(text: string, line: number): TemplateResult {
    if (line === 0 || this.run?.execution.scenario.source === 'generated') return html`<span>${text}</span>`;
    return html`<button class="link" title="Line ${line} of the scenario" @click=${() => emit(this, 'run-post', { t: 'scenario', line })}>
      ${text}
    </button>`;
  }

  private toggle(name: string): void {
    emit(this, 'run-view', { unfolded: withUnfolded(this.unfolded, name, !this.unfolded.includes(name)) });
  }
}

/** What is compared, and the first round's own answer where that is told in other words, or is another round's. */
function answered(operation: ComparedStep['operation'], row: ComparedStep['row']): TemplateResult {
  const first = operation?.answerText ?? '';
  const compared = row?.executed ?? first;
  const other =
    operation === null || compared === first ? nothing : html` <span class="dim" title="What the first round answered">(${first})</span>`;
  return html`<span>${compared}</span>${other}`;
}

function threadText(thread: number): string {
  return thread === 0 ? 'main' : `thread ${thread}`;
}

function mark(row: ComparedStep['row']): TemplateResult | typeof nothing {
  if (row === null) return nothing;
  if (row.compared === false) {
    return html`<span class="dim" title="Not compared" aria-hidden="true">–</span><span class="visually-hidden">not compared with</span>`;
  }
  return row.agrees
    ? html`<span class="good" title="The two agree" aria-hidden="true">=</span><span class="visually-hidden">agrees with</span>`
    : html`<span class="warn" title="The two differ" aria-hidden="true">≠</span><span class="visually-hidden">differs from</span>`;
}

/** Milliseconds are counted from the first. */
function eventsTable(events: readonly KernelEvent[], nameOf: NameOf): TemplateResult {
  const first = events[0]?.seconds ?? 0;
  return html`<table class="events code" aria-label="Calls seen in the kernel">
    <thead>
      <tr>
        <th scope="col">ms</th>
        <th scope="col">Function</th>
        <th scope="col">With</th>
      </tr>
    </thead>
    <tbody>
      ${events.map(
        ({ seconds, name, fields }) =>
          html`<tr>
            <td class="dim">${((seconds - first) * 1000).toFixed(3)}</td>
            <td>${name}</td>
            <td class="dim">
              ${Object.entries(fields)
                .map(([field, value]) => `${field}=${nameOf(value)}`)
                .join('  ')}
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
