// A suggestion of a thread on top of the series that it is about.
import type { InputProblem } from '../../model/problem.js';
import { failed, ok, type Result } from '../../model/result.js';
import type { SourceTree } from '../../model/source.js';
import type { MailThread, Suggestion } from '../../model/mail-thread.js';
import { applyPatches } from '../apply.js';
import { errorAt } from '../problems.js';
import type { Patch } from '../series.js';
import { patchOfSuggestion } from './apply-suggestion.js';

/** The tree with all patches, which suggestions are made patches of; and the files in which hunks are looked for that name none. */
export class SuggestionBase {
  private readonly tree: SourceTree;
  private readonly files: readonly string[];

  /** `folder`: of the subsystem. */
  constructor(base: SourceTree, patches: readonly Patch[], folder: string) {
    this.tree = applyPatches(base, patches).at(-1)?.tree ?? base;
    const own = patches.flatMap(({ diff }) => diff.map(({ path }) => path));
    const beside = base.list(folder).filter((name) => /\.[ch]$/.test(name));
    this.files = [...new Set([...own, ...beside.map((name) => `${folder}/${name}`)])];
  }

  patchOf(suggestion: Suggestion): Patch {
    return patchOfSuggestion(suggestion, this.tree, this.files);
  }
}

/** The suggestion with that number as one more patch, or why there is none. */
export function suggestedPatch({ suggestions }: MailThread, number: number, base: SuggestionBase): Result<Patch, readonly InputProblem[]> {
  const found = suggestions.find((each) => each.number === number);
  const where = `suggestion ${number}`;
  if (found === undefined) {
    const there = suggestions.length === 0 ? 'no mail here suggests a diff' : `there are ${suggestions.length}, from 1`;
    return failed([errorAt(where, `is not there; ${there}`)]);
  }
  const patch = base.patchOf(found);
  return patch.diff.length > 0 ? ok(patch) : failed(patch.problems);
}
