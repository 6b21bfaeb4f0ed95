// Runs scenarios in real kernels, for tests. What is built is kept in the user's cache, so that only the first run builds.
import { ok, type Result } from '../../extension/model/result.js';
import { valueOf } from '../support/result.js';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { missingTools } from '../../extension/executor/toolchain.js';
import type { ExecutionFailure, ExecutionHandling } from '../../extension/executor/request.js';
import type { ExecutionResult } from '../../extension/model/execution.js';
import type { Scenario } from '../../extension/model/scenario.js';
import type { TreeSource } from '../../extension/model/source.js';
import { Executions, type ExecuteSettings } from '../../extension/runner/executions.js';
import { fusePlace, fuseRuntime } from '../support/fuse.js';
import { testRunner } from '../support/runner.js';
import type { ThreadPatch } from '../support/thread-edits.js';
import { patched, type Thread } from '../support/thread.js';
import { folderTree } from '../support/trees.js';

const root = join(import.meta.dirname, '../..');
const runtime = fuseRuntime;
const cache = process.env.FUSE_REVIEW_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'fuse-review');
const lacking = await missingTools();

/** All that the program brings along. */
export const bundledScenarios = runtime.scenarios;

/** The bundled scenario of that name. */
export function scenario(name: string): Scenario {
  const found = bundledScenarios.find((each) => each.name === name);
  if (!found) throw new Error(`there is no scenario ${name}`);
  return found;
}

/** Why nothing can be run in the kernel of `linux-X`, in brackets, or an empty text. */
export function whyNot(tree: string): string {
  const reason = lacking ?? (existsSync(join(root, '.cache/trees', tree, 'arch/x86/Makefile')) ? '' : `no whole ${tree}: npm run trees`);
  return reason === '' ? '' : ` (${reason})`;
}

/** A kernel tree as it is. */
export function source(tree: string): TreeSource {
  return { root: join(root, '.cache/trees', tree), ...fusePlace, label: tree, files: {}, config: {} };
}

/** Linux 7.2 with a patch of the thread. */
export async function sourceOfThread(thread: Thread, patch: ThreadPatch): Promise<TreeSource> {
  const plain = source('linux-7.2');
  const tree = folderTree(plain.root ?? '');
  const after = await patched(tree, thread, patch);
  const paths = [...tree.list('fs/fuse').map((name) => `fs/fuse/${name}`), 'include/uapi/linux/fuse.h'];
  const changed = paths.flatMap((path) => {
    const text = after.read(path);
    return text === undefined || text === tree.read(path) ? [] : [[path, text] as const];
  });
  return { ...plain, files: Object.fromEntries(changed) };
}

/** The text of a file of a tree. */
export function textOf({ root: folder }: TreeSource, path: string): string {
  return readFileSync(join(folder ?? '', path), 'utf8');
}

const usual: ExecuteSettings = { profile: 'verdict', faults: 'none', rounds: 5, keep: false };

/** All results of the scenarios; how long they took is printed. */
export async function execute(...parameters: Parameters<typeof executed>): Promise<readonly ExecutionResult[]> {
  return valueOf(await executed(...parameters));
}

/** All results of the scenarios, or why there are none. */
export async function executed(
  tree: TreeSource,
  scenarios: readonly Scenario[],
  settings: Partial<ExecuteSettings> = {},
  handling: ExecutionHandling = {},
): Promise<Result<readonly ExecutionResult[], ExecutionFailure>> {
  const installation = { guest: join(root, 'guest'), cache };
  const executions = new Executions({ installation, runner: await testRunner(), vocabularies: [runtime.vocabulary] });
  const began = Date.now();
  const results: ExecutionResult[] = [];
  try {
    for await (const result of executions.run(tree, scenarios, { ...usual, ...settings }, handling)) {
      if (!result.ok) return result;
      results.push(result.value);
    }
  } finally {
    await executions.dispose();
  }
  console.log(`${tree.label}: ${results.length} runs, ${((Date.now() - began) / 1000).toFixed(0)} s`);
  return ok(results);
}

/** What is not as it is where nothing is wrong: an error, a canary that was not seen, an answer that the simulator has not. */
export function complaintsAbout(results: readonly ExecutionResult[], rounds = 5): string[] {
  return results.flatMap(({ scenario: { name }, verdict, reason, reports, canaries, agreement, repeated }) => [
    ...(verdict === 'no error' ? [] : [`${name}: ${verdict} ${reason ?? reports.map(({ title }) => title).join(', ')}`]),
    ...canaries.filter(({ seen }) => !seen).map((canary) => `${name}: canary ${canary.name} was not seen`),
    ...(canaries.length < 5 ? [`${name}: only ${canaries.length} canaries`] : []),
    ...(agreement.verdict === 'agrees' ? [] : [`${name}: ${agreement.verdict} ${agreement.reason ?? JSON.stringify(agreement.rows)}`]),
    ...(repeated === rounds ? [] : [`${name}: ${repeated} rounds`]),
  ]);
}

/** Runs something, then expects that no process that was started meanwhile still runs. */
export async function leavingNothing(work: () => Promise<void>): Promise<void> {
  // What bundles the simulator's worker stays, and is none of what is looked for.
  await testRunner();
  const mark = randomUUID();
  process.env.FUSE_REVIEW_TEST = mark;
  try {
    await work();
  } finally {
    delete process.env.FUSE_REVIEW_TEST;
  }
  await expect.poll(() => marked(mark), { timeout: 5000 }).toEqual([]);
}

function marked(mark: string): string[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .flatMap((pid) => {
      try {
        const isMarked = readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`FUSE_REVIEW_TEST=${mark}`);
        return isMarked ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')] : [];
      } catch {
        return [];
      }
    });
}
