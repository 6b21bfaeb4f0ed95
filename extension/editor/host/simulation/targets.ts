// What scenarios are run on: an open tree as it is on screen, or an open series and the tree that it is for.
import { basename } from 'node:path';
import { Uri } from 'vscode';
import { failed, ok, type Result } from '../../../model/result.js';
import type { TreeSource } from '../../../model/source.js';
import type { Analyzer } from '../analyzer.js';
import type { Tree } from '../../protocol/messages.js';
import { uriIn } from '../series/documents.js';
import { titleOf } from '../series/nodes.js';
import type { OpenSeries } from '../series/store.js';
import { settingsOf } from '../settings.js';
import { absolutePath, pathInTree } from '../trees/trees.js';
import { unsavedTexts } from '../unsaved.js';
import { modelUri } from './model-documents.js';
import type { RunTexts } from './run-store.js';
import type { RunSide } from '../../protocol/webview-messages.js';

export type TargetKind = 'tree' | 'series';

/** What the last run of a scenario's file is found by. */
export function runKey(file: Uri, kind: TargetKind): string {
  return `${kind} ${file.toString()}`;
}

export interface SimulationTarget {
  readonly kind: TargetKind;
  /** For titles and lists. */
  readonly title: string;
  /** The tree's absolute folder. */
  readonly root: string;
  /** The subsystem's folder in it. */
  readonly folder: string;
  readonly tree: TreeSource;
  /** The tree without the series; null where there is none. */
  readonly base: TreeSource | null;
  /** Files that are not on disk as a side sees them. */
  readonly texts: Readonly<Record<RunSide, RunTexts>>;
  /** The document of a file as the run sees it. */
  uriOf(file: string): Uri;
}

/** The tree with what is typed in its files and not saved. */
export function treeTarget({ root, subsystem, folder }: Tree): SimulationTarget {
  const files: Record<string, string> = {};
  const isInside = (file: string): boolean => pathInTree(root, file) !== undefined;
  for (const [file, text] of Object.entries(unsavedTexts(isInside))) files[pathInTree(root, file) ?? ''] = text;
  const title = basename(root);
  return {
    kind: 'tree',
    title,
    root,
    folder,
    tree: { root, subsystem, folder, label: title, files, config: settingsOf(root).config },
    base: null,
    texts: { run: files, base: {} },
    uriOf: (file) => placeOf(file, () => Uri.file(absolutePath(root, file))),
  };
}

/** The tree with the series, against the tree before it; or why it can't be had. `series` is reviewed already. */
export async function seriesTarget(series: OpenSeries, analyzer: Analyzer): Promise<Result<SimulationTarget, string>> {
  const { root, subsystem, folder, source, review } = series;
  const title = titleOf(source, review);
  if (review === undefined) return failed(`${title} is not reviewed yet${series.failure === undefined ? '' : `: ${series.failure}`}`);
  const ends = source.kind === 'commits' ? await betweenCommits(series, source.range, analyzer) : ok(applied(series));
  if (!ends.ok) return failed(`${title}: ${ends.failure}`);
  const trees = ends.value;
  const common = { root: trees.root, subsystem, folder, config: settingsOf(root).config };
  return ok({
    kind: 'series',
    title,
    root,
    folder,
    tree: { ...common, label: `${basename(root)} with ${title}`, files: trees.after },
    base: { ...common, label: `${basename(root)} without it`, files: trees.before },
    texts: { run: present(trees.after), base: present(trees.before) },
    uriOf: (file) => placeOf(file, () => uriIn(series, { scope: 'series', side: 'after' }, file)),
  });
}

interface Ends {
  /** null where the texts are all that there is. */
  readonly root: string | null;
  readonly before: Readonly<Record<string, string | null>>;
  readonly after: Readonly<Record<string, string | null>>;
}

function applied({ root, review }: OpenSeries): Ends {
  const before: Record<string, string | null> = {};
  const after: Record<string, string | null> = {};
  for (const text of review?.texts ?? []) {
    before[text.oldPath] = text.before;
    after[text.path] = text.after;
    if (text.path !== text.oldPath) after[text.oldPath] ??= null;
  }
  return { root, before, after };
}

async function betweenCommits(
  { id, root, subsystem, folder }: OpenSeries,
  range: string,
  analyzer: Analyzer,
): Promise<Result<Ends, string>> {
  const outcome = await analyzer.run({ t: 'commits-trees', lane: `trees of ${id}`, tree: { root, subsystem, folder }, range });
  if (outcome.kind === 'done') return ok({ root: null, ...outcome.answer });
  return failed(outcome.kind === 'failed' ? outcome.message : 'cancelled');
}

function present(files: Readonly<Record<string, string | null>>): RunTexts {
  return Object.fromEntries(Object.entries(files).flatMap(([path, text]) => (text === null ? [] : [[path, text]])));
}

function placeOf(file: string, inTree: () => Uri): Uri {
  return file.startsWith('runtime/') ? modelUri(file) : inTree();
}
