// The patch review sidebar: opening series, walking through their findings, closing them.
import { delimiter, isAbsolute, resolve } from 'node:path';
import { commands, env, Range, TabInputTextDiff, Uri, window, workspace, type Comment, type ExtensionContext } from 'vscode';
import type { Analyzer } from '../analyzer.js';
import { registerCommand, type CommandId } from '../commands.js';
import type { Tree } from '../../protocol/messages.js';
import { pickTree } from '../trees/pick-tree.js';
import type { WorkspaceTrees } from '../trees/trees.js';
import { OverlayDocuments, placeOf } from './documents.js';
import { followEdits } from './follow-edits.js';
import type { SeriesNode } from './node.js';
import { ThreadComments, type SuggestionComment } from './thread-comments.js';
import { MailDocuments } from './mail-documents.js';
import { findingText, flawsOf, inSeriesOrder, nextStop, remarksIn, runOf, titleOf, walkable } from './nodes.js';
import { placeInTree, showNode } from './show.js';
import { SeriesStore } from './store.js';
import { SeriesView, viewId } from './view.js';

const openContext = 'fuseReview.seriesOpen';
const whichTree = ['Against which tree?', 'so there is nothing to apply the patches to'] as const;

/** Answers the series that are open. */
export function activateSeries(context: ExtensionContext, analyzer: Analyzer, trees: WorkspaceTrees): SeriesStore {
  const store = new SeriesStore(analyzer, context.workspaceState);
  const view = new SeriesView(store);
  let current: string | undefined;
  let remark: string | undefined;

  const showContext = (): void => void commands.executeCommand('setContext', openContext, store.all.length > 0);
  const seriesOf = (node: SeriesNode | undefined): string | undefined =>
    node?.series ?? view.tree.selection[0]?.series ?? onlySeries(store);

  const open = async (node: SeriesNode, preserveFocus: boolean): Promise<void> => {
    const series = store.get(node.series);
    if (series === undefined) return;
    if (node.kind === 'finding' || node.kind === 'cause') current = node.id;
    const run = runOf(node);
    if (run !== undefined) await showRun(series.id, run.scenario, run.error);
    else await showNode(series, node, preserveFocus);
  };
  const walkRemarks = async (step: 1 | -1): Promise<void> => {
    const stop = nextStop(remarksIn(view.nodes), remark, step);
    if (stop === undefined) {
      void window.showInformationMessage('Nobody said anything of the open series, as far as its mails tell.');
      return;
    }
    remark = stop.id;
    await view.tree.reveal(stop, { select: true, focus: false });
    await open(stop, false);
  };
  const suggest = async (given: SeriesNode | Comment | undefined, applies: boolean): Promise<void> => {
    const found = suggestionOf(given ?? view.tree.selection[0]) ?? (await pickSuggestion(store, applies));
    const source = found && store.get(found.series)?.source;
    if (found === undefined || source?.kind !== 'files') return;
    const others = (source.suggestions ?? []).filter((number) => number !== found.number);
    store.suggest(found.series, applies ? [...others, found.number] : others);
  };
  const walk = async (step: 1 | -1): Promise<void> => {
    const stop = nextStop(walkable(view.nodes), current, step);
    if (stop === undefined) {
      void window.showInformationMessage(
        store.all.length === 0 ? 'No patch series is open.' : 'The open series introduce and fix nothing.',
      );
      return;
    }
    await view.tree.reveal(stop, { select: true, focus: false });
    await open(stop, false);
  };
  context.subscriptions.push(
    store,
    view,
    new OverlayDocuments(store),
    new ThreadComments(store),
    new MailDocuments(store),
    ...followEdits(store),
    store.onDidChange(showContext),
    view.tree.onDidChangeSelection(({ selection: [node] }) => {
      if (node?.kind === 'finding' || node?.kind === 'cause') current = node.id;
    }),
    registerCommand('fuseReview.openSeries', (uri, selected) => openFiles(store, trees, uri, selected)),
    registerCommand('fuseReview.openCommits', () => openCommits(store, trees)),
    registerCommand('fuseReview.openChanges', () => openChanges(store, trees)),
    registerCommand('fuseReview.refreshSeries', (node) => store.refresh(node?.series)),
    registerCommand('fuseReview.closeSeries', async (node) => {
      const id = seriesOf(node) ?? (await pickSeries(store));
      if (id === undefined) return;
      store.close(id);
      closeDiffs(id);
    }),
    registerCommand('fuseReview.nextFinding', () => walk(1)),
    registerCommand('fuseReview.previousFinding', () => walk(-1)),
    registerCommand('fuseReview.nextRemark', () => walkRemarks(1)),
    registerCommand('fuseReview.previousRemark', () => walkRemarks(-1)),
    registerCommand('fuseReview.applySuggestion', (given) => suggest(given, true)),
    registerCommand('fuseReview.undoSuggestion', (given) => suggest(given, false)),
    registerCommand('fuseReview.showNode', (node) => open(node, true)),
    registerCommand('fuseReview.openInTree', async (given) => {
      const node = given ?? view.tree.selection[0];
      const series = node === undefined ? undefined : store.get(node.series);
      const place = node === undefined || series === undefined ? undefined : placeInTree(series, node);
      if (place === undefined) return;
      try {
        await window.showTextDocument(place.uri, { selection: new Range(place.line, 0, place.line, 0) });
      } catch {
        void window.showInformationMessage(`${place.uri.fsPath} is not in the tree; the series adds it.`);
      }
    }),
    registerCommand('fuseReview.copyFinding', async (given) => {
      const node = given ?? view.tree.selection[0] ?? walkable(view.nodes).find((each) => each.id === current);
      if (node?.kind === 'finding' || node?.kind === 'step') await env.clipboard.writeText(findingText(node.finding));
      if (node?.kind === 'cause') await env.clipboard.writeText(`${node.text}\n`);
    }),
  );

  showContext();
  void trees.whenSettled().then((found) => {
    store.restore(found);
    return openFromEnvironment(store, trees, () => walk(1));
  });
  return store;
}

