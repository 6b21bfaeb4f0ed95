// Which key does what.
import type { Move } from './moves.js';

/** Of the page of a run in a kernel. */
export const kernelActions = ['next report', 'previous report', 'next disagreement', 'log'] as const;
export type KernelAction = (typeof kernelActions)[number];

export type Action = Move | 'open' | 'fold' | 'unfold' | 'fold all' | 'copy' | 'filter' | 'help' | 'object' | KernelAction;

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
  a: 'fold all',
  c: 'copy',
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
  ArrowRight: 'unfold',
  ArrowLeft: 'fold',
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
    target.matches('[role=tree]') ||
    (target.matches('button') && event.key !== 'Enter');
  return free ? inList[event.key] : undefined;
}
