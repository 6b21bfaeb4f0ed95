// Effects and outcomes as data: their keys, and which of them say nothing certain about an argument.
import { any, positive, type Contract, type Effect, type EffectSite, type IntegerSet, type Outcome } from '../kernel/contract.js';
import type { Span } from '../model/source.js';
import type { FunctionGraph } from '../program/graph.js';
import { intersect, isEmpty } from './integer-set.js';

/** A place of a function, told from the function's start. */
export function siteIn(graph: FunctionGraph, span: Span): EffectSite {
  const from = graph.span.start;
  return { file: graph.file, function: graph.name, span: { start: span.start - from, end: span.end - from } };
}

/** Whether a call takes over the reference that an argument points to. */
export function consumes(outcome: Outcome, index: number): boolean {
  return outcome.effects.some(
    (effect) =>
      effect.kind !== 'acquire' &&
      effect.kind !== 'write' &&
      effect.kind !== 'set-count' &&
      effect.kind !== 'dead' &&
      effect.subject.root === index &&
      effect.subject.path.every((step) => step === '@'),
  );
}

function findsDead(outcome: Outcome, index: number): boolean {
  return outcome.effects.some((effect) => effect.kind === 'dead' && effect.subject.root === index);
}

const ambiguous = new WeakMap<Contract, readonly number[]>();

/**
 * Arguments that a call takes over or not without saying so by what it returns: which it was depends on something that the
 * caller knows and we don't.
 */
export function ambiguousArguments(contract: Contract): readonly number[] {
  const known = ambiguous.get(contract);
  if (known !== undefined) return known;
  const roots = new Set(
    contract.outcomes.flatMap((one) => one.effects.flatMap((effect) => (effect.subject.root === 'result' ? [] : [effect.subject.root]))),
  );
  const requiredOf = (one: Outcome, index: number): IntegerSet =>
    one.requires.find(({ subject }) => subject.root === index && subject.path.length === 0)?.set ?? any;
  const returned = (one: Outcome): IntegerSet => {
    if (one.returns === null) return any;
    if (one.returns.kind === 'set') return one.returns.set;
    const { subject } = one.returns;
    return typeof subject.root === 'number' && subject.path.length === 0 ? requiredOf(one, subject.root) : any;
  };
  const moves = (one: Outcome, index: number): string =>
    one.effects
      .filter((effect) => effect.subject.root === index && effect.subject.path.every((step) => step === '@') && effect.kind !== 'write')
      .map((effect) => (consumes({ ...one, effects: [effect] }, index) ? 'consume' : effect.kind))
      .sort()
      .join();
  const compatible = (a: Outcome, b: Outcome, index: number): boolean =>
    [a, b].every((one) => !isEmpty(intersect(requiredOf(one, index), positive))) && !isEmpty(intersect(returned(a), returned(b)));
  // rows of the kernel name their outcomes; what decides there is known
  const inferred = contract.outcomes.filter((one) => one.name === '');
  const result = [...roots].filter((index) =>
    inferred.some(
      (one) =>
        !findsDead(one, index) &&
        inferred.some((other) => !findsDead(other, index) && moves(one, index) !== moves(other, index) && compatible(one, other, index)),
    ),
  );
  ambiguous.set(contract, result);
  return result;
}

export function effectKey(effect: Effect): string {
  const subject = `${effect.subject.root}.${effect.subject.path.join('.')}`;
  switch (effect.kind) {
    case 'acquire':
    case 'release':
      return `${effect.kind} ${effect.resource} ${subject}`;
    case 'transfer':
      return `transfer ${effect.resource} ${subject} ${effect.to}`;
    case 'set-count':
      return `set-count ${subject} ${JSON.stringify(effect.count)}`;
    case 'escape':
    case 'dead':
    case 'write':
      return `${effect.kind} ${subject}${effect.kind === 'escape' && effect.unknown === true ? ' unknown' : ''}`;
  }
}
