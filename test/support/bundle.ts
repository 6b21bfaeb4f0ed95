// Bundles of what the sources are now, for threads of tests.
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import * as esbuild from 'esbuild';

const root = join(import.meta.dirname, '../..');

/** Makes `<name>.mjs` of a source file in a new folder two levels below the repository's; gives the folder, which the caller removes. */
export async function bundleOf(source: string, name: string): Promise<string> {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, '.cache', 'test-worker-'));
  await esbuild.build({
    entryPoints: [join(root, source)],
    outfile: join(folder, `${name}.mjs`),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  return folder;
}
