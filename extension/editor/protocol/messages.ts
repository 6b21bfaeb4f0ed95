// What the extension host and its worker say to each other: plain data, told apart by `t`.
import type { CheckStats, Finding, NotAnalysed } from '../../model/finding.js';
import type { InputProblem } from '../../model/problem.js';
import type { Progress } from '../../model/progress.js';
import type { Result } from '../../model/result.js';
import type { Review, ReviewedPatch } from '../../model/review.js';
import type { Scenario, Vocabulary } from '../../model/scenario.js';
import type { Line, Offset } from '../../model/source.js';
import type { MailThread } from '../../model/mail-thread.js';
import type { Subsystem, SubsystemPlace } from '../../model/subsystem.js';
import type { ReplayedPath } from '../../review/replay-line.js';
import type { GenerateOptions } from '../../scenario/generate.js';
import type { Completion } from '../../scenario/complete.js';
import type { DescribedWord } from '../../scenario/describe.js';
import type { ReadScenario } from '../../scenario/read.js';

/** A range as VS Code counts: 0-based lines and UTF-16 columns, the end exclusive. */
export interface TextRange {
  readonly startLine: Line;
  readonly startColumn: number;
  readonly endLine: Line;
  readonly endColumn: number;
}

export interface ShownStep {
  readonly file: string;
  readonly range: TextRange;
  readonly message: string;
}

/** A finding with its places worked out in the text that it was found in, so that the host needs no text. */
export interface ShownFinding extends Pick<Finding, 'id' | 'rule' | 'status' | 'file' | 'function' | 'line' | 'message'> {
  readonly range: TextRange;
  readonly steps: readonly ShownStep[];
}

/** A kernel tree with a subsystem in it. */
export interface Tree extends SubsystemPlace {
  /** Absolute. */
  readonly root: string;
}

export interface TreeSettings {
  readonly config: Readonly<Record<string, boolean>>;
  /** Absolute, or null where none is set. */
  readonly baseline: string | null;
  /** A file of contracts; absolute, or null where none is set. */
  readonly contracts: string | null;
}

export type SeriesSource =
  /** `suggestions`: those of replies, by number, that are tried on top of the patches. */
  | { readonly kind: 'files'; readonly paths: readonly string[]; readonly suggestions?: readonly number[] }
  | { readonly kind: 'commits'; readonly range: string }
  /** What the open tree has that its last commit has not, as it is typed. */
  | { readonly kind: 'changes' };

export interface CheckedTree {
  readonly findings: readonly ShownFinding[];
  readonly notAnalysed: readonly NotAnalysed[];
  readonly problems: readonly InputProblem[];
  readonly stats: CheckStats;
  /** The versions of the open documents that were read, by absolute path. */
  readonly versions: Readonly<Record<string, number>>;
}

