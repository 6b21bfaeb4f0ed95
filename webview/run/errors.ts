// The counterexamples to choose from, and what the chosen one says.
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { assumedText, type Counterexample, type SimulationError } from '../../extension/model/simulation.js';
import type { SimulatedRun } from '../../extension/editor/protocol/webview-messages.js';
import { toggled } from './fold.js';
import { emit } from './page-events.js';
import { placeLink } from './place-link.js';
import { shared } from './styles.js';
import { failureText } from './story-text.js';
import { counted } from '../../extension/model/plural.js';
import { sizeText } from './run-text.js';

/** Errors under the title of their flaw. */
interface Group {
  readonly title: string | null;
  /** Indices into the run's counterexamples. */
  readonly errors: readonly number[];
}

@customElement('run-errors')
export class RunErrors extends LitElement {
  @property({ attribute: false }) accessor run: SimulatedRun | null = null;
  @property({ attribute: false }) accessor chosen = 0;
  @property({ attribute: false }) accessor unfolded: readonly string[] = [];

  static override styles = [
    shared,
    css`
      :host {
        border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
        padding: 6px 12px;
      }
      [role='radiogroup'] {
        display: grid;
        margin: 0 -12px 6px;
      }
      [role='radio'] {
        display: grid;
        grid-template-columns: 3ch 17ch minmax(0, 1fr) max-content;
        gap: 0 8px;
        padding: 1px 12px;
        cursor: pointer;
        white-space: nowrap;
      }
      [role='radio'] > * {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .flaw {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        padding: 3px 12px 1px;
      }
      [role='radio']:hover {
        background: var(--vscode-list-hoverBackground);
      }
      [role='radio'][aria-checked='true'] {
        background: var(--vscode-list-inactiveSelectionBackground);
        color: var(--vscode-list-inactiveSelectionForeground, inherit);
        box-shadow: inset 2px 0 var(--vscode-focusBorder);
      }
      [role='radio'][aria-checked='true'] .dim {
        color: inherit;
      }
      .error {
        border-left: 3px solid var(--vscode-errorForeground);
        padding-left: 8px;
        display: grid;
        gap: 2px;
      }
      .kind {
        color: var(--vscode-errorForeground);
        font-weight: 600;
      }
      .assumed {
        overflow-wrap: anywhere;
      }
      .schedule {
        display: flex;
        align-items: baseline;
        gap: 0 16px;
        flex-wrap: wrap;
      }
      details[open] {
        flex-basis: 100%;
      }
      vscode-button {
        line-height: 16px;
      }
      @media (max-width: 600px) {
        [role='radio'] {
          grid-template-columns: 2ch 16ch minmax(0, 1fr);
        }
        [role='radio'] > :last-child {
          display: none;
        }
      }
      .schedule .code {
        overflow-wrap: anywhere;
        user-select: all;
      }
    `,
  ];

  override render(): TemplateResult | typeof nothing {
    const all = this.run?.result.counterexamples ?? [];
    const counterexample = all[this.chosen];
    if (counterexample === undefined) return nothing;
    return html`${all.length > 1 ? this.list(all) : nothing}${this.explanation(counterexample, all.length === 1)}`;
  }

  /** The errors by the flaws that they show, worst first; without that in the order of the run. */
  private get groups(): readonly Group[] {
    const all = this.run?.result.counterexamples.map((_, index) => index) ?? [];
    const causes = this.run?.causes ?? [];
    const left = all.filter((index) => !causes.some(({ errors }) => errors.includes(index)));
    return [...causes.map(({ kind, text, errors }) => ({ title: `${kind}: ${text}`, errors })), { title: null, errors: left }];
  }

  private list(all: readonly Counterexample[]): TemplateResult {
    const order = this.groups.flatMap(({ errors }) => errors);
    return html`<div role="radiogroup" aria-label="Errors, worst flaw first" @keydown=${this.keydown}>
      ${this.groups.map(
        ({ title, errors }) =>
          html`${title === null ? nothing : html`<div class="flaw" title=${title}><b>${title}</b></div>`}
          ${errors.map((index) => this.row(all[index], index, order.indexOf(index)))}`,
      )}
    </div>`;
  }

  private row(each: Counterexample | undefined, index: number, position: number): TemplateResult | typeof nothing {
    if (each === undefined) return nothing;
    const { message, kind } = each.error;
    const where = failureText(each.error).slice(message.length);
    return html`<div
      role="radio"
      aria-checked=${index === this.chosen}
      tabindex=${index === this.chosen ? 0 : -1}
      @click=${() => this.choose(index)}
    >
      <span class="dim">${position + 1}</span><span>${kind}</span
      ><span title=${`${message}${where}`}>${message}<span class="dim">${where}</span></span
      ><span class="dim">${sizeText(each)}</span>
    </div>`;
  }

  private explanation(counterexample: Counterexample, alone: boolean): TemplateResult {
    const { error, schedule, replay = schedule } = counterexample;
    const assumed = assumedText(error);
    const places = [...(error.at === null ? [] : [{ at: error.at, message: 'happened here' }]), ...error.related];
    return html`<section class="error" aria-label="The error">
      ${
        alone
          ? html`<div>
              <span class="kind">${error.kind}</span>: ${failureText(error)} <span class="dim">(${sizeText(counterexample)})</span>
            </div>`
          : nothing
      }
      ${assumed === null ? nothing : html`<div class="assumed">${assumed}</div>`}
      <div class="schedule">
        ${
          places.length === 0
            ? nothing
            : html`<details ?open=${this.unfolded.includes('places')} @toggle=${toggled(this, this.unfolded, 'places')}>
                <summary>${counted(places.length, 'place')}: how it came to this</summary>
                ${placesTable(this, places)}
              </details>`
        }
        <span><span class="dim">schedule</span> <span class="code">${schedule}</span></span>
        <vscode-button secondary icon="copy" @click=${() => this.copyLine(replay)}>Copy Replay Line</vscode-button>
        <vscode-button secondary icon="copy" @click=${() => emit(this, 'run-copy', null)}>Copy What Is Shown</vscode-button>
      </div>
    </section>`;
  }

  private copyLine(text: string): void {
    emit(this, 'run-post', { t: 'copy', text, what: 'replay line' });
  }

  private choose(index: number): void {
    const count = this.run?.result.counterexamples.length ?? 0;
    if (index < 0 || index >= count || index === this.chosen) return;
    emit(this, 'run-view', { counterexample: index, selected: null, object: null, scroll: 0 });
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('[aria-checked="true"]')?.focus());
  }

  private readonly keydown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const order = this.groups.flatMap(({ errors }) => errors);
    this.choose(order[order.indexOf(this.chosen) + step] ?? -1);
  };
}

/** One below the other: each with who calls and what that does. */
function placesTable(sender: EventTarget, places: SimulationError['related']): TemplateResult {
  return html`<table aria-label="How it came to this">
    <tbody>
      ${places.map(
        ({ at, message }) =>
          html`<tr>
            <td>${message}</td>
            <td>${placeLink(sender, at)}</td>
            <td class="dim code">${at.function}()</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
