// Events of a path in words, one line each.
import { any, errors, nonZero, positive, zero, type Effect, type IntegerSet, type Subject } from '../kernel/contract.js';
import type { PathEvent } from './event.js';
import { isSubset } from './integer-set.js';

/** The event as a step of a finding's trace says it. */
export function eventText(event: PathEvent): string {
  switch (event.kind) {
    case 'start':
      return `${event.function}() begins`;
    case 'call':
      return callText(event);
    case 'branch':
      return `${event.condition} is ${event.holds ? 'true' : 'false'}`;
    case 'case':
      return event.label === null ? 'no case matches' : `case ${event.label}`;
    case 'assign':
    case 'here':
      return event.statement;
    case 'null':
      return `${event.name} = NULL`;
    case 'goto':
      return `goto ${event.label}`;
    case 'return': {
      const value = event.value === null ? '' : ` ${event.value}`;
      const constant = event.constant === undefined || event.constant === 0 ? '' : ` (${event.constant})`;
      return `returns${value}${constant}`;
    }
    case 'inside':
      return `in ${event.callee}(): here`;
    case 'assigned for':
      return `${event.statement}: for the check that follows`;
    case 'reaches':
      return `${event.statement}: still the value on one path to the test`;
    case 'failed':
      return `${event.callee}() failed on one path to the test, and its code is the value there`;
    case 'decided':
      return `'${event.condition}' is ${event.always ? 'true' : 'false'} on every path`;
  }
}

/** `f() returns NULL`, and what that means for references. */
function callText({ callee, outcome, arguments: given, pointer, source }: Extract<PathEvent, { kind: 'call' }>): string {
  const nameOf = (subject: Subject): string => {
    const root = subject.root === 'result' ? null : given[subject.root];
    return [root ?? 'the result', ...subject.path.filter((step) => step !== '@' && step !== '*')].join('->');
  };
  const means = [...new Set(outcome.effects.map((effect) => describeEffect(effect, nameOf)).filter((text) => text !== ''))];
  const returned =
    outcome.returns === null
      ? ''
      : outcome.returns.kind === 'same'
        ? ` returns ${nameOf(outcome.returns.subject)}`
        : ` returns ${describeSet(outcome.returns.set, pointer)}`;
  const stated = source !== '' && means.length > 0 && outcome.effects.every((effect) => effect.at === undefined);
  return `${callee}()${returned}${means.length === 0 ? '' : `: ${means.join(', ')}`}${stated ? ` [${source}]` : ''}`;
}

/** What a call returned, for people. */
function describeSet(set: IntegerSet, pointer: boolean): string {
  if (isSubset(set, zero)) return pointer ? 'NULL' : '0';
  if (isSubset(set, positive)) return pointer ? 'a valid pointer' : 'a positive number';
  if (isSubset(set, errors)) return pointer ? 'an ERR_PTR' : 'an error';
  if (isSubset(set, nonZero)) return pointer ? 'a pointer or an ERR_PTR' : 'not 0';
  if (set === any) return 'any value';
  return set.map(([low, high]) => (low === high ? `${low}` : `${low}..${high}`)).join(', ');
}

/** What an effect does, in the words of whoever names its subject; empty for what moves no reference. */
function describeEffect(effect: Effect, nameOf: (subject: Subject) => string): string {
  switch (effect.kind) {
    case 'acquire': {
      const fresh = effect.subject.root === 'result';
      if (effect.resource === 'memory') return fresh ? 'allocates memory' : `allocates ${nameOf(effect.subject)}`;
      if (effect.resource === 'reference') return 'hands over what was there';
      const what = effect.resource === 'counted' ? 'a reference' : `a ${effect.resource} reference`;
      return fresh ? `hands out ${what}` : `takes ${what} to ${nameOf(effect.subject)}`;
    }
    case 'release':
      if (effect.resource === 'memory') return `frees ${nameOf(effect.subject)}`;
      return effect.resource === 'counted' ? `puts ${nameOf(effect.subject)}` : `puts the ${effect.resource} ${nameOf(effect.subject)}`;
    case 'transfer':
      return `hands ${nameOf(effect.subject)} over to ${effect.to}`;
    case 'set-count':
      return `sets the count of ${nameOf(effect.subject)}`;
    case 'escape':
    case 'dead':
    case 'write':
      return '';
  }
}
