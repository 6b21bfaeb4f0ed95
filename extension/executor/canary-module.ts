// The sources of the module that makes canaries.
import * as fs from 'node:fs';
import { join } from 'node:path';
import { digest } from './digest.js';
import { ExecutionFailure } from './request.js';

export interface ModuleSource {
  readonly files: ReadonlyMap<string, string>;
  /** The name of what is built. */
  readonly object: string;
  readonly key: string;
}

/** Those below the guest's folder. Throws an ExecutionFailure where there are none. */
export function readModule(guest: string): ModuleSource {
  const folder = join(guest, 'module');
  const names = fs.readdirSync(folder).sort();
  const files = new Map(names.map((name) => [name, fs.readFileSync(join(folder, name), 'utf8')]));
  const main = names.find((name) => name.endsWith('.c'));
  if (main === undefined) throw new ExecutionFailure(`${folder} holds no module`);
  return { files, object: main.replace(/\.c$/, '.ko'), key: digest(...[...files].flat()) };
}
