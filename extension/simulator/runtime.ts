// The runtime of a subsystem: headers in C that model what is around it, the words of its scenarios, and the scenarios.
import type { InputProblem } from '../model/problem.js';
import type { Scenario, Vocabulary } from '../model/scenario.js';
import type { SourceTree } from '../model/source.js';

export interface Runtime {
  /** Names begin with `runtime/`. */
  readonly prelude: readonly { readonly file: string; readonly text: string }[];
  readonly vocabulary: Vocabulary;
  /** The bundled scenarios, by name. */
  readonly scenarios: readonly Scenario[];
  readonly problems: readonly InputProblem[];
}

/** Reads `kernel/*.h`, `<subsystem>/*.h`, `<subsystem>/vocabulary.yaml` and `<subsystem>/scenarios/*.yaml`. */
export function readRuntime(folder: SourceTree, subsystem: string): Runtime {
  void folder;
  void subsystem;
  throw new Error('not there yet');
}
