// What the worker knows between tasks: the parser, the open documents, a tree a root. Free of threads.
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename, posix } from 'node:path';
import { formatProblem, type InputProblem } from '../../model/problem.js';
import type { OnStage } from '../../model/progress.js';
import { failed, ok, type Result } from '../../model/result.js';
import { emptyTree, type SourceTree } from '../../model/source.js';
import type { MailThread } from '../../model/mail-thread.js';
import { applyPatches, type Applied } from '../../patch/apply.js';
import { changesBetween } from '../../patch/changes.js';
import { readCommits, readHead, type HeadCommit } from '../../patch/commits.js';
import { diskTree, largestFile, type DiskTree } from '../../patch/disk-tree.js';
import { overlayTree } from '../../patch/overlay-tree.js';
import { threadOf } from '../../patch/thread/read-thread.js';
import { SuggestionBase, suggestedPatch } from '../../patch/thread/suggested.js';
import { readSeries, type Patch, type SeriesInput } from '../../patch/series.js';
import { parseKconfig } from '../../program/kconfig.js';
import type { AnalysisStore } from '../../review/analyst.js';
import { baselineProblems, parseBaseline } from '../../review/baseline.js';
import { parseContracts } from '../../review/contract-files.js';
import { Reviewer, type ReviewOptions } from '../../review/reviewer.js';
import { Sources } from '../../review/sources.js';
import { installedRuntimes, type Runtimes } from '../../runner/installed-runtimes.js';
import { treeFiles } from '../../runner/tree-source.js';
import { SyntaxParser } from '../../syntax/parser.js';
import { Documents } from './documents.js';
import { candidateRoots } from './find-trees.js';
import type {
  Answers,
  CheckedTree,
  CommitsTrees,
  FoundTrees,
  Note,
  SeriesSource,
  ShownReview,
  Task,
  Tree,
  TreeSettings,
} from '../protocol/messages.js';
import { nothingReviewed, showFindings, showReview } from './shown.js';
import { ScenarioTasks } from './scenario-tasks.js';

type CheckTask = Extract<Task, { t: 'check' }>;
type ReviewTask = Extract<Task, { t: 'review' }>;
type CommitsTask = Extract<Task, { t: 'commits-trees' }>;
type VersionTask = Extract<Task, { t: 'tree-version' }>;
type FunctionTask = Extract<Task, { t: 'function-at' }>;

export class TaskHandler {
  private readonly documents = new Documents();
  private readonly trees = new Map<string, DiskTree>();
  /** The trees of the ranges that were reviewed, as `SeriesReview.trees`. */
  private readonly ranges = new Map<string, readonly SourceTree[]>();
  /** By root: the commit that is checked out and, where there is none, the tree as it was when somebody first asked. */
  private readonly heads = new Map<string, HeadCommit>();
  private readonly snapshots = new Map<string, SourceTree>();
  private parser: Promise<SyntaxParser> | undefined;
  private reviewer: Promise<Reviewer> | undefined;
  private installed: Result<Runtimes> | undefined;
  private readonly scenarios: ScenarioTasks;

  /** The parser's runtime and grammar, and the simulator's model, are loaded when there is something to do with them. */
  constructor(
    private readonly installation: { readonly runtime: string; readonly grammar: string; readonly model: string },
    private readonly store: AnalysisStore | null = null,
  ) {
    this.scenarios = new ScenarioTasks(
      () => this.runtimes(),
      (tree) => this.optionsOf(tree),
    );
  }

  /** Takes news of a document; false where its whole text is needed. */
  note(note: Note): boolean {
    return note.t === 'cancel' || this.documents.apply(note);
  }

  run(task: Task, stopIfUnwanted: () => void, onProgress: OnStage): Promise<Answers[keyof Answers]> {
    switch (task.t) {
      case 'find-trees':
        return this.findTrees(task.folders);
      case 'check':
        return this.check(task, stopIfUnwanted, onProgress);
      case 'review':
        return this.review(task, stopIfUnwanted, onProgress);
      case 'tree-version':
        return Promise.resolve(this.treeVersion(task));
      case 'commits-trees':
        return this.commitsTrees(task);
      case 'function-at':
        return this.functionAt(task);
      case 'bundled-scenarios':
      case 'vocabularies':
      case 'read-scenario':
      case 'complete-scenario':
      case 'describe-scenario-word':
      case 'generate-scenarios':
      case 'read-replay':
        return Promise.resolve(this.scenarios.run(task));
    }
  }

