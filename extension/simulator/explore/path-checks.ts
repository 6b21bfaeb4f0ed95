// What is checked when operations come, when they end, and when everything is torn down.
import type { MissingAnswer } from '../../model/missing.js';
import type { Lacking } from '../../scenario/resolve.js';
import type { SimulatedMachine } from '../machine/simulated-machine.js';
import type { MemoryBlock } from '../machine/memory-block.js';
import { dangling, holderField, lostRoots, placeText, shortName, type Holding } from '../machine/observe.js';
import { unexpectedAnswer, unexpectedlyLeftOut } from './expected.js';
import { missingAnswer } from './missing.js';
import type { Operation, Script } from './script.js';

export class Checks {
  constructor(private readonly machine: SimulatedMachine) {}

  /** What an operation lacks as its turn comes; one that is left out does not answer what was expected of it. */
  turn(operation: Operation, lacking: readonly Lacking[], script: Script): MissingAnswer | null {
    const { machine } = this;
    const missing = missingAnswer(operation, lacking, script, machine);
    const wrong = missing?.instead === null && machine.choices.faults === 0 ? unexpectedlyLeftOut(operation, missing) : null;
    if (wrong !== null) machine.report('wrong-result', wrong, { goesOn: true });
    return missing;
  }

  ended(operation: Operation): void {
    const { machine } = this;
    const { core } = machine;
    const { answers, image } = core;
    const wrong = machine.choices.faults === 0 ? unexpectedAnswer(operation, answers[operation.index] ?? NaN) : null;
    if (wrong !== null) machine.report('wrong-result', wrong, { goesOn: true });
    const atRest = core.current === 0 && operation.index >= 0;
    // Nothing can have come to dangle where nothing was freed.
    const { freed } = core.memory;
    if (freed === (atRest ? core.looked.fields : core.looked.entries)) return;
    core.looked = { entries: freed, fields: atRest ? freed : core.looked.fields };
    for (const { holder, target } of dangling(machine, !atRest)) {
      if (!this.matters(holder, target)) continue;
      const where = placeText(holder, image, shortName);
      machine.report('dangling-reference', `${shortName(target)} is freed while ${where} still points to it`, {
        goesOn: true,
        block: target,
        about: holderField(holder, image),
      });
    }
  }

  /** Everything is torn down: what is alive has leaked. */
  finished(): void {
    const { machine } = this;
    if (machine.core.halted) return;
    for (const block of lostRoots(machine, new Set()))
      machine.report('leak', `${shortName(block)} is never freed`, { goesOn: true, block });
  }

  /**
   * An index hands out what it holds. A field may keep a pointer that nobody follows any more; it is held to be a reference
   * where its target is counted and everybody is at rest.
   */
  private matters({ block, key }: Holding, target: MemoryBlock): boolean {
    if (typeof key === 'string') return true;
    return block.kind === 'heap' && block.state === 'live' && this.machine.core.image.countOffset(target.type) !== undefined;
  }
}
