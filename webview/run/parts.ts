// The parts of a run: setup, an operation of the scenario each, teardown. Operations that run beside each other are one.
import type { RunSide } from '../../extension/editor/protocol/webview-messages.js';
import type { SimulationTrace } from '../../extension/model/simulation.js';
import { mainStep, type Row, type Traces } from './step-rows.js';

export interface Part {
  readonly kind: 'setup' | 'operations' | 'teardown';
  /** Unique in the page; what `RunView.unfolded` lists. */
  readonly name: string;
  /** Indexes into the operations of either run, in order. */
  readonly operations: readonly number[];
}

export const setup: Part = { kind: 'setup', name: 'setup', operations: [] };
export const teardown: Part = { kind: 'teardown', name: 'teardown', operations: [] };

/** In the order of the run. */
export class Parts {
  readonly all: readonly Part[];
  private readonly ofOperation: readonly Part[];
  private readonly ofStep: Readonly<Record<RunSide, readonly Part[]>>;

  constructor(traces: Traces) {
    const { base, run } = traces;
    this.ofOperation = operationParts(base === null ? [run] : [base, run]);
    this.ofStep = { base: base === null ? [] : this.stepsOf(base), run: this.stepsOf(run) };
    this.all = [setup, ...new Set(this.ofOperation), teardown];
  }

  /** The part that a step belongs to: what was put off until an operation had ended is told with it. */
  at(side: RunSide, step: number): Part {
    return this.ofStep[side][step] ?? setup;
  }

  of(row: Row): Part {
    const { side, step } = mainStep(row);
    return this.at(side, step);
  }

  private stepsOf({ steps, teardown: end = Infinity }: SimulationTrace): readonly Part[] {
    let begun = setup;
    return steps.map(({ operation }, index) => {
      if (operation >= 0) begun = this.ofOperation[operation] ?? begun;
      return index >= end ? teardown : begun;
    });
  }
}

/** The part of each operation. */
function operationParts(traces: readonly SimulationTrace[]): readonly Part[] {
  const spans = traces.map(spansOf);
  const parts: Part[] = [];
  let group: number[] = [];
  for (let operation = 0; operation < Math.max(...spans.map(({ length }) => length)); operation++) {
    const beside = spans.some((own) => group.some((other) => (own[other]?.last ?? -1) > (own[operation]?.first ?? Infinity)));
    if (!beside) group = [];
    group.push(operation);
    if (!beside) parts.push({ kind: 'operations', name: `operation ${operation}`, operations: group });
    else parts.push(parts.at(-1) ?? setup);
  }
  return parts;
}

interface Span {
  readonly first: number;
  readonly last: number;
}

/** The first and the last step of each operation. */
export function spansOf({ operations, steps }: SimulationTrace): readonly Span[] {
  const spans = operations.map(() => ({ first: Infinity, last: -1 }));
  for (const [index, { operation }] of steps.entries()) {
    const span = spans[operation];
    if (span === undefined) continue;
    span.first = Math.min(span.first, index);
    span.last = index;
  }
  return spans;
}
