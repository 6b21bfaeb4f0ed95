// Declarations of records for comparison with a compiler: their types, an object with an initial value, writes and reads of it.
import fc from 'fast-check';

/** A scalar that can be reached from a record's object. */
interface Scalar {
  /** Behind the object's name, such as `.m0.m01[2]`. */
  readonly path: string;
  /** A pointer can only be assigned; so can a _Bool, whose byte may be another's in a union, which reading it would make undefined. */
  readonly kind: 'integer' | 'pointer' | 'boolean';
}

interface Part {
  readonly text: string;
  /** Typedefs that stand before the record. */
  readonly typedefs: readonly string[];
  /** What `sizeof` and `offsetof` can be asked of. */
  readonly paths: readonly string[];
  readonly scalars: readonly Scalar[];
  readonly flexible?: { readonly name: string; readonly of: string };
}

export interface MadeRecord {
  /** Declarations of `type`, of the object `o`, and of what is asked of the type: numbers in the array `q`. */
  readonly text: string;
  /** How many bytes of the object there are to look at, as C. */
  readonly bytes: string;
  /** How many numbers the array has. */
  readonly asked: number;
}

/** What every generated declaration can use. */
export const commonTypes = `
enum kind { NONE, SOME };
enum small { LITTLE = 200, LESS = 3 } __attribute__((packed));
enum __attribute__((__packed__)) minus { DOWN = -200, UP = 7 };
enum wide { WIDE = 0x100000000, NARROW = 1 };
enum high { HIGHEST = 0xffffffffu };
enum deep { DEEP = -1, SHALLOW = 0x80000000u };
typedef u64 compat_u64 __attribute__((aligned(4)));
typedef int loose __attribute__((aligned(1)));
typedef __attribute__((aligned(16))) short strict;
typedef unsigned int even __attribute__((aligned(2)));
typedef int *pointers[3];
typedef char text[5];
typedef long (*callback)(int, char *);
typedef struct { char a; int b; } pair;
typedef struct { char a; long b; } __attribute__((packed)) tight;
typedef struct tagged { short a; char b; } __attribute__((aligned(8))) tagged_t;
typedef struct tagged lined __attribute__((aligned(32)));
typedef union { char c; u64 all; } either;
`;

const scalars = ['char', 'signed char', 'u8', 's16', 'unsigned int', 'int', 'long', 'u64', 'unsigned long long', 'bool', '_Bool'];
const pointers = ['void *', 'char *', 'callback', 'struct nobody *', 'const int *', 'pair *'];
const enumerations = ['enum kind', 'enum small', 'enum minus', 'enum wide', 'enum high', 'enum deep'];
const aligned = ['compat_u64', 'loose', 'strict', 'even'];
const bitsOf: Readonly<Record<string, number>> = {
  char: 8,
  'signed char': 8,
  u8: 8,
  s16: 16,
  'unsigned int': 32,
  int: 32,
  long: 64,
  u64: 64,
  'unsigned long long': 64,
  bool: 1,
  _Bool: 1,
  'enum kind': 32,
  'enum small': 8,
  'enum minus': 16,
  'enum wide': 64,
  'enum high': 32,
  'enum deep': 64,
  compat_u64: 64,
  loose: 32,
  strict: 16,
  even: 32,
};

const attribute = fc.oneof(
  { weight: 8, arbitrary: fc.constant('') },
  fc.constantFrom(
    ' __attribute__((packed))',
    ' __attribute__((aligned(1)))',
    ' __attribute__((aligned(2)))',
    ' __attribute__((aligned(4), packed))',
    ' __attribute__((aligned(16)))',
    ' __attribute__((aligned(2 * sizeof(int))))',
    ' __attribute__((packed, aligned(2)))',
    ' __attribute__((aligned))',
    ' __attribute__((__aligned__(64)))',
  ),
);

const alignas = fc.oneof({ weight: 12, arbitrary: fc.constant('') }, fc.constantFrom('_Alignas(8) ', '_Alignas(long) ', '_Alignas(32) '));

function kindOf(type: string): Scalar['kind'] {
  return pointers.includes(type) ? 'pointer' : /bool/i.test(type) ? 'boolean' : 'integer';
}

