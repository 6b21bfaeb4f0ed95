// Cached results as one process meets them: what it read or wrote is in memory, and is not read twice.
import type { ResultCache, StoredResult } from './result-cache.js';

/** Questions of which results are remembered, before all are read anew. */
const mostQuestions = 500;

/** Results of one question, of different trees; the oldest make room for others. */
const mostTrees = 8;

export class RememberedResults {
  /** By question and tree, what was met last at the end. */
  private readonly met = new Map<string, Map<string, StoredResult<unknown>>>();
  /** Questions of which all that is on disk was asked for. */
  private readonly listed = new Set<string>();

  constructor(private readonly cache: ResultCache) {}

  /** What was answered to a question on that very tree. */
  get<T>(question: string, tree: string): StoredResult<T> | undefined {
    const known = this.met.get(question)?.get(tree);
    if (known !== undefined) return known as StoredResult<T>;
    const stored = this.cache.get<T>(question, tree);
    if (stored !== undefined) this.remember(question, tree, stored);
    return stored;
  }

  /** What was answered to it on other trees, what was met last first; the disk is read as it is asked for. */
  *others<T>(question: string): Generator<StoredResult<T>, void, undefined> {
    const known = new Map(this.met.get(question));
    for (const stored of [...known.values()].toReversed()) yield stored as StoredResult<T>;
    if (this.listed.has(question)) return;
    for (const { tree, stored } of this.cache.others<T>(question)) {
      if (known.has(tree)) continue;
      this.remember(question, tree, stored);
      yield stored;
    }
    this.listed.add(question);
  }

  put(question: string, tree: string, stored: StoredResult<unknown>): void {
    this.remember(question, tree, stored);
    this.cache.put(question, tree, stored);
  }

  private remember(question: string, tree: string, stored: StoredResult<unknown>): void {
    if (this.met.size >= mostQuestions && !this.met.has(question)) {
      this.met.clear();
      this.listed.clear();
    }
    const trees = this.met.get(question) ?? new Map<string, StoredResult<unknown>>();
    trees.delete(tree);
    this.met.set(question, trees.set(tree, stored));
    const [oldest] = trees.keys();
    if (trees.size > mostTrees && oldest !== undefined) trees.delete(oldest);
  }
}
