// A part of the tree of choices that another search may go through: where it begins, and how to come there.
import type { PassBounds } from './search.js';
import { SharedSearchBroken } from './shared-search.js';

/** Where on a path something is decided: before which step of which thread. */
export interface ChoicePlace {
  readonly kind: 'fault' | 'input' | 'preemption' | 'pick';
  readonly thread: number;
  /** Steps that the thread has made. */
  readonly steps: number;
  /** Choices that its next step met before. */
  readonly before: number;
}

export interface Decision extends ChoicePlace {
  readonly option: number;
}

/** What follows from a choice where these options are taken. */
export interface Subtree {
  readonly bounds: PassBounds;
  /** What was decided on the way there otherwise than is usual, in order: that no call fails, and that who can go on does. */
  readonly decided: readonly Decision[];
  readonly at: ChoicePlace;
  /** Of the call that may fail, or of the input. */
  readonly name: string;
  readonly options: readonly number[];
}

/** Leads a path to where a subtree begins. */
export class WayTo {
  private made = 0;

  constructor(readonly subtree: Subtree) {}

  /** Nothing is left to be decided before the subtree, which begins here. */
  isThere(place: ChoicePlace): boolean {
    return this.made === this.subtree.decided.length && isSame(place, this.subtree.at);
  }

  /** What is decided here; throws where the path is another. */
  decide(place: ChoicePlace, usual: number | null): number {
    const next = this.subtree.decided[this.made];
    if (next !== undefined && isSame(place, next)) {
      this.made++;
      return next.option;
    }
    if (usual === null) throw new SharedSearchBroken('a subtree that was given away is not come to');
    return usual;
  }
}

function isSame(a: ChoicePlace, b: ChoicePlace): boolean {
  return a.kind === b.kind && a.thread === b.thread && a.steps === b.steps && a.before === b.before;
}
