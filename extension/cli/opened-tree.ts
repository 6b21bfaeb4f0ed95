// Which tree is meant, and which of its files: what the user names is looked up here and kept inside the tree.
import { existsSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { InputProblem } from '../model/problem.js';
import { failed, ok, type Result } from '../model/result.js';
import { diskTree, type DiskTree } from '../patch/disk-tree.js';
import { errorAt, errorCode } from '../patch/problems.js';
import { inside, isLink, realPlace } from '../patch/real-place.js';
import type { LocatedSubsystem, Reviewer } from '../review/reviewer.js';
import type { Runtimes } from '../runner/installed-runtimes.js';
import type { Io } from './io.js';
import { placeOptions, resultCache, type CacheOption, type SharedOptions } from './options.js';
import type { ProgressLine } from './progress-line.js';

/** What a command works on. */
export interface OpenedTree {
  readonly tree: DiskTree;
  /** Where the subsystem is in it. */
  readonly place: LocatedSubsystem;
}

/**
 * The tree at `--tree`, or without it the one around the current folder: the git checkout that it is in, the closest
 * folder above it with a subsystem's folder, or itself; the first of these that holds a subsystem.
 */
function openTree(options: TreeOptions, cwd: string, reviewer: Reviewer): Result<OpenedTree> {
  const { tree: named, subsystem } = options;
  const within = (tree: DiskTree): Result<OpenedTree> => {
    const located = reviewer.locate(tree, placeOptions(options));
    return located.ok ? ok({ tree, place: located.value }) : located;
  };
  if (named !== undefined) {
    const tree = diskTree(resolve(cwd, named));
    if (!tree.ok) return failed({ ...tree.failure, where: named });
    const opened = within(tree.value);
    return !opened.ok && opened.failure.where === tree.value.label ? failed({ ...opened.failure, where: named }) : opened;
  }
  const above = ancestors(cwd);
  const candidates = [
    above.find((path) => existsSync(join(path, '.git'))),
    above.find((path) => reviewer.subsystems.some((each) => existsSync(join(path, each.folder)))),
    cwd,
  ];
  const tried = [...new Set(candidates.filter((path) => path !== undefined))];
  for (const path of tried) {
    const tree = diskTree(path);
    const opened = tree.ok ? within(tree.value) : tree;
    if (opened.ok) return opened;
  }
  const wanted = reviewer.subsystems.filter(({ name }) => subsystem === undefined || name === subsystem);
  const [is, markers] = [tried.length === 1 ? 'is' : 'are', wanted.map(({ marker }) => `${marker}()`).join(' or ')];
  return failed(
    errorAt(
      '--tree',
      `not given, and ${tried.join(' and ')} ${is} no kernel tree with ${wanted.map(({ title }) => title).join(' or ')} (no file defines ${markers}); name one with --tree DIR`,
    ),
  );
}

type TreeOptions = Pick<SharedOptions, 'tree' | 'folder' | 'subsystem'>;

export interface Loaded extends OpenedTree {
  readonly reviewer: Reviewer;
  readonly runtimes: Runtimes;
}

/** Loads what reviews, and opens the tree that the options name or the problem with it; shows both on the line. */
export async function loadReviewer(options: TreeOptions & Partial<CacheOption>, io: Io, progress: ProgressLine): Promise<Result<Loaded>> {
  const runtimes = io.runtimes();
  if (!runtimes.ok) return runtimes;
  progress.report({ phase: 'load', done: 0, total: null, text: 'the parser' });
  const reviewer = await io.reviewer(runtimes.value.subsystems, resultCache({ cache: options.cache ?? true }, io));
  progress.report({ phase: 'find', done: 0, total: null, text: 'where the subsystem is' });
  const opened = openTree(options, io.cwd, reviewer);
  if (opened.ok) return ok({ reviewer, runtimes: runtimes.value, ...opened.value });
  progress.clear();
  return opened;
}

/** The path relative to the tree's root of what the user named, relative to the current folder or to the tree. */
export function pathInTree(named: string, tree: DiskTree, cwd: string): Result<string> {
  const candidates = isAbsolute(named) ? [named] : [...new Set([resolve(cwd, named), resolve(tree.root, named)])];
  let outside = false;
  for (const candidate of candidates) {
    let real: string;
    try {
      real = realpathSync(candidate);
    } catch (error) {
      const code = errorCode(error);
      if (code === 'ELOOP') return failed(errorAt(named, 'is a symbolic link that leads back to itself'));
      if (code === 'EACCES') return failed(errorAt(named, 'cannot be opened: permission denied'));
      outside ||= !inside(candidate, tree.root);
      continue;
    }
    if (inside(real, tree.root)) return ok(relative(tree.root, real).split(sep).join('/'));
    outside = true;
  }
  const within = candidates.some((candidate) => inside(candidate, tree.root) && !existsSync(candidate));
  return outside && !within
    ? failed(errorAt(named, `lies outside the tree ${tree.root}; only files of the tree are read`))
    : failed(errorAt(named, `there is no such file or folder in the tree ${tree.root}`));
}

/**
 * Why a file that the user wants written is not written there, or undefined where it may be: sources of the tree at `root` are
 * never changed, and no link leads into it. A report may lie beside them under a name of its own.
 */
export function refusedPlace(named: string, cwd: string, root: string): InputProblem | undefined {
  const path = resolve(cwd, named);
  const real = realPlace(path);
  if (real === undefined) return errorAt(named, 'cannot be written: it is not known where its symbolic links lead');
  if (!inside(real, realPlace(root) ?? root)) return undefined;
  if (isLink(path)) return errorAt(named, 'is a symbolic link into the tree, which is never changed; name another file');
  const report = !existsSync(real) || /\.(?:json|sarif|txt|log)$/i.test(real);
  return report ? undefined : errorAt(named, 'is a file of the tree, which is never changed; name another file');
}

function ancestors(path: string): string[] {
  const all = [path];
  for (let at = path; dirname(at) !== at; at = dirname(at)) all.push(dirname(at));
  return all;
}
