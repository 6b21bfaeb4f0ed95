// What is put off: work, timers and callbacks of RCU.
import type { blocked, Awaited, Deferred, Value } from '../../kernel/intrinsics/machine.js';
import type { Core } from './core.js';
import type { Later } from './machine-state.js';
import { without, type Readers } from './readers.js';
import { blockSpacing } from './memory-block.js';
import { type SimulatedMemory } from './simulated-memory.js';
import { waitsFor } from './thread.js';

/** It waits until no thread is left, in any case. */
function isForRest({ when, models }: Later): boolean {
  return models || when === 'rest';
}

export class DeferredCalls {
  /** In the order in which they were put off. */
  laters: readonly Later[] = [];
  private readonly memory: SimulatedMemory;

  constructor(
    private readonly core: Core,
    private readonly readers: Readers,
  ) {
    this.memory = core.memory;
  }

  /** Other threads run, so that threads of their own do what is put off. */
  get amongThreads(): boolean {
    return this.core.others !== null;
  }

  later(when: Deferred['when'], fn: Value, argument: Value): void {
    const models = this.isModels(fn);
    if (!models && when !== 'rest') this.core.others?.deferred();
    else this.core.others?.changes('what is put off until no thread is left');
    const readers = when === 'grace-period' ? this.readers.now() : [];
    this.laters = [...this.laters, { when, fn, argument, readers, models }];
  }

  cancelLater(fn: Value, argument: Value): boolean {
    this.core.others?.deferred();
    const rest = this.laters.filter((each) => each.fn !== fn || each.argument !== argument);
    const found = rest.length < this.laters.length;
    this.laters = rest;
    return found;
  }

  /** Takes the first thing off that nothing holds back any more, nor a thread of its own does; of one kind, where that is asked for. */
  takeLater(when?: Deferred['when']): Later | undefined {
    const next = this.laters.find(
      (each) => each.readers.length === 0 && (isForRest(each) || !this.amongThreads) && (when === undefined || each.when === when),
    );
    if (next) this.laters = this.laters.filter((each) => each !== next);
    return next;
  }

  isDeferred(fn: Value, argument: Value): 'queued' | 'runs' | null {
    this.core.others?.deferred();
    if (this.laters.some((each) => each.fn === fn && each.argument === argument)) return 'queued';
    return this.runs({ fn, argument }) ? 'runs' : null;
  }

  private isModels(fn: Value): boolean {
    const block = this.memory.block(Math.floor(Number(fn) / blockSpacing));
    const found = block?.kind === 'function' ? this.core.image.functionOf(block) : '';
    return typeof found !== 'string' && found.model;
  }

  /**
   * What threads of its own may begin now, in the order in which it was put off. A piece of work is not done twice at the same
   * time. What the model itself puts off, such as giving back the memory of an inode, waits until no thread is left.
   */
  due(): readonly Later[] {
    return this.laters.filter((each) => each.readers.length === 0 && !isForRest(each) && !this.runs(each));
  }

  /** Whether a thread does that now. */
  private runs({ fn, argument }: Pick<Deferred, 'fn' | 'argument'>): boolean {
    return this.core.threads.some(({ deferred }) => deferred?.fn === fn && deferred.argument === argument);
  }

  /** Whether something is left of what is waited for. */
  isLeft({ call, queued }: Awaited): boolean {
    const awaited = ({ when, fn, argument }: Deferred): boolean =>
      call === 'callbacks of RCU' ? when === 'grace-period' : fn === call.fn && argument === call.argument;
    return (
      (queued && this.laters.some((each) => !isForRest(each) && awaited(each))) ||
      this.core.threads.some(({ deferred }) => deferred !== null && awaited(deferred))
    );
  }

  await(which: Awaited, what: string): typeof blocked | 0 {
    this.core.others?.deferred();
    const thread = this.core.running;
    thread.waiting = null;
    if (!this.amongThreads || !this.isLeft(which)) return 0;
    const own = thread.deferred;
    if (own !== null && which.call !== 'callbacks of RCU' && own.fn === which.call.fn && own.argument === which.call.argument) {
      this.core.report('deadlock', `${what} waits for the function that calls it`);
      return 0;
    }
    return waitsFor(thread, { kind: 'deferred', which });
  }

  /** A reader has left: what waited for it may be done. */
  left(reader: number): void {
    if (this.laters.length > 0) this.laters = this.laters.map((each) => ({ ...each, readers: without(each.readers, reader) }));
  }
}
