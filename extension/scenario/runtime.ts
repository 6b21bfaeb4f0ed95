// The runtime of a subsystem: headers in C that model what is around it, the words of its scenarios, and the scenarios.
import type { InputProblem } from '../model/problem.js';
import type { Scenario, Vocabulary } from '../model/scenario.js';
import type { SourceTree } from '../model/source.js';
import type { Subsystem } from '../model/subsystem.js';
import { readScenario } from './read.js';
import { emptyVocabulary, readVocabulary } from './vocabulary.js';

interface RuntimeFile {
  readonly file: string;
  readonly text: string;
}

export interface Runtime {
  readonly subsystem: Subsystem;
  /** Names begin with `runtime/`. */
  readonly prelude: readonly RuntimeFile[];
  /** Without a word where the file is missing or wrong, which `problems` says. */
  readonly vocabulary: Vocabulary;
  /** The bundled scenarios, by name. */
  readonly scenarios: readonly Scenario[];
  readonly problems: readonly InputProblem[];
}

/** Reads `kernel/*.h`, `<name>/*.h`, `<name>/vocabulary.yaml` and `<name>/scenarios/*.yaml` of `runtime/`, each folder by name. */
export function readRuntime(folder: SourceTree, subsystem: Subsystem): Runtime {
  const { name } = subsystem;
  const problems: InputProblem[] = [];
  const read = (path: string): readonly RuntimeFile[] => readFile(folder, path, problems);
  const readAll = (path: string, extension: string): readonly RuntimeFile[] => readFiles(folder, path, extension, problems);
  const kernel = readKernel(folder);
  problems.push(...kernel.problems);
  const prelude = [...kernel.prelude, ...readAll(name, '.h')];
  const words = read(`${name}/vocabulary.yaml`).map(({ file, text }) => readVocabulary(file, text, subsystem))[0];
  problems.push(...(words?.problems ?? []));
  const vocabulary = words?.vocabulary ?? emptyVocabulary;
  // Without a vocabulary all that could be said of the scenarios is that none of their words is known.
  const files = vocabulary === emptyVocabulary ? [] : readAll(`${name}/scenarios`, '.yaml');
  const scenarios = new Map<string, Scenario>();
  for (const { file, text } of files) {
    const { scenario, problems: mistakes } = readScenario(file, text, vocabulary);
    problems.push(...mistakes);
    if (scenario === null) continue;
    const other = scenarios.get(scenario.name);
    if (other === undefined) scenarios.set(scenario.name, scenario);
    else {
      const message = `the name ${scenario.name} is that of ${other.source} too; the scenario was left out: give it another`;
      problems.push({ where: file, line: 1, message, severity: 'error' });
    }
  }
  const byName = [...scenarios.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { subsystem, prelude, vocabulary, scenarios: byName, problems };
}

/** Reads `kernel/*.h`: the model of the kernel, without a subsystem on it. */
export function readKernel(folder: SourceTree): Pick<Runtime, 'prelude' | 'problems'> {
  const problems: InputProblem[] = [];
  return { prelude: readFiles(folder, 'kernel', '.h', problems), problems };
}

function readFile(folder: SourceTree, path: string, problems: InputProblem[]): readonly RuntimeFile[] {
  const file = `runtime/${path}`;
  const text = folder.read(path);
  if (text !== undefined) return [{ file, text }];
  problems.push({ where: file, message: 'cannot be read; the installation is not complete', severity: 'error' });
  return [];
}

function readFiles(folder: SourceTree, path: string, extension: string, problems: InputProblem[]): readonly RuntimeFile[] {
  const names = folder.list(path).filter((name) => name.endsWith(extension));
  return names.flatMap((name) => readFile(folder, `${path}/${name}`, problems));
}
