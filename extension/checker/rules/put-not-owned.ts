// A pointer that was only lent is put: the reference that goes belongs to the index, the inode or the caller.
//
//   bad:  fb = idr_find(&fc->map, id);         good:  fb = idr_remove(&fc->map, id);
//         backing_put(fb);                            backing_put(fb);
import { ruleOf } from '../violation.js';

export const putNotOwned = ruleOf(
  'put-not-owned',
  (violation) => {
    if (violation.kind !== 'over-release') return null;
    const { callee, subject } = violation;
    if (violation.uninitialised) return { case: 'never-assigned', callee, subject, lender: '' };
    return violation.borrowedFrom === null ? null : { case: 'borrowed', callee, subject, lender: violation.borrowedFrom };
  },
  ({ case: kind, callee, subject, lender }) =>
    kind === 'never-assigned'
      ? `${callee}(${subject}): ${subject} was never assigned on this path`
      : `${callee}(${subject}) puts a reference that this function does not own: ${lender}() only lends the pointer`,
);
