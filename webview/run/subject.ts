// What a page walks through: the path to the chosen error, beside what the base does on it, or the path that a kernel's run was compared with.
import type { RunView, ShownRun } from '../../extension/editor/protocol/webview-messages.js';
import { errorStep, type Counterexample } from '../../extension/model/simulation.js';
import { pairedRows } from './paired-rows.js';
import { singleRows, type Row, type Traces } from './step-rows.js';
import { storyOf, type Story } from './story.js';

export interface ShownSubject {
  readonly traces: Traces;
  /** All of them. */
  readonly rows: readonly Row[];
  readonly story: Story;
  /** What the error is about, in words; empty where nothing goes wrong. */
  readonly error: string;
  /** Index of the step that the error is told at. */
  readonly errorStep: number | undefined;
  /** null for a run in a kernel. */
  readonly counterexample: Counterexample | null;
  /** Whether the base can be shown beside it. */
  readonly comparable: boolean;
}

/** Null where a run has no path to walk through. */
export function subjectOf(run: ShownRun, { counterexample: chosen, compare }: RunView): ShownSubject | null {
  if ('execution' in run) {
    const { trace } = run.execution.agreement;
    if (trace === null) return null;
    const traces: Traces = { run: trace, base: null };
    const text = trace.steps.findLast(({ kind }) => kind === 'error')?.text ?? '';
    return { ...about(traces, null, null, traces), error: text, counterexample: null, comparable: false };
  }
  const counterexample = run.result.counterexamples[chosen];
  if (counterexample === undefined) return null;
  const { trace, error } = counterexample;
  const base = run.base?.traces[chosen];
  const beside: Traces = { run: trace, base: base === undefined || typeof base === 'string' ? null : base };
  const traces: Traces = compare ? beside : { run: trace, base: null };
  const comparable = beside.base !== null;
  return { ...about(traces, error, run.blames?.[chosen] ?? null, beside), error: error.message, counterexample, comparable };
}

type About = Pick<ShownSubject, 'traces' | 'rows' | 'story' | 'errorStep'>;

/** The story is told beside the base also where its steps are not shown. */
function about(
  traces: Traces,
  error: Counterexample['error'] | null,
  blame: Parameters<typeof storyOf>[1]['blame'],
  storyTraces: Traces,
): About {
  const rows = traces.base === null ? singleRows(traces.run) : pairedRows(traces.base, traces.run);
  return { traces, rows, story: storyOf(storyTraces, { error, blame }), errorStep: errorStep(error, traces.run) };
}
