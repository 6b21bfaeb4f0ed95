// Which code is the model's, and which the tree's.

/** Files of the model begin so. */
const modelPrefix = 'runtime/';

/** Whether a file is the model's, by its path in the program. */
export function isModel(file: string): boolean {
  return file.startsWith(modelPrefix);
}
