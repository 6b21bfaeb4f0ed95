// What the walk of a function comes to, and the same as plain data that can be written down.
import type { Contract } from '../kernel/contract.js';
import type { FindingDraft } from './drafts.js';

export interface Analysed {
  readonly summary: Contract;
  readonly drafts: readonly FindingDraft[];
  readonly states: number;
  readonly merged: boolean;
  readonly gaveUp: string | null;
  /** Counts (`tag.field`) whose last drop destroys their object here. */
  readonly destroys: ReadonlySet<string>;
  readonly assumed: ReadonlyMap<string, number>;
  /** What the callees meant when this was computed. */
  readonly callees: ReadonlyMap<string, Contract | undefined>;
}

/** Holds for the very same function in the very same program, in which its callees mean the same. */
export interface PlainAnalysed extends Omit<Analysed, 'destroys' | 'assumed' | 'callees'> {
  readonly destroys: readonly string[];
  readonly assumed: readonly (readonly [name: string, calls: number])[];
}

export function plainOf({ summary, drafts, states, merged, gaveUp, destroys, assumed }: Analysed): PlainAnalysed {
  return { summary, drafts, states, merged, gaveUp, destroys: [...destroys], assumed: [...assumed] };
}

export function analysedOf(plain: PlainAnalysed, callees: Analysed['callees']): Analysed {
  return { ...plain, destroys: new Set(plain.destroys), assumed: new Map(plain.assumed), callees };
}
