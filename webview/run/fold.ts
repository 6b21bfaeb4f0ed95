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
  return html`<details ?open=${open} @toggle=${toggled(sender, unfolded, name)}>
    <summary>${summary}</summary>
    ${open ? body() : nothing}
  </details>`;
}

/** For a <details> that is open where `unfolded` names it: tells the page when somebody toggles it, and brings into sight what was unfolded. */
export function toggled(sender: EventTarget, unfolded: readonly string[], name: string): (event: Event) => void {
  return (event) => {
    const part = event.currentTarget as HTMLDetailsElement;
    const { open } = part;
    if (open === unfolded.includes(name)) return;
    emit(sender, 'run-view', { unfolded: withUnfolded(unfolded, name, open) });
    // Its body may lie below the edge of the page, and be made only once the page has drawn it.
    if (open) requestAnimationFrame(() => part.scrollIntoView({ block: 'nearest' }));
  };
}

/** What is unfolded, with this part or without it. */
export function withUnfolded(unfolded: readonly string[], name: string, open: boolean): readonly string[] {
  const others = unfolded.filter((each) => each !== name);
  return open ? [...others, name] : others;
}
