// A pointer that was only lent is put: the reference that goes belongs to the index, the inode or the caller.
//
//   bad:  fb = idr_find(&fc->map, id);         good:  fb = idr_remove(&fc->map, id);
//         backing_put(fb);                            backing_put(fb);
import type { Rule } from '../fault.js';

export const putNotOwned: Rule = {
  id: 'put-not-owned',
  claims(fault) {
    if (fault.kind !== 'over-release') return null;
    if (fault.uninitialised) return `${fault.callee}(${fault.subject}): ${fault.subject} was never assigned on this path`;
    if (fault.borrowedFrom === null) return null;
    return `${fault.callee}(${fault.subject}) puts a reference that this function does not own: ${fault.borrowedFrom}() only lends the pointer`;
  },
};
