// Files of patches as bytes.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { InputProblem } from '../model/problem.js';
import type { SeriesInput } from '../patch/series.js';
import type { Io } from './io.js';
import { whyUnreadable } from './options.js';

/** The files in order, `-` for standard input; or the problem with one. */
export async function readInputs(files: readonly string[], io: Io): Promise<SeriesInput[] | InputProblem> {
  const problem = (where: string, message: string): InputProblem => ({ where, message, severity: 'error' });
  const inputs: SeriesInput[] = [];
  if (files.filter((name) => name === '-').length > 1) return problem('-', 'standard input can be read only once');
  for (const name of files) {
    if (name === '-') {
      inputs.push({ name: 'standard input', bytes: await io.stdin() });
      continue;
    }
    try {
      inputs.push({ name, bytes: readFileSync(resolve(io.cwd, name)) });
    } catch (error) {
      return problem(name, `cannot be read: ${whyUnreadable(error)}`);
    }
  }
  return inputs;
}
