// One reference is put twice on one path: directly, through a callee, or by falling through into an error ladder.
//
//   bad:  if (err) {                           good:  if (err)
//                 backing_put(fb);                            goto out_put;
//                 goto out_put;
//         }
//   out_put:                                   out_put:
//         backing_put(fb);                            backing_put(fb);
import type { Rule } from '../fault.js';

export const doublePut: Rule = {
  id: 'double-put',
  claims(fault) {
    if (fault.kind !== 'over-release' || fault.previous === null) return null;
    return `${fault.callee}(${fault.subject}) puts a reference that ${fault.previous.callee}() already put on this path`;
  },
};
