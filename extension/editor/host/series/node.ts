// A row of the sidebar: what it stands for, and how it reads.
import { basename } from 'node:path';
import { formatProblem, type InputProblem } from '../../../model/problem.js';
import type { CodePlace } from '../../../model/simulation.js';
import type { PatchPlace } from '../../../model/mail-thread.js';
import type { Severity } from '../../../review/causes.js';
import type { ShownFinding, ShownStep } from '../../protocol/messages.js';

/** Which two trees a node compares: those around a patch (0-based), or the base and the whole series. */
export type ComparedTrees = number | 'series';

interface Common {
  /** Unique among all nodes, and the same after a refresh. */
  readonly id: string;
  readonly series: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly open: boolean;
  readonly children: readonly SeriesNode[];
}

/** A place that a cause is shown at; the finding's range where there is a finding. */
export interface CausePlace {
  readonly scope: ComparedTrees;
  readonly finding: ShownFinding | null;
  readonly at: CodePlace | null;
}

export type SeriesNode = Common &
  (
    | { readonly kind: 'series'; readonly running: boolean; readonly failed: boolean }
    | { readonly kind: 'patch'; readonly scope: ComparedTrees; readonly worst: Severity | 'fixed' | undefined; readonly partial: boolean }
    | { readonly kind: 'cause'; readonly severity: Severity; readonly place: CausePlace | null; readonly text: string }
    | { readonly kind: 'finding'; readonly scope: ComparedTrees; readonly finding: ShownFinding }
    | { readonly kind: 'step'; readonly scope: ComparedTrees; readonly finding: ShownFinding; readonly step: ShownStep }
    /** A run of a scenario on both trees; `error` is the id of the error to show, null for the answers. */
    | { readonly kind: 'run'; readonly scenario: string; readonly error: string | null }
    | { readonly kind: 'answers' | 'files' | 'unchanged' }
    | { readonly kind: 'file'; readonly scope: ComparedTrees; readonly path: string; readonly partial: boolean }
    | { readonly kind: 'problem'; readonly problem: InputProblem }
    | { readonly kind: 'gap' | 'not-analysed' | 'note' | 'thread' }
    /** A mail, or something said in it; `line` is that of the mail's text, from 1. */
    | { readonly kind: 'message'; readonly message: string; readonly line: number }
    | {
        readonly kind: 'remark';
        readonly message: string;
        readonly line: number;
        readonly patch: string | null;
        readonly place: PatchPlace | null;
      }
    | {
        readonly kind: 'suggestion' | 'applied-suggestion';
        readonly message: string;
        readonly line: number;
        readonly patch: string | null;
        readonly place: PatchPlace | null;
        readonly number: number;
      }
  );

/** A row that says a line and no more. */
export function lineNode(kind: 'gap' | 'note', series: string, id: string, label: string): SeriesNode {
  return { kind, id, series, label, description: '', tooltip: label, open: false, children: [] };
}

export function problemNode(series: string, id: string, problem: InputProblem): SeriesNode {
  return {
    kind: 'problem',
    id,
    series,
    problem,
    label: problem.message,
    description: `${basename(problem.where)}${problem.line === undefined ? '' : `:${problem.line}`}`,
    tooltip: formatProblem(problem),
    open: false,
    children: [],
  };
}