/** A file's texts on both sides of a patch (or of the whole series); null where it does not exist. */
export interface ShownText {
  readonly path: string;
  readonly oldPath: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface ShownPatch extends Pick<ReviewedPatch, 'source' | 'subject' | 'author' | 'date' | 'messageId' | 'files' | 'problems'> {
  readonly findings: readonly ShownFinding[];
  readonly texts: readonly ShownText[];
}

export interface ShownReview extends Pick<Review, 'notAnalysed' | 'problems'> {
  readonly patches: readonly ShownPatch[];
  /** The whole series against the base. */
  readonly findings: readonly ShownFinding[];
  readonly texts: readonly ShownText[];
  /** What people said of it; null where it is read from no mails. */
  readonly thread: MailThread | null;
  /** As the terminal gets it, but for the texts of the files. */
  readonly review: Review;
}

/** A replacement in a document's text; offsets are into the text before all changes of one message, as VS Code gives them. */
export interface TextChange {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** What a worker begins with. */
export interface WorkerSetup {
  /** The folder in which it is cached what checks come to; absolute, or null for none. */
  readonly cache: string | null;
}

/** News that needs no answer. Documents are named by absolute path. */
export type Note =
  | { readonly t: 'open'; readonly path: string; readonly version: number; readonly text: string }
  | {
      readonly t: 'change';
      readonly path: string;
      readonly version: number;
      readonly changes: readonly TextChange[];
      /** Of the text after the changes; where it differs the worker asks for the whole text. */
      readonly length: number;
    }
  | { readonly t: 'close'; readonly path: string }
  /** Whatever runs or waits in this lane is not wanted any more. */
  | { readonly t: 'cancel'; readonly lane: string };

/** Work to be done. A newer task of the same `lane` replaces an older one, running or waiting. */
export type Task = { readonly request: number; readonly lane: string } & (
  | { readonly t: 'find-trees'; readonly folders: readonly string[] }
  | { readonly t: 'check'; readonly tree: Tree; readonly settings: TreeSettings }
  | {
      readonly t: 'review';
      readonly tree: Tree;
      readonly settings: TreeSettings;
      readonly source: SeriesSource;
      /** What is typed and not saved, by absolute path; of files that the source is made of. */
      readonly unsaved: Readonly<Record<string, string>>;
      /** Whether git may be run for `changes`, as in a workspace that is trusted. */
      readonly trusted: boolean;
    }
  | { readonly t: 'bundled-scenarios' }
  /** The words that scenarios are written in, a vocabulary a subsystem. */
  | { readonly t: 'vocabularies' }
  | { readonly t: 'read-scenario'; readonly file: string; readonly text: string }
  /** `tree` is whose configuration options are offered; null for none. */
  | { readonly t: 'complete-scenario'; readonly text: string; readonly offset: Offset; readonly tree: Tree | null }
  | { readonly t: 'describe-scenario-word'; readonly text: string; readonly offset: Offset }
  | { readonly t: 'generate-scenarios'; readonly subsystem: Subsystem; readonly options: GenerateOptions }
  | { readonly t: 'read-replay'; readonly subsystem: Subsystem; readonly line: string }
  | { readonly t: 'function-at'; readonly file: string; readonly text: string; readonly offset: Offset }
  | { readonly t: 'tree-version'; readonly tree: Tree }
  | { readonly t: 'commits-trees'; readonly tree: Tree; readonly range: string }
);

export type HostMessage = Note | Task;

export interface FoundTrees {
  readonly trees: readonly Tree[];
  /** Kernel trees that hold no subsystem. */
  readonly without: readonly string[];
  /** What was looked for. */
  readonly subsystems: readonly Subsystem[];
}

export interface BundledScenarios {
  /** By name; their `source` begins with `runtime/`. */
  readonly scenarios: readonly Scenario[];
  readonly problems: readonly InputProblem[];
}

export type ReplayRead = Result<ReplayedPath, readonly InputProblem[]>;

/** All that a simulation reads of the trees at both ends of a range, by path. */
export interface CommitsTrees {
  readonly before: Readonly<Record<string, string | null>>;
  readonly after: Readonly<Record<string, string | null>>;
}

export interface Answers {
  'find-trees': FoundTrees;
  check: CheckedTree;
  review: ShownReview;
  'bundled-scenarios': BundledScenarios;
  vocabularies: readonly Vocabulary[];
  'read-scenario': ReadScenario;
  'complete-scenario': readonly Completion[];
  'describe-scenario-word': DescribedWord | null;
  'generate-scenarios': readonly Scenario[];
  'read-replay': ReplayRead;
  /** The name of the function whose definition holds the offset; null where none does. */
  'function-at': string | null;
  /** Another one when anything that a simulation reads of the tree on disk is another text. */
  'tree-version': string;
  'commits-trees': CommitsTrees;
}

export type WorkerMessage =
  /** How far a task is; a few times a second. */
  | { readonly t: 'progress'; readonly request: number; readonly progress: Progress }
  | { readonly t: 'done'; readonly request: number; readonly answer: Answers[keyof Answers] }
  | { readonly t: 'cancelled'; readonly request: number }
  /** A bug of ours or an unreadable tree; `message` is one line, `detail` goes to the output channel. */
  | { readonly t: 'failed'; readonly request: number; readonly message: string; readonly detail: string }
  /** The worker's copy of a document is not what the host has; send it whole. */
  | { readonly t: 'resync'; readonly path: string };

export type TaskOutcome<T> =
  { readonly kind: 'done'; readonly answer: T } | { readonly kind: 'cancelled' } | { readonly kind: 'failed'; readonly message: string };
