// The code that is returned is left over from another check: success returns an error, or a failure returns 0 or the
// code of something that did not fail.
//
//   bad:  err = -EBUSY;                        good:  fb = backing_id_remove(fc, id);
//         if (busy)                                   if (!fb) {
//                 goto out;                                   err = -ENOENT;
//         fb = backing_id_remove(fc, id);                     goto out;
//         if (!fb)                                    }
//                 err = -ENOENT;                      err = 0;
//         return err;                                 return err;
import { ruleOf } from '../violation.js';
import { errnoName } from './display-names.js';

export const staleErrno = ruleOf(
  'stale-errno',
  (violation) => {
    if (violation.kind === 'stale-return')
      return { case: 'stale', subject: violation.subject, value: violation.note.value, call: violation.call };
    if (violation.kind === 'missing-code') return { case: 'missing', subject: '', value: violation.returned, call: violation.callee };
    return null;
  },
  ({ case: kind, subject, value, call }) =>
    kind === 'stale'
      ? `${subject} is still ${errnoName(value)} of an earlier check when ${call}() has succeeded: success returns an error`
      : `${call}() failed on this path, but the function returns ${value === 0 ? '0 (success)' : errnoName(value)}`,
);
