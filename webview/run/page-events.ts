// What the parts of the page tell the page. They change nothing themselves: the page does, and hands down the new view.
import type { FromPage, RunSide, RunView } from '../../extension/editor/protocol/webview-messages.js';

export interface PageEvents {
  /** Parts of the view that are to change. */
  'run-view': Partial<RunView>;
  'run-select': { readonly side: RunSide; readonly step: number };
  /** Folds a part of the run, or unfolds it. */
  'run-fold': { readonly part: string; readonly open: boolean };
  /** Folds all parts of the run, or unfolds all. */
  'run-fold-all': { readonly open: boolean };
  /** Copies what the list shows. */
  'run-copy': null;
  /** Something that only the panel can do. */
  'run-post': FromPage;
}

/** Tells the page, through whatever elements are around the sender. */
export function emit<Name extends keyof PageEvents>(sender: EventTarget, name: Name, detail: PageEvents[Name]): void {
  sender.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}

export function listen<Name extends keyof PageEvents>(target: EventTarget, name: Name, handler: (detail: PageEvents[Name]) => void): void {
  target.addEventListener(name, (event) => handler((event as CustomEvent<PageEvents[Name]>).detail));
}
