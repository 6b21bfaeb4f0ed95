// printf's formats, as libc and the kernel agree on them.
import { expect, test } from 'vitest';
import { formatPrintf } from '../../extension/simulator/machine/printf.js';

const printed = (format: string, ...values: (number | bigint)[]): string =>
  formatPrintf(
    format,
    () => values.shift() ?? NaN,
    () => 'text',
    (address) => `at ${address}`,
  );

test.each([
  ['%X and %x', [0xabcdef, 0xabcdef], 'ABCDEF and abcdef'],
  ['%x %lx', [-1, -1], 'ffffffff ffffffffffffffff'],
  ['%u %lu', [-1, -1], '4294967295 18446744073709551615'],
  ['%d %hhd', [4294967295, 255], '-1 -1'],
  ['%08lx|%5d|%-5d|%05d', [0x1234, -42, -42, -42], '00001234|  -42|-42  |-0042'],
  ['%#x %#o %+d', [255, 8, 3], '0xff 010 +3'],
  ['%.3d %.2s %*d', [7, 1, 4, 9], '007 te    9'],
])('%s of %s', (format, values, expected) => {
  expect(printed(format, ...values)).toBe(expected);
});
