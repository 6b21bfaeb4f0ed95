// Where members of structures lie, asked of the compiler with the tree's own headers and configuration.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Probes } from '../model/probes.js';
import type { RunResult } from './processes.js';

export interface FieldLayout {
  /** Bytes from the beginning of the structure. */
  readonly offset: number;
  readonly size: 1 | 2 | 4 | 8;
  readonly kind: 'signed' | 'unsigned' | 'address';
}

/** By `struct fuse_backing.count`: where it lies, or why that isn't known. */
export type Layouts = Readonly<Record<string, FieldLayout | string>>;

/** What is asked of the compiler. */
export interface WantedLayouts {
  /** Below the subsystem's folder. */
  readonly headers: readonly string[];
  /** Keys of `Layouts`. */
  readonly fields: readonly string[];
}

/** Runs make in the build with these goals. */
type Make = (goals: readonly string[], onLine: (line: string) => void) => Promise<RunResult>;

const kinds = ['signed', 'unsigned', 'address'] as const;

/** What the probes read through addresses. */
export function wantedLayouts({ headers, functions }: Probes): WantedLayouts {
  const values = functions.flatMap((each) => [...each.arguments, ...(each.result === null ? [] : [each.result])]);
  return { headers, fields: [...new Set(values.flatMap(({ type, fields }) => fields.map((field) => `${type}.${field}`)))] };
}

/**
 * Compiles a file that holds the layouts as text, in `folder` of the build, with the headers of `subsystem` (absolute). Never
 * rejects for what the tree lacks. As the kernel's own asm-offsets does it (include/linux/kbuild.h).
 */
export async function readLayouts(folder: string, subsystem: string, wanted: WantedLayouts, make: Make): Promise<Layouts> {
  if (wanted.fields.length === 0) return {};
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'Kbuild'), `obj-m := layouts.o\nccflags-y := -I${subsystem}\n`);
  const unknown = new Map<string, string>();
  for (;;) {
    const fields = wanted.fields.filter((field) => !unknown.has(field));
    if (fields.length === 0) break;
    writeFileSync(join(folder, 'layouts.c'), layoutsProgram(wanted.headers, fields));
    const errors: string[] = [];
    const { code, tail, failure } = await make([`M=${folder}`, 'layouts.s'], (line) => errors.push(line));
    if (code === 0) {
      const known = parseLayouts(readFileSync(join(folder, 'layouts.s'), 'utf8'), fields);
      return { ...known, ...Object.fromEntries(unknown) };
    }
    const refused = refusedFields(errors, wanted.headers, fields);
    const why = failure?.message ?? errors.find((line) => line.includes('error')) ?? tail.at(-1) ?? 'make failed';
    // Nothing to leave out: then it is not for the fields.
    for (const [field, reason] of refused.size > 0 ? refused : fields.map((field) => [field, why] as const)) unknown.set(field, reason);
  }
  return Object.fromEntries(unknown);
}

/** A line for each header, then those of the program, then one for each field: errors are told by their line. */
export function layoutsProgram(headers: readonly string[], fields: readonly string[]): string {
  return [...prologue(headers), ...fields.map((field, index) => `FIELD(${index}, ${member(field)})`), '}', ''].join('\n');
}

function prologue(headers: readonly string[]): readonly string[] {
  const unsigned = ['_Bool', ...['char', 'short', 'int', 'long', 'long long'].map((type) => `unsigned ${type}`)];
  return [
    '#include <linux/stddef.h>',
    ...headers.flatMap((header) => [`#if __has_include("${header}")`, `#include "${header}"`, '#endif']),
    `#define UNSIGNED(value) _Generic((value), ${unsigned.map((type) => `${type}: 1`).join(', ')}, default: 0)`,
    '#define KIND(value) (__builtin_classify_type(value) == 5 ? 2 : UNSIGNED(value))',
    '#define FIELD(index, type, member) asm volatile("\\n.ascii \\"->" #index " %c0 %c1 %c2\\"" \\',
    '  :: "i"(offsetof(type, member)), "i"(sizeof(((type *)0)->member)), "i"(KIND(((type *)0)->member)));',
    'void layouts(void);',
    'void layouts(void) {',
  ];
}

/** `struct fuse_backing.count` as `struct fuse_backing, count`. */
function member(field: string): string {
  return field.replace('.', ', ');
}

/** The layouts of an assembler file that came of `layoutsProgram` with those fields. */
export function parseLayouts(assembler: string, fields: readonly string[]): Layouts {
  const found: Record<string, FieldLayout | string> = {};
  for (const [, ...numbers] of assembler.matchAll(/\.ascii "->(\d+) (\d+) (\d+) (\d+)"/g)) {
    const [index = 0, offset = 0, size = 0, kind = 0] = numbers.map(Number);
    const field = fields[index];
    if (field === undefined) continue;
    if (size === 1 || size === 2 || size === 4 || size === 8) found[field] = { offset, size, kind: kinds[kind] ?? 'signed' };
    else found[field] = `has ${size} bytes, which is no number`;
  }
  return found;
}

/** Fields whose lines the compiler complained of, with its first words. */
export function refusedFields(
  output: readonly string[],
  headers: readonly string[],
  fields: readonly string[],
): ReadonlyMap<string, string> {
  const first = prologue(headers).length + 1;
  const refused = new Map<string, string>();
  for (const line of output) {
    const [, at, why] = /layouts\.c:(\d+):\d+: error: (.*)$/.exec(line) ?? [];
    const field = at === undefined ? undefined : fields[Number(at) - first];
    if (field !== undefined && why !== undefined && !refused.has(field)) refused.set(field, why);
  }
  return refused;
}
