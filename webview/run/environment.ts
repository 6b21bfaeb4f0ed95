// In which kernel a scenario was run, whether what watches there does watch, and which failure the kernel was told to have.
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ExecutedRun } from '../../extension/editor/protocol/webview-messages.js';
import type { CanaryResult, ExecutionResult, KernelFault, KernelProfile } from '../../extension/model/execution.js';
import { emit } from './page-events.js';
import { outcomeTexts } from './execution-text.js';
import { fold } from './fold.js';
import { framesList, framesStyles } from './frames.js';
import { shared } from './styles.js';
import { counted } from '../../extension/model/plural.js';
import { duration } from './run-text.js';
import { verdictColours } from './verdict-label.js';

const profiles: Readonly<Record<KernelProfile, string>> = {
  verdict: 'built to notice what is wrong',
  trace: 'built to show every call',
};

@customElement('run-environment')
export class RunEnvironment extends LitElement {
  @property({ attribute: false }) accessor run: ExecutedRun | null = null;
  @property({ attribute: false }) accessor unfolded: readonly string[] = [];

  static override styles = [
    shared,
    verdictColours,
    framesStyles,
    css`
      :host {
        padding: 0 12px 8px;
      }
      ol:not(.frames) {
        margin: 2px 0;
        padding-left: 3ch;
      }
      .about {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 1px 12px;
      }
    `,
  ];

  override render(): TemplateResult | typeof nothing {
    if (this.run === null) return nothing;
    const { execution } = this.run;
    const outcomes = outcomeTexts(execution);
    const { tree, profile, repeated, milliseconds, canaries, fault, log, verdict, notes = [] } = execution;
    return html`<section aria-label="The kernel and what watches in it">
      <div class="about">
        <span class="dim">Kernel</span
        ><span
          ><span class="code">${tree}</span> in QEMU,
          ${profiles[profile]}${
            verdict === 'not run' ? '' : html`; the scenario ran ${counted(repeated, 'time')}, ${duration(milliseconds)}`
          }</span
        >
        ${outcomes.length < 2 ? nothing : html`<span class="dim">Outcomes</span>${this.outcomes(outcomes)}`}
        ${fault === null ? nothing : html`<span class="dim">Fault</span>${this.fault(this.run, fault)}`}
        ${verdict === 'not run' ? nothing : html`<span class="dim">Detection</span>${this.canaries(canaries, verdict)}`}
        <span class="dim">Log</span
        ><span
          >${
            log === null
              ? html`<span class="dim">none</span>`
              : html`<button class="link code" @click=${() => emit(this, 'run-post', { t: 'log', line: null })}>${log}</button>`
          }</span
        >
        ${notes.length === 0 ? nothing : html`<span class="dim">To be known</span><span>${notes.map((note) => html`<div>${note}</div>`)}</span>`}
      </div>
    </section>`;
  }

  private outcomes(all: readonly string[]): TemplateResult {
    const summary = html`<span class="warn">${all.length} different ones</span>: what the steps answered is not the same in each round`;
    const body = (): TemplateResult =>
      html`<ol class="code">
        ${all.map((each) => html`<li>${each}</li>`)}
      </ol>`;
    return fold(this, this.unfolded, { name: 'outcomes', summary, body });
  }

  private fault({ execution, folder }: ExecutedRun, { operation, nth, name, frames }: KernelFault): TemplateResult {
    const step = execution.operations[operation];
    const where = `step ${operation + 1}${step === undefined ? '' : `, ${step.text}`}`;
    if (name === '') return html`<span>point ${nth} of ${where}: <span class="dim">it has fewer points, so nothing failed</span></span>`;
    const summary = html`<span class="code">${name}</span> at point ${nth} of ${where}`;
    if (frames.length === 0) return html`<span>${summary}</span>`;
    const part = { label: 'Who asked for what failed', name: 'fault', unfolded: this.unfolded, folder };
    const body = (): TemplateResult => framesList(this, frames, part);
    return fold(this, this.unfolded, { name: 'fault', summary, body });
  }

  private canaries(canaries: readonly CanaryResult[], verdict: ExecutionResult['verdict']): TemplateResult {
    const missed = canaries.filter(({ seen }) => !seen);
    const summary =
      canaries.length === 0
        ? html`<span class="warn">not tried: what was not seen may have been there</span>`
        : missed.length === 0
          ? html`<span class="good">works</span>: ${counted(canaries.length, 'canary', 'canaries')} seen`
          : verdict === 'errors'
            ? html`<span class="dim">after what was reported, ${missed.map(({ name }) => name).join(', ')} not seen</span>`
            : html`<span class="warn">does not work</span>: ${missed.map(({ name }) => name).join(', ')} not seen`;
    if (canaries.length === 0) return html`<span>${summary}</span>`;
    return fold(this, this.unfolded, {
      name: 'canaries',
      summary,
      body: () =>
        html`<table>
          <thead>
            <tr>
              <th scope="col">Done on purpose</th>
              <th scope="col">Has to be reported as</th>
              <th scope="col">Was</th>
            </tr>
          </thead>
          <tbody>
            ${canaries.map(
              ({ name, expected, seen }) =>
                html`<tr>
                  <td class="code">${name}</td>
                  <td class="code">${expected}</td>
                  <td class=${seen ? 'good' : 'warn'}>${seen ? 'seen' : 'not seen'}</td>
                </tr>`,
            )}
          </tbody>
        </table>`,
    });
  }
}
