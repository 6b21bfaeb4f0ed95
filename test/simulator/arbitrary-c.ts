// Functions in C whose behaviour is defined (with -fwrapv), for comparison with a compiler.
import fc from 'fast-check';

const integers = [
  'char',
  'signed char',
  'unsigned char',
  'short',
  'unsigned short',
  'int',
  'unsigned int',
  'long',
  'unsigned long',
  'long long',
  'unsigned long long',
  'bool',
  'enum colour',
  'enum level',
  'u8',
  's16',
  'u32',
  's64',
] as const;

const literals =
  "0 1 2 3 7 -1 -2 100 127 128 255 256 32767 32768 65535 0x7f 0xff 0x8000 0xffff 0x7fffffff 0x80000000 0xffffffff 2147483647 2147483648 4294967295 4294967296 -2147483648 0x7fffffffffffffff 0x8000000000000000 0xffffffffffffffff 1u 1l 1ul 5ull 0x80ll 4294967295u 'a' '\\377' '\\n' 010 RED GREEN BLUE LOW HIGH".split(
    ' ',
  );

/** What every generated function can use. */
export const commonC = `
enum colour { RED, GREEN = 5, BLUE };
enum level { LOW = -3, HIGH = 70000 };
struct inner { short s; unsigned char c; long l; };
union both { int i; unsigned char bytes[8]; struct { short low; short high; }; unsigned long all; };
struct outer {
	char tag;
	struct inner in;
	unsigned int three : 3;
	int five : 5;
	bool flag : 1;
	unsigned int wide : 20;
	union both u;
	int list[4];
	struct { int x; unsigned short y; };
	struct outer *next;
};
static int total = 7;
static const int table[8] = { 3, -1, [4] = 1000000, -70000, 5 };
static struct outer shared = { .tag = 'x', .in = { 1, 2, 3 }, .five = -3, .list = { 9, 8 }, .x = 6 };
static void reset(void)
{
	total = 7;
	shared = (struct outer){ .tag = 'x', .in = { 1, 2, 3 }, .five = -3, .list = { 9, 8 }, .x = 6 };
}
static int add(int a, int b) { return a + b; }
static int sub(int a, int b) { return a - b; }
static int nand(int a, int b) { return ~(a & b); }
static int (*const operations[4])(int, int) = { add, sub, nand, add };
static unsigned char narrow(unsigned char c) { return c + 1; }
static short shorter(long l) { return l; }
static bool truth(long l) { return l; }
static unsigned int mixed(char c, unsigned short s, bool b) { return c * s - b; }
static struct inner made(short s, long l) { struct inner i = { .s = s, .l = l }; i.c = s ^ l; return i; }
static long taken(struct inner i) { i.l += i.s; i.s = 0; return i.l - i.c; }
static struct inner *inner_of(struct outer *o) { return &o->in; }
static long counter(void) { static int n; static long m = 5; n++; m += n; return m; }
`;

interface Parts {
  expression: string;
  statement: string;
  loop: string;
}

/** The locals of each function; their types are generated. */
const scalars = ['v0', 'v1', 'v2', 'v3', 'v4'];

