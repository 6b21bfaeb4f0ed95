// A guard that can only go one way, because the variable it tests was given an error code before and never reset: the
// default that it stands for is dead code.
//
//   bad:  err = -ENOENT;                       good:  err = helper();
//         ...                                         if (!err)
//         if (!err)                                           err = -EBUSY;
//                 err = -EBUSY;
import { ruleOf } from '../violation.js';

export const deadDefault = ruleOf(
  'dead-default',
  (violation) => {
    if (violation.kind !== 'decided') return null;
    const { subject, condition, always, constant, reasons } = violation;
    return { subject, condition, always, constant, one: reasons.length === 1 };
  },
  ({ subject, condition, always, constant, one }) => {
    const answer = `'${condition}' is always ${always ? 'true' : 'false'}`;
    if (!constant) return `${answer}: ${subject} holds an error code on every path that comes here`;
    const which = one ? 'the error code of an earlier check' : 'an error code of an earlier check on every path';
    return `${answer}: ${subject} still holds ${which}`;
  },
);