/** The suggestion that a row or a comment stands for. */
function suggestionOf(given: SeriesNode | Comment | undefined): { readonly series: string; readonly number: number } | undefined {
  if (given === undefined) return undefined;
  if ('kind' in given) return given.kind === 'suggestion' || given.kind === 'applied-suggestion' ? given : undefined;
  const { series, number } = given as Partial<SuggestionComment>;
  return series === undefined || number === undefined ? undefined : { series, number };
}

async function pickSuggestion(
  store: SeriesStore,
  applies: boolean,
): Promise<{ readonly series: string; readonly number: number } | undefined> {
  const items = store.all.flatMap(({ id, source, review }) => {
    const applied = source.kind === 'files' ? (source.suggestions ?? []) : [];
    const wanted = review?.thread?.suggestions.filter(({ number }) => applied.includes(number) !== applies) ?? [];
    return wanted.map(({ number, voice, hunks }) => ({
      series: id,
      number,
      label: `Suggestion ${number} by ${voice}`,
      description: [...new Set(hunks.map(({ file, header }) => file || header))].join(', '),
    }));
  });
  if (items.length === 1) return items[0];
  if (items.length > 1) return window.showQuickPick(items, { title: applies ? 'A suggestion to apply' : 'A suggestion to undo' });
  void window.showInformationMessage(applies ? 'No reply to an open series suggests anything more.' : 'No suggestion is applied.');
  return undefined;
}

/** Opens files of patches: those that are selected, or `uri`, or else those that are picked. */
async function openFiles(store: SeriesStore, trees: WorkspaceTrees, uri: Uri | undefined, selected: readonly Uri[] = []): Promise<void> {
  const tree = await pickTree(trees, ...whichTree);
  if (tree === undefined) return;
  const given = selected.length > 0 ? selected : uri === undefined ? [] : [uri];
  const uris = given.length > 0 ? given : await pickFiles(tree);
  const paths = uris.filter((each) => each.scheme === 'file').map((each) => each.fsPath);
  if (paths.length === 0) return;
  await commands.executeCommand(`${viewId}.focus`);
  store.open({ kind: 'files', paths: inSeriesOrder(paths) }, tree);
}

