// The sources of the module that makes canaries.
import * as fs from 'node:fs';
import { join } from 'node:path';
import { ok, type Result } from '../model/result.js';
import { digest } from './digest.js';
import { notExecutable, type ExecutionFailure } from './request.js';

export interface ModuleSource {
  readonly files: ReadonlyMap<string, string>;
  /** The name of what is built. */
  readonly object: string;
  readonly key: string;
}

/** Those below the guest's folder; a failure where there are none. */
export function readModule(guest: string): Result<ModuleSource, ExecutionFailure> {
  const folder = join(guest, 'module');
  const names = fs.readdirSync(folder).sort();
  const files = new Map(names.map((name) => [name, fs.readFileSync(join(folder, name), 'utf8')]));
  const main = names.find((name) => name.endsWith('.c'));
  if (main === undefined) return notExecutable(`${folder} holds no module`);
  return ok({ files, object: main.replace(/\.c$/, '.ko'), key: digest(...[...files].flat()) });
}
