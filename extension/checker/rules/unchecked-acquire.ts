// The NULL or ERR_PTR of a call that can fail is dereferenced, or kept in an object that others will use.
//
//   bad:  fb->cred = prepare_creds();          good:  fb->cred = prepare_creds();
//         ...                                         if (!fb->cred)
//                                                             goto out_free;
import type { Rule } from '../fault.js';

export const uncheckedAcquire: Rule = {
  id: 'unchecked-acquire',
  claims(fault) {
    if (fault.kind === 'unchecked-store') {
      return `${fault.untested.callee}() can fail, its result is stored unchecked, and this function succeeds all the same`;
    }
    if (fault.kind === 'bad-dereference' && fault.untested !== null) {
      const what = fault.what === 'null' ? 'return NULL' : 'return an ERR_PTR';
      return `${fault.untested.callee}() can ${what}, and ${fault.subject} is used unchecked`;
    }
    return null;
  },
};