const { expression, statement } = fc.letrec<Parts>((tie) => {
  const e = tie('expression') as fc.Arbitrary<string>;
  const s = tie('statement') as fc.Arbitrary<string>;
  const number = fc.constantFrom(...literals);
  const type = fc.constantFrom(...integers);
  const loop = tie('loop') as fc.Arbitrary<string>;
  const index = e.map((text) => `(${text}) & 3`);
  const places = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...scalars) },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        'o.tag',
        'o.in.s',
        'o.in.c',
        'q->in.l',
        'q->three',
        'o.five',
        'o.flag',
        'q->wide',
        'o.u.i',
        'q->u.low',
        'o.u.high',
        'o.u.all',
        'o.x',
        'q->y',
        '(*p)',
        'shared.five',
        'shared.in.l',
        'total',
        'q->next->x',
      ),
    },
    { weight: 1, arbitrary: index.map((at) => `o.list[${at}]`) },
    { weight: 1, arbitrary: index.map((at) => `array[${at}]`) },
    { weight: 1, arbitrary: index.map((at) => `q->u.bytes[${at}]`) },
    { weight: 1, arbitrary: index.map((at) => `grid[${at}][1]`) },
    { weight: 1, arbitrary: index.map((at) => `(*(array + (${at})))`) },
  );
  return {
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      places,
      number,
      fc.constantFrom('a', 'b', 'c', 'i'),
      fc
        .tuple(e, fc.constantFrom('+', '-', '*', '&', '|', '^', '==', '!=', '<', '>', '<=', '>=', '&&', '||'), e)
        .map(([l, o, r]) => `(${l} ${o} ${r})`),
      fc.tuple(e, fc.constantFrom('/', '%'), e).map(([l, o, r]) => `(${l} ${o} (((${r}) & 15) + 1))`),
      fc.tuple(e, fc.constantFrom('/', '%'), e).map(([l, o, r]) => `((unsigned long)(${l}) ${o} ((${r}) | 1))`),
      fc.tuple(e, fc.constantFrom('<<', '>>'), e).map(([l, o, r]) => `((${l}) ${o} ((${r}) & 31))`),
      fc.tuple(type, e, fc.constantFrom('<<', '>>'), e).map(([t, l, o, r]) => `((long)(${t})(${l}) ${o} ((${r}) & 63))`),
      fc.tuple(fc.constantFrom('-', '~', '!', '+'), e).map(([o, x]) => `(${o}(${x}))`),
      fc.tuple(e, e, e).map(([x, y, z]) => `(${x} ? ${y} : ${z})`),
      fc.tuple(e, e).map(([x, y]) => `(${x} ?: ${y})`),
      fc.tuple(type, e).map(([t, x]) => `((${t})(${x}))`),
      fc.tuple(e, e).map(([x, y]) => `((void)(${x}), ${y})`),
      fc.oneof(type, fc.constantFrom('struct inner', 'void *', 'union both', 'long[3]')).map((t) => `sizeof(${t})`),
      e.map((text) => `sizeof(+(${text}))`),
      fc.tuple(fc.constantFrom('narrow', 'shorter', 'truth'), e).map(([f, x]) => `${f}(${x})`),
      fc.tuple(e, e, e).map(([x, y, z]) => `mixed(${x}, ${y}, ${z})`),
      fc.tuple(index, e, e).map(([at, x, y]) => `operations[${at}](${x}, ${y})`),
      fc.tuple(e, e).map(([x, y]) => `made(${x}, ${y}).c`),
      fc.tuple(e, e).map(([x, y]) => `taken((struct inner){ .l = ${x}, .s = ${y} })`),
      fc.tuple(index, index).map(([x, y]) => `(&array[${x}] - &array[${y}])`),
      fc.tuple(index, index).map(([x, y]) => `(&o.list[${x}] < &o.list[${y}])`),
      index.map((at) => `table[${at}]`),
      fc.constant('container_of(inner_of(q), struct outer, in)->x'),
      fc.constant('({ int t = v0; t += 3; t; })'),
      fc.constant('"text"[v1 & 3]'),
    ),
    statement: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.tuple(places, e).map(([x, y]) => `${x} = ${y};`),
      fc.tuple(places, e).map(([x, y]) => `${x} = ${y};`),
      fc.tuple(places, fc.constantFrom('+', '-', '*', '&', '|', '^'), e).map(([x, o, y]) => `${x} ${o}= ${y};`),
      fc.tuple(places, fc.constantFrom('/', '%'), e).map(([x, o, y]) => `${x} ${o}= (((${y}) & 15) + 1);`),
      fc.tuple(fc.constantFrom(...scalars.slice(1)), fc.constantFrom('<<', '>>'), e).map(([x, o, y]) => `${x} ${o}= ((${y}) & 31);`),
      fc.tuple(places, fc.constantFrom('++', '--')).map(([x, o]) => `${x}${o};`),
      fc.tuple(places, fc.constantFrom('++', '--')).map(([x, o]) => `acc += ${o}${x};`),
      fc.tuple(places, fc.constantFrom('++', '--')).map(([x, o]) => `acc ^= ${x}${o};`),
      fc.tuple(places, e).map(([x, y]) => `acc += (${x} = ${y});`),
      fc.tuple(places, e).map(([x, y]) => `acc ^= (long)(${x} += ${y}) << 1;`),
      fc.tuple(places, e, e).map(([x, y, z]) => `if (${y} && (${x} = ${z})) acc++;`),
      e.map((x) => `acc = acc * 31 + (${x});`),
      index.map((at) => `p = &array[${at}];`),
      index.map((at) => `p = o.list + (${at});`),
      fc.constantFrom('q = &shared;', 'q = &o;', 'q = q->next;', 'shared = o; shared.next = &shared;', 'o.in = shared.in;'),
      fc.constantFrom('acc += counter();', 'o.u = (union both){ .all = acc };', 'memset(&o.u, 0, sizeof(o.u));'),
      fc.tuple(e, e).map(([x, y]) => `o.in = made(${x}, ${y});`),
      fc.tuple(e, e).map(([x, y]) => `q->in = (struct inner){ ${x}, ${y} };`),
      fc
        .tuple(e, e)
        .map(([x, y]) => `{ struct outer n = { .tag = ${x}, .list = { [2] = ${y} }, .x = 1 }; acc += n.list[2] + n.tag + n.y; }`),
      fc.tuple(e, e).map(([x, y]) => `{ int (*f)(int, int) = (v0 & 1) ? add : sub; acc += f(${x}, ${y}); }`),
      fc.tuple(type, e, s).map(([t, x, body]) => `{ ${t} n = ${x}; ${t} v0 = n; ${body} acc += v0; }`),
      fc.tuple(e, s).map(([x, body]) => `if (${x}) { ${body} }`),
      fc.tuple(e, s, s).map(([x, one, two]) => `if (${x}) { ${one} } else { ${two} }`),
      fc.tuple(fc.nat(4), loop).map(([n, body]) => `for (int i = 0; i < ${n}; i++) { ${body} }`),
      fc.tuple(fc.nat(3), e, loop).map(([n, x, body]) => `{ int i = ${n}; while (i-- > 0 && ${x}) { ${body} } }`),
      fc.tuple(fc.nat(3), loop).map(([n, body]) => `{ int i = 0; do { ${body} } while (i++ < ${n}); }`),
      fc
        .tuple(e, s, s, s)
        .map(
          ([x, one, two, three]) =>
            `switch (${x}) { case 0: ${one} case 1: ${two} break; case -1: case BLUE: acc++; break; case 10 ... 99: acc--; default: ${three} }`,
        ),
      fc
        .tuple(e, s, s)
        .map(
          ([x, one, two]) => `switch ((unsigned int)(${x})) { case 0xffffffff: ${one} break; case 0 ... 3: ${two} case 256: acc += 3; }`,
        ),
      e.map((x) => `if (${x}) goto out;`),
      fc.array(s, { minLength: 2, maxLength: 4 }).map((list) => list.join('\n')),
    ),
    loop: fc
      .tuple(s, fc.constantFrom('', 'break;', 'continue;'), e, s)
      .map(([one, jump, x, two]) => `${one} ${jump && `if (${x}) ${jump}`} ${two}`),
  };
});

