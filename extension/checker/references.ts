// References on one path: who holds them, what acquiring, storing and dereferencing does to them, and what goes wrong with that.
import { errors, positive, zero, type Contract, type Effect } from '../kernel/contract.js';
import type { Span } from '../model/source.js';
import type { Instruction, PlaceExpression, PureExpression } from '../program/graph.js';
import { siteIn } from './effects.js';
import type { Violation } from './violation.js';
import { intersect, isEmpty, isSubset } from './integer-set.js';
import type { PathState, Token, Untested } from './path-state.js';
import { pointeeTag, Subjects } from './subjects.js';
import type { LocationId, ValueId } from './symbolic-values.js';

export type CallInstruction = Extract<Instruction, { kind: 'call' }>;

export abstract class References extends Subjects {
  /** Results of failing calls that some path tests. */
  readonly everTested = new Set<ValueId>();

  /** A path looked whether the call that gave this value failed. */
  tested(state: PathState, value: ValueId): void {
    state.untested.delete(value);
    this.everTested.add(value);
  }

  untestedOf(state: PathState, value: ValueId): Untested | null {
    return state.untested.get(value) ?? null;
  }

  protected dereference(
    state: PathState,
    pointer: ValueId,
    span: Span,
    expression: PureExpression | null,
    by: Contract | null = null,
    index = -1,
  ): void {
    const { values } = this;
    const set = state.setOf(values, pointer);
    const subject = expression === null ? '' : this.around.text(expression.span);
    const untested = this.untestedOf(state, pointer);
    if (isSubset(set, zero) || isSubset(set, errors)) {
      // that a call can answer NULL is no flaw of a caller who knows that it does not here
      if (untested === null || untested.acquires) {
        this.reportOnce(state, `bad ${pointer}`, {
          kind: 'bad-dereference',
          what: isSubset(set, zero) ? 'null' : 'error',
          given: expression?.kind === 'variable' && values.node(pointer).kind === 'constant' ? state.givenNull(expression.variable) : null,
          span,
          trace: state.trace,
          subject,
          untested,
          passedTo: by?.name ?? null,
          releases:
            by?.outcomes.some((outcome) => outcome.effects.some((effect) => effect.kind === 'release' && effect.subject.root === index)) ??
            false,
        });
      }
      return;
    }
    this.useReleased(state, pointer, span, subject);
    if (values.node(pointer).kind !== 'constant') {
      const valid = intersect(set, positive);
      if (!isEmpty(valid)) state.facts.set(pointer, valid);
    }
  }

  protected useReleased(state: PathState, pointer: ValueId, span: Span, subject: string): void {
    for (const release of state.released.values()) {
      if (release.value !== pointer || !release.last || state.dying.has(pointer)) continue;
      if (state.tokens.some((token) => token.value === pointer)) continue;
      this.reportOnce(state, `use ${pointer}`, { kind: 'use-after-release', release, span, trace: state.trace, subject, returned: false });
      return;
    }
  }

  /** A pointer was stored: whoever can reach the memory now holds the reference. */
  protected stored(state: PathState, at: LocationId, value: ValueId): void {
    const { values } = this;
    const root = values.root(at);
    const note = state.untested.get(value);
    // which element of an array holds what is not followed
    if (this.isElement(at)) this.doubt(state, value);
    if (root.kind === 'variable') {
      const type = this.graph.variables[root.variable]?.type.kind;
      if (type === 'array') this.hold(state, value, null);
      return;
    }
    if (note !== undefined) state.untested.set(value, { ...note, stored: true });
    const node = this.values.node(value);
    const inside = node.kind === 'address' ? values.root(node.location) : null;
    // an object that points into itself holds nothing
    if (root.kind === 'target' && inside?.kind === 'target' && inside.pointer === root.pointer) return;
    if (root.kind === 'target' && state.privateObjects.has(root.pointer)) this.hold(state, value, root.pointer);
    else this.hold(state, value, null);
  }

  protected hold(state: PathState, value: ValueId, within: ValueId | null): void {
    const node = this.values.node(value);
    const pointee = node.kind === 'address' ? this.values.root(node.location) : null;
    const object = pointee !== null && pointee.kind === 'target' ? pointee.pointer : value;
    const mine = state.tokens.filter((token) => token.value === object && token.holder === 'local');
    // one place holds one reference; of memory and of files there is only one to move
    const moved = mine.find((token) => token.initial) ?? mine[0];
    if (moved !== undefined) {
      state.tokens = state.tokens.map((token) => {
        if (token !== moved) return token;
        return within === null ? { ...token, holder: 'stored' as const, within: null } : { ...token, within };
      });
    }
    const parameter = this.subjectOf(state, object);
    if (within === null) {
      if (parameter !== null && this.isPointerParameter(parameter)) this.record(state, { kind: 'escape', subject: parameter });
      this.escape(state, object);
    }
  }

