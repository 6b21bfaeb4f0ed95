// Where the members of a record lie, as on x86-64 (System V ABI, section 3.1.2).
import type { MeasuredConstants, Program } from '../program/program.js';
import { printType } from '../program/types.js';
import type { CType, Expression, RecordDefinition } from '../syntax/ast.js';
import { wellKnownType } from '../syntax/well-known-types.js';

export interface Member {
  /** Bytes from the record's beginning; of a bit-field, to its unit. */
  readonly offset: number;
  readonly type: CType;
  /** Null for what is no bit-field. */
  readonly bits: BitField | null;
}

/**
 * Which bits of its unit a bit-field is, counted from the lowest. Its unit is what a write of it reads and writes: the bit-fields
 * beside each other of which it is one (C11 3.14: one memory location), where they have no more than 8 bytes.
 */
export interface BitField {
  readonly width: number;
  readonly shift: number;
  /** Of the unit. */
  readonly bytes: number;
}

interface RecordLayout {
  size: number;
  align: number;
  readonly members: Map<string, Member>;
  /** Of which nothing is known: members are given places as they are asked for. */
  readonly opaque: boolean;
}

/** Bytes that a record of which nothing is known takes, so that pointers to its members stay inside it. */
const opaqueSize = 1024;

export class Layout {
  private readonly records = new Map<RecordDefinition | string, RecordLayout>();
  private readonly sizes = new WeakMap<CType, number>();
  private readonly values: MeasuredConstants;

  /** `assume` is told of types that are not known, by name. */
  constructor(
    private readonly program: Program,
    private readonly assume: (name: string) => void,
  ) {
    this.values = program.measured({
      sizeOf: (type) => this.sizeOf(type),
      alignOf: (type) => this.alignOf(type),
      offsetOf: (type, member) => this.offsetOf(type, member),
      memberType: (type, member) => this.member(type, member)?.type,
    });
  }

  /** The value of a constant expression of file scope. */
  constant(e: Expression): bigint | undefined {
    return this.values.valueOf(e);
  }

  /** A type with typedefs looked through. An unknown typedef is a 64-bit integer, and assumed. */
  resolve(type: CType, depth = 0): CType {
    if (type.kind === 'named' && depth < 30) {
      const meant = this.program.typedef(type.name) ?? wellKnownType(type.name);
      if (meant) return this.resolve(meant, depth + 1);
      this.assume(type.name);
      return { kind: 'integer', bits: 64, signed: true };
    }
    if (type.kind === 'typeof' && depth < 30) {
      const meant = 'span' in type.of ? this.values.typeOfExpression(type.of) : type.of;
      if (meant) return this.resolve(meant, depth + 1);
    }
    return type;
  }

  /** Bytes of a type; an array without a length has none. */
  sizeOf(type: CType): number {
    const known = this.sizes.get(type);
    if (known !== undefined) return known;
    const size = this.measure(type);
    this.sizes.set(type, size);
    return size;
  }

  private measure(given: CType): number {
    const type = this.resolve(given);
    switch (type.kind) {
      case 'void':
      case 'boolean':
        return 1;
      case 'integer':
      case 'float':
        return type.bits / 8;
      case 'pointer':
        return 8;
      case 'enum':
        return 4;
      case 'array':
        return this.sizeOf(type.of) * (this.lengthOf(type) ?? 0);
      case 'record':
        return this.record(type).size;
      case 'function':
        return 1;
      case 'vector':
        return 16;
      default:
        // A typeof and what was not read.
        if (type.kind !== 'unknown' || type.text !== '') this.assume(printType(type));
        return 8;
    }
  }

  alignOf(given: CType): number {
    const type = this.resolve(given);
    if (type.kind === 'array') return this.alignOf(type.of);
    if (type.kind === 'record') return this.record(type).align;
    return Math.max(1, Math.min(16, this.sizeOf(type)));
  }

  /** Whether an enumeration has a negative constant: else gcc makes it an unsigned int. */
  hasNegative(type: Extract<CType, { kind: 'enum' }>): boolean {
    const definition = type.enumeration ?? (type.tag === null ? undefined : this.program.enumeration(type.tag));
    return definition?.constants.some(({ name }) => (this.program.constant(name) ?? 0n) < 0n) ?? false;
  }

  /** Elements of an array; undefined where its length is not stated, or can't be worked out, which is assumed. */
  lengthOf(type: Extract<CType, { kind: 'array' }>): number | undefined {
    if (type.length === null) return undefined;
    const value = this.constant(type.length);
    if (value === undefined) this.assume(`${printType(type.of)}[...], whose length can't be worked out`);
    else if (value > mostElements) this.assume(`${printType(type.of)}[${value}], of which no machine has enough memory`);
    return value === undefined ? undefined : Number(value);
  }

