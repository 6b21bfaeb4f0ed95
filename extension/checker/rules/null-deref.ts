// A pointer that is NULL (or an ERR_PTR) on this path is read through.
//
//   bad:  struct backing *fb = NULL;           good:  fb = backing_lookup(fc, id);
//         if (fb->bdev)                               if (!fb)
//                 goto out;                                   goto out;
//         fb = backing_lookup(fc, id);                if (fb->bdev)
//                                                             goto out_put;
import { ruleOf } from '../violation.js';

export const nullDeref = ruleOf(
  'null-deref',
  (violation) =>
    violation.kind === 'bad-dereference' ? { subject: violation.subject, what: violation.what, passedTo: violation.passedTo ?? '' } : null,
  ({ subject, what, passedTo }) => {
    const is = `${subject} is ${what === 'null' ? 'NULL' : 'an ERR_PTR'} on this path`;
    return passedTo === '' ? `${is} and is dereferenced` : `${is}, and ${passedTo}() dereferences it`;
  },
);
