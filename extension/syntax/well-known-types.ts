// Typedef names whose meaning is the same in every kernel tree on x86-64 (LP64), so that nobody has to look them up.
import type { CType } from './ast.js';
import { predefinedTypes } from './predefined.js';

type Bits = 8 | 16 | 32 | 64 | 128;

function integer(bits: Bits, signed: boolean): CType & { readonly kind: 'integer' } {
  return { kind: 'integer', bits, signed };
}

function longLong(signed: boolean): CType {
  return { ...integer(64, signed), own: 'long long' };
}

const unsigned: Readonly<Record<number, readonly string[]>> = {
  8: ['u8', '__u8', 'uint8_t', 'u_int8_t', 'unchar', 'u_char', 'blk_status_t', 'blk_opf8_t'],
  16: ['u16', '__u16', 'uint16_t', 'u_int16_t', 'ushort', 'u_short', '__le16', '__be16', '__sum16', 'umode_t', '__kernel_umode_t'],
  32: [
    'u32',
    '__u32',
    'uint32_t',
    'u_int32_t',
    'uint',
    'u_int',
    '__le32',
    '__be32',
    '__wsum',
    'gfp_t',
    'fmode_t',
    'dev_t',
    '__kernel_dev_t',
    'nlink_t',
    'uid_t',
    'gid_t',
    '__kernel_uid32_t',
    '__kernel_gid32_t',
    '__poll_t',
    'vm_fault_t',
    'errseq_t',
    'blk_opf_t',
    'slab_flags_t',
    'isolate_mode_t',
    'projid_t',
    'char32_t',
    'depot_stack_handle_t',
  ],
  64: [
    'ulong',
    'u_long',
    'size_t',
    '__kernel_size_t',
    'uintptr_t',
    '__kernel_ulong_t',
    'ino_t',
    '__kernel_ino_t',
    'pgoff_t',
    'vm_flags_t',
    'pteval_t',
    'irq_hw_number_t',
  ],
  128: ['u128', '__u128'],
};

const signed: Readonly<Record<number, readonly string[]>> = {
  8: ['s8', '__s8', 'int8_t'],
  16: ['s16', '__s16', 'int16_t'],
  32: ['s32', '__s32', 'int32_t', 'pid_t', '__kernel_pid_t', 'clockid_t', 'timer_t', 'rwf_t', '__kernel_rwf_t', 'key_serial_t', 'wchar_t'],
  64: ['ssize_t', '__kernel_ssize_t', 'off_t', '__kernel_off_t', 'ptrdiff_t', 'intptr_t', 'clock_t', '__kernel_long_t'],
  128: ['s128', '__s128', '__int128', '__int128_t'],
};

/** In the kernel these are `long long` on every machine (include/asm-generic/int-ll64.h). */
const unsignedLongLong = [
  'u64',
  '__u64',
  'uint64_t',
  'u_int64_t',
  '__le64',
  '__be64',
  'sector_t',
  'blkcnt_t',
  'dma_addr_t',
  'phys_addr_t',
  'resource_size_t',
];
const signedLongLong = ['s64', '__s64', 'int64_t', 'loff_t', '__kernel_loff_t', 'ktime_t', 'time64_t', '__kernel_time64_t'];

const table = new Map<string, CType>([
  ['void', { kind: 'void' }],
  ['bool', { kind: 'boolean' }],
  ['_Bool', { kind: 'boolean' }],
  // The kernel is built with -funsigned-char since 6.2.
  ['char', { ...integer(8, false), own: 'char' }],
  ['int', integer(32, true)],
  ['float', { kind: 'float', bits: 32 }],
  ['double', { kind: 'float', bits: 64 }],
]);
const nowhere = { start: 0, end: 0 };
/** A va_list is an array of one record of 24 bytes (System V ABI, x86-64, 3.5.7), which nobody looks into by name. */
const argumentList: CType = {
  kind: 'array',
  of: integer(64, false),
  length: { kind: 'number', value: 3n, unsigned: false, long: false, text: '3', span: nowhere },
};
for (const name of ['va_list', '__builtin_va_list', '__gnuc_va_list']) table.set(name, argumentList);
for (const bits of [8, 16, 32, 64, 128] as const) {
  for (const name of unsigned[bits] ?? []) table.set(name, integer(bits, false));
  for (const name of signed[bits] ?? []) table.set(name, integer(bits, true));
}
for (const name of unsignedLongLong) table.set(name, longLong(false));
for (const name of signedLongLong) table.set(name, longLong(true));

for (const [name, words] of predefinedTypes) table.set(name, sizedType(words.split(' ')));

/** The type that a name stands for in every tree, or undefined. */
export function wellKnownType(name: string): CType | undefined {
  return table.get(name);
}

/** The type that words such as `unsigned long long int` make together, in any order. */
export function sizedType(words: readonly string[]): CType {
  const count = (word: string): number => words.filter((w) => w === word).length;
  const long = count('long');
  const isSigned = !words.includes('unsigned');
  if (words.includes('double')) return { kind: 'float', bits: long > 0 ? 128 : 64 };
  if (words.includes('signed') && words.includes('char')) return integer(8, true);
  if (words.includes('char')) return words.includes('unsigned') ? integer(8, false) : { ...integer(8, false), own: 'char' };
  if (words.includes('__int128')) return integer(128, isSigned);
  if (words.includes('short')) return integer(16, isSigned);
  if (long > 1) return longLong(isSigned);
  return integer(long > 0 ? 64 : 32, isSigned);
}
