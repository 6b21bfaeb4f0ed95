// "Open Run...": the history of runs. One is shown as it was left, compared with another, or forgotten.
import { ThemeIcon, window, type ExtensionContext, type QuickInputButton, type QuickPickItem } from 'vscode';
import { registerCommand } from '../commands.js';
import type { SimulationPanels } from './panel.js';
import type { RunAbout } from './run-store.js';

interface RunItem extends QuickPickItem {
  readonly about: RunAbout;
}

const compare: QuickInputButton = { iconPath: new ThemeIcon('diff'), tooltip: 'Compare with another run of this scenario' };
const forget: QuickInputButton = { iconPath: new ThemeIcon('trash'), tooltip: 'Delete this run' };
const forgetAll: QuickInputButton = { iconPath: new ThemeIcon('clear-all'), tooltip: 'Delete all runs' };

export function activateReopenRun(context: ExtensionContext, panels: SimulationPanels): void {
  context.subscriptions.push(registerCommand('fuseReview.openRun', () => showHistory(panels)));
}

async function showHistory(panels: SimulationPanels): Promise<void> {
  const runs = await panels.runs();
  if (runs.length === 0) {
    void window.showInformationMessage('No scenario was run in this workspace yet.');
    return;
  }
  const list = window.createQuickPick<RunItem>();
  const fill = async (): Promise<void> => void (list.items = itemsOf(await panels.runs()));
  list.title = 'Runs, the newest first';
  list.placeholder = 'A run to open again';
  list.matchOnDescription = true;
  list.matchOnDetail = true;
  list.buttons = [forgetAll];
  list.items = itemsOf(runs);
  list.onDidTriggerItemButton(async ({ item, button }) => {
    if (button === compare) {
      list.hide();
      await compareWith(item.about, panels);
      return;
    }
    await panels.delete([item.about.id]);
    await fill();
  });
  list.onDidTriggerButton(async () => {
    const all = await panels.runs();
    list.hide();
    const agree = 'Delete';
    const picked = await window.showWarningMessage(`Delete all ${all.length} runs of this workspace?`, { modal: true }, agree);
    if (picked === agree) await panels.delete(all.map(({ id }) => id));
  });
  list.onDidAccept(async () => {
    const [chosen] = list.selectedItems;
    list.hide();
    if (chosen !== undefined && !(await panels.reopen(chosen.about.id))) void window.showWarningMessage('This run is not kept any more.');
  });
  list.onDidHide(() => list.dispose());
  list.show();
}

/** Asks for a run that was of the same scenario, and shows both. */
async function compareWith(about: RunAbout, panels: SimulationPanels): Promise<void> {
  const others = (await panels.runs()).filter(({ id, scenario }) => scenario === about.scenario && id !== about.id);
  if (others.length === 0) {
    void window.showInformationMessage(`${about.scenario} was run once only. Run it again, on another tree or series, to compare.`);
    return;
  }
  const items = itemsOf(others).map((item) => ({ ...item, buttons: [] }));
  const chosen = await window.showQuickPick(items, { title: `Compare ${about.title} with`, matchOnDetail: true });
  if (chosen !== undefined && !(await panels.compare(about.id, chosen.about.id)))
    void window.showWarningMessage('Only runs of the simulator can be compared.');
}

function itemsOf(runs: readonly RunAbout[]): RunItem[] {
  return runs.map((about) => ({
    about,
    label: `$(${iconOf(about)}) ${about.title}`,
    description: about.verdict,
    detail: [about.summary, `${(about.milliseconds / 1000).toFixed(1)} s`, new Date(about.time).toLocaleString()].join(' · '),
    buttons: [compare, forget],
  }));
}

function iconOf({ verdict }: RunAbout): string {
  switch (verdict) {
    case 'passed':
      return 'pass';
    case 'failed':
      return 'error';
    case 'stopped':
    case 'unknown':
      return 'question';
    case 'not run':
      return 'circle-slash';
  }
}
