// Error pointers.
import { errors, zero } from '../contract.js';
import { booleanType, intType, longType, voidPointer } from '../../program/types.js';
import { argument, neitherErrorNorNull, notErrors, one, outcome, returnsArgument, row } from '../rows.js';
import type { Topic } from '../topic.js';

const err = 'include/linux/err.h';

export const errorPointers: Topic = {
  contracts: [
    ...row(
      'IS_ERR IS_ERR_VALUE',
      [outcome('an error', one, [], [[argument(0), errors]]), outcome('no error', zero, [], [[argument(0), notErrors]])],
      err,
    ),
    ...row(
      'IS_ERR_OR_NULL',
      [
        outcome('an error', one, [], [[argument(0), errors]]),
        outcome('NULL', one, [], [[argument(0), zero]]),
        outcome('a pointer', zero, [], [[argument(0), neitherErrorNorNull]]),
      ],
      err,
    ),
    ...returnsArgument('PTR_ERR ERR_PTR ERR_CAST PTR_ERR_PCPU ERR_PTR_PCPU', err),
    ...row(
      'PTR_ERR_OR_ZERO',
      [outcome('an error', argument(0), [], [[argument(0), errors]]), outcome('no error', zero, [], [[argument(0), notErrors]])],
      err,
    ),
  ],
  returns: [
    [booleanType, 'IS_ERR IS_ERR_OR_NULL'],
    [intType, 'PTR_ERR_OR_ZERO'],
    [longType, 'PTR_ERR'],
    [voidPointer, 'ERR_PTR ERR_CAST'],
  ],
};
