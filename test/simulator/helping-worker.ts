// A thread of a test that helps to search scenarios of one program.
import { parentPort, workerData } from 'node:worker_threads';
import type { Scenario } from '../../extension/model/scenario.js';
import { SharedSearch, type RunOptions, type SharedSearchMemory } from '../../extension/simulator/simulator.js';
import { createParser } from '../support/parser.js';
import { loaderOf, simulatorOf, type Drivers } from './small.js';

export interface HelpingData {
  readonly text: string;
  readonly drivers: Drivers;
}

export interface HelpWanted {
  readonly scenario: Scenario;
  readonly options: Pick<RunOptions, 'bounds' | 'outcomes'>;
  readonly memory: SharedSearchMemory;
}

const { text, drivers } = workerData as HelpingData;
const simulator = simulatorOf(loaderOf(await createParser()), text, drivers);
parentPort?.on('message', ({ scenario, options, memory }: HelpWanted) => {
  const shared = new SharedSearch(memory);
  try {
    simulator.help(scenario, options, shared);
  } catch (error) {
    parentPort?.postMessage(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
});
parentPort?.postMessage('ready');
