// What a function of the tree means to its callers, in the shape of a kernel contract, from the ways out of its walk.
import { any, type Contract, type Effect, type IntegerSet, type Outcome, type Returned, type Subject } from '../kernel/contract.js';
import type { FunctionGraph } from '../program/graph.js';
import type { Exit } from './exits.js';
import type { Exploration } from './explore-paths.js';
import { formatSet, intersect, isEmpty, isSubset, union } from './integer-set.js';
import { effectKey, siteIn } from './effects.js';
import type { PathState } from './path-state.js';
import type { ValueId } from './symbolic-values.js';

/** Beyond this many outcomes, those with the same effects are taken together whatever they return. */
const manyOutcomes = 10;

interface OutcomeDraft {
  requires: Map<number, IntegerSet>;
  returns: Returned | null;
  effects: readonly Effect[];
}

/**
 * Infers a contract. `calls` are the contracts of the callees, undefined for a callee that nothing is known of;
 * `source` says where the function stands.
 */
export function summarise(
  graph: FunctionGraph,
  exploration: Exploration,
  calls: readonly (Contract | undefined)[],
  source: string,
): Contract {
  const drafts = exploration.exits.map((exit) => draftOf(graph, exploration, exit));
  let merged = mergeBy(drafts, (draft) => `${returnKey(draft.returns)} ${effectsKey(draft.effects)}`);
  if (merged.length > manyOutcomes) merged = mergeBy(merged, (draft) => effectsKey(draft.effects));
  // forking a caller pays only where outcomes differ in what they do
  merged = mergeBy(merged, (draft) => `${signKey(draft.returns)} ${effectsKey(draft.effects)}`);
  const worth = merged.some((draft) => draft.effects.length > 0 || draft.returns?.kind === 'same');
  merged = mergeBy(merged, (draft) => (worth ? `${effectsKey(draft.effects, consumption)} ${signKey(draft.returns)}` : ''));
  return {
    name: graph.name,
    outcomes: merged.map(outcomeOf),
    dereferences: [],
    clobbers: clobbersOf(graph, calls),
    writes: [...exploration.interpreter.written].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([, subject]) => subject),
    ...(exploration.exits.length === 0 && exploration.gaveUp === null ? { noReturn: true } : {}),
    source,
  };
}

function draftOf(graph: FunctionGraph, exploration: Exploration, exit: Exit): OutcomeDraft {
  const { interpreter } = exploration;
  const { state } = exit;
  const requires = new Map<number, IntegerSet>();
  for (let index = 0; index < graph.parameterCount; index++) {
    const name = graph.variables[index]?.name ?? '';
    const symbol = interpreter.values.symbol(`parameter ${index}`, { kind: 'parameter', index, name });
    const set = state.setOf(interpreter.values, symbol);
    if (!isSubset(any, set)) requires.set(index, set);
  }
  const effects = new Map<string, Effect>();
  for (const { key, effect } of state.effects) effects.set(key, effect);
  for (const effect of tokenEffects(graph, exploration, state, exit.value)) effects.set(effectKey(effect), effect);
  return { requires, returns: returnedOf(graph, exploration, exit), effects: [...effects.values()] };
}

function returnedOf(graph: FunctionGraph, exploration: Exploration, exit: Exit): Returned | null {
  if (exit.value === null || graph.returns.kind === 'void') return null;
  const subject = exploration.interpreter.subjectOf(exit.state, exit.value);
  if (subject !== null && subject.path.length === 0) return { kind: 'same', subject };
  return { kind: 'set', set: exit.set };
}

/** References that outlive the call: to the result, to a parameter, or through an out-parameter. */
function tokenEffects(graph: FunctionGraph, exploration: Exploration, state: PathState, returned: ValueId | null): readonly Effect[] {
  const { interpreter } = exploration;
  const { values } = interpreter;
  const effects: Effect[] = [];
  for (const token of state.tokens) {
    const at = siteIn(graph, token.trace.span);
    let subject: Subject | null = null;
    // PTR_ERR() of a valid pointer hands nothing out
    if (token.holder === 'local' && returned !== null && graph.returns.kind === 'integer' && token.value === returned) continue;
    if (token.holder === 'local' && returned !== null && (token.value === returned || returnsObject(exploration, returned, token.value))) {
      subject = interpreter.subjectOf(state, returned) ?? { root: 'result', path: [] };
    } else if (token.holder === 'local') subject = interpreter.subjectOf(state, token.value);
    else {
      const node = values.node(token.value);
      const from = node.kind === 'symbol' && node.origin.kind === 'load' ? values.location(node.origin.location) : null;
      if (from?.kind === 'target') subject = outParameter(interpreter.subjectOf(state, from.pointer));
      for (const [location, value] of state.store) {
        if (value !== token.value) continue;
        const node = values.location(location);
        if (node.kind !== 'target') continue;
        subject ??= outParameter(interpreter.subjectOf(state, node.pointer));
      }
    }
    const shared = !state.privateObjects.has(token.value);
    if (subject !== null) effects.push({ kind: 'acquire', resource: token.resource, subject, at, ...(shared ? { shared } : {}) });
  }
  // a parameter that stands in a new object goes where the object goes
  for (const [location, value] of state.store) {
    const root = values.root(location);
    if (root.kind !== 'target' || !state.privateObjects.has(root.pointer)) continue;
    const node = values.node(value);
    if (node.kind !== 'symbol' || node.origin.kind !== 'parameter' || graph.variables[node.origin.index]?.type.kind !== 'pointer') continue;
    if (state.tokens.some((token) => token.value === root.pointer))
      effects.push({ kind: 'escape', subject: { root: node.origin.index, path: [] } });
  }
  return effects;
}

