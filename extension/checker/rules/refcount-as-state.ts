// refcount_read() decides what happens next. The count may change between the read and the decision, and it says nothing
// about who holds the references.
//
//   bad:  if (refcount_read(&fb->count) > 1)   good:  fb = backing_id_remove(fc, id);
//                 return -EBUSY;                      if (!fb)
//                                                             return -ENOENT;
//                                                     backing_put(fb);
import { ruleOf } from '../violation.js';

export const refcountAsState = ruleOf(
  'refcount-as-state',
  (violation) => (violation.kind === 'count-decides' ? { callee: violation.callee } : null),
  ({ callee }) =>
    `${callee}() decides what happens next, but the count is not a state: it may change at once and does not say who holds the references`,
);
