// What people said of a series: mails, remarks at lines of patches, and diffs that they suggest. Plain data.
import type { InputProblem } from './problem.js';
import type { LineNumber } from './source.js';

export interface ThreadMessage {
  /** Without `<` and `>`; made of its place among the messages where the mail has none, or one that another has too. */
  readonly id: string;
  readonly subject: string;
  /** `Name <address>`. */
  readonly author: string;
  /** As in the header; empty where there is none. */
  readonly date: string;
  /** The message that it answers; null where that is not among them. */
  readonly parent: string | null;
  /** Answers to answers, from 0 for who begins. */
  readonly depth: number;
  /** Version of the series and number in it, of one that carries or answers a patch; number 0 is the cover letter. */
  readonly version: number;
  readonly patch: number | null;
  /** It carries a patch of its own. */
  readonly isPatch: boolean;
  /** It is the cover letter of a series. */
  readonly isCover: boolean;
  /** Its plain text. */
  readonly body: string;
  readonly problems: readonly InputProblem[];
}

/** A line of a file on one side of a patch. */
export interface PatchPlace {
  readonly file: string;
  /** 1-based, as the patch's own hunks count. */
  readonly line: LineNumber;
  readonly side: 'old' | 'new';
  /** The line itself. */
  readonly text: string;
}

export interface Remark {
  /** Whose it is, by name. */
  readonly voice: string;
  /** The id of the message in which it was read, which may quote it. */
  readonly message: string;
  readonly date: string;
  /** What it answers: the last lines before it. */
  readonly quoted: string;
  readonly text: string;
  /** 1-based line of the message's text. */
  readonly bodyLine: LineNumber;
  /** The message with the patch that it is about; null where none is known. */
  readonly patch: string | null;
  /** The line of the patch that it answers; null where it answers none. */
  readonly place: PatchPlace | null;
  /** Why it has no place, or one that is only near; null where it answers that very line. */
  readonly reason: string | null;
}

export interface SuggestedLine {
  readonly kind: 'context' | 'removed' | 'added';
  readonly text: string;
}

/** The line as a diff has it. */
export function diffLine({ kind, text }: SuggestedLine): string {
  return `${kind === 'added' ? '+' : kind === 'removed' ? '-' : ' '}${text}`;
}

export interface SuggestedHunk {
  /** Empty where the mail does not say. */
  readonly file: string;
  /** The `@@` line. */
  readonly header: string;
  readonly lines: readonly SuggestedLine[];
}

/** A diff within a reply. */
export interface Suggestion {
  /** 1-based, in the order of the messages. */
  readonly number: number;
  readonly voice: string;
  readonly message: string;
  readonly date: string;
  readonly bodyLine: LineNumber;
  readonly patch: string | null;
  readonly place: PatchPlace | null;
  readonly hunks: readonly SuggestedHunk[];
}

export interface MailThread {
  /** In the order in which they answer each other. */
  readonly messages: readonly ThreadMessage[];
  readonly remarks: readonly Remark[];
  readonly suggestions: readonly Suggestion[];
  readonly problems: readonly InputProblem[];
}

/** Whether it stands at a line. */
export function placed({ place }: { readonly place: PatchPlace | null }): boolean {
  return place !== null;
}
