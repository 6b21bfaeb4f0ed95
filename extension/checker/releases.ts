// Releases on one path: which reference a call gives up, when that destroys the object, and when there was none to give up.
import type { Effect, Subject } from '../kernel/contract.js';
import type { Span } from '../model/source.js';
import { siteIn } from './effects.js';
import { isSubset } from './integer-set.js';
import { releaseKey, type PathState, type Token } from './path-state.js';
import { References, type CallInstruction } from './references.js';
import type { ValueId } from './symbolic-values.js';
import type { Violation } from './violation.js';

type OverRelease = Extract<Violation, { kind: 'over-release' }>;
type DirectFree = Extract<Violation, { kind: 'direct-free' }>;

/** A release as a call makes it. */
interface ReleaseCall {
  readonly effect: Extract<Effect, { kind: 'release' }>;
  readonly value: ValueId;
  readonly instruction: CallInstruction;
  readonly callee: string;
  /** The first argument as written. */
  readonly subject: string;
  /** By a function of the kernel, called here, that gives up this one thing. */
  readonly direct: boolean;
}

/** Why an object with counted references may not be freed; null where the only one is that which it was made with. */
function whyNotFreed(counted: readonly Token[]): DirectFree['why'] | null {
  const initial = counted.every((token) => token.initial);
  if (!initial && counted.length > 1) return 'other-references';
  if (counted.some((token) => token.holder === 'stored')) return 'in-index';
  if (!initial) return 'counted';
  return counted.length > 1 ? 'other-references' : null;
}

export abstract class Releases extends References {
  /** Counts (`tag.field`) whose last drop destroys the object that they are in. */
  readonly destroys = new Set<string>();

  protected readonly dyingCounts = new Map<ValueId, string>();

  protected release(
    state: PathState,
    effect: Extract<Effect, { kind: 'release' }>,
    value: ValueId,
    instruction: CallInstruction,
    callee: string,
  ): boolean {
    if (isSubset(state.setOf(this.values, value), [[-4095, 0]])) return true;
    const { resource } = effect;
    const argument = instruction.arguments[0];
    const subject = argument?.kind === 'value' ? this.around.text(argument.value.span) : '';
    const direct = effect.at === undefined && resource !== 'counted' && resource !== 'reference';
    const call: ReleaseCall = { effect, value, instruction, callee, subject, direct };
    const mine = state.tokens.filter((token) => token.value === value);
    const dying = state.dying.has(value);
    if (resource === 'memory') {
      if (dying) this.destroys.add(this.dyingCounts.get(value) ?? '');
      const counted = mine.filter((token) => token.resource === 'counted' || token.resource === 'reference');
      if (counted.length > 0 && !dying) {
        this.freeCounted(state, call, counted);
        return true;
      }
    }
    const matching = mine.filter((token) => token.resource === resource || token.resource === 'reference' || resource === 'reference');
    const token = matching.find((one) => one.holder === 'local') ?? matching[0];
    if (token !== undefined) return this.giveUp(state, call, token);
    if (resource === 'memory' && mine.length > 0 && mine.every((one) => one.resource !== 'memory' && !one.doubtful) && !dying)
      this.reportDirectFree(state, call, mine, 'wrong-release');
    else if (dying || this.belongsToDying(state, value)) this.rememberRelease(state, call, null, resource === 'memory');
    else this.releaseUnowned(state, call);
    return true;
  }

  private rememberRelease(state: PathState, call: ReleaseCall, token: Token | null, last: boolean): void {
    const { effect, value, callee, direct } = call;
    state.released.set(releaseKey(effect.resource, value), {
      resource: effect.resource,
      value,
      callee,
      tokenId: token?.id ?? null,
      acquired: token?.trace ?? null,
      trace: state.trace,
      last,
      doubtful: token?.doubtful ?? false,
      direct,
    });
  }

  private reportDirectFree(state: PathState, call: ReleaseCall, holders: readonly Token[], why: DirectFree['why']): void {
    const { value, instruction, callee, subject } = call;
    const violation: DirectFree = { kind: 'direct-free', span: instruction.span, trace: state.trace, subject, callee, holders, why };
    this.reportOnce(state, `direct ${value}`, violation);
  }

  /** The memory of an object that has counted references is freed: they are all gone. */
  private freeCounted(state: PathState, call: ReleaseCall, counted: readonly Token[]): void {
    const why = whyNotFreed(counted);
    if (why !== null && !counted.some((token) => token.doubtful)) this.reportDirectFree(state, call, counted, why);
    for (const token of counted) this.around.released(token, call.instruction.span);
    state.tokens = state.tokens.filter((token) => !counted.includes(token));
    this.rememberRelease(state, call, counted[0] ?? null, true);
    state.privateObjects.delete(call.value);
  }

  /** Gives up a reference that this path has; false where the call can't say of it what it says. */
  private giveUp(state: PathState, call: ReleaseCall, token: Token): boolean {
    const { effect, value, instruction } = call;
    this.around.released(token, instruction.span);
    state.unwound = [...state.unwound.slice(-7), { token, span: instruction.span }];
    state.tokens = state.tokens.filter((one) => one !== token);
    const left = state.tokens.some((one) => one.value === value && one.resource === token.resource);
    // the destructor of the last reference gives up what the object holds
    if (effect.resource === 'counted' && !left && effect.last !== true) state.tokens = state.tokens.filter((one) => one.within !== value);
    if (effect.last === true && left) return false;
    if (effect.last === false && !left && state.privateObjects.has(value)) return false;
    if (effect.last === true) this.dies(state, value, instruction);
    // what was reached before the get is kept alive by whoever held it then
    this.rememberRelease(state, call, token, !left && !token.taken);
    if (!left) state.privateObjects.delete(value);
    return true;
  }

  /** Gives up what this path is not known to own: a reference of a caller or of a field, or none at all. */
  private releaseUnowned(state: PathState, call: ReleaseCall): void {
    const { effect, value, instruction, callee, subject, direct } = call;
    const { resource } = effect;
    const { span } = instruction;
    const previous = state.released.get(releaseKey(resource, value));
    const parameter = this.subjectOf(state, value);
    const node = this.values.node(value);
    const borrowed = node.kind === 'symbol' && node.origin.kind === 'call' ? node.origin.callee : null;
    const overReleased = (how: Pick<OverRelease, 'previous' | 'borrowedFrom' | 'uninitialised'>): void => {
      const violation: OverRelease = { kind: 'over-release', span, trace: state.trace, subject, resource, callee, ...how };
      this.reportOnce(state, `over ${value} ${resource}`, violation);
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
      return;
    }
    if (this.uninitialised(state, value)) {
      overReleased({ previous: null, borrowedFrom: null, uninitialised: true });
      return;
    }
    if (parameter === null && borrowed !== null && this.lends(borrowed, resource))
      overReleased({ previous: null, borrowedFrom: borrowed, uninitialised: false });
    if (parameter !== null) this.record(state, this.recorded(effect, parameter, span));
    if (effect.last === true) this.dies(state, value, instruction);
    // what a field held is gone with it; of a parameter the caller may hold more
    const stood = direct && node.kind === 'symbol' && node.origin.kind === 'load';
    this.rememberRelease(state, call, null, (resource === 'memory' || stood) && !effect.subject.path.some((step) => step !== '@'));
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
}
