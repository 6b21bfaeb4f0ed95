// The heap, what happens after a grace period, and the choices that a call leaves open.
import type { Allocation, Awaited, Deferred, Value } from '../../kernel/intrinsics/machine.js';
import { mayFree, zeroSize } from '../../kernel/intrinsics/slab.js';
import { MemoryMachine } from './machine-memory.js';
import { ChoiceNeeded, heapIds, type Later, type PendingFree } from './machine-state.js';
import { MemoryBlock, blockSpacing } from './simulated-memory.js';
import { countOffset } from '../trace/symbolizer.js';

/** It waits until no thread is left, in any case. */
function isForRest({ when, models }: Later): boolean {
  return models || when === 'rest';
}

export abstract class HeapMachine extends MemoryMachine {
  protected decided = 0;
  /** Fallible calls that may still fail on this path, and that have failed. */
  faultsAllowed = 0;
  faults = 0;
  frees: readonly PendingFree[] = [];
  laters: readonly Later[] = [];

  /** Told, while other threads run, of a thread that becomes a reader of RCU (`enters`), or that waits for those there are. */
  onReaders: ((thread: number, enters: boolean) => void) | null = null;

  /** The readers that something has to wait for which begins now. */
  protected readersNow(): number[] {
    for (const { id } of this.threads) if (id !== this.current) this.onReaders?.(id, false);
    return this.readers();
  }

  /** Threads inside rcu_read_lock(). */
  private readers(): number[] {
    return this.threads.filter((thread) => thread.readers > 0).map((thread) => thread.id);
  }

  /** Of the running thread, which may not come to use them before others have run. */
  get decisions(): number[] {
    return this.running.decisions;
  }

  set decisions(decisions: number[]) {
    this.running.decisions = decisions;
  }

  allocate(allocation: Allocation): number {
    return Number(this.access(() => this.newBlock(allocation)));
  }

  private newBlock(allocation: Allocation): number {
    const thread = this.running;
    const id = heapIds + thread.allocations * 8 + thread.id;
    thread.allocations++;
    const { bytes, name, zeroed, by } = allocation;
    // A cache is named after what comes from it.
    const type = allocation.type ?? this.image.recordNamed(name);
    const size = Math.min(Math.max(1, bytes), blockSpacing - 4096);
    if (bytes > size) this.assume('construct', `${bytes} bytes of ${name}`, `${size} bytes are enough`);
    const block = new MemoryBlock(id, 'heap', size, name, type, zeroed, by, null, this.stack());
    this.memory.add(block);
    return block.base;
  }

  bytesAt(address: Value): number | undefined {
    const found = this.memory.find(address, 0);
    return found instanceof MemoryBlock && found.kind === 'heap' && Number(address) === found.base ? found.size : undefined;
  }

  free(address: Value, options: { readonly by: string; readonly afterGracePeriod?: boolean }): void {
    if (address === 0 || address === zeroSize) return;
    const found = this.memory.find(address, 0);
    if (!(found instanceof MemoryBlock)) {
      if (found.block) this.memory.onAccess?.(found.block, 'life', 0, true);
      if (found.kind === 'use-after-free')
        this.report('double-free', `frees ${found.message}, which is freed already`, { block: found.block });
      else this.reportBad(found, 'frees');
      return;
    }
    if (found.kind !== 'heap') return this.report('bug', `frees ${found.name}, which was not allocated`, { block: found });
    if (Number(address) !== found.base) return this.report('bug', `frees an address inside ${found.name}`, { block: found });
    if (found.state === 'waiting') return this.report('double-free', `frees ${found.name}, which waits to be freed`, { block: found });
    if (!mayFree(options.by, found.by))
      return this.report('bug', `frees ${found.name} as ${options.by} memory, which is from ${found.by}`, { block: found });
    const offset = countOffset(found.type, this.image.layout);
    const count = offset === undefined ? 0 : Number(found.cells.get(offset) ?? 0);
    if (count > 1) this.report('refcount', `frees ${found.name} while its count is ${count}`, { goesOn: true, block: found });
    // To others a free is a write to all of it.
    this.memory.onAccess?.(found, 'life', 0, true);
    const readers = options.afterGracePeriod ? this.readersNow() : [];
    if (readers.length === 0) return this.memory.setState(found, 'freed');
    this.memory.setState(found, 'waiting');
    this.frees = [...this.frees, { block: found, readers }];
  }

  /** Told, while other threads run, before something is done to what is put off. */
  onDeferred: (() => void) | null = null;

  get amongThreads(): boolean {
    return this.onDeferred !== null;
  }

  later(when: Deferred['when'], fn: Value, argument: Value): void {
    const models = this.isModels(fn);
    if (!models && when !== 'rest') this.onDeferred?.();
    const readers = when === 'grace-period' ? this.readersNow() : [];
    this.laters = [...this.laters, { when, fn, argument, readers, models }];
  }

  cancelLater(fn: Value, argument: Value): boolean {
    this.onDeferred?.();
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
    this.onDeferred?.();
    if (this.laters.some((each) => each.fn === fn && each.argument === argument)) return 'queued';
    return this.runs({ fn, argument }) ? 'runs' : null;
  }

  private isModels(fn: Value): boolean {
    const block = this.memory.block(Math.floor(Number(fn) / blockSpacing));
    const found = block?.kind === 'function' ? this.image.functionOf(block) : '';
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
    return this.threads.some(({ deferred }) => deferred?.fn === fn && deferred.argument === argument);
  }

  /** Whether something is left of what is waited for. */
  protected isLeft({ call, queued }: Awaited): boolean {
    const awaited = ({ when, fn, argument }: Deferred): boolean =>
      call === 'callbacks of RCU' ? when === 'grace-period' : fn === call.fn && argument === call.argument;
    return (
      (queued && this.laters.some((each) => !isForRest(each) && awaited(each))) ||
      this.threads.some(({ deferred }) => deferred !== null && awaited(deferred))
    );
  }

  fails(name: string): boolean {
    const option = this.access(() => {
      this.running.fallible++;
      if (this.faults >= this.faultsAllowed || this.running.operation < 0) return 0;
      const decided = this.decide('fault', name, 2);
      if (decided === 1) this.faults++;
      return decided;
    });
    return option === 1;
  }

  choose(name: string, count: number): number {
    if (count <= 1) return 0;
    const option = this.access(() => {
      this.running.inputs++;
      return this.decide('input', name, count);
    });
    return Number(option);
  }

  private decide(kind: 'fault' | 'input', name: string, count: number): number {
    const option = this.decisions[this.decided++];
    if (option === undefined) throw new ChoiceNeeded(kind, name, count);
    this.recorder?.decided(kind, name, option);
    return option;
  }
}
