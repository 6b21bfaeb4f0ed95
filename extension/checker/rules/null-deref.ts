// A pointer that is NULL (or an ERR_PTR) on this path is read through.
//
//   bad:  struct backing *fb = NULL;           good:  fb = backing_lookup(fc, id);
//         if (fb->bdev)                               if (!fb)
//                 goto out;                                   goto out;
//         fb = backing_lookup(fc, id);                if (fb->bdev)
//                                                             goto out_put;
import type { Rule } from '../fault.js';

export const nullDeref: Rule = {
  id: 'null-deref',
  claims(fault) {
    if (fault.kind !== 'bad-dereference') return null;
    const what = fault.what === 'null' ? 'NULL' : 'an ERR_PTR';
    if (fault.passedTo !== null) return `${fault.subject} is ${what} on this path, and ${fault.passedTo}() dereferences it`;
    return `${fault.subject} is ${what} on this path and is dereferenced`;
  },
};
