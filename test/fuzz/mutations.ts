// Texts that were right once: what an editor, a mailer or somebody hostile may have done to them.
import fc from 'fast-check';

/** Bits that mean something in C, patches, mails, YAML and logs. */
const bits = [
  ...[
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    ';',
    ',',
    '->',
    '...',
    '#',
    '##',
    '*',
    '&',
    '?',
    ':',
    '=',
    '\\',
    '"',
    "'",
    '/*',
    '*/',
    '//',
    '\0',
    '\r',
    '\t',
  ],
  ...[
    '\n',
    '\n\n',
    '\n}\n',
    '\n{\n',
    '#if ',
    '#endif\n',
    '#else\n',
    '#define X(a) ',
    'struct s',
    'union { ',
    'enum e',
    'typedef ',
    'static ',
    'int f(a) int a; ',
  ],
  ...[
    'if (',
    'else ',
    'for (;;) ',
    'while (',
    'switch (',
    'case 1: ',
    'default: ',
    'goto out;',
    'out:',
    'return ',
    'sizeof ',
    'typeof(',
    '({ ',
    ' })',
  ],
  ...[
    'guard(mutex)(&m);',
    'scoped_guard(mutex, &m) ',
    '__free(kfree) ',
    '__releases(x) ',
    'list_for_each_entry(p, &l, n) ',
    'asm("" : : )',
    'BIT(99)',
  ],
  ...['0', '-1', '4000000000000', '99999999999999999999999999', '0x', "'\\xff'", '1e999', '\u00e9', '\u202e', '\ufffd', '\u{1f600}'],
  ...[
    '@@ -1,3 +1,4 @@\n',
    '@@ -0,0 +1 @@\n',
    '--- a/fs/fuse/backing.c\n',
    '+++ b/fs/fuse/backing.c\n',
    '--- /dev/null\n',
    'diff --git a/x b/x\n',
    '-- \n2.40\n',
  ],
  ...[
    'From x Thu Jan  1 00:00:00 1970\n',
    'Content-Type: multipart/mixed; boundary="b"\n',
    '--b\n',
    'Content-Transfer-Encoding: base64\n',
    'Subject: [PATCH 1/2]\n',
  ],
  ...[
    '- ',
    '&a ',
    '*a',
    '<<: ',
    '!!',
    '| ',
    '{a: ',
    'steps:\n',
    'BUG: KASAN: ',
    '[   12.3] ',
    'Call Trace:\n',
    ' f+0x1/0x2',
    'fuse-review: run 1 0\n',
  ],
];

interface Mutation {
  readonly kind: 'delete' | 'insert' | 'repeat' | 'double' | 'move' | 'swap' | 'flip' | 'cut' | 'nest';
  /** Places and sizes as parts of the text, 0 to 1. */
  readonly at: number;
  readonly to: number;
  readonly size: number;
  readonly bit: string;
  readonly times: number;
}

const part = fc.double({ min: 0, max: 1, noNaN: true, noDefaultInfinity: true });

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom<Mutation['kind']>(
    'delete',
    'delete',
    'insert',
    'insert',
    'insert',
    'repeat',
    'double',
    'move',
    'swap',
    'flip',
    'cut',
    'nest',
  ),
  at: part,
  to: part,
  // Most are small.
  size: part.map((each) => each ** 4),
  bit: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...bits) }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) }),
  times: fc.oneof(
    { weight: 30, arbitrary: fc.integer({ min: 2, max: 30 }) },
    { weight: 1, arbitrary: fc.integer({ min: 300, max: 3000 }) },
  ),
});

/** One of the texts, changed in up to eight places. */
export function mutated(texts: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...texts), fc.array(mutation, { maxLength: 8 }))
    .map(([text, mutations]) => mutations.reduce(apply, text).slice(0, longest));
}

const longest = 200_000;

function apply(text: string, { kind, at, to, size, bit, times }: Mutation): string {
  const from = Math.floor(at * text.length);
  const end = Math.min(text.length, from + 1 + Math.floor(size * text.length));
  const [before, inner, after] = [text.slice(0, from), text.slice(from, end), text.slice(end)];
  switch (kind) {
    case 'delete':
      return before + after;
    case 'insert':
      return before + bit + inner + after;
    case 'repeat':
      return before + bit.repeat(times) + inner + after;
    case 'double':
      return before + inner + inner + after;
    case 'move': {
      const rest = before + after;
      const place = Math.floor(to * rest.length);
      return rest.slice(0, place) + inner + rest.slice(place);
    }
    case 'swap': {
      const lines = text.split('\n');
      const [a, b] = [Math.floor(at * (lines.length - 1)), Math.floor(to * (lines.length - 1))];
      [lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? ''];
      return lines.join('\n');
    }
    case 'flip':
      return before + String.fromCharCode((text.charCodeAt(from) || 32) ^ (1 << Math.floor(to * 8))) + text.slice(from + 1);
    case 'cut':
      return size > 0.5 ? before : text.slice(from);
    case 'nest': {
      const [open, close] = nests[Math.floor(to * nests.length)] ?? ['(', ')'];
      return before + open.repeat(times) + inner + close.repeat(times) + after;
    }
  }
}

const nests: readonly (readonly [string, string])[] = [
  ['(', ')'],
  ['{', '}'],
  ['[', ']'],
  ['if (a) {\n', '}\n'],
  ['({ ', '; })'],
  ['min(a, ', ')'],
  ['#if 1\n', '\n#endif\n'],
  ['struct { ', ' } x;'],
  ['{ a: ', ' }'],
];
