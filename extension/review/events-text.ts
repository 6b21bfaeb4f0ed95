// Calls that were seen in a kernel, as text.
import type { KernelEvent } from '../model/execution.js';
import { errnoText } from '../scenario/errno.js';
import { printable } from './terminal.js';

const address = /^0x[\da-f]{5,16}$/;

/** The last addresses are error numbers (include/linux/err.h, MAX_ERRNO). */
const mostErrno = 4095n;

/**
 * Short names for addresses: `fb#1` for the first that was seen in a field `fb`. An address keeps its name in all fields,
 * also when its memory is freed and used again.
 */
export class AddressNames {
  private readonly names = new Map<string, string>();
  private readonly counts = new Map<string, number>();

  /** `NULL` and `-ENOMEM` where that is what an address stands for; what is no address as it is. */
  nameOf(field: string, value: string): string {
    if (value === '0x0') return 'NULL';
    if (!address.test(value)) return value;
    const signed = BigInt.asIntN(64, BigInt(value));
    if (signed < 0n && signed >= -mostErrno) return errnoText(Number(signed));
    const known = this.names.get(value);
    if (known !== undefined) return known;
    const count = (this.counts.get(field) ?? 0) + 1;
    const name = `${field}#${count}`;
    this.counts.set(field, count);
    this.names.set(value, name);
    return name;
  }
}

/** `fuse_backing_get fb=fb#1 count=2`. */
export function eventText({ name, fields }: KernelEvent, names: AddressNames): string {
  return printable([name, ...Object.entries(fields).map(([field, value]) => `${field}=${names.nameOf(field, value)}`)].join(' '));
}
