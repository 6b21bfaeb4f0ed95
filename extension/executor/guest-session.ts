// A restored machine that runs scenarios, one after the other.
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { ResolvedScenario } from '../scenario/resolve.js';
import { MachineFailure } from './machine-failure.js';
import type { QemuMachine } from './qemu-machine.js';
import { runCommand, type GuestMessage } from './protocol.js';
import { deadlineIn } from './watchdog.js';

export interface InjectedFault {
  /** Index into the scenario's operations. */
  readonly operation: number;
  /** 1-based. */
  readonly nth: number;
}

/** What one round of a scenario answered. */
export interface Round {
  /** By operation; null where it was left out or did not end. */
  readonly answers: (number | null)[];
  /** By operation, whether it began. */
  readonly begun: boolean[];
  setup: number;
  teardown: number;
}

export interface GuestRun {
  readonly id: number;
  readonly rounds: readonly Round[];
  /** Lines of the trace buffer by operation, of the first round. */
  readonly events: readonly (readonly string[])[];
  /** Points that were left when the operation with the fault ended: 0 where the fault was used. null without a fault, or where it did not run. */
  readonly left: number | null;
  /** What the guest complained of. */
  readonly complaints: readonly string[];
  /** How the machine ended in it; null where it goes on. */
  readonly failure: MachineFailure | null;
}

/** Seconds that a machine may take for what it is asked for, however much it prints; a loaded one that is emulated is slow. */
const answerSeconds = 120;
const roundSeconds = 6;

/** Milliseconds that the last lines of the kernel's log may take to come after the guest said that it is done. */
const logDelay = 5000;

export class GuestSession {
  private lastId = 0;
  private ended: MachineFailure | null = null;

  constructor(
    private readonly machine: QemuMachine,
    readonly log: string,
    /** Seconds that a scenario may run with all its rounds, and any other question may take; null for as many as it should need. */
    private readonly limit: number | null = null,
  ) {}

  /** The machine is of no more use. */
  get failure(): MachineFailure | null {
    return this.ended;
  }

  /** Runs a scenario. Never rejects: how the machine ended is in the result. */
  async run(
    scenario: ResolvedScenario,
    { rounds, events, fault }: { readonly rounds: number; readonly events: boolean; readonly fault: InjectedFault | null },
  ): Promise<GuestRun> {
    const id = ++this.lastId;
    const size = scenario.operations.length;
    const done: Round[] = [];
    const printed = scenario.operations.map((): string[] => []);
    const complaints: string[] = [];
    let left: number | null = null;
    const round = (index: number): Round =>
      (done[index] ??= {
        answers: new Array<number | null>(size).fill(null),
        begun: new Array<boolean>(size).fill(false),
        setup: 0,
        teardown: 0,
      });
    const failure = await this.guarded(async () => {
      const deadline = deadlineIn(this.limit ?? answerSeconds + rounds * roundSeconds);
      this.machine.send(runCommand(scenario, { id, rounds, events, fault }));
      for (;;) {
        const message = await this.machine.receive(undefined, deadline);
        if (message.t === 'ran') break;
        else if (message.t === 'begin') round(message.round).begun[message.operation] = true;
        else if (message.t === 'answer') {
          round(message.round).answers[message.operation] = message.value;
          if (message.operation === fault?.operation && message.round === 0) left = message.left;
        } else if (message.t === 'event') printed[message.operation]?.push(message.line);
        else if (message.t === 'done') Object.assign(round(message.round), { setup: message.setup, teardown: message.teardown });
        else if (message.t === 'error') complaints.push(message.message);
      }
      await this.logged(`fuse-review: teardown ${id} ${rounds - 1}`);
    });
    return { id, rounds: done, events: printed, left, complaints, failure };
  }

  /** What kmemleak reports since it was last asked; empty for nothing, null where the machine ended. */
  async leaks(): Promise<string | null> {
    let text: string | null = null;
    await this.guarded(async () => {
      this.machine.send({ t: 'leaks' });
      text = (await this.expect('leaks')).text;
    });
    return text;
  }

  /** Does on purpose what the kernel has to notice. False where that can't be done. */
  async canary(name: string): Promise<boolean> {
    let value = -1;
    await this.guarded(async () => {
      this.machine.send({ t: 'canary', name });
      value = (await this.expect('canary')).value;
      await this.logged(`fuse-review: canary ${name}`);
    });
    return value === 0;
  }

  /** Sets probes; those that the kernel does not take. */
  async probes(lines: readonly string[]): Promise<readonly string[]> {
    let refused: readonly string[] = lines;
    await this.guarded(async () => {
      this.machine.send({ t: 'probes', lines });
      refused = (await this.expect('probes')).refused;
    });
    return refused;
  }

  /** The kernel's log until now, since the machine was restored. */
  text(): string {
    return existsSync(this.log) ? readFileSync(this.log, 'utf8') : '';
  }

  stop(): Promise<void> {
    return this.machine.stop();
  }

  private async expect<T extends GuestMessage['t']>(kind: T): Promise<Extract<GuestMessage, { t: T }>> {
    const deadline = deadlineIn(this.limit ?? answerSeconds);
    for (;;) {
      const message = await this.machine.receive(undefined, deadline);
      if (message.t === kind) return message as Extract<GuestMessage, { t: T }>;
      if (message.t === 'error') throw new MachineFailure('unreadable', `the guest: ${message.message}`);
    }
  }

  private async guarded(work: () => Promise<void>): Promise<MachineFailure | null> {
    if (this.ended) return this.ended;
    try {
      await work();
      return null;
    } catch (error) {
      if (!(error instanceof MachineFailure)) throw error;
      this.ended = error;
      return error;
    }
  }

  /** Waits for a line of the log: the two consoles are not in step. */
  private async logged(line: string): Promise<void> {
    const end = Date.now() + logDelay;
    while (!this.text().includes(line)) {
      if (Date.now() > end) throw new MachineFailure('stuck', `the kernel's log lacks '${line}' after ${logDelay / 1000} s`);
      await setTimeout(5);
    }
  }
}
