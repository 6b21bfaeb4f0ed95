// Which names steps have given to their answers by the time that another step runs.
import type { OperationDefinition, Vocabulary } from '../model/scenario.js';
import type { Offset } from '../model/source.js';
import { isWord } from './arguments.js';
import { parallelField } from './fields.js';
import { entryOf, type Located } from './located-values.js';
import { namePattern } from './vocabulary-words.js';

export interface KnownName {
  readonly name: string;
  /** What it refers to; null where the operation of its step is not known, which then may be anything. */
  readonly to: string | null;
  /** Where the name is given. */
  readonly at: Offset;
}

/**
 * The names that may be used by the step at `path` in the list of steps: its index, and in `parallel` also the key, the branch and
 * the index there. A name that is given in a branch is known further down that branch, and after the step. The first to have a
 * name keeps it.
 */
export function knownNames(steps: Located, path: readonly (string | number)[], vocabulary: Vocabulary): readonly KnownName[] {
  const operations = new Map(vocabulary.operations.map((operation) => [operation.name, operation]));
  const [at, , branchAt, innerAt] = path;
  const given = new Set<string>();
  const scope: KnownName[] = [];
  for (const [index, step] of itemsOf(steps).entries()) {
    if (index === at && typeof branchAt !== 'number') break;
    const parallel = step.kind === 'map' ? entryOf(step, parallelField.name) : undefined;
    if (parallel === undefined) {
      if (index === at) break;
      scope.push(...nameGiven(step, operations, given));
      continue;
    }
    const before = [...scope];
    for (const [branchIndex, branch] of itemsOf(parallel.value).entries()) {
      const inside: KnownName[] = [];
      for (const [innerIndex, inner] of itemsOf(branch).entries()) {
        if (index === at && branchIndex === branchAt && (innerAt === undefined || innerIndex === innerAt)) return [...before, ...inside];
        inside.push(...nameGiven(inner, operations, given));
      }
      if (index === at && branchIndex === branchAt) return [...before, ...inside];
      scope.push(...inside);
    }
    if (index === at) return before;
  }
  return scope;
}

/** The step, branch or operation lists that a value holds; what is no list holds none. */
function itemsOf(node: Located): readonly Located[] {
  return node.kind === 'list' ? node.items : [];
}

function nameGiven(step: Located, operations: ReadonlyMap<string, OperationDefinition>, given: Set<string>): readonly KnownName[] {
  const as = step.kind === 'map' ? entryOf(step, 'as')?.value : undefined;
  if (step.kind !== 'map' || as === undefined || !isWord(as) || !namePattern.test(as.value) || given.has(as.value)) return [];
  given.add(as.value);
  const operation = step.entries.map(({ key }) => operations.get(key)).find((each) => each !== undefined);
  return [{ name: as.value, to: operation?.answers ?? null, at: as.at }];
}
