// A guard that can only go one way, because the variable it tests was given an error code before and never reset: the
// default that it stands for is dead code.
//
//   bad:  err = -ENOENT;                       good:  err = helper();
//         ...                                         if (!err)
//         if (!err)                                           err = -EBUSY;
//                 err = -EBUSY;
import type { Rule } from '../fault.js';

export const deadDefault: Rule = {
  id: 'dead-default',
  claims(fault) {
    if (fault.kind !== 'decided') return null;
    const values = fault.reasons.length;
    return (
      `'${fault.condition}' is always ${fault.always ? 'true' : 'false'}: ${fault.subject} still holds ` +
      (values === 1 ? 'the error code of an earlier check' : 'an error code of an earlier check on every path')
    );
  },
};
