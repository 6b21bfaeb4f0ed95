// QEMU's machine protocol (docs/interop/qmp-spec of QEMU): what a machine is told from outside.
import type { Socket } from 'node:net';
import { MachineFailure } from './machine-failure.js';
import { lines } from './processes.js';

interface Pending {
  readonly name: string;
  readonly done: (value: unknown) => void;
  readonly fail: (failure: MachineFailure) => void;
  readonly timer: NodeJS.Timeout;
}

interface Message {
  readonly QMP?: unknown;
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
}

export class QmpClient {
  private readonly pending: Pending[] = [];
  private closed = false;

  private constructor(
    private readonly socket: Socket,
    /** Milliseconds that an answer may take. */
    private readonly limit: number,
  ) {
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.closed = true;
      this.failAll((name) => new MachineFailure('exited', `QEMU ended during ${name}`));
    });
  }

  /** Waits for QEMU's greeting. `broken` is told where what comes is not the protocol. */
  static async open(socket: Socket, limit: number, broken: (failure: MachineFailure) => void): Promise<QmpClient> {
    const control = new QmpClient(socket, limit);
    await new Promise<void>((greeted) => {
      lines(socket, (line) => {
        const message = parse(line);
        if (message === undefined) {
          const failure = new MachineFailure('unreadable', `QEMU said what can't be read on its control socket: ${line.slice(0, 200)}`);
          broken(failure);
          control.failAll(() => failure);
        } else if (message.QMP !== undefined) greeted();
        else if ('return' in message || message.error) control.take(message.error, message.return);
      });
    });
    await control.command('qmp_capabilities');
    return control;
  }

  /** What QEMU answers. Rejects with a MachineFailure where it refuses, ends, or says nothing for too long. */
  command(name: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    return new Promise((done, fail) => {
      if (this.closed) return fail(new MachineFailure('exited', `QEMU ended before ${name}`));
      const late = (): void => fail(new MachineFailure('stuck', `QEMU did not answer ${name} for ${Math.round(this.limit / 1000)} s`));
      this.pending.push({ name, done, fail, timer: setTimeout(late, this.limit) });
      this.socket.write(`${JSON.stringify({ execute: name, arguments: parameters })}\n`);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  /** An answer: they come in the order of the commands. */
  private take(error: { readonly desc: string } | undefined, value: unknown): void {
    const next = this.pending.shift();
    if (!next) return;
    clearTimeout(next.timer);
    if (error) next.fail(new MachineFailure('exited', `QEMU: ${next.name}: ${error.desc}`));
    else next.done(value);
  }

  private failAll(failure: (name: string) => MachineFailure): void {
    for (const { name, fail, timer } of this.pending.splice(0)) {
      clearTimeout(timer);
      fail(failure(name));
    }
  }
}

/** Undefined for what is no object. */
function parse(line: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(line.trim() === '' ? '{}' : line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