  /** Where the pointer to a reference went out of sight, what becomes of the reference is not known. */
  protected doubt(state: PathState, value: ValueId): void {
    if (!state.tokens.some((token) => token.value === value && !token.doubtful)) return;
    state.tokens = state.tokens.map((token) => (token.value === value ? { ...token, doubtful: true } : token));
  }

  /** Others can reach the object from now on. */
  escape(state: PathState, object: ValueId): void {
    if (!state.privateObjects.delete(object)) return;
    for (const token of state.tokens) {
      if (token.within === object && token.holder === 'local') {
        state.tokens = state.tokens.map((one) => (one === token ? { ...token, holder: 'stored' } : one));
        this.escape(state, token.value);
      }
    }
  }

  /** Whether the reference is to something that the caller had a pointer to before. */
  protected taken(effect: Extract<Effect, { kind: 'acquire' }>): boolean {
    return effect.subject.root !== 'result' && !effect.subject.path.includes('*');
  }

  protected acquire(
    state: PathState,
    resource: string,
    value: ValueId,
    callee: string,
    id: string,
    how: {
      readonly tag: string;
      readonly holder: Token['holder'];
      readonly initial: boolean;
      readonly taken: boolean;
      readonly isNew: boolean;
    },
  ): void {
    if (state.constantOf(this.values, value) === 0) return;
    for (const [key, release] of [...state.released]) if (release.value === value) state.released.delete(key);
    const repeated = state.tokens.filter((token) => token.id === id || token.id.startsWith(`${id}+`)).length;
    if (repeated >= 3) return;
    const token: Token = {
      id: repeated === 0 ? id : `${id}+${repeated}`,
      resource,
      value,
      holder: how.holder,
      within: null,
      doubtful: false,
      initial: how.initial,
      taken: how.taken,
      callee,
      tag: how.tag,
      trace: state.trace,
    };
    state.tokens = [...state.tokens, token];
    if (how.isNew) state.privateObjects.add(value);
  }

  /** Reports a violation unless one of its kind was reported of the same value on this path. */
  protected reportOnce(state: PathState, key: string, violation: Violation): void {
    if (state.reported.has(key)) return;
    state.reported.add(key);
    this.around.report(violation);
  }

  protected transfer(state: PathState, effect: Extract<Effect, { kind: 'transfer' }>, value: ValueId, span: Span): void {
    const mine = state.tokens.filter((token) => token.value === value && token.holder === 'local');
    const token = mine.find((one) => one.resource === effect.resource) ?? mine.find((one) => one.resource === 'counted') ?? mine[0];
    if (token !== undefined) {
      state.tokens = state.tokens.map((one) => (one === token ? { ...token, holder: 'stored', within: null } : one));
      this.escape(state, value);
      return;
    }
    const subject = this.subjectOf(state, value);
    if (subject !== null)
      this.record(state, {
        kind: 'transfer',
        resource: effect.resource,
        subject,
        to: effect.to,
        at: effect.at ?? siteIn(this.graph, span),
      });
  }

  /** Whether a pointer is what stands in memory that others reach, such as the target of an out-parameter of our own. */
  protected inSharedMemory(state: PathState, value: ValueId): boolean {
    const node = this.values.node(value);
    return (
      node.kind === 'symbol' && node.origin.kind === 'load' && node.origin.epoch !== '' && !this.isPrivate(state, node.origin.location)
    );
  }

  /** `tag.field` of the count whose address is the first argument of a call. */
  protected countName(instruction: CallInstruction): string {
    const argument = instruction.arguments[0];
    if (argument?.kind !== 'value' || argument.value.kind !== 'address' || argument.value.place.kind !== 'field') return '';
    const { place } = argument.value;
    return `${this.tagOf(place.base)}.${place.name}`;
  }

  protected tagOf(place: PlaceExpression): string {
    if (place.kind === 'deref' && place.pointer.kind === 'variable') return pointeeTag(this.graph.variables[place.pointer.variable]?.type);
    if (place.kind === 'variable') {
      const type = this.graph.variables[place.variable]?.type;
      return type?.kind === 'record' ? (type.tag ?? '') : '';
    }
    return '';
  }
}
