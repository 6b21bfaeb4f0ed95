// The verdict of a run, as a word with its colour.
import { css, html, type TemplateResult } from 'lit';
import type { SimulationResult } from '../../extension/model/simulation.js';
import { counted } from './text.js';

export const verdictColours = css`
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
`;

/** `2 errors`, `no error`, `no error found` where not everything was run, or `not run`. */
export function verdict({ verdict, counterexamples, bounds }: SimulationResult): TemplateResult {
  if (verdict === 'not run') return html`<span class="verdict warn">not run</span>`;
  if (verdict === 'errors') return html`<span class="verdict errors">${counted(counterexamples.length, 'error')}</span>`;
  return html`<span class="verdict ${bounds.exhaustive ? 'good' : ''}">${bounds.exhaustive ? 'no error' : 'no error found'}</span>`;
}
