// Errors of the machine as they are told: by names that outlive a change of lines, with places that explain them.
import type { CodePlace, MetError, SimulationError } from '../../model/simulation.js';
import type { Scenario } from '../../model/scenario.js';
import { isModel } from '../code/model-files.js';
import { printSchedule } from '../explore/schedule.js';
import type { Taken } from '../explore/search.js';
import type { RawError } from '../machine/machine-state.js';
import type { MemoryBlock } from '../machine/memory-block.js';
import { historyOf } from './object-history.js';
import type { Recorded } from './record.js';
import { shortName } from '../machine/observe.js';
import type { Symbolizer } from './symbolizer.js';

/** Callers of the place of an error that are told with it. */
const shownCallers = 3;

export class ErrorWords {
  constructor(private readonly symbolizer: Symbolizer) {}

  /** What the error is about, by names that outlive a change of lines. */
  idOf(raw: RawError): string {
    const site = raw.stack.find(({ fn }) => !isModel(fn.file)) ?? raw.stack[0];
    const allocated = raw.kind === 'leak' && raw.block ? this.allocation(raw.block) : null;
    const about = raw.block ? shortName(raw.block) : raw.kind === 'wrong-result' ? raw.message : site ? this.symbolizer.textAt(site) : '';
    const more = raw.about === '' ? [] : [raw.about];
    return [raw.kind, allocated?.function ?? site?.fn.name ?? '', about, ...more].join('|');
  }

  /** The error in words; where its path was recorded, with the history of its object and the step at which it came up. */
  errorOf(raw: RawError, recorded: Recorded | null): SimulationError {
    const { symbolizer } = this;
    const related: SimulationError['related'][number][] = [];
    const allocated = raw.block && this.allocation(raw.block);
    const name = raw.block ? (recorded?.names.get(raw.block) ?? shortName(raw.block)) : '';
    if (allocated) related.push({ at: allocated, message: `${name} was allocated here` });
    const object = raw.block && recorded?.trace.objects.find((each) => each.name === name);
    if (object && recorded) related.push(...historyOf(object, recorded.trace));
    const message = raw.block && name !== '' ? raw.message.replaceAll(raw.block.name, name) : raw.message;
    const callers = raw.stack.filter(({ fn }) => !isModel(fn.file)).slice(1, 1 + shownCallers);
    for (const site of callers) {
      const at = symbolizer.of(site);
      related.push({ at, message: `called from ${at.function}()` });
    }
    const about = object ? { object: object.id } : {};
    const step = recorded?.recordedAt.get(raw);
    const told = step === undefined ? {} : { step };
    const assumed = raw.assumed.length > 0 ? { assumed: raw.assumed } : {};
    return { kind: raw.kind, id: this.idOf(raw), message, at: symbolizer.inTree(raw.stack), related, ...about, ...told, ...assumed };
  }

  metOf(raw: RawError, scenario: Scenario, { schedule, faults, preemptions }: Taken): MetError {
    return { error: this.errorOf(raw, null), scenario, faults: faults.length, preemptions, schedule: printSchedule(schedule) };
  }

  private allocation(block: MemoryBlock): CodePlace | null {
    return Array.isArray(block.site) ? this.symbolizer.inTree(block.site as RawError['stack']) : null;
  }
}
