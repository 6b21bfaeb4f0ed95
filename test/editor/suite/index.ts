// The editor tests that run inside the extension host: under a desktop VS Code (desktop.mjs) and in code-server alike.
// FUSE_REVIEW_TEST_PATCH names a patch that introduces findings; the workspace is a private copy of a tree.
import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';

const extensionId = 'fuse-backing-review.fuse-backing-review';
const bugRules = ['leak', 'ladder-label', 'ladder-return'];

const tests: readonly { readonly name: string; readonly run: () => Promise<void> }[] = [
  {
    name: 'the extension is there and activates',
    async run() {
      const extension = vscode.extensions.getExtension(extensionId);
      assert.ok(extension, `${extensionId} is not installed`);
      await extension.activate();
      assert.ok(extension.isActive);
    },
  },
  {
    name: 'every command of the manifest has a handler',
    async run() {
      const manifest = vscode.extensions.getExtension(extensionId)?.packageJSON as { contributes: { commands: { command: string }[] } };
      const registered = new Set(await vscode.commands.getCommands(true));
      const missing = manifest.contributes.commands.filter(({ command }) => !registered.has(command));
      assert.deepEqual(missing, []);
    },
  },
  {
    name: 'a goto that skips the put is reported with its path, and the report goes with the bug',
    async run() {
      const document = await vscode.workspace.openTextDocument(fileOfTree('fs/fuse/backing.c'));
      const editor = await vscode.window.showTextDocument(document);
      // The sample has another ladder than the kernel: no label of it skips the put.
      const [jump = ''] = /goto out(?:_fput|_file);/.exec(document.getText()) ?? [];
      const at = document.getText().indexOf(jump);
      assert.ok(at > 0);
      const statement = new vscode.Range(document.positionAt(at), document.positionAt(at + jump.length));
      await editor.edit((edit) => edit.replace(statement, jump.includes('_fput') ? 'goto out;' : 'return res;'));
      const found = await problemsWith(document.uri, (all) => all.some(isBug));
      const bug = found.find(isBug);
      assert.ok(bug);
      assert.equal(bug.source, 'FUSE Review');
      assert.equal(bug.severity, vscode.DiagnosticSeverity.Warning);
      assert.ok((bug.relatedInformation?.length ?? 0) > 0, 'the path is missing');
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        bug.range,
      );
      assert.ok(
        actions.some((action) => action.title.includes('with a reason')),
        'no quick fix allows it',
      );
      await vscode.commands.executeCommand('undo');
      await problemsWith(document.uri, (all) => !all.some(isBug));
      assert.equal(document.getText().indexOf(jump), at);
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    },
  },
  {
    name: 'a series is walked by command, in a diff whose after side shows the problem',
    async run() {
      const patch = process.env.FUSE_REVIEW_TEST_PATCH;
      assert.ok(patch, 'FUSE_REVIEW_TEST_PATCH names no patch');
      await vscode.commands.executeCommand('fuseReview.openSeries', vscode.Uri.file(patch));
      const after = await until(async () => {
        await vscode.commands.executeCommand('fuseReview.nextFinding');
        const { activeTab } = vscode.window.tabGroups.activeTabGroup;
        return activeTab?.input instanceof vscode.TabInputTextDiff ? activeTab.input.modified : undefined;
      }, 'no diff opens');
      assert.equal(after.scheme, 'fuse-review');
      assert.match(after.path, /^\/fs\/fuse\/\w+\.[ch]$/);
      const document = await vscode.workspace.openTextDocument(after);
      assert.equal(document.languageId, 'c');
      await problemsWith(after, (all) => all.length > 0);
      await vscode.commands.executeCommand('fuseReview.closeSeries');
    },
  },
];

/** Called by the extension host; rejects where a test failed. */
export async function run(): Promise<void> {
  const failed: string[] = [];
  for (const { name, run: body } of tests) {
    try {
      await body();
      console.log(`pass  ${name}`);
    } catch (error) {
      failed.push(name);
      console.log(`FAIL  ${name}\n      ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  console.log(`${tests.length - failed.length} passed, ${failed.length} failed`);
  if (failed.length > 0) throw new Error(`failed: ${failed.join('; ')}`);
}

function fileOfTree(path: string): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'no folder is open');
  return vscode.Uri.joinPath(folder.uri, path);
}

function isBug({ code }: vscode.Diagnostic): boolean {
  return bugRules.includes(String(typeof code === 'object' ? code.value : code));
}

function problemsWith(uri: vscode.Uri, says: (all: readonly vscode.Diagnostic[]) => boolean): Promise<readonly vscode.Diagnostic[]> {
  return until(() => {
    const all = vscode.languages.getDiagnostics(uri);
    return Promise.resolve(says(all) ? all : undefined);
  }, `the problems of ${uri.path} are not as expected`);
}

async function until<T>(ask: () => Promise<T | undefined>, what: string): Promise<T> {
  for (const end = Date.now() + 90_000; Date.now() < end;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((wake) => setTimeout(wake, 200));
  }
  throw new Error(what);
}