  private async findTrees(folders: readonly string[]): Promise<FoundTrees> {
    const trees = new Map<string, Tree>();
    const without = new Set<string>();
    const reviewer = await this.start();
    const { subsystems } = reviewer;
    const usual = subsystems.map((each) => each.folder);
    for (const folder of folders) {
      for (const root of candidateRoots(folder, usual)) {
        const opened = diskTree(root);
        if (!opened.ok) continue;
        const located = reviewer.locate(opened.value);
        if (located.ok) trees.set(root, { root, subsystem: located.value.subsystem, folder: located.value.folder });
        else if (root !== folder || opened.value.list('fs').length > 0) without.add(root);
      }
    }
    return { trees: [...trees.values()], without: [...without], subsystems };
  }

  private async check({ tree: place, settings }: CheckTask, stopIfUnwanted: () => void, onProgress: OnStage): Promise<CheckedTree> {
    const reviewer = await this.start();
    const { root } = place;
    const disk = this.tree(root);
    const versions: Record<string, number> = {};
    const open = new Map<string, string>();
    for (const [path, { version, text }] of this.documents.entries()) {
      const inside = pathIn(disk, path);
      if (inside === undefined) continue;
      versions[path] = version;
      open.set(inside, text);
    }
    const tree = stoppable(overlayTree(disk, open, disk.label), stopIfUnwanted);
    const { options, problems } = optionsFor(place, settings);
    const result = reviewer.check(tree, { ...options, onProgress });
    return {
      findings: showFindings(result.findings, Sources.ofTree(tree)),
      notAnalysed: result.notAnalysed,
      problems: [...problems, ...result.problems, ...baselineProblems(options.baseline, result.stale, settings.baseline ?? '')],
      stats: result.stats,
      versions,
    };
  }

  private async review(
    { tree: place, source, settings, unsaved, trusted }: ReviewTask,
    stopIfUnwanted: () => void,
    onProgress: OnStage,
  ): Promise<ShownReview> {
    const reviewer = await this.start();
    const { root } = place;
    const disk = this.tree(root);
    const read =
      source.kind === 'files'
        ? await readFiles(source, place, disk, unsaved)
        : source.kind === 'commits'
          ? await readRange(root, source.range)
          : await this.readChanges(place, unsaved, trusted);
    stopIfUnwanted();
    const { options, problems } = optionsFor(place, settings);
    const wanted = { ...options, onProgress };
    const base = stoppable(read.base, stopIfUnwanted);
    if ((read.applied ?? read.patches).length === 0) {
      // Somebody is about to type, and waits for what comes of it.
      if (source.kind === 'changes') reviewer.check(base, wanted);
      return { ...nothingReviewed([...read.problems, ...problems]), thread: read.thread ?? null };
    }
    const applied = read.applied?.map((each) => ({ ...each, tree: stoppable(each.tree, stopIfUnwanted) }));
    const series = applied === undefined ? reviewer.apply(base, read.patches, wanted) : reviewer.appliedOn(base, applied, wanted);
    const steps = reviewer.reviewing(series, wanted);
    for (;;) {
      const step = steps.next();
      if (step.done === true) {
        if (source.kind === 'commits') this.ranges.set(rangeKey(root, source.range), step.value.trees);
        const review = showReview(step.value);
        const all = [...read.problems, ...problems, ...review.problems];
        return { ...review, thread: read.thread ?? null, problems: all, review: { ...review.review, problems: all } };
      }
      stopIfUnwanted();
    }
  }

