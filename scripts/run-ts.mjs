// Runs one TypeScript program of this repository, such as a benchmark: bundled in memory, then started with its arguments.
import { mkdirSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import * as esbuild from 'esbuild';
import { cache, main, root, run, ScriptError } from './tools.mjs';

await main(async () => {
  const [program, ...args] = process.argv.slice(2);
  if (!program) throw new ScriptError('usage: node scripts/run-ts.mjs PROGRAM.ts [ARGUMENT…]');
  const name = relative(root, resolve(program)).replace(/[^\w]+/g, '-');
  // Beside the sources' depth, so that packages resolve; under .cache, so that nothing is left in the tree.
  const folder = join(cache, 'run-ts');
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `${name}-${process.pid}.mjs`);
  try {
    await esbuild.build({
      absWorkingDir: root,
      entryPoints: [resolve(program)],
      outfile,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      packages: 'external',
      sourcemap: 'inline',
      logLevel: 'warning',
    });
    const { code } = await run(process.execPath, ['--enable-source-maps', outfile, ...args], { show: () => true });
    return code;
  } finally {
    rmSync(outfile, { force: true });
  }
});
