// A place of the tree as a link that shows it in the editor.
import { html, type TemplateResult } from 'lit';
import type { CodePlace } from '../../extension/model/simulation.js';
import { emit } from './page-events.js';

/** `file:line`; the editor goes there, on the tree of the run. */
export function placeLink(sender: EventTarget, at: CodePlace): TemplateResult {
  const reveal = (): void => emit(sender, 'run-post', { t: 'reveal', side: 'run', at, focus: true });
  return html`<button class="link code" @click=${reveal}>${at.file}:${at.line}</button>`;
}
