// A range of commits as a series, through git itself.
import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { InputProblem } from '../model/problem.js';
import { failed, ok, type Result } from '../model/result.js';
import type { SourceTree } from '../model/source.js';
import { readDiff } from './diff.js';
import { git } from './git.js';
import { gitTree } from './git-tree.js';
import { errorAt, warningAt } from './problems.js';
import type { Patch } from './series.js';
import { decodeText } from './decode-text.js';

export interface Commits {
  /** Oldest first. */
  readonly patches: readonly Patch[];
  /** The tree at A, read from git as it is asked for. */
  readonly baseTree: SourceTree;
  /** Merges that were skipped, and a base that the commits were not made on. */
  readonly problems: readonly InputProblem[];
}

const mostCommits = 500;
const logFormat = '--format=%H%x00%P%x00%an <%ae>%x00%aD%x00%s%x00';
const diffOptions = [
  '--no-commit-id',
  '-r',
  '-p',
  '-M',
  '--root',
  '--relative',
  '--full-index',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '-U3',
  '--inter-hunk-context=0',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--submodule=short',
] as const;

/**
 * The commits of `A..B` in the repository around `treeRoot`, each against its parent, as patches on the tree at A.
 * Merges are named and skipped. One problem where there is no git, no repository, or no such range.
 */
export async function readCommits(treeRoot: string, range: string): Promise<Result<Commits>> {
  const ends = readRange(range);
  if (!ends.ok) return ends;
  const root = resolve(treeRoot);
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory())
    return failed(errorAt(treeRoot, 'is not a folder; name the root of a kernel tree'));
  const folder = await folderOf(root, range);
  if (!folder.ok) return folder;
  const [from, to] = [await resolveCommit(root, ends.value.from, range), await resolveCommit(root, ends.value.to, range)];
  if (!from.ok) return from;
  if (!to.ok) return to;

  const log = await git(
    root,
    [
      'log',
      '--reverse',
      '--topo-order',
      '--no-show-signature',
      '--no-notes',
      '--no-color',
      '--encoding=UTF-8',
      `--max-count=${mostCommits + 1}`,
      logFormat,
      `${from.value}..${to.value}`,
      '--',
    ],
    range,
  );
  if (!log.ok) return log;
  const commits = readLog(decodeText(log.value).text);
  if (commits.length > mostCommits) return failed(errorAt(range, `holds more than ${mostCommits} commits; give a smaller range`));
  const problems: InputProblem[] = [];
  if (commits.length === 0) problems.push(errorAt(range, 'holds no commits; the older end comes first, as in v7.2..HEAD'));
  const based = await git(root, ['merge-base', from.value, to.value], range);
  if (!based.ok || based.value.toString('utf8').trim() !== from.value) {
    problems.push(
      warningAt(
        range,
        `${ends.value.from} is not an ancestor of ${ends.value.to}; the commits are applied to ${ends.value.from} as a rebase would`,
      ),
    );
  }
  const patches: Patch[] = [];
  for (const commit of commits) {
    if (commit.parents > 1) {
      problems.push(warningAt(range, `the merge ${commit.hash.slice(0, 12)} "${commit.subject}" is skipped`));
      continue;
    }
    const patch = await readCommit(root, commit, range);
    if (!patch.ok) return patch;
    patches.push(patch.value);
  }
  const baseTree = gitTree(root, treeishOf(from.value, folder.value), `${basename(root)} at ${ends.value.from}`);
  return ok({ patches, baseTree, problems });
}

/** The last commit of the branch that is checked out in a tree. */
export interface HeadCommit {
  readonly hash: string;
  /** The tree of it, read from git as it is asked for. */
  readonly tree: SourceTree;
}

/** The commit that HEAD names in the repository around a tree; `known` itself where it still is that. A problem as of `readCommits`. */
export async function readHead(treeRoot: string, known: HeadCommit | undefined): Promise<Result<HeadCommit>> {
  const root = resolve(treeRoot);
  const head = await resolveCommit(root, 'HEAD', 'HEAD');
  if (!head.ok) return head;
  if (known?.hash === head.value) return ok(known);
  const folder = await folderOf(root, 'HEAD');
  if (!folder.ok) return folder;
  const label = `${basename(root)} at ${head.value.slice(0, 12)}`;
  return ok({ hash: head.value, tree: gitTree(root, treeishOf(head.value, folder.value), label) });
}

/** Where a tree is in the repository around it; empty for its root. */
async function folderOf(root: string, where: string): Promise<Result<string>> {
  const prefix = await git(root, ['rev-parse', '--show-prefix'], where);
  return prefix.ok ? ok(prefix.value.toString('utf8').trim().replace(/\/$/, '')) : prefix;
}

function treeishOf(commit: string, folder: string): string {
  return folder === '' ? `${commit}^{tree}` : `${commit}:${folder}`;
}

interface Commit {
  readonly hash: string;
  readonly parents: number;
  readonly author: string;
  readonly date: string;
  readonly subject: string;
}

function readRange(range: string): Result<{ readonly from: string; readonly to: string }> {
  const trimmed = range.trim();
  if (trimmed.includes('...')) return failed(errorAt(range, 'has three dots; write A..B for the commits of B that are not in A'));
  const [from, to, ...more] = trimmed.split('..');
  if (from === undefined || to === undefined || more.length > 0 || (from === '' && to === '')) {
    return failed(errorAt(range, 'is not a range of commits; write A..B, or X^..X for one commit'));
  }
  if (from.startsWith('-') || to.startsWith('-'))
    return failed(errorAt(range, 'begins with a dash, which git would take for an option; write A..B'));
  if (/[\s\0]/.test(trimmed)) return failed(errorAt(range, 'holds a space; write A..B'));
  return ok({ from: from || 'HEAD', to: to || 'HEAD' });
}

async function resolveCommit(root: string, name: string, range: string): Promise<Result<string>> {
  const answer = await git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`], range);
  const hash = answer.ok ? answer.value.toString('utf8').trim() : '';
  if (/^[0-9a-f]{40,64}$/.test(hash)) return ok(hash);
  return failed(errorAt(range, `"${name}" is not a commit of the repository in ${root}`));
}

function readLog(text: string): Commit[] {
  const fields = text.split('\0');
  const commits: Commit[] = [];
  for (let at = 0; at + 5 <= fields.length - 1; at += 5) {
    const [hash = '', parents = '', author = '', date = '', subject = ''] = fields.slice(at, at + 5);
    const count = parents === '' ? 0 : parents.split(' ').length;
    commits.push({ hash: hash.trim(), parents: count, author, date, subject });
  }
  return commits;
}

async function readCommit(root: string, commit: Commit, range: string): Promise<Result<Patch>> {
  const { hash, author, date, subject } = commit;
  const bytes = await git(root, ['diff-tree', ...diffOptions, hash, '--'], range);
  if (!bytes.ok) return bytes;
  const source = `commit ${hash.slice(0, 12)}`;
  const { files, problems } = readDiff(decodeText(bytes.value).text, source);
  return ok({ source, subject, author, date, messageId: '', diff: files, problems });
}
