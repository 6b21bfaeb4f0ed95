// Steps that are several to others: each of their accesses may be seen by itself.
import type { Value } from '../../kernel/intrinsics/machine.js';
import type { Core } from './core.js';
import { yielded } from './machine-state.js';
import { noPieces } from './thread.js';

export class Pieces {
  /** What the accesses of the step that runs have given, while it is several to others; and how many of them were come to. */
  private made: Value[] | null = null;
  private come = 0;
  private stopped = false;

  constructor(private readonly core: Core) {}

  /** A step that is several to others runs. */
  get runs(): boolean {
    return this.made !== null;
  }

  /** What runs was done before, when the step was first run, and what it says was said then. */
  get repeats(): boolean {
    return this.made !== null && this.come < this.made.length;
  }

  /** Whether the step that was run stopped between two of its accesses; asked once. */
  takeStopped(): boolean {
    const { stopped } = this;
    this.stopped = false;
    return stopped;
  }

  /**
   * Runs a step each access of which others may see by itself. Where others have to be let in it stops, with what it has done;
   * when it is run again, the accesses that were made give what they gave, and are not made again.
   */
  inPieces(step: () => void): void {
    if (this.core.others === null) return step();
    const thread = this.core.running;
    const before = thread.pieces.length;
    const made = [...thread.pieces];
    this.made = made;
    this.come = 0;
    try {
      step();
      thread.pieces = noPieces;
    } catch (signal) {
      if (signal !== yielded || made.length === before) throw signal;
      thread.pieces = made;
      this.stopped = true;
    } finally {
      this.made = null;
    }
    thread.steps += made.length - before;
  }

  /** An access, or a part of a step that must not be done again; gives what it gave when it was made. */
  access(make: () => Value): Value {
    const { made } = this;
    if (made === null) return make();
    const known = made[this.come];
    if (known !== undefined) {
      this.come++;
      return known;
    }
    this.core.others?.beforePiece(made.length - this.core.running.pieces.length);
    const given = make();
    made.push(given);
    this.come++;
    this.core.others?.afterPiece();
    return given;
  }

  change(make: () => void): void {
    this.access(() => {
      make();
      return 0;
    });
  }

  /** Runs something that is no part of the step. */
  apart(action: () => void): void {
    const { made, come } = this;
    this.made = null;
    try {
      action();
    } finally {
      this.made = made;
      this.come = come;
    }
  }
}
