// Where the members of a record lie: what gcc does for x86-64 (System V ABI, section 3.1.2, with gcc's attributes and pragmas).

/** A member as far as its place hangs on it. Sizes and alignments are in bytes. */
export interface FieldShape {
  readonly size: number;
  /** Of its type. */
  readonly align: number;
  /** What `aligned` or `_Alignas` of the member itself asks for; 0 where there is none. */
  readonly stated: number;
  /** By an attribute of its own or of the record. */
  readonly packed: boolean;
  /** The width of a bit-field; null for what is none. */
  readonly width: number | null;
  readonly named: boolean;
}

export interface RecordShape {
  readonly union: boolean;
  /** What the record's own attributes ask for. */
  readonly stated: number;
  /** By `#pragma pack`; null where it says nothing. */
  readonly pack: number | null;
}

/** Places in bits from the record's beginning, one for each field; size and alignment in bytes. */
export interface Places {
  readonly begins: readonly number[];
  readonly size: number;
  readonly align: number;
}

/** gcc's BIGGEST_ALIGNMENT, in bits. */
const biggest = 128;

/** Places members one behind the other as place_field() and place_union_field() of gcc's stor-layout.c do. All inside is in bits. */
export function placesOf(fields: readonly FieldShape[], record: RecordShape): Places {
  const pack = record.pack === null ? Infinity : record.pack * 8;
  const own = Math.max(8, record.stated * 8);
  let align = own;
  let end = 0;
  const begins = fields.map((field) => {
    const known = record.union || end === 0 ? 0 : lowestBit(end);
    const decided = alignmentOf(field, known, pack);
    align = Math.max(align, forRecord(field, decided.align, pack));
    const bits = field.width ?? field.size * 8;
    if (record.union) {
      end = Math.max(end, roundUp(bits, 8));
      return 0;
    }
    if ((known === 0 ? Math.max(biggest, align) : known) < decided.align) end = roundUp(end, decided.align);
    const bound = decided.spans && pack === Infinity && bits > 0 && !field.packed;
    if (bound && exceedsUnits(end, bits, field)) end = roundUp(end, field.align * 8);
    const begin = end;
    end += bits;
    return begin;
  });
  const size = roundUp(end, align) / 8;
  return { begins, size, align: align / 8 };
}

/** The alignment that a member is given; `spans` for a bit-field that is no whole integer where it lies. `known` is that of its place. */
function alignmentOf(field: FieldShape, known: number, pack: number): { readonly align: number; readonly spans: boolean } {
  const { width, packed } = field;
  const ofType = field.align * 8;
  let align = Math.max(1, field.stated * 8);
  // A bit-field of no width is not packed by anything.
  if (width === 0) return { align: Math.max(align, ofType), spans: false };
  if (width === null) {
    if (!packed || field.stated === 0) align = Math.max(align, ofType);
    if (packed && field.stated === 0) align = Math.min(align, 8);
    return { align: Math.min(align, pack), spans: false };
  }
  const whole = [8, 16, 32, 64].includes(width) && !(width > 8 && packed) && (known === 0 || known >= width);
  if (whole) align = Math.max(align, width);
  if (packed && field.stated === 0) align = Math.min(align, 8);
  return { align: Math.min(align, pack), spans: !whole };
}

/** What a member asks of the whole record's alignment: of bit-fields those that have a name ask for that of their type. */
function forRecord(field: FieldShape, decided: number, pack: number): number {
  if (field.width === null) return decided;
  if (!field.named) return 8;
  const ofType = field.align * 8;
  return Math.max(decided, pack !== Infinity ? Math.min(ofType, pack) : field.packed ? Math.min(ofType, 8) : ofType);
}

/** A bit-field may not span more units of its type's alignment than its type does. */
function exceedsUnits(begin: number, width: number, { align, size }: FieldShape): boolean {
  const unit = align * 8;
  return Math.ceil(((begin % unit) + width) / unit) > Math.floor((size * 8) / unit);
}

function lowestBit(n: number): number {
  return Number(BigInt(n) & -BigInt(n));
}

function roundUp(n: number, to: number): number {
  return Math.ceil(n / to) * to;
}