async function openCommits(store: SeriesStore, trees: WorkspaceTrees): Promise<void> {
  if (!workspace.isTrusted) return refuseUntrusted();
  const tree = await pickTree(trees, ...whichTree);
  if (tree === undefined) return;
  const range = await window.showInputBox({
    title: 'Review a range of commits',
    prompt: 'As git log takes it. The tree at the older end is the base.',
    placeHolder: 'v7.2..HEAD',
    validateInput: (text) =>
      /^[^-\s.][^\s]*\.\.[^\s.][^\s]*$/.test(text.trim()) ? undefined : 'Two revisions with two dots between, such as HEAD~3..HEAD',
  });
  if (range === undefined) return;
  await commands.executeCommand(`${viewId}.focus`);
  store.open({ kind: 'commits', range: range.trim() }, tree);
}

async function openChanges(store: SeriesStore, trees: WorkspaceTrees): Promise<void> {
  const tree = await pickTree(trees, 'Changes of which tree?', 'so there is nothing that could have changed');
  if (tree === undefined) return;
  await commands.executeCommand(`${viewId}.focus`);
  store.open({ kind: 'changes' }, tree);
}

/** `FUSE_REVIEW_OPEN` holds paths of patch files, as `npm start` sets it; `walk` shows the first flaw of them. */
async function openFromEnvironment(store: SeriesStore, trees: WorkspaceTrees, walk: () => Promise<void>): Promise<void> {
  const paths = (process.env.FUSE_REVIEW_OPEN ?? '').split(delimiter).filter((path) => path !== '');
  if (paths.length === 0) return;
  const [tree] = await trees.whenSettled();
  if (tree === undefined) return;
  const id = store.open({ kind: 'files', paths: paths.map((path) => (isAbsolute(path) ? path : resolve(path))) }, tree);
  await commands.executeCommand(`${viewId}.focus`);
  await store.until(() => store.get(id) === undefined || flawsOf(store.all) > 0);
  if (store.get(id) !== undefined) await walk();
}

/** Where runs are shown nobody has to know what shows series. */
async function showRun(series: string, scenario: string, error: string | null): Promise<void> {
  const command: CommandId = 'fuseReview.showSeriesRun';
  await commands.executeCommand(command, series, scenario, error);
}

async function pickFiles({ root }: Tree): Promise<readonly Uri[]> {
  const picked = await window.showOpenDialog({
    title: 'Review patches',
    openLabel: 'Review',
    canSelectMany: true,
    filters: { 'Patches and mailboxes': ['patch', 'diff', 'mbox', 'mbx', 'eml', 'txt', 'gz'], 'All files': ['*'] },
    defaultUri: Uri.file(root),
  });
  return picked ?? [];
}

async function refuseUntrusted(): Promise<void> {
  const action = 'Manage Workspace Trust';
  const picked = await window.showWarningMessage(
    'A range of commits needs git, which is not run in a workspace that you do not trust. Open the patches from files instead.',
    action,
  );
  if (picked === action) await commands.executeCommand('workbench.trust.manage');
}

/** Diffs of a series that is closed show nothing any more. */
function closeDiffs(id: string): void {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  const ours = tabs.filter(({ input }) => input instanceof TabInputTextDiff && placeOf(input.modified)?.series === id);
  void window.tabGroups.close(ours, true);
}

async function pickSeries(store: SeriesStore): Promise<string | undefined> {
  const items = store.all.map(({ id, source, review, root }) => ({ id, label: titleOf(source, review), description: root }));
  return (await window.showQuickPick(items, { title: 'A series to close', matchOnDescription: true }))?.id;
}

function onlySeries(store: SeriesStore): string | undefined {
  return store.all.length === 1 ? store.all[0]?.id : undefined;
}
