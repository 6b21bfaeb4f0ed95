// Panels that show runs: one for each run, never reused for another, and there again after a reload.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { env, Uri, ViewColumn, window, type Disposable, type ExtensionContext, type LogOutputChannel, type WebviewPanel } from 'vscode';
import { pageHtml } from './page-html.js';
import { besideRun } from './outcome.js';
import { isRunId, RunStore, type StoredRun, type RunAbout } from './run-store.js';
import { RunSources } from './run-sources.js';
import {
  initialView,
  type Executed,
  type FromPage,
  type PageState,
  type RunView,
  type Simulated,
  type ToPage,
} from '../../protocol/webview-messages.js';

const viewType = 'fuseReview.run';
/** Milliseconds for which a page has to be left alone before it is written how it looks. */
const settled = 300;

/** A run that was not shown yet. */
export type NewRun = (Simulated | Executed) & {
  readonly title: string;
  /** The tree's absolute folder, for files that the texts leave out. */
  readonly root: string;
  /** Files that a patch changes, as each side of the run saw them, by path relative to the root. */
  readonly texts: StoredRun['texts'];
};

function subjectOf(run: Simulated | Executed): object {
  return 'result' in run ? run.result : run.execution;
}

export class SimulationPanels implements Disposable {
  private readonly store: RunStore;
  private readonly sources: RunSources;
  private readonly open = new Map<string, WebviewPanel>();
  /** By what came of a run, which is an object of its own each time. */
  private readonly stored = new WeakMap<object, Promise<StoredRun>>();
  private readonly views = new Map<string, { readonly view: RunView; readonly timer: NodeJS.Timeout }>();
  private readonly serializer: Disposable;

