// Short names for the addresses that calls in a kernel were seen with.
import type { KernelEvent } from './execution.js';

const address = /^0x[\da-f]+$/;

/** In the first page nothing lies: such values are numbers. */
const firstPage = 4096n;

/** The last addresses are error numbers (include/linux/err.h, MAX_ERRNO). */
const mostErrno = 4095n;

/**
 * What is shown for the values of these events, in their order: `fb#1` for the first address that was seen in a field `fb`, `NULL`,
 * what `errorText` says for a negative error number in place of an address, and all else as it is. An address keeps its name in all
 * fields, also when its memory is freed and used again.
 */
export function addressNames(events: readonly KernelEvent[], errorText: (error: number) => string): (value: string) => string {
  const names = new Map([['0x0', 'NULL']]);
  const counts = new Map<string, number>();
  for (const [field, value] of events.flatMap(({ fields }) => Object.entries(fields))) {
    if (names.has(value) || !address.test(value) || BigInt(value) < firstPage) continue;
    const signed = BigInt.asIntN(64, BigInt(value));
    if (signed < 0n && signed >= -mostErrno) {
      names.set(value, errorText(Number(signed)));
      continue;
    }
    const count = (counts.get(field) ?? 0) + 1;
    counts.set(field, count);
    names.set(value, `${field}#${count}`);
  }
  return (value) => names.get(value) ?? value;
}
