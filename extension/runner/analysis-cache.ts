// What checks of trees came to, on disk: the next process that checks the same tree walks none of its functions.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { PlainAnalysed } from '../checker/analysed.js';
import type { AnalysisStore, MadeOf } from '../review/analyst.js';
import { nameOf, ResultCache } from './result-cache.js';

export class AnalysisCache implements AnalysisStore {
  private cache: ResultCache | undefined;

  /** `folder`: where the user's cache is. `tool`: the files that decide what a check comes to, besides the tree. */
  constructor(
    private readonly folder: string,
    private readonly tool: readonly string[],
  ) {}

  get(made: MadeOf): readonly PlainAnalysed[] | undefined {
    const { question, tree } = keysOf(made);
    return this.opened.get<readonly PlainAnalysed[]>(question, tree)?.result;
  }

  put(made: MadeOf, analysed: readonly PlainAnalysed[]): void {
    const { question, tree } = keysOf(made);
    this.opened.put(question, tree, { result: analysed, restsOn: null });
  }

  private get opened(): ResultCache {
    if (this.cache === undefined) {
      const hash = createHash('sha256');
      for (const file of this.tool) hash.update(readFileSync(file));
      this.cache = new ResultCache(this.folder, nameOf(hash), 'checks');
    }
    return this.cache;
  }
}

function keysOf({ folder, config, texts }: MadeOf): { readonly question: string; readonly tree: string } {
  const tree = createHash('sha256');
  for (const [path, text] of [...texts].sort(([a], [b]) => (a < b ? -1 : 1)))
    tree.update(`${path}\0${text ?? ''}\0${text === undefined ? '-' : '+'}`);
  const question = createHash('sha256').update(JSON.stringify([folder, [...config].sort()]));
  return { question: nameOf(question), tree: nameOf(tree) };
}
