// A series reviewed as the command line does it, findings and runs together, for tests.
import { ok } from '../../extension/model/result.js';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect } from 'vitest';
import type { Scenario } from '../../extension/model/scenario.js';
import type { SourceTree, TreeSource } from '../../extension/model/source.js';
import { readSeries } from '../../extension/patch/series.js';
import { attribution } from '../../extension/review/attribution.js';
import type { BehaviourReview } from '../../extension/review/behaviour.js';
import type { Cause } from '../../extension/review/causes.js';
import { Reviewer, type SeriesReview } from '../../extension/review/reviewer.js';
import { Sources } from '../../extension/review/sources.js';
import { verdictOf, type Verdict } from '../../extension/review/verdict.js';
import type { Runner } from '../../extension/runner/runner.js';
import { seriesCauses, type SeriesSimulation } from '../../extension/review/series-causes.js';
import { simulateSeries } from '../../extension/runner/simulate-series.js';
import { sourcesOf } from '../../extension/runner/tree-source.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { fuse, fuseRuntime, fusePlace } from '../support/fuse.js';

export interface Reviewed {
  readonly review: SeriesReview;
  readonly simulation: SeriesSimulation;
  readonly behaviour: BehaviourReview;
  readonly causes: readonly Cause[];
  readonly verdict: Verdict;
  readonly sources: Sources;
  /** What scenarios ran on: the base, then the tree with each patch. */
  readonly trees: readonly TreeSource[];
}

/** The bundled scenarios, or those of these names. */
export function bundledScenarios(...names: readonly string[]): readonly Scenario[] {
  const { scenarios } = fuseRuntime;
  if (names.length === 0) return scenarios;
  return names.map((name) => {
    const found = scenarios.find((each) => each.name === name);
    if (found === undefined) throw new Error(`there is no scenario ${name}`);
    return found;
  });
}

/** Reviews the patches of a file, all of which apply; scenarios run on `runner`. */
export async function reviewed(
  tree: SourceTree,
  file: string,
  { parser, runner, scenarios }: { readonly parser: SyntaxParser; readonly runner: Runner; readonly scenarios: readonly Scenario[] },
): Promise<Reviewed> {
  const { patches, problems } = await readSeries([{ name: basename(file), bytes: readFileSync(file) }]);
  expect(problems).toEqual([]);
  const review = new Reviewer(parser, [fuse]).review(tree, patches, { config: new Map() });
  expect(review.patches.flatMap(({ files }) => files.flatMap((each) => each.problems))).toEqual([]);
  const trees = sourcesOf(review.trees, review.files, review.place ?? fusePlace, new Map());
  const simulation = await simulateSeries(runner, scenarios, trees);
  const introduced = review.findings.filter(({ status }) => status === 'introduced');
  const causes = seriesCauses(introduced, (finding) => attribution(review, finding) ?? null, simulation);
  const { behaviour } = simulation;
  const verdict = verdictOf(review, causes, ok(behaviour));
  return { review, simulation, behaviour, causes, verdict, sources: Sources.ofReview(tree, review), trees };
}
