// The heap: what was allocated, and what waits for a grace period to be freed.
import type { Allocation, Value } from '../../kernel/intrinsics/machine.js';
import { mayFree, zeroSize } from '../../kernel/intrinsics/slab.js';
import type { Accesses } from './memory-accesses.js';
import type { Core } from './core.js';
import { heapIds, threadLimit, type PendingFree } from './machine-state.js';
import { without, type Readers } from './readers.js';
import { MemoryBlock, blockSpacing } from './memory-block.js';
import { type SimulatedMemory } from './simulated-memory.js';

export class Heap {
  /** Frees that wait for readers. */
  pending: readonly PendingFree[] = [];
  private readonly memory: SimulatedMemory;

  constructor(
    private readonly core: Core,
    private readonly accesses: Accesses,
    private readonly readers: Readers,
  ) {
    this.memory = core.memory;
  }

  allocate(allocation: Allocation): number {
    return Number(this.core.pieces.access(() => this.newBlock(allocation)));
  }

  private newBlock(allocation: Allocation): number {
    const thread = this.core.running;
    const id = heapIds + thread.allocations * threadLimit + thread.id;
    thread.allocations++;
    const { bytes, name, zeroed, by } = allocation;
    // A cache is named after what comes from it.
    const type = allocation.type ?? this.core.image.recordNamed(name);
    const size = Math.min(Math.max(1, bytes), blockSpacing - 4096);
    if (bytes > size) this.core.assume('construct', `${bytes} bytes of ${name}`, `${size} bytes are enough`);
    const block = new MemoryBlock(id, 'heap', size, name, type, zeroed, by, null, this.core.stack());
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
      if (found.block) this.memory.observer?.life(found.block, true);
      if (found.kind === 'use-after-free')
        this.core.report('double-free', `frees ${found.message}, which is freed already`, { block: found.block });
      else this.accesses.reportBad(found, 'frees');
      return;
    }
    if (found.kind !== 'heap') return this.core.report('bug', `frees ${found.name}, which was not allocated`, { block: found });
    if (Number(address) !== found.base) return this.core.report('bug', `frees an address inside ${found.name}`, { block: found });
    if (found.state === 'waiting') return this.core.report('double-free', `frees ${found.name}, which waits to be freed`, { block: found });
    if (!mayFree(options.by, found.by))
      return this.core.report('bug', `frees ${found.name} as ${options.by} memory, which is from ${found.by}`, { block: found });
    const offset = this.core.image.countOffset(found.type);
    const count = offset === undefined ? 0 : Number(found.valueAt(offset) ?? 0);
    if (count > 1) this.core.report('refcount', `frees ${found.name} while its count is ${count}`, { goesOn: true, block: found });
    // To others a free is a write to all of it.
    this.memory.observer?.life(found, true);
    const readers = options.afterGracePeriod ? this.readers.now() : [];
    if (readers.length === 0) return this.memory.setState(found, 'freed');
    this.memory.setState(found, 'waiting');
    this.pending = [...this.pending, { block: found, readers }];
  }

  /** A reader has left: what waited for it alone is freed. */
  left(reader: number): void {
    if (this.pending.length === 0) return;
    const pending = this.pending.map(({ block, readers }) => ({ block, readers: without(readers, reader) }));
    for (const { block, readers } of pending)
      if (readers.length === 0) {
        this.memory.observer?.life(block, true);
        this.memory.setState(block, 'freed');
      }
    this.pending = pending.filter(({ readers }) => readers.length > 0);
  }
}
