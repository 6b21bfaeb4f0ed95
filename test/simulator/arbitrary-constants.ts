// Integer constant expressions (C11 6.6) and conditions of `#if` (6.10.1), for comparison with a compiler.
import fc from 'fast-check';

/** What every generated expression can use. */
export const commonConstants = `
enum kind { NONE, SOME = 5, MORE };
enum small { LITTLE = 200, LESS = 3 } __attribute__((packed));
enum wide { WIDE = 0x100000000, NARROW = 1 };
enum high { HIGHEST = 0xffffffffu, LOW = 3 };
enum deep { DEEP = -1, SHALLOW = 0x80000000u };
typedef unsigned short half;
typedef long word __attribute__((aligned(4)));
struct pair { char a; int b; unsigned long bits : 40; half h[3]; };
union both { int i; struct { char x; word w; } in; };
static struct pair known[3];
static signed char tiny;
static const char text[] = "abc";
#define SEVEN 7
#define BIG 0xfffffffful
#define MINUS (-1)
#define CASTED ((unsigned char)300)
#define TWICE(x) ((x) * 2)
#define LARGER(a, b) ((a) > (b) ? (a) : (b))
#define SIZED sizeof(struct pair)
#define HIGH_BIT (1 << 31)
#define ORDERED(a) ((a) == LOW ? -1 : 1u)
`;

const types = [
  'char',
  'signed char',
  'unsigned char',
  'short',
  'half',
  'int',
  'unsigned',
  'long',
  'unsigned long',
  'long long',
  'unsigned long long',
  '_Bool',
  'word',
  'enum kind',
  'enum small',
  'enum wide',
  'enum high',
  'enum deep',
  '__typeof__(tiny)',
  '__typeof__(known[0].h[1])',
  '__typeof__(1u + tiny)',
];

const numbers =
  '0 1 2 3 7 63 127 128 255 256 32768 65535 2147483647 2147483648 4294967295 4294967296 9223372036854775807 0x7f 0xff 0x8000 0x7fffffff 0x80000000 0xffffffff 0x100000000 0x7fffffffffffffff 0x8000000000000000 0xffffffffffffffff 010 0377 0b101 1u 1l 1ul 5ull 0x80ll 4294967295u 0xffu 037777777777 020000000000l';
const characters = "'a' '\\0' '\\n' '\\377' '\\x80' '\\'' 'ab' 'abcd'";
const wide = "L'a' L'\\377' L'\\x1234' u'x' u'\\xffff' U'y' U'\\xffffffff' L'\\xffffffff' L'é' u'€'";

const atoms = [
  ...numbers.split(' '),
  ...characters.split(' '),
  ...wide.split(' '),
  ...'NONE SOME MORE LITTLE WIDE NARROW HIGHEST LOW DEEP SHALLOW SEVEN BIG MINUS CASTED SIZED HIGH_BIT'.split(' '),
  'sizeof(struct pair)',
  'sizeof known',
  'sizeof(known) / sizeof(known[0])',
  'sizeof("wide" "r")',
  'sizeof(L"ab")',
  'sizeof(text)',
  'sizeof(enum small)',
  '_Alignof(word)',
  '_Alignof(union both)',
  '__alignof__(known[0])',
  '__builtin_offsetof(struct pair, h[2])',
  '__builtin_offsetof(union both, in.w)',
  'sizeof(((struct pair *)0)->h)',
  '(unsigned long)&((struct pair *)0)->h[1]',
];

const operators = ['+', '-', '*', '&', '|', '^', '==', '!=', '<', '>', '<=', '>=', '&&', '||'];

/** Pointers to few types, so that two of them are compatible now and then, qualified at any place. */
const pointer = fc
  .tuple(
    fc.constantFrom('', 'const ', 'volatile ', 'const volatile '),
    fc.constantFrom('char', 'unsigned long', 'void', 'short'),
    fc.constantFrom('', ' const', ' volatile'),
    fc.constantFrom('*', '**', '* const', '* const *', '* restrict', '(* const)(int, const char *)'),
  )
  .map(([before, name, behind, declarator]) => `${before}${name}${before.includes(behind.trim()) ? '' : behind} ${declarator}`);

