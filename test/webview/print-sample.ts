// Prints the sample run as the panel keeps it, for tests that are no TypeScript: print-sample.ts ROOT
import type { StoredRun } from '../../extension/editor/host/simulation/run-store.js';
import { sampleRun } from './sample-result.js';

const stored: StoredRun = {
  run: sampleRun(),
  root: process.argv[2] ?? '',
  texts: {
    base: {},
    run: { 'fs/fuse/passthrough.c': `/* as the patch has it${', on a line that is wider than an editor'.repeat(9)} */\n`.repeat(400) },
  },
};
console.log(JSON.stringify(stored));