  /** A member by name, those of anonymous members among them. */
  member(given: CType, name: string): Member | undefined {
    const type = this.resolve(given);
    if (type.kind !== 'record') return undefined;
    const layout = this.record(type);
    const known = layout.members.get(name);
    if (known || !layout.opaque) return known;
    const offset = layout.members.size * 8;
    if (offset + 8 > opaqueSize) return undefined;
    const made: Member = { offset, type: { kind: 'integer', bits: 64, signed: true }, bits: null };
    layout.members.set(name, made);
    return made;
  }

  /** The bytes to a member that may be written `a.b` or `a[1]`; undefined where there is none. */
  offsetOf(type: CType, path: string): number | undefined {
    let offset = 0;
    let at = type;
    for (const [part] of path.matchAll(/\w+|\[\s*\d+\s*\]/g)) {
      if (part.startsWith('[')) {
        const array = this.resolve(at);
        if (array.kind !== 'array') return undefined;
        at = array.of;
        offset += this.sizeOf(at) * Number(part.slice(1, -1));
        continue;
      }
      const found = this.member(at, part);
      if (!found) return undefined;
      offset += found.offset;
      at = found.type;
    }
    return offset;
  }

  /** How C names what lies at an offset: `count.refs`, `in_args[1].size`; empty for the whole. */
  nameAt(given: CType | null, offset: number): string {
    const type = given && this.resolve(given);
    if (type?.kind === 'array') {
      const size = this.sizeOf(type.of);
      if (size === 0) return '';
      const inner = this.nameAt(type.of, offset % size);
      return `[${Math.floor(offset / size)}]${inner === '' || inner.startsWith('[') ? '' : '.'}${inner}`;
    }
    if (type?.kind !== 'record') return offset === 0 ? '' : `+${offset}`;
    let best: { name: string; member: Member } | undefined;
    for (const [name, member] of this.record(type).members)
      if (member.offset <= offset && offset < member.offset + Math.max(1, this.sizeOf(member.type)))
        if (!best || member.offset > best.member.offset) best = { name, member };
    if (!best) return `+${offset}`;
    const inner = this.nameAt(best.member.type, offset - best.member.offset);
    if (inner.startsWith('+') && inner !== '') return best.name;
    return `${best.name}${inner === '' || inner.startsWith('[') ? '' : '.'}${inner}`;
  }

  /** The outermost member that begins at an offset: what a piece of hidden state belongs to. */
  memberAt(given: CType | null, offset: number): string {
    const type = given && this.resolve(given);
    if (type?.kind !== 'record') return offset === 0 ? '' : `+${offset}`;
    for (const [name, member] of this.record(type).members) if (member.offset === offset) return name;
    for (const [name, member] of this.record(type).members)
      if (member.offset < offset && offset < member.offset + this.sizeOf(member.type))
        return `${name}.${this.memberAt(member.type, offset - member.offset)}`;
    return `+${offset}`;
  }

  /** A record's members by name, in no certain order; empty for other types. */
  membersOf(given: CType): ReadonlyMap<string, Member> {
    const type = this.resolve(given);
    return type.kind === 'record' ? this.record(type).members : new Map();
  }

  /** The bit-fields whose unit begins at an offset, by name. */
  bitFieldsAt(given: CType | null, offset: number): readonly (readonly [string, BitField])[] {
    const type = given && this.resolve(given);
    if (type?.kind === 'array') {
      const size = this.sizeOf(type.of);
      return size === 0 ? [] : this.bitFieldsAt(type.of, offset % size);
    }
    if (type?.kind !== 'record') return [];
    const found: (readonly [string, BitField])[] = [];
    for (const [name, member] of this.record(type).members)
      if (member.bits !== null) {
        if (member.offset === offset) found.push([name, member.bits]);
      } else if (member.offset <= offset && offset < member.offset + this.sizeOf(member.type))
        for (const [inner, bits] of this.bitFieldsAt(member.type, offset - member.offset)) found.push([`${name}.${inner}`, bits]);
    return found;
  }

  /** Where the scalars of a type begin and end, in bytes from its beginning; of a union's members only the union. */
  cuts(given: CType): readonly number[] {
    const type = this.resolve(given);
    const size = this.sizeOf(type);
    if (type.kind === 'array') {
      const of = this.sizeOf(type.of);
      const inner = this.cuts(type.of);
      return of === 0 ? [0, size] : Array.from({ length: size / of }, (_, at) => inner.map((cut) => at * of + cut)).flat();
    }
    if (type.kind !== 'record' || this.isUnion(type)) return [0, size];
    const found = [0, size];
    for (const { offset, type: of, bits } of this.record(type).members.values())
      if (bits === null) for (const cut of this.cuts(of)) found.push(offset + cut);
      else found.push(offset, offset + bits.bytes);
    return found;
  }

  private isUnion(type: Extract<CType, { kind: 'record' }>): boolean {
    return type.record?.union ?? (type.tag === null ? undefined : this.program.record(type.tag))?.union ?? type.union;
  }

