// What happens on a path, as data: the steps that a finding's trace is made of. Their words are in event-words.ts.
import type { Outcome } from '../kernel/contract.js';
import type { VariableId } from '../program/graph.js';

/** Conditions, statements and arguments are as the source has them. */
export type PathEvent =
  | { readonly kind: 'start'; readonly function: string }
  | {
      readonly kind: 'call';
      readonly callee: string;
      /** What the call comes to on this path. */
      readonly outcome: Outcome;
      /** null where there is no value to name. */
      readonly arguments: readonly (string | null)[];
      /** The result is kept in a pointer. */
      readonly pointer: boolean;
      /** Where what the callee does is stated; empty for a function of the tree. */
      readonly source: string;
    }
  | { readonly kind: 'branch'; readonly condition: string; readonly holds: boolean }
  /** `label` is null where no case matches. */
  | { readonly kind: 'case'; readonly label: string | null }
  | { readonly kind: 'assign'; readonly statement: string }
  /** A pointer is given NULL, which is told where that is the matter only. */
  | { readonly kind: 'null'; readonly variable: VariableId; readonly name: string }
  | { readonly kind: 'goto'; readonly label: string }
  /** `constant`: what the value is known to be. */
  | { readonly kind: 'return'; readonly value: string | null; readonly constant: number | undefined }
  /** The statement of the callee just called that did what matters. */
  | { readonly kind: 'inside'; readonly callee: string }
  /** An error code that was assigned for the check that follows, and is returned later. */
  | { readonly kind: 'assigned for'; readonly statement: string }
  /** A value that reaches a test on one path: as assigned, or as the code of a call that failed. */
  | { readonly kind: 'reaches'; readonly statement: string }
  | { readonly kind: 'failed'; readonly callee: string }
  /** A condition that has one answer on every path. */
  | { readonly kind: 'decided'; readonly condition: string; readonly always: boolean }
  /** The place of the violation itself. */
  | { readonly kind: 'here'; readonly statement: string };
