// The lines of a call trace; those with a place in the tree lead there.
import { css, html, nothing, type TemplateResult } from 'lit';
import type { KernelFrame } from '../../extension/model/execution.js';
import { tell } from './events.js';
import { frameText } from './execution-text.js';

export const framesStyles = css`
  ol.frames {
    list-style: none;
    margin: 2px 0 4px;
    padding: 0;
    display: grid;
    grid-template-columns: minmax(0, max-content) minmax(0, 1fr);
  }
  ol.frames li {
    display: grid;
    grid-template-columns: subgrid;
    grid-column: 1 / -1;
    gap: 0 16px;
    padding: 1px 0 1px 12px;
    overflow-wrap: anywhere;
  }
  @media (max-width: 600px) {
    ol.frames li {
      display: block;
    }
  }
`;

/** A call trace, innermost first; `sender` tells the page what to reveal. */
export function framesList(sender: EventTarget, frames: readonly KernelFrame[], label: string): TemplateResult {
  const reveal = ({ at, function: name }: KernelFrame): void => {
    if (at !== null) tell(sender, 'run-post', { t: 'reveal', side: 'run', at: { ...at, span: null, function: name }, focus: true });
  };
  return html`<ol class="frames code" aria-label=${label}>
    ${frames.map(
      (frame) =>
        html`<li class=${frame.sure ? '' : 'dim'}>
          <span>${frameText(frame)}</span>
          ${
            frame.at === null
              ? nothing
              : html`<span><button class="link" @click=${() => reveal(frame)}>${frame.at.file}:${frame.at.line}</button></span>`
          }
        </li>`,
    )}
  </ol>`;
}
