// The ways out of a function: what a path leaves behind when it returns.
import { any, errors, negative, nonNegative, positive, type IntegerSet } from '../kernel/contract.js';
import type { Span } from '../model/source.js';
import type { FunctionGraph, Terminator } from '../program/graph.js';
import type { ErrorCodes } from './error-codes.js';
import type { ExitClass, Violation } from './violation.js';
import { isSubset, overlaps } from './integer-set.js';
import type { AbstractInterpreter } from './abstract-interpreter.js';
import { rungAt } from './rungs.js';
import type { PathState } from './path-state.js';
import type { Surroundings } from './surroundings.js';
import type { ValueId } from './symbolic-values.js';

export interface Exit {
  readonly state: PathState;
  readonly value: ValueId | null;
  readonly set: IntegerSet;
}

export class Exits {
  readonly all: Exit[] = [];
  /** Kept until it is known that no path tests the result. */
  private readonly unchecked: { readonly value: ValueId; readonly violation: Violation }[] = [];

  constructor(
    private readonly graph: FunctionGraph,
    private readonly interpreter: AbstractInterpreter,
    private readonly codes: ErrorCodes,
    private readonly around: Surroundings,
  ) {}

  /** A path returns. */
  leave(state: PathState, terminator: Extract<Terminator, { kind: 'return' }>): void {
    const { values } = this.interpreter;
    this.around.left?.(state, this.interpreter.values, terminator);
    const value = terminator.value === null ? null : this.interpreter.evaluate(state, terminator.value);
    const set = value === null ? any : state.setOf(values, value);
    const exit = this.classOf(set);
    const constant = value === null ? undefined : state.constantOf(values, value);
    const written = terminator.value === null ? null : this.around.text(terminator.value.span);
    state.step({ kind: 'return', value: written, constant }, terminator.span);
    this.leaks(state, value, exit, terminator.span);
    if (value !== null) this.returnedAfterRelease(state, value, terminator);
    for (const [id, untested] of state.untested) {
      if (!untested.stored || !untested.acquires || !untested.allocates || exit === 'failure') continue;
      if (id === value) continue;
      this.unchecked.push({
        value: id,
        violation: { kind: 'unchecked-store', span: untested.trace.span, trace: state.trace, subject: untested.callee, untested },
      });
    }
    this.codes.stale(state, terminator, constant);
    this.releaseOrder(state);
    this.all.push({ state, value, set });
  }

  private classOf(set: IntegerSet): ExitClass {
    if (this.graph.returns.kind === 'void') return 'unknown';
    if (this.graph.returns.kind === 'pointer') {
      if (isSubset(set, positive)) return 'success';
      return isSubset(set, [[-4095, 0]]) ? 'failure' : 'unknown';
    }
    if (isSubset(set, negative)) return 'failure';
    return isSubset(set, nonNegative) ? 'success' : 'unknown';
  }

  /** A pointer is handed to the caller although the reference that came with it was put. */
  private returnedAfterRelease(state: PathState, value: ValueId, terminator: Extract<Terminator, { kind: 'return' }>): void {
    for (const release of state.released.values()) {
      if (release.value !== value || !release.last || release.tokenId === null || release.doubtful || terminator.value === null) continue;
      if (
        this.graph.returns.kind !== 'pointer' ||
        state.tokens.some((token) => token.value === value) ||
        state.reported.has(`use ${value}`)
      )
        continue;
      state.reported.add(`use ${value}`);
      const subject = this.around.text(terminator.value.span);
      this.around.report({ kind: 'use-after-release', release, span: terminator.span, trace: state.trace, subject, returned: true });
    }
  }

  private leaks(state: PathState, value: ValueId | null, exit: ExitClass, span: Span): void {
    const { values } = this.interpreter;
    const returned = value === null ? null : this.returnedObject(value);
    for (const token of state.tokens) {
      if (token.holder !== 'local' || token.doubtful) continue;
      if (token.value === returned || token.value === value) continue;
      // a get on an object at hand is often for what the function leaves behind when it succeeds
      if (token.taken && exit !== 'failure') continue;
      if (this.interpreter.subjectOf(state, token.value) !== null) continue;
      if (token.within !== null && this.survives(state, token.within, returned)) continue;
      const set = state.setOf(values, token.value);
      if (isSubset(set, [[-4095, 0]])) continue;
      if (overlaps(set, errors) && !overlaps(set, positive)) continue;
      this.around.report({
        kind: 'leak',
        span,
        trace: state.trace,
        subject: token.callee,
        token,
        exit,
        refusedBy: state.refused.get(token.value) ?? null,
      });
    }
  }

  /** Whether the object that holds the pointer leaves the function alive and owned. */
  private survives(state: PathState, object: ValueId, returned: ValueId | null): boolean {
    if (object === returned) return true;
    const holders = state.tokens.filter((token) => token.value === object);
    // an object that leaks itself is reported once, for itself
    return holders.length > 0;
  }

  private returnedObject(value: ValueId): ValueId {
    const { values } = this.interpreter;
    const node = values.node(value);
    if (node.kind !== 'address') return value;
    const root = values.root(node.location);
    return root.kind === 'target' ? root.pointer : value;
  }

  /** Two rungs of the ladder in the order of acquiring: what was acquired first was also released first. */
  private releaseOrder(state: PathState): void {
    const labelAt = (at: Span): string | undefined => rungAt(this.graph, at)?.name;
    state.unwound.forEach((earlier, index) => {
      const later = state.unwound[index + 1];
      if (later === undefined || earlier.token.value === later.token.value) return;
      if (earlier.token.trace.length >= later.token.trace.length || earlier.span.start >= later.span.start) return;
      if (earlier.span.start < later.token.trace.span.start) return;
      const first = labelAt(earlier.span);
      const second = labelAt(later.span);
      if (first === undefined || second === undefined || first === second) return;
      this.around.report({
        kind: 'order',
        span: earlier.span,
        trace: state.trace,
        subject: earlier.token.callee,
        first: earlier.token,
        second: later.token,
        label: first,
      });
    });
  }

  /** Reports what had to wait for all paths. */
  finish(): void {
    for (const { value, violation } of this.unchecked) if (!this.interpreter.everTested.has(value)) this.around.report(violation);
    this.codes.finish(this.all.some((exit) => isSubset(exit.set, negative)));
  }
}
