// What the kernel complained of: each report with its call traces and, unfolded, the log's own words.
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ExecutedRun } from '../../extension/editor/simulation/webview-messages.js';
import type { KernelReport } from '../../extension/model/execution.js';
import { tell } from './events.js';
import { reportText, whenText } from './execution-text.js';
import { fold } from './fold.js';
import { framesList, framesStyles } from './frames.js';
import { shared } from './styles.js';
import { counted } from './text.js';

/** Frames that are shown without being asked for. */
const fewFrames = 10;

@customElement('run-reports')
export class RunReports extends LitElement {
  @property({ attribute: false }) accessor run: ExecutedRun | null = null;
  @property({ attribute: false }) accessor unfolded: readonly string[] = [];

  static override styles = [
    shared,
    framesStyles,
    css`
      :host {
        border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
        padding: 8px 12px;
      }
      h2 {
        font-size: 1em;
        font-weight: 600;
        margin: 0 0 4px;
      }
      article {
        border-left: 3px solid var(--vscode-errorForeground);
        padding: 1px 0 1px 10px;
        margin-bottom: 12px;
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 2px;
      }
      h3 {
        font-size: 1em;
        font-weight: 600;
        margin: 0;
        overflow-wrap: anywhere;
      }
      .kind {
        color: var(--vscode-errorForeground);
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin-top: 4px;
      }
      vscode-button {
        line-height: 18px;
      }
      pre {
        margin: 4px 0;
        padding: 6px 8px;
        overflow: auto;
        max-height: 40vh;
        background: var(--vscode-textCodeBlock-background);
        border: 1px solid var(--vscode-contrastBorder, transparent);
      }
    `,
  ];

  /** Puts the keyboard on the next report, or on the one before; false where there is none further. */
  walk(direction: 1 | -1): boolean {
    const all = [...this.renderRoot.querySelectorAll<HTMLElement>('article')];
    const here = this.shadowRoot?.activeElement?.closest('article') ?? null;
    const at = here === null ? (direction > 0 ? -1 : all.length) : all.indexOf(here);
    const next = all[at + direction];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
    return next !== undefined;
  }

  override render(): TemplateResult | typeof nothing {
    if (this.run === null) return nothing;
    const { run } = this;
    const { reports, verdict } = run.execution;
    if (verdict === 'not run') return nothing;
    return html`<section aria-labelledby="reports">
      <h2 id="reports">What the kernel reported${reports.length === 0 ? '' : `: ${counted(reports.length, 'report')}`}</h2>
      ${reports.length === 0 ? html`<div class="dim">Nothing.</div>` : reports.map((report, index) => this.report(run, report, index))}
    </section>`;
  }

  private report(run: ExecutedRun, report: KernelReport, index: number): TemplateResult {
    const { operations, log } = run.execution;
    const shown = report.frames.slice(0, fewFrames);
    const more = report.frames.slice(fewFrames);
    return html`<article tabindex="-1" aria-labelledby="title${index}">
      <h3 id="title${index}"><span class="kind">${report.kind}</span> ${report.title}</h3>
      <div class="dim">${whenText(report, operations)}</div>
      ${shown.length === 0 ? nothing : framesList(this, shown, 'Call trace')}
      ${
        more.length === 0
          ? nothing
          : this.fold(`frames ${index}`, counted(more.length, 'more frame'), () => framesList(this, more, 'More of the call trace'))
      }
      ${report.related.map(({ title, frames }, at) =>
        this.fold(`related ${index} ${at}`, html`${title} <span class="dim">(${counted(frames.length, 'frame')})</span>`, () =>
          framesList(this, frames, title),
        ),
      )}
      ${this.fold(
        `text ${index}`,
        'As the log has it',
        () => html`<pre class="code" tabindex="0" role="region" aria-label="The report in the log">${report.text}</pre>`,
      )}
      <div class="actions">
        ${
          log === null
            ? nothing
            : html`<vscode-button secondary icon="output" @click=${() => tell(this, 'run-post', { t: 'log', line: report.line })}
                >Show in Log</vscode-button
              >`
        }
        <vscode-button secondary icon="copy" @click=${() => this.copy(reportText(run, report))}>Copy Report</vscode-button>
      </div>
    </article>`;
  }

  private fold(name: string, summary: TemplateResult | string, body: () => TemplateResult): TemplateResult {
    return fold(this, this.unfolded, { name, summary, body });
  }

  private copy(text: string): void {
    tell(this, 'run-post', { t: 'copy', text, what: 'report' });
  }
}
