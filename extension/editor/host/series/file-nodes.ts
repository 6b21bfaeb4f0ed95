// Files and findings in the sidebar.
import { basename } from 'node:path';
import type { ReviewedFile } from '../../../model/review.js';
import type { ShownFinding } from '../../protocol/messages.js';
import { problemNode, type ComparedTrees, type SeriesNode } from './node.js';

export type FileOfPatch = Pick<ReviewedFile, 'path' | 'oldPath' | 'change' | 'hunks' | 'hunksApplied' | 'problems'>;

/** The files of a patch under one row, opened where a part of one does not apply. */
export function filesNode(series: string, parent: string, scope: ComparedTrees, files: readonly FileOfPatch[]): SeriesNode[] {
  if (files.length === 0) return [];
  const id = `${parent} files`;
  const partial = files.some((file) => file.problems.length > 0 || file.hunksApplied < file.hunks);
  const names = files.map(({ path }) => basename(path)).join(', ');
  const children = fileNodes(series, id, scope, files);
  return [{ kind: 'files', id, series, label: 'Files', description: names, tooltip: names, open: partial, children }];
}

export function fileNodes(series: string, parent: string, scope: ComparedTrees, files: readonly FileOfPatch[]): SeriesNode[] {
  const nodes = files.map((file, index) => fileNode(series, `${parent} ${index}`, scope, file));
  return [...nodes].sort((a, b) => Number(b.children.length > 0) - Number(a.children.length > 0) || (a.tooltip < b.tooltip ? -1 : 1));
}

function fileNode(series: string, parent: string, scope: ComparedTrees, file: FileOfPatch): SeriesNode {
  const id = `${parent} ${file.path}`;
  const folder = file.path.includes('/') ? file.path.slice(0, file.path.lastIndexOf('/')) : '';
  const partial = file.hunksApplied < file.hunks ? `${file.hunksApplied} of ${file.hunks} hunks applied` : '';
  const change = file.change === 'modified' ? '' : file.change === 'renamed' ? `renamed from ${file.oldPath}` : file.change;
  return {
    kind: 'file',
    id,
    series,
    scope,
    path: file.path,
    partial: partial !== '',
    label: basename(file.path),
    description: [partial, change, folder].filter((part) => part !== '').join(', '),
    tooltip: file.path,
    open: true,
    children: file.problems.map((problem, at) => problemNode(series, `${id} problem ${at}`, problem)),
  };
}

/** What a patch introduces and a later one fixes again: it is in no cause, yet there when someone bisects. */
export function passingNodes(
  series: string,
  parent: string,
  scope: ComparedTrees,
  findings: readonly ShownFinding[],
  whole: readonly ShownFinding[],
): SeriesNode[] {
  const lasting = new Set(whole.map(({ id }) => id));
  return findings
    .filter(({ id, status }) => status === 'introduced' && !lasting.has(id))
    .map((finding) => findingNode(series, parent, scope, finding, 'fixed again by a later patch'));
}

/** What a patch fixes of what was there before the series. */
export function fixedNodes(
  series: string,
  parent: string,
  scope: ComparedTrees,
  findings: readonly ShownFinding[],
  whole: readonly ShownFinding[],
): SeriesNode[] {
  const fixed = new Set(whole.filter(({ status }) => status === 'fixed').map(({ id }) => id));
  return findings
    .filter(({ id, status }) => status === 'fixed' && fixed.has(id))
    .map((finding) => findingNode(series, parent, scope, finding));
}

export function unchangedNodes(series: string, parent: string, scope: ComparedTrees, findings: readonly ShownFinding[]): SeriesNode[] {
  const unchanged = findings.filter((finding) => finding.status === 'unchanged');
  if (unchanged.length === 0) return [];
  const id = `${parent} unchanged`;
  return [
    {
      kind: 'unchanged',
      id,
      series,
      label: 'Unchanged',
      description: `${unchanged.length}`,
      tooltip: 'Found before and after alike',
      open: false,
      children: unchanged.map((finding) => findingNode(series, id, scope, finding)),
    },
  ];
}

/** Labelled with what is wrong; the rule stands beside it. */
export function findingNode(series: string, parent: string, scope: ComparedTrees, finding: ShownFinding, note = ''): SeriesNode {
  const id = `${parent} ${finding.status} ${finding.id}`;
  const fixed = finding.status === 'fixed' ? 'fixed: ' : '';
  return {
    kind: 'finding',
    id,
    series,
    scope,
    finding,
    label: `${fixed}${finding.message}`,
    description: [`${basename(finding.file)}:${finding.line}`, finding.rule, note].filter((part) => part !== '').join(', '),
    tooltip: `${finding.status}: ${finding.message} [${finding.rule}]\n${finding.file}:${finding.line} in ${finding.function}()`,
    open: false,
    children: finding.steps.map((step, index) => ({
      kind: 'step',
      id: `${id} ${index}`,
      series,
      scope,
      finding,
      step,
      label: step.message,
      description: `${basename(step.file)}:${step.range.startLine + 1}`,
      tooltip: `${step.file}:${step.range.startLine + 1}: ${step.message}`,
      open: false,
      children: [],
    })),
  };
}