function outParameter(pointer: Subject | null): Subject | null {
  return pointer !== null && pointer.path.length === 0 ? { root: pointer.root, path: ['*'] } : null;
}

function returnsObject(exploration: Exploration, returned: ValueId, object: ValueId): boolean {
  const { values } = exploration.interpreter;
  const node = values.node(returned);
  if (node.kind !== 'address') return false;
  const root = values.root(node.location);
  return root.kind === 'target' && root.pointer === object;
}

function mergeBy(drafts: readonly OutcomeDraft[], keyOf: (draft: OutcomeDraft) => string): OutcomeDraft[] {
  const merged = new Map<string, OutcomeDraft>();
  for (const draft of drafts) {
    const key = keyOf(draft);
    const known = merged.get(key);
    if (known === undefined) {
      merged.set(key, { ...draft, requires: new Map(draft.requires) });
      continue;
    }
    for (const [index, set] of [...known.requires]) {
      const other = draft.requires.get(index);
      if (other === undefined) known.requires.delete(index);
      else known.requires.set(index, union(set, other));
    }
    const have = new Set(known.effects.map(effectKey));
    const consumed = new Set(known.effects.filter((effect) => !optional(effect)).map(consumption));
    known.effects = [
      ...known.effects,
      ...draft.effects.filter((effect) => !have.has(effectKey(effect)) && (optional(effect) || !consumed.has(consumption(effect)))),
    ];
    known.returns = mergeReturned(known.returns, draft.returns);
  }
  return [...merged.values()];
}

function mergeReturned(a: Returned | null, b: Returned | null): Returned | null {
  if (a === null || b === null) return null;
  if (a.kind === 'same' && b.kind === 'same' && returnKey(a) === returnKey(b)) return a;
  if (a.kind === 'set' && b.kind === 'set') return { kind: 'set', set: union(a.set, b.set) };
  return { kind: 'set', set: any };
}

function returnKey(returned: Returned | null): string {
  if (returned === null) return 'void';
  return returned.kind === 'same' ? `same ${returned.subject.root}.${returned.subject.path.join('.')}` : formatSet(returned.set);
}

/** Negative, zero and positive results mean different things to a caller; which error it was seldom does. */
function signKey(returned: Returned | null): string {
  if (returned?.kind !== 'set') return returnKey(returned);
  const sign = (set: IntegerSet, name: string): string => (isEmpty(intersect(returned.set, set)) ? '' : name);
  return `${sign([[-Number.MAX_SAFE_INTEGER, -1]], '-')}${sign([[0, 0]], '0')}${sign([[1, Number.MAX_SAFE_INTEGER]], '+')}`;
}

/**
 * A field's reference that is released on one path and not on another (`if (fb->file) fput(fb->file)`) makes no outcome of
 * its own: releasing what is not there does nothing.
 */
function optional(effect: Effect): boolean {
  return effect.kind === 'release' && effect.subject.path.length > 0;
}

function effectsKey(effects: readonly Effect[], keyOf = effectKey): string {
  return effects
    .filter((effect) => !optional(effect))
    .map(keyOf)
    .sort()
    .join(';');
}

/** Giving a reference up and storing it where it outlives the call are the same to a caller who owned it: it is gone. */
function consumption(effect: Effect): string {
  return effect.kind === 'release' || effect.kind === 'transfer' || effect.kind === 'escape'
    ? `consume ${effect.subject.root}.${effect.subject.path.join('.')}`
    : effectKey(effect);
}

function outcomeOf(draft: OutcomeDraft): Outcome {
  return {
    name: '',
    requires: [...draft.requires].map(([root, set]) => ({ subject: { root, path: [] }, set })),
    returns: draft.returns,
    effects: draft.effects,
  };
}

function clobbersOf(graph: FunctionGraph, calls: readonly (Contract | undefined)[]): Contract['clobbers'] {
  let result: Contract['clobbers'] = 'none';
  const atLeast = (next: Contract['clobbers']): void => {
    if (next === 'all' || (next === 'arguments' && result === 'none')) result = next;
  };
  for (const contract of calls) atLeast(contract?.clobbers ?? 'all');
  for (const block of graph.blocks) {
    for (const instruction of block.instructions) {
      if (instruction.kind === 'opaque') atLeast('all');
      if (instruction.kind === 'assign' && instruction.target.kind !== 'variable') atLeast('arguments');
      if (instruction.kind === 'call' && instruction.callee.kind === 'indirect') atLeast('all');
    }
  }
  return result;
}

/** What is taken of a function whose walk was given up or that calls itself: it owns nothing and may change anything. */
export function unknownSummary(name: string, source: string): Contract {
  return {
    name,
    outcomes: [{ name: '', requires: [], returns: { kind: 'set', set: any }, effects: [] }],
    dereferences: [],
    clobbers: 'all',
    source,
  };
}
