// The runtime that comes with an installation.
import { diskTree } from '../patch/disk-tree.js';
import { readRuntime, type Runtime } from '../scenario/runtime.js';
import { emptyVocabulary } from '../scenario/vocabulary.js';

/** The headers, words and bundled scenarios of the subsystem in the folder `runtime/`: the one that has a vocabulary. */
export function readInstalledRuntime(model: string): Runtime {
  const opened = diskTree(model);
  const broken = (message: string): Runtime => ({
    prelude: [],
    vocabulary: emptyVocabulary,
    scenarios: [],
    problems: [{ where: model, message, severity: 'error' }],
  });
  if (!opened.ok) return broken(`the model of the kernel ${opened.failure.message}`);
  const folder = opened.value;
  const subsystem = folder.list('').find((name) => folder.list(name).includes('vocabulary.yaml'));
  if (subsystem === undefined) return broken('no folder in it has a vocabulary.yaml; the installation is not complete');
  return readRuntime(folder, subsystem.replace(/\/$/, ''));
}
