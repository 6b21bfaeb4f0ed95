// When waiting for a guest ends: after a silence, and after a time of its own however much the kernel prints.
import { MachineFailure } from './machine-failure.js';
import type { MachineLog } from './machine-log.js';

/** The end of what a machine is to do, which may take several messages. */
export interface Deadline {
  /** As Date.now() gives it. */
  readonly at: number;
  readonly seconds: number;
}

export function deadlineIn(seconds: number): Deadline {
  return { at: Date.now() + seconds * 1000, seconds };
}

/** Milliseconds of silence. */
export interface Silence {
  /** Before the kernel has printed anything. */
  readonly first: number;
  readonly later: number;
}

export class Watchdog {
  private size: number;
  private since = Date.now();

  constructor(
    private readonly log: MachineLog,
    private readonly silence: Silence,
    private readonly deadline: Deadline | undefined,
  ) {
    this.size = log.size;
  }

  /** Why the wait ends now; null where it goes on. To be asked a few times a second. */
  look(): MachineFailure | null {
    const now = Date.now();
    if (this.deadline && now > this.deadline.at) {
      const allowed = `ran past ${this.deadline.seconds} s; the last line is: ${this.log.lastLine()}`;
      return new MachineFailure('late', `${allowed} (--limit allows more)`);
    }
    const size = this.log.size;
    if (size !== this.size) {
      this.size = size;
      this.since = now;
      return null;
    }
    const quiet = now - this.since;
    const seconds = Math.round(quiet / 1000);
    if (size === 0 && quiet > this.silence.first) return new MachineFailure('silent', `the kernel printed nothing for ${seconds} s`);
    if (quiet <= this.silence.later) return null;
    return new MachineFailure(
      'stuck',
      `neither the kernel nor the guest said anything for ${seconds} s; the last line is: ${this.log.lastLine()}`,
    );
  }
}
