// Follows one schedule and tells what happens: the tree's own statements, what each changed, who holds what.
import type { Value } from '../../kernel/intrinsics/machine.js';
import type { Change, CodePlace, ObjectMoment, PerformedOperation, SimulationStep, SimulationTrace } from '../../model/simulation.js';
import type { MissingAnswer } from '../../model/missing.js';
import { isIndeterminate } from '../code/arithmetic.js';
import type { BitField } from '../code/layout.js';
import type { SimulatedMachine } from '../machine/simulated-machine.js';
import type { RawError, Recorder } from '../machine/machine-state.js';
import type { MemoryBlock } from '../machine/memory-block.js';
import { countOf, holdersOf, liveHeap, placeText, pointee, shortName } from '../machine/observe.js';
import type { Watcher } from '../explore/path.js';
import { Replay, type ReplayListener } from '../explore/replay.js';
import { isModel } from '../code/model-files.js';
import type { Symbolizer } from './symbolizer.js';
import type { Schedule } from '../explore/schedule.js';
import type { Operation, Script } from '../explore/script.js';
import { errnoText } from '../../scenario/errno.js';
import type { Lacking } from '../../scenario/resolve.js';
import { missingAnswer } from '../explore/missing.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface DraftObject {
  readonly id: number;
  readonly block: MemoryBlock;
  readonly name: string;
  readonly from: number;
  readonly moments: ObjectMoment[];
}

interface DraftStep extends Omit<Mutable<SimulationStep>, 'changes'> {
  changes: Mutable<Change>[];
}

/** The record of a path; `misfit` says where the schedule asked for what the tree does not offer. */
export interface Recorded {
  readonly trace: SimulationTrace;
  readonly errors: readonly RawError[];
  /** Index of the step that tells an error. */
  readonly recordedAt: ReadonlyMap<RawError, number>;
  readonly misfit: string | null;
  readonly names: ReadonlyMap<MemoryBlock, string>;
}

export interface Following {
  readonly machine: SimulatedMachine;
  readonly script: Script;
  readonly symbolizer: Symbolizer;
  readonly schedule: Schedule;
  /** Called as the turn of operations comes, as they end and at the end of the path, as when exploring. */
  readonly turn: (operation: Operation, lacking: readonly Lacking[]) => void;
  readonly ended: (operation: Operation) => void;
  readonly finished: (complete: boolean) => void;
}

/** The machine stands after setup. */
export function record(following: Following): Recorded {
  return new Recording(following).follow();
}

class Recording implements Recorder, Watcher, ReplayListener {
  private readonly steps: DraftStep[] = [];
  private readonly objects = new Map<MemoryBlock, DraftObject>();
  private readonly counters = new Map<string, number>();
  private readonly operations: (Mutable<PerformedOperation> | undefined)[];
  private readonly performed: number[] = [];
  private readonly missing: MissingAnswer[] = [];
  private changes: { block: MemoryBlock; key: number | string; before: Value | undefined; after: Value | undefined }[] = [];
  private pending: { at: CodePlace; depth: number; kind: SimulationStep['kind']; text: string; part: boolean } | null = null;
  /** The step that tells only what a statement has read so far. */
  private begun: DraftStep | null = null;
  private lastThread = 0;
  private recordedErrors = 0;
  /** What was seen when it was last looked around, and the state of the memory then. */
  private looked: {
    readonly holding: number;
    readonly live: readonly MemoryBlock[];
    readonly held: ReadonlyMap<MemoryBlock, readonly string[]> | null;
  } = { holding: -1, live: [], held: null };
  private readonly recordedAt = new Map<RawError, number>();
  private teardown: number | null = null;

  constructor(private readonly f: Following) {
    this.operations = f.script.operations.map(() => undefined);
  }

  follow(): Recorded {
    const { machine, script, schedule } = this.f;
    const { core } = machine;
    core.recorder = this;
    core.memory.onChange = (block, key, before, after) => {
      if (block.kind !== 'stack') this.changes.push({ block, key, before, after });
    };
    this.lookAround();
    let misfit: string | null;
    try {
      misfit = new Replay(machine, script, schedule, this, this).follow();
    } finally {
      core.recorder = null;
      core.memory.onChange = null;
    }
    this.recordErrors();
    return {
      trace: this.trace(),
      errors: core.errors,
      recordedAt: this.recordedAt,
      misfit,
      names: new Map([...this.objects].map(([block, { name }]) => [block, name])),
    };
  }

  ended(operation: Operation): void {
    this.f.ended(operation);
    this.recordErrors();
  }

