// The history of runs, on disk: a folder a run, so that a panel shows the same run after a reload and after it was closed.
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { executionSummary, executionVerdict, type ExecutionVerdict } from '../execution/outcome.js';
import { summaryOf, verdictOf, type SimulationVerdict } from './outcome.js';
import type { Executed, RunSide, RunView, ShownRun, Simulated } from '../../protocol/webview-messages.js';

/** Texts by path, relative to the tree's root: of files that are not on disk as the run saw them. */
export type RunTexts = Readonly<Record<string, string>>;

/** All that is needed to show a run again. */
export interface StoredRun {
  readonly run: ShownRun;
  /** The tree's absolute folder. */
  readonly root: string;
  readonly texts: Readonly<Record<RunSide, RunTexts>>;
}

/** What a list of runs says of each. */
export interface RunAbout {
  readonly id: string;
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The scenario's name. */
  readonly scenario: string;
  readonly verdict: SimulationVerdict | ExecutionVerdict;
  readonly summary: string;
  /** Both sides of a comparison together. */
  readonly milliseconds: number;
}

type RunWords = Pick<RunAbout, 'scenario' | 'verdict' | 'summary' | 'milliseconds'>;

export class RunStore {
  /** `folder` is made when there is something to keep; of more than `limit` runs the oldest go. */
  constructor(
    private readonly folder: string,
    private readonly limit = 200,
  ) {}

  /** Keeps a run under an id of its own, which it answers with it; never in place of another. */
  async keep(
    root: string,
    run: { readonly title: string } & (Simulated | Executed),
    texts: StoredRun['texts'],
    time: number,
  ): Promise<StoredRun> {
    await mkdir(this.folder, { recursive: true });
    const id = await this.claim(time.toString(36));
    const stored: StoredRun = { run: { ...run, id, time }, root, texts };
    await this.write(id, 'run.json', stored);
    await this.write(id, 'about.json', { id, title: run.title, time, ...wordsOf(run) } satisfies RunAbout);
    const old = (await this.list()).slice(this.limit);
    await Promise.all(old.map((about) => this.delete(about.id)));
    return stored;
  }

  /** The run of an id; undefined where there is none, or where its file can't be read. */
  read(id: string): Promise<StoredRun | undefined> {
    return this.parse<StoredRun>(id, 'run.json');
  }

  /** Forgets a run; one that is not there is no error. */
  async delete(id: string): Promise<void> {
    if (isRunId(id)) await rm(join(this.folder, id), { recursive: true, force: true });
  }

  /** All runs, the newest first. */
  async list(): Promise<readonly RunAbout[]> {
    const ids = await readdir(this.folder).catch(() => []);
    const all = await Promise.all(ids.map((id) => this.parse<RunAbout>(id, 'about.json')));
    return all.filter((about) => about !== undefined).sort((a, b) => b.time - a.time || b.id.localeCompare(a.id));
  }

  /** How the page of a run was left. */
  async view(id: string): Promise<RunView | null> {
    return (await this.parse<RunView>(id, 'view.json')) ?? null;
  }

  async keepView(id: string, view: RunView): Promise<void> {
    if (isRunId(id)) await this.write(id, 'view.json', view).catch(() => undefined);
  }

  private async claim(name: string): Promise<string> {
    for (let attempt = 0; ; attempt++) {
      const id = attempt === 0 ? name : `${name}-${attempt}`;
      const made = await mkdir(join(this.folder, id)).then(
        () => true,
        (error: unknown) => {
          if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
          throw error;
        },
      );
      if (made) return id;
    }
  }

  /** Whole or not at all, whatever ends us in between. */
  private async write(id: string, name: string, value: unknown): Promise<void> {
    const path = join(this.folder, id, name);
    await writeFile(`${path}.new`, JSON.stringify(value));
    await rename(`${path}.new`, path);
  }

  private async parse<T>(id: string, name: string): Promise<T | undefined> {
    if (!isRunId(id)) return undefined;
    try {
      return JSON.parse(await readFile(join(this.folder, id, name), 'utf8')) as T;
    } catch {
      return undefined;
    }
  }
}

/** Whether a text can be the id of a run; what comes back from a page is not taken on trust. */
export function isRunId(id: unknown): id is string {
  return typeof id === 'string' && /^[0-9a-z]+(-\d+)?$/.test(id);
}

/** What a run came to, and how long it took. */
function wordsOf(run: Simulated | Executed): RunWords {
  if ('execution' in run) {
    const { execution } = run;
    const { scenario, milliseconds } = execution;
    return { scenario: scenario.name, verdict: executionVerdict(execution), summary: executionSummary(execution), milliseconds };
  }
  const { result, base } = run;
  return {
    scenario: result.scenario.name,
    verdict: verdictOf(run),
    summary: summaryOf(run),
    milliseconds: result.stats.milliseconds + (base?.result.stats.milliseconds ?? 0),
  };
}
