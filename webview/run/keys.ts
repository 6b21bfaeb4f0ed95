// Which key does what, and where the selection goes.
import { rowChanges, seekRow, stepOf, type Row, type Traces } from './rows.js';

export type Move =
  | 'next'
  | 'previous'
  | 'next ten'
  | 'previous ten'
  | 'first'
  | 'last'
  | 'error'
  | 'next change'
  | 'previous change'
  | 'next operation'
  | 'previous operation'
  | 'next difference';

/** Of the page of a run in a kernel. */
export const kernelActions = ['next report', 'previous report', 'next disagreement', 'log'] as const;
export type KernelAction = (typeof kernelActions)[number];

export type Action = Move | 'open' | 'filter' | 'help' | 'object' | KernelAction;

/** Wherever the keyboard is, except where one types. */
const letters: Readonly<Record<string, Action>> = {
  j: 'next',
  k: 'previous',
  n: 'next change',
  p: 'previous change',
  ']': 'next operation',
  '[': 'previous operation',
  d: 'next difference',
  e: 'error',
  o: 'object',
  '/': 'filter',
  '?': 'help',
};

/** Only in the list, on a button, or where nothing has the keyboard: elsewhere they have a meaning of their own. */
const inList: Readonly<Record<string, Action>> = {
  ArrowDown: 'next',
  ArrowUp: 'previous',
  PageDown: 'next ten',
  PageUp: 'previous ten',
  Home: 'first',
  End: 'last',
  Enter: 'open',
};

/** On the page of a run in a kernel, before the others. */
const kernelLetters: Readonly<Record<string, KernelAction>> = {
  r: 'next report',
  R: 'previous report',
  d: 'next disagreement',
  l: 'log',
};

/** What a key asks for on the page of a run, in a kernel or not; undefined where it is somebody else's. */
export function actionFor(event: KeyboardEvent, inKernel: boolean): Action | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const path = event.composedPath().filter((each): each is HTMLElement => each instanceof HTMLElement);
  if (path.some((each) => each.matches('input:not([type=checkbox]), textarea, vscode-textfield, vscode-single-select, dialog')))
    return undefined;
  const letter = (inKernel ? kernelLetters[event.key] : undefined) ?? letters[event.key];
  if (letter !== undefined) return letter;
  const target = path[0];
  const free =
    target === undefined ||
    target === document.body ||
    target.matches('[role=listbox]') ||
    (target.matches('button') && event.key !== 'Enter');
  return free ? inList[event.key] : undefined;
}

export interface Position {
  readonly traces: Traces;
  readonly rows: readonly Row[];
  /** Index into `rows`; -1 for none. */
  readonly current: number;
  readonly object: string | null;
}

/** The index of the row that a move leads to; the current one where there is none further. */
export function moved(move: Move, { traces, rows, current, object }: Position): number {
  const kindIs = (kind: string) => (row: Row) => (['run', 'base'] as const).some((side) => stepOf(traces, row, side)?.kind === kind);
  const last = rows.length - 1;
  switch (move) {
    case 'next':
      return Math.min(last, current + 1);
    case 'previous':
      return Math.max(0, current - 1);
    case 'next ten':
      return Math.min(last, current + 10);
    case 'previous ten':
      return Math.max(0, current - 10);
    case 'first':
      return 0;
    case 'last':
      return last;
    case 'error': {
      const error = rows.findLastIndex(kindIs('error'));
      return error < 0 ? last : error;
    }
    case 'next change':
      return seekRow(rows, current, 1, (row) => rowChanges(traces, row, object));
    case 'previous change':
      return seekRow(rows, current, -1, (row) => rowChanges(traces, row, object));
    case 'next operation':
      return seekRow(rows, current, 1, kindIs('operation'));
    case 'previous operation':
      return seekRow(rows, current, -1, kindIs('operation'));
    case 'next difference':
      return seekRow(rows, current, 1, (row) => row.difference !== 'none');
  }
}
