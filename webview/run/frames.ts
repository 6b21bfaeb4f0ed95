// The lines of a call trace; those with a place in the tree lead there, and those that say little are folded.
import { css, html, nothing, type TemplateResult } from 'lit';
import type { KernelFrame } from '../../extension/model/execution.js';
import { emit } from './page-events.js';
import { frameGroups, frameText } from './execution-text.js';
import { fold } from './fold.js';

export const framesStyles = css`
  ol.frames {
    list-style: none;
    margin: 2px 0 4px;
    padding: 0;
    display: grid;
    grid-template-columns: minmax(0, max-content) minmax(0, 1fr);
  }
  ol.frames > li {
    display: grid;
    grid-template-columns: subgrid;
    grid-column: 1 / -1;
    gap: 0 16px;
    padding: 1px 0 1px 12px;
    overflow-wrap: anywhere;
  }
  ol.frames > li.own {
    font-weight: 600;
  }
  ol.frames details {
    grid-column: 1 / -1;
  }
  @media (max-width: 600px) {
    ol.frames > li {
      display: block;
    }
  }
`;

export interface FramesPart {
  readonly label: string;
  /** Unique in the page; begins the names of what can be unfolded. */
  readonly name: string;
  readonly unfolded: readonly string[];
  /** The subsystem's folder, whose frames stand out. */
  readonly folder: string;
}

/** A call trace, innermost first; `sender` tells the page what to reveal. */
export function framesList(sender: EventTarget, frames: readonly KernelFrame[], part: FramesPart): TemplateResult {
  return html`<ol class="frames code" aria-label=${part.label}>
    ${frameGroups(frames).map((group, index) =>
      group.summary === null
        ? group.frames.map((frame) => frameItem(sender, frame, part.folder))
        : html`<li>
            ${fold(sender, part.unfolded, {
              name: `${part.name} aside ${index}`,
              summary: html`<span class="dim">${group.summary}</span>`,
              body: () =>
                html`<ol class="frames" aria-label=${group.summary}>
                  ${group.frames.map((frame) => frameItem(sender, frame, part.folder))}
                </ol>`,
            })}
          </li>`,
    )}
  </ol>`;
}

function frameItem(sender: EventTarget, frame: KernelFrame, folder: string): TemplateResult {
  const { at, function: name, sure } = frame;
  const reveal = (): void => {
    if (at !== null) emit(sender, 'run-post', { t: 'reveal', side: 'run', at: { ...at, span: null, function: name }, focus: true });
  };
  const own = sure && at?.file.startsWith(`${folder}/`) === true;
  return html`<li class=${sure ? (own ? 'own' : '') : 'dim'}>
    <span>${frameText(frame)}</span>
    ${at === null ? nothing : html`<span><button class="link" @click=${reveal}>${at.file}:${at.line}</button></span>`}
  </li>`;
}
