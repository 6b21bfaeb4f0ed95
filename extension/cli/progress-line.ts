// Shows how far a command is on the terminal's line.
import { ProgressClock, type OnStage } from '../model/progress.js';
import { progressText } from '../review/progress-text.js';
import { printable } from '../review/terminal.js';
import type { Io } from './io.js';

export class ProgressLine {
  private readonly clock = new ProgressClock();

  constructor(private readonly io: Pick<Io, 'status'>) {}

  readonly report: OnStage = (stage) => {
    if (this.io.status === undefined) return;
    const now = Date.now();
    const progress = this.clock.take(stage, now);
    if (progress !== null) this.io.status(printable(progressText(progress, now)));
  };

  clear(): void {
    this.io.status?.('');
  }
}
