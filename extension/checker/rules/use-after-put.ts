// An object is read after this function gave up the reference that kept it alive.
//
//   bad:  backing_put(fb);                     good:  file = fb->file;
//         use(fb->file);                              use(file);
//                                                     backing_put(fb);
import { ruleOf } from '../violation.js';

export const useAfterPut = ruleOf(
  'use-after-put',
  (violation) => {
    if (violation.kind !== 'use-after-release') return null;
    const { callee, resource } = violation.release;
    return { returned: violation.returned, subject: violation.returned ? '' : violation.subject, callee, resource };
  },
  ({ returned, subject, callee, resource }) => {
    const after = `after ${callee}() has ${resource === 'memory' ? 'freed' : 'given up'} the reference that kept it alive`;
    return returned ? `returns a pointer ${after}` : `${subject} is dereferenced ${after}`;
  },
);
