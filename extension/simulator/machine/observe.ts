// What is alive, who points to it, and what must not be at rest: leaks, and pointers to memory that is gone.
import type { Value } from '../../kernel/intrinsics/machine.js';
import { heldText, holderText, type HeldObject, type Holder } from '../../model/simulation.js';
import type { Image } from './image.js';
import { contentsOf } from './block-contents.js';
import type { SimulatedMachine } from './simulated-machine.js';
import { blockSpacing, type MemoryBlock } from './memory-block.js';

/** A cell that points to a block. */
export interface Holding {
  readonly block: MemoryBlock;
  readonly key: number | string;
}

/** Memory that C frees: heap blocks that are not freed. */
export function liveHeap(m: SimulatedMachine): MemoryBlock[] {
  return [...m.core.memory.all()].filter((block) => block.kind === 'heap' && block.state !== 'freed');
}

/** The block that a value points into; undefined for other values. */
export function pointee(m: SimulatedMachine, value: Value): MemoryBlock | undefined {
  if (typeof value !== 'number' || !(value >= blockSpacing)) return undefined;
  const block = m.core.memory.block(Math.floor(value / blockSpacing));
  return block && value <= block.base + block.size ? block : undefined;
}

/**
 * Every cell of live memory that points into one of the blocks, which are of the heap, or every entry of an index that does. Locals are
 * not among them.
 */
export function holdersOf(m: SimulatedMachine, wanted: ReadonlySet<MemoryBlock>, entriesOnly = false): Map<MemoryBlock, Holding[]> {
  const found = new Map<MemoryBlock, Holding[]>([...wanted].map((block) => [block, []]));
  for (const block of m.core.memory.all()) {
    if (block.kind === 'stack' || block.kind === 'string' || block.kind === 'function' || block.state === 'freed') continue;
    // Entries of indexes are what C doesn't see.
    if (block.hidden === null && (entriesOnly || block.count === 0)) continue;
    for (const { key, width, value } of contentsOf(block).pointers) {
      if (width !== 0 && (entriesOnly || width !== 8)) continue;
      const target = pointee(m, value);
      if (target && target !== block) found.get(target)?.push({ block, key });
    }
  }
  return found;
}

/** As a person says it: `fuse_inode.fb`, `entry 1 of fuse_conn.backing_files_map`. */
export function placeText(holder: Holding, image: Image, nameOf: (block: MemoryBlock) => string): string {
  return holderText(holderOf(holder, image, nameOf));
}

/** The field that holds, by the names of its types: `fuse_conn.backing_files_map` for any of its entries. */
export function holderField(holder: Holding, image: Image): string {
  const { block, key } = holder;
  const offset = typeof key === 'number' ? key : Number.parseInt(key, 10);
  return `${shortName(block)}.${image.layout.memberAt(block.type, offset)}`;
}

function holderOf({ block, key }: Holding, image: Image, nameOf: (block: MemoryBlock) => string): Holder {
  const where = (offset: number): string => {
    const field = typeof key === 'number' ? image.layout.nameAt(block.type, offset) : image.layout.memberAt(block.type, offset);
    return field === '' ? nameOf(block) : `${nameOf(block)}.${field}`;
  };
  if (typeof key === 'number') return { field: where(key), key: null };
  const colon = key.indexOf(':');
  return { field: where(Number(key.slice(0, colon))), key: key.slice(colon + 1) };
}

/** The value of an object's reference count, or null where it has none. */
export function countOf(block: MemoryBlock, image: Image): number | null {
  const offset = image.countOffset(block.type);
  if (offset === undefined) return null;
  const value = block.valueAt(offset);
  return typeof value === 'number' ? value : null;
}

/** The counted objects that are alive, with counts and holders; sorted. */
export function heldReferences(m: SimulatedMachine, image: Image): HeldObject[] {
  const counted = liveHeap(m).filter((block) => countOf(block, image) !== null);
  const found = holdersOf(m, new Set(counted));
  const held = counted.map((block) => {
    const holders = new Map<string, Holder>();
    for (const each of found.get(block) ?? []) {
      const holder = holderOf(each, image, shortName);
      holders.set(holderText(holder), holder);
    }
    const sorted = [...holders].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, holder]) => holder);
    return { type: shortName(block), count: countOf(block, image), waiting: block.state === 'waiting', holders: sorted };
  });
  return held
    .map((each) => ({ each, text: heldText(each) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ each }) => each);
}

/** Cells of live memory, or entries of indexes alone, that point into freed memory of the heap. */
export function dangling(m: SimulatedMachine, entriesOnly: boolean): { readonly holder: Holding; readonly target: MemoryBlock }[] {
  const freed = new Set([...m.core.memory.all()].filter((block) => block.kind === 'heap' && block.state === 'freed'));
  if (freed.size === 0) return [];
  const found: { holder: Holding; target: MemoryBlock }[] = [];
  for (const [target, holders] of holdersOf(m, freed, entriesOnly)) for (const holder of holders) found.push({ holder, target });
  return found;
}

/** Live heap blocks that no other of them points to: what was lost, without what it drags along. */
export function lostRoots(m: SimulatedMachine, ignored: ReadonlySet<string>): MemoryBlock[] {
  const lost = liveHeap(m).filter((block) => !ignored.has(block.name));
  const holders = holdersOf(m, new Set(lost));
  const roots = lost.filter(
    (block) => !(holders.get(block) ?? []).some((holder) => holder.block.kind === 'heap' && lost.includes(holder.block)),
  );
  return roots.length > 0 ? roots : lost;
}

/** `struct fuse_backing` is `fuse_backing`. */
export function shortName(block: MemoryBlock): string {
  return block.name.replace(/^(struct|union) /, '');
}
