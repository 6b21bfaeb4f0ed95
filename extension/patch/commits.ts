// A range of commits as a series, through git itself.
import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { InputProblem } from '../model/problem.js';
import type { SourceTree } from '../model/source.js';
import { readDiff } from './diff.js';
import { git } from './git.js';
import { gitTree } from './git-tree.js';
import { errorAt, isInputProblem, warningAt } from './problems.js';
import type { Patch } from './series.js';
import { decodeText } from './text.js';

export interface Commits {
  /** Oldest first. */
  readonly patches: readonly Patch[];
  /** The tree at A, read from git as it is asked for. */
  readonly baseTree: SourceTree;
  /** Merges that were skipped, and a base that the commits were not made on. */
  readonly problems: readonly InputProblem[];
}

const mostCommits = 500;
const logFormat = '--format=%H%x00%P%x00%an <%ae>%x00%aD%x00%s%x00%b%x00';
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
export async function readCommits(treeRoot: string, range: string): Promise<Commits | InputProblem> {
  const ends = readRange(range);
  if (isInputProblem(ends)) return ends;
  const root = resolve(treeRoot);
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory())
    return errorAt(treeRoot, 'is not a folder; name the root of a kernel tree');
  const prefix = await git(root, ['rev-parse', '--show-prefix'], range);
  if (isInputProblem(prefix)) return prefix;
  const [from, to] = [await resolveCommit(root, ends.from, range), await resolveCommit(root, ends.to, range)];
  if (typeof from !== 'string') return from;
  if (typeof to !== 'string') return to;

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
      `${from}..${to}`,
      '--',
    ],
    range,
  );
  if (isInputProblem(log)) return log;
  const commits = readLog(decodeText(log).text);
  if (commits.length > mostCommits) return errorAt(range, `holds more than ${mostCommits} commits; give a smaller range`);
  const problems: InputProblem[] = [];
  if (commits.length === 0) problems.push(errorAt(range, 'holds no commits; the older end comes first, as in v7.2..HEAD'));
  const based = await git(root, ['merge-base', from, to], range);
  if (isInputProblem(based) || based.toString('utf8').trim() !== from) {
    problems.push(
      warningAt(range, `${ends.from} is not an ancestor of ${ends.to}; the commits are applied to ${ends.from} as a rebase would`),
    );
  }
  const patches: Patch[] = [];
  for (const commit of commits) {
    if (commit.parents > 1) {
      problems.push(warningAt(range, `the merge ${commit.hash.slice(0, 12)} "${commit.subject}" is skipped`));
      continue;
    }
    const patch = await readCommit(root, commit, range);
    if (isInputProblem(patch)) return patch;
    patches.push(patch);
  }
  const folder = prefix.toString('utf8').trim().replace(/\/$/, '');
  const treeish = folder === '' ? `${from}^{tree}` : `${from}:${folder}`;
  return { patches, baseTree: gitTree(root, treeish, `${basename(root)} at ${ends.from}`), problems };
}

interface Commit {
  readonly hash: string;
  readonly parents: number;
  readonly author: string;
  readonly date: string;
  readonly subject: string;
  readonly message: string;
}

function readRange(range: string): { from: string; to: string } | InputProblem {
  const trimmed = range.trim();
  if (trimmed.includes('...')) return errorAt(range, 'has three dots; write A..B for the commits of B that are not in A');
  const [from, to, ...more] = trimmed.split('..');
  if (from === undefined || to === undefined || more.length > 0 || (from === '' && to === '')) {
    return errorAt(range, 'is not a range of commits; write A..B, or X^..X for one commit');
  }
  if (from.startsWith('-') || to.startsWith('-'))
    return errorAt(range, 'begins with a dash, which git would take for an option; write A..B');
  if (/[\s\0]/.test(trimmed)) return errorAt(range, 'holds a space; write A..B');
  return { from: from || 'HEAD', to: to || 'HEAD' };
}

async function resolveCommit(root: string, name: string, range: string): Promise<string | InputProblem> {
  const answer = await git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`], range);
  const hash = isInputProblem(answer) ? '' : answer.toString('utf8').trim();
  if (/^[0-9a-f]{40,64}$/.test(hash)) return hash;
  return errorAt(range, `"${name}" is not a commit of the repository in ${root}`);
}

function readLog(text: string): Commit[] {
  const fields = text.split('\0');
  const commits: Commit[] = [];
  for (let at = 0; at + 6 <= fields.length - 1; at += 6) {
    const [hash = '', parents = '', author = '', date = '', subject = '', message = ''] = fields.slice(at, at + 6);
    const count = parents === '' ? 0 : parents.split(' ').length;
    commits.push({ hash: hash.trim(), parents: count, author, date, subject, message: message.trim() });
  }
  return commits;
}

async function readCommit(root: string, commit: Commit, range: string): Promise<Patch | InputProblem> {
  const { hash, author, date, subject, message } = commit;
  const bytes = await git(root, ['diff-tree', ...diffOptions, hash, '--'], range);
  if (isInputProblem(bytes)) return bytes;
  const source = `commit ${hash.slice(0, 12)}`;
  const { files, problems } = readDiff(decodeText(bytes).text, source);
  return { source, subject, author, date, messageId: '', message, diff: files, problems };
}
