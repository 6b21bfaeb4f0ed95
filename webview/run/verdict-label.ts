// The verdict of a run, as a word with its colour.
import { css, html, nothing, type TemplateResult } from 'lit';
import type { ExecutionResult } from '../../extension/model/execution.js';
import type { SimulationResult } from '../../extension/model/simulation.js';
import { agreementText } from './execution-text.js';
import { counted } from '../../extension/model/plural.js';

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

/** `2 errors`, `no error`, `no error found` where not everything was run, or `not run`; and how many steps were left out. */
export function verdict({ verdict, counterexamples, bounds, missing = [] }: SimulationResult): TemplateResult {
  if (verdict === 'not run') return html`<span class="verdict warn">not run</span>`;
  if (verdict === 'errors') return html`<span class="verdict errors">${counted(counterexamples.length, 'error')}</span>`;
  const left = missing.filter(({ instead }) => instead === null).length;
  const more = left === 0 ? nothing : html`<span class="warn">, ${counted(left, 'step')} left out</span>`;
  return html`<span class="verdict ${bounds.exhaustive ? 'good' : ''}">${bounds.exhaustive ? 'no error' : 'no error found'}${more}</span>`;
}

/** `1 report`, `no error`, `unknown` or `not run`, and whether that is what the simulator says. */
export function executedVerdict(execution: ExecutionResult): TemplateResult {
  const { verdict, reports, agreement } = execution;
  if (verdict === 'not run') return html`<span class="verdict warn">not run</span>`;
  const tone = { 'no error': 'good', errors: 'errors', unknown: 'warn' }[verdict];
  const words = verdict === 'errors' ? counted(reports.length, 'report') : verdict;
  const agrees = { agrees: 'good', disagrees: 'warn', 'not compared': 'dim' }[agreement.verdict];
  return html`<span class="verdict ${tone}">${words}</span> <span class="verdict ${agrees}">${agreementText(execution)}</span>`;
}