  finished(complete: boolean): void {
    this.f.finished(complete);
  }

  // ---- steps -----------------------------------------------------------------------------------------------------

  began(operation: Operation): void {
    const { machine } = this.f;
    if (operation === this.f.script.teardown) this.teardown = this.steps.length;
    if (operation.index < 0) return;
    this.performed.push(operation.index);
    const { text, actor, line } = operation;
    this.operations[operation.index] = { text, actor, thread: machine.core.current, line, answer: null };
    this.add({
      thread: machine.core.current,
      kind: 'operation',
      operation: operation.index,
      depth: 0,
      at: null,
      text: `${actor}: ${text}`,
      changes: [],
    });
  }

  turn(operation: Operation, lacking: readonly Lacking[]): void {
    const { machine, script } = this.f;
    const missing = missingAnswer(operation, lacking, script, machine);
    if (missing) this.missing.push(missing);
    this.f.turn(operation, lacking);
    this.recordErrors();
  }

  answered(operation: Operation): void {
    const { machine } = this.f;
    const told = this.operations[operation.index];
    if (!told) return;
    told.answer = errnoText(machine.core.answers[operation.index] ?? NaN);
    this.add({
      thread: machine.core.current,
      kind: 'answer',
      operation: operation.index,
      depth: 0,
      at: null,
      text: `${operation.text} = ${told.answer}`,
      changes: [],
    });
  }

  before(): void {
    const { machine, symbolizer } = this.f;
    const thread = machine.core.running;
    if (thread.id !== this.lastThread) {
      this.lastThread = thread.id;
      if (machine.core.threads.length > 1 && thread.id !== 0) this.add({ ...this.head('switch'), text: `${thread.name} runs` });
    }
    this.changes = [];
    this.pending = null;
    const frame = thread.top;
    if (!frame || isModel(frame.fn.file)) return;
    const info = frame.fn.info[frame.pc];
    if (!info || info.kind === 'other') return;
    const at = symbolizer.of({ fn: frame.fn, pc: frame.pc });
    const depth = thread.frames.filter((each) => !isModel(each.fn.file)).length;
    const kind = info.kind === 'assign' ? 'statement' : info.kind;
    const { file } = frame.fn;
    const text = info.part === null ? symbolizer.text(file, info.span) : `reads ${symbolizer.text(file, info.part)}`;
    this.pending = { at, depth, kind, text, part: info.part !== null };
  }

  after(): void {
    this.noteStep();
    this.recordErrors();
  }

  private noteStep(): void {
    const changes = this.takeChanges();
    const { pending } = this;
    const last = this.steps[this.steps.length - 1];
    if (!pending) {
      // What the model does is part of the call of the tree that led there; what drivers do by themselves is no news.
      if (changes.length > 0 && this.inTree()) this.mergeChanges(last, changes);
    } else if (
      last?.at &&
      last.thread === this.f.machine.core.current &&
      last.at.line === pending.at.line &&
      last.at.function === pending.at.function &&
      last.depth === pending.depth &&
      mergeable(last.kind, pending.kind)
    ) {
      this.mergeChanges(last, changes);
      if (last === this.begun || (!pending.part && pending.text.length > last.text.length)) last.text = pending.text;
      if (pending.kind !== 'statement') last.kind = pending.kind;
      if (!pending.part) this.begun = null;
    } else {
      this.add({ ...this.head(pending.kind), depth: pending.depth, at: pending.at, text: pending.text, changes });
      this.begun = pending.part ? (this.steps.at(-1) ?? null) : null;
    }
    if (changes.length > 0 || pending?.kind === 'return' || pending?.kind === 'statement' || pending?.kind === 'call') this.lookAround();
  }

  private inTree(): boolean {
    return this.f.machine.core.running.frames.some((frame) => !frame.fn.model);
  }

  private mergeChanges(step: DraftStep | undefined, changes: readonly Mutable<Change>[]): void {
    if (!step) return;
    for (const change of changes) {
      const same = step.changes.find((each) => each.object === change.object && each.field === change.field);
      if (same) same.after = change.after;
      else step.changes.push(change);
    }
    step.changes = step.changes.filter((each) => each.before !== each.after);
  }

  print(text: string): void {
    const { machine } = this.f;
    this.add({ ...this.head('print'), text: machine.core.halted ? text : text.trimEnd() });
  }

  decided(kind: 'fault' | 'input', name: string, option: number): void {
    if (kind === 'fault') {
      if (option === 1) this.add({ ...this.head('fault'), text: `${name}() fails` });
    } else this.add({ ...this.head('input'), text: `${name} is ${option}` });
  }

