// Builds the suite that runs inside the extension host, for desktop.mjs and for run.mjs.
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './harness.mjs';

/** Bundles test/editor/suite/ into a folder and answers the file to give as `extensionTestsPath`. */
export async function buildSuite(folder) {
  const outfile = join(folder, 'suite.cjs');
  await build({
    entryPoints: [join(root, 'test', 'editor', 'suite', 'index.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['vscode'],
    logLevel: 'warning',
  });
  return outfile;
}
