// The sidebar: how the nodes of the series look, and where the reviewer is in them.
import { isDeepStrictEqual } from 'node:util';
import {
  EventEmitter,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
  window,
  type Disposable,
  type Event,
  type TreeDataProvider,
  type TreeView,
} from 'vscode';
import type { FindingStatus } from '../../../model/finding.js';
import { counted } from '../../../model/plural.js';
import type { CommandId } from '../commands.js';
import type { SeriesNode } from './node.js';
import { flawsOf, seriesNode, seriesProgress, verdictLines } from './nodes.js';
import type { SeriesStore } from './store.js';

export const viewId = 'fuseReview.series';

export class SeriesView implements TreeDataProvider<SeriesNode>, Disposable {
  private readonly changed = new EventEmitter<SeriesNode | undefined>();
  readonly onDidChangeTreeData: Event<SeriesNode | undefined> = this.changed.event;
  private readonly roots = new Map<string, SeriesNode>();
  private readonly parents = new Map<string, SeriesNode>();
  readonly tree: TreeView<SeriesNode>;
  private readonly listeners: readonly Disposable[];

  constructor(private readonly store: SeriesStore) {
    for (const series of store.all) this.build(series.id);
    this.tree = window.createTreeView(viewId, { treeDataProvider: this, showCollapseAll: true });
    const drawn = store.onDidChange((id) => {
      // A click on a row that is drawn anew at that moment is lost: nothing is drawn for what looks the same.
      if (this.build(id)) this.changed.fire(undefined);
      this.showSummary();
    });
    this.listeners = [drawn, store.onDidProgress(() => this.showProgress())];
    this.showSummary();
  }

  get nodes(): readonly SeriesNode[] {
    return [...this.roots.values()];
  }

  getChildren(node?: SeriesNode): SeriesNode[] {
    return [...(node === undefined ? this.roots.values() : node.children)];
  }

  getParent(node: SeriesNode): SeriesNode | undefined {
    return this.parents.get(node.id);
  }

  getTreeItem(node: SeriesNode): TreeItem {
    const state =
      node.children.length === 0
        ? TreeItemCollapsibleState.None
        : node.open
          ? TreeItemCollapsibleState.Expanded
          : TreeItemCollapsibleState.Collapsed;
    const item = new TreeItem(node.label, state);
    // VS Code keeps a node folded that it first saw without children; one that gets some is a new one to it.
    item.id = node.children.length > 0 ? node.id : `${node.id} leaf`;
    item.description = node.description;
    item.tooltip = node.tooltip;
    item.contextValue = node.kind;
    const drawn = iconOf(node);
    if (drawn !== undefined) item.iconPath = drawn;
    // For the icon theme only; no problem belongs to this URI, so the label keeps its colour.
    if (node.kind === 'file') item.resourceUri = Uri.from({ scheme: 'fuse-review-icon', path: `/${node.path}` });
    item.accessibilityInformation = { label: accessibleLabel(node) };
    if (opens(node)) {
      const command: CommandId = 'fuseReview.showNode';
      item.command = { command, title: 'Open', arguments: [node] };
    }
    return item;
  }

  dispose(): void {
    for (const each of this.listeners) each.dispose();
    this.tree.dispose();
    this.changed.dispose();
  }

  /** Answers whether that changes what is shown. */
  private build(id: string): boolean {
    const series = this.store.get(id);
    if (series === undefined) return this.roots.delete(id);
    const root = seriesNode(series);
    if (isDeepStrictEqual(root, this.roots.get(id))) return false;
    this.roots.set(id, root);
    this.adopt(root);
    return true;
  }

  private adopt(parent: SeriesNode): void {
    for (const child of parent.children) {
      this.parents.set(child.id, parent);
      this.adopt(child);
    }
  }

  private showProgress(): void {
    this.tree.description = seriesProgress(this.store.all, Date.now());
  }

  private showSummary(): void {
    const flaws = flawsOf(this.store.all);
    this.showProgress();
    // VS Code makes one paragraph of it, whatever the line ends.
    this.tree.message = this.store.all.flatMap(verdictLines).join(' · ');
    this.tree.badge = flaws === 0 ? undefined : { value: flaws, tooltip: `${counted(flaws, 'flaw')} introduced` };
  }
}

const opening = new Set<SeriesNode['kind']>([
  ...(['file', 'cause', 'finding', 'step', 'run', 'problem'] as const),
  ...(['message', 'remark', 'suggestion', 'applied-suggestion'] as const),
]);

function opens(node: SeriesNode): boolean {
  return opening.has(node.kind);
}

const colours = {
  error: 'problemsErrorIcon.foreground',
  finding: 'problemsWarningIcon.foreground',
  behaviour: 'problemsInfoIcon.foreground',
  fixed: 'testing.iconPassed',
  old: 'descriptionForeground',
} as const;

function icon(name: string, colour?: keyof typeof colours): ThemeIcon {
  return new ThemeIcon(name, colour === undefined ? undefined : new ThemeColor(colours[colour]));
}

function iconOf(node: SeriesNode): ThemeIcon | undefined {
  switch (node.kind) {
    case 'series':
      return icon(node.running ? 'loading~spin' : node.failed ? 'error' : 'git-pull-request');
    case 'patch':
      return node.partial ? icon('error', 'error') : icon(node.scope === 'series' ? 'layers' : 'git-commit', node.worst);
    case 'cause':
      return icon(node.severity === 'error' ? 'error' : node.severity === 'finding' ? 'warning' : 'info', node.severity);
    case 'run':
      return icon(node.error === null ? 'diff' : 'debug-alt-small');
    case 'answers':
      return icon('diff-multiple');
    case 'files':
      return icon('files');
    case 'file':
      return ThemeIcon.File;
    case 'finding':
      return statusIcon(node.finding.status);
    case 'step':
      return icon('debug-stackframe-dot');
    case 'unchanged':
      return statusIcon(node.kind);
    case 'problem':
      return node.problem.severity === 'error' ? icon('error', 'error') : icon('info', 'behaviour');
    case 'gap':
    case 'not-analysed':
      return icon('question', 'finding');
    case 'thread':
      return icon('comment-discussion');
    case 'message':
      return icon('mail');
    case 'remark':
      return icon(node.place === null ? 'comment-unresolved' : 'comment');
    case 'suggestion':
      return icon('git-pull-request-new-changes');
    case 'applied-suggestion':
      return icon('check', 'fixed');
    case 'note':
      return undefined;
  }
}

function statusIcon(status: FindingStatus): ThemeIcon {
  if (status === 'introduced') return icon('warning', 'finding');
  return status === 'fixed' ? icon('pass', 'fixed') : icon('circle-outline', 'old');
}

function accessibleLabel(node: SeriesNode): string {
  if (node.kind === 'finding') return `${node.finding.status}, ${node.label}, ${node.description}`;
  if (node.kind === 'cause') return `${node.severity}, ${node.label}, ${node.description}`;
  if (node.kind === 'problem') return `${node.problem.severity}, ${node.label}, ${node.description}`;
  return [node.label, node.description].filter((part) => part !== '').join(', ');
}