const expressions: fc.Arbitrary<string> = fc.letrec<{ e: string }>((tie) => {
  const e = tie('e');
  const type = fc.constantFrom(...types);
  return {
    e: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 4, arbitrary: fc.constantFrom(...atoms) },
      { weight: 3, arbitrary: fc.tuple(e, fc.constantFrom(...operators), e).map(([l, o, r]) => `(${l} ${o} ${r})`) },
      fc.tuple(e, fc.constantFrom('/', '%'), e).map(([l, o, r]) => `((${l}) ${o} (((${r}) & 7) + 1))`),
      fc.tuple(e, fc.constantFrom('<<', '>>'), e).map(([l, o, r]) => `((${l}) ${o} ((${r}) & 31))`),
      fc.tuple(e, fc.constantFrom('<<', '>>'), fc.nat(63)).map(([l, o, r]) => `((long)(${l}) ${o} ${r})`),
      fc.tuple(fc.constantFrom('-', '~', '!', '+'), e).map(([o, x]) => `(${o}(${x}))`),
      { weight: 2, arbitrary: fc.tuple(e, e, e).map(([x, y, z]) => `(${x} ? ${y} : ${z})`) },
      { weight: 3, arbitrary: fc.tuple(type, e).map(([t, x]) => `((${t})(${x}))`) },
      type.map((t) => `sizeof(${t})`),
      e.map((x) => `sizeof(${x})`),
      fc.tuple(type, e).map(([t, x]) => `sizeof(${t}[((${x}) & 7) + 1])`),
      e.map((x) => `TWICE(${x})`),
      e.map((x) => `ORDERED(${x})`),
      fc.tuple(e, e).map(([x, y]) => `LARGER(${x}, ${y})`),
      fc
        .tuple(fc.constantFrom('1', '0', 'SEVEN > 3', 'sizeof(long) == 4', '~0u || 0', "(U'y' ? 0 : MORE)"), e, e)
        .map(([x, y, z]) => `__builtin_choose_expr(${x}, ${y}, ${z})`),
      fc.tuple(e, e, e).map(([x, y, z]) => `_Generic((${x}), int: (${y}), unsigned long: 3, default: (${z}))`),
      fc.tuple(type, type).map(([t, u]) => `__builtin_types_compatible_p(${t}, ${u})`),
      fc.tuple(pointer, pointer).map(([t, u]) => `__builtin_types_compatible_p(${t}, ${u})`),
      fc.constantFrom(...atoms).map((x) => `__builtin_constant_p(${x})`),
    ),
  };
}).e;

/** An expression that gcc nearly always takes for constant, of any integer type. */
export const arbitraryConstant: fc.Arbitrary<string> = expressions.filter((text) =>
  // A macro within its own argument is another thing.
  ['TWICE', 'LARGER', 'ORDERED'].every((macro) => text.split(macro).length <= 2),
);

/** Text of a condition, whose identifiers are macros, or 0. */
export const arbitraryCondition: fc.Arbitrary<string> = fc.letrec<{ e: string }>((tie) => {
  const e = tie('e');
  const atom = fc.constantFrom(
    ...numbers.split(' '),
    ...characters.split(' '),
    ...'SEVEN BIG MINUS UNKNOWN NOTHING'.split(' '),
    'defined(UNKNOWN)',
    '__INT_MAX__',
    '__SIZEOF_LONG__',
    '__LONG_MAX__',
    '0xffffffffffffffffu',
    "L'a'",
    "'\\377'",
  );
  return {
    e: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 3, arbitrary: atom },
      { weight: 3, arbitrary: fc.tuple(e, fc.constantFrom(...operators), e).map(([l, o, r]) => `(${l} ${o} ${r})`) },
      fc.tuple(e, fc.constantFrom(...operators), e).map(([l, o, r]) => `${l} ${o} ${r}`),
      fc.tuple(e, fc.constantFrom('/', '%'), e).map(([l, o, r]) => `((${l}) ${o} (((${r}) & 7) + 1))`),
      fc.tuple(e, fc.constantFrom('<<', '>>'), fc.nat(63)).map(([l, o, r]) => `((${l}) ${o} ${r})`),
      fc.tuple(fc.constantFrom('-', '~', '!', '+'), e).map(([o, x]) => `(${o}(${x}))`),
      fc.tuple(e, e, e).map(([x, y, z]) => `(${x} ? ${y} : ${z})`),
      e.map((x) => `TWICE(${x})`),
      fc.tuple(e, e).map(([x, y]) => `LARGER(${x}, ${y})`),
    ),
  };
}).e;
