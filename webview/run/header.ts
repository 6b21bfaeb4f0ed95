// Which scenario was run and what came of it.
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ShownRun } from '../../extension/editor/protocol/webview-messages.js';
import { shared } from './styles.js';
import { executedVerdict, verdict, verdictColours } from './verdict-label.js';

@customElement('run-header')
export class RunHeader extends LitElement {
  @property({ attribute: false }) accessor run: ShownRun | null = null;

  static override styles = [
    shared,
    verdictColours,
    css`
      header {
        padding: 8px 12px 6px;
      }
      .first {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 10px;
      }
      .name {
        margin-right: auto;
      }
      h1 {
        font-size: 1.15em;
        font-weight: 600;
        margin: 0;
      }
    `,
  ];

  private readonly help = (): void => void this.dispatchEvent(new CustomEvent('run-help', { bubbles: true, composed: true }));

  override render(): TemplateResult | typeof nothing {
    if (this.run === null) return nothing;
    const { scenario, reason } = 'execution' in this.run ? this.run.execution : this.run.result;
    const unknown = 'execution' in this.run && this.run.execution.verdict === 'unknown';
    return html`<header>
      <div class="first">
        ${'execution' in this.run ? executedVerdict(this.run.execution) : verdict(this.run.result)}
        <h1>${scenario.title}</h1>
        <span class="dim code name">${scenario.name}${scenario.source === 'bundled' ? '' : ` (${scenario.source})`}</span>
        ${
          'execution' in this.run
            ? html`<vscode-toolbar-button icon="question" label="Keys" title="Keys (?)" @click=${this.help}></vscode-toolbar-button>`
            : nothing
        }
      </div>
      ${reason === null ? nothing : html`<div class="warn">${unknown ? 'Unknown' : 'Not run'}: ${reason}</div>`}
    </header>`;
  }
}
