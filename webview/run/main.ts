// Starts the page: takes the run from the panel, and keeps with VS Code what is needed to come back.
import '@vscode/codicons/dist/codicon.css';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js';
import './agreement-table.js';
import './behaviours.js';
import './combinations.js';
import './detail.js';
import './errors.js';
import './filter.js';
import './header.js';
import './help.js';
import './lanes.js';
import './environment.js';
import './page.css';
import './page.js';
import './reports.js';
import './scope.js';
import './step-list.js';
import { initialView, type FromPage, type PageState, type ToPage } from '../../extension/editor/protocol/webview-messages.js';

/** What VS Code gives to pages. */
declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): PageState | undefined;
  setState(state: PageState): void;
};

const vscode = acquireVsCodeApi();
const page = document.createElement('run-page');
page.post = (message) => {
  if (message.t === 'view' && page.run !== null) vscode.setState({ run: page.run.id, view: message.view });
  vscode.postMessage(message);
};

window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
  // A page shows one run for good.
  if (page.run !== null) return;
  const { run } = data;
  const state = vscode.getState();
  const view = state?.run === run.id ? state.view : data.view;
  document.title = run.title;
  page.view = { ...initialView, ...view };
  page.run = run;
  vscode.setState({ run: run.id, view: page.view });
  document.body.append(page);
});

vscode.postMessage({ t: 'ready' });

declare global {
  interface HTMLElementTagNameMap {
    'run-page': import('./page.js').RunPage;
  }
}