function scalarPart(prefix: string): fc.Arbitrary<Part> {
  const type = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...scalars) },
    fc.constantFrom(...pointers),
    fc.constantFrom(...enumerations),
  );
  const plain = fc.tuple(type, fc.option(fc.integer({ min: 1, max: 4 })), attribute, alignas).map(([of, length, also, before]): Part => {
    const paths = length === null ? [prefix] : [prefix, `${prefix}[0]`, `${prefix}[${length - 1}]`];
    const each = length === null ? [`.${prefix}`] : [`.${prefix}[0]`, `.${prefix}[${length - 1}]`];
    return {
      text: `${before}${of} ${prefix}${length === null ? '' : `[${length}]`}${also};`,
      typedefs: [],
      paths,
      scalars: each.map((path) => ({ path, kind: kindOf(of) })),
    };
  });
  const odd = fc.tuple(fc.constantFrom(...aligned), attribute).map(([of, also]): Part => {
    const scalar: Scalar = { path: `.${prefix}`, kind: 'integer' };
    return { text: `${of} ${prefix}${also};`, typedefs: [], paths: [prefix], scalars: [scalar] };
  });
  const records = fc.constantFrom(
    { of: 'pair', inner: ['.a', '.b'] },
    { of: 'tight', inner: ['.a', '.b'] },
    { of: 'tagged_t', inner: ['.a'] },
    { of: 'lined', inner: ['.b'] },
    { of: 'struct tagged', inner: ['.a', '.b'] },
    { of: 'either', inner: ['.c'] },
    { of: 'text', inner: ['[0]', '[4]'] },
  );
  const known = fc.tuple(records, attribute).map(([{ of, inner }, also]): Part => ({
    text: `${of} ${prefix}${also};`,
    typedefs: [],
    paths: [prefix, ...inner.map((path) => prefix + path)],
    scalars: inner.map((path) => ({ path: `.${prefix}${path}`, kind: 'integer' })),
  }));
  return fc.oneof({ weight: 5, arbitrary: plain }, odd, known);
}

function bitFieldPart(prefix: string): fc.Arbitrary<Part> {
  return fc
    .tuple(
      fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...scalars) }, fc.constantFrom(...enumerations), fc.constantFrom(...aligned)),
      fc.nat(63),
      fc.constantFrom('named', 'named', 'named', 'named', 'unnamed', 'zero'),
      attribute,
      fc.boolean(),
    )
    .map(([type, random, kind, also, full]): Part => {
      const most = bitsOf[type] ?? 1;
      const width = kind === 'zero' ? 0 : full ? most : 1 + (random % most);
      const name = kind === 'named' ? prefix : '';
      const scalar: Scalar = { path: `.${prefix}`, kind: 'integer' };
      return {
        text: `${type} ${name} : ${width}${kind === 'named' ? also : ''};`,
        typedefs: [],
        paths: [],
        scalars: kind === 'named' ? [scalar] : [],
      };
    });
}

/** A member of a typedef's type that stands before the record. */
function typedefPart(prefix: string): fc.Arbitrary<Part> {
  return fc.tuple(fc.constantFrom(...scalars, ...enumerations), attribute, fc.boolean()).map(([of, also, before]): Part => {
    const name = `t_${prefix}`;
    return {
      text: `${name} ${prefix};`,
      typedefs: [
        before
          ? `typedef${also} ${of} ${name};`
          : `typedef ${of} ${name}${also.replace(/packed, |, packed/, '').replace('((packed))', '((unused))')};`,
      ],
      paths: [prefix],
      scalars: [{ path: `.${prefix}`, kind: kindOf(of) }],
    };
  });
}

function nestedPart(prefix: string, depth: number): fc.Arbitrary<Part> {
  return fc
    .tuple(
      fc.constantFrom('struct', 'union'),
      members(prefix, depth - 1),
      fc.constantFrom('named', 'anonymous', 'array'),
      attribute,
      attribute,
    )
    .map(([keyword, given, kind, also, own]): Part => {
      // A record without a member takes no value.
      const only: Part = { text: `char ${prefix}x;`, typedefs: [], paths: [], scalars: [{ path: `.${prefix}x`, kind: 'integer' }] };
      const inner = given.some((each) => each.scalars.length > 0) ? given : [...given, only];
      const body = `${keyword} { ${inner.map((each) => each.text).join(' ')} }${also}`;
      const typedefs = inner.flatMap((each) => each.typedefs);
      const paths = inner.flatMap((each) => each.paths);
      const reached = inner.flatMap((each) => each.scalars);
      if (kind === 'anonymous') return { text: `${body};`, typedefs, paths, scalars: reached };
      const array = kind === 'array' ? '[3]' : '';
      const base = `${prefix}${array && '[2]'}`;
      return {
        text: `${body} ${prefix}${array}${own};`,
        typedefs,
        paths: [prefix, ...paths.map((path) => `${base}.${path}`)],
        scalars: reached.map((each) => ({ ...each, path: `.${base}${each.path}` })),
      };
    });
}

function parts(prefix: string, depth: number): fc.Arbitrary<Part> {
  const flat = [
    { weight: 4, arbitrary: scalarPart(prefix) },
    { weight: 4, arbitrary: bitFieldPart(prefix) },
    { weight: 1, arbitrary: typedefPart(prefix) },
  ];
  return depth === 0 ? fc.oneof(...flat) : fc.oneof(...flat, { weight: 3, arbitrary: nestedPart(prefix, depth) });
}

function members(prefix: string, depth: number): fc.Arbitrary<Part[]> {
  return fc
    .integer({ min: 1, max: 5 })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, at) => parts(`${prefix}${at}`, depth))));
}

