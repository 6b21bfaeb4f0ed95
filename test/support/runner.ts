// A runner of what the sources are now: its threads run a bundle made for the test, never the one in dist/.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { RunnerInstallation } from '../../extension/runner/jobs.js';
import { Runner } from '../../extension/runner/runner.js';
import { bundleOf } from './bundle.js';

const root = join(import.meta.dirname, '../..');
let bundle: Promise<string> | undefined;
const runners: Runner[] = [];

afterAll(async () => {
  await Promise.all(runners.splice(0).map((runner) => runner.dispose()));
  if (bundle !== undefined) rmSync(await bundle, { recursive: true, force: true });
});

async function build(): Promise<string> {
  return bundleOf('extension/runner/simulation-worker.ts', 'simulation-worker');
}

export async function testInstallation(): Promise<RunnerInstallation> {
  bundle ??= build();
  return {
    runtime: join(root, 'node_modules/web-tree-sitter/web-tree-sitter.wasm'),
    grammar: join(root, 'grammars/kernel-c/kernel-c.wasm'),
    model: join(root, 'runtime'),
    worker: join(await bundle, 'simulation-worker.mjs'),
  };
}

/** Disposed of after the tests of the file. */
export async function testRunner(workers = 1): Promise<Runner> {
  const runner = new Runner({ installation: await testInstallation(), workers });
  runners.push(runner);
  return runner;
}
