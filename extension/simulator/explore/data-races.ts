// Data races of a run by the rule that KCSAN has of the kernel's memory model (tools/memory-model/Documentation/explanation.txt,
// "PLAIN ACCESSES AND DATA RACES"): two threads use the same bytes, nothing orders them, one writes and one is a plain access.
// Two threads that stand before their accesses at the same time are ordered by nothing.
import type { DataRace, RacingAccess } from '../../model/simulation.js';
import type { Image } from '../machine/image.js';
import type { Stack } from '../machine/machine-state.js';
import { isModel } from '../code/model-files.js';
import { shortName } from '../machine/observe.js';
import type { Symbolizer } from '../trace/symbolizer.js';
import type { Standing, Thread } from '../machine/thread.js';

export class DataRaces {
  private readonly met = new Set<string>();
  private readonly races = new Map<string, DataRace>();

  /** `tell` is told of each that is new. */
  constructor(
    private readonly image: Image,
    private readonly symbolizer: Symbolizer,
    private readonly tell: ((key: string, race: DataRace) => void) | null,
  ) {}

  /** Two threads that stand before uses of the same bytes, of which one writes and one is plain. */
  note(one: Thread, other: Thread): void {
    if (one.standing === null || other.standing === null) return;
    const key = [one, other].map(({ top }) => `${top?.fn.id ?? 0}.${top?.pc ?? 0}`).join();
    if (this.met.has(key)) return;
    this.met.add(key);
    const accesses = [this.access(one, one.standing), this.access(other, other.standing)].sort(byPlace);
    const [first, second] = accesses;
    if (!first || !second) return;
    const { block, word, bytes } = one.standing;
    const common = bytes & other.standing.bytes;
    const at = word * 8 + (31 - Math.clz32(common & -common));
    const field = this.image.layout.nameAt(block.type, at);
    const object = field === '' ? shortName(block) : `${shortName(block)}.${field}`;
    const race: DataRace = { object, accesses: [first, second] };
    const places = JSON.stringify([object, ...accesses.map(({ at: place, write }) => [place?.file, place?.line, write])]);
    this.races.set(places, race);
    this.tell?.(places, race);
  }

  /** Another thread has told of one. */
  add(key: string, race: DataRace): void {
    this.races.set(key, race);
  }

  /** Each pair of places once, by place. */
  all(): readonly DataRace[] {
    return [...this.races.values()].sort((a, b) => byPlace(a.accesses[0], b.accesses[0]) || byPlace(a.accesses[1], b.accesses[1]));
  }

  private access({ frames }: Thread, { write, plain }: Standing): RacingAccess {
    const stack: Stack = frames.map(({ fn, pc }) => ({ fn, pc })).reverse();
    const own = stack.filter(({ fn }) => !isModel(fn.file));
    return { at: this.symbolizer.inTree(own.length > 0 ? own : stack), write, plain };
  }
}

/** Reads before writes at the same place, and plain ones before others. */
function byPlace(one: RacingAccess, other: RacingAccess): number {
  const [a, b] = [one.at, other.at];
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || Number(one.write) - Number(other.write) || Number(other.plain) - Number(one.plain);
}
