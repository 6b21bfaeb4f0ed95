// Starts a machine, tells its own process id and waits, until it is killed: `node scripts/run-ts.mjs test/executor/start-machine.ts LOG`.
import { QemuMachine } from '../../extension/executor/qemu-machine.js';

const kind = { accelerator: 'tcg', cpus: 1, counted: true } as const;
const machine = await QemuMachine.start({ kind, bzImage: 'bzImage', initrd: 'initrd', log: process.argv[2] ?? '' });
console.log(process.pid);
await machine.receive();
