// The keys, in a dialog.
import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { shared } from './styles.js';

type Keys = readonly (readonly [string, string])[];

const kernelKeys: Keys = [
  ['r  R', 'next report of the kernel, previous report'],
  ['d', 'next step on which simulator and kernel differ'],
  ['l', "the kernel's log"],
];

const stepKeys: Keys = [
  ['j  ↓', 'next line: over what is folded'],
  ['k  ↑', 'previous line'],
  ['→  ←', 'unfold the steps of an operation, fold them'],
  ['a', 'unfold all, or fold all'],
  ['PgDn  PgUp', 'ten lines on, ten lines back'],
  ['n', 'next change of the selected object, or of anything'],
  ['p', 'previous change'],
  [']', 'next operation'],
  ['[', 'previous operation'],
  ['d', 'next difference, beside a base'],
  ['e', 'the error, or the last line'],
  ['Home  End', 'first line, last line'],
  ['o', 'select the next object, then none'],
  ['c', 'copy what the list shows'],
  ['Enter', 'go to the source; on an operation, unfold or fold it'],
  ['/', 'filter by text; Escape clears it'],
  ['?', 'these keys'],
];

@customElement('run-help')
export class RunHelp extends LitElement {
  /** Whether the run is one in a kernel, and whether there are steps to walk through. */
  @property({ attribute: false }) accessor shows = { kernel: false, steps: true };

  static override styles = [
    shared,
    css`
      dialog {
        color: var(--vscode-editorWidget-foreground, var(--vscode-foreground));
        background: var(--vscode-editorWidget-background);
        border: 1px solid var(--vscode-editorWidget-border, var(--vscode-contrastBorder));
        padding: 12px 18px;
      }
      h2 {
        font-size: 1em;
        margin: 0 0 6px;
      }
      kbd {
        font-family: var(--vscode-editor-font-family);
        white-space: pre;
      }
      vscode-button {
        margin-top: 10px;
      }
    `,
  ];

  show(): void {
    this.dialog?.showModal();
  }

  private get keys(): Keys {
    const { kernel, steps } = this.shows;
    const walking = stepKeys.filter(([key]) => steps || key === '?');
    return kernel ? [...kernelKeys, ...walking.filter(([key]) => key !== 'd')] : walking;
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="title">
      <h2 id="title">Keys</h2>
      <table>
        <tbody>
          ${this.keys.map(
            ([key, what]) =>
              html`<tr>
                <td><kbd>${key}</kbd></td>
                <td>${what}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      <vscode-button @click=${() => this.dialog?.close()}>Close</vscode-button>
    </dialog>`;
  }

  private get dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }
}