  /** The tree as it is typed, against its last commit; where there is none, against what its files said when this was first asked. */
  private async readChanges(place: Tree, unsaved: ReviewTask['unsaved'], trusted: boolean): Promise<ReadSeries> {
    const { root } = place;
    const disk = this.tree(root);
    const typed = new Map<string, string>();
    for (const [path, text] of Object.entries(unsaved)) {
      const inside = pathIn(disk, path);
      if (inside !== undefined) typed.set(inside, text);
    }
    const now = overlayTree(disk, typed, disk.label);
    const known = this.heads.get(root);
    const head = trusted ? await readHead(root, known) : undefined;
    if (head?.ok === true) this.heads.set(root, head.value);
    const base = head?.ok === true ? head.value.tree : this.snapshotOf(place);
    const problems: InputProblem[] = [];
    if (head?.ok !== true) {
      const why = head === undefined ? 'git is not run in a workspace that is not trusted' : 'there is no commit to compare with';
      problems.push({ where: root, message: `${why}; compared with ${base.label}`, severity: 'warning' });
    }
    const files = [base, now].flatMap((tree) => Object.keys(treeFiles(tree, place)));
    const changes = changesBetween(base, now, files, 'uncommitted changes');
    return { patches: [], base, problems, applied: changes === null ? [] : [changes] };
  }

  private snapshotOf(place: Tree): SourceTree {
    let snapshot = this.snapshots.get(place.root);
    if (snapshot === undefined) {
      const label = `what the files said at ${new Date().toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}`;
      snapshot = overlayTree(emptyTree(label), new Map(Object.entries(treeFiles(this.tree(place.root), place))), label);
      this.snapshots.set(place.root, snapshot);
    }
    return snapshot;
  }

  /** The trees that the review of the range was made on; a range that was not reviewed is read. */
  private async commitsTrees({ tree, range }: CommitsTask): Promise<CommitsTrees> {
    const trees = this.ranges.get(rangeKey(tree.root, range)) ?? (await treesOf(tree.root, range));
    const [base = emptyTree(tree.root)] = trees;
    return { before: treeFiles(base, tree), after: treeFiles(trees.at(-1) ?? base, tree) };
  }

  private treeVersion({ tree }: VersionTask): string {
    return createHash('sha256')
      .update(JSON.stringify(treeFiles(this.tree(tree.root), tree)))
      .digest('hex');
  }

  /** The options that the subsystem's Kconfig has and that are set or not, without `CONFIG_`. */
  private optionsOf({ root, folder }: Tree): readonly string[] {
    const options = parseKconfig(this.tree(root).read(posix.join(folder, 'Kconfig')) ?? '');
    return options.filter(({ type }) => type === 'bool').map(({ name }) => name);
  }

  private async functionAt({ file, text, offset }: FunctionTask): Promise<string | null> {
    const parser = await this.parsing();
    // A branch of the preprocessor is read only where its option is as the branch wants.
    for (const set of [true, false]) {
      const { declarations } = parser.parse(file, text, { option: () => set, defined: () => undefined });
      const found = declarations.find(({ kind, span }) => kind === 'function' && span.start <= offset && offset <= span.end);
      if (found?.kind === 'function') return found.name;
    }
    return null;
  }

  private parsing(): Promise<SyntaxParser> {
    this.parser ??= SyntaxParser.create(this.installation);
    return this.parser;
  }

  /** Throws where the installation is broken. */
  private runtimes(): Runtimes {
    const { model } = this.installation;
    this.installed ??= installedRuntimes(model);
    if (!this.installed.ok) throw new Error(formatProblem(this.installed.failure));
    return this.installed.value;
  }

  private start(): Promise<Reviewer> {
    this.reviewer ??= this.parsing().then((parser) => new Reviewer(parser, this.runtimes().subsystems, this.store));
    return this.reviewer;
  }

  private tree(root: string): DiskTree {
    const known = this.trees.get(root);
    if (known !== undefined) return known;
    const opened = diskTree(root);
    if (!opened.ok) throw new Error(formatProblem(opened.failure));
    this.trees.set(root, opened.value);
    return opened.value;
  }
}

/** A file's path in a tree; undefined for one that was deleted while open, whose text on screen is no part of the tree, and for others. */
function pathIn(disk: DiskTree, file: string): string | undefined {
  const inside = file.startsWith(`${disk.root}/`) ? file.slice(disk.root.length + 1) : undefined;
  return inside === undefined || disk.read(inside) === undefined ? undefined : inside;
}

function rangeKey(root: string, range: string): string {
  return JSON.stringify([root, range]);
}

