// Memory against an array of bytes: what is read, what is undone, and that its hash says when two are the same.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { convert, normal } from '../../extension/simulator/code/arithmetic.js';
import { MemoryBlock } from '../../extension/simulator/machine/memory-block.js';
import { SimulatedMemory } from '../../extension/simulator/machine/simulated-memory.js';

const size = 32;

type Action =
  | { readonly kind: 'write'; readonly block: number; readonly at: number; readonly width: number; readonly value: bigint }
  | { readonly kind: 'fill'; readonly block: number; readonly at: number; readonly bytes: number; readonly byte: number }
  | {
      readonly kind: 'copy';
      readonly to: number;
      readonly toAt: number;
      readonly from: number;
      readonly fromAt: number;
      readonly bytes: number;
    }
  | { readonly kind: 'hide'; readonly block: number; readonly at: number; readonly value: number | undefined }
  | { readonly kind: 'drop'; readonly block: number; readonly at: number }
  | { readonly kind: 'free'; readonly block: number };

const block = fc.nat(1);
const at = fc.nat(size - 1);
const value = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.bigInt({ min: 0n, max: 3n }));
const write: fc.Arbitrary<Action> = fc
  .record({ kind: fc.constant('write' as const), block, at, width: fc.constantFrom(1, 2, 4, 8, 3, 5, 6, 7), value })
  .filter((each) => each.at + each.width <= size);
const bytes = fc.nat(size);
const writes: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: write },
  fc
    .record({ kind: fc.constant('fill' as const), block, at, bytes, byte: fc.constantFrom(0, 0, 1, 255) })
    .filter((each) => each.at + each.bytes <= size),
  fc
    .record({ kind: fc.constant('copy' as const), to: block, toAt: at, from: block, fromAt: at, bytes })
    .filter((each) => each.toAt + each.bytes <= size && each.fromAt + each.bytes <= size),
);
const anything: fc.Arbitrary<Action> = fc.oneof(
  { weight: 8, arbitrary: writes },
  fc.record({ kind: fc.constant('hide' as const), block, at, value: fc.option(fc.nat(3), { nil: undefined }) }),
  fc.record({ kind: fc.constant('drop' as const), block, at }),
  fc.record({ kind: fc.constant('free' as const), block }),
);

class Subject {
  readonly memory = new SimulatedMemory();
  readonly blocks: readonly MemoryBlock[];

  constructor(zeroed: readonly boolean[]) {
    this.blocks = zeroed.map((each, id) => new MemoryBlock(id + 1, 'heap', size, `block ${id}`, null, each, 'kmalloc', null, null));
    for (const each of this.blocks) this.memory.add(each);
  }

  block(index: number): MemoryBlock {
    const found = this.blocks[index];
    if (!found) throw new Error('no such block');
    return found;
  }

  do(action: Action): void {
    const { memory } = this;
    switch (action.kind) {
      case 'write':
        memory.write(this.block(action.block), action.at, action.width, normal(action.value & (2n ** BigInt(8 * action.width) - 1n)));
        break;
      case 'fill':
        memory.fill(this.block(action.block), action.at, action.byte, action.bytes);
        break;
      case 'copy':
        memory.copy(this.block(action.to), action.toAt, this.block(action.from), action.fromAt, action.bytes);
        break;
      case 'hide':
        memory.setHidden(this.block(action.block), action.at, 'lock', action.value);
        break;
      case 'drop':
        memory.drop(this.block(action.block), action.at);
        break;
      case 'free':
        memory.setState(this.block(action.block), 'freed');
    }
  }

  /** Everything that there is. */
  cells(): string {
    return JSON.stringify(
      this.blocks.map((each) => {
        const cells: [string, string, number][] = [...(each.hidden ?? [])].map(([key, value]) => [key, String(value), 0]);
        for (let at = each.nextCell(0); at >= 0; at = each.nextCell(at + 1))
          cells.push([String(at), String(each.valueAt(at)), each.widthAt(at)]);
        return [each.state, cells.sort()];
      }),
    );
  }
}

/** The same in bytes; undefined where nothing is known. */
class Bytes {
  readonly blocks: (number | undefined)[][];

  constructor(zeroed: readonly boolean[]) {
    this.blocks = zeroed.map((each) => new Array<number | undefined>(size).fill(each ? 0 : undefined));
  }

