// Problems while typing: what the checks find, in the editor and in the Problems panel; and the command that asks for them now.
import {
  commands,
  Diagnostic,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  languages,
  Location,
  Range,
  Uri,
  window,
  type DiagnosticCollection,
  type ExtensionContext,
} from 'vscode';
import type { TreeChecks } from './checks.js';
import { registerCommand } from '../commands.js';
import type { ShownFinding, TextRange, Tree } from '../../protocol/messages.js';
import { planReplacement } from './replacement.js';
import { rulePage } from './rule-pages.js';
import { absolutePath, type WorkspaceTrees } from '../trees/trees.js';

export const diagnosticSource = 'FUSE Review';

export function activateDiagnostics(context: ExtensionContext, trees: WorkspaceTrees, checks: TreeChecks): void {
  const collection = languages.createDiagnosticCollection('fuse-review');
  /** What each tree shows: by file, the findings as JSON, so that what is the same is left alone and nothing flickers. */
  const shown = new Map<string, ReadonlyMap<string, string>>();
  context.subscriptions.push(
    collection,
    checks.onDidChange(({ tree, running, result }) => {
      if (running || result === undefined) return;
      const next = groupByFile(result.findings);
      const plan = planReplacement(shown.get(tree.root) ?? new Map<string, string>(), next, JSON.stringify);
      for (const file of plan.clear) collection.delete(fileOf(tree, file));
      for (const file of plan.set) setFile(collection, tree, file, next.get(file) ?? []);
      shown.set(tree.root, plan.shown);
    }),
    checks.onDidRemove((tree) => {
      for (const file of shown.get(tree.root)?.keys() ?? []) collection.delete(fileOf(tree, file));
      shown.delete(tree.root);
    }),
    registerCommand('fuseReview.checkSubsystem', () => checkAll(trees, checks)),
  );
}

/** Checks the trees of the workspace now, whether a file of them is open or not. */
async function checkAll(trees: WorkspaceTrees, checks: TreeChecks): Promise<void> {
  const found = await trees.whenSettled();
  if (found.length === 0) {
    void window.showErrorMessage(`No kernel tree with ${trees.wantedText} is open.`);
    return;
  }
  for (const tree of found) checks.check(tree);
  await commands.executeCommand('workbench.actions.view.problems');
}

function setFile(collection: DiagnosticCollection, tree: Tree, file: string, findings: readonly ShownFinding[]): void {
  collection.set(
    fileOf(tree, file),
    findings.map((finding) => toDiagnostic(finding, (path) => fileOf(tree, path))),
  );
}

/** A finding as VS Code shows it; `uriOf` says where a file of the tree is. */
export function toDiagnostic(finding: ShownFinding, uriOf: (file: string) => Uri): Diagnostic {
  const diagnostic = new Diagnostic(toRange(finding.range), finding.message, DiagnosticSeverity.Warning);
  diagnostic.source = diagnosticSource;
  diagnostic.code = { value: finding.rule, target: rulePage(finding.rule) };
  diagnostic.relatedInformation = finding.steps.map(
    (step) => new DiagnosticRelatedInformation(new Location(uriOf(step.file), toRange(step.range)), step.message),
  );
  return diagnostic;
}

export function toRange({ startLine, startColumn, endLine, endColumn }: TextRange): Range {
  return new Range(startLine, startColumn, endLine, endColumn);
}

function fileOf(tree: Tree, path: string): Uri {
  return Uri.file(absolutePath(tree.root, path));
}

function groupByFile(findings: readonly ShownFinding[]): ReadonlyMap<string, readonly ShownFinding[]> {
  const groups = new Map<string, ShownFinding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.file);
    if (group === undefined) groups.set(finding.file, [finding]);
    else group.push(finding);
  }
  return groups;
}
