// What was run, what came of it, and how far that can be relied on.
import { html, css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ShownRun } from '../../extension/editor/simulation/webview-messages.js';
import type { Assumption, SimulationResult } from '../../extension/model/simulation.js';
import { tell } from './events.js';
import { shared } from './styles.js';
import { boundsText, counted, duration, grouped, statsText } from './text.js';

@customElement('run-header')
export class RunHeader extends LitElement {
  @property({ attribute: false }) accessor run: ShownRun | null = null;
  @property({ attribute: false }) accessor unfolded: readonly string[] = [];

  static override styles = [
    shared,
    css`
      header {
        display: grid;
        gap: 2px;
        padding: 8px 12px 6px;
      }
      .first {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 4px 10px;
      }
      h1 {
        font-size: 1.15em;
        font-weight: 600;
        margin: 0;
      }
      .verdict {
        font-weight: 600;
        white-space: nowrap;
      }
      .errors {
        color: var(--vscode-errorForeground);
      }
      .good {
        color: var(--vscode-testing-iconPassed, var(--vscode-foreground));
      }
      .warn {
        color: var(--vscode-editorWarning-foreground);
        font-weight: 600;
      }
      .fineprint {
        overflow: auto;
        max-height: 30vh;
      }
      .sides {
        display: grid;
        grid-template-columns: max-content 1fr;
        gap: 0 10px;
      }
    `,
  ];

  override render(): TemplateResult | typeof nothing {
    if (this.run === null) return nothing;
    const { result, base } = this.run;
    const { scenario } = result;
    return html`<header>
      <div class="first">
        ${verdict(result)}
        <h1>${scenario.title}</h1>
        <span class="dim code">${scenario.name}${scenario.source === 'bundled' ? '' : ` (${scenario.source})`}</span>
      </div>
      ${result.reason === null ? nothing : html`<div class="warn">Not run: ${result.reason}</div>`}
      <div class="sides">
        ${base === null ? nothing : html`<span class="dim">Base</span><span>${this.side(base.result, true)}</span>`}
        <span class="dim">${base === null ? 'Tree' : 'Patched'}</span><span>${this.side(result, base !== null)}</span>
      </div>
      ${result.verdict === 'not run' ? nothing : this.fineprint(this.run)}
    </header>`;
  }

  private side(result: SimulationResult, named: boolean): TemplateResult {
    const { bounds } = result;
    const complete = bounds.exhaustive
      ? html`all paths with ${boundsText(result)} were run`
      : html`<span class="warn">not exhaustive</span>${bounds.stopped === null ? '' : `: ${bounds.stopped}`}; paths with
          ${boundsText(result)}`;
    return html`<span class="code">${result.tree}</span>${named ? html`: ${verdict(result)}` : nothing}
      ${result.verdict === 'not run' ? nothing : html`<span class="dim">&middot;</span> ${complete}`}`;
  }

  private fineprint({ result, base }: ShownRun): TemplateResult {
    const { assumed } = result;
    const times = assumed.reduce((sum, each) => sum + each.times, 0);
    const words =
      assumed.length === 0 ? 'nothing had to be assumed' : `${counted(assumed.length, 'assumption')}, met ${counted(times, 'time')}`;
    return html`<details ?open=${this.unfolded.includes('assumed')} @toggle=${this.toggled}>
      <summary>${counted(result.stats.executions, 'path')} in ${duration(result.stats.milliseconds)}; ${words}</summary>
      <div class="fineprint" tabindex="0" role="region" aria-label="Numbers and assumptions">
        ${base === null ? nothing : html`<div><span class="dim">Base:</span> ${statsText(base.result)}</div>`}
        <div><span class="dim">${base === null ? 'Run' : 'Patched'}:</span> ${statsText(result)}</div>
        ${assumed.length === 0 ? nothing : assumptions(assumed)}
      </div>
    </details>`;
  }

  private readonly toggled = (event: Event): void => {
    const { open } = event.currentTarget as HTMLDetailsElement;
    if (open === this.unfolded.includes('assumed')) return;
    tell(this, 'run-view', { unfolded: open ? [...this.unfolded, 'assumed'] : this.unfolded.filter((each) => each !== 'assumed') });
  };
}

/** The verdict as a word with its colour. */
function verdict({ verdict, counterexamples, bounds }: SimulationResult): TemplateResult {
  if (verdict === 'not run') return html`<span class="verdict warn">not run</span>`;
  if (verdict === 'errors') return html`<span class="verdict errors">${counted(counterexamples.length, 'error')}</span>`;
  return html`<span class="verdict ${bounds.exhaustive ? 'good' : ''}">${bounds.exhaustive ? 'no error' : 'no error found'}</span>`;
}

function assumptions(assumed: readonly Assumption[]): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Assumed of</th>
        <th scope="col">Name</th>
        <th scope="col">What</th>
        <th scope="col">Times</th>
      </tr>
    </thead>
    <tbody>
      ${assumed.map(
        (each) =>
          html`<tr>
            <td class="dim">${each.kind}</td>
            <td class="code">${each.name}</td>
            <td>${each.assumed}</td>
            <td>${grouped(each.times)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
