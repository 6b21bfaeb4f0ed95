// What help and messages say of the subsystems that there are.
import type { Subsystem } from '../model/subsystem.js';
import type { Io } from './io.js';

export interface HelpWords {
  readonly subsystems: readonly Subsystem[];
  /** The one that examples are of. */
  readonly example: Subsystem;
}

/** Stands for a subsystem in a help text of an installation that has none. */
const none: Subsystem = {
  name: 'none',
  title: 'a subsystem',
  marker: 'function',
  folder: 'folder',
  headers: [],
  since: '',
  watched: '',
  actors: [],
  examples: { file: 'folder/file.c', function: 'function', option: 'CONFIG_NAME', scenario: 'scenario', sequence: 'operation' },
};

export function helpWordsOf(io: Pick<Io, 'runtimes'>): HelpWords {
  const runtimes = io.runtimes();
  if (!runtimes.ok) return { subsystems: [], example: none };
  const { subsystems } = runtimes.value;
  return { subsystems, example: subsystems[0] };
}
