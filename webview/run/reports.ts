// What the kernel complained of: each report with its call traces and, unfolded, the log's own words.
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ExecutedRun } from '../../extension/editor/protocol/webview-messages.js';
import type { KernelFrame, KernelReport } from '../../extension/model/execution.js';
import { emit } from './page-events.js';
import { cutFrames, reportText, whenText } from './execution-text.js';
import { fold } from './fold.js';
import { framesList, framesStyles } from './frames.js';
import { sectionStyles, shared } from './styles.js';
import { counted } from '../../extension/model/plural.js';

@customElement('run-reports')
export class RunReports extends LitElement {
  @property({ attribute: false }) accessor run: ExecutedRun | null = null;
  @property({ attribute: false }) accessor unfolded: readonly string[] = [];

  static override styles = [
    shared,
    sectionStyles,
    framesStyles,
    css`
      h2 {
        margin-bottom: 4px;
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
      .later {
        border-left-color: color-mix(in srgb, var(--vscode-errorForeground) 45%, transparent);
        margin-bottom: 4px;
      }
      .later h3 {
        display: inline;
        font-weight: normal;
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
      ${reports.length === 0 ? html`<div class="dim">Nothing.</div>` : reports.slice(0, 1).map((report) => this.first(run, report))}
      ${
        reports.length < 2
          ? nothing
          : html`<div class="dim">What was reported later may only follow from the first.</div>
              ${reports.slice(1).map((report, index) => this.later(run, report, index + 1))}`
      }
    </section>`;
  }

  private first(run: ExecutedRun, report: KernelReport): TemplateResult {
    return html`<article tabindex="-1" aria-labelledby="title0">${heading(report, 0)}${this.body(run, report, 0)}</article>`;
  }

  private later(run: ExecutedRun, report: KernelReport, index: number): TemplateResult {
    return html`<article class="later" tabindex="-1" aria-labelledby="title${index}">
      ${this.fold(`report ${index}`, heading(report, index), () => this.body(run, report, index))}
    </article>`;
  }

  private body(run: ExecutedRun, report: KernelReport, index: number): TemplateResult {
    const { operations, log } = run.execution;
    const { shown, more } = cutFrames(report.frames, run.folder);
    const frames = (name: string, label: string, all: readonly KernelFrame[]): TemplateResult =>
      framesList(this, all, { name: `${name} ${index}`, label, unfolded: this.unfolded, folder: run.folder });
    return html`<div class="dim">${whenText(report, operations)}</div>
      ${shown.length === 0 ? nothing : frames('trace', 'Call trace', shown)}
      ${
        more.length === 0
          ? nothing
          : this.fold(`frames ${index}`, counted(more.length, 'more frame'), () => frames('more', 'More of the call trace', more))
      }
      ${report.related.map(({ title, frames: all }, at) =>
        this.fold(`related ${index} ${at}`, html`${title} <span class="dim">(${counted(all.length, 'frame')})</span>`, () =>
          frames(`related ${at} of`, title, all),
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
            : html`<vscode-button secondary icon="output" @click=${() => emit(this, 'run-post', { t: 'log', line: report.line })}
                >Show in Log</vscode-button
              >`
        }
        <vscode-button secondary icon="copy" @click=${() => this.copy(reportText(run, report))}>Copy Report</vscode-button>
      </div>`;
  }

  private fold(name: string, summary: TemplateResult | string, body: () => TemplateResult): TemplateResult {
    return fold(this, this.unfolded, { name, summary, body });
  }

  private copy(text: string): void {
    emit(this, 'run-post', { t: 'copy', text, what: 'report' });
  }
}

function heading({ kind, title }: KernelReport, index: number): TemplateResult {
  return html`<h3 id="title${index}"><span class="kind">${kind}</span> ${title}</h3>`;
}
