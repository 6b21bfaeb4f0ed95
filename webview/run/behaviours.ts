// What each step of the scenario answered and what was held after it, on one tree or on both.
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { SimulatedRun } from '../../extension/editor/simulation/webview-messages.js';
import { heldText, type Behaviour } from '../../extension/model/simulation.js';
import { tell } from './events.js';
import { shared } from './styles.js';
import { behaviourPairs, counted } from './text.js';

@customElement('run-behaviours')
export class RunBehaviours extends LitElement {
  @property({ attribute: false }) accessor run: SimulatedRun | null = null;
  @property({ attribute: false }) accessor unfolded: readonly string[] = [];

  static override styles = [
    shared,
    css`
      :host {
        border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
        padding: 4px 12px 6px;
      }
      .table {
        overflow: auto;
        max-height: 32vh;
      }
      tr.differs td {
        background: color-mix(in srgb, var(--vscode-charts-yellow) 10%, transparent);
      }
      td,
      th {
        padding-left: 4px;
      }
      .answer {
        font-weight: 600;
      }
    `,
  ];

  override render(): TemplateResult | typeof nothing {
    const { run } = this;
    if (run === null || run.result.behaviours.length === 0) return nothing;
    const compared = run.base !== null;
    const pairs = behaviourPairs(run.result.behaviours, run.base?.result.behaviours ?? null);
    const differing = pairs.filter(({ differs }) => differs).length;
    const words = compared ? (differing === 0 ? 'the same on both trees' : `${counted(differing, 'differs', 'differ')} from the base`) : '';
    return html`<details ?open=${this.unfolded.includes('behaviours')} @toggle=${this.toggled}>
      <summary>What each step answered: ${counted(pairs.length, 'outcome')}${words === '' ? '' : `, ${words}`}</summary>
      <div class="table" tabindex="0" role="region" aria-label="What each step answered">
        <table>
          <thead>
            <tr>
              <th scope="col">Step</th>
              <th scope="col">Under</th>
              ${compared ? html`<th scope="col">On the base</th>` : nothing}
              <th scope="col">${compared ? 'On the patched tree' : 'Answer and what is held then'}</th>
            </tr>
          </thead>
          <tbody>
            ${pairs.map(
              ({ operation, under, base, run: own, differs }) =>
                html`<tr class=${differs ? 'differs' : ''}>
                  <td class="code">${operation}</td>
                  <td class="dim">${under === '' ? 'no fault' : under}</td>
                  ${compared ? html`<td>${told(base, own)}</td>` : nothing}
                  <td>${told(own, base)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>`;
  }

  private readonly toggled = (event: Event): void => {
    const { open } = event.currentTarget as HTMLDetailsElement;
    if (open === this.unfolded.includes('behaviours')) return;
    const others = this.unfolded.filter((each) => each !== 'behaviours');
    tell(this, 'run-view', { unfolded: open ? [...others, 'behaviours'] : others });
  };
}

/** An outcome; beside another one, what is held only here, and how much is held there as well. */
function told(behaviour: Behaviour | null, other: Behaviour | null): TemplateResult {
  if (behaviour === null) return html`<span class="dim">does not come here</span>`;
  const others = other?.held.map(heldText) ?? [];
  const own = behaviour.held.map(heldText).filter((each) => !others.includes(each));
  const same = behaviour.held.length - own.length;
  return html`<span class="answer code">${behaviour.answer}</span> ${own.map((each) => html`<div>${each}</div>`)}
    ${same === 0 ? nothing : html`<div class="dim">${counted(same, 'reference')} as on the other tree</div>`}`;
}