const numbers = fc.oneof(
  fc.constantFrom('0', '1', '-1', '5', '127', '255', '-128', '0x12345678', '0xfedcba9876543210', "'x'", 'SOME', '-DOWN', '(long)WIDE'),
  fc.integer({ min: -70000, max: 70000 }).map(String),
);

/** Values for scalars by their paths, some of them; or as many in order, without the braces of what is inside. */
function initialiser(reached: readonly Scalar[], flexible: Part['flexible']): fc.Arbitrary<string> {
  const last =
    flexible === undefined
      ? fc.constant('')
      : fc.constant(`.${flexible.name} = ${flexible.of === 'pair' ? '{ { 1 }, { 2 }, { 3 } }' : '{ 1, 2, 3 }'}`);
  const named = fc.tuple(fc.subarray([...reached]), fc.array(numbers, { minLength: 8, maxLength: 8 }), last).map(([some, values, end]) => {
    const list = some.map(({ path }, at) => `${path} = ${values[at % 8] ?? '1'}`);
    return `{ ${[...list, ...(end === '' ? [] : [end])].join(', ')} }`;
  });
  if (flexible !== undefined) return named;
  const flat = fc.array(numbers, { minLength: 1, maxLength: Math.max(1, reached.length) }).map((list) => `{ ${list.join(', ')} }`);
  return fc.oneof({ weight: 3, arbitrary: named }, flat);
}

function writes(reached: readonly Scalar[]): fc.Arbitrary<string> {
  if (reached.length === 0) return fc.constant('');
  const statement = fc
    .tuple(fc.constantFrom(...reached), numbers, fc.constantFrom('=', '=', '+=', '^=', '++', '*='))
    .map(([{ path, kind }, value, how]) => {
      if (kind !== 'integer') return `o${path} = ${kind === 'pointer' ? '(void *)' : ''}${value};`;
      return how === '++' ? `o${path}++;` : `o${path} ${how} ${value};`;
    });
  return fc.array(statement, { minLength: 1, maxLength: 5 }).map((list) => list.join(' '));
}

/**
 * A record with an object `oN` of it, numbers about it in `qN`, a function `wN` that writes to the object and `gN` that reads it all,
 * by the N that stands in their names.
 */
export const arbitraryRecord: fc.Arbitrary<(at: number) => MadeRecord> = fc
  .tuple(
    fc.constantFrom('struct', 'struct', 'union'),
    members('m', 2),
    attribute,
    fc.option(fc.constantFrom('1', '2', '4', '8', '16'), { freq: 3 }),
    fc.option(fc.tuple(fc.constantFrom('char', 'int', 'long', 'pair', 's16'), fc.constantFrom('', '0')), { freq: 3 }),
  )
  .chain(([keyword, made, also, pack, rest]) => {
    const reached = made.flatMap((each) => each.scalars);
    const hasName = made.some((each) => each.paths.length > 0 || each.scalars.length > 0);
    const flexible = rest !== null && keyword === 'struct' && hasName ? { name: 'rest', of: rest[0], length: rest[1] } : undefined;
    return fc.tuple(initialiser(reached, flexible), writes(reached)).map(([start, written]) => (at: number): MadeRecord => {
      const own = (text: string): string => text.replace(/\bt_m/g, `t${at}_m`).replace(/\bo(?=[.])/g, `o${at}`);
      const tail = flexible === undefined ? '' : ` ${flexible.of} rest[${flexible.length}];`;
      const type = `${keyword} r${at}`;
      const paths = made.flatMap((each) => each.paths);
      const asked = [
        `sizeof(${type})`,
        `_Alignof(${type})`,
        `sizeof(o${at})`,
        ...paths.flatMap((path) => [`offsetof(${type}, ${path})`, `sizeof(o${at}.${path})`]),
        ...(flexible === undefined ? [] : [`offsetof(${type}, rest)`]),
      ];
      const lines = [
        ...(pack === null ? [] : [`#pragma pack(push, ${pack})`]),
        ...made.flatMap((each) => each.typedefs),
        `${type} { ${made.map((each) => each.text).join(' ')}${tail} }${also};`,
        ...(pack === null ? [] : ['#pragma pack(pop)']),
        `${type} o${at} = ${start};`,
        `unsigned long q${at}[] = { ${asked.join(', ')} };`,
        `void w${at}(void) { ${written} }`,
        `unsigned long g${at}(void) { unsigned long h = 0; ${reached
          .filter(({ kind }) => kind !== 'boolean')
          .map(({ path }) => `h = h * 31 + (unsigned long)o${at}${path};`)
          .join(' ')} return h; }`,
      ];
      // What an array of no elements is given is nowhere.
      const end = flexible === undefined || flexible.length === '0' ? '0' : `offsetof(${type}, rest) + 3 * sizeof(${flexible.of})`;
      const bytes = `(sizeof(${type}) > ${end} ? sizeof(${type}) : ${end})`;
      return { text: lines.map(own).join('\n'), bytes, asked: asked.length };
    });
  });
