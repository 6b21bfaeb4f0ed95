// References on one path: who holds them, what acquiring, storing and releasing does to them, and what goes wrong with that.
import { errors, positive, zero, type Contract, type Effect, type Subject } from '../kernel/contract.js';
import type { Span } from '../model/source.js';
import type { Instruction, PlaceExpression, PureExpression } from '../program/graph.js';
import { siteIn } from './effects.js';
import type { Violation } from './violation.js';
import { intersect, isEmpty, isSubset } from './integer-set.js';
import { releaseKey, type PathState, type Token, type Untested } from './path-state.js';
import { Subjects } from './subjects.js';
import type { LocationId, ValueId } from './symbolic-values.js';

type OverRelease = Extract<Violation, { kind: 'over-release' }>;

export type CallInstruction = Extract<Instruction, { kind: 'call' }>;

export abstract class References extends Subjects {
  /** Results of failing calls that some path tests. */
  readonly everTested = new Set<ValueId>();

  /** Counts (`tag.field`) whose last drop destroys the object that they are in. */
  readonly destroys = new Set<string>();

  protected readonly dyingCounts = new Map<ValueId, string>();

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
      const key = `bad ${pointer}`;
      // that a call can answer NULL is no flaw of a caller who knows that it does not here
      if (!state.reported.has(key) && (untested === null || untested.acquires)) {
        state.reported.add(key);
        this.around.report({
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
      const key = `use ${pointer}`;
      if (state.reported.has(key)) return;
      state.reported.add(key);
      this.around.report({ kind: 'use-after-release', release, span, trace: state.trace, subject, returned: false });
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

  protected release(
    state: PathState,
    effect: Extract<Effect, { kind: 'release' }>,
    value: ValueId,
    instruction: CallInstruction,
    name: string,
  ): boolean {
    const { values } = this;
    const set = state.setOf(values, value);
    if (isSubset(set, [[-4095, 0]])) return true;
    const { resource } = effect;
    const { span } = instruction;
    const argument = instruction.arguments[0];
    const subject = argument?.kind === 'value' ? this.around.text(argument.value.span) : '';
    const mine = state.tokens.filter((token) => token.value === value);
    const matching = mine.filter((token) => token.resource === resource || token.resource === 'reference' || resource === 'reference');
    const direct = effect.at === undefined && resource !== 'counted' && resource !== 'reference';
    const remember = (tokenId: string | null, acquired: Token | null, last: boolean): void => {
      state.released.set(releaseKey(resource, value), {
        resource,
        value,
        callee: name,
        tokenId,
        acquired: acquired?.trace ?? null,
        trace: state.trace,
        last,
        doubtful: acquired?.doubtful ?? false,
        direct,
      });
    };
    if (resource === 'memory' && state.dying.has(value)) this.destroys.add(this.dyingCounts.get(value) ?? '');
    if (resource === 'memory') {
      const counted = mine.filter((token) => token.resource === 'counted' || token.resource === 'reference');
      if (counted.length > 0 && !state.dying.has(value)) {
        const fresh = counted.every((token) => token.initial);
        const stored = counted.find((token) => token.holder === 'stored');
        const doubtful = counted.some((token) => token.doubtful);
        const why =
          !fresh && counted.length > 1
            ? 'other-references'
            : stored !== undefined
              ? 'in-index'
              : !fresh
                ? 'counted'
                : counted.length > 1
                  ? 'other-references'
                  : null;
        const key = `direct ${value}`;
        if (why !== null && !doubtful && !state.reported.has(key)) {
          state.reported.add(key);
          this.around.report({ kind: 'direct-free', span, trace: state.trace, subject, callee: name, holders: counted, why });
        }
        for (const token of counted) this.around.released(token, span);
        state.tokens = state.tokens.filter((token) => !counted.includes(token));
        remember(counted[0]?.id ?? null, counted[0] ?? null, true);
        state.privateObjects.delete(value);
        return true;
      }
    }
    const token = matching.find((one) => one.holder === 'local') ?? matching[0];
    if (token !== undefined) {
      this.around.released(token, span);
      state.unwound = [...state.unwound.slice(-7), { token, span }];
      state.tokens = state.tokens.filter((one) => one !== token);
      const left = state.tokens.some((one) => one.value === value && one.resource === token.resource);
      if (resource === 'counted') {
        // the destructor of the last reference gives up what the object holds
        if (!left && effect.last !== true) {
          const held = state.tokens.filter((one) => one.within === value);
          state.tokens = state.tokens.filter((one) => !held.includes(one));
        }
      }
      if (effect.last === true && left) return false;
      if (effect.last === false && !left && state.privateObjects.has(value)) return false;
      if (effect.last === true) this.dies(state, value, instruction);
      // what was reached before the get is kept alive by whoever held it then
      remember(token.id, token, !left && !token.taken);
      if (!left) state.privateObjects.delete(value);
      return true;
    }
    if (
      resource === 'memory' &&
      mine.length > 0 &&
      mine.every((one) => one.resource !== 'memory' && !one.doubtful) &&
      !state.dying.has(value)
    ) {
      this.reportOnce(state, `direct ${value}`, {
        kind: 'direct-free',
        span,
        trace: state.trace,
        subject,
        callee: name,
        holders: mine,
        why: 'wrong-release',
      });
      return true;
    }
    if (state.dying.has(value) || this.belongsToDying(state, value)) {
      remember(null, null, resource === 'memory');
      return true;
    }
    const previous = state.released.get(releaseKey(resource, value));
    const parameter = this.subjectOf(state, value);
    const node = values.node(value);
    const borrowed = node.kind === 'symbol' && node.origin.kind === 'call' ? node.origin.callee : null;
    const overReleased = (how: Pick<OverRelease, 'previous' | 'borrowedFrom' | 'uninitialised'>): void => {
      this.reportOnce(state, `over ${value} ${resource}`, {
        kind: 'over-release',
        span,
        trace: state.trace,
        subject,
        resource,
        callee: name,
        ...how,
      });
    };
    if (previous !== undefined) {
      // of what came in from outside, others' references may be meant to go, too
      const counts =
        !previous.doubtful &&
        (resource === 'memory' ||
          (previous.tokenId !== null && borrowed !== null) ||
          (previous.tokenId === null && previous.direct && direct));
      if (parameter !== null && resource !== 'memory') this.record(state, this.recorded(effect, parameter, span));
      if (counts) overReleased({ previous, borrowedFrom: null, uninitialised: false });
      return true;
    }
    if (this.uninitialised(state, value)) {
      overReleased({ previous: null, borrowedFrom: null, uninitialised: true });
      return true;
    }
    if (parameter === null && borrowed !== null && this.lends(borrowed, resource)) {
      overReleased({ previous: null, borrowedFrom: borrowed, uninitialised: false });
    }
    if (parameter !== null) {
      this.record(state, this.recorded(effect, parameter, span));
    }
    if (effect.last === true) this.dies(state, value, instruction);
    // what a field held is gone with it; of a parameter the caller may hold more
    const stood = direct && node.kind === 'symbol' && node.origin.kind === 'load';
    remember(null, null, (resource === 'memory' || stood) && !effect.subject.path.some((step) => step !== '@'));
    return true;
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

  /** Whether a value is what a local holds before anything was assigned to it. */
  protected uninitialised(state: PathState, value: ValueId): boolean {
    const node = this.values.node(value);
    if (node.kind !== 'symbol' || node.origin.kind !== 'load') return false;
    const at = this.values.location(node.origin.location);
    if (at.kind !== 'variable' || !this.declared.has(node.origin.epoch)) return false;
    const variable = this.graph.variables[at.variable];
    return variable?.kind === 'local' && variable.type.kind === 'pointer' && state.epochs.get(`v${at.variable}`) === node.origin.epoch;
  }

  protected recorded(effect: Extract<Effect, { kind: 'release' }>, subject: Subject, span: Span): Effect {
    const { resource } = effect;
    const deferred = effect.deferred === true ? { deferred: true } : {};
    return { kind: 'release', resource, subject, ...deferred, at: effect.at ?? siteIn(this.graph, span) };
  }

  protected dies(state: PathState, value: ValueId, instruction: CallInstruction): void {
    state.dying.add(value);
    this.dyingCounts.set(value, this.countName(instruction));
  }

  /** Whether a pointer was read from an object whose last reference this path dropped. */
  protected belongsToDying(state: PathState, value: ValueId): boolean {
    const node = this.values.node(value);
    if (node.kind !== 'symbol' || node.origin.kind !== 'load') return false;
    const root = this.values.root(node.origin.location);
    return root.kind === 'target' && state.dying.has(root.pointer);
  }

  /** Whether a call is known to hand out pointers of which it keeps the reference. */
  protected lends(callee: string, resource: string): boolean {
    const contract = this.around.contract(callee);
    return (
      contract !== undefined &&
      resource !== 'memory' &&
      contract.borrows === true &&
      contract.outcomes.every((outcome) => outcome.effects.every((effect) => effect.kind !== 'acquire'))
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
    if (place.kind === 'deref' && place.pointer.kind === 'variable') {
      const type = this.graph.variables[place.pointer.variable]?.type;
      return type?.kind === 'pointer' && type.to.kind === 'record' ? (type.to.tag ?? '') : '';
    }
    if (place.kind === 'variable') {
      const type = this.graph.variables[place.variable]?.type;
      return type?.kind === 'record' ? (type.tag ?? '') : '';
    }
    return '';
  }
}
