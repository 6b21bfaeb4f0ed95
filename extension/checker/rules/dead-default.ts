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
    const answer = `'${fault.condition}' is always ${fault.always ? 'true' : 'false'}`;
    if (!fault.constant) return `${answer}: ${fault.subject} holds an error code on every path that comes here`;
    const which = fault.reasons.length === 1 ? 'the error code of an earlier check' : 'an error code of an earlier check on every path';
    return `${answer}: ${fault.subject} still holds ${which}`;
  },
};
