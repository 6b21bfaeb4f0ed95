// Conditions over all paths: which of them can only go one way, and how they read in the source.
import type { Span } from '../model/source.js';
import type { BasicBlock, FunctionGraph, Terminator, VariableId } from '../program/graph.js';
import type { PathEvent } from './event.js';
import type { PathState, TraceNode } from './path-state.js';
import type { Surroundings } from './surroundings.js';
import type { Origin } from './symbolic-values.js';

export interface BranchRecord {
  readonly block: BasicBlock;
  then: boolean;
  else: boolean;
  readonly subject: VariableId | null;
  trace: TraceNode;
  readonly reasons: Map<number, TraceNode>;
  constantReason: boolean;
}

export class Guards {
  private readonly branches = new Map<number, BranchRecord>();

  constructor(
    private readonly graph: FunctionGraph,
    private readonly around: Surroundings,
  ) {}

  /** What is known so far of the branch that ends a block, this path included. */
  recordOf(block: BasicBlock, terminator: Extract<Terminator, { kind: 'branch' }>, state: PathState, from: Origin | null): BranchRecord {
    let record = this.branches.get(block.id);
    const { condition } = terminator;
    const variable =
      condition.kind === 'variable'
        ? condition.variable
        : condition.kind === 'unary' && condition.operator === '!' && condition.operand.kind === 'variable'
          ? condition.operand.variable
          : condition.kind === 'binary' && condition.left.kind === 'variable' && condition.right.kind === 'constant'
            ? condition.left.variable
            : null;
    if (record === undefined) {
      record = { block, then: false, else: false, subject: variable, trace: state.trace, reasons: new Map(), constantReason: false };
      this.branches.set(block.id, record);
    }
    if (variable !== null) {
      const note = state.errno.get(variable);
      if (note !== undefined) {
        record.constantReason = true;
        this.addReason(record, state, note.assigned, { kind: 'reaches', statement: this.around.text(note.assigned) });
      } else if (from?.kind === 'call') {
        this.addReason(record, state, from.span, { kind: 'failed', callee: from.callee });
      }
    }
    return record;
  }

  private addReason(record: BranchRecord, state: PathState, span: Span, event: PathEvent): void {
    if (record.reasons.has(span.start)) return;
    record.reasons.set(span.start, { previous: null, event, inside: null, span, length: 0 });
    record.trace = state.trace;
  }

  /** Reports the tests of error codes that had one answer on all paths. */
  reportDecided(): void {
    for (const record of this.branches.values()) {
      const { terminator } = record.block;
      if (terminator.kind !== 'branch' || terminator.source !== 'if' || record.subject === null) continue;
      if (record.then === record.else) continue;
      const dead = record.then ? terminator.else : terminator.then;
      if (!record.constantReason && !this.assignsOnly(dead, record.subject)) continue;
      this.around.report({
        kind: 'decided',
        span: terminator.condition.span,
        trace: record.trace,
        subject: this.graph.variables[record.subject]?.name ?? '',
        always: record.then !== this.conditionText(terminator.condition.span).negated,
        condition: this.conditionText(terminator.condition.span).text,
        reasons: [...record.reasons.values()].sort((a, b) => a.span.start - b.span.start),
        constant: record.constantReason,
      });
    }
  }

  /** A condition as written; lowering takes a leading `!` off and swaps the sides. */
  conditionText(span: Span): { readonly text: string; readonly negated: boolean } {
    const wider = this.around.text({ start: span.start - 1, end: span.end });
    return wider.startsWith('!') ? { text: wider, negated: true } : { text: this.around.text(span), negated: false };
  }

  /** Whether a block does nothing but give the variable another value: the default that a guard stands for. */
  private assignsOnly(id: number, variable: VariableId): boolean {
    const instructions = this.graph.blocks[id]?.instructions ?? [];
    return (
      instructions.length === 1 &&
      instructions.every(
        (one) => one.kind === 'assign' && one.target.kind === 'variable' && one.target.variable === variable && one.value.kind === 'unary',
      )
    );
  }
}
