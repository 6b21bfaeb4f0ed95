// What a review needs of the rooms below, as one face: find the subsystem of a tree and check it. Tests give their own.
import type { PlainAnalysed } from '../checker/analysed.js';
import type { UserContracts } from '../kernel/contracts.js';
import type { CheckStats, Finding, NotAnalysed } from '../model/finding.js';
import type { Ladder } from '../model/ladder.js';
import type { OnStage } from '../model/progress.js';
import type { Result } from '../model/result.js';
import type { SourceTree, Span } from '../model/source.js';
import type { Subsystem } from '../model/subsystem.js';
import type { SourceUnit } from '../syntax/ast.js';

export type Configuration = ReadonlyMap<string, boolean>;

/** By name: rows of the user, which come before those of the kernel's table. */
export type Contracts = UserContracts['contracts'];

/** A file as far as allow comments need it. */
export type CommentedUnit = Pick<SourceUnit, 'file' | 'text' | 'comments' | 'inactive'>;

export interface AnalysedFunction {
  readonly name: string;
  readonly file: string;
  readonly span: Span;
}

export interface Analysis {
  readonly units: readonly CommentedUnit[];
  readonly functions: readonly AnalysedFunction[];
  /** All `unchanged`; ids are unique. */
  readonly findings: readonly Finding[];
  readonly notAnalysed: readonly NotAnalysed[];
  readonly stats: CheckStats;
}

/** All that a check of a program is made of, but for the tool. */
export interface MadeOf {
  readonly folder: string;
  readonly config: Configuration;
  /** All that was read of the tree, by path; undefined for a file that is not there. */
  readonly texts: ReadonlyMap<string, string | undefined>;
}

/** Where it is kept what checks came to, for another process; it never throws. */
export interface AnalysisStore {
  get(made: MadeOf): readonly PlainAnalysed[] | undefined;
  put(made: MadeOf, analysed: readonly PlainAnalysed[]): void;
}

export interface Analyst {
  /** The folders of a tree that hold the subsystem, best first; empty where none does. */
  find(tree: SourceTree, subsystem: Subsystem): readonly string[];
  /** Checks the subsystem in `folder`; `wanted` (where given) says which files' functions are to be reported on. */
  analyse(
    tree: SourceTree,
    options: {
      readonly folder: string;
      readonly headers: readonly string[];
      readonly config: Configuration;
      readonly contracts?: Contracts;
      readonly wanted?: (file: string) => boolean;
      readonly onProgress?: OnStage;
    },
  ): Analysis;
  /** The error ladder of a function of the subsystem, or why there is none to show. */
  ladder(
    tree: SourceTree,
    wanted: {
      readonly folder: string;
      readonly headers: readonly string[];
      readonly config: Configuration;
      readonly file: string;
      readonly function: string;
    },
  ): Result<Ladder>;
}
