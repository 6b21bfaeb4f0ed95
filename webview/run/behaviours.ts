// What each step of the scenario answers and what is held after it, on one tree or on both: what a patch changes comes first.
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { SimulatedRun } from '../../extension/editor/protocol/webview-messages.js';
import { heldText, type Behaviour } from '../../extension/model/simulation.js';
import { fold } from './fold.js';
import { sectionStyles, shared } from './styles.js';
import { counted } from '../../extension/model/plural.js';
import { behaviourPairs, type BehaviourPair } from './run-text.js';

@customElement('run-behaviours')
export class RunBehaviours extends LitElement {
  @property({ attribute: false }) accessor run: SimulatedRun | null = null;
  @property({ attribute: false }) accessor unfolded: readonly string[] = [];

  static override styles = [
    shared,
    sectionStyles,
    css`
      :host {
        padding: 4px 12px 6px;
      }
      .table {
        overflow: auto;
        max-height: 20vh;
      }
      details .table {
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
      .once {
        white-space: nowrap;
      }
    `,
  ];

  override render(): TemplateResult | typeof nothing {
    const { run } = this;
    if (run === null || run.result.behaviours.length === 0) return nothing;
    const compared = run.base !== null;
    const pairs = behaviourPairs(run.result.behaviours, run.base?.result.behaviours ?? null);
    const differing = pairs.filter(({ differs }) => differs);
    const rest = pairs.length - differing.length;
    const same = compared ? (differing.length === 0 ? ', the same on both trees' : `; the other ${rest} as on the base`) : '';
    return html`${
      differing.length === 0
        ? nothing
        : html`<h2>The patch changes ${counted(differing.length, 'outcome')}</h2>
            ${table(differing, compared, 'Changed outcomes')}`
    }
    ${fold(this, this.unfolded, {
      name: 'behaviours',
      summary: html`What each step answers: ${counted(pairs.length, 'outcome')}${same}`,
      body: () => table(pairs, compared, 'What each step answers'),
    })}`;
  }
}

function table(pairs: readonly BehaviourPair[], compared: boolean, label: string): TemplateResult {
  const faults = pairs.some(({ under }) => under !== '');
  return html`<div class="table" tabindex="0" role="region" aria-label=${label}>
    <table>
      <thead>
        <tr>
          <th scope="col">Step</th>
          ${faults ? html`<th scope="col">Under</th>` : nothing} ${compared ? html`<th scope="col">On the base</th>` : nothing}
          <th scope="col">${compared ? 'Patched' : 'Answers'}</th>
          <th scope="col">${compared ? 'Held then on the base only (−), on the patched tree only (+)' : 'Held then'}</th>
        </tr>
      </thead>
      <tbody>
        ${pairs.map(
          ({ operation, under, base, run, differs }) =>
            html`<tr class=${differs ? 'differs' : ''}>
              <td class="code once">${operation}</td>
              ${faults ? html`<td class="dim">${under === '' ? 'no fault' : under}</td>` : nothing}
              ${compared ? html`<td class="once">${answer(base)}</td>` : nothing}
              <td class="once">${answer(run)}</td>
              <td>${compared ? heldApart(base, run) : (run?.held ?? []).map((each) => html`<div>${heldText(each)}</div>`)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function answer(behaviour: Behaviour | null): TemplateResult {
  if (behaviour === null) return html`<span class="dim">not reached</span>`;
  return html`<span class="answer code">${behaviour.answer}</span>`;
}

/** What is held on one tree only; nothing where a step is reached on one of them only, and nothing can be compared. */
function heldApart(base: Behaviour | null, run: Behaviour | null): TemplateResult | typeof nothing {
  if (base === null || run === null) return nothing;
  const [left, right] = [base.held.map(heldText), run.held.map(heldText)];
  const apart = (sign: string, some: readonly string[], others: readonly string[]): readonly TemplateResult[] =>
    some.filter((each) => !others.includes(each)).map((each) => html`<div>${sign} ${each}</div>`);
  return html`${apart('−', left, right)}${apart('+', right, left)}`;
}
