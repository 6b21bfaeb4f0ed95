// Which tree is meant, and which of its files: what the user names is looked up here and kept inside the tree.
import { existsSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { InputProblem } from '../model/problem.js';
import { failed, ok, type Failed, type Result } from '../model/result.js';
import { diskTree, type DiskTree } from '../patch/disk-tree.js';
import { errorAt } from '../patch/problems.js';
import { inside, isLink, realPlace } from '../patch/real-place.js';
import type { Reviewer } from '../review/reviewer.js';
import type { Io } from './io.js';
import type { SharedOptions } from './options.js';
import type { ProgressLine } from './progress.js';

/**
 * The tree at `--tree`, or without it the one around the current folder: the git checkout that it is in, the closest
 * folder above it with an fs/fuse, or itself; the first of these that holds the subsystem.
 */
export function openTree(named: string | undefined, folder: string | undefined, cwd: string, reviewer: Reviewer): Result<DiskTree> {
  const options = folder === undefined ? {} : { folder };
  if (named !== undefined) {
    const tree = diskTree(resolve(cwd, named));
    if (!tree.ok) return failed({ ...tree.failure, where: named });
    const located = reviewer.locate(tree.value, options);
    if (located.ok) return tree;
    const { failure } = located;
    return failed({ ...failure, where: failure.where === tree.value.label ? named : failure.where });
  }
  const above = ancestors(cwd);
  const candidates = [
    above.find((path) => existsSync(join(path, '.git'))),
    above.find((path) => existsSync(join(path, 'fs', 'fuse'))),
    cwd,
  ];
  const tried = [...new Set(candidates.filter((path) => path !== undefined))];
  for (const path of tried) {
    const tree = diskTree(path);
    if (tree.ok && reviewer.locate(tree.value, options).ok) return tree;
  }
  return refused(
    '--tree',
    `not given, and ${tried.join(' and ')} ${tried.length === 1 ? 'is' : 'are'} no kernel tree with the FUSE backing code (no file defines fuse_backing_open()); name one with --tree DIR`,
  );
}

/** Loads what reviews, and opens the tree that the options name or the problem with it; shows both on the line. */
export async function loadReviewer(
  { tree, folder }: Pick<SharedOptions, 'tree' | 'folder'>,
  io: Io,
  progress: ProgressLine,
): Promise<Result<{ readonly reviewer: Reviewer; readonly tree: DiskTree }>> {
  progress.report({ phase: 'load', done: 0, total: null, text: 'the parser' });
  const reviewer = await io.reviewer();
  progress.report({ phase: 'find', done: 0, total: null, text: 'where the subsystem is' });
  const opened = openTree(tree, folder, io.cwd, reviewer);
  if (opened.ok) return ok({ reviewer, tree: opened.value });
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
      const code = (error as { readonly code?: unknown }).code;
      if (code === 'ELOOP') return refused(named, 'is a symbolic link that leads back to itself');
      if (code === 'EACCES') return refused(named, 'cannot be opened: permission denied');
      outside ||= !inside(candidate, tree.root);
      continue;
    }
    if (inside(real, tree.root)) return ok(relative(tree.root, real).split(sep).join('/'));
    outside = true;
  }
  const within = candidates.some((candidate) => inside(candidate, tree.root) && !existsSync(candidate));
  return outside && !within
    ? refused(named, `lies outside the tree ${tree.root}; only files of the tree are read`)
    : refused(named, `there is no such file or folder in the tree ${tree.root}`);
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

function refused(where: string, message: string): Failed<InputProblem> {
  return failed(errorAt(where, message));
}

function ancestors(path: string): string[] {
  const all = [path];
  for (let at = path; dirname(at) !== at; at = dirname(at)) all.push(dirname(at));
  return all;
}