  private record(type: Extract<CType, { kind: 'record' }>): RecordLayout {
    const definition = type.record ?? (type.tag === null ? undefined : this.program.record(type.tag));
    const key = definition ?? type.tag ?? '';
    const known = this.records.get(key);
    if (known) return known;
    if (!definition) {
      this.assume(`struct ${type.tag ?? '{...}'}`);
      const opaque: RecordLayout = { size: opaqueSize, align: 8, members: new Map(), opaque: true };
      this.records.set(key, opaque);
      return opaque;
    }
    const layout: RecordLayout = { size: 0, align: 1, members: new Map(), opaque: false };
    this.records.set(key, layout);
    this.place(definition, layout);
    return layout;
  }

  private place(definition: RecordDefinition, layout: RecordLayout): void {
    // In bits.
    let end = 0;
    let run: PlacedBits[] = [];
    const endRun = (): void => {
      for (const [name, member] of unitsOf(run)) layout.members.set(name, member);
      run = [];
    };
    const allPacked = isPacked(definition.attributes);
    for (const field of definition.fields) {
      const size = this.sizeOf(field.type);
      const stated = this.alignment(field.attributes);
      const packed = allPacked || isPacked(field.attributes);
      const align = Math.max(stated, packed ? 1 : this.alignOf(field.type));
      const from = definition.union ? 0 : end;
      if (field.bitWidth) {
        const width = Number(this.constant(field.bitWidth) ?? 0n);
        const storage = size * 8;
        const over = !packed && (from % storage) + width > storage;
        // One of no bits ends the unit before it.
        const unit = width === 0 || over ? storage : stated > 1 ? stated * 8 : 1;
        const begins = roundUp(from, unit);
        if (width === 0 || definition.union) endRun();
        if (width > 0) run.push({ name: field.name, type: field.type, begins, width, storage });
        end = Math.max(end, begins + width);
        if (field.name !== null) layout.align = Math.max(layout.align, align);
        continue;
      }
      endRun();
      const offset = roundUp(from, align * 8) / 8;
      if (field.name !== null) layout.members.set(field.name, { offset, type: field.type, bits: null });
      else
        for (const [name, inner] of this.membersOf(field.type))
          if (!layout.members.has(name)) layout.members.set(name, { ...inner, offset: offset + inner.offset });
      end = Math.max(end, (offset + size) * 8);
      layout.align = Math.max(layout.align, align);
    }
    endRun();
    layout.align = Math.max(layout.align, this.alignment(definition.attributes));
    layout.size = roundUp(end, layout.align * 8) / 8;
  }

  /** What `aligned` among the attributes asks for; 1 where none does. */
  private alignment(attributes: readonly string[]): number {
    let most = 1;
    for (const text of attributes) {
      if (/^_*cacheline_aligned/.test(text)) most = Math.max(most, cacheLine);
      for (const [, written] of text.matchAll(/\b_*aligned_*\b\s*(\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))?/g)) {
        const value = written === undefined ? BigInt(largest) : this.values.valueOfText(written);
        if (value === undefined) this.assume(`${text}, whose value can't be worked out`);
        else most = Math.max(most, Number(value));
      }
    }
    return most;
  }
}

/** Sizes up to here times any record's are exact. */
const mostElements = 1n << 32n;

/** Bytes of a line of x86's caches, and the largest alignment that a type of its has. */
const cacheLine = 64;
const largest = 16;

function isPacked(attributes: readonly string[]): boolean {
  return attributes.some((text) => /\b_*packed_*\b/.test(text));
}

/** Bits from the record's beginning; `storage` are those of the declared type. */
interface PlacedBits {
  readonly name: string | null;
  readonly type: CType;
  readonly begins: number;
  readonly width: number;
  readonly storage: number;
}

/** Bit-fields beside each other as members. */
function unitsOf(run: readonly PlacedBits[]): (readonly [string, Member])[] {
  const first = Math.floor((run[0]?.begins ?? 0) / 8);
  const last = Math.ceil(Math.max(...run.map(({ begins, width }) => begins + width)) / 8);
  return run.flatMap(({ name, type, begins, width, storage }) => {
    if (name === null) return [];
    // Of more than 8 bytes beside each other each field has its own, those of its declared type where it lies in one.
    const within = Math.floor(begins / storage) * (storage / 8);
    const straddles = begins + width > within * 8 + storage;
    const own = straddles ? Math.floor(begins / 8) : Math.max(first, within);
    const offset = last - first <= 8 ? first : own;
    const bytes =
      last - first <= 8 ? last - first : Math.min(last, straddles ? Math.ceil((begins + width) / 8) : within + storage / 8) - offset;
    return [[name, { offset, type, bits: { width, shift: begins - offset * 8, bytes } }]];
  });
}

function roundUp(n: number, to: number): number {
  return Math.ceil(n / to) * to;
}