async function treesOf(root: string, range: string): Promise<readonly SourceTree[]> {
  const { patches, base, problems } = await readRange(root, range);
  const [problem] = problems;
  if (patches.length === 0 && problem !== undefined) throw new Error(formatProblem(problem));
  return [base, ...applyPatches(base, patches).map(({ tree }) => tree)];
}

type FilesSource = SeriesSource & { readonly kind: 'files' };

interface ReadSeries {
  readonly patches: readonly Patch[];
  /** In their place, where they are applied already. */
  readonly applied?: readonly Applied[];
  readonly base: SourceTree;
  readonly problems: readonly InputProblem[];
  /** What people said of it, where it is read from mails. */
  readonly thread?: MailThread;
}

async function readFiles(
  { paths, suggestions = [] }: FilesSource,
  { folder }: Tree,
  base: SourceTree,
  unsaved: ReviewTask['unsaved'],
): Promise<ReadSeries> {
  const inputs: SeriesInput[] = [];
  const problems: InputProblem[] = [];
  for (const path of paths) {
    const typed = unsaved[path];
    const bytes = typed === undefined ? readBytes(path) : ok(Buffer.from(typed));
    if (bytes.ok) inputs.push({ name: path, bytes: bytes.value });
    else problems.push(bytes.failure);
  }
  const series = await readSeries(inputs);
  problems.push(...series.problems);
  if (series.messages.length === 0) return { patches: series.patches, base, problems };
  const thread = threadOf(series, base);
  const patches = [...series.patches];
  for (const number of suggestions) {
    const patch = suggestedPatch(thread, number, new SuggestionBase(base, patches, folder));
    if (patch.ok) patches.push(patch.value);
    else problems.push(...patch.failure);
  }
  return { patches, base, problems, thread };
}

async function readRange(root: string, range: string): Promise<ReadSeries> {
  const commits = await readCommits(root, range);
  if (!commits.ok) return { patches: [], base: emptyTree(root), problems: [commits.failure] };
  const { patches, baseTree, problems } = commits.value;
  return { patches, base: baseTree, problems };
}

/** The files that settings name are read each time; what is wrong with one is said, and it is left out. */
function optionsFor(
  { subsystem, folder }: Tree,
  { config, baseline, contracts }: TreeSettings,
): { options: ReviewOptions; problems: readonly InputProblem[] } {
  const known = baseline === null ? null : readSetting(baseline, parseBaseline);
  const rows = contracts === null ? null : readSetting(contracts, parseContracts);
  const problems = [known, rows].flatMap((read) => (read?.ok === false ? [read.failure] : []));
  const options: ReviewOptions = {
    at: { subsystem, folder },
    config: new Map(Object.entries(config)),
    ...(known?.ok === true ? { baseline: known.value } : {}),
    ...(rows?.ok === true ? { contracts: rows.value.contracts } : {}),
  };
  return { options, problems: rows?.ok === true ? [...problems, ...rows.value.warnings] : problems };
}

function readSetting<T>(path: string, parse: (text: string, name: string) => Result<T>): Result<T> {
  const bytes = readBytes(path);
  return bytes.ok ? parse(bytes.value.toString('utf8'), path) : bytes;
}

/** A file's bytes, or why it can't be read. */
function readBytes(path: string): Result<Buffer> {
  const not = (message: string): Result<Buffer> => failed({ where: path, message, severity: 'error' });
  try {
    const { size } = statSync(path);
    if (size > 4 * largestFile) return not(`has ${Math.ceil(size / 1024 / 1024)} MB, which no series has`);
    return ok(readFileSync(path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return not(`there is no such file any more; was ${basename(path)} moved?`);
    return not(code === 'EISDIR' ? 'is a folder; name the patch files in it' : `cannot be read (${code ?? String(error)})`);
  }
}

/** The same tree for one task: with a chance to stop wherever it is asked, and the problems of what it was asked for alone. */
function stoppable(tree: SourceTree, stopIfUnwanted: () => void): SourceTree {
  const asked = new Set<string>();
  return {
    label: tree.label,
    read(path) {
      stopIfUnwanted();
      asked.add(path);
      return tree.read(path);
    },
    list(folder) {
      stopIfUnwanted();
      asked.add(folder);
      return tree.list(folder);
    },
    problems: () => tree.problems().filter(({ where }) => asked.has(where)),
  };
}
