// Files of patches as bytes.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { failed, ok, type Result } from '../model/result.js';
import { errorAt } from '../patch/problems.js';
import type { SeriesInput } from '../patch/series.js';
import type { Io } from './io.js';
import { whyUnreadable } from './options.js';

/** The files in order, `-` for standard input; or the problem with one. */
export async function readInputs(files: readonly string[], io: Io): Promise<Result<readonly SeriesInput[]>> {
  const inputs: SeriesInput[] = [];
  if (files.filter((name) => name === '-').length > 1) return failed(errorAt('-', 'standard input can be read only once'));
  for (const name of files) {
    if (name === '-') {
      inputs.push({ name: 'standard input', bytes: await io.stdin() });
      continue;
    }
    try {
      inputs.push({ name, bytes: readFileSync(resolve(io.cwd, name)) });
    } catch (error) {
      return failed(errorAt(name, `cannot be read: ${whyUnreadable(error)}`));
    }
  }
  return ok(inputs);
}
