// Which scenarios need not be run, as they were before: on that very tree, or on another one where all that they enter is the same.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SimulationResult } from '../model/simulation.js';
import type { TreeSource } from '../model/source.js';
import type { DiskTree } from '../patch/disk-tree.js';
import type { FileDigests, JobList, Ran, RunJob, RunnerInstallation, TreeAnswer, TreeJob } from './jobs.js';
import { moved, type RestsOn } from './rests-on.js';
import { RememberedResults } from './remembered-results.js';
import { nameOf, ResultCache } from './result-cache.js';
import { fileDigests, openSource } from './tree-source.js';

/** What is known of a job. */
export interface Known {
  /** Names of what is asked, and of the tree; null where the tree can't be read. */
  readonly key: { readonly question: string; readonly tree: string } | null;
  /** What it comes to, where that is known. */
  readonly result: SimulationResult | null;
  /** What it came to on other trees, where it is not. */
  readonly earlier: readonly EarlierResult[];
}

/** A result on another tree, with what it rests on. */
interface EarlierResult {
  readonly result: SimulationResult;
  readonly restsOn: RestsOn;
}

const nothing: Known = { key: null, result: null, earlier: [] };

/** Results on other trees that are compared with: each takes time to read. */
const compared = 4;

export class KnownResults {
  private cache: RememberedResults | undefined;
  private readonly disks = new Map<string, DiskTree>();

  /** `folder`: where the user's cache is. */
  constructor(
    private readonly folder: string,
    private readonly installation: RunnerInstallation,
  ) {}

  /** The list with its files as they are now; without where the tree can't be read. */
  withFiles<J extends TreeJob>(list: JobList<J>): JobList<J> {
    const opened = openSource(list.tree, this.disks);
    return opened.ok ? { ...list, files: fileDigests(opened.value, list.tree) } : list;
  }

  /** What is known of the jobs of a list with its files, in order. */
  of({ tree, jobs, files }: JobList<RunJob>): readonly Known[] {
    const cache = this.opened;
    if (files === undefined) return jobs.map(() => nothing);
    const digest = digestOf(files);
    return jobs.map((job) => {
      const question = questionOf(tree, job);
      const key = { question, tree: digest };
      const stored = cache.get<SimulationResult>(question, digest);
      if (stored !== undefined) return { key, result: asKnown(stored.result, job, tree, 'same tree'), earlier: [] };
      const earlier = new Map<string, EarlierResult>();
      for (const { result, restsOn } of cache.others<SimulationResult>(question)) {
        if (restsOn !== null && !earlier.has(restsOn.digest)) earlier.set(restsOn.digest, { result, restsOn });
        if (earlier.size === compared) break;
      }
      return { key, result: null, earlier: [...earlier.values()] };
    });
  }

  /** What a job comes to by its answer, which is cached where it says all that there is to say. */
  take(
    { key: asked, earlier }: Known,
    tree: TreeSource,
    job: RunJob,
    { answer, asRead }: { answer: Ran; asRead: boolean },
  ): SimulationResult {
    // Somebody may have edited the tree since it was read here.
    const key = asRead ? asked : null;
    const stored = answer.kind === 'ran' ? null : earlier[answer.earlier];
    if (answer.kind === 'ran' || !stored) {
      if (answer.kind === 'same') throw new Error('a worker answers with what it was not given');
      const { restsOn } = answer;
      if (restsOn === undefined) return answer.result;
      const result = { ...answer.result, restsOn: restsOn.digest };
      if (key !== null && isWhole(result)) this.opened.put(key.question, key.tree, { result, restsOn });
      return result;
    }
    const { restsOn } = answer;
    const result = moved(stored.result, stored.restsOn, restsOn.places);
    if (key !== null) this.opened.put(key.question, key.tree, { result, restsOn });
    return asKnown(result, job, tree, 'same code');
  }

  /** What was answered to jobs of a list that run nothing, in order, on that very tree; undefined for what is not known. */
  answers({ tree, jobs, files }: JobList): readonly (TreeAnswer | undefined)[] {
    if (files === undefined) return jobs.map(() => undefined);
    const digest = digestOf(files);
    return jobs.map((job) => this.opened.get<TreeAnswer>(questionOf(tree, job), digest)?.result);
  }

  /** Caches such an answer on a tree that was as the list tells. */
  keep({ tree, files }: JobList, job: TreeJob, result: TreeAnswer): void {
    if (files !== undefined) this.opened.put(questionOf(tree, job), digestOf(files), { result, restsOn: null });
  }

  private get opened(): RememberedResults {
    return (this.cache ??= new RememberedResults(new ResultCache(this.folder, versionOf(this.installation))));
  }
}

/** Of all that a program of the tree is made from. */
function digestOf(files: FileDigests): string {
  const hash = createHash('sha256');
  for (const path of Object.keys(files).sort()) hash.update(`${path}\0${files[path] ?? ''}\0`);
  return nameOf(hash);
}

/** What did not come to its end by itself may come to more another time. */
function isWhole({ verdict, unread, bounds }: SimulationResult): boolean {
  return verdict !== 'not run' && unread === undefined && bounds.stopped === null;
}

function asKnown(
  result: SimulationResult,
  { scenario }: RunJob,
  { label }: TreeSource,
  known: SimulationResult['known'],
): SimulationResult {
  return { ...result, scenario, tree: label, ...(known === undefined ? {} : { known }) };
}

/** Of all that decides what a job answers, but the tree and the tool. */
function questionOf({ subsystem, folder, config }: TreeSource, job: TreeJob): string {
  const { kind } = job;
  const asked =
    kind === 'run'
      ? [job.scenario, job.bounds, job.first, job.counterexamples, job.outcomes]
      : kind === 'counterexample'
        ? [job.met, job.bounds]
        : [job.scenario, job.schedule];
  return nameOf(createHash('sha256').update(JSON.stringify([kind, subsystem, folder, Object.entries(config).sort(), ...asked])));
}

/** Of the tool: what its threads run, what reads C, and the model of the kernel. */
function versionOf({ worker, grammar, runtime, model }: RunnerInstallation): string {
  const hash = createHash('sha256');
  for (const file of [worker, grammar, runtime]) hash.update(readFileSync(file));
  const files = readdirSync(model, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const path of files.map((entry) => join(entry.parentPath, entry.name)).sort()) hash.update(`${path}\0`).update(readFileSync(path));
  return nameOf(hash);
}
