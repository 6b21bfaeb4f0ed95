// A function's error ladder as a view: what it acquires, what each label releases, and what each jump leaves held.
import type { LineNumber, Span } from './source.js';

export interface LadderAcquisition {
  /** 1-based. */
  readonly line: LineNumber;
  readonly span: Span;
  /** The place that owns what was acquired, as written: `fb`, `fb->file`. Equal names mean the same resource. */
  readonly what: string;
  /** The acquiring call as written. */
  readonly text: string;
}

export interface LadderRelease {
  readonly line: LineNumber;
  readonly span: Span;
  readonly what: string;
  /** The releasing call as written. */
  readonly text: string;
}

export interface LadderLabel {
  readonly name: string;
  readonly line: LineNumber;
  readonly span: Span;
  /** It is only jumped to from below: the head of a loop, which releases nothing. Absent for a label of the ladder. */
  readonly loop?: true;
  /** In order, up to the next label. */
  readonly releases: readonly LadderRelease[];
  /** The label that it falls into, or null where it leaves the function. */
  readonly fallsInto: string | null;
  /** The returned expression as written, or null where it falls on or returns nothing. */
  readonly returns: string | null;
}

export interface LadderGoto {
  readonly line: LineNumber;
  readonly span: Span;
  readonly label: string;
  /** The condition under which it jumps, as written, or null for a jump that is always taken. */
  readonly condition: string | null;
  /** What is held at the jump, in order of acquisition. */
  readonly held: readonly string[];
  /** What is still held when the ladder has run from `label`; it leaks unless it was handed over. */
  readonly missed: readonly string[];
  /** What the ladder releases from `label` on though it is not held here. */
  readonly notHeld: readonly string[];
}

/** A `return` that does not go through the ladder. */
export interface LadderReturn {
  readonly line: LineNumber;
  readonly span: Span;
  readonly condition: string | null;
  readonly text: string;
  readonly held: readonly string[];
}

export interface Ladder {
  readonly file: string;
  readonly function: string;
  /** 1-based line of the function's name. */
  readonly line: LineNumber;
  readonly span: Span;
  /** In source order. */
  readonly acquisitions: readonly LadderAcquisition[];
  /** In source order. */
  readonly labels: readonly LadderLabel[];
  /** In source order. */
  readonly gotos: readonly LadderGoto[];
  /** In source order; returns that stand under a label of the ladder are left out. */
  readonly returns: readonly LadderReturn[];
}
