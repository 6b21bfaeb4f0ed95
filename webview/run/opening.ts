// How a path comes up where nobody has selected a step of it: at the error, with the steps of that operation unfolded.
import type { RunView } from '../../extension/editor/protocol/webview-messages.js';
import { Parts, type Part } from './parts.js';
import type { ShownSubject } from './subject.js';

/** The view of a path that was not looked at yet. */
export function opened(view: RunView, { traces, errorStep: step }: Pick<ShownSubject, 'traces' | 'errorStep'>): RunView {
  if (step === undefined) return view;
  const parts = new Parts(traces);
  return { ...view, selected: { side: 'run', step }, unfolded: withParts(view.unfolded, [parts.at('run', step)]) };
}

/** With these parts of the run unfolded and no others; what else of the page is unfolded stays. */
export function withParts(unfolded: readonly string[], parts: readonly Part[]): readonly string[] {
  const isPart = (name: string): boolean => /^(setup|operation \d+|teardown)$/.test(name);
  return [...unfolded.filter((name) => !isPart(name)), ...parts.map(({ name }) => name)];
}
