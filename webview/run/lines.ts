// The lines of the list: the parts of a run, and under those that are unfolded the steps that a filter lets through.
import type { RunFilter, RunView } from '../../extension/editor/protocol/webview-messages.js';
import { Parts, setup, teardown, type Part } from './parts.js';
import { mainStep, rowIndexOf, shownRows, stepOf, type Row, type Traces } from './step-rows.js';

/** The head of a part: an operation, or the whole of setup or teardown. */
export interface PartLine {
  readonly kind: 'part';
  readonly part: Part;
  /** Index among the operations; null for setup and teardown. */
  readonly operation: number | null;
  readonly row: Row;
  readonly open: boolean;
}

export interface StepLine {
  readonly kind: 'step';
  readonly part: Part;
  readonly row: Row;
}

export type ListLine = PartLine | StepLine;

/** What is to be selected. */
export interface LineTarget {
  readonly row: Row;
  /** Whether the step itself is meant, rather than what stands for it while it is folded away. */
  readonly inside: boolean;
}

/** Whether a filter looks for something: then all parts that have it are open, and others are not there. */
function seeks({ text, object, thread }: RunFilter): boolean {
  return text.trim() !== '' || object !== null || thread !== null;
}

/** The rows of a run, those of them that a filter lets through, and the lines that tell of both. */
export class Listing {
  readonly parts: Parts;
  readonly rows: readonly Row[];
  readonly lines: readonly ListLine[];
  /** How many rows each part shows when it is unfolded, by its name. */
  readonly counts: ReadonlyMap<string, number>;
  private readonly order: ReadonlyMap<Row, number>;

  constructor(
    readonly traces: Traces,
    readonly all: readonly Row[],
    { filter, unfolded }: Pick<RunView, 'filter' | 'unfolded'>,
  ) {
    this.parts = new Parts(traces);
    this.order = new Map(all.map((row, index) => [row, index]));
    this.rows = shownRows(traces, all, filter);
    const shown = new Map(this.parts.all.map((part): [Part, Row[]] => [part, []]));
    for (const row of this.rows) shown.get(this.parts.of(row))?.push(row);
    this.counts = new Map([...shown].map(([{ name }, rows]) => [name, rows.length]));
    const heads = this.heads();
    this.lines = this.parts.all.flatMap((part) =>
      this.linesOf(part, heads.get(part) ?? [], shown.get(part) ?? [], { seeking: seeks(filter), unfolded }),
    );
  }

  /** The line of a selected step, or the one that it is folded or filtered away behind; -1 for none. */
  lineIndexOf(selected: RunView['selected']): number {
    if (selected === null || this.lines.length === 0) return -1;
    const { side, step } = selected;
    const part = this.parts.at(side, step);
    const operation = this.traces[side]?.steps[step]?.operation ?? -1;
    const at = rowIndexOf(this.all, side, step);
    let found = 0;
    for (const [index, line] of this.lines.entries()) {
      if (line.part !== part) continue;
      // Folded, each operation stands for its own steps.
      if (line.kind === 'part' && !line.open) {
        if (line.operation === null || operation < 0 || line.operation === operation) found = index;
      } else if (this.orderOf(line) <= at) found = index;
    }
    return found;
  }

  /** Whether any part is unfolded. */
  get open(): boolean {
    return this.lines.some((line) => line.kind === 'step');
  }

  /** The first step under the head of a part; undefined where none is shown. */
  firstOf(head: PartLine): LineTarget | undefined {
    const line = this.lines.find((each) => each.kind === 'step' && each.part === head.part);
    return line && { row: line.row, inside: true };
  }

  /** The head that a selected step is under: that of its operation. */
  headOf({ part }: StepLine, selected: RunView['selected']): LineTarget | undefined {
    const operation = selected === null ? -1 : (this.traces[selected.side]?.steps[selected.step]?.operation ?? -1);
    const heads = this.lines.filter((line): line is PartLine => line.kind === 'part' && line.part === part);
    const line = heads.find((each) => each.operation === operation) ?? heads[0];
    return line && { row: line.row, inside: false };
  }

  private linesOf(
    part: Part,
    heads: readonly Row[],
    shown: readonly Row[],
    { seeking, unfolded }: { readonly seeking: boolean; readonly unfolded: readonly string[] },
  ): readonly ListLine[] {
    if (shown.length === 0 && (seeking || part.kind !== 'operations')) return [];
    const open = seeking || unfolded.includes(part.name);
    const headLines = heads.map((row): ListLine => ({ kind: 'part', part, operation: this.operationOf(row), row, open }));
    const steps = open ? shown.filter((row) => this.operationOf(row) === null) : [];
    const lines = [...headLines, ...steps.map((row): ListLine => ({ kind: 'step', part, row }))];
    return lines.sort((a, b) => this.orderOf(a) - this.orderOf(b));
  }

  /** The rows that stand for each part: the beginnings of its operations, or its first row. */
  private heads(): ReadonlyMap<Part, readonly Row[]> {
    const heads = new Map<Part, Row[]>();
    for (const row of this.all) {
      const part = this.parts.of(row);
      const own = heads.get(part);
      const begins = this.operationOf(row) !== null;
      if (begins && own !== undefined) own.push(row);
      else if (own === undefined && (begins || part === setup || part === teardown)) heads.set(part, [row]);
    }
    return heads;
  }

  /** The operation that begins with a row; null for any other row. */
  private operationOf(row: Row): number | null {
    const step = stepOf(this.traces, row, mainStep(row).side);
    return step?.kind === 'operation' ? step.operation : null;
  }

  private orderOf({ row }: ListLine): number {
    return this.order.get(row) ?? -1;
  }
}
