// On which trees it was run, how far what came of it can be relied on, and what was assumed.
import { html, css, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { SimulatedRun } from '../../extension/editor/protocol/webview-messages.js';
import type { Assumption, DataRace, RacingAccess, SimulationResult } from '../../extension/model/simulation.js';
import { toggled } from './fold.js';
import { placeLink } from './place-link.js';
import { shared } from './styles.js';
import { counted, grouped } from '../../extension/model/plural.js';
import { boundsText, duration, statsText } from './run-text.js';
import { verdict, verdictColours } from './verdict-label.js';

@customElement('run-scope')
export class RunScope extends LitElement {
  @property({ attribute: false }) accessor run: SimulatedRun | null = null;
  @property({ attribute: false }) accessor unfolded: readonly string[] = [];

  static override styles = [
    shared,
    verdictColours,
    css`
      :host {
        padding: 4px 12px;
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
    return html`<section aria-label="Trees, bounds and assumptions">
      <div class="sides">
        ${base === null ? nothing : html`<span class="dim">Base</span><span>${this.side(base.result, true)}</span>`}
        <span class="dim">${base === null ? 'Tree' : 'Patched'}</span><span>${this.side(result, base !== null)}</span>
      </div>
      ${result.verdict === 'not run' ? nothing : this.fineprint(this.run)}
    </section>`;
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

  private fineprint({ result, base }: SimulatedRun): TemplateResult {
    const { assumed, dataRaces = [] } = result;
    const times = assumed.reduce((sum, each) => sum + each.times, 0);
    const words =
      assumed.length === 0 ? 'nothing had to be assumed' : `${counted(assumed.length, 'assumption')}, met ${counted(times, 'time')}`;
    return html`<details ?open=${this.unfolded.includes('assumed')} @toggle=${toggled(this, this.unfolded, 'assumed')}>
      <summary>
        ${counted(result.stats.executions, 'path')} in ${duration(result.stats.milliseconds)};
        ${words}${dataRaces.length === 0 ? '' : `; ${counted(dataRaces.length, 'data race')}`}
      </summary>
      <div class="fineprint" tabindex="0" role="region" aria-label="Numbers, assumptions and data races">
        ${base === null ? nothing : html`<div><span class="dim">Base:</span> ${statsText(base.result)}</div>`}
        <div><span class="dim">${base === null ? 'Run' : 'Patched'}:</span> ${statsText(result)}</div>
        ${assumed.length === 0 ? nothing : assumptions(assumed)} ${dataRaces.length === 0 ? nothing : races(this, dataRaces)}
      </div>
    </details>`;
  }
}

/** Two accesses a row, each with its place, what it does, and whether a compiler is told to leave it whole. */
function races(sender: EventTarget, dataRaces: readonly DataRace[]): TemplateResult {
  const access = ({ at, write, plain }: RacingAccess): TemplateResult =>
    html`<td>
      ${plain ? 'plain' : 'marked'} ${write ? 'write' : 'read'}
      ${at === null ? 'in the modelled kernel' : html`${placeLink(sender, at)} <span class="code">${at.function}()</span>`}
    </td>`;
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Data race on</th>
        <th scope="col" colspan="2">Nothing orders these two, which is no error by itself</th>
      </tr>
    </thead>
    <tbody>
      ${dataRaces.map(
        ({ object, accesses: [one, other] }) =>
          html`<tr>
            <td class="code">${object}</td>
            ${access(one)} ${access(other)}
          </tr>`,
      )}
    </tbody>
  </table>`;
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
