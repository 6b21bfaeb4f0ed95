// Which scenario was run and what came of it.
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ShownRun } from '../../extension/editor/simulation/webview-messages.js';
import { shared } from './styles.js';
import { verdict, verdictColours } from './verdict.js';

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
      h1 {
        font-size: 1.15em;
        font-weight: 600;
        margin: 0;
      }
    `,
  ];

  override render(): TemplateResult | typeof nothing {
    if (this.run === null) return nothing;
    const { result } = this.run;
    const { scenario, reason } = result;
    return html`<header>
      <div class="first">
        ${verdict(result)}
        <h1>${scenario.title}</h1>
        <span class="dim code">${scenario.name}${scenario.source === 'bundled' ? '' : ` (${scenario.source})`}</span>
      </div>
      ${reason === null ? nothing : html`<div class="warn">Not run: ${reason}</div>`}
    </header>`;
  }
}
