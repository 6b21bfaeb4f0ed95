// Error codes on their way to a return: which check they were for, what was decided since, and whether they are stale.
import { nonNegative, positive } from '../kernel/contract.js';
import type { FunctionGraph, Terminator, VariableId } from '../program/graph.js';
import type { Violation } from './violation.js';
import { isSubset } from './integer-set.js';
import type { AbstractInterpreter } from './abstract-interpreter.js';
import type { PathState } from './path-state.js';
import type { Surroundings } from './surroundings.js';
import type { ValueId } from './symbolic-values.js';

export class ErrorCodes {
  /** Kept until it is known whether the function tells failure by a negative number at all. */
  private readonly missing: Violation[] = [];

  constructor(
    private readonly graph: FunctionGraph,
    private readonly interpreter: AbstractInterpreter,
    private readonly around: Surroundings,
  ) {}

  /** Follows what a decision means for the error codes that are waiting to be returned. */
  decide(
    state: PathState,
    terminator: Extract<Terminator, { kind: 'branch' }>,
    condition: ValueId,
    block: number,
    jumps: boolean,
    otherJumps: boolean,
  ): void {
    const { values } = this.interpreter;
    if (terminator.source === 'cleanup') return;
    if (jumps) state.failed = this.failedAllocation(state, condition);
    for (const [variable, note] of state.errno) {
      if (note.phase === 'exit') continue;
      if (jumps) {
        state.errno.set(variable, { ...note, phase: 'exit' });
        continue;
      }
      const { call } = note;
      const own = call !== null && otherJumps && values.mentions(condition, call.result) && terminator.source === 'if';
      if (own && isSubset(state.setOf(values, call.result), call.pointer ? positive : nonNegative)) {
        state.errno.set(variable, { ...note, phase: 'passed', decidedBy: block });
        continue;
      }
      if (otherJumps && !note.checked) state.errno.set(variable, { ...note, checked: true });
      if (call !== null && values.mentions(condition, call.result) && !otherJumps && terminator.source === 'if') {
        const set = state.setOf(values, call.result);
        const succeeded = isSubset(set, call.pointer ? positive : nonNegative);
        state.errno.set(variable, { ...note, phase: succeeded ? 'passed' : 'exit', decidedBy: block });
      } else if (note.phase === 'passed') state.errno.set(variable, { ...note, phase: 'unclear' });
    }
  }

  /** Looks at the code that a path returns. */
  stale(state: PathState, terminator: Extract<Terminator, { kind: 'return' }>, constant: number | undefined): void {
    this.missingCode(state, terminator, constant);
    if (terminator.value?.kind !== 'variable' || constant === undefined || constant >= 0) return;
    const note = state.errno.get(terminator.value.variable);
    if (note?.phase !== 'passed' || note.call === null || note.decidedBy === null) return;
    if (!this.failureSets(note.decidedBy, terminator.value.variable)) return;
    this.around.report({
      kind: 'stale-return',
      span: terminator.span,
      trace: state.trace,
      subject: this.graph.variables[terminator.value.variable]?.name ?? '',
      note,
      call: note.call.name,
    });
  }

  /** The allocation that a condition found to have failed. */
  private failedAllocation(state: PathState, condition: ValueId): PathState['failed'] {
    const { values } = this.interpreter;
    let failed: PathState['failed'] = null;
    const look = (id: ValueId): void => {
      const node = values.node(id);
      if (node.kind === 'compare') {
        look(node.left);
        look(node.right);
      } else if (node.kind === 'symbol' && node.origin.kind === 'call' && state.constantOf(values, id) === 0) {
        if (this.around.contract(node.origin.callee)?.allocates === true) failed = { callee: node.origin.callee, trace: state.trace };
      }
    };
    look(condition);
    return failed;
  }

  /** An allocation failed, and what is returned is 0 or the code of a check that had passed. */
  private missingCode(state: PathState, terminator: Extract<Terminator, { kind: 'return' }>, constant: number | undefined): void {
    if (state.failed === null || constant === undefined || this.graph.returns.kind !== 'integer' || terminator.value?.kind !== 'variable')
      return;
    const note = state.errno.get(terminator.value.variable);
    const stale = note !== undefined && note.value !== -12 && note.checked && note.trace.length < state.failed.trace.length;
    if (constant !== 0 && !stale) return;
    this.missing.push({
      kind: 'missing-code',
      span: terminator.span,
      trace: state.trace,
      subject: this.graph.variables[terminator.value.variable]?.name ?? '',
      callee: state.failed.callee,
      returned: constant,
    });
  }

  /** Whether the failure has its way out, or gives the variable an error code of its own, so that the code was not for success. */
  private failureSets(block: number, variable: VariableId): boolean {
    const terminator = this.graph.blocks[block]?.terminator;
    if (terminator?.kind !== 'branch') return false;
    if (terminator.thenJumps || terminator.elseJumps) return true;
    return [terminator.then, terminator.else].some((side) =>
      (this.graph.blocks[side]?.instructions ?? []).some(
        (one) => one.kind === 'assign' && one.target.kind === 'variable' && one.target.variable === variable && one.value.kind === 'unary',
      ),
    );
  }

  /** Reports what waited for the function to be known to return error codes. */
  finish(returnsErrors: boolean): void {
    if (returnsErrors) for (const violation of this.missing) this.around.report(violation);
  }
}