  branched(taken: boolean): void {
    if (this.pending) this.pending.text = `${this.pending.text} ${taken ? 'is true' : 'is false'}`;
  }

  pointer(address: Value): string {
    return this.shown(address, null);
  }

  private head(kind: SimulationStep['kind']): DraftStep {
    const { machine, symbolizer } = this.f;
    const thread = machine.core.running;
    const stack = machine.core.stack();
    const at = kind === 'switch' ? null : symbolizer.inTree(stack.filter(({ fn }) => !isModel(fn.file)));
    return {
      thread: thread.id,
      kind,
      operation: Math.max(-1, thread.operation),
      depth: thread.frames.filter((each) => !isModel(each.fn.file)).length,
      at,
      text: '',
      changes: [],
    };
  }

  private add(step: DraftStep): void {
    this.steps.push(step);
  }

  /** Errors that came up since the last call. */
  private recordErrors(): void {
    const { symbolizer, machine } = this.f;
    for (const error of machine.core.errors.slice(this.recordedErrors)) {
      const at = symbolizer.inTree(error.stack);
      const kind = error.kind === 'warning' || error.kind === 'refcount' ? 'warning' : 'error';
      this.recordedAt.set(error, this.steps.length);
      this.add({
        thread: error.thread,
        kind,
        operation: Math.max(-1, machine.core.running.operation),
        depth: 0,
        at,
        text: this.named(error),
        changes: [],
      });
    }
    this.recordedErrors = machine.core.errors.length;
  }

  /** The message with the object's name in this run. */
  private named(error: RawError): string {
    const name = error.block && this.objects.get(error.block)?.name;
    return error.block && name ? error.message.replaceAll(error.block.name, name) : error.message;
  }

  // ---- objects ---------------------------------------------------------------------------------------------------

  private takeChanges(): Mutable<Change>[] {
    const { image } = this.f.machine.core;
    const changes = this.changes.flatMap(({ block, key, before, after }): Mutable<Change>[] => {
      const fields = typeof key === 'number' ? image.layout.bitFieldsAt(block.type, key) : [];
      if (fields.length > 0) {
        const object = this.object(block).id;
        return fields.map(([field, bits]) => ({
          object,
          field,
          before: bitsText(before, bits, block),
          after: bitsText(after, bits, block),
        }));
      }
      const field =
        typeof key === 'number'
          ? image.layout.nameAt(block.type, key)
          : placeText({ block, key }, image, () => '')
              .replace(/ of \.?/, ' of ')
              .replace(/ of $/, '');
      // What is narrower than a pointer is none, whatever its number.
      const narrow = typeof key === 'number' && block.widthAt(key) !== 8;
      const shown = (value: Value | undefined): string =>
        narrow && value !== undefined && !isIndeterminate(value) ? numberText(value) : this.shown(value, block);
      return [{ object: this.object(block).id, field, before: shown(before), after: shown(after) }];
    });
    this.changes = [];
    const merged: Mutable<Change>[] = [];
    for (const change of changes) {
      const same = merged.find((each) => each.object === change.object && each.field === change.field);
      if (same) same.after = change.after;
      else merged.push(change);
    }
    return merged.filter((each) => each.before !== each.after);
  }

  private object(block: MemoryBlock): DraftObject {
    const known = this.objects.get(block);
    if (known) return known;
    const type = shortName(block);
    const number = (this.counters.get(type) ?? 0) + 1;
    this.counters.set(type, number);
    const name = block.kind === 'global' ? type : `${type} ${number}`;
    const made: DraftObject = { id: this.objects.size, block, name, from: Math.max(0, this.steps.length - 1), moments: [] };
    if (block.kind === 'heap' && block.state === 'live') made.moments.push({ step: made.from, state: 'live', count: null, holders: [] });
    this.objects.set(block, made);
    return made;
  }

  private shown(value: Value | undefined, block: MemoryBlock | null): string {
    if (value === undefined) return block?.zeroed ? '0' : 'indeterminate';
    if (isIndeterminate(value)) return 'indeterminate';
    const target = pointee(this.f.machine, value);
    if (!target && block === null && value === 0) return 'NULL';
    if (!target) return numberText(value);
    if (target.kind === 'function') return `${target.name}()`;
    if (target.kind === 'string') return target.name;
    const offset = Number(value) - target.base;
    const name = target.kind === 'stack' ? target.name : this.object(target).name;
    const field = offset === 0 ? '' : this.f.machine.core.image.layout.nameAt(target.type, offset);
    return field === '' ? name : `&${name}.${field}`;
  }

