// The commands by name, each with what its handler takes. The manifest lists the same ones; a test compares the two.
import { commands, type Comment, type Disposable, type Uri } from 'vscode';
import type { RuleId } from '../../model/finding.js';
import type { ShownFinding } from '../protocol/messages.js';
import type { SeriesNode } from './series/node.js';
import type { TargetKind } from './simulation/targets.js';

export interface CommandHandlers {
  'fuseReview.checkSubsystem': () => Promise<void>;
  'fuseReview.openSeries': (uri?: Uri, selected?: readonly Uri[]) => Promise<void>;
  'fuseReview.openCommits': () => Promise<void>;
  'fuseReview.openChanges': () => Promise<void>;
  'fuseReview.refreshSeries': (node?: SeriesNode) => void;
  'fuseReview.closeSeries': (node?: SeriesNode) => void;
  'fuseReview.nextFinding': () => Promise<void>;
  'fuseReview.previousFinding': () => Promise<void>;
  'fuseReview.showNode': (node: SeriesNode) => Promise<void>;
  'fuseReview.nextRemark': () => Promise<void>;
  'fuseReview.previousRemark': () => Promise<void>;
  'fuseReview.applySuggestion': (given?: SeriesNode | Comment) => Promise<void>;
  'fuseReview.undoSuggestion': (given?: SeriesNode | Comment) => Promise<void>;
  'fuseReview.openInTree': (node?: SeriesNode) => Promise<void>;
  'fuseReview.copyFinding': (node?: SeriesNode) => Promise<void>;
  'fuseReview.allowFinding': (uri: Uri, finding: ShownFinding) => Promise<void>;
  'fuseReview.showNotAnalysed': () => void;
  'fuseReview.showRule': (rule?: RuleId) => Promise<void>;
  'fuseReview.openRun': () => Promise<void>;
  'fuseReview.runScenario': (uri?: Uri) => Promise<void>;
  'fuseReview.runScenarioOnSeries': (uri?: Uri) => Promise<void>;
  'fuseReview.runScenariosForFunction': () => Promise<void>;
  'fuseReview.generateSequences': () => Promise<void>;
  'fuseReview.replaySchedule': () => Promise<void>;
  'fuseReview.stopSimulation': () => void;
  'fuseReview.showLastRun': (uri: string, kind: TargetKind) => Promise<void>;
  /** `error` is the id of the error to show; null for the answers of the steps. */
  'fuseReview.showSeriesRun': (series: string, scenario: string, error: string | null) => Promise<void>;
  'fuseReview.executeScenario': (uri?: Uri) => Promise<void>;
  'fuseReview.executeScenarioOfFile': (uri?: Uri) => Promise<void>;
  'fuseReview.executeAllScenarios': () => Promise<void>;
  'fuseReview.executeScenarioOnSeries': (uri?: Uri) => Promise<void>;
  'fuseReview.showLastExecution': (uri: string, kind: TargetKind) => Promise<void>;
  'fuseReview.showExecutionLog': () => Promise<void>;
  'fuseReview.showBuildOutput': () => void;
  'fuseReview.stopExecution': () => void;
  'fuseReview.showOutput': () => void;
}

export type CommandId = keyof CommandHandlers;

export function registerCommand<Id extends CommandId>(id: Id, handler: NoInfer<CommandHandlers[Id]>): Disposable {
  return commands.registerCommand(id, handler);
}
