// Which failures of the simulator are the one that a kernel was told to have: those of the same call of the tree.
import type { KernelFault, KernelFrame } from '../model/execution.js';
import type { SimulatedFault, SimulatedOutcome } from '../model/simulation.js';
import { isModel } from '../simulator/code/model-files.js';

/** Whether anything failed at all: an operation has fewer points than were asked for. */
export function hasFailed(fault: KernelFault | null): fault is KernelFault {
  return fault !== null && fault.name !== '';
}

/**
 * The outcomes in which nothing but the same call of the same operation fails. The same call: that of the kernel's innermost
 * frame in the subsystem's folder, by function and line; where no code of the subsystem runs, a function of the kernel that
 * the simulator lets fail as a whole, by its name.
 */
export function outcomesUnder(fault: KernelFault | null, outcomes: readonly SimulatedOutcome[], folder: string): SimulatedOutcome[] {
  if (!hasFailed(fault)) return outcomes.filter(({ faults }) => faults.length === 0);
  const same = isSame(fault, folder);
  return outcomes.filter(({ faults: [first, ...others] }) => first !== undefined && others.length === 0 && same(first));
}

function isSame(fault: KernelFault, folder: string): (simulated: SimulatedFault) => boolean {
  const frames = fault.frames.filter(({ sure }) => sure);
  const inner = frames.find((frame) => isIn(frame, folder));
  const names = new Set(frames.map((frame) => frame.function));
  return ({ operation, name, at, lastLine }) => {
    if (operation !== fault.operation) return false;
    if (isModel(at.file)) return inner === undefined && names.has(name);
    return inner?.function === at.function && inner.at?.file === at.file && inner.at.line >= at.line && inner.at.line <= lastLine;
  };
}

function isIn({ at }: KernelFrame, folder: string): boolean {
  return at?.file.startsWith(`${folder}/`) === true;
}

/** Where the kernel failed, for people: `failslab at fs/fuse/backing.c:116 in fuse_backing_open()`. */
export function faultPlace({ name, frames }: KernelFault, folder: string): string {
  const known = frames.filter(({ sure }) => sure);
  const inner = known.find((frame) => isIn(frame, folder));
  if (inner?.at) return `${name} at ${inner.at.file}:${inner.at.line} in ${inner.function}()`;
  const callers = known.slice(0, 6).map((frame) => `${frame.function}()`);
  return callers.length === 0 ? `${name}, called from where is not known` : `${name} in ${callers.join(', called from ')}`;
}
