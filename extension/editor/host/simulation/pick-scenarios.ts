// Asks which scenarios are to be run, and says what is wrong with one that can't be.
import { window, type Uri } from 'vscode';
import type { Scenario } from '../../../model/scenario.js';
import type { ScenarioFile, ScenarioLibrary } from './library.js';
import { counted } from '../../../model/plural.js';

/** One with nothing wrong with it. */
export interface UsableScenario extends ScenarioFile {
  readonly scenario: Scenario;
}

export class ScenarioPicker {
  constructor(private readonly library: ScenarioLibrary) {}

  /** Any number of those at hand; none where nothing was chosen. */
  async choose(title: string): Promise<readonly UsableScenario[]> {
    const files = await this.library.all();
    const items = files.filter(isUsable).map((file) => ({
      label: file.scenario.name,
      description: file.bundled ? 'bundled' : '',
      detail: file.scenario.title,
      file,
    }));
    const broken = files.length - items.length;
    const placeHolder = broken === 0 ? 'Any number of them' : `Any number of them; ${counted(broken, 'file')} with problems left out`;
    const chosen = await window.showQuickPick(items, { title, placeHolder, canPickMany: true, matchOnDetail: true });
    return (chosen ?? []).map(({ file }) => file);
  }

  /** That of a file; none where it has none, which was said then. */
  async usable(uri: Uri): Promise<readonly UsableScenario[]> {
    const file = await this.library.read(uri);
    if (file !== undefined && isUsable(file)) return [file];
    const why = file === undefined ? 'is no scenario file' : `has ${counted(file.problems.length, 'problem')}`;
    void window.showErrorMessage(`${uri.path.split('/').pop() ?? ''} ${why}.`);
    return [];
  }

  /** All at hand; how many files with problems were left out is said. */
  async all(): Promise<readonly UsableScenario[]> {
    const files = await this.library.all();
    const usable = files.filter(isUsable);
    const broken = files.length - usable.length;
    if (broken > 0) void window.showWarningMessage(`${counted(broken, 'scenario file')} with problems left out.`);
    return usable;
  }
}

export function isUsable(file: ScenarioFile): file is UsableScenario {
  return file.scenario !== null;
}