  do(action: Action): void {
    if (action.kind === 'write')
      for (let each = 0; each < action.width; each++)
        this.set(action.block, action.at + each, Number((action.value >> BigInt(8 * each)) & 255n));
    else if (action.kind === 'fill') for (let each = 0; each < action.bytes; each++) this.set(action.block, action.at + each, action.byte);
    else if (action.kind === 'copy') {
      const moved = this.blocks[action.from]?.slice(action.fromAt, action.fromAt + action.bytes) ?? [];
      moved.forEach((byte, each) => {
        this.set(action.to, action.toAt + each, byte);
      });
    }
  }

  private set(index: number, offset: number, byte: number | undefined): void {
    const list = this.blocks[index];
    if (list) list[offset] = byte;
  }

  read(index: number, offset: number, width: number): bigint | undefined {
    let result = 0n;
    for (let each = width - 1; each >= 0; each--) {
      const byte = this.blocks[index]?.[offset + each];
      if (byte === undefined) return undefined;
      result = (result << 8n) | BigInt(byte);
    }
    return result;
  }
}

const zeroed = fc.tuple(fc.boolean(), fc.boolean());

describe('memory', () => {
  test('reads what the bytes are, whatever widths they were written in', () => {
    fc.assert(
      fc.property(zeroed, fc.array(writes, { maxLength: 25 }), (begun, actions) => {
        const subject = new Subject(begun);
        const model = new Bytes(begun);
        for (const action of actions) {
          subject.do(action);
          model.do(action);
        }
        for (let index = 0; index < 2; index++)
          for (const width of [1, 2, 3, 4, 5, 6, 7, 8])
            for (let offset = 0; offset + width <= size; offset++)
              for (const signed of [false, true]) {
                const expected = model.read(index, offset, width);
                const read = subject.memory.read(subject.block(index), offset, width, signed);
                expect(read).toBe(expected === undefined ? NaN : convert(normal(expected), { bits: width * 8, signed }));
              }
      }),
      { numRuns: 300 },
    );
  });

  test('is undone to what it was, hash and all', () => {
    fc.assert(
      fc.property(zeroed, fc.array(fc.array(anything, { maxLength: 8 }), { maxLength: 5 }), (begun, rounds) => {
        const subject = new Subject(begun);
        const past = rounds.map((actions) => {
          const { mark, hash } = subject.memory;
          const before = { mark, hash, cells: subject.cells() };
          for (const action of actions) subject.do(action);
          return before;
        });
        for (const { mark, hash, cells } of past.reverse()) {
          subject.memory.undo(mark);
          expect(subject.cells()).toBe(cells);
          expect(subject.memory.hash).toEqual(hash);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('has a hash that follows from what is in it, however that came to be', () => {
    fc.assert(
      fc.property(zeroed, fc.array(anything, { maxLength: 12 }), fc.array(anything, { maxLength: 12 }), (begun, actions, detour) => {
        const one = new Subject(begun);
        const other = new Subject(begun);
        const { mark } = other.memory;
        for (const action of detour) other.do(action);
        other.memory.undo(mark);
        for (const action of actions) {
          one.do(action);
          other.do(action);
        }
        expect(other.memory.hash).toEqual(one.memory.hash);
        const third = new Subject(begun);
        for (const action of detour) third.do(action);
        const live = (subject: Subject): string => (subject.blocks.some((each) => each.state === 'freed') ? '' : subject.cells());
        if (live(third) !== '' && live(one) !== '')
          expect(String(third.memory.hash) === String(one.memory.hash)).toBe(third.cells() === one.cells());
      }),
      { numRuns: 500 },
    );
  });

  test('makes blocks again that were made before, and undoes that', () => {
    const memory = new SimulatedMemory();
    const made = (name: string): MemoryBlock => new MemoryBlock(9, 'heap', 8, name, null, true, 'kmalloc', null, null);
    const { mark, hash } = memory;
    const first = made('first');
    memory.add(first);
    memory.write(first, 0, 4, 5);
    const inside = memory.mark;
    const between = memory.hash;
    memory.setState(first, 'freed');
    memory.add(made('second'));
    expect(memory.block(9)?.name).toBe('second');
    memory.undo(inside);
    expect(memory.block(9)).toBe(first);
    expect(first.state).toBe('live');
    expect(memory.hash).toEqual(between);
    memory.undo(mark);
    expect(memory.block(9)).toBe(undefined);
    expect(memory.hash).toEqual(hash);
  });

  test('says what is wrong with an address', () => {
    const memory = new SimulatedMemory();
    const block = new MemoryBlock(9, 'heap', 8, 'it', null, true, 'kmalloc', null, null);
    memory.add(block);
    const kind = (address: number | bigint, width: number): string => {
      const found = memory.find(address, width);
      return found instanceof MemoryBlock ? 'fine' : found.kind;
    };
    expect(kind(block.base + 4, 4)).toBe('fine');
    expect(kind(block.base + 5, 4)).toBe('wild-dereference');
    expect(kind(block.base + 8, 0)).toBe('fine');
    expect(kind(0, 4)).toBe('null-dereference');
    expect(kind(72, 4)).toBe('null-dereference');
    expect(kind(-12, 4)).toBe('wild-dereference');
    expect(kind(NaN, 4)).toBe('uninitialised');
    expect(kind(2n ** 63n, 4)).toBe('wild-dereference');
    memory.setState(block, 'waiting');
    expect(kind(block.base, 4)).toBe('fine');
    memory.setState(block, 'freed');
    expect(kind(block.base, 4)).toBe('use-after-free');
  });

  test('keeps blocks apart that come and go, large ones and those that last', () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('make' as const), size: fc.constantFrom(1, 8, 13, 40, 300_000) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('last' as const), size: fc.constantFrom(4, 24) }) },
      {
        weight: 9,
        arbitrary: fc.record({ kind: fc.constant('set' as const), block: fc.nat(30), value: fc.integer({ min: 1, max: 255 }) }),
      },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('go on' as const) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('go back' as const) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('apart' as const), value: fc.integer({ min: 1, max: 255 }) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const memory = new SimulatedMemory();
        // A byte of each block is used: the last one, which is beside the next block.
        let now: { readonly block: MemoryBlock; readonly value: number }[] = [];
        const lasting: { readonly block: MemoryBlock; readonly from: number; value: number }[] = [];
        const marks: { readonly mark: number; readonly then: typeof now; readonly lasted: readonly number[] }[] = [];
        let next = 1;
        const made = (size: number): MemoryBlock => new MemoryBlock(next++, 'heap', size, '', null, true, 'kmalloc', null, null);
        for (const each of steps) {
          if (each.kind === 'make') {
            const block = made(each.size);
            memory.add(block);
            now = [...now, { block, value: 0 }];
          } else if (each.kind === 'last') {
            const block = made(each.size);
            memory.addStatic(block);
            lasting.push({ block, from: 0, value: 0 });
          } else if (each.kind === 'set') {
            const at = each.block % Math.max(1, now.length + lasting.length);
            const block = now[at]?.block ?? lasting[at - now.length]?.block;
            if (!block) continue;
            memory.write(block, block.size - 1, 1, each.value);
            now = now.map((one) => (one.block === block ? { block, value: each.value } : one));
            for (const one of lasting) if (one.block === block) one.value = each.value;
          } else if (each.kind === 'go on') {
            marks.push({ mark: memory.mark, then: now, lasted: lasting.map(({ value }) => value) });
          } else if (each.kind === 'apart') {
            // A local of what works out an initial value: it is left, and what comes after has its room.
            memory.permanently(() => {
              const block = new MemoryBlock(0x8000000, 'stack', 24, '', null, false, '', null, null);
              memory.add(block);
              memory.write(block, 16, 8, each.value);
              memory.setState(block, 'freed');
              // A variable is met that nobody knew of before.
              const met = made(24);
              memory.addStatic(met);
              memory.write(met, 23, 1, each.value);
              lasting.push({ block: met, from: each.value, value: each.value });
            });
          } else {
            const before = marks.pop();
            if (!before) continue;
            memory.undo(before.mark);
            now = before.then;
            for (const [at, value] of before.lasted.entries()) if (lasting[at]) lasting[at].value = value;
            for (const one of lasting.slice(before.lasted.length)) one.value = one.from;
          }
          for (const { block, value } of [...now, ...lasting]) expect(memory.read(block, block.size - 1, 1, false)).toBe(value);
        }
      }),
      { numRuns: 300 },
    );
  });
});
