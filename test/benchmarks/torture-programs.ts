// gcc's torture tests as programs, and what their ends come to.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ended, Ran } from './c-programs.js';
import { withPrototypes } from './old-style.js';

export interface TortureResult {
  readonly name: string;
  /** `said`: the simulator refused, or told what it had assumed. */
  readonly verdict: 'right' | 'said' | 'wrong' | 'hangs';
  /** What was said, or what differed; empty for what is right. */
  readonly what: string;
  /** The kind of what was said; empty for the others. */
  readonly cause: string;
  /** The kind of what is not understood when it is read, as the checker reads it; empty where all is. */
  readonly unread: string;
}

/** A test's text with the tests that it includes in their places; headers of libc are the bench's. */
export function sourceOf(folder: string, name: string): string {
  const text = readFileSync(join(folder, `${name}.c`), 'utf8');
  const whole = text.replace(/^#\s*include\s+"([\w.-]+)\.c"/gm, (line, other: string) => (other === name ? line : sourceOf(folder, other)));
  return withPrototypes(whole);
}

/** The option with which a test is to be compiled and without which it means something else; undefined for most. */
export function optionNeeded(text: string): string | undefined {
  return /\{\s*dg-(?:additional-)?options\s+"[^"]*(-finstrument-functions)\b/.exec(text)?.[1];
}

/** Tests that depend on a value which was never set, whatever it is: that this is an error is right (C11 6.2.4, KMSAN). */
const readsUnset = new Set(['20030404-1', '20090527-1', '921202-1', '941014-2', 'pr34099-2', 'pr43629']);

/** Each test's main() returns 0 or calls exit(0) where all is right. */
export function resultOf(name: string, { ended, unread }: Ran): TortureResult {
  const meant = ended.kind === 'stopped' && ended.what.startsWith('uninitialised: ') && readsUnset.has(name);
  const verdict = meant ? { verdict: 'said' as const, what: ended.what, cause: 'a value that was never set' } : verdictOf(ended);
  return { name, ...verdict, unread: unread.length === 0 ? '' : causeOf(unread) };
}

function verdictOf(ended: Ended): Pick<TortureResult, 'verdict' | 'what' | 'cause'> {
  switch (ended.kind) {
    case 'exited':
      return ended.status === 0
        ? { verdict: 'right', what: '', cause: '' }
        : { verdict: 'wrong', what: `main() returns ${ended.status}`, cause: '' };
    case 'stopped':
      return { verdict: 'wrong', what: ended.what, cause: '' };
    case 'said': {
      const [first = ''] = ended.reasons;
      return { verdict: 'said', what: first, cause: causeOf(ended.reasons) };
    }
    case 'hangs':
      return { verdict: 'hangs', what: '', cause: '' };
  }
}

const causes: readonly (readonly [RegExp, string])[] = [
  [
    /floating point|(assumed construct|not understood:) (\d+\.\d*|\.\d+|0x[\da-f.]+p|\d+e[-+]?\d)|cannot parse: (long )?(float|double)\b/i,
    'floating point',
  ],
  [/vector/i, 'vectors'],
  [/complex/i, 'complex numbers'],
  [/computed goto|address of (a|the) label|&&/i, 'computed goto'],
  [/variable[- ]length|length is not constant/i, 'arrays of variable length'],
  [/128[- ]bit|__int128/i, '128-bit integers'],
  [/nested function|function inside|cannot parse: (\w+ )*\w+ ?\*?\w+ ?\([\w ,*.]*\)( {)?$/i, 'nested functions'],
  [/inline assembly|\basm\b/, 'inline assembly'],
  [/va_(list|arg|start|copy)/, 'variable arguments'],
  [/alloca/, 'alloca()'],
  [/setjmp|longjmp|jmp_buf/, 'setjmp()'],
  [/nested calls/, 'calls nested too deeply'],
  [/does not parse/, 'does not parse'],
  [/does not expand to/, 'macros that stand for less than an expression or a statement'],
  [/cannot parse|expected/, 'statements that do not parse'],
  [/this is not understood/, 'an expression that is not understood'],
  [/assumed callee/, 'a callee that nothing defines'],
  [/assumed construct/, 'a construct that is not understood'],
  [/assumed type/, 'a type that is not known'],
  [/assumed constant/, 'a constant that is not known'],
];

/** The kind of the first reason that has one. */
export function causeOf(reasons: readonly string[]): string {
  for (const [pattern, cause] of causes) if (reasons.some((each) => pattern.test(each))) return cause;
  return 'other';
}

const foreign = [
  /\b(float|double)\b|\b\d+\.\d*\b|\bf?abs[fl]?\b/,
  /__complex__|_Complex|\b_Decimal/,
  /vector_size|\bvector\b/,
  /&&\s*\w+\s*[,;}\]]|goto\s*\*/,
  /\b(__builtin_)?(setjmp|longjmp|alloca|apply|apply_args|return|signal|fork|mmap|sysconf|f(open|printf|write|puts)|v?f?printf|strtol|rand|qsort|time|puts)\s*\(/,
  /__builtin_(setjmp|longjmp|alloca|apply|apply_args|dwarf|eh_return|nonlocal)/,
  /\b__label__\b|\bstdio\b|\bsignal\.h\b/,
];
const foreignCauses = /never set|floating point|vectors|complex|computed goto|variable length|nested functions/;

/** Whether a test that was said for that cause is C that a kernel could contain: none of what the kernel is never built from. */
export function kernelC(text: string, cause: string): boolean {
  return !foreignCauses.test(cause) && !foreign.some((pattern) => pattern.test(text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, ' ')));
}