/** The text of a function `long name(long a, long b, long c)` that may use all of `commonC`. */
export const arbitraryFunction: fc.Arbitrary<(name: string) => string> = fc
  .tuple(
    fc.array(fc.constantFrom(...integers), { minLength: 5, maxLength: 5 }),
    fc.array(expression, { minLength: 5, maxLength: 5 }),
    fc.array(statement, { minLength: 1, maxLength: 7 }),
    fc.constantFrom(...integers),
  )
  .map(([types, starts, statements, element]) => (name) => {
    const locals = scalars.map((variable, at) => `\t${types[at] ?? 'int'} ${variable} = ${['a', 'b', 'c', 'a * b', 'b - c'][at] ?? 'a'};`);
    const begun = scalars.map((variable, at) => `\t${variable} = ${starts[at] ?? '0'};`);
    return [
      `long ${name}(long a, long b, long c)`,
      '{',
      '\tunsigned long acc = a;',
      '\tint i = 1;',
      `\t${element} array[4] = { a, b };`,
      '\tshort grid[4][3] = { { 1, 2 }, [2] = { 3 } };',
      '\tstruct outer o = { .tag = 1, .in = { b, c }, .list = { 1, 2, 3 }, .three = 5 };',
      '\tstruct outer *q = &o;',
      ...locals,
      `\tint *unused = o.list;`,
      '\t__typeof__(array[0]) *r = array;',
      '\tint *p = o.list;',
      '\treset();',
      '\to.next = &o; shared.next = &o;',
      ...begun,
      ...statements.map((text) => `\t${text.replaceAll('p = &array', 'r = &array')}`),
      'out:',
      ...scalars.map((variable) => `\tacc = acc * 31 + ${variable};`),
      '\tacc = acc * 31 + *p + *r + array[0] * 3 + array[3] + grid[2][1] + grid[1][1] + unused[1];',
      '\tfor (int j = 0; j < 4; j++) acc = acc * 31 + o.list[j] + o.u.bytes[j];',
      '\tacc += o.tag + o.in.s * 3 + o.in.c * 5 + o.in.l * 7 + o.three * 11 + o.five * 13 + o.flag * 17 + o.wide * 19 + o.x + o.y;',
      '\tshared.next = &shared;',
      '\treturn acc + total + shared.in.l + shared.five;',
      '}',
    ].join('\n');
  });
