// The worker thread: all parsing and checking of the editor happens here. The host holds no parser.
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { AnalysisCache } from '../../runner/analysis-cache.js';
import type { HostMessage, WorkerMessage, WorkerSetup } from '../protocol/messages.js';
import { TaskHandler } from './task-handler.js';
import { TaskQueue } from './task-queue.js';

if (parentPort === null) throw new Error('analysis-worker.ts runs in a worker thread only');
const port = parentPort;

/** All of them lie beside the bundle. */
const asset = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const installation = { runtime: asset('web-tree-sitter.wasm'), grammar: asset('kernel-c.wasm'), model: asset('runtime') };
const { cache } = workerData as WorkerSetup;
const tool = [installation.runtime, installation.grammar, fileURLToPath(import.meta.url)];
const handler = new TaskHandler(installation, cache === null ? null : new AnalysisCache(cache, tool));

const send = (message: WorkerMessage): void => port.postMessage(message);
const queue = new TaskQueue({
  note(note) {
    if (!handler.note(note) && 'path' in note) send({ t: 'resync', path: note.path });
  },
  run: (task, stopIfUnwanted, onProgress) => handler.run(task, stopIfUnwanted, onProgress),
  send,
  poll: () => receiveMessageOnPort(port)?.message as HostMessage | undefined,
});
port.on('message', (message: HostMessage) => queue.push(message));
