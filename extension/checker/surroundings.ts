// What the walk of a function asks of the world around it, and tells it.
import type { Contract } from '../kernel/contract.js';
import type { Span } from '../model/source.js';
import type { Terminator } from '../program/graph.js';
import type { Violation } from './violation.js';
import type { PathState, Token } from './path-state.js';
import type { SymbolicValues } from './symbolic-values.js';

export interface Surroundings {
  /** What a call by name means: the summary of the tree's own function, else the kernel's contract. */
  contract(name: string): Contract | undefined;
  /** The source text of a span, white space folded. */
  text(span: Span): string;
  report(violation: Violation): void;
  /** A reference was released by the statement at `span`. */
  released(token: Token, span: Span): void;
  /** A path takes a C `goto` or a `return`. */
  left?(state: PathState, values: SymbolicValues, terminator: Terminator): void;
  /** A call to something that nothing is known of. */
  assumed(name: string): void;
}
