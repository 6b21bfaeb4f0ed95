// One reference is put twice on one path: directly, through a callee, or by falling through into an error ladder.
//
//   bad:  if (err) {                           good:  if (err)
//                 backing_put(fb);                            goto out_put;
//                 goto out_put;
//         }
//   out_put:                                   out_put:
//         backing_put(fb);                            backing_put(fb);
import { ruleOf } from '../violation.js';

export const doublePut = ruleOf(
  'double-put',
  (violation) =>
    violation.kind === 'over-release' && violation.previous !== null
      ? { callee: violation.callee, subject: violation.subject, before: violation.previous.callee }
      : null,
  ({ callee, subject, before }) => `${callee}(${subject}) puts a reference that ${before}() already put on this path`,
);
