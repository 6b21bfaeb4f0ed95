// The command that shows a path again, as a shell takes it.
import type { Counterexample } from '../../model/simulation.js';
import { shellWord } from '../../model/shell-word.js';
import { replayLine } from '../../review/replay-line.js';

export interface ReplayedOptions {
  readonly command: string;
  readonly tree: string;
  readonly subsystem?: string;
  readonly folder?: string;
  readonly patch?: readonly string[];
  readonly config: ReadonlyMap<string, boolean>;
}

export function replayCommand(
  path: Pick<Counterexample, 'scenario' | 'schedule'>,
  { command, tree, subsystem, folder, patch = [], config }: ReplayedOptions,
): string {
  const words = [command, 'simulate', '--tree', shellWord(tree)];
  if (subsystem !== undefined) words.push('--subsystem', subsystem);
  if (folder !== undefined) words.push('--folder', shellWord(folder));
  if (patch.length > 0) words.push('--patch', ...patch.map(shellWord));
  for (const [name, on] of config) words.push('--config', `${name}=${on ? 'y' : 'n'}`);
  words.push('--replay', `'${replayLine(path)}'`);
  return words.join(' ');
}
