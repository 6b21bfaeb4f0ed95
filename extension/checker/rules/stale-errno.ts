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
import type { Rule } from '../fault.js';
import { errnoName } from './words.js';

export const staleErrno: Rule = {
  id: 'stale-errno',
  claims(fault) {
    if (fault.kind === 'stale-return') {
      return `${fault.subject} is still ${errnoName(fault.note.value)} of an earlier check when ${fault.call}() has succeeded: success returns an error`;
    }
    if (fault.kind === 'missing-code') {
      const what = fault.returned === 0 ? '0 (success)' : errnoName(fault.returned);
      return `${fault.callee}() failed on this path, but the function returns ${what}`;
    }
    return null;
  },
};
