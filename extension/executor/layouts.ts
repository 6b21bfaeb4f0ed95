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
 * rejects for what the tree lacks.
 */
export async function readLayouts(folder: string, subsystem: string, wanted: WantedLayouts, make: Make): Promise<Layouts> {
  if (wanted.fields.length === 0) return {};
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'Kbuild'), `obj-m := layouts.o\nccflags-y := -I${subsystem}\n`);
  const unknown = new Map<string, string>();
  for (;;) {
    const fields = wanted.fields.filter((field) => !unknown.has(field));
    if (fields.length === 0) break;
    writeFileSync(join(folder, 'layouts.c'), layoutsProgram({ headers: wanted.headers, fields }));
    const errors: string[] = [];
    const { code, tail, failure } = await make([`M=${folder}`, 'layouts.s'], (line) => errors.push(line));
    if (code === 0) {
      const known = parseLayouts(readFileSync(join(folder, 'layouts.s'), 'utf8'), fields);
      return { ...known, ...Object.fromEntries(unknown) };
    }
    const refused = refusedFields(errors, { headers: wanted.headers, fields });
    const why = failure?.message ?? errors.find((line) => line.includes('error')) ?? tail.at(-1) ?? 'make failed';
    // Nothing to leave out: then it is not for the fields.
    for (const [field, reason] of refused.size > 0 ? refused : fields.map((field) => [field, why] as const)) unknown.set(field, reason);
  }
  return Object.fromEntries(unknown);
}

/**
 * A line of its own for each field, after those of the headers: errors are told by their line, for which it has no macros.
 * Offset, size and index into `kinds` come as constants of the assembler (include/linux/kbuild.h does the same).
 */
export function layoutsProgram({ headers, fields }: WantedLayouts): string {
  return [...prologue(headers), ...fields.map(fieldLine), '}', ''].join('\n');
}

function prologue(headers: readonly string[]): readonly string[] {
  const included = headers.flatMap((header) => [`#if __has_include("${header}")`, `#include "${header}"`, '#endif']);
  return [...included, 'void layouts(void);', 'void layouts(void) {'];
}

const unsigned = ['_Bool', ...['char', 'short', 'int', 'long', 'long long'].map((type) => `unsigned ${type}`)];

function fieldLine(field: string, index: number): string {
  const [type = '', ...path] = field.split('.');
  const member = path.join('.');
  const value = `((${type} *)0)->${member}`;
  const isUnsigned = `_Generic(${value}, ${unsigned.map((each) => `${each}: 1`).join(', ')}, default: 0)`;
  // 5 is a pointer (gcc/typeclass.h).
  const kind = `__builtin_classify_type(${value}) == 5 ? 2 : ${isUnsigned}`;
  const numbers = [`__builtin_offsetof(${type}, ${member})`, `sizeof(${value})`, kind].map((number) => `"i"(${number})`);
  return `asm volatile("\\n.ascii \\"->${index} %c0 %c1 %c2\\"" : : ${numbers.join(', ')});`;
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
export function refusedFields(output: readonly string[], { headers, fields }: WantedLayouts): ReadonlyMap<string, string> {
  const first = prologue(headers).length + 1;
  const refused = new Map<string, string>();
  for (const line of output) {
    const [, at, why] = /layouts\.c:(\d+):\d+: error: (.*)$/.exec(line) ?? [];
    const field = at === undefined ? undefined : fields[Number(at) - first];
    if (field !== undefined && why !== undefined && !refused.has(field)) refused.set(field, why);
  }
  return refused;
}