  /** Notes what changed for the counted objects: count, state, who points to them. */
  private lookAround(): void {
    const held = this.holders();
    const locals = this.locals(held);
    for (const [block, names] of held) this.moment(block, [...new Set([...names, ...(locals.get(block) ?? [])])].sort());
    for (const { block, moments } of this.objects.values())
      if (block.kind === 'heap' && block.state === 'freed' && moments.at(-1)?.state !== 'freed') this.moment(block, []);
  }

  /** Who points to each counted object from memory; worked out anew where that may have changed. */
  private holders(): ReadonlyMap<MemoryBlock, readonly string[]> {
    const { machine } = this.f;
    const { image } = machine.core;
    const { holding } = machine.core.memory;
    if (holding !== this.looked.holding) this.looked = { holding, live: liveHeap(machine), held: null };
    const counted = this.looked.live.filter((block) => countOf(block, image) !== null);
    // Which objects are counted changes with their counts.
    if (this.looked.held?.size !== counted.length) {
      const holders = holdersOf(machine, new Set(counted));
      const nameOf = (block: MemoryBlock): string => this.object(block).name;
      const named = counted.map((block): [MemoryBlock, string[]] => {
        const names = (holders.get(block) ?? []).map((holder) => placeText(holder, image, nameOf));
        this.object(block);
        return [block, names];
      });
      this.looked = { ...this.looked, held: new Map(named) };
    }
    return this.looked.held ?? new Map();
  }

  private moment(block: MemoryBlock, holders: readonly string[]): void {
    const { moments } = this.object(block);
    const state = block.state === 'waiting' ? 'waiting for a grace period' : block.state;
    const count = countOf(block, this.f.machine.core.image);
    const last = moments.at(-1);
    const step = Math.max(0, this.steps.length - 1);
    if (last?.state === state && last.count === count && last.holders.join() === holders.join()) return;
    const outside = this.inTree() ? {} : { outside: true as const };
    // What it was made as is no state of its own.
    const blank = last?.count === null && last.holders.length === 0;
    if (last?.step === step && (blank || last.outside === outside.outside)) moments.pop();
    moments.push({ step, state, count, holders, ...outside });
  }

  /** Who points to the objects from the slots of running calls of the tree. */
  private locals(objects: ReadonlyMap<MemoryBlock, unknown>): ReadonlyMap<MemoryBlock, readonly string[]> {
    const { machine } = this.f;
    const found = new Map<MemoryBlock, string[]>();
    for (const thread of machine.core.threads)
      for (const { fn, slots } of thread.frames) {
        if (fn.model) continue;
        slots.forEach((value, at) => {
          const variable = fn.graph.variables[at];
          const block = variable && variable.kind !== 'temporary' ? pointee(machine, value) : undefined;
          if (!variable || !block || !objects.has(block)) return;
          const name = `${variable.name} in ${fn.name}()${machine.core.threads.length > 1 ? ` of ${thread.name}` : ''}`;
          found.set(block, [...(found.get(block) ?? []), name]);
        });
      }
    return found;
  }

  private trace(): SimulationTrace {
    const order = new Map(this.performed.map((index, at) => [index, at]));
    return {
      threads: this.f.script.threads.map(({ name }) => name),
      operations: this.performed.flatMap((index) => this.operations[index] ?? []),
      steps: this.steps.map((step) => ({ ...step, operation: order.get(step.operation) ?? -1 })),
      objects: [...this.objects.values()].map(({ id, block, name, from, moments }) => ({
        id,
        type: shortName(block),
        name,
        from,
        moments,
      })),
      ...(this.teardown === null ? {} : { teardown: this.teardown }),
      ...(this.missing.length === 0 ? {} : { missing: this.missing }),
    };
  }
}

function numberText(value: Value): string {
  return typeof value === 'number' && value < 0 && value >= -4095 ? errnoText(value) : String(value);
}

/** A bit-field's value in its unit; its sign is not told apart. */
function bitsText(unit: Value | undefined, { width, shift }: BitField, block: MemoryBlock): string {
  if (unit === undefined || isIndeterminate(unit)) return unit === undefined && block.zeroed ? '0' : 'indeterminate';
  return String(BigInt.asUintN(width, BigInt(unit) >> BigInt(shift)));
}

function mergeable(a: SimulationStep['kind'], b: SimulationStep['kind']): boolean {
  const plain = ['statement', 'call', 'branch'];
  return plain.includes(a) && (plain.includes(b) || b === 'return');
}
