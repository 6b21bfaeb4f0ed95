// Which steps are shown, and how many of all that is; whether the editor follows; help.
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Detail, RunFilter, RunView } from '../../extension/editor/protocol/webview-messages.js';
import { emit } from './page-events.js';
import { laneObjects } from './lane-layout.js';
import type { Traces } from './step-rows.js';
import { shared } from './styles.js';
import { grouped } from '../../extension/model/plural.js';

const details: Readonly<Record<Detail, string>> = {
  outline: 'changes, and the way there',
  changes: 'only changes',
  calls: 'every call',
  all: 'every step',
  differences: 'only differences',
};

@customElement('run-filter')
export class RunFilterBar extends LitElement {
  @property({ attribute: false }) accessor traces: Traces | null = null;
  @property({ attribute: false }) accessor view: RunView | null = null;
  @property({ attribute: false }) accessor counts = { shown: 0, all: 0 };
  /** Whether there is another run to put beside this one. */
  @property({ attribute: false }) accessor comparable = false;
  /** Whether the steps of any operation are unfolded. */
  @property({ attribute: false }) accessor anyOpen = false;

  static override styles = [
    shared,
    css`
      :host {
        border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
        padding: 4px 12px;
      }
      [role='search'] {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 8px;
      }
      vscode-textfield {
        width: auto;
        flex: 0 1 16ch;
        min-width: 12ch;
      }
      vscode-single-select {
        width: auto;
        flex: 0 1 16ch;
        min-width: 13ch;
      }
      vscode-checkbox {
        flex: none;
      }
      .count {
        white-space: nowrap;
        margin-right: auto;
      }
    `,
  ];

  /** Puts the keyboard into the text to search for. */
  focusText(): void {
    this.renderRoot.querySelector<HTMLElement>('vscode-textfield')?.focus();
  }

  override render(): TemplateResult | typeof nothing {
    const { traces, view } = this;
    if (traces === null || view === null) return nothing;
    const { filter } = view;
    const threads = longer(traces.run.threads, traces.base?.threads ?? []);
    const names = [
      ...new Set([traces.run, traces.base].flatMap((trace) => (trace === null ? [] : laneObjects(trace, '').map(({ name }) => name)))),
    ];
    const filtered = filter.text !== '' || filter.object !== null || filter.thread !== null;
    return html`<div role="search" aria-label="Steps">
      <vscode-textfield
        label="Filter steps by text"
        placeholder="Filter (/)"
        .value=${filter.text}
        @input=${(event: Event) => this.filter({ text: (event.currentTarget as HTMLInputElement).value })}
        @keydown=${this.keydown}
      ></vscode-textfield>
      ${this.select(
        'Detail',
        (Object.keys(details) as Detail[])
          .filter((each) => each !== 'differences' || traces.base !== null)
          .map((each) => [each, details[each]]),
        filter.detail,
        (value) => this.filter({ detail: value as Detail }),
      )}
      ${this.select('Object', [['', 'any object'], ...names.map((name) => [name, name] as const)], filter.object ?? '', (value) =>
        this.filter({ object: value === '' ? null : value }),
      )}
      ${
        threads.length > 1
          ? this.select(
              'Thread',
              [['', 'any thread'], ...threads.map((name, thread) => [String(thread), `T${thread} ${name}`] as const)],
              filter.thread === null ? '' : String(filter.thread),
              (value) => this.filter({ thread: value === '' ? null : Number(value) }),
            )
          : nothing
      }
      <span class="count dim" role="status">${grouped(this.counts.shown)} of ${grouped(this.counts.all)} steps shown</span>
      ${
        filtered
          ? html`<vscode-toolbar-button
              icon="clear-all"
              label="Clear filter"
              title="Clear filter"
              @click=${this.clear}
            ></vscode-toolbar-button>`
          : nothing
      }
      ${
        this.comparable
          ? html`<vscode-checkbox label="Beside base" ?checked=${view.compare} @change=${this.compare}></vscode-checkbox>`
          : nothing
      }
      <vscode-checkbox label="Editor follows" ?checked=${view.follow} @change=${this.follow}></vscode-checkbox>
      <vscode-toolbar-button
        icon=${this.anyOpen ? 'collapse-all' : 'expand-all'}
        label=${this.anyOpen ? 'Fold all' : 'Unfold all'}
        title="${this.anyOpen ? 'Fold all' : 'Unfold all'} (a)"
        @click=${() => emit(this, 'run-fold-all', { open: !this.anyOpen })}
      ></vscode-toolbar-button>
      <vscode-toolbar-button icon="question" label="Keys" title="Keys (?)" @click=${this.help}></vscode-toolbar-button>
    </div>`;
  }

  private select(
    label: string,
    options: readonly (readonly [string, string])[],
    value: string,
    choose: (value: string) => void,
  ): TemplateResult {
    return html`<vscode-single-select
      .label=${label}
      title=${label}
      @change=${(event: Event) => choose((event.currentTarget as HTMLSelectElement).value)}
    >
      ${options.map(([key, text]) => html`<vscode-option value=${key} ?selected=${key === value}>${text}</vscode-option>`)}
    </vscode-single-select>`;
  }

  private filter(part: Partial<RunFilter>): void {
    if (this.view !== null) emit(this, 'run-view', { filter: { ...this.view.filter, ...part } });
  }

  private readonly clear = (): void => this.filter({ text: '', object: null, thread: null });

  private readonly compare = (event: Event): void => {
    if (this.view === null) return;
    const { filter, selected } = this.view;
    const compare = (event.currentTarget as HTMLInputElement).checked;
    const detail = !compare && filter.detail === 'differences' ? 'outline' : filter.detail;
    emit(this, 'run-view', { compare, filter: { ...filter, detail }, selected: selected?.side === 'base' ? null : selected });
  };

  private readonly follow = (event: Event): void => emit(this, 'run-view', { follow: (event.currentTarget as HTMLInputElement).checked });

  private readonly help = (): void => void this.dispatchEvent(new CustomEvent('run-help', { bubbles: true, composed: true }));

  private readonly keydown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' && event.key !== 'Enter') return;
    if (event.key === 'Escape') this.filter({ text: '' });
    this.dispatchEvent(new CustomEvent('run-leave', { bubbles: true, composed: true }));
  };
}

function longer<T>(a: readonly T[], b: readonly T[]): readonly T[] {
  return b.length > a.length ? b : a;
}
