// What a step leaves open: whether a call fails, which input comes.
import type { Core } from './core.js';
import { choiceNeeded } from './machine-state.js';

export class Choices {
  /** Choices that the step has met. */
  met = 0;
  /** Fallible calls that may still fail on this path, and that have failed. */
  faultsAllowed = 0;
  faults = 0;

  constructor(private readonly core: Core) {}

  /** Of the running thread, which may not come to use them before others have run. */
  get decisions(): number[] {
    return this.core.running.decisions;
  }

  set decisions(decisions: number[]) {
    this.core.running.decisions = decisions;
  }

  fails(name: string): boolean {
    const option = this.core.pieces.access(() => {
      this.core.running.fallible++;
      if (this.faults >= this.faultsAllowed || this.core.running.operation < 0) return 0;
      const decided = this.decide('fault', name, 2);
      if (decided === 1) this.faults++;
      return decided;
    });
    return option === 1;
  }

  choose(name: string, count: number): number {
    if (count <= 1) return 0;
    const option = this.core.pieces.access(() => {
      this.core.running.inputs++;
      return this.decide('input', name, count);
    });
    return Number(option);
  }

  private decide(kind: 'fault' | 'input', name: string, count: number): number {
    const option = this.decisions[this.met++];
    if (option === undefined) throw choiceNeeded.of(kind, name, count);
    this.core.recorder?.decided(kind, name, option);
    return option;
  }
}
