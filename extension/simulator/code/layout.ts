// How types lie in memory: their sizes and alignments, and the members of records by name.
import type { MeasuredConstants, Program } from '../../program/program.js';
import { enumType, isPacked, printType, type IntegerType } from '../../program/types.js';
import type { CType, EnumDefinition, Expression, RecordDefinition, RecordField } from '../../syntax/ast.js';
import { wellKnownType } from '../../syntax/well-known-types.js';
import { placesOf, type FieldShape } from './record-layout.js';

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
  private readonly enumerations = new WeakMap<EnumDefinition, IntegerType>();
  private readonly sizes = new WeakMap<CType, number>();
  private readonly cutsOf = new WeakMap<CType, readonly number[]>();
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
    if (type.kind === 'aligned') return this.resolve(type.of, depth + 1);
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
        return this.integerOfEnum(type).bits / 8;
      case 'array':
        return this.sizeOf(type.of) * (this.lengthOf(type) ?? 0);
      case 'record':
        return this.record(type).size;
      case 'function':
        return 1;
      case 'vector':
        return this.sizeOfVector(type);
      default:
        // A typeof and what was not read.
        if (type.kind !== 'unknown' || type.text !== '') this.assume(printType(type));
        return 8;
    }
  }

  /** The vector's bytes; those of a register where they can't be worked out, which is assumed. */
  private sizeOfVector({ bytes }: Extract<CType, { kind: 'vector' }>): number {
    const value = this.values.valueOfText(bytes);
    if (value === undefined) this.assume(`a vector of ${bytes} bytes, which can't be worked out`);
    return Number(value ?? 16n);
  }

  /** Bytes that a type is aligned to: that of a typedef which states one is no other type's. */
  alignOf(given: CType, depth = 0): number {
    if (given.kind === 'aligned') return this.alignments(given.attributes).at(-1) ?? this.alignOf(given.of);
    const typedef = given.kind === 'named' && depth < 30 ? this.program.typedef(given.name) : undefined;
    if (typedef) return this.alignOf(typedef, depth + 1);
    if (given.kind === 'typeof' && depth < 30) {
      const meant = 'span' in given.of ? this.values.typeOfExpression(given.of) : given.of;
      if (meant) return this.alignOf(meant, depth + 1);
    }
    const type = this.resolve(given);
    if (type.kind === 'array') return this.alignOf(type.of);
    if (type.kind === 'record') return this.record(type).align;
    // A vector is aligned to its size.
    return Math.max(1, type.kind === 'vector' ? this.sizeOf(type) : Math.min(16, this.sizeOf(type)));
  }

  /** The integer type that an enumeration is. */
  integerOfEnum(type: Extract<CType, { kind: 'enum' }>): IntegerType {
    const definition = type.enumeration ?? (type.tag === null ? undefined : this.program.enumeration(type.tag));
    if (!definition) return enumType([], false);
    let known = this.enumerations.get(definition);
    if (!known) this.enumerations.set(definition, (known = this.typeOfEnumeration(definition)));
    return known;
  }

  private typeOfEnumeration(definition: EnumDefinition): IntegerType {
    const values = this.values.enumerated(definition);
    const unknown = definition.constants.find((_, at) => values[at] === undefined);
    if (unknown) this.assume(`${unknown.name}, an enumeration's constant whose value can't be worked out`);
    return enumType(
      values.map((value) => value ?? 0n),
      isPacked(definition.attributes),
    );
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
    for (const [part] of path.matchAll(/\w+|\[[^\]]*\]/g)) {
      if (part.startsWith('[')) {
        const array = this.resolve(at);
        if (array.kind !== 'array') return undefined;
        at = array.of;
        const index = this.values.valueOfText(part.slice(1, -1));
        if (index === undefined) return undefined;
        offset += this.sizeOf(at) * Number(index);
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
    let known = this.cutsOf.get(given);
    if (!known) this.cutsOf.set(given, (known = this.newCuts(given)));
    return known;
  }

  private newCuts(given: CType): readonly number[] {
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
    const packed = isPacked(definition.attributes);
    const shapes = definition.fields.map((field): FieldShape & { readonly field: RecordField } => ({
      field,
      size: this.sizeOf(field.type),
      align: this.alignOf(field.type),
      stated: Math.max(0, ...this.alignments(field.attributes)),
      packed: packed || isPacked(field.attributes),
      width: field.bitWidth === null ? null : this.widthOf(field.bitWidth),
      named: field.name !== null,
    }));
    const stated = this.alignments(definition.attributes).at(-1) ?? 0;
    const places = placesOf(shapes, { union: definition.union, stated, pack: definition.pack });
    layout.align = places.align;
    layout.size = places.size;
    this.refuseOrder(definition);
    let run: PlacedBits[] = [];
    const endRun = (): void => {
      for (const [name, member] of unitsOf(run)) layout.members.set(name, member);
      run = [];
    };
    for (const [at, { field, width, size }] of shapes.entries()) {
      const begins = places.begins[at] ?? 0;
      if (width === null || width === 0 || definition.union) endRun();
      if (width === null) this.addMember(layout, field, begins / 8);
      else if (width > 0) run.push({ name: field.name, type: field.type, begins, width, storage: size * 8 });
    }
    endRun();
  }

  private addMember(layout: RecordLayout, { name, type }: RecordField, offset: number): void {
    if (name !== null) layout.members.set(name, { offset, type, bits: null });
    else
      for (const [inner, member] of this.membersOf(type))
        if (!layout.members.has(inner)) layout.members.set(inner, { ...member, offset: offset + member.offset });
  }

  private widthOf(width: Expression): number {
    const value = this.constant(width);
    if (value === undefined) this.assume("the width of a bit-field, which can't be worked out");
    return Number(value ?? 0n);
  }

  /** Attributes that change where bytes lie and are not followed. */
  private refuseOrder({ attributes, tag }: RecordDefinition): void {
    for (const text of attributes) {
      const found = /\b_*(scalar_storage_order|ms_struct)_*\b/.exec(text)?.[1];
      if (found !== undefined) this.assume(`struct ${tag ?? '{...}'} with the attribute ${found}, which is not followed`);
    }
  }

  /** Bytes that `aligned` and `_Alignas` among attributes ask for, in order. */
  private alignments(attributes: readonly string[]): readonly number[] {
    return attributes.flatMap((text) => [...this.alignmentsIn(text)]);
  }

  private *alignmentsIn(text: string): Generator<number> {
    if (/^_*cacheline_aligned/.test(text)) yield cacheLine;
    for (const [, written] of text.matchAll(/\b(?:_*aligned_*|_?[Aa]lignas)\b\s*(\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))?/g)) {
      const value =
        written === undefined ? BigInt(largest) : (this.values.valueOfText(written) ?? this.values.valueOfText(`_Alignof${written}`));
      if (value === undefined) this.assume(`${text}, whose value can't be worked out`);
      else yield Number(value);
    }
  }
}

/** Sizes up to here times any record's are exact. */
const mostElements = 1n << 32n;

/** Bytes of a line of x86's caches, and the largest alignment that a type of its has. */
const cacheLine = 64;
const largest = 16;

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
