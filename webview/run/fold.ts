// A part of the page that can be folded away; what is unfolded is kept with the view.
import { html, nothing, type TemplateResult } from 'lit';
import { emit } from './page-events.js';

export interface Fold {
  /** Unique in the page; what `RunView.unfolded` lists. */
  readonly name: string;
  readonly summary: TemplateResult | string;
  /** Made only while it is unfolded. */
  readonly body: () => TemplateResult;
}

/** The part, folded unless `unfolded` names it; toggling tells the page. */
export function fold(sender: EventTarget, unfolded: readonly string[], { name, summary, body }: Fold): TemplateResult {
  const open = unfolded.includes(name);
  const toggled = (event: Event): void => {
    const { open: wanted } = event.currentTarget as HTMLDetailsElement;
    if (wanted === open) return;
    const others = unfolded.filter((each) => each !== name);
    emit(sender, 'run-view', { unfolded: wanted ? [...others, name] : others });
  };
  return html`<details ?open=${open} @toggle=${toggled}>
    <summary>${summary}</summary>
    ${open ? body() : nothing}
  </details>`;
}
