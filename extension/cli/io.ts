// The world outside the command line, given from outside so that tests run it in process.
import type { Reviewer } from '../review/reviewer.js';

export interface Io {
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Standard output goes to a terminal that people read. */
  readonly terminal: boolean;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly stdin: () => Promise<Uint8Array>;
  /** Loads the parser and all above it; called once it is known that there is something to do. */
  readonly reviewer: () => Promise<Reviewer>;
}

/** What `fuse-review` answers to whoever called it. */
export const exitCodes = { clean: 0, findings: 1, badInput: 2 } as const;
