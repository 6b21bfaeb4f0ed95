// Error numbers in pointers (include/linux/err.h).
import type { IntrinsicTable } from './machine.js';
import { converted, each, given, isError, isTrue, joined } from './values.js';

/** IS_ERR() and its like. */
export const errorPointers: IntrinsicTable = joined(
  each('IS_ERR IS_ERR_VALUE IS_ERR_PCPU', () => (_m, call) => (isError(converted(given(call, 0), 64, true)) ? 1 : 0)),
  each('IS_ERR_OR_NULL', () => (_m, call) => (isError(given(call, 0)) || !isTrue(given(call, 0)) ? 1 : 0)),
  each('PTR_ERR ERR_PTR ERR_CAST PTR_ERR_PCPU ERR_PTR_PCPU', () => (_m, call) => converted(given(call, 0), 64, true)),
  each('PTR_ERR_OR_ZERO', () => (_m, call) => (isError(given(call, 0)) ? converted(given(call, 0), 32, true) : 0)),
);