  constructor(
    private readonly context: ExtensionContext,
    private readonly log: Pick<LogOutputChannel, 'warn' | 'error'>,
  ) {
    this.store = new RunStore(join((context.storageUri ?? context.globalStorageUri).fsPath, 'runs'));
    this.sources = new RunSources(this.store);
    this.serializer = window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: async (panel: WebviewPanel, state: Partial<PageState> | undefined) => {
        const id = state?.run;
        const stored = isRunId(id) ? await this.store.read(id) : undefined;
        if (stored !== undefined) {
          this.fill(panel, stored);
          return;
        }
        panel.dispose();
        void window.showInformationMessage(`The run "${panel.title}" is not kept any more. Run its scenario again to see it.`);
      },
    });
  }

  /** Keeps a run and shows it in a panel of its own, as `view` says; side by side where there is a base whose path can be shown. */
  async show({ root, texts, ...run }: NewRun, wanted?: RunView): Promise<void> {
    // The first error of the worst flaw, where nothing else is asked for.
    const worst = 'result' in run ? run.causes?.[0]?.errors[0] : undefined;
    const view: RunView = wanted ?? { ...initialView, counterexample: worst ?? 0 };
    const stored = await this.keep({ root, texts, ...run });
    const panel = this.open.get(stored.run.id);
    if (panel !== undefined && wanted === undefined) {
      panel.reveal();
      return;
    }
    const paths = 'result' in run ? run.base?.traces : undefined;
    const compare = typeof (paths?.[view.counterexample] ?? '') !== 'string';
    if (compare || wanted !== undefined || view.counterexample > 0) await this.store.keepView(stored.run.id, { ...view, compare });
    this.create(stored);
  }

  /** Keeps a run for the history, without showing it; once, however often it is said. */
  keep({ root, texts, ...run }: NewRun): Promise<StoredRun> {
    const subject = subjectOf(run);
    const known = this.stored.get(subject);
    if (known !== undefined) return known;
    const keeping = this.store.keep(root, run, texts, Date.now());
    this.stored.set(subject, keeping);
    return keeping;
  }

  /** Shows two runs of one scenario beside each other, as a run of its own; false where they can't be compared. */
  async compare(id: string, other: string): Promise<boolean> {
    const [stored, beside] = await Promise.all([this.store.read(id), this.store.read(other)]);
    if (stored === undefined || beside === undefined || !('result' in stored.run) || !('result' in beside.run)) return false;
    const { root, run, texts } = stored;
    const title = `${run.title} beside ${beside.run.title}`;
    const base = besideRun(run.result, beside.run.result);
    const causes = run.causes === undefined ? {} : { causes: run.causes };
    await this.show({ title, result: { ...run.result }, base, ...causes, root, texts: { run: texts.run, base: beside.texts.run } });
    return true;
  }

  /** Forgets runs, and closes their panels. */
  async delete(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.open.get(id)?.dispose();
    await Promise.all(ids.map((id) => this.store.delete(id)));
  }

  /** Shows a run that was shown before, as it was left; false where it is not kept any more. */
  async reopen(id: string): Promise<boolean> {
    const panel = this.open.get(id);
    if (panel !== undefined) {
      panel.reveal();
      return true;
    }
    const stored = await this.store.read(id);
    if (stored !== undefined) this.create(stored);
    return stored !== undefined;
  }

  /** The runs that can be shown again, the newest first. */
  runs(): Promise<readonly RunAbout[]> {
    return this.store.list();
  }

  dispose(): void {
    for (const id of [...this.views.keys()]) this.writeView(id);
    this.serializer.dispose();
    this.sources.dispose();
  }

  private create(stored: StoredRun): void {
    const column = window.activeTextEditor?.viewColumn === undefined ? ViewColumn.Active : ViewColumn.Beside;
    this.fill(window.createWebviewPanel(viewType, stored.run.title, column, {}), stored);
  }

  private fill(panel: WebviewPanel, stored: StoredRun): void {
    const { id, title } = stored.run;
    const pages = Uri.joinPath(this.context.extensionUri, 'dist', 'webview');
    const { webview } = panel;
    this.open.set(id, panel);
    panel.title = title;
    webview.options = { enableScripts: true, localResourceRoots: [pages] };
    webview.onDidReceiveMessage((message: FromPage) => void this.receive(message, panel, stored));
    panel.onDidDispose(() => {
      this.sources.clearMark();
      this.writeView(id);
      if (this.open.get(id) === panel) this.open.delete(id);
    });
    webview.html = pageHtml({
      title,
      script: webview.asWebviewUri(Uri.joinPath(pages, 'run.js')).toString(),
      style: webview.asWebviewUri(Uri.joinPath(pages, 'run.css')).toString(),
      source: webview.cspSource,
      nonce: randomBytes(16).toString('hex'),
    });
  }

  private async receive(message: FromPage, panel: WebviewPanel, stored: StoredRun): Promise<void> {
    const { id } = stored.run;
    switch (message.t) {
      case 'ready': {
        const view = this.views.get(id)?.view ?? (await this.store.view(id));
        await panel.webview.postMessage({ t: 'run', run: stored.run, view } satisfies ToPage);
        return;
      }
      case 'view':
        this.noteView(id, message.view);
        return;
      case 'reveal': {
        const problem = await this.sources.reveal(stored, message.side, message.at, panel, message.focus);
        if (problem === undefined) return;
        this.log.warn(`A step of ${stored.run.title} can't be shown: ${problem}`);
        if (message.focus) void window.showWarningMessage(`${problem}.`);
        return;
      }
      case 'log':
      case 'scenario': {
        const problem = await this.sources.open(stored, message.t, message.line ?? 0, panel);
        if (problem !== undefined) void window.showWarningMessage(`${problem}.`);
        return;
      }
      case 'copy':
        await env.clipboard.writeText(message.text);
        window.setStatusBarMessage(`Copied the ${message.what}.`, 2000);
        return;
    }
  }

  private noteView(id: string, view: RunView): void {
    clearTimeout(this.views.get(id)?.timer);
    this.views.set(id, { view, timer: setTimeout(() => this.writeView(id), settled) });
  }

  private writeView(id: string): void {
    const noted = this.views.get(id);
    if (noted === undefined) return;
    clearTimeout(noted.timer);
    void this.store.keepView(id, noted.view).then(() => {
      if (this.views.get(id) === noted) this.views.delete(id);
    });
  }
}
