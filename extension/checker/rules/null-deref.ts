// A pointer that is NULL (or an ERR_PTR) on this path is read through.
//
//   bad:  struct backing *fb = NULL;           good:  fb = backing_lookup(fc, id);
//         if (fb->bdev)                               if (!fb)
//                 goto out;                                   goto out;
//         fb = backing_lookup(fc, id);                if (fb->bdev)
//                                                             goto out_put;
import { ruleOf } from '../fault.js';

export const nullDeref = ruleOf(
  'null-deref',
  (fault) => (fault.kind === 'bad-dereference' ? { subject: fault.subject, what: fault.what, passedTo: fault.passedTo ?? '' } : null),
  ({ subject, what, passedTo }) => {
    const is = `${subject} is ${what === 'null' ? 'NULL' : 'an ERR_PTR'} on this path`;
    return passedTo === '' ? `${is} and is dereferenced` : `${is}, and ${passedTo}() dereferences it`;
  },
);
