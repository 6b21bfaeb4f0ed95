// Sockets that QEMU connects to.
import { mkdtempSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MachineFailure } from './machine-failure.js';

/** A new folder for sockets, whose names have 107 bytes at most (unix(7)). */
export function socketFolder(): string {
  const parent = tmpdir();
  if (Buffer.byteLength(parent) > 80)
    throw new MachineFailure('not started', `${parent} is too long a name for sockets; set TMPDIR to another folder`);
  return mkdtempSync(join(parent, 'guest-'));
}

/** A socket that one will connect to. */
export function listening(path: string): { readonly server: Server; readonly connected: Promise<Socket> } {
  const server = createServer();
  const connected = new Promise<Socket>((done, fail) => {
    server.once('connection', done);
    server.once('error', ({ message }) => fail(new MachineFailure('not started', `${path} can't be made: ${message}`)));
  });
  server.listen(path);
  return { server, connected };
}
