// What operations that run side by side answered together, and which steps were left out.
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { SimulatedRun } from '../../extension/editor/protocol/webview-messages.js';
import { combinationsNeverGiven, type Combination, type Combinations } from '../../extension/model/combinations.js';
import { leftOut, type MissingAnswer } from '../../extension/model/missing.js';
import { toggled } from './fold.js';
import { emit } from './page-events.js';
import { shared } from './styles.js';
import { counted } from '../../extension/model/plural.js';

@customElement('run-combinations')
export class RunCombinations extends LitElement {
  @property({ attribute: false }) accessor run: SimulatedRun | null = null;
  @property({ attribute: false }) accessor unfolded: readonly string[] = [];

  static override styles = [
    shared,
    css`
      .missing {
        padding: 0 12px 4px;
      }
      details {
        border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
        padding: 4px 12px 6px;
      }
      .table {
        overflow: auto;
        max-height: 32vh;
      }
      td,
      th {
        padding-left: 4px;
      }
      td.code {
        font-weight: 600;
      }
      vscode-button {
        line-height: 18px;
      }
    `,
  ];

  override render(): TemplateResult | typeof nothing {
    if (this.run === null) return nothing;
    const { missing = [], combinations } = this.run.result;
    return html`${missing.map((each) => html`<div class="missing">${missingAnswer(each)}</div>`)}
    ${combinations === undefined || combinations.differing.length === 0 ? nothing : this.table(combinations)}`;
  }

  private table(combinations: Combinations): TemplateResult {
    const { operations, differing, each, exhaustive } = combinations;
    const never = combinationsNeverGiven(combinations);
    return html`<details ?open=${this.unfolded.includes('combinations')} @toggle=${toggled(this, this.unfolded, 'combinations')}>
      <summary>
        What operations answered together without faults: ${counted(each.length, 'combination')} in
        ${exhaustive ? 'all orders of threads' : 'the orders of threads that were run, which are not all'}
      </summary>
      <div class="table" tabindex="0" role="region" aria-label="What operations answered together">
        <table>
          <thead>
            <tr>
              ${differing.map((at) => html`<th scope="col">${heading(operations[at])}</th>`)}
              <th scope="col">An order that gives it</th>
            </tr>
          </thead>
          <tbody>
            ${each.map((one) => this.row(one, differing))}
          </tbody>
        </table>
        ${
          never.length === 0
            ? nothing
            : html`<div>${exhaustive ? 'Never' : 'Not seen'}: ${never.map((answers) => answers.join(' and ')).join('; ')}</div>`
        }
      </div>
    </details>`;
  }

  private row({ answers, ended, schedule, replay = schedule }: Combination, differing: readonly number[]): TemplateResult {
    return html`<tr>
      ${differing.map((at) => {
        const answer = answers[at] ?? null;
        return html`<td class=${answer === null || answer === leftOut ? 'dim' : 'code'}>${answer ?? `ended: ${ended ?? ''}`}</td>`;
      })}
      <td>
        <span class="dim">${schedule}</span>
        <vscode-button secondary icon="copy" @click=${() => emit(this, 'run-post', { t: 'copy', text: replay, what: 'replay line' })}
          >Copy Replay Line</vscode-button
        >
      </td>
    </tr>`;
  }
}

function heading(operation: Combinations['operations'][number] | undefined): TemplateResult | typeof nothing {
  if (operation === undefined) return nothing;
  return html`${operation.thread === 0 ? '' : `Thread ${operation.thread}: `}<span class="code">${operation.text}</span>`;
}

function missingAnswer({ operation, refersTo, answered, instead, always }: MissingAnswer & { readonly always: boolean }): TemplateResult {
  const reason = html`as <span class="code">${refersTo}</span> ${answered === null ? 'is left out' : `answers ${answered}`}`;
  const orders = always ? '' : ' on some paths';
  const step = html`<span class="code">${operation}</span>`;
  return instead === null
    ? html`<span class="warn">Left out${orders}:</span> ${step}, ${reason}`
    : html`${step} is given ${instead}${orders}, ${reason}`;
}
