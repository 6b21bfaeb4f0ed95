// The NULL or ERR_PTR of a call that can fail is dereferenced, or kept in an object that others will use.
//
//   bad:  fb->cred = prepare_creds();          good:  fb->cred = prepare_creds();
//         ...                                         if (!fb->cred)
//                                                             goto out_free;
import { ruleOf } from '../violation.js';

export const uncheckedAcquire = ruleOf(
  'unchecked-acquire',
  (violation) => {
    if (violation.kind === 'unchecked-store') return { case: 'stored', callee: violation.untested.callee, subject: '' };
    if (violation.kind !== 'bad-dereference' || violation.untested === null) return null;
    return { case: violation.what, callee: violation.untested.callee, subject: violation.subject };
  },
  ({ case: kind, callee, subject }) =>
    kind === 'stored'
      ? `${callee}() can fail, its result is stored unchecked, and this function succeeds all the same`
      : `${callee}() can return ${kind === 'null' ? 'NULL' : 'an ERR_PTR'}, and ${subject} is used unchecked`,
);
