// Functions of one C file called on the modelled kernel: what is asked, and what came of it.
import type { SimulatedFault, SimulationResult } from './simulation.js';

export interface CallRequest {
  /** As the user named it; places are told by this name. */
  readonly file: string;
  readonly text: string;
  /** One is called by itself; several run at the same time, in a thread each. */
  readonly functions: readonly string[];
  /** Whole numbers in decimal, as a number of JavaScript does not hold all of 64 bits. Of a single function only. */
  readonly arguments: readonly string[];
}

export interface CallAnswer {
  /** A signed number in decimal; null where the function returns nothing, or a value that was never set. */
  readonly value: string | null;
  /** The calls that failed on the way there, in order. */
  readonly faults: readonly SimulatedFault[];
}

export interface Called {
  readonly request: CallRequest;
  /** Its operations are the calls. Never `not run`. */
  readonly result: SimulationResult;
  /** Of a single function: each different one by the faults on the way, those without faults first. Empty for several. */
  readonly answers: readonly CallAnswer[];
  /** The function is `void`. */
  readonly nothing: boolean;
}

/** What is called, as C writes it: `add(1,2)`. */
export function callText(request: CallRequest, name: string): string {
  return `${name}(${request.arguments.join(',')})`;
}
